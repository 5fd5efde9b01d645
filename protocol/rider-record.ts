import { readSigned, writeSigned } from './codes.ts'
import { decoded, type Decoded, refused } from './decoded.ts'
import { readFields, writeFields } from './fields.ts'
import type { RiderId } from './ids.ts'
import { CADENCE_MAX_RPM, HEART_RATE_MAX_BPM, POWER_MAX_W } from './limits.ts'
import type { BitReader } from './reader.ts'
import { CHECK_BITS, createRiderState, type RiderState, STATE_FIELDS, TURN_MAX } from './rider-state.ts'
import { type Change, PART, type RecordBody, type Transfer, type Watts } from './rider-stream.ts'
import type { BitWriter } from './writer.ts'

/**
 * One record as bits. Kinds are a prefix code, those that come oftenest the shortest; differences are Exp-Golomb codes of
 * the order that was shortest for them on hard rides (docs/protocol.md has the table and the measured frequencies).
 */
export const RIDER_ID_BITS = 24

/** Kinds, bits in the order sent: telemetry 00 · watts 01 · sideways 10 · along 110 · several 1110 · 1111 and two bits. */
const KIND = {
  telemetry: [0b00, 2],
  watts: [0b10, 2],
  sideways: [0b01, 2],
  along: [0b011, 3],
  several: [0b0111, 4],
  absolute: [0b001111, 6],
  leave: [0b011111, 6],
  transfer: [0b101111, 6],
  check: [0b111111, 6],
} as const

/** Orders of the codes. */
const K = {
  place: 0,
  speed: 2,
  draft: 0,
  lateral: 0,
  lateralSpeed: 1,
  line: 3,
  power: 4,
  cadence: 0,
  heartRate: 0,
  exactPlace: 7,
  exactSpeed: 9,
  exactLateral: 6,
  exactLateralSpeed: 6,
  exactLine: 2,
  exactDraft: 0,
} as const

/** A change of exactly one of these parts has a kind of its own. */
const SINGLE: Readonly<Record<number, readonly [number, number]>> = {
  [PART.along]: KIND.along,
  [PART.sideways]: KIND.sideways,
  [PART.telemetry]: KIND.telemetry,
}
const PARTS_BITS = 5

export function writeRecord(w: BitWriter, body: RecordBody): void {
  switch (body.kind) {
    case 'change':
      writeChange(w, body)
      return
    case 'watts':
      w.bits(...KIND.watts)
      writeSigned(w, body.powerSteps, K.power)
      writeSigned(w, body.cadenceSteps, K.cadence)
      return
    case 'absolute':
      w.bits(...KIND.absolute)
      w.bits(body.id, RIDER_ID_BITS)
      w.bits(body.state.tier, 1)
      writeFields(w, STATE_FIELDS, body.state)
      return
    case 'leave':
      w.bits(...KIND.leave)
      return
    case 'transfer':
      writeTransfer(w, body)
      return
    case 'check':
      w.bits(...KIND.check)
      w.bits(body.check, CHECK_BITS)
  }
}

export function readRecord(r: BitReader): Decoded<RecordBody> {
  const body = readBody(r)
  return r.overrun ? refused('truncated-or-trailing') : body
}

function readBody(r: BitReader): Decoded<RecordBody> {
  if (!r.flag()) return r.flag() ? readWatts(r) : readChange(r, PART.telemetry)
  if (!r.flag()) return readChange(r, PART.sideways)
  if (!r.flag()) return readChange(r, PART.along)
  if (!r.flag()) {
    const parts = r.bits(PARTS_BITS)
    // One part alone has a shorter form.
    return parts === 0 || SINGLE[parts] !== undefined ? refused('not-canonical') : readChange(r, parts)
  }
  switch (r.bits(2)) {
    case 0:
      return readAbsolute(r)
    case 1:
      return decoded({ kind: 'leave' })
    case 2:
      return readTransfer(r)
    default:
      return decoded({ kind: 'check', check: r.bits(CHECK_BITS) })
  }
}

function writeChange(w: BitWriter, change: Change): void {
  const { parts } = change
  const single = SINGLE[parts]
  if (single !== undefined) w.bits(...single)
  else {
    w.bits(...KIND.several)
    w.bits(parts, PARTS_BITS)
  }
  if ((parts & PART.along) !== 0) {
    writeSigned(w, change.placeSteps, K.place)
    writeSigned(w, change.speedSteps, K.speed)
    writeSigned(w, change.draftSteps, K.draft)
  }
  if ((parts & PART.sideways) !== 0) {
    writeSigned(w, change.lateralSteps, K.lateral)
    writeSigned(w, change.lateralSpeedSteps, K.lateralSpeed)
    writeSigned(w, change.lineSteps, K.line)
  }
  if ((parts & PART.telemetry) !== 0) {
    writeSigned(w, change.powerSteps, K.power)
    writeSigned(w, change.cadenceSteps, K.cadence)
    writeSigned(w, change.heartRateSteps, K.heartRate)
  }
  if ((parts & PART.flags) !== 0) w.bits(change.flags, 4)
  if ((parts & PART.turn) !== 0) w.bits(change.turn, 3)
}

function readChange(r: BitReader, parts: number): Decoded<RecordBody> {
  const isAlong = (parts & PART.along) !== 0
  const isSideways = (parts & PART.sideways) !== 0
  const isTelemetry = (parts & PART.telemetry) !== 0
  const change: Change = {
    kind: 'change',
    parts,
    placeSteps: isAlong ? readSigned(r, K.place) : 0,
    speedSteps: isAlong ? readSigned(r, K.speed) : 0,
    draftSteps: isAlong ? readSigned(r, K.draft) : 0,
    lateralSteps: isSideways ? readSigned(r, K.lateral) : 0,
    lateralSpeedSteps: isSideways ? readSigned(r, K.lateralSpeed) : 0,
    lineSteps: isSideways ? readSigned(r, K.line) : 0,
    powerSteps: isTelemetry ? readSigned(r, K.power) : 0,
    cadenceSteps: isTelemetry ? readSigned(r, K.cadence) : 0,
    heartRateSteps: isTelemetry ? readSigned(r, K.heartRate) : 0,
    flags: (parts & PART.flags) !== 0 ? r.bits(4) : 0,
    turn: (parts & PART.turn) !== 0 ? r.bits(3) : 0,
  }
  if (change.turn > TURN_MAX) return refused('out-of-range')
  // What changes nothing is not sent.
  if (isAlong && change.placeSteps === 0 && change.speedSteps === 0 && change.draftSteps === 0)
    return refused('not-canonical')
  if (isSideways && change.lateralSteps === 0 && change.lateralSpeedSteps === 0 && change.lineSteps === 0)
    return refused('not-canonical')
  if (isTelemetry && change.powerSteps === 0 && change.cadenceSteps === 0 && change.heartRateSteps === 0)
    return refused('not-canonical')
  return areStepsPossible(change) ? decoded(change) : refused('out-of-range')
}

/** No difference is wider than the field it is a difference of; what that makes of a state is settled, and checked. */
function areStepsPossible(steps: Pick<Change, 'powerSteps' | 'cadenceSteps' | 'heartRateSteps'>): boolean {
  return (
    Math.abs(steps.powerSteps) <= POWER_MAX_W &&
    Math.abs(steps.cadenceSteps) <= 2 * CADENCE_MAX_RPM &&
    Math.abs(steps.heartRateSteps) <= HEART_RATE_MAX_BPM
  )
}

function readWatts(r: BitReader): Decoded<RecordBody> {
  const watts: Watts = { kind: 'watts', powerSteps: readSigned(r, K.power), cadenceSteps: readSigned(r, K.cadence) }
  return areStepsPossible({ ...watts, heartRateSteps: 0 }) ? decoded(watts) : refused('out-of-range')
}

function readAbsolute(r: BitReader): Decoded<RecordBody> {
  const id = r.bits(RIDER_ID_BITS) as RiderId
  const state = createRiderState()
  state.tier = r.bits(1)
  readFields(r, STATE_FIELDS, state)
  state.shownW = state.powerW
  state.shownRpm = state.cadenceRpm
  if (id === 0 || !isPossible(state)) return refused('out-of-range')
  return decoded({ kind: 'absolute', id, state })
}

function isPossible({ turn, powerW, cadenceRpm, heartRateBpm }: RiderState): boolean {
  return (
    turn <= TURN_MAX && powerW <= POWER_MAX_W && cadenceRpm <= CADENCE_MAX_RPM && heartRateBpm <= HEART_RATE_MAX_BPM
  )
}

function writeTransfer(w: BitWriter, transfer: Transfer): void {
  w.bits(...KIND.transfer)
  writeSigned(w, transfer.place, K.exactPlace)
  writeSigned(w, transfer.speed, K.exactSpeed)
  writeSigned(w, transfer.lateral, K.exactLateral)
  writeSigned(w, transfer.lateralSpeed, K.exactLateralSpeed)
  writeSigned(w, transfer.line, K.exactLine)
  writeSigned(w, transfer.draft, K.exactDraft)
  w.bits(transfer.turn, 3)
  writeSigned(w, transfer.power, K.power)
  writeSigned(w, transfer.cadence, K.cadence)
  writeSigned(w, transfer.heartRate, K.heartRate)
}

function readTransfer(r: BitReader): Decoded<RecordBody> {
  const transfer: Transfer = {
    kind: 'transfer',
    place: readSigned(r, K.exactPlace),
    speed: readSigned(r, K.exactSpeed),
    lateral: readSigned(r, K.exactLateral),
    lateralSpeed: readSigned(r, K.exactLateralSpeed),
    line: readSigned(r, K.exactLine),
    draft: readSigned(r, K.exactDraft),
    turn: r.bits(3),
    power: readSigned(r, K.power),
    cadence: readSigned(r, K.cadence),
    heartRate: readSigned(r, K.heartRate),
  }
  const steps = { powerSteps: transfer.power, cadenceSteps: transfer.cadence, heartRateSteps: transfer.heartRate }
  return transfer.turn <= TURN_MAX && areStepsPossible(steps) ? decoded(transfer) : refused('out-of-range')
}
