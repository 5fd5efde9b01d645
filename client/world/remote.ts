import { Follower, LEAP_TICKS_MAX } from '#protocol/follower'
import type { RiderRecord } from '#protocol/rider-stream'
import { advance, type RiderState } from '#protocol/rider-state'
import type { Course } from '#physics/course'
import { TURN } from '#physics/course'
import { calmConditions, WeatherLog } from '#physics/weather'
import { carryTick, createCarried, type Carried } from '#physics/dead-reckoning'
import { createPlaceCarrier, startPlaceCarry } from '#physics/place-carrier'
import { RIDER_FLAG } from '#physics/riders'
import { Trail } from './trail.ts'

/** Corrections of others are folded within this. */
export const FOLD_S = 0.2
/** Larger than this nobody is fooled by a fold: the rider is moved. */
const JUMP_M = 30
const NOBODY: readonly number[] = []
/** Without any word from the server the others ride on for this long, then wait. */
export const CARRY_TICKS_MAX = 40
/** After such a wait the first news of each rider is expected within this. */
const WAKE_TICKS = 20

/**
 * The others. Of each we keep what the server and we both know for certain (`known`, at the tick of the newest record,
 * carried and put on the grid tick by tick exactly as the server does), and what we draw (`drawn`, carried on from there
 * to the first tick that is not yet over; a frame between two ticks is a straight line). When a record says otherwise
 * the drawn rider stays where it is and the difference fades within 200 ms; nobody is ever drawn moving backward.
 * Drawing counts in metres that go on over the ends of ways (`runM`, each rider's own count); its trail knows the places.
 */
export class RemoteRiders {
  readonly capacity: number
  /** Rows in use are below this; `id` 0 marks a free one. */
  rows = 0
  readonly id: Uint32Array
  /** What to draw, filled by `frame`: metres that never jump, and the place on the tape where they lie. */
  readonly shownM: Float64Array
  readonly shownPlaceM: Float64Array
  readonly shownLateralM: Float64Array
  readonly shownSpeedMps: Float64Array
  readonly known: readonly RiderState[]
  /** Riders of whom a check said that we are wrong: to be told to the server, once. */
  readonly #doubted: number[] = []
  readonly #followers: readonly Follower[]
  /** Hears how far a drawn rider was from where a record puts it, for the statistics of the connection. */
  onError: ((alongM: number, lateralM: number) => void) | undefined
  readonly #conditions = calmConditions()
  readonly #weather: WeatherLog
  readonly #course: Course
  readonly #trails: readonly Trail[]
  readonly #drawn: readonly Carried[]
  readonly #drawnTick: Float64Array
  readonly #previousM: Float64Array
  readonly #previousLateralM: Float64Array
  readonly #previousSpeedMps: Float64Array
  readonly #offsetM: Float64Array
  readonly #offsetLateralM: Float64Array
  readonly #offsetLeftS: Float64Array
  /** 1: this rider stood because nothing was heard at all; the next news puts them where they are, without a rush. */
  readonly #waited: Uint8Array
  #wokeTick = -Infinity
  readonly #carry: (state: RiderState, tick: number) => void
  readonly #rowOfId = new Map<number, number>()
  #nowTick = 0

  constructor(course: Course, capacity: number, weather: WeatherLog = new WeatherLog()) {
    const column = () => new Float64Array(capacity)
    this.#course = course
    this.#weather = weather
    const carry = createPlaceCarrier(course, this.#conditions)
    this.#carry = (state, tick) => {
      this.#weather.enter(this.#conditions, tick)
      advance(state, carry)
    }
    const wayAfter = (way: number) => course.exitOf(way, TURN.none)
    this.#trails = Array.from({ length: capacity }, () => new Trail(course, wayAfter))
    this.capacity = capacity
    this.id = new Uint32Array(capacity)
    this.shownM = column()
    this.shownPlaceM = column()
    this.shownLateralM = column()
    this.shownSpeedMps = column()
    this.#followers = Array.from({ length: capacity }, () => new Follower())
    this.known = this.#followers.map(({ state }) => state)
    this.#drawn = Array.from({ length: capacity }, createCarried)
    this.#drawnTick = column()
    this.#previousM = column()
    this.#previousLateralM = column()
    this.#previousSpeedMps = column()
    this.#offsetM = column()
    this.#offsetLateralM = column()
    this.#offsetLeftS = column()
    this.#waited = new Uint8Array(capacity)
  }

  get count(): number {
    return this.#rowOfId.size
  }

  rowOf(id: number): number | undefined {
    return this.#rowOfId.get(id)
  }

  /** News, as it is heard: late news finds its own tick. A change to a rider we have never been told whole is passed over. */
  accept(record: RiderRecord): void {
    if (record.kind === 'leave') return this.leave(record.riderId)
    const before = this.#rowOfId.get(record.riderId)
    if (before === undefined && record.kind !== 'absolute') return
    const row = before ?? this.#takeRow(record.riderId)
    if (row === undefined) return
    if (!this.#followers[row]!.accept(record, this.#carry)) this.#doubted.push(record.riderId)
    if (record.kind !== 'check' && record.kind !== 'watts') this.#redraw(row, before === undefined)
  }

  /** Riders whom the server says we are wrong about, since the last call. */
  takeDoubted(): readonly number[] {
    return this.#doubted.length === 0 ? NOBODY : this.#doubted.splice(0)
  }

  /** What is known of everybody, at `tick` where it is older: to be held against what the server says of that tick. */
  carryKnownTo(tick: number): void {
    for (let row = 0; row < this.rows; row++) if (this.id[row] !== 0) this.#followers[row]!.carryTo(tick, this.#carry)
  }

  /** The rider has left the road, or our sight. */
  leave(id: number): void {
    const row = this.#rowOfId.get(id)
    if (row === undefined) return
    this.#rowOfId.delete(id)
    this.id[row] = 0
    while (this.rows > 0 && this.id[this.rows - 1] === 0) this.rows--
  }

  /** Nobody is known any more: time itself begins anew, as when a film is wound back. */
  clear(): void {
    this.#rowOfId.clear()
    this.id.fill(0)
    this.rows = 0
    this.#nowTick = 0
    this.#wokeTick = -Infinity
    this.#doubted.length = 0
  }

  /** Everybody is drawn where they are known to be; whatever was still being folded in is there at once. */
  settle(): void {
    for (let row = 0; row < this.rows; row++) this.#forgetSeen(row)
  }

  /**
   * Everybody at `nowTick`, the server's time with fraction. `newestTick` is the last tick we have heard of at all:
   * silence about one rider means "as assumed", a dead line means everybody waits. Allocates nothing.
   */
  frame(nowTick: number, newestTick: number, dtS: number): void {
    this.#nowTick = Math.min(nowTick, newestTick + CARRY_TICKS_MAX)
    if (nowTick > newestTick + CARRY_TICKS_MAX) {
      this.#waited.fill(1)
      this.#wokeTick = nowTick
    } else if (nowTick > this.#wokeTick + WAKE_TICKS && this.#wokeTick > -Infinity) {
      this.#waited.fill(0)
      this.#wokeTick = -Infinity
    }
    const lastTick = Math.ceil(this.#nowTick)
    for (let row = 0; row < this.rows; row++) {
      if (this.id[row] === 0) continue
      this.#carryDrawn(row, lastTick)
      this.#foldRow(row, dtS)
      this.shownM[row] = Math.max(this.shownM[row]!, this.#modelM(row) + this.#offsetM[row]!)
      this.shownPlaceM[row] = this.#trails[row]!.placeM(this.shownM[row]!)
      this.shownLateralM[row] = this.#modelLateralM(row) + this.#offsetLateralM[row]!
      const fromMps = this.#previousSpeedMps[row]!
      this.shownSpeedMps[row] = fromMps + (this.#drawn[row]!.speedMps - fromMps) * this.#between(row)
    }
  }

  /** The drawn rider starts again from what is known; what was seen until now becomes an offset that fades. */
  #redraw(row: number, isNew: boolean): void {
    // Old and new are compared at one instant; a frame that is late must not look like an error.
    const knownTick = this.#followers[row]!.tick
    this.#nowTick = Math.max(this.#nowTick, knownTick)
    if (!isNew) this.#carryDrawn(row, Math.ceil(this.#nowTick))
    const seenM = this.#modelM(row) + this.#offsetM[row]!
    const seenLateralM = this.#modelLateralM(row) + this.#offsetLateralM[row]!
    const trail = this.#trails[row]!
    const { placeM } = this.known[row]!
    let runM = isNew ? NaN : trail.rejoin(placeM)
    const isElsewhere = Number.isNaN(runM)
    if (isElsewhere) {
      runM = placeM
      trail.begin(runM, placeM)
    }
    startPlaceCarry(this.#drawn[row]!, this.known[row]!, this.#course, runM)
    this.#drawnTick[row] = knownTick
    this.#remember(row)
    this.#carryDrawn(row, Math.ceil(this.#nowTick))
    if (isElsewhere) return this.#forgetSeen(row)
    const jumpM = seenM - this.#modelM(row)
    this.#offsetM[row] = jumpM
    this.#offsetLateralM[row] = seenLateralM - this.#modelLateralM(row)
    this.#offsetLeftS[row] = FOLD_S
    if (!isNew) this.onError?.(jumpM, this.#offsetLateralM[row]!)
    if (Math.abs(jumpM) > JUMP_M || this.#waited[row] === 1) this.#forgetSeen(row)
    this.#waited[row] = 0
  }

  #foldRow(row: number, dtS: number): void {
    const leftS = this.#offsetLeftS[row]!
    const share = leftS > dtS ? 1 - dtS / leftS : 0
    this.#offsetM[row]! *= share
    this.#offsetLateralM[row]! *= share
    this.#offsetLeftS[row] = Math.max(0, leftS - dtS)
  }

  #carryDrawn(row: number, tick: number): void {
    const isStill = (this.known[row]!.flags & (RIDER_FLAG.held | RIDER_FLAG.zone)) !== 0
    const drawn = this.#drawn[row]!
    const trail = this.#trails[row]!
    if (tick - this.#drawnTick[row]! > LEAP_TICKS_MAX) this.#drawnTick[row] = tick - LEAP_TICKS_MAX
    while (this.#drawnTick[row]! < tick) {
      this.#remember(row)
      if (!isStill) {
        const { way, offsetM } = drawn
        this.#weather.enter(this.#conditions, this.#drawnTick[row]!)
        carryTick(drawn, this.#course, this.#conditions)
        if (drawn.way !== way) trail.enter(drawn.way, this.#course.wayEndM(way) - offsetM, drawn.offsetM)
      }
      this.#drawnTick[row]! += 1
    }
  }

  #remember(row: number): void {
    this.#previousM[row] = this.#drawn[row]!.distanceM
    this.#previousLateralM[row] = this.#drawn[row]!.lateralM
    this.#previousSpeedMps[row] = this.#drawn[row]!.speedMps
  }

  #between(row: number): number {
    return Math.min(Math.max(this.#nowTick - (this.#drawnTick[row]! - 1), 0), 1)
  }

  #modelM(row: number): number {
    const fromM = this.#previousM[row]!
    return fromM + (this.#drawn[row]!.distanceM - fromM) * this.#between(row)
  }

  #modelLateralM(row: number): number {
    const fromM = this.#previousLateralM[row]!
    return fromM + (this.#drawn[row]!.lateralM - fromM) * this.#between(row)
  }

  #takeRow(id: number): number | undefined {
    const row = this.id.indexOf(0)
    if (row < 0) return undefined
    this.id[row] = id
    this.#rowOfId.set(id, row)
    this.rows = Math.max(this.rows, row + 1)
    this.#waited[row] = 0
    this.#forgetSeen(row)
    return row
  }

  #forgetSeen(row: number): void {
    this.shownM[row] = -Infinity
    this.#offsetM[row] = 0
    this.#offsetLateralM[row] = 0
    this.#offsetLeftS[row] = 0
  }
}
