import type { Course } from '#physics/course'
import { createPlaceCarrier } from '#physics/place-carrier'
import { RIDER_FLAG, type Riders } from '#physics/riders'
import { gapBetweenM } from '#physics/ways'
import type { Conditions } from '#physics/weather'
import { countMax, onGrid } from '#protocol/fields'
import type { RiderId } from '#protocol/ids'
import { DEVIATION_DISTANCE_M, DEVIATION_LATERAL_M, DEVIATION_SPEED_MPS, TELEMETRY_TICKS_MIN } from '#protocol/limits'
import { type RecordBody, writeAbsolute, writeRecord } from '#protocol/rider-block'
import {
  advance,
  BODY_FIELDS,
  CORRECTION_FIELDS,
  CORRECTION_STATE_FIELDS,
  createRiderState,
  type RiderState,
  settleWhole,
  TELEMETRY_FIELDS,
} from '#protocol/rider-state'
import { applyRecord, type Telemetry } from '#protocol/rider-stream'
import { BitWriter } from '#protocol/writer'

/** Bytes one record may take: an absolute one has 152 bits. */
const RECORD_BYTES = 24
const [, , DRAFT_FIELD] = BODY_FIELDS
/** The flags that the wire has bits for. */
const FLAGS_PUBLIC = 15

/**
 * Each rider's record, made once a tick and copied into every viewer's packet. The public state is what every client
 * believes: carried by the shared prediction on the grid of the wire, and put right by the very bits that are sent, so
 * that server and clients never differ.
 */
export class RiderStream {
  readonly #riders: Riders
  readonly #course: Course
  readonly #carry: (state: RiderState) => void
  readonly #states: RiderState[]
  readonly #stateId: Uint32Array
  readonly #truth = createRiderState()
  readonly #telemetryTick: Float64Array
  readonly #writer = new BitWriter(RECORD_BYTES)
  /** Records of this tick and of the one before, RECORD_BYTES a row; their lengths in bits, 0: none. */
  #bits: Uint8Array
  #length: Uint8Array
  #bitsBefore: Uint8Array
  #lengthBefore: Uint8Array
  /** 1: this tick's record of the row can only be told whole. */
  readonly #mustBeWhole: Uint8Array
  readonly #wholeBits: Uint8Array
  readonly #wholeLength: Uint8Array
  #tick = -1
  /** Records made so far, by kind. */
  readonly made = { telemetry: 0, correction: 0, absolute: 0 }

  constructor({ riders, course, conditions }: { riders: Riders; course: Course; conditions: Conditions }) {
    const { capacity } = riders
    this.#riders = riders
    this.#course = course
    this.#carry = createPlaceCarrier(course, conditions)
    this.#states = Array.from({ length: capacity }, createRiderState)
    this.#stateId = new Uint32Array(capacity)
    this.#telemetryTick = new Float64Array(capacity)
    this.#bits = new Uint8Array(capacity * RECORD_BYTES)
    this.#bitsBefore = new Uint8Array(capacity * RECORD_BYTES)
    this.#length = new Uint8Array(capacity)
    this.#lengthBefore = new Uint8Array(capacity)
    this.#mustBeWhole = new Uint8Array(capacity)
    this.#wholeBits = new Uint8Array(capacity * RECORD_BYTES)
    this.#wholeLength = new Uint8Array(capacity)
  }

  get tick(): number {
    return this.#tick
  }

  /** After world.step(): carries everybody's public state to `tick` and makes the records that are due. */
  step(tick: number): void {
    ;[this.#bits, this.#bitsBefore] = [this.#bitsBefore, this.#bits]
    ;[this.#length, this.#lengthBefore] = [this.#lengthBefore, this.#length]
    this.#length.fill(0)
    this.#wholeLength.fill(0)
    this.#mustBeWhole.fill(0)
    if (tick !== this.#tick + 1) this.#lengthBefore.fill(0)
    this.#tick = tick
    const { count, id } = this.#riders
    for (let row = 0; row < count; row++) {
      if (id[row] === 0) {
        this.#stateId[row] = 0
        continue
      }
      if (this.#stateId[row] === id[row]) this.#follow(row)
      else this.#meet(row)
    }
  }

  /** The public state of a row: what clients believe at this tick. */
  stateOf(row: number): Readonly<RiderState> {
    return this.#states[row]!
  }

  /** Bits of this tick's record; 0: the prediction holds. */
  lengthOf(row: number): number {
    return this.#length[row]!
  }

  /** True when only an absolute record can tell it: every viewer needs one. */
  isWholeDue(row: number): boolean {
    return this.#mustBeWhole[row] === 1
  }

  /** Bits of the record of the tick before. */
  lengthBeforeOf(row: number): number {
    return this.#lengthBefore[row]!
  }

  copy(row: number, w: BitWriter): void {
    w.copy(this.#bits, row * RECORD_BYTES * 8, this.#length[row]!)
  }

  copyBefore(row: number, w: BitWriter): void {
    w.copy(this.#bitsBefore, row * RECORD_BYTES * 8, this.#lengthBefore[row]!)
  }

  /** The rider told whole, at this tick; made once for all who ask. */
  copyWhole(row: number, w: BitWriter): void {
    if (this.#wholeLength[row] === 0) {
      this.#writer.reset()
      writeAbsolute(this.#writer, this.#stateId[row]! as RiderId, this.#states[row]!)
      this.#wholeBits.set(this.#writer.view(), row * RECORD_BYTES)
      this.#wholeLength[row] = this.#writer.bitLength
    }
    w.copy(this.#wholeBits, row * RECORD_BYTES * 8, this.#wholeLength[row]!)
  }

  /** A rider new to this row: viewers who come to see it are told whole anyway. */
  #meet(row: number): void {
    const state = this.#states[row]!
    this.#look(row, state)
    settleWhole(state)
    this.#stateId[row] = this.#riders.id[row]!
    this.#telemetryTick[row] = this.#tick
  }

  #follow(row: number): void {
    const state = this.#states[row]!
    const truth = this.#truth
    advance(state, this.#carry)
    this.#look(row, truth)
    const telemetry = this.#telemetryDue(row, state, truth)
    // One may have gone over the end of a way, the other not yet; NaN: the rider turned off where the prediction went on.
    const gapM = gapBetweenM(this.#course, state.placeM, truth.placeM)
    const isMotionDue =
      !(Math.abs(gapM) <= DEVIATION_DISTANCE_M) ||
      Math.abs(truth.lateralM - state.lateralM) > DEVIATION_LATERAL_M ||
      Math.abs(truth.speedMps - state.speedMps) > DEVIATION_SPEED_MPS ||
      truth.flags !== state.flags
    if (isMotionDue) this.#correct(row, state, truth, telemetry)
    else if (telemetry !== undefined) this.#emit(row, state, { kind: 'telemetry', telemetry })
  }

  #correct(row: number, state: RiderState, truth: RiderState, telemetry: Telemetry | undefined): void {
    const body = { placeM: 0, speedMps: 0, lateralM: 0, lateralMps: 0, draftFactor: 0, flags: truth.flags }
    // A correction moves along one way; over the end of one a rider is told whole.
    let fits = this.#course.wayAt(state.placeM) === this.#course.wayAt(truth.placeM)
    for (const field of CORRECTION_FIELDS) {
      const [name, bits, unit, min] = field
      const count = Math.round((truth[name] - state[name] - min) / unit)
      if (count < 0 || count > countMax(bits)) fits = false
      body[name] = count * unit + min
    }
    for (const field of CORRECTION_STATE_FIELDS) body[field[0]] = onGrid(truth[field[0]], field)
    if (fits && this.#isOnWay(state.placeM, state.placeM + body.placeM) && state.speedMps + body.speedMps >= 0) {
      this.#emit(row, state, { kind: 'correction', ...body, telemetry })
      return
    }
    Object.assign(state, truth)
    settleWhole(state)
    this.#mustBeWhole[row] = 1
    this.#telemetryTick[row] = this.#tick
    this.made.absolute++
  }

  #isOnWay(placeM: number, nextM: number): boolean {
    return nextM >= 0 && this.#course.wayAt(nextM) === this.#course.wayAt(placeM)
  }

  #emit(row: number, state: RiderState, body: Exclude<RecordBody, { kind: 'absolute' | 'leave' }>): void {
    this.#writer.reset()
    writeRecord(this.#writer, body)
    this.#bits.set(this.#writer.view(), row * RECORD_BYTES)
    this.#length[row] = this.#writer.bitLength
    this.made[body.kind]++
    applyRecord(state, { ...body, tick: this.#tick, riderId: this.#stateId[row]! } as Parameters<typeof applyRecord>[1])
    if (body.telemetry !== undefined) this.#telemetryTick[row] = this.#tick
  }

  /** What changed since clients heard last, at most TELEMETRY_TICKS_MIN often. */
  #telemetryDue(row: number, state: RiderState, truth: RiderState): Telemetry | undefined {
    if (this.#tick - this.#telemetryTick[row]! < TELEMETRY_TICKS_MIN) return undefined
    const news: { -readonly [K in keyof Telemetry]: Telemetry[K] } = {
      powerW: undefined,
      cadenceRpm: undefined,
      heartRateBpm: undefined,
    }
    let isNew = false
    for (const field of TELEMETRY_FIELDS) {
      const value = onGrid(truth[field[0]], field)
      if (value === state[field[0]]) continue
      news[field[0]] = value
      isNew = true
    }
    return isNew ? news : undefined
  }

  /** Copies the row's columns into a state. */
  #look(row: number, into: RiderState): void {
    const riders = this.#riders
    into.placeM = riders.distanceM[row]! + riders.offsetM[row]!
    into.speedMps = riders.speedMps[row]!
    into.lateralM = riders.lateralM[row]!
    into.lateralMps = riders.lateralMps[row]!
    for (const [name] of TELEMETRY_FIELDS) into[name] = riders[name][row]!
    into.massKg = riders.massKg[row]!
    into.cdaM2 = riders.cdaM2[row]!
    into.draftFactor = onGrid(riders.draftFactor[row]!, DRAFT_FIELD)
    // Who rides in a zone stands still on the road: to the prediction that is the same as the pen.
    const isInZone = (riders.flags[row]! & RIDER_FLAG.zone) !== 0
    into.flags = (riders.flags[row]! & FLAGS_PUBLIC) | (isInZone ? RIDER_FLAG.held : 0)
  }
}
