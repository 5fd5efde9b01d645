import { POWER_DECAY_MS, POWER_HOLD_MS, TICK_MS } from '#protocol/limits'
import type { InputSample } from '#protocol/input'
import type { OwnState } from '#protocol/session'
import type { Course } from '#physics/course'
import { calmConditions, type Conditions } from '#physics/weather'
import { heldPowerW } from '#physics/hold'
import { homeLineM, LINE_RATE_PS, lineFromSteerM } from '#physics/lanes'
import { createRiders, type Riders } from '#physics/riders'
import { stepRiders } from '#physics/step'
import { Correction } from './correct.ts'

/** Samples we remember; at four a second this is eight seconds of silence from the server. */
const SAMPLES_MAX = 32
/** Without word from the server we ride on for this long; then the wheels stand still. */
export const PREDICT_TICKS_MAX = 80

const HOLD = { holdMs: POWER_HOLD_MS, decayMs: POWER_DECAY_MS }

/** What the server knows of me and does not repeat: `shapeRider` makes mass and drag area of a body. */
export interface OwnBody {
  readonly riderId: number
  /** Rider, bike and kit. */
  readonly massKg: number
  readonly cdaM2: number
}

interface Stamped {
  readonly sequence: number
  readonly atTick: number
  readonly powerW: number
  readonly steer: number
}

/**
 * Me, now. The very same `stepRiders` that the server runs, over the samples it has not acknowledged yet, in whole ticks;
 * between two ticks a straight line. Rebuilt from the last own record, so nothing here is precious.
 */
export class Predictor {
  readonly correction = new Correction()
  readonly conditions: Conditions = calmConditions()
  readonly #course: Course
  readonly #table: Riders = createRiders(1)
  readonly #samples: Stamped[] = []
  #baseTick = -1
  #tick = 0
  #previousDistanceM = 0
  #previousLateralM = 0
  #previousSpeedMps = 0
  #basePowerW = 0
  #shownM = -Infinity

  constructor(course: Course, body: OwnBody) {
    this.#course = course
    this.#table.count = 1
    this.#table.id[0] = body.riderId
    this.#table.massKg[0] = body.massKg
    this.#table.cdaM2[0] = body.cdaM2
  }

  /** False until the first own record. */
  get isPlaced(): boolean {
    return this.#baseTick >= 0
  }

  /** A sample just read; `atTick` is the server's time at its stamp, with fraction. */
  offer(sample: InputSample, atTick: number): void {
    this.#samples.push({ sequence: sample.sequence, atTick, powerW: sample.powerW, steer: sample.steer })
    if (this.#samples.length > SAMPLES_MAX) this.#samples.shift()
  }

  /** The server's word about tick `own.tick`; all it has not seen is ridden again on top of it. */
  rebase(own: OwnState, nowTick: number): void {
    if (own.tick < this.#baseTick) return
    if (!this.isPlaced) return this.#setBase(own)
    // Old and new prediction are compared at one instant; a frame that is late must not look like an error.
    const atTick = Math.max(nowTick, own.tick)
    this.#advance(atTick)
    const beforeM = this.modelDistanceM(atTick)
    const beforeLateralM = this.#modelLateralM(atTick)
    this.#setBase(own)
    this.#advance(atTick)
    this.correction.absorb(beforeM - this.modelDistanceM(atTick), beforeLateralM - this.#modelLateralM(atTick))
    if (this.correction.alongM === 0) this.#shownM = -Infinity // Snapped: the old place binds no longer.
  }

  /** Rides to `nowTick` and folds one frame of error. Allocates nothing. */
  frame(nowTick: number, dtS: number): void {
    if (!this.isPlaced) return
    this.#advance(nowTick)
    this.correction.fold(dtS, this.speedMps(nowTick))
    this.#shownM = Math.max(this.#shownM, this.modelDistanceM(nowTick) + this.correction.alongM)
  }

  /** Where to draw me after `frame`. */
  get distanceM(): number {
    return this.#shownM
  }

  lateralM(nowTick: number): number {
    return this.#modelLateralM(nowTick) + this.correction.lateralM
  }

  speedMps(nowTick: number): number {
    const x = this.#between(nowTick)
    return this.#previousSpeedMps + (this.#table.speedMps[0]! - this.#previousSpeedMps) * x
  }

  /** Watts in the legs now: the newest sample, held and decayed as the server does. */
  get powerW(): number {
    return this.#table.powerW[0]!
  }

  modelDistanceM(nowTick: number): number {
    const x = this.#between(nowTick)
    return this.#previousDistanceM + (this.#table.distanceM[0]! - this.#previousDistanceM) * x
  }

  #modelLateralM(nowTick: number): number {
    const x = this.#between(nowTick)
    return this.#previousLateralM + (this.#table.lateralM[0]! - this.#previousLateralM) * x
  }

  #between(nowTick: number): number {
    return Math.min(Math.max(nowTick - (this.#tick - 1), 0), 1)
  }

  #setBase(own: OwnState): void {
    const table = this.#table
    while (this.#samples.length > 1 && this.#isAcked(this.#samples[1]!, own)) this.#samples.shift()
    this.#baseTick = own.tick
    this.#tick = own.tick
    this.#basePowerW = own.powerW
    table.draftFactor[0] = own.draftFactor
    table.flags[0] = own.flags
    table.distanceM[0] = own.distanceM
    table.lateralM[0] = own.lateralM
    table.lateralMps[0] = own.lateralMps
    table.lineM[0] = own.lateralM + own.lateralMps / LINE_RATE_PS // As dead reckoning takes it.
    table.speedMps[0] = own.speedMps
    table.powerW[0] = own.powerW
    this.#remember()
  }

  #isAcked(sample: Stamped, own: OwnState): boolean {
    if (own.ackedSequence === undefined) return false
    return ((own.ackedSequence - sample.sequence) & 0xffff) < 0x8000
  }

  #remember(): void {
    this.#previousDistanceM = this.#table.distanceM[0]!
    this.#previousLateralM = this.#table.lateralM[0]!
    this.#previousSpeedMps = this.#table.speedMps[0]!
  }

  #advance(nowTick: number): void {
    const lastTick = Math.min(Math.ceil(nowTick), this.#baseTick + PREDICT_TICKS_MAX)
    while (this.#tick < lastTick) {
      this.#remember()
      this.#take(this.#tick + 1)
      stepRiders(this.#table, this.#course, this.conditions)
      this.#tick++
    }
  }

  /** What the legs and arms do in the step that ends at `tick`: the newest sample stamped by then. */
  #take(tick: number): void {
    const table = this.#table
    for (let i = this.#samples.length - 1; i >= 0; i--) {
      const sample = this.#samples[i]!
      if (sample.atTick > tick) continue
      const widthM = this.#course.widthAt(table.distanceM[0]!)
      table.powerW[0] = heldPowerW(sample.powerW, (tick - sample.atTick) * TICK_MS, HOLD)
      table.lineM[0] = lineFromSteerM(sample.steer, widthM, homeLineM(table.id[0]!, widthM))
      return
    }
    table.powerW[0] = this.#basePowerW
  }
}
