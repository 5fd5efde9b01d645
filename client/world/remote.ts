import { AIR_DENSITY_KGPM3 } from '#physics/constants'
import type { Course } from '#physics/course'
import { carryTick, createCarried, startCarry, type Carried } from '#physics/dead-reckoning'
import type { MotionRecord } from './motion.ts'

/** Corrections of others are folded within this. */
export const FOLD_S = 0.2
/** Larger than this nobody is fooled by a fold: the rider is moved. */
export const JUMP_M = 30
/** Without any word from the server the others ride on for this long, then wait. */
export const CARRY_TICKS_MAX = 40

/**
 * The others. Each stands in a row, carried tick by tick to the first tick that is not yet over; the frame between two
 * ticks is a straight line. When a record says otherwise the drawn rider stays and the difference fades within 200 ms.
 */
export class RemoteRiders {
  readonly capacity: number
  readonly id: Uint32Array
  /** What is drawn, filled by `frame`. */
  readonly shownM: Float64Array
  readonly shownLateralM: Float64Array
  readonly shownSpeedMps: Float64Array
  readonly powerW: Float64Array
  readonly cadenceRpm: Float64Array
  readonly heartRateBpm: Float64Array
  /** Tick of the newest record. */
  readonly heardTick: Float64Array
  private readonly course: Course
  private readonly carried: readonly Carried[]
  private readonly atTick: Float64Array
  private readonly previousM: Float64Array
  private readonly previousLateralM: Float64Array
  private readonly previousSpeedMps: Float64Array
  private readonly offsetM: Float64Array
  private readonly offsetLateralM: Float64Array
  private readonly offsetLeftS: Float64Array
  private readonly rowOfId = new Map<number, number>()
  private nowTick = 0
  /** Rows in use are below this; `id` 0 marks a free one. */
  rows = 0

  constructor(course: Course, capacity: number) {
    const column = () => new Float64Array(capacity)
    this.course = course
    this.carried = Array.from({ length: capacity }, createCarried)
    this.capacity = capacity
    this.id = new Uint32Array(capacity)
    this.shownM = column()
    this.shownLateralM = column()
    this.shownSpeedMps = column()
    this.powerW = column()
    this.cadenceRpm = column()
    this.heartRateBpm = column()
    this.heardTick = column()
    this.atTick = column()
    this.previousM = column()
    this.previousLateralM = column()
    this.previousSpeedMps = column()
    this.offsetM = column()
    this.offsetLateralM = column()
    this.offsetLeftS = column()
  }

  get count(): number {
    return this.rowOfId.size
  }

  rowOf(id: number): number | undefined {
    return this.rowOfId.get(id)
  }

  /** A record as it arrives; an older one than the newest known is passed over. */
  accept(record: MotionRecord): void {
    const known = this.rowOfId.get(record.id)
    if (known !== undefined && record.tick < this.heardTick[known]!) return
    const row = known ?? this.takeRow(record.id)
    if (row < 0) return
    const beforeM = this.modelM(row) + this.offsetM[row]!
    const beforeLateralM = this.modelLateralM(row) + this.offsetLateralM[row]!
    this.heardTick[row] = record.tick
    this.powerW[row] = record.powerW
    this.cadenceRpm[row] = record.cadenceRpm
    this.heartRateBpm[row] = record.heartRateBpm
    startCarry(this.carried[row]!, record)
    this.atTick[row] = record.tick
    this.remember(row)
    this.carryTo(row, Math.ceil(this.nowTick))
    if (known === undefined) return
    this.offsetM[row] = beforeM - this.modelM(row)
    this.offsetLateralM[row] = beforeLateralM - this.modelLateralM(row)
    this.offsetLeftS[row] = FOLD_S
    if (Math.abs(this.offsetM[row]!) > JUMP_M) this.forgetShown(row)
  }

  /** The rider has left the road, or our sight. */
  leave(id: number): void {
    const row = this.rowOfId.get(id)
    if (row === undefined) return
    this.rowOfId.delete(id)
    this.id[row] = 0
    while (this.rows > 0 && this.id[this.rows - 1] === 0) this.rows--
  }

  /**
   * Everybody at `nowTick`, the server's time with fraction. `newestTick` is the last tick we have heard of at all: a
   * silent server means riders as assumed, a dead line means riders who wait. Allocates nothing.
   */
  frame(nowTick: number, newestTick: number, dtS: number): void {
    this.nowTick = Math.max(this.nowTick, Math.min(nowTick, newestTick + CARRY_TICKS_MAX))
    const lastTick = Math.ceil(this.nowTick)
    for (let row = 0; row < this.rows; row++) {
      if (this.id[row] === 0) continue
      this.carryTo(row, lastTick)
      this.foldRow(row, dtS)
      this.shownM[row] = Math.max(this.shownM[row]!, this.modelM(row) + this.offsetM[row]!)
      this.shownLateralM[row] = this.modelLateralM(row) + this.offsetLateralM[row]!
      const x = this.between(row)
      const previousMps = this.previousSpeedMps[row]!
      this.shownSpeedMps[row] = previousMps + (this.carried[row]!.speedMps - previousMps) * x
    }
  }

  private foldRow(row: number, dtS: number): void {
    const leftS = this.offsetLeftS[row]!
    const share = leftS > dtS ? 1 - dtS / leftS : 0
    this.offsetM[row]! *= share
    this.offsetLateralM[row]! *= share
    this.offsetLeftS[row] = Math.max(0, leftS - dtS)
  }

  private carryTo(row: number, tick: number): void {
    while (this.atTick[row]! < tick) {
      this.remember(row)
      carryTick(this.carried[row]!, this.course, AIR_DENSITY_KGPM3)
      this.atTick[row]! += 1
    }
  }

  private remember(row: number): void {
    this.previousM[row] = this.carried[row]!.distanceM
    this.previousLateralM[row] = this.carried[row]!.lateralM
    this.previousSpeedMps[row] = this.carried[row]!.speedMps
  }

  private between(row: number): number {
    return Math.min(Math.max(this.nowTick - (this.atTick[row]! - 1), 0), 1)
  }

  private modelM(row: number): number {
    const fromM = this.previousM[row]!
    return fromM + (this.carried[row]!.distanceM - fromM) * this.between(row)
  }

  private modelLateralM(row: number): number {
    const fromM = this.previousLateralM[row]!
    return fromM + (this.carried[row]!.lateralM - fromM) * this.between(row)
  }

  private takeRow(id: number): number {
    let row = this.id.indexOf(0)
    if (row < 0) return -1
    this.id[row] = id
    this.rowOfId.set(id, row)
    this.rows = Math.max(this.rows, row + 1)
    this.forgetShown(row)
    return row
  }

  private forgetShown(row: number): void {
    this.shownM[row] = -Infinity
    this.offsetM[row] = 0
    this.offsetLateralM[row] = 0
    this.offsetLeftS[row] = 0
  }
}
