/** The weather of a room: a journalled fact. Everything else about wind and air is a function of it, the tick and the place. */
export interface Weather {
  /** Where the air goes over open ground at handlebar height, m/s east and north. */
  readonly windEastMps: number
  readonly windNorthMps: number
  /** How far gusts swing about the mean wind, as a share of it, 0 … 1. */
  readonly gustShare: number
  /** Temperature at sea level, °C; standard air has 15. */
  readonly seaLevelC: number
  readonly isWet: boolean
}

export const CALM: Weather = { windEastMps: 0, windNorthMps: 0, gustShare: 0, seaLevelC: 15, isWet: false }

/** What holds on the road in the step that leaves `tick`. One per world; whoever steps moves it on. */
export interface Conditions {
  weather: Weather
  tick: number
}

export function calmConditions(): Conditions {
  return { weather: CALM, tick: 0 }
}
