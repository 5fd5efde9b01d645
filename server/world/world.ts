import type { RiderId, Row, Tick } from '#protocol/ids'
import type { InputSample } from '#protocol/input'
import { TICK_HZ } from '#protocol/limits'
import type { Notice } from '#protocol/notices'
import type { OwnGear } from '#protocol/own'
import type { RiderWish } from '#protocol/rider-wish'
import { cornersOf } from '#physics/corners'
import type { Course } from '#physics/course'
import { Pack } from '#physics/pack'
import { brakeResting, standResting } from '#physics/rest'
import { createRiders, RIDER_COLUMNS, RIDER_FLAG, type Riders } from '#physics/riders'
import { DT_S, stepRiders } from '#physics/step'
import { createMiddle, type Middle } from '#physics/together'
import { passJunctions } from '#physics/ways'
import { addSkySpell, type SkySpell } from '#physics/sky'
import { calmConditions, WeatherLog, type Conditions } from '#physics/weather'
import { bareNetwork, type Network } from '#maps/network'
import { legAtPlace, placeOnRoute, routeNumber } from '#maps/routes'
import { crossings, type Line } from '#maps/segments'
import type { Crossing, Entry } from '#server/event/model'
import { lapOfCrossing, penSlot } from '#server/event/pen'
import { columnsOf, fillState, writeState } from './checkpoint.ts'
import { Efforts, type Effort } from './efforts.ts'
import type { Fact, RunState } from './facts.ts'
import { fold, foldText } from './hash.ts'
import { heedWish } from './heed.ts'
import { RiddenWays } from './ridden-ways.ts'
import { hashRow, hashState } from './state-hash.ts'
import { keepTogether } from './together.ts'
import { Inbox } from './inbox.ts'
import {
  createLedger,
  LEDGER_COLUMNS,
  openSession,
  payTick,
  startAccount,
  takenSequence,
  takeSample,
  type Ledger,
} from './ledger.ts'
import type { CheckpointState, JoinRecord, JournalRecord } from './records.ts'
import { assert } from './assert.ts'
import type { ZoneChange, ZoneHost } from './zone-host.ts'

/** A checkpoint a minute (issue 2, point 4). */
export const CHECKPOINT_TICKS = 1200

export interface WorldOptions {
  readonly course: Course
  /** What lies along the course; without it a road of one way and nothing along it. */
  readonly network?: Network
  readonly riderCapacity: number
  /** Every input as it is applied, and the outputs to compare with. Absent: nothing is written down. */
  readonly journal?: (record: JournalRecord) => void
  /** A rider has ridden a segment from its first metre to its last. */
  readonly onEffort?: (effort: Effort) => void
  /** A rider came to the end of a road that leads nowhere, and stands. */
  readonly onRoadEnd?: (row: Row) => void
  /** What a rider wished for cannot be: why, in a sentence. */
  readonly onRefusal?: (row: Row, why: Notice) => void
}

/** On a route `distanceM` says where; else `placeM` does, and it is `distanceM` where a road is one way without end. */
export interface Join extends Omit<JoinRecord, 'riderId' | 'placeM' | 'routeId'> {
  readonly riderId: RiderId
  readonly placeM?: number
  readonly routeId?: string
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
  readonly network: Network
  readonly riders: Riders
  readonly ledger: Ledger
  readonly efforts: Efforts
  readonly counters: WorldCounters = { samplesTaken: 0, samplesRefused: 0, inboxOverflows: 0, stampExcessMs: 0 }
  /** Tick of the state that `riders` now holds; 0 before the first step. */
  tick = 0 as Tick
  readonly conditions: Conditions = calmConditions()
  run: RunState = { phase: 'none' }
  /** The route whose riders are kept together, '': none; never in a race. */
  togetherRoute = ''
  /** Where the middle of those who are kept together was, in the step that left `tick`; route 0: nobody was. */
  readonly middle: Middle = createMiddle()
  /** This run's crossings so far, tick by tick; inside a tick in the order of the start list (`fraction` decides). */
  crossings: Crossing[] = []
  /** Bots and scripted riders; replays have none, for what they did is in the journal. */
  source: InputSource | undefined
  /** Free-ride zones; replays have none, for what they did is in the journal. */
  zones: ZoneHost | undefined
  readonly #inbox: Inbox
  readonly #journal: (record: JournalRecord) => void
  readonly #rowOf = new Map<RiderId, Row>()
  readonly #legsW: Float64Array
  readonly #paidW: Float64Array
  readonly #pack = new Pack()
  readonly #ways: RiddenWays
  #weather = new WeatherLog()
  /** What was said of the sky, oldest first: physics does not ask. */
  skies: SkySpell[] = []
  readonly #onRefusal: (row: Row, why: Notice) => void
  /** By row; not of the state, for no step reads it. */
  readonly #gear: (OwnGear | undefined)[] = []
  /** The line of the run. */
  readonly #lines: Line[] = [{ id: '', atM: 0 }]

  constructor(options: WorldOptions) {
    this.course = options.course
    this.network = options.network ?? bareNetwork()
    // Worked out now, so that no tick waits for it: not the first one, nor the first in the rain.
    for (const isWet of [false, true]) cornersOf(this.course, isWet)
    this.riders = createRiders(options.riderCapacity)
    this.ledger = createLedger(options.riderCapacity)
    const loopM = options.course.isLoop && this.network.ways[0]!.endM === Infinity ? options.course.lengthM : Infinity
    this.efforts = new Efforts({ network: this.network, loopM, capacity: options.riderCapacity }, (effort) => {
      this.#noteEffort(effort)
      options.onEffort?.(effort)
    })
    this.#ways = new RiddenWays(this, options.onRoadEnd ?? (() => {}))
    this.#onRefusal = options.onRefusal ?? (() => {})
    this.#inbox = new Inbox(options.riderCapacity)
    this.#journal = options.journal ?? (() => {})
    this.#legsW = new Float64Array(options.riderCapacity)
    this.#paidW = new Float64Array(options.riderCapacity)
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

  /** The way this row takes at the end of the one it is on, as things stand; −1: the road ends there. */
  wayAhead(row: number): number {
    return this.#ways.ahead(row)
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
    const { distanceM, placeM = distanceM, routeId = '' } = join
    this.#put(row, distanceM, placeM, routeId)
    riders.lateralM[row] = join.lateralM + 0
    riders.lineM[row] = join.lateralM + 0
    riders.draftFactor[row] = 1
    const { speedMps = 0 } = join
    riders.speedMps[row] = speedMps + 0
    riders.flags[row] = (join.isBot ? RIDER_FLAG.bot : 0) | (join.held ? RIDER_FLAG.held : 0)
    this.ledger.joinTick[row] = this.tick
    // Who was away in the middle of a race goes on with the laps they have.
    this.ledger.crossed[row] = this.crossings.filter((crossing) => crossing.riderId === join.riderId).length
    this.#rowOf.set(join.riderId, row as Row)
    const { riderId, massKg, cdaM2, lateralM, isBot, held } = join
    const atM = riders.distanceM[row]! + riders.offsetM[row]!
    const record = {
      riderId,
      massKg,
      cdaM2,
      distanceM,
      placeM: atM,
      routeId,
      lateralM,
      isBot,
      held,
      ...(speedMps > 0 ? { speedMps } : {}),
    }
    riders.inputHash[row] = foldText(this.tick, JSON.stringify(record))
    this.#journal(['join', this.tick, row, record])
    return row as Row
  }

  /** Frees the row; the last thing it held is hashed into the journal. */
  leave(row: Row): void {
    const { riders, ledger } = this
    const riderId = riders.id[row]! as RiderId
    assert(row < riders.count && riderId !== 0, 'a free row was left')
    this.#journal(['leave', this.tick, row, hashRow(this.#columns, row)])
    for (const column of RIDER_COLUMNS) riders[column][row] = 0
    for (const column of LEDGER_COLUMNS) ledger[column][row] = 0
    this.efforts.drop(row)
    riders.draftFactor[row] = 1
    this.#inbox.clear(row)
    this.#gear[row] = undefined
    this.#rowOf.delete(riderId)
    while (riders.count > 0 && riders.id[riders.count - 1] === 0) riders.count--
  }

  /** The rider's inputs come from another sender from now on: a bridge that was restarted, another device. */
  resume(row: Row): void {
    assert(this.riders.id[row] !== 0, 'a free row was resumed')
    this.#inbox.clear(row)
    this.#gear[row] = undefined
    openSession(this.ledger, row)
    this.riders.inputHash[row] = fold(this.riders.inputHash[row]!, this.tick)
    this.#journal(['session', this.tick, row])
  }

  /** What the rider wishes for at the next junction, one of physics’ TURN; the newest wish holds. False: a race has its own road. */
  wish(row: Row, turn: number): boolean {
    const { riders } = this
    assert(riders.id[row] !== 0, 'a free row wished for a turn')
    if (this.isBound(row)) return false
    riders.turn[row] = turn
    riders.inputHash[row] = fold(fold(riders.inputHash[row]!, this.tick), turn)
    this.#journal(['turn', this.tick, row, turn])
    return true
  }

  /**
   * From here on along a route, or ('') along none. False, and nothing changed: there is no such route, it does not lead
   * by here, or the rider is in a race. `distanceM` counts the route's metres from now on.
   */
  takeRoute(row: Row, routeId: string): boolean {
    const { riders, ledger, network } = this
    assert(riders.id[row] !== 0, 'a free row took a route')
    if (this.isBound(row)) return false
    const number = routeNumber(network, routeId)
    const route = network.routes[number - 1]
    const placeM = riders.distanceM[row]! + riders.offsetM[row]!
    const leg = route === undefined ? 0 : legAtPlace(network, route, riders.way[row]!, placeM)
    if (routeId !== '' && leg === 0) return false
    ledger.route[row] = number
    riders.leg[row] = leg
    if (route !== undefined) {
      const { way, fromM, atM } = route.legs[leg - 1]!
      riders.distanceM[row] = placeM - network.ways[way]!.startM - fromM + atM
      riders.offsetM[row] = placeM - riders.distanceM[row]!
    }
    riders.inputHash[row] = foldText(fold(riders.inputHash[row]!, this.tick), routeId)
    this.#journal(['route', this.tick, row, routeId])
    return true
  }

  /** What the end that gives the legs says of its devices: an input that moves nobody. */
  equip(row: Row, gear: OwnGear): void {
    const { riders } = this
    assert(riders.id[row] !== 0, 'a free row was equipped')
    const { trainerMode, targetW, powerSource, cadenceSource, heartRateSource } = gear
    this.#gear[row] = gear
    const sources = powerSource + 8 * (cadenceSource + 8 * heartRateSource)
    riders.inputHash[row] = fold(fold(fold(riders.inputHash[row]!, this.tick), trainerMode + 4 * targetW), sources)
    this.#journal(['gear', this.tick, row, trainerMode, targetW, powerSource, cadenceSource, heartRateSource])
  }

  gear(row: Row): OwnGear | undefined {
    return this.#gear[row]
  }

  /** Whatever a rider's end wishes; what cannot be is answered in a sentence. */
  heed(row: Row, wish: RiderWish): void {
    const why = heedWish(this, row, wish)
    if (why !== undefined) this.#onRefusal(row, why)
  }

  /** In a race, and so on its route to its end. */
  isBound(row: Row): boolean {
    const { run, riders } = this
    if (run.phase === 'none' || run.phase === 'finished') return false
    if ((riders.flags[row]! & RIDER_FLAG.finished) !== 0) return false
    return run.run.entries.some(({ riderId }) => riderId === riders.id[row])
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
        this.#weather.change(fact.weather, Math.max(fact.fromTick ?? 0, this.tick))
        return
      case 'sky': {
        const { fromTick, easeTicks, sky } = fact
        addSkySpell(this.skies, { fromTick, easeTicks, sky }, this.tick)
        return
      }
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
      case 'together':
        this.togetherRoute = fact.routeId
        return
      case 'go':
        if (this.run.phase === 'none') this.#release()
        return
      case 'rest':
        this.#rest(this.#rowOf.get(fact.riderId), fact.isOn)
        return
      case 'decision':
        return
    }
  }

  /** One tick: bots → inbox → event → watts → pack, forces, contact, junctions → segments → crossings → checkpoint → zones. */
  step(): void {
    const { riders, ledger } = this
    this.source?.post(this)
    this.#takeUp()
    this.#advanceRun()
    this.#ways.begin()
    for (let row = 0; row < riders.count; row++) {
      if (riders.id[row] !== 0) this.#legsW[row] = payTick(riders, ledger, row, this.tick)
      this.#paidW[row] = this.#legsW[row]!
    }
    this.#ride()
    this.tick = (this.tick + 1) as Tick
    this.#cross()
    if (this.tick % CHECKPOINT_TICKS === 0) {
      this.#journal(['checkpoint', this.tick, this.stateHash(), this.checkpoint()])
    }
    // Last, so that its lines stand where a replay applies them: at this tick, before the next.
    this.zones?.step(this, this.#paidW)
  }

  /** Into a zone: the row stands still until it comes out. Out of it: back on its way, where and as fast as `change` says. */
  zone(row: Row, change: ZoneChange): void {
    assert(this.whyNoZone(row, change) === undefined, 'a zone moved a rider who was not its own')
    const { riders } = this
    riders.inputHash[row] = fold(riders.inputHash[row]!, foldText(this.tick, JSON.stringify(change)))
    riders.lateralMps[row] = 0
    if (change.kind === 'enter') {
      riders.flags[row]! |= RIDER_FLAG.zone
      riders.speedMps[row] = 0
      riders.turn[row] = 0
    } else {
      riders.flags[row]! &= ~RIDER_FLAG.zone
      riders.distanceM[row] = change.distanceM + 0
      riders.lateralM[row] = change.lateralM + 0
      riders.lineM[row] = change.lateralM + 0
      riders.speedMps[row] = change.speedMps + 0
      riders.brakeJ[row]! += change.brakeJ
      riders.contactJ[row]! += change.contactJ
    }
    this.#journal(['zone', this.tick, row, change])
  }

  /** Why a zone may not do this with a rider; undefined when it may. */
  whyNoZone(row: Row, change: ZoneChange): string | undefined {
    const { riders, run } = this
    if (row >= riders.count || riders.id[row] === 0) return `speaks of row ${row}, where nobody rides`
    const isInside = (riders.flags[row]! & RIDER_FLAG.zone) !== 0
    if (change.kind === 'exit') return isInside ? undefined : `lets row ${row} out of a zone it is not in`
    if (isInside) return `lets row ${row} into a zone twice`
    if (this.isHeld(row) || this.isBound(row) || run.phase !== 'none')
      return `lets row ${row} into a zone during a race`
    return undefined
  }

  /** 16 hex digits over every column of every row in use, the count and the tick; nothing else. */
  stateHash(): string {
    return hashState(this.#columns, this.riders.count, this.tick)
  }

  /** Everything the next step reads, as a value that survives JSON. */
  checkpoint(): CheckpointState {
    return writeState(this, this.#weather)
  }

  /** Puts a checkpoint back; false when it does not fit this world. Bots are put back by who made them. */
  restore(tick: number, state: CheckpointState): boolean {
    if (!fillState(this, state)) return false
    this.tick = tick as Tick
    this.#weather = new WeatherLog(state.weather)
    this.skies = [...(state.skies ?? [])]
    for (const { weather, fromTick } of state.coming) this.#weather.change(weather, fromTick)
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
      // Who pedals rides, whatever became of the word that the pause is over.
      if (sample.powerW > 0) this.#rest(row as Row, false)
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
    this.#keepTogether()
    brakeResting(riders)
    this.#weather.enter(this.conditions, this.tick)
    this.#pack.prepare(riders, this.course, this.conditions, this.#ways.ahead)
    stepRiders(riders, this.course, this.conditions, this.#ways.ahead, undefined, DT_S, this.#pack.ground)
    this.#pack.settle(riders, this.course)
    passJunctions(riders, this.course, this.#ways.overTheEnd)
    this.#ways.finish()
    standResting(riders)
    for (let row = 0; row < riders.count; row++) {
      riders.powerW[row] = legsW[row]!
      legsW[row] = 0
    }
  }

  #keepTogether(): void {
    const { middle, togetherRoute } = this
    middle.route = 0
    if (togetherRoute === '' || this.run.phase !== 'none') return
    middle.tick = this.tick
    keepTogether(this.riders, this.ledger.route, routeNumber(this.network, togetherRoute), middle)
  }

  #noteEffort({ row, segment, fromTicks, toTicks }: Effort): void {
    this.#journal(['effort', this.tick + 1, row, this.network.segments[segment]!.id, fromTicks, toTicks])
  }

  #cross(): void {
    const { run, riders, ledger } = this
    if (run.phase !== 'racing') return
    const { rules, entries } = run.run
    const { fromM, fromMps } = this.#ways
    const lengthM = rules.lapM > 0 ? rules.lapM : Infinity
    this.#lines[0] = { id: rules.lineId, atM: rules.lineM }
    for (const { riderId } of entries) {
      const row = this.#rowOf.get(riderId)
      if (row === undefined || (riders.flags[row]! & RIDER_FLAG.finished) !== 0) continue
      // A tick is far shorter than a lap: one crossing at most.
      const [crossed] = crossings(
        fromM[row]!,
        riders.distanceM[row]!,
        fromMps[row]!,
        riders.speedMps[row]!,
        this.#lines,
        lengthM,
      )
      // Each once: who was pushed back over the line has passed it all the same.
      if (crossed === undefined || crossed.lap < ledger.crossed[row]!) continue
      const { fraction } = crossed
      const lap = lapOfCrossing(ledger.crossed[row]!++, rules)
      this.crossings.push({ tick: this.tick, fraction, riderId, lineId: rules.lineId, lap })
      this.#journal(['crossing', this.tick, fraction, riderId, rules.lineId, lap])
      if (lap < rules.laps) continue
      riders.flags[row]! |= RIDER_FLAG.finished
      if (this.run.phase === 'racing' && this.run.deadlineTick === null) {
        const riddenTicks = this.tick - this.run.startTick
        const limitTicks = Math.max(rules.timeLimitS * TICK_HZ, rules.timeLimitShare * riddenTicks)
        this.run = { ...this.run, deadlineTick: this.tick + Math.ceil(limitTicks) }
      }
    }
  }

  #stand(riderId: RiderId, index: number): void {
    const row = this.#rowOf.get(riderId)
    if (row === undefined || this.run.phase === 'none') return
    const { riders } = this
    const { rules } = this.run.run
    const slot = penSlot(index, rules, this.network, this.course)
    const { held, finished, zone, resting } = RIDER_FLAG
    riders.flags[row] = (riders.flags[row]! | held) & ~(finished | zone | resting)
    this.#put(row, slot.distanceM, slot.distanceM, rules.routeId)
    this.efforts.drop(row)
    riders.turn[row] = 0
    riders.lateralM[row] = slot.lateralM
    riders.lineM[row] = slot.lateralM
    riders.speedMps[row] = 0
    riders.lateralMps[row] = 0
    this.ledger.crossed[row] = 0
  }

  /** Nobody rests in a race, in a park, or in a pen, where one stands anyway. */
  mayRest(row: Row): boolean {
    const flags = this.riders.flags[row]!
    const isInPen = (flags & (RIDER_FLAG.held | RIDER_FLAG.resting)) === RIDER_FLAG.held
    return !this.isBound(row) && !isInPen && (flags & RIDER_FLAG.zone) === 0
  }

  #rest(row: Row | undefined, isOn: boolean): void {
    if (row === undefined) return
    const { flags } = this.riders
    if (isOn && this.mayRest(row)) flags[row]! |= RIDER_FLAG.resting
    else if (!isOn && (flags[row]! & RIDER_FLAG.resting) !== 0) flags[row]! &= ~(RIDER_FLAG.resting | RIDER_FLAG.held)
  }

  /** Everybody in the same tick; who rests goes on resting. */
  #release(): void {
    const { riders } = this
    for (let row = 0; row < riders.count; row++) {
      if ((riders.flags[row]! & RIDER_FLAG.resting) !== 0) continue
      if (this.isHeld(row as Row)) startAccount(riders, this.ledger, row)
      riders.flags[row]! &= ~RIDER_FLAG.held
    }
  }

  /** Where a rider stands: on a route by its metres, else at a place. JSON has no −0, so neither has a world that can be replayed. */
  #put(row: number, distanceM: number, placeM: number, routeId: string): void {
    const { riders, ledger, network } = this
    const number = routeNumber(network, routeId)
    const route = network.routes[number - 1]
    const on = route === undefined ? undefined : placeOnRoute(network, route, distanceM)
    const atM = on?.placeM ?? placeM
    ledger.route[row] = number
    riders.leg[row] = on?.leg ?? 0
    riders.way[row] = on?.way ?? this.course.wayAt(atM)
    riders.distanceM[row] = distanceM + 0
    riders.offsetM[row] = atM - distanceM + 0
  }

  get #columns(): readonly (Float64Array | Uint32Array)[] {
    return columnsOf(this)
  }

  #isEverybodyIn(entries: readonly Entry[]): boolean {
    for (const { riderId } of entries) {
      const row = this.#rowOf.get(riderId)
      if (row !== undefined && (this.riders.flags[row]! & RIDER_FLAG.finished) === 0) return false
    }
    return true
  }
}
