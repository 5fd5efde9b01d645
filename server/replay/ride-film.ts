import { TICK_HZ } from '#protocol/limits'
import type { Activity } from '../activity/model.ts'
import type { FilmSource } from './replays.ts'

/** A ride has ended a moment before it was noticed. */
const AFTER_TICKS = 2 * TICK_HZ
/** A ride that went over several journals (the server was started again): the longest part of it. */
export function filmOf({ head, rows, marks }: Activity): FilmSource | undefined {
  const endS = rows.at(-1)?.atS ?? 0
  const stays = marks.filter((mark) => mark.kind === 'stay')
  const parts = stays.map((stay, i) => ({ ...stay, lengthS: (stays[i + 1]?.atS ?? endS) - stay.atS }))
  const part = parts.toSorted((a, b) => b.lengthS - a.lengthS)[0]
  if (part === undefined || part.lengthS <= 0) return undefined
  const { mapId, mapHash, mapName, eventTitle } = head
  const { journal, riderId, fromTick, lengthS } = part
  const toTick = fromTick + lengthS * TICK_HZ + AFTER_TICKS
  return { journal, cut: { title: eventTitle || mapName, mapId, mapHash, riderId, fromTick, toTick } }
}
