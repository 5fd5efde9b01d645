import type { Weather } from '#physics/weather'

/**
 * What the sky over a room is at one moment, the same for everybody in it: a pure function of the room's slow facts and
 * the tick (`sky.ts`). `view` draws it, `audio` sounds it; physics knows of it only what `weather` says.
 */
export interface SkyNow {
  /** Gusts are where they are at this tick. */
  readonly tick: number
  /** Sun's time of day over the map, h, 0 … 24; noon is 12. */
  readonly hourH: number
  /** Share of the sky under clouds, 0 … 1. */
  readonly cloudShare: number
  /** 0: clear air to the horizon, 1: mist in which a hill a kilometre away is gone. */
  readonly hazeShare: number
  /** 0: dry, 1: it pours. Above the snow line it is snow. */
  readonly rainShare: number
  /** 0: dry ground, 1: the road stands in water; goes on after the rain. */
  readonly wetShare: number
  /** Where rain turns to snow and the ground is white, m above the sea. */
  readonly snowLineM: number
  readonly weather: Weather
}
