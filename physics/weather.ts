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

/** A weather and the tick from which it holds: in the step that leaves `fromTick`, and after it. */
export interface WeatherSpell {
  readonly fromTick: number
  readonly weather: Weather
}

/** Spells a log keeps: as many as may be under way between a server that has changed its mind and a client. */
const SPELLS_MAX = 8

/**
 * What weather held when: whoever carries riders over ticks that are past, or not here yet, asks it what to carry them
 * with. Both ends keep one, so that a change of weather reaches a rider's public state in the same tick everywhere.
 */
export class WeatherLog {
  readonly #spells: WeatherSpell[] = []

  constructor(first: Weather = CALM) {
    this.#spells.push({ fromTick: -Infinity, weather: first })
  }

  /** What the log keeps, oldest first; the first holds since ever. */
  get spells(): readonly WeatherSpell[] {
    return this.#spells
  }

  /** From `fromTick` on this holds, and whatever was told of later ticks before is forgotten. */
  change(weather: Weather, fromTick: number): void {
    while (this.#spells.length > 1 && this.#spells[this.#spells.length - 1]!.fromTick >= fromTick) this.#spells.pop()
    this.#spells.push({ fromTick, weather })
    if (this.#spells.length > SPELLS_MAX) this.#spells.splice(1, 1)
  }

  at(tick: number): Weather {
    for (let i = this.#spells.length - 1; i > 0; i--) {
      if (this.#spells[i]!.fromTick <= tick) return this.#spells[i]!.weather
    }
    return this.#spells[0]!.weather
  }

  /** Makes `conditions` those of the step that leaves `tick`. Allocates nothing. */
  enter(conditions: Conditions, tick: number): void {
    conditions.tick = tick
    conditions.weather = this.at(tick)
  }
}
