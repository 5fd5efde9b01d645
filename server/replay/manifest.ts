import { PROTOCOL_VERSION } from '#protocol/limits'
import { REEL_CHUNK_TICKS } from '#protocol/reel'
import type { SkySpell } from '#physics/sky'
import type { WeatherSpell } from '#physics/weather'
import type { JournalIndex, JournalMark } from './journal-index.ts'
import type { FilmedRider, SlowFacts } from './slow-facts.ts'

/** GET /api/replays/:id: everything of a film but its chunks. docs/replay.md */
export interface ReelManifest {
  readonly format: 'gruppetto-reel'
  readonly version: 1
  readonly protocol: number
  readonly title: string
  readonly mapId: string
  readonly mapHash: string
  /** The film, ticks; `toTick` is the one behind the last. */
  readonly fromTick: number
  readonly toTick: number
  readonly chunkTicks: number
  /** The gun; 0: none. The clock of the film counts from it, else from `fromTick`. */
  readonly startTick: number
  /** Whom to look at first; 0: whoever is there. */
  readonly riderId: number
  readonly riders: readonly FilmedRider[]
  readonly weather: readonly WeatherSpell[]
  readonly sky: readonly SkySpell[]
  readonly marks: readonly JournalMark[]
}

export interface FilmCut {
  readonly title: string
  readonly mapId: string
  readonly mapHash: string
  readonly startTick?: number
  readonly riderId?: number
  /** Absent: all there is. */
  readonly fromTick?: number
  readonly toTick?: number
}

/** A film of a journal, or of a part of it. Answers a sentence where there is nothing to see. */
export function manifestOf(index: JournalIndex, facts: SlowFacts, cut: FilmCut): ReelManifest | string {
  const fromTick = Math.max(0, cut.fromTick ?? 0)
  const toTick = Math.min(index.lastTick, cut.toTick ?? Infinity)
  if (toTick - fromTick < 1) return 'nothing of it was written down'
  const during = (from: number, to: number | null): boolean => from < toTick && (to ?? Infinity) > fromTick
  return {
    ...{ format: 'gruppetto-reel', version: 1, protocol: PROTOCOL_VERSION },
    ...{ title: cut.title, mapId: cut.mapId, mapHash: cut.mapHash },
    ...{ fromTick, toTick, chunkTicks: REEL_CHUNK_TICKS },
    ...{ startTick: cut.startTick ?? 0, riderId: cut.riderId ?? 0 },
    riders: facts.riders.filter((rider) => during(rider.fromTick, rider.toTick)),
    weather: facts.weather.filter(({ fromTick: from }) => from < toTick),
    sky: facts.sky.filter(({ fromTick: from }) => from < toTick),
    marks: index.marks.filter(({ tick }) => tick >= fromTick && tick < toTick),
  }
}
