import type { RiderId, Row, Tick } from '#protocol/ids'
import type { InputSample } from '#protocol/input'
import { TICK_HZ } from '#protocol/limits'
import type { Course } from '#physics/course'
import { Pack } from '#physics/pack'
import { createRiders, RIDER_COLUMNS, RIDER_FLAG, type Riders } from '#physics/riders'
import { stepRiders } from '#physics/step'
import { passJunctions } from '#physics/ways'
import { calmConditions, type Conditions } from '#physics/weather'
import { crossings, type Line } from '#maps/segments'
import type { Crossing, Entry } from '#server/event/model'
import { lapOfCrossing, penSlot } from '#server/event/pen'
import { fillState, writeState } from './checkpoint.ts'
import type { Fact, RunState } from './facts.ts'
import { fold, foldText } from './hash.ts'
import { hashRow, hashState } from './state-hash.ts'
import { Inbox } from './inbox.ts'
import { createLedger, LEDGER_COLUMNS, openSession, payTick, takenSequence, takeSample, type Ledger } from './ledger.ts'
import type { CheckpointState, JoinRecord, JournalRecord } from './records.ts'
import { assert } from './assert.ts'

/** A checkpoint a minute (issue 2, point 4). */
export const CHECKPOINT_TICKS = 1200

export interface WorldOptions {
  readonly course: Course
  readonly riderCapacity: number
  /** Every input as it is applied, and the outputs to compare with. Absent: nothing is written down. */
  readonly journal?: (record: JournalRecord) => void
}

export interface Join extends Omit<JoinRecord, 'riderId'> {
  readonly riderId: RiderId
}

/** What hands in samples from inside: bots. Called first in every step. */
export interface InputSource {
  post(world: World): void
}

/** What was refused or dropped, since the start; not part of the state. */
export interface WorldCounters {
  samplesTaken: number
  samplesRefused: number
  inboxOverflows: number
  /** Time that stamps ran ahead of the server and that was therefore not credited, ms. */
  stampExcessMs: number
}

/**
 * Riders on a road, twenty ticks a second. Knows no network, no clock and no Colyseus; the same inputs in the same ticks
 * give the same state, bit for bit, in every engine.
 */
export class World {
  readonly course: Course
  readonly riders: Riders
  readonly ledger: Ledger
  readonly counters: WorldCounters = { samplesTaken: 0, samplesRefused: 0, inboxOverflows: 0, stampExcessMs: 0 }
  /** Tick of the state that `riders` now holds; 0 before the first step. */
  tick = 0 as Tick
  readonly conditions: Conditions = calmConditions()
  run: RunState = { phase: 'none' }
  /** This run's crossings so far, tick by tick; inside a tick in the order of the start list (`fraction` decides). */
  crossings: Crossing[] = []
  /** Bots and scripted riders; replays have none, for what they did is in the journal. */
  source: InputSource | undefined
  readonly #inbox: Inbox
  readonly #journal: (record: JournalRecord) => void
  readonly #rowOf = new Map<RiderId, Row>()
  readonly #legsW: Float64Array
  readonly #fromM: Float64Array
  readonly #fromMps: Float64Array
  readonly #pack = new Pack()
  readonly #nextWay = (row: number): number => this.course.exitOf(this.riders.way[row]!, this.riders.turn[row]!)
  /** The lines of the run; one today. */
  readonly #lines: Line[] = [{ id: '', atM: 0 }]

  constructor(options: WorldOptions) {
    this.course = options.course
    this.riders = createRiders(options.riderCapacity)
    this.ledger = createLedger(options.riderCapacity)
    this.#inbox = new Inbox(options.riderCapacity)
    this.#journal = options.journal ?? (() => {})
    this.#legsW = new Float64Array(options.riderCapacity)
    this.#fromM = new Float64Array(options.riderCapacity)
    this.#fromMps = new Float64Array(options.riderCapacity)
  }

  get isFull(): boolean {
    return this.#rowOf.size >= this.riders.capacity
  }

  get freeRows(): number {
    return this.riders.capacity - this.#rowOf.size
  }

  /** Stands in the pen. */
  isHeld(row: Row): boolean {
    return (this.riders.flags[row]! & RIDER_FLAG.held) !== 0
  }

  rowOf(riderId: RiderId): Row | undefined {
    return this.#rowOf.get(riderId)
  }

  /** Newest sample taken up in this input session; undefined before the first. */
  ackedSequence(row: Row): number | undefined {
    return takenSequence(this.ledger, row)
  }

  /** Takes the lowest free row. Ask `isFull` first. */
  join(join: Join): Row {
    const { riders } = this
    assert(!this.isFull, 'a rider joined a full world')
    assert(join.riderId > 0 && !this.#rowOf.has(join.riderId), 'a rider id joined twice, or is 0')
    let row = 0
    while (row < riders.count && riders.id[row] !== 0) row++
    riders.count = Math.max(riders.count, row + 1)
    riders.id[row] = join.riderId
    riders.massKg[row] = join.massKg
    riders.cdaM2[row] = join.cdaM2
    riders.way[row] = this.course.wayAt(join.distanceM)
    riders.distanceM[row] = join.distanceM + 0 // JSON has no −0, so neither has a world that can be replayed.
    riders.lateralM[row] = join.lateralM + 0
    riders.lineM[row] = join.lateralM + 0
    riders.draftFactor[row] = 1
    riders.flags[row] = (join.isBot ? RIDER_FLAG.bot : 0) | (join.held ? RIDER_FLAG.held : 0)
    this.ledger.joinTick[row] = this.tick
    // Who was away in the middle of a race goes on with the laps they have.
    this.ledger.crossed[row] = this.crossings.filter((crossing) => crossing.riderId === join.riderId).length
    this.#rowOf.set(join.riderId, row as Row)
    const { riderId, massKg, cdaM2, distanceM, lateralM, isBot, held } = join
    const record = { riderId, massKg, cdaM2, distanceM, lateralM, isBot, held }
    riders.inputHash[row] = foldText(this.tick, JSON.stringify(record))
    this.#journal(['join', this.tick, row, record])
    return row as Row
  }

  /** Frees the row; the last thing it held is hashed into the journal. */
  leave(row: Row): void {
    const { riders, ledger } = this
    const riderId = riders.id[row]! as RiderId
    assert(row < riders.count && riderId !== 0, 'a free row was left')
    this.#journal(['leave', this.tick, row, hashRow(riders, ledger, row)])
    for (const column of RIDER_COLUMNS) riders[column][row] = 0
    for (const column of LEDGER_COLUMNS) ledger[column][row] = 0
    riders.draftFactor[row] = 1
    this.#inbox.clear(row)
    this.#rowOf.delete(riderId)
    while (riders.count > 0 && riders.id[riders.count - 1] === 0) riders.count--
  }

  /** The rider's inputs come from another sender from now on: a bridge that was restarted, another device. */
  resume(row: Row): void {
    assert(this.riders.id[row] !== 0, 'a free row was resumed')
    this.#inbox.clear(row)
    openSession(this.ledger, row)
    this.riders.inputHash[row] = fold(this.riders.inputHash[row]!, this.tick)
    this.#journal(['session', this.tick, row])
  }

  /** Into the inbox; the next step takes it up and journals it. */
  post(row: Row, sample: InputSample): void {
    assert(row < this.riders.count && this.riders.id[row] !== 0, 'a sample was posted to a free row')
    this.#inbox.post(row, sample)
  }

  /** A slow fact, from the next step on; an input of everybody's, so it is folded into everybody's. */
  decide(fact: Fact): void {
    this.#journal(['fact', this.tick, fact])
    const { riders } = this
    const factHash = foldText(this.tick, JSON.stringify(fact))
    for (let row = 0; row < riders.count; row++) {
      if (riders.id[row] !== 0) riders.inputHash[row] = fold(riders.inputHash[row]!, factHash)
    }
    switch (fact.kind) {
      case 'weather':
        this.conditions.weather = fact.weather
        return
      case 'pen':
        this.run = { phase: 'pen', run: fact.run }
        this.crossings = []
        fact.run.entries.forEach((entry, index) => this.#stand(entry.riderId, index))
        return
      case 'start':
        if (this.run.phase !== 'pen' || this.run.run.runId !== fact.runId || fact.startTick < this.tick) return
        this.run = { phase: 'countdown', run: this.run.run, startTick: fact.startTick }
        return
      case 'abandon':
        if (this.run.phase === 'none' || this.run.run.runId !== fact.runId) return
        this.#release()
        this.run = { phase: 'none' }
        return
      case 'decision':
        return
    }
  }

  /** One tick: bots → inbox → event → physics → crossings → checkpoint. */
  step(): void {
    const { riders, ledger } = this
    this.source?.post(this)
    this.#takeUp()
    this.#advanceRun()
    for (let row = 0; row < riders.count; row++) {
      this.#fromM[row] = riders.distanceM[row]!
      this.#fromMps[row] = riders.speedMps[row]!
      if (riders.id[row] !== 0) this.#legsW[row] = payTick(riders, ledger, row, this.tick)
    }
    this.#ride()
    this.tick = (this.tick + 1) as Tick
    this.#cross()
    if (this.tick % CHECKPOINT_TICKS === 0) {
      this.#journal(['checkpoint', this.tick, this.stateHash(), this.checkpoint()])
    }
  }

  /** 16 hex digits over every column of every row in use, the count and the tick; nothing else. */
  stateHash(): string {
    return hashState(this.riders, this.ledger, this.tick)
  }

  /** Everything the next step reads, as a value that survives JSON. */
  checkpoint(): CheckpointState {
    return writeState(this)
  }

  /** Puts a checkpoint back; false when it does not fit this world. Bots are put back by who made them. */
  restore(tick: number, state: CheckpointState): boolean {
    if (!fillState(this, state)) return false
    this.tick = tick as Tick
    this.#rowOf.clear()
    for (let row = 0; row < this.riders.count; row++) {
      this.#inbox.clear(row)
      if (this.riders.id[row] !== 0) this.#rowOf.set(this.riders.id[row]! as RiderId, row as Row)
    }
    return true
  }

  /** The last line of a journal. */
  end(): void {
    this.#journal(['end', this.tick, this.stateHash()])
  }

  #takeUp(): void {
    const { riders, ledger, counters } = this
    this.#inbox.empty((row, sample) => {
      const taken = takeSample(riders, ledger, row, sample, this.tick)
      if (!taken.taken) {
        counters.samplesRefused++
        return
      }
      counters.samplesTaken++
      counters.stampExcessMs += taken.excessMs
      riders.steer[row] = sample.steer
      const { sequence, atMs, powerW, cadenceHalfRpm, heartRateBpm, steer } = sample
      this.#journal(['sample', this.tick, row, sequence, atMs, powerW, cadenceHalfRpm, heartRateBpm, steer])
    })
    counters.inboxOverflows = this.#inbox.overflows
  }

  #advanceRun(): void {
    const { run } = this
    if (run.phase === 'countdown' && this.tick >= run.startTick) {
      this.#release()
      this.run = { phase: 'racing', run: run.run, startTick: run.startTick, deadlineTick: null }
    } else if (run.phase === 'racing') {
      const isOver = run.deadlineTick !== null && this.tick >= run.deadlineTick
      if (isOver || this.#isEverybodyIn(run.run.entries)) {
        this.run = { phase: 'finished', run: run.run, startTick: run.startTick, endTick: this.tick }
      }
    }
  }

  /** The payout moves the legs but is not shown: `powerW` stays what the trainer measured. */
  #ride(): void {
    const { riders } = this
    const legsW = this.#legsW
    for (let row = 0; row < riders.count; row++) {
      const shownW = riders.powerW[row]!
      riders.powerW[row] = legsW[row]!
      legsW[row] = shownW
    }
    this.conditions.tick = this.tick
    this.#pack.prepare(riders, this.course, this.conditions)
    stepRiders(riders, this.course, this.conditions, this.#nextWay)
    this.#pack.settle(riders, this.course)
    passJunctions(riders, this.course, this.#nextWay)
    for (let row = 0; row < riders.count; row++) {
      riders.powerW[row] = legsW[row]!
      legsW[row] = 0
    }
  }

  #cross(): void {
    const { run, riders, ledger, course } = this
    if (run.phase !== 'racing') return
    const { rules, entries } = run.run
    const lengthM = course.isLoop ? course.lengthM : Infinity
    this.#lines[0] = { id: rules.lineId, atM: rules.lineM }
    for (const { riderId } of entries) {
      const row = this.#rowOf.get(riderId)
      if (row === undefined || (riders.flags[row]! & RIDER_FLAG.finished) !== 0) continue
      // A tick is far shorter than a lap: one crossing at most.
      const [crossed] = crossings(
        this.#fromM[row]!,
        riders.distanceM[row]!,
        this.#fromMps[row]!,
        riders.speedMps[row]!,
        this.#lines,
        lengthM,
      )
      if (crossed === undefined) continue
      const { fraction } = crossed
      const lap = lapOfCrossing(ledger.crossed[row]!++, rules)
      this.crossings.push({ tick: this.tick, fraction, riderId, lineId: rules.lineId, lap })
      this.#journal(['crossing', this.tick, fraction, riderId, rules.lineId, lap])
      if (lap < rules.laps) continue
      riders.flags[row]! |= RIDER_FLAG.finished
      if (this.run.phase === 'racing' && this.run.deadlineTick === null) {
        this.run = { ...this.run, deadlineTick: this.tick + Math.ceil(rules.timeLimitS * TICK_HZ) }
      }
    }
  }

  #stand(riderId: RiderId, index: number): void {
    const row = this.#rowOf.get(riderId)
    if (row === undefined || this.run.phase === 'none') return
    const { riders } = this
    const slot = penSlot(index, this.run.run.rules, this.course)
    riders.flags[row] = (riders.flags[row]! | RIDER_FLAG.held) & ~RIDER_FLAG.finished
    riders.distanceM[row] = slot.distanceM
    riders.lateralM[row] = slot.lateralM
    riders.lineM[row] = slot.lateralM
    riders.speedMps[row] = 0
    riders.lateralMps[row] = 0
    this.ledger.crossed[row] = 0
  }

  /** Everybody in the same tick. */
  #release(): void {
    const { riders } = this
    for (let row = 0; row < riders.count; row++) riders.flags[row]! &= ~RIDER_FLAG.held
  }

  #isEverybodyIn(entries: readonly Entry[]): boolean {
    for (const { riderId } of entries) {
      const row = this.#rowOf.get(riderId)
      if (row !== undefined && (this.riders.flags[row]! & RIDER_FLAG.finished) === 0) return false
    }
    return true
  }
}
