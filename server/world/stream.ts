import type { Course } from '#physics/course'
import { createPlaceCarrier } from '#physics/place-carrier'
import { RIDER_FLAG, type Riders } from '#physics/riders'
import { gapBetweenM } from '#physics/ways'
import type { Conditions } from '#physics/weather'
import { onGrid } from '#protocol/fields'
import type { RiderId } from '#protocol/ids'
import {
  CHECK_TICKS,
  PULL_TOLD_MPS2,
  TELEMETRY_TICKS_MIN,
  TOLERANCES,
  TURN_TOLD_S,
  WATTS_TICKS_MIN,
} from '#protocol/limits'
import { writeRecord } from '#protocol/rider-record'
import {
  advance,
  BODY_FIELDS,
  checkOf,
  COURSE_FIELDS,
  createRiderState,
  type RiderState,
  settleWhole,
  TIER,
  TURN_MAX,
} from '#protocol/rider-state'
import {
  applyRecord,
  CADENCE_STEP_RPM,
  type Change,
  DRAFT_STEP,
  LINE_STEP_M,
  PART,
  type RecordBody,
  STEPS,
} from '#protocol/rider-stream'
import { BitWriter } from '#protocol/writer'
import { createChange, transferBetween } from './changes.ts'

/** Ticks of which records are kept, to be told again: a power of two, more than AGE_MAX. */
const RING = 64
/** In the place of a record's length: nothing shorter than the whole state tells it. */
export const WHOLE_DUE = 255
/** Words of 32 bits one record may take in the ring; a longer one is told whole. */
const RECORD_WORDS = 3
const WHOLE_WORDS = 6
const [, , DRAFT_FIELD] = BODY_FIELDS
const [LINE_FIELD] = COURSE_FIELDS
/** The flags that the wire has bits for. */
const FLAGS_PUBLIC = 15
/** A change wider than this is told whole: m along, m/s, m sideways. */
const CHANGE_MOST_M = 4
/** Half a revolution more or less is noise: news is this to those who watch the watts, half of it to everybody. */
const CADENCE_NEWS_RPM = 2
/**
 * Lost, a change would make an error until it can be told again, LOST_S later: what it says, and what speed and line
 * make of it meanwhile. Beyond so many tolerances it is told twice at once, or three times.
 */
const LOST_S = 0.4
const LOST_LINE_SHARE = 0.1
const LARGE = 2
const HUGE = 2.5

export interface StreamHost {
  readonly riders: Riders
  readonly course: Course
  readonly conditions: Conditions
  /** The way a row takes at the end of the one it is on; absent where riders take the exits that ways lead to. */
  wayAhead?(row: number): number
}

/** One tier's states and records. */
class Tier {
  readonly states: RiderState[]
  readonly stateId: Uint32Array
  readonly telemetryTick: Float64Array
  /** By tick in the ring, then by row: length in bits, 0: none. */
  readonly length: Uint8Array
  readonly bits: Int32Array
  /** By row: what a record of this tick is, bits of NEWS. */
  readonly news: Uint8Array
  readonly wholeBits: Int32Array
  readonly wholeLength: Uint8Array
  readonly check: Uint16Array
  readonly checkTick: Int32Array
  /** Viewers that watch the row in this tier; nobody: nothing is carried. */
  readonly watchers: Uint16Array

  constructor(capacity: number) {
    this.states = Array.from({ length: capacity }, createRiderState)
    this.stateId = new Uint32Array(capacity)
    this.telemetryTick = new Float64Array(capacity)
    this.length = new Uint8Array(capacity * RING)
    this.bits = new Int32Array(capacity * RING * RECORD_WORDS)
    this.news = new Uint8Array(capacity)
    this.wholeBits = new Int32Array(capacity * WHOLE_WORDS)
    this.wholeLength = new Uint8Array(capacity)
    this.check = new Uint16Array(capacity)
    this.checkTick = new Int32Array(capacity).fill(-1)
    this.watchers = new Uint16Array(capacity)
  }
}

/** What a tick's record is worth: `large` does not wait for the next tick and is told twice, `huge` three times. */
export const NEWS = { large: 1, huge: 2 } as const

/**
 * How a viewer sees a row, and what there is for it: one byte each, so that a viewer who looks through its slots for news
 * reads little. A mark of this tick is in the low half, the one of the tick before in the high half.
 */
export const SEEN_AS = { middle: 0, far: 1, near: 2 } as const
export const MARK = {
  /** A record, or that it is told whole. */
  record: 1,
  /** … which does not wait for the next tick. */
  pressing: 2,
  /** Watts for those near. */
  watts: 4,
  /** It is this row's turn to be checked. */
  check: 8,
} as const
const SEEN_BITS = 2
/** Of the four marks of a row what belongs to the tick before. */
const MARKS_BEFORE = 0xf0f0f0f0

/** Index into `marks`. */
export function markKey(row: number, seenAs: number): number {
  return (row << SEEN_BITS) | seenAs
}

export function rowOfKey(key: number): number {
  return key >>> SEEN_BITS
}

/**
 * Each rider's record, made once a tick and tier and copied into every viewer's packet. The public state is what every
 * client of the tier believes: carried by the shared prediction on the grid of the wire, and put right by the very bits
 * that are sent, so that server and clients never differ. The last RING ticks' records are kept, to be told again.
 */
export class RiderStream {
  readonly #riders: Riders
  readonly #host: StreamHost
  readonly #course: Course
  readonly #carry: (state: RiderState) => void
  readonly #tiers: readonly Tier[]
  readonly #truth = createRiderState()
  readonly #change = createChange()
  readonly #writer = new BitWriter(WHOLE_WORDS * 8)
  readonly #wattsTick: Float64Array
  readonly #wattsLength: Uint8Array
  readonly #wattsBits: Int32Array
  readonly #shownW: Float64Array
  readonly #shownRpm: Float64Array
  readonly #capacity: number
  #tick = -1
  #changeTick = 0
  readonly #lastId: Uint32Array
  /** By `markKey`, of this tick and the one before; of the row behind the last: nothing, for ever. */
  readonly marks: Uint8Array
  /** The same memory: the four marks of a row are one word. */
  readonly #marksOfRow: Int32Array
  readonly nobodyKey: number
  /** For viewers while they choose whom to show: the slot of a row, −1: none. Always left as it was found. */
  readonly slotOfRow: Int16Array
  /** Records made so far, by kind; a change counts for each of its parts. */
  readonly made = { telemetry: 0, watts: 0, along: 0, sideways: 0, flags: 0, turn: 0, absolute: 0 }

  constructor(host: StreamHost) {
    const { capacity } = host.riders
    this.#host = host
    this.#riders = host.riders
    this.#course = host.course
    this.#capacity = capacity
    this.slotOfRow = new Int16Array(capacity).fill(-1)
    this.nobodyKey = markKey(capacity, 0)
    this.#marksOfRow = new Int32Array(capacity + 1)
    this.marks = new Uint8Array(this.#marksOfRow.buffer)
    this.#carry = createPlaceCarrier(host.course, host.conditions)
    this.#tiers = [new Tier(capacity), new Tier(capacity)]
    this.#lastId = new Uint32Array(capacity)
    this.#wattsTick = new Float64Array(capacity)
    this.#wattsLength = new Uint8Array(capacity)
    this.#wattsBits = new Int32Array(capacity * RECORD_WORDS)
    this.#shownW = new Float64Array(capacity)
    this.#shownRpm = new Float64Array(capacity)
  }

  get tick(): number {
    return this.#tick
  }

  /** A viewer begins (1) or ends (−1) to watch a row in a tier. */
  watch(row: number, tier: number, change: 1 | -1): void {
    const one = this.#tiers[tier]!
    one.watchers[row]! += change
    if (change === 1 && one.watchers[row] === 1 && one.stateId[row] !== this.#riders.id[row]) this.#meet(row, tier)
  }

  /** After world.step(): carries everybody's public state to `tick` and makes the records that are due. */
  step(tick: number): void {
    const { count, id } = this.#riders
    const isNext = tick === this.#tick + 1
    this.#tick = tick
    const at = (tick & (RING - 1)) * this.#capacity
    const lastId = this.#lastId
    for (let row = 0; row < this.#capacity; row++) {
      if (lastId[row] === id[row]) continue
      lastId[row] = id[row]!
      this.#changeTick = tick
    }
    const { marks } = this
    const marksOfRow = this.#marksOfRow
    for (let row = 0; row < count; row++) marksOfRow[row] = isNext ? (marksOfRow[row]! << 4) & MARKS_BEFORE : 0
    // All viewers check a row in the same tick: the check is made once.
    for (let row = tick % CHECK_TICKS; row < count; row += CHECK_TICKS)
      for (let key = markKey(row, 0); key < markKey(row + 1, 0); key++) marks[key]! |= MARK.check
    for (let number = 0; number < this.#tiers.length; number++) {
      const tier = this.#tiers[number]!
      const { watchers, stateId } = tier
      tier.length.fill(0, at, at + this.#capacity)
      tier.news.fill(0, 0, count)
      tier.wholeLength.fill(0, 0, count)
      for (let row = 0; row < count; row++) {
        if (watchers[row] === 0 || id[row] === 0) stateId[row] = 0
        else if (isNext && stateId[row] === id[row]) this.#follow(row, number)
        else this.#meet(row, number)
      }
    }
  }

  /** The public state of a row: what clients of the tier believe at this tick. */
  stateOf(row: number, tier: number = TIER.fine): Readonly<RiderState> {
    return this.#tiers[tier]!.states[row]!
  }

  /** Bits of the record of a tick, one of the last RING; 0: the prediction held; or WHOLE_DUE. */
  lengthOf(row: number, tier: number, tick: number): number {
    return this.#tiers[tier]!.length[(tick & (RING - 1)) * this.#capacity + row]!
  }

  copy(row: number, tier: number, tick: number, w: BitWriter): void {
    const one = this.#tiers[tier]!
    const at = (tick & (RING - 1)) * this.#capacity + row
    w.copyWords(one.bits, at * RECORD_WORDS, one.length[at]!)
  }

  /** The first 32 bits of it; what lies beyond its length is undefined. */
  wordOf(row: number, tier: number, tick: number): number {
    return this.#tiers[tier]!.bits[((tick & (RING - 1)) * this.#capacity + row) * RECORD_WORDS]!
  }

  /** Bits of NEWS of this tick's record. */
  newsOf(row: number, tier: number): number {
    return this.#tiers[tier]!.news[row]!
  }

  /** Tick of the newest watts for those who ride near; −1: telemetry for everybody that came after it has told them. */
  wattsTickOf(row: number): number {
    return this.#wattsLength[row] === 0 ? -1 : this.#wattsTick[row]!
  }

  /** Newest tick in which a row was left, or taken by another rider. */
  get changeTick(): number {
    return this.#changeTick
  }

  wattsLengthOf(row: number): number {
    return this.#wattsLength[row]!
  }

  copyWatts(row: number, w: BitWriter): void {
    w.copyWords(this.#wattsBits, row * RECORD_WORDS, this.#wattsLength[row]!)
  }

  #writeWatts(row: number, w: BitWriter): void {
    const state = this.#tiers[TIER.fine]!.states[row]!
    const cadenceSteps = Math.round((this.#shownRpm[row]! - state.cadenceRpm) / CADENCE_STEP_RPM)
    writeRecord(w, { kind: 'watts', powerSteps: this.#shownW[row]! - state.powerW, cadenceSteps })
  }

  /** Bits of the row told whole at this tick; made once for all who ask. */
  wholeLengthOf(row: number, tier: number): number {
    const one = this.#tiers[tier]!
    if (one.wholeLength[row] === 0) {
      const w = this.#writer
      w.reset()
      writeRecord(w, { kind: 'absolute', id: one.stateId[row]! as RiderId, state: one.states[row]! })
      w.saveWords(one.wholeBits, row * WHOLE_WORDS)
      one.wholeLength[row] = w.bitLength
    }
    return one.wholeLength[row]!
  }

  copyWhole(row: number, tier: number, w: BitWriter): void {
    const length = this.wholeLengthOf(row, tier)
    w.copyWords(this.#tiers[tier]!.wholeBits, row * WHOLE_WORDS, length)
  }

  checkOf(row: number, tier: number): number {
    const one = this.#tiers[tier]!
    if (one.checkTick[row] !== this.#tick) {
      one.check[row] = checkOf(one.states[row]!)
      one.checkTick[row] = this.#tick
    }
    return one.check[row]!
  }

  /** Whether it was the row's turn to be checked in a tick after `tick`. */
  isCheckedSince(row: number, tick: number): boolean {
    const since = (this.#tick - row) % CHECK_TICKS
    return this.#tick - (since < 0 ? since + CHECK_TICKS : since) > tick
  }

  /** What leads from a tier's state to the other's; undefined where that is no shorter than to tell whole. */
  transferOf(row: number, toTier: number): RecordBody | undefined {
    const to = this.#tiers[toTier]!.states[row]!
    const from = this.#tiers[1 - toTier]!.states[row]!
    if (this.#course.wayAt(from.placeM) !== this.#course.wayAt(to.placeM)) return undefined
    return transferBetween(from, to)
  }

  /** A rider new to this row or tier: viewers who come to see it are told whole, or across. */
  #meet(row: number, number: number): void {
    const tier = this.#tiers[number]!
    const state = tier.states[row]!
    this.#look(row, state)
    state.massKg = this.#riders.massKg[row]!
    state.cdaM2 = this.#riders.cdaM2[row]!
    state.lineM = onGrid(state.lineM, LINE_FIELD)
    state.draftFactor = onGrid(state.draftFactor, DRAFT_FIELD)
    state.turn = this.#turnOf(row, state)
    state.tier = number
    settleWhole(state)
    tier.stateId[row] = this.#riders.id[row]!
    tier.telemetryTick[row] = this.#tick
    tier.wholeLength[row] = 0
    tier.checkTick[row] = -1
    tier.length[(this.#tick & (RING - 1)) * this.#capacity + row] = WHOLE_DUE
    this.#mark(row, number, 0)
    this.made.absolute++
    if (number !== TIER.fine) return
    this.#wattsTick[row] = this.#tick
    this.#wattsLength[row] = 0
    this.#shownW[row] = state.powerW
    this.#shownRpm[row] = state.cadenceRpm
  }

  #follow(row: number, number: number): void {
    const tier = this.#tiers[number]!
    const state = tier.states[row]!
    const truth = this.#truth
    const tolerance = TOLERANCES[number]!
    advance(state, this.#carry)
    this.#look(row, truth)
    // One may have gone over the end of a way, the other not yet; NaN: the rider turned off where the prediction went on.
    const gapM = gapBetweenM(this.#course, state.placeM, truth.placeM)
    const asideM = truth.lateralM - state.lateralM
    const along = Math.abs(gapM + (truth.speedMps - state.speedMps) * tolerance.alongS) / tolerance.alongM
    const sideways =
      Math.abs(
        asideM +
          (truth.lateralMps - state.lateralMps) * tolerance.sidewaysS +
          tolerance.lineShare * (truth.lineM - state.lineM),
      ) / tolerance.sidewaysM
    const isFlagged = truth.flags !== state.flags
    if (!(along <= 1) || sideways > 1 || isFlagged) {
      const parts = (along > 1 ? PART.along : 0) | (sideways > 1 ? PART.sideways : 0) | (isFlagged ? PART.flags : 0)
      if (!this.#fill(row, number, parts, gapM)) return this.#meet(row, number)
      const lostM = Math.abs(gapM) + LOST_S * Math.abs(truth.speedMps - state.speedMps)
      const lostAsideM =
        Math.abs(asideM) +
        LOST_S * Math.abs(truth.lateralMps - state.lateralMps) +
        LOST_LINE_SHARE * Math.abs(truth.lineM - state.lineM)
      const lost = isFlagged ? Infinity : Math.max(lostM / tolerance.alongM, lostAsideM / tolerance.sidewaysM)
      return this.#emit(row, number, (lost > LARGE ? NEWS.large : 0) | (lost > HUGE ? NEWS.huge : 0))
    }
    const turn = this.#turnDue(row, state)
    if (turn >= 0) {
      this.#fill(row, number, PART.turn, gapM)
      this.#change.turn = turn
      return this.#emit(row, number, NEWS.large)
    }
    const sinceTicks = this.#tick - tier.telemetryTick[row]!
    const pullMps2 = Math.abs(truth.powerW - state.powerW) / (state.massKg * Math.max(3, state.speedMps))
    const isDue = sinceTicks >= (pullMps2 > PULL_TOLD_MPS2 ? WATTS_TICKS_MIN : TELEMETRY_TICKS_MIN[number]!)
    if (isDue && this.#isTelemetryNew(state)) {
      this.#fill(row, number, PART.telemetry, gapM)
      return this.#emit(row, number, 0)
    }
    if (number === TIER.fine) this.#tellWatts(row, state)
  }

  /** The change of these parts; false when it is too wide for one, or leads over the end of a way. */
  #fill(row: number, number: number, parts: number, gapM: number): boolean {
    const change = this.#change
    const { states } = this.#tiers[number]!
    const state = states[row]!
    const truth = this.#truth
    const step = STEPS[number]!
    clear(change)
    change.parts = parts
    if ((parts & PART.along) !== 0) {
      const speedMps = truth.speedMps - state.speedMps
      if (!(Math.abs(gapM) <= CHANGE_MOST_M) || Math.abs(speedMps) > CHANGE_MOST_M) return false
      change.placeSteps = Math.round(gapM / step.placeM)
      change.speedSteps = Math.round(speedMps / step.speedMps)
      change.draftSteps = Math.round((onGrid(truth.draftFactor, DRAFT_FIELD) - state.draftFactor) / DRAFT_STEP)
      const placeM = state.placeM + change.placeSteps * step.placeM
      if (placeM < 0 || this.#course.wayAt(placeM) !== this.#course.wayAt(state.placeM)) return false
      if (change.placeSteps === 0 && change.speedSteps === 0 && change.draftSteps === 0) change.parts &= ~PART.along
    }
    if ((parts & PART.sideways) !== 0) {
      const asideM = truth.lateralM - state.lateralM
      if (Math.abs(asideM) > CHANGE_MOST_M) return false
      change.lateralSteps = Math.round(asideM / step.lateralM)
      change.lateralSpeedSteps = Math.round((truth.lateralMps - state.lateralMps) / step.lateralMps)
      change.lineSteps = Math.round((onGrid(truth.lineM, LINE_FIELD) - state.lineM) / LINE_STEP_M)
      if (change.lateralSteps === 0 && change.lateralSpeedSteps === 0 && change.lineSteps === 0)
        change.parts &= ~PART.sideways
    }
    if ((parts & PART.telemetry) !== 0) {
      change.powerSteps = Math.round(truth.powerW) - state.powerW
      change.cadenceSteps = Math.round((truth.cadenceRpm - state.cadenceRpm) / CADENCE_STEP_RPM)
      change.heartRateSteps = Math.round(truth.heartRateBpm) - state.heartRateBpm
    }
    change.flags = (parts & PART.flags) !== 0 ? truth.flags : 0
    return true
  }

  /** For those who look through their slots. */
  #mark(row: number, number: number, news: number): void {
    const mark = MARK.record | ((news & NEWS.large) !== 0 ? MARK.pressing : 0)
    this.marks[markKey(row, number === TIER.fine ? SEEN_AS.middle : SEEN_AS.far)]! |= mark
    if (number === TIER.fine) this.marks[markKey(row, SEEN_AS.near)]! |= mark
  }

  #emit(row: number, number: number, news: number): void {
    const change = this.#change
    if (change.parts === 0) return
    const tier = this.#tiers[number]!
    const w = this.#writer
    w.reset()
    writeRecord(w, change)
    if (w.bitLength > RECORD_WORDS * 32) return this.#meet(row, number)
    const at = (this.#tick & (RING - 1)) * this.#capacity + row
    w.saveWords(tier.bits, at * RECORD_WORDS)
    tier.length[at] = w.bitLength
    tier.news[row] = news
    this.#mark(row, number, news)
    applyRecord(tier.states[row]!, change)
    for (const part of PART_NAMES) if ((change.parts & PART[part]) !== 0) this.made[part]++
    if ((change.parts & PART.telemetry) === 0) return
    tier.telemetryTick[row] = this.#tick
    if (number !== TIER.fine) return
    this.#wattsTick[row] = this.#tick
    this.#wattsLength[row] = 0
    this.#shownW[row] = tier.states[row]!.powerW
    this.#shownRpm[row] = tier.states[row]!.cadenceRpm
  }

  #isTelemetryNew(state: RiderState): boolean {
    const truth = this.#truth
    return (
      Math.round(truth.powerW) !== state.powerW ||
      Math.abs(truth.cadenceRpm - state.cadenceRpm) >= CADENCE_NEWS_RPM / 2 ||
      Math.round(truth.heartRateBpm) !== state.heartRateBpm
    )
  }

  #tellWatts(row: number, state: RiderState): void {
    if (this.#tick - this.#wattsTick[row]! < WATTS_TICKS_MIN) return
    const powerW = Math.round(this.#truth.powerW)
    const rpm = Math.round(this.#truth.cadenceRpm / CADENCE_STEP_RPM) * CADENCE_STEP_RPM
    const isTurning = Math.abs(rpm - this.#shownRpm[row]!) >= CADENCE_NEWS_RPM
    if (powerW === this.#shownW[row] && !isTurning) return
    this.#wattsTick[row] = this.#tick
    this.#shownW[row] = powerW
    // Cadence that hardly moved is shown as everybody knows it: no bits.
    const isNear = Math.abs(rpm - state.cadenceRpm) < CADENCE_NEWS_RPM
    this.#shownRpm[row] = isNear ? state.cadenceRpm : rpm
    const w = this.#writer
    w.reset()
    this.#writeWatts(row, w)
    w.saveWords(this.#wattsBits, row * RECORD_WORDS)
    this.#wattsLength[row] = w.bitLength
    this.marks[markKey(row, SEEN_AS.near)]! |= MARK.watts
    this.made.watts++
  }

  /** The turn to tell now; −1: the one that is assumed is right, or the junction is far. */
  #turnDue(row: number, state: RiderState): number {
    if (this.#host.wayAhead === undefined) return -1
    const way = this.#riders.way[row]!
    const leftM = this.#course.wayEndM(way) - state.placeM
    if (!(leftM <= TURN_TOLD_S * Math.max(3, state.speedMps)) || this.#course.wayAt(state.placeM) !== way) return -1
    const next = this.#host.wayAhead(row)
    if (next < 0 || this.#course.exitOf(way, state.turn) === next) return -1
    return this.#turnTo(way, next)
  }

  #turnOf(row: number, state: RiderState): number {
    const way = this.#course.wayAt(state.placeM)
    const next = this.#host.wayAhead === undefined ? -1 : this.#host.wayAhead(row)
    return way === this.#riders.way[row] && next >= 0 ? Math.max(0, this.#turnTo(way, next)) : 0
  }

  #turnTo(way: number, next: number): number {
    for (let turn = 0; turn <= TURN_MAX; turn++) if (this.#course.exitOf(way, turn) === next) return turn
    return -1
  }

  /** Copies the columns that change into a state. */
  #look(row: number, into: RiderState): void {
    const riders = this.#riders
    into.placeM = riders.distanceM[row]! + riders.offsetM[row]!
    into.speedMps = riders.speedMps[row]!
    into.lateralM = riders.lateralM[row]!
    into.lateralMps = riders.lateralMps[row]!
    into.lineM = riders.lineM[row]!
    // `TELEMETRY_FIELDS` written out: everybody is looked at in every tick.
    into.powerW = riders.powerW[row]!
    into.cadenceRpm = riders.cadenceRpm[row]!
    into.heartRateBpm = riders.heartRateBpm[row]!
    into.draftFactor = riders.draftFactor[row]!
    // Who rides in a zone stands still on the road: to the prediction that is the same as the pen.
    const isInZone = (riders.flags[row]! & RIDER_FLAG.zone) !== 0
    into.flags = (riders.flags[row]! & FLAGS_PUBLIC) | (isInZone ? RIDER_FLAG.held : 0)
  }
}

const PART_NAMES = ['along', 'sideways', 'telemetry', 'flags', 'turn'] as const

function clear(change: { -readonly [K in keyof Change]: Change[K] }): void {
  change.placeSteps = change.speedSteps = change.draftSteps = 0
  change.lateralSteps = change.lateralSpeedSteps = change.lineSteps = 0
  change.powerSteps = change.cadenceSteps = change.heartRateSteps = 0
  change.flags = change.turn = 0
}
