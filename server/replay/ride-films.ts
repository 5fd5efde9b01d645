import { TICK_HZ } from '#protocol/limits'
import type { Activity } from '../activity/model.ts'
import { unpackRide } from '../activity/ride-text.ts'
import type { PeopleStore } from '../store/people.ts'
import type { FilmSource, SourceOf } from './replays.ts'

/** A ride has ended a moment before it was noticed. */
const AFTER_TICKS = 2 * TICK_HZ
/** Films that are being looked at; whose they are is asked each time. */
const KNOWN_MAX = 64

/** The film of a ride is its rider's, and everybody's where it is shared: under the ride's own id. [U101] */
export function filmsOfRides(people: Pick<PeopleStore, 'ride' | 'rideBytes' | 'owns'>): SourceOf {
  const known = new Map<string, FilmSource | undefined>()
  return async (id, asker) => {
    const ride = await people.ride(id)
    if (ride === undefined || !(ride.isPublic || (await people.owns(await asker(), id)))) return undefined
    if (known.has(id)) return known.get(id)
    const bytes = await people.rideBytes(id)
    const source = bytes === undefined ? undefined : filmOf(unpackRide(bytes))
    known.set(id, source)
    if (known.size > KNOWN_MAX) known.delete(known.keys().next().value!)
    return source
  }
}

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
