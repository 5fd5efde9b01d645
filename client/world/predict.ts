import { OWN_FLAG_BOUND } from '#protocol/own'
import type { InputSample } from '#protocol/input'
import type { OwnState } from '#protocol/session'
import { cornersOf } from '#physics/corners'
import { TURN, type Course } from '#physics/course'
import { calmConditions, WeatherLog } from '#physics/weather'
import { homeLineM, LINE_RATE_PS, lineFromSteerM } from '#physics/lanes'
import { missedTurn } from '#physics/missed-turn'
import { restW } from '#physics/rest'
import { createRiders, type Riders } from '#physics/riders'
import { DT_S, stepRiders } from '#physics/step'
import { createMiddle, isKeptTogether, type Middle, pullToMiddle } from '#physics/together'
import { passJunctions } from '#physics/ways'
import { bareNetwork, type Network } from '#maps/network'
import { Wayfinder } from '#maps/wayfinder'
import { Correction } from './correct.ts'
import { OwnLegs } from './own-legs.ts'
import { Trail } from './trail.ts'

/** A wish of mine holds this long against own states that were on their way already. */
const WISH_TICKS = 20
/** Without word from the server we ride on for this long; then the wheels stand still. */
export const PREDICT_TICKS_MAX = 80

/** The middle of a group is told once a second; what is older than this is no news any more. */
const MIDDLE_TICKS_MAX = 60

/** The server counts my road by this much otherwise than I: another count, not another place. */
const RECOUNT_M = 0.01

/** What the server knows of me and does not repeat: `shapeRider` makes mass and drag area of a body. */
export interface OwnBody {
  readonly riderId: number
  /** Rider, bike and kit. */
  readonly massKg: number
  readonly cdaM2: number
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
  /** A pause is on: the server brakes, and so does the prediction. */
  isResting = false
  /** Of those I am kept together with, as the room told it last. */
  readonly #middle: Middle = createMiddle()
  readonly #conditions = calmConditions()
  readonly #weather: WeatherLog
  readonly #wayfinder: Wayfinder
  readonly #course: Course
  /** Places of what is drawn; `distanceM` counts it, and never jumps but where the server says so. */
  readonly #trail: Trail
  readonly #route = new Uint32Array(1)
  readonly #wayAhead = (): number => this.#wayfinder.ahead(this.#table, this.#route, 0)
  readonly #nextWay = (): number => this.#overTheEnd()
  /** A wish of mine that the server has not confirmed, the tick it should be there, and the way I was on. */
  #wish = 0
  #wishTick = Infinity
  #wishWay = -1
  readonly #table: Riders = createRiders(1)
  readonly #legs = new OwnLegs()
  readonly #network: Network
  #isBound = false
  #heldMps = Infinity
  #baseTick = -1
  #tick = 0
  #previousDistanceM = 0
  #previousLateralM = 0
  #previousSpeedMps = 0
  /** What was shown last: its instant, and the watts of the record. */
  #nowTick = 0
  #basePowerW = 0
  #shownM = -Infinity

  constructor(course: Course, body: OwnBody, { network, weather }: PredictorOptions = {}) {
    this.#course = course
    this.#weather = weather ?? new WeatherLog()
    this.#network = network ?? bareNetwork()
    this.#wayfinder = new Wayfinder(this.#network)
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
    this.#legs.offer(sample, atTick)
  }

  /** Where the middle of those who are kept together was; what comes late is no news. */
  keepTogether({ route, tick, atM, speedMps }: Readonly<Middle>): void {
    const middle = this.#middle
    if (tick < middle.tick) return
    middle.route = route
    middle.tick = tick
    middle.atM = atM
    middle.speedMps = speedMps
  }

  /** What I wish for at the next junction; the server is told elsewhere. */
  wish(turn: number, nowTick: number): void {
    this.#wish = turn
    this.#wishTick = nowTick + this.#legs.lagTicks
    this.#wishWay = this.way
  }

  /** The wish that holds, one of physics' TURN. */
  get turn(): number {
    return this.#wishTick < Infinity ? this.#wish : this.#table.turn[0]!
  }

  /** The way I am on, and the one I shall take at its end (−1: it ends). */
  get way(): number {
    return this.#table.way[0]!
  }
  get wayAhead(): number {
    return this.#wayAhead()
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
    this.#nowTick = nowTick
    this.#advance(nowTick)
    this.correction.fold(dtS, this.speedMps(nowTick))
    this.#shownM = Math.max(this.#shownM, this.modelDistanceM(nowTick) + this.correction.alongM)
  }

  /** The idea of the server's time was set anew: what is drawn stays, and is folded to where it is now. */
  stepTime(nowTick: number): void {
    if (!this.isPlaced || this.#shownM === -Infinity) return
    const beforeLateralM = this.#modelLateralM(this.#nowTick)
    this.#advance(nowTick)
    this.#nowTick = nowTick
    const alongM = this.#shownM - this.correction.alongM - this.modelDistanceM(nowTick)
    this.correction.absorb(alongM, beforeLateralM - this.#modelLateralM(nowTick))
    if (this.correction.alongM === 0) this.#shownM = -Infinity
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

  /** Watts in the legs now: the newest sample, held and decayed as the server will. */
  get powerW(): number {
    return this.#legs.shownW(this.#nowTick) ?? this.#basePowerW
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
    this.#baseTick = own.tick
    this.#tick = own.tick
    this.#basePowerW = own.powerW
    this.#isBound = (own.flags & OWN_FLAG_BOUND) !== 0
    table.draftFactor[0] = own.draftFactor
    table.flags[0] = own.flags
    table.distanceM[0] = distanceM
    table.offsetM[0] = this.#trail.offsetM
    table.way[0] = this.#course.wayAt(own.placeM)
    table.leg[0] = own.leg
    // The server has it, and will say when it is spent; or it never came there, or was spent where I was.
    if (own.turn === this.#wish || own.tick > this.#wishTick + WISH_TICKS || table.way[0] !== this.#wishWay)
      this.#wishTick = Infinity
    table.turn[0] = own.turn
    this.#route[0] = own.route
    table.lateralM[0] = own.lateralM
    table.lateralMps[0] = own.lateralMps
    table.lineM[0] = own.lineM ?? own.lateralM + own.lateralMps / LINE_RATE_PS
    table.speedMps[0] = own.speedMps
    this.#heldMps = own.isTouched ? own.speedMps : Infinity
    this.#legs.rebase(own)
    this.#remember()
    return isElsewhere ? NaN : shiftM
  }

  #overTheEnd(): number {
    const { way, offsetM } = this.#table
    const before = way[0]!
    const turn = this.#table.turn[0]!
    const escape = this.#missedTurn(before, turn)
    if (escape !== 0) this.#table.turn[0] = escape
    const next = this.#wayfinder.take(this.#table, this.#route, 0)
    if (escape !== 0) this.#table.turn[0] = turn
    else if (turn !== 0 && this.#table.turn[0] === 0) this.#wishTick = Infinity // Spent.
    if (next < 0) return next
    const seamM = this.#course.wayEndM(before) - offsetM[0]!
    this.#trail.enter(next, seamM, this.#course.wayStartM(next) - seamM)
    return next
  }

  /** Who was held up by others when last heard of is taken to be held up still: no faster than then. */
  #holdBack(): void {
    const { speedMps, distanceM } = this.#table
    const tooFastMps = speedMps[0]! - this.#heldMps
    if (!(tooFastMps > 0)) return
    speedMps[0] = this.#heldMps
    distanceM[0] = distanceM[0]! - 0.5 * tooFastMps * DT_S
  }

  /** As the server decides it: too fast for the exit I mean. */
  #missedTurn(way: number, turn: number): number {
    if (this.#isBound) return 0
    const corners = cornersOf(this.#course, this.#conditions.weather.isWet)
    const { exits } = this.#network.ways[way]!
    return missedTurn(this.#course, corners, exits, way, this.#wayAhead(), turn, this.#table.speedMps[0]!)
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
      this.#act(this.#tick)
      this.#weather.enter(this.#conditions, this.#tick)
      stepRiders(this.#table, this.#course, this.#conditions, this.#wayAhead)
      this.#holdBack()
      passJunctions(this.#table, this.#course, this.#nextWay)
      this.#tick++
    }
  }

  /** What legs, arms and wishes do in the step that leaves `tick`. */
  #act(tick: number): void {
    const table = this.#table
    const before = this.#legs.steer
    table.powerW[0] = this.#legs.pay(tick, table.speedMps[0]!)
    this.#followMiddle(tick)
    if (this.isResting) table.powerW[0] = restW(table.massKg[0]!, table.speedMps[0]!)
    const { steer } = this.#legs
    if (steer !== 0) {
      const widthM = this.#course.widthAt(table.distanceM[0]! + table.offsetM[0]!)
      table.lineM[0] = lineFromSteerM(steer, widthM, homeLineM(table.id[0]!, widthM))
    } else if (before !== 0) table.lineM[0] = table.lateralM[0]! + table.lateralMps[0]! / LINE_RATE_PS
    if (this.#wishTick <= tick + 1) table.turn[0] = this.#wish
  }

  /** The law of a group that stays together, on its middle as that went on since it was told. */
  #followMiddle(tick: number): void {
    const { route, atM, speedMps, tick: atTick } = this.#middle
    if (route === 0 || tick - atTick > MIDDLE_TICKS_MAX || tick < atTick - MIDDLE_TICKS_MAX) return
    if (!isKeptTogether(this.#table, 0, this.#route[0]!, route)) return
    pullToMiddle(this.#table, 0, atM + (tick - atTick) * DT_S * speedMps, speedMps)
  }
}
