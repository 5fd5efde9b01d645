import { POWER_DECAY_MS, POWER_HOLD_MS, TICK_MS } from '#protocol/limits'
import type { InputSample } from '#protocol/input'
import type { OwnState } from '#protocol/session'
import { TURN, type Course } from '#physics/course'
import { calmConditions, WeatherLog } from '#physics/weather'
import { heldPowerW } from '#physics/hold'
import { homeLineM, LINE_RATE_PS, lineFromSteerM } from '#physics/lanes'
import { createRiders, type Riders } from '#physics/riders'
import { stepRiders } from '#physics/step'
import { passJunctions } from '#physics/ways'
import { bareNetwork, type Network } from '#maps/network'
import { Wayfinder } from '#maps/wayfinder'
import { Correction } from './correct.ts'
import { Trail } from './trail.ts'

/** Samples we remember; at four a second this is eight seconds of silence from the server. */
const SAMPLES_MAX = 32
/** A wish of mine holds this long against own states that were on their way already. */
const WISH_TICKS = 20
/** Without word from the server we ride on for this long; then the wheels stand still. */
export const PREDICT_TICKS_MAX = 80

/** The server counts my road by this much otherwise than I: another count, not another place. */
const RECOUNT_M = 0.01

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

export interface PredictorOptions {
  /** Ways and routes; without it a road of one way. */
  readonly network?: Network | undefined
  readonly weather?: WeatherLog | undefined
}

/**
 * Me, now. The very same `stepRiders` that the server runs, over the samples it has not acknowledged yet, in whole ticks;
 * between two ticks a straight line. Rebuilt from the last own record, so nothing here is precious.
 */
export class Predictor {
  readonly correction = new Correction()
  readonly #conditions = calmConditions()
  readonly #weather: WeatherLog
  readonly #wayfinder: Wayfinder
  readonly #course: Course
  /** Places of what is drawn; `distanceM` counts it, and never jumps but where the server says so. */
  readonly #trail: Trail
  readonly #route = new Uint32Array(1)
  readonly #wayAhead = (): number => this.#wayfinder.ahead(this.#table, this.#route, 0)
  readonly #nextWay = (): number => this.#overTheEnd()
  #wish = 0
  #wishUntilTick = -1
  readonly #table: Riders = createRiders(1)
  readonly #samples: Stamped[] = []
  #baseTick = -1
  #tick = 0
  #previousDistanceM = 0
  #previousLateralM = 0
  #previousSpeedMps = 0
  #basePowerW = 0
  #shownM = -Infinity

  constructor(course: Course, body: OwnBody, { network, weather }: PredictorOptions = {}) {
    this.#course = course
    this.#weather = weather ?? new WeatherLog()
    this.#wayfinder = new Wayfinder(network ?? bareNetwork())
    const wayAfter = (way: number) => (way === this.way ? this.#wayAhead() : course.exitOf(way, TURN.none))
    this.#trail = new Trail(course, wayAfter)
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

  /** What I wish for at the next junction; the server is told elsewhere. */
  wish(turn: number, nowTick: number): void {
    this.#wish = turn
    this.#wishUntilTick = nowTick + WISH_TICKS
    this.#table.turn[0] = turn
  }

  /** The wish that holds, one of physics' TURN. */
  get turn(): number {
    return this.#table.turn[0]!
  }

  /** The way I am on, the one I shall take at its end (−1: it ends), and how far that is. */
  get way(): number {
    return this.#table.way[0]!
  }
  get wayAhead(): number {
    return this.#wayAhead()
  }
  get junctionM(): number {
    return this.#course.wayEndM(this.way) - this.placeM
  }

  /** Route and leg, counted from 1; 0: none. */
  get route(): number {
    return this.#route[0]!
  }
  get leg(): number {
    return this.#table.leg[0]!
  }

  /** The server's word about tick `own.tick`; all it has not seen is ridden again on top of it. */
  rebase(own: OwnState, nowTick: number): void {
    if (own.tick < this.#baseTick) return
    if (!this.isPlaced) {
      this.#setBase(own)
      return
    }
    // Old and new prediction are compared at one instant; a frame that is late must not look like an error.
    const atTick = Math.max(nowTick, own.tick)
    this.#advance(atTick)
    const beforeM = this.modelDistanceM(atTick)
    const beforeLateralM = this.#modelLateralM(atTick)
    const shiftM = this.#setBase(own)
    this.#advance(atTick)
    if (Number.isNaN(shiftM)) return this.correction.absorb(Infinity, 0)
    const alongM = beforeM + shiftM - this.modelDistanceM(atTick)
    this.correction.absorb(alongM, beforeLateralM - this.#modelLateralM(atTick))
    this.#shownM += shiftM
    if (this.correction.alongM === 0) this.#shownM = -Infinity // Snapped: the old place binds no longer.
  }

  /** Rides to `nowTick` and folds one frame of error. Allocates nothing. */
  frame(nowTick: number, dtS: number): void {
    if (!this.isPlaced) return
    this.#advance(nowTick)
    this.correction.fold(dtS, this.speedMps(nowTick))
    this.#shownM = Math.max(this.#shownM, this.modelDistanceM(nowTick) + this.correction.alongM)
  }

  /** Where to draw me after `frame`: the road behind me, and its place on the tape. */
  get distanceM(): number {
    return this.#shownM
  }
  get placeM(): number {
    return this.#trail.placeM(this.#shownM)
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

  /**
   * The server's word is where all begins anew. Answers by how much its count of my road differs from mine where the place
   * is the same: a route taken counts from its own beginning, and nothing drawn may jump for that.
   */
  #setBase(own: OwnState): number {
    const table = this.#table
    const runM = this.isPlaced ? this.#trail.rejoin(own.placeM) : NaN
    const isElsewhere = Number.isNaN(runM)
    // Half a millimetre is the grid of the wire: on the same road both counts are the same.
    const apartM = isElsewhere ? 0 : own.distanceM - runM
    const shiftM = Math.abs(apartM) > RECOUNT_M ? apartM : 0
    const distanceM = isElsewhere || shiftM !== 0 ? own.distanceM : runM
    if (isElsewhere || shiftM !== 0) this.#trail.begin(distanceM, own.placeM)
    if (isElsewhere) this.#shownM = -Infinity
    while (this.#samples.length > 1 && this.#isAcked(this.#samples[1]!, own)) this.#samples.shift()
    this.#baseTick = own.tick
    this.#tick = own.tick
    this.#basePowerW = own.powerW
    table.draftFactor[0] = own.draftFactor
    table.flags[0] = own.flags
    table.distanceM[0] = distanceM
    table.offsetM[0] = this.#trail.offsetM
    table.way[0] = this.#course.wayAt(own.placeM)
    table.leg[0] = own.leg
    if (own.turn === this.#wish) this.#wishUntilTick = -1 // The server has it, and will say when it is spent.
    table.turn[0] = own.tick < this.#wishUntilTick ? this.#wish : own.turn
    this.#route[0] = own.route
    table.lateralM[0] = own.lateralM
    table.lateralMps[0] = own.lateralMps
    table.lineM[0] = own.lateralM + own.lateralMps / LINE_RATE_PS // As dead reckoning takes it.
    table.speedMps[0] = own.speedMps
    table.powerW[0] = own.powerW
    this.#remember()
    return isElsewhere ? NaN : shiftM
  }

  #overTheEnd(): number {
    const { way, offsetM } = this.#table
    const before = way[0]!
    const next = this.#wayfinder.take(this.#table, this.#route, 0)
    if (next < 0) return next
    const seamM = this.#course.wayEndM(before) - offsetM[0]!
    this.#trail.enter(next, seamM, this.#course.wayStartM(next) - seamM)
    return next
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
      this.#weather.enter(this.#conditions, this.#tick)
      stepRiders(this.#table, this.#course, this.#conditions, this.#wayAhead)
      passJunctions(this.#table, this.#course, this.#nextWay)
      this.#tick++
    }
  }

  /** What the legs and arms do in the step that ends at `tick`: the newest sample stamped by then. */
  #take(tick: number): void {
    const table = this.#table
    for (let i = this.#samples.length - 1; i >= 0; i--) {
      const sample = this.#samples[i]!
      if (sample.atTick > tick) continue
      const widthM = this.#course.widthAt(table.distanceM[0]! + table.offsetM[0]!)
      table.powerW[0] = heldPowerW(sample.powerW, (tick - sample.atTick) * TICK_MS, HOLD)
      table.lineM[0] = lineFromSteerM(sample.steer, widthM, homeLineM(table.id[0]!, widthM))
      return
    }
    table.powerW[0] = this.#basePowerW
  }
}
