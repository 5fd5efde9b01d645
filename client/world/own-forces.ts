import type { OwnState } from '#protocol/session'
import { TICK_HZ } from '#protocol/limits'
import { ROAD_BIKE, dragN, shelteredAreaM2 } from '#physics/resistance'
import type { Course } from '#physics/course'
import type { WeatherLog } from '#physics/weather'
import { calmConditions } from '#physics/weather'
import { WAKE_LAW } from '#physics/wake-law'
import { createRoadWind, windOnRoad } from '#physics/wind'

/** What air, brakes and other riders do to my watts just now, for the instruments. */
export interface OwnForces {
  /** Wind on my road, gusts in it: in my face, and from my right, m/s. */
  readonly headMps: number
  readonly crossMps: number
  /** Watts at the pedals that riders ahead spare me; negative where riders beside cost some. */
  readonly savedW: number
  /** What of my drag they take, as a share of the most that a bunch can take, 0 … 1. */
  readonly savedShare: number
  /** Watts that went into brakes, and into others, over the last second. */
  readonly brakeW: number
  readonly contactW: number
}

/** Losses are a mean over so long: the wire's joules are whole ones. */
const LOSS_TICKS = TICK_HZ
/** The wind shown follows the one on the road with this half life, s: gusts are to be seen, not to flicker. */
const WIND_HALF_S = 1

/** From the rider's own records, and the weather of the room. */
export class OwnForcesWatch {
  readonly #course: Course
  readonly #weather: WeatherLog
  readonly #cdaM2: number
  readonly #conditions = calmConditions()
  readonly #wind = createRoadWind()
  #records: OwnState[] = []
  #headMps = 0
  #crossMps = 0
  #lastTick = -Infinity

  constructor(course: Course, weather: WeatherLog, cdaM2: number) {
    this.#course = course
    this.#weather = weather
    this.#cdaM2 = cdaM2
  }

  own(state: OwnState): void {
    this.#records.push(state)
    // One that is a second old or older stays, to begin the mean with.
    while (this.#records.length > 2 && this.#records[1]!.tick <= state.tick - LOSS_TICKS) this.#records.shift()
  }

  /** The wind on the road as it blows at this moment, gusts and all. */
  windAt(tick: number, placeM: number, out: { headMps: number; crossMps: number }): void {
    this.#weather.enter(this.#conditions, tick)
    windOnRoad(this.#course, placeM, this.#conditions, this.#wind)
    out.headMps = this.#wind.headMps
    out.crossMps = this.#wind.crossMps
  }

  at(tick: number, placeM: number, speedMps: number): OwnForces {
    this.#weather.enter(this.#conditions, tick)
    const { headMps, crossMps } = windOnRoad(this.#course, placeM, this.#conditions, this.#wind)
    const share = 1 - 0.5 ** (Math.max(0, tick - this.#lastTick) / TICK_HZ / WIND_HALF_S)
    this.#lastTick = tick
    this.#headMps += (headMps - this.#headMps) * share
    this.#crossMps += (crossMps - this.#crossMps) * share
    const newest = this.#records.at(-1)
    const oldest = this.#records[0]
    const overS = newest && oldest ? (newest.tick - oldest.tick) / TICK_HZ : 0
    const mean = (from: number, to: number): number => (overS > 0 ? Math.max(0, to - from) / overS : 0)
    const airKgpm3 = this.#course.airDensityAt(placeM)
    const atN = (areaM2: number): number => dragN(speedMps + headMps, areaM2, airKgpm3, crossMps)
    const fullN = atN(shelteredAreaM2(this.#cdaM2, 1))
    const sparedN = fullN - atN(shelteredAreaM2(this.#cdaM2, newest?.draftFactor ?? 1))
    return {
      headMps: this.#headMps,
      crossMps: this.#crossMps,
      savedW: (sparedN * speedMps) / ROAD_BIKE.efficiency,
      savedShare: Math.min(1, Math.max(0, (1 - (newest?.draftFactor ?? 1)) / (1 - WAKE_LAW.least))),
      brakeW: newest && oldest ? mean(oldest.brakeJ, newest.brakeJ) : 0,
      contactW: newest && oldest ? mean(oldest.contactJ, newest.contactJ) : 0,
    }
  }
}
