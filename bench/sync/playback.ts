import type { Course } from '#physics/course'
import { createRiders, type Riders } from '#physics/riders'
import { calmConditions, WeatherLog, type Conditions } from '#physics/weather'
import type { Network } from '#maps/network'
import type { RiderId, Row, Tick } from '#protocol/ids'
import { TICK_MS } from '#protocol/limits'
import { TRACE_COLUMNS, type Stage, type TraceColumn } from './trace.ts'

/**
 * A stage of the trace in the shape of a world: sessions and streams run on it as they run on a world that is being
 * ridden, and so does everybody else with the same numbers. Inputs that arrive are counted and change nothing.
 */
export class Playback {
  readonly stage: Stage
  readonly course: Course
  readonly network: Network
  readonly riders: Riders
  readonly conditions: Conditions = calmConditions()
  readonly weather: WeatherLog
  tick = 0 as Tick
  /** Every sample that came through, by row, in the order in which it came. */
  readonly posted: { readonly row: number; readonly sequence: number }[] = []
  readonly #acked = new Map<number, number>()
  readonly #isHard: boolean

  constructor(stage: Stage, capacity = stage.count) {
    this.stage = stage
    this.course = stage.loaded.course
    this.network = stage.loaded.network
    this.#isHard = stage.variant === 'hard'
    this.weather = new WeatherLog(this.#isHard ? stage.plan.weather : undefined)
    this.riders = createRiders(capacity)
    this.riders.count = stage.count
    for (let row = 0; row < stage.count; row++) this.riders.id[row] = row + 1
    this.riders.massKg.set(stage.massKg)
    this.riders.cdaM2.set(stage.cdaM2)
    this.#show()
  }

  get isOver(): boolean {
    return this.tick + 1 >= this.stage.ticks
  }

  /** As world.step(): the next tick's columns. */
  step(): void {
    this.tick = (this.tick + 1) as Tick
    this.#show()
  }

  rowOf(riderId: RiderId): Row | undefined {
    return riderId >= 1 && riderId <= this.stage.count ? ((riderId - 1) as Row) : undefined
  }

  post(row: Row, sample: { readonly sequence: number }): void {
    this.posted.push({ row, sequence: sample.sequence })
    this.#acked.set(row, sample.sequence)
  }

  resume(row: Row): void {
    this.#acked.delete(row)
  }

  ackedSequence(row: Row): number | undefined {
    return this.#acked.get(row)
  }

  /** The way this row is about to take, as the world knew it. */
  wayAhead(row: number): number {
    return this.stage.wayAhead[this.tick * this.stage.count + row]!
  }

  #show(): void {
    const { stage, riders, tick } = this
    // The step that led to this tick was ridden in the weather of the tick it left.
    this.weather.enter(this.conditions, tick - 1)
    const from = tick * stage.count
    for (const name of TRACE_COLUMNS) riders[name].set(stage.columns[name].subarray(from, from + stage.count))
  }
}

/** What was true at a moment between two ticks of a stage: straight from one to the next. */
export class Truth {
  readonly stage: Stage

  constructor(stage: Stage) {
    this.stage = stage
  }

  at(column: TraceColumn, row: number, atMs: number): number {
    const { count, ticks, columns } = this.stage
    const tick = Math.min(Math.max(atMs / TICK_MS, 0), ticks - 1)
    const before = Math.floor(tick)
    const share = tick - before
    const values = columns[column]
    const from = values[before * count + row]!
    return share === 0 ? from : from + (values[(before + 1) * count + row]! - from) * share
  }

  /** The last tick that was over by then. */
  tickAt(atMs: number): number {
    return Math.min(Math.max(Math.floor(atMs / TICK_MS), 0), this.stage.ticks - 1)
  }

  value(column: TraceColumn, row: number, tick: number): number {
    return this.stage.columns[column][tick * this.stage.count + row]!
  }

  placeM(row: number, tick: number): number {
    return this.value('distanceM', row, tick) + this.value('offsetM', row, tick)
  }
}
