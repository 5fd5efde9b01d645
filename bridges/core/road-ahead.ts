import type { RoadWish } from './trainer-wish.ts'

/**
 * The road without the server: what was last told of it and of the road ahead, ridden at the legs' own speed. While the
 * server tells, its word holds. When it has said nothing for two seconds, the wheel goes on along the road ahead, with the
 * speed of the trainer's own wheel, else with what the watts give; where the road ahead ends, or none was ever told, the
 * grade is held for three seconds and then fades to the flat within ten. Shelter fades at once, for nobody is known to be there.
 */
export interface RoadSample {
  /** From where the rider is now, forwards. */
  readonly aheadM: number
  readonly gradeFraction: number
}

/** What the server says of the road: also how fast it is ridden. */
export interface RoadTold extends RoadWish {
  readonly speedMps?: number | undefined
}

export const SERVER_SILENT_MS = 2000
export const HOLD_MS = 3000
export const FADE_MS = 10_000
const SAMPLES_MAX = 4096
const SHELTER_FADE_MS = 3000

export class RoadAhead {
  #told: RoadWish | undefined
  #toldMs = -Infinity
  #profile: readonly RoadSample[] = []
  #riddenM = 0
  #atMs: number | undefined
  #endedMs: number | undefined

  /** The server's word. A grade that is no number is none: who says only that is silent. */
  tell(road: RoadWish, atMs: number): void {
    if (!Number.isFinite(road.gradeFraction)) return
    this.#told = road
    this.#toldMs = atMs
    this.#endedMs = undefined
  }

  /** The road from here on, nearest first; the newest word replaces the one before. What is no number is left out. */
  tellAhead(samples: readonly RoadSample[]): void {
    const sane = samples.filter((s) => Number.isFinite(s.aheadM) && Number.isFinite(s.gradeFraction))
    this.#profile = sane.slice(0, SAMPLES_MAX).toSorted((a, b) => a.aheadM - b.aheadM)
    this.#riddenM = 0
  }

  get isEmpty(): boolean {
    return this.#told === undefined
  }

  /** Nobody told anything for so long that this road is ridden alone. */
  isAlone(atMs: number): boolean {
    return this.#told !== undefined && atMs - this.#toldMs > SERVER_SILENT_MS
  }

  /** Call every beat; the road under the wheel now. undefined: nobody has told of any. */
  step(speedMps: number, atMs: number): RoadWish | undefined {
    const elapsedS = Math.min((atMs - (this.#atMs ?? atMs)) / 1000, 1)
    this.#atMs = atMs
    this.#riddenM += Math.max(speedMps, 0) * elapsedS
    const told = this.#told
    if (told === undefined || !this.isAlone(atMs)) return told
    const ahead = this.#gradeAhead()
    if (ahead !== undefined) return { ...this.#alone(told, atMs), gradeFraction: ahead }
    this.#endedMs ??= atMs
    const fading = (atMs - this.#endedMs - HOLD_MS) / FADE_MS
    const share = 1 - Math.min(Math.max(fading, 0), 1)
    return { ...this.#alone(told, atMs), gradeFraction: this.#lastGrade(told) * share }
  }

  #alone(told: RoadWish, atMs: number): RoadWish {
    const gone = Math.min((atMs - this.#toldMs - SERVER_SILENT_MS) / SHELTER_FADE_MS, 1)
    const { draftFactor = 1 } = told
    return { ...told, draftFactor: draftFactor + (1 - draftFactor) * gone }
  }

  #lastGrade(told: RoadWish): number {
    return this.#profile.at(-1)?.gradeFraction ?? told.gradeFraction
  }

  /** Between two samples the grade is on the line from one to the other; beyond the last there is none. */
  #gradeAhead(): number | undefined {
    const profile = this.#profile
    const next = profile.findIndex((sample) => sample.aheadM > this.#riddenM)
    if (next < 0) return undefined
    const to = profile[next]!
    const from = profile[next - 1]
    if (from === undefined) return to.gradeFraction
    const share = (this.#riddenM - from.aheadM) / (to.aheadM - from.aheadM)
    return from.gradeFraction + (to.gradeFraction - from.gradeFraction) * share
  }
}

/** Speed that watts give on this road, m/s, stepped: for trainers that do not tell their wheel's. */
export function nextSpeed(
  speedMps: number,
  push: { readonly powerW: number; readonly resistN: number; readonly massKg: number },
  dtS: number,
): number {
  const driveN = push.powerW / Math.max(speedMps, 1)
  const next = speedMps + ((driveN - push.resistN) / push.massKg) * dtS
  return Math.min(Math.max(next, 0), 30)
}
