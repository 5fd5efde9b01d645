import type { InputSample } from '#protocol/input'
import { isNewer } from '#protocol/ids'
import { POWER_DECAY_MS, POWER_HOLD_MS, TICK_MS } from '#protocol/limits'
import { heldPowerW, heldWorkJ, payoutJ } from '#physics/hold'
import type { Riders } from '#physics/riders'
import { fold } from './hash.ts'

/**
 * Who is owed what. Ticks pay a sample's watts while they wait for the next one; when it comes, its stamp says what the
 * old one was worth, and the difference goes to `owedJ`, which the next ticks pay out. So the network cannot invent or
 * lose a joule: `workJ + owedJ` is the integral over the sender's stamps, whatever was late, twice or out of order.
 */

/** A sender's stamps may be ahead of the server's own time by this much (jitter of the first packet); more earns nothing. */
const STAMP_LEAD_MAX_MS = 1000
/** What came later than this is not caught up by stamps that run fast afterwards. */
const STAMP_LAG_MAX_MS = 5000
/** After the gun the first packet may be this much later than those behind it; a lead is not a start of one's own. */
const GUN_SLACK_MS = 100
/** A sensor that stands still is believed to have done so for no longer than this, ms. */
const STUCK_MOST_MS = 5000
/** Samples that span more than this and are taken in one tick came in a burst, ms. */
const BURST_MS = 2500

const HOLD = { holdMs: POWER_HOLD_MS, decayMs: POWER_DECAY_MS }
/** Before this a tick pays all of a sample's watts; from SPENT_TICKS on it pays nothing more. */
const FULL_TICKS = Math.floor(POWER_HOLD_MS / TICK_MS)
const SPENT_TICKS = (POWER_HOLD_MS + POWER_DECAY_MS) / TICK_MS
const TICK_S = TICK_MS / 1000

/** The world's own columns, beside physics' riders: what the account needs between two samples, and the way round a race. */
export interface Ledger {
  /** Newest sequence taken. */
  readonly sequence: Uint32Array
  /** Whose clock `sampleAtMs` is on, one of CLOCK. */
  readonly clock: Uint32Array
  /** Tick in which the rider came onto the road. */
  readonly joinTick: Uint32Array
  /** How far what was credited is ahead of the server's time, ms, −STAMP_LAG_MAX_MS … STAMP_LEAD_MAX_MS. */
  readonly leadMs: Float64Array
  /** Crossings of the run's line so far. */
  readonly crossed: Uint32Array
  /** What was credited, J, and for how long, ms, while a value stood still and the cranks slowed: taken back if they stop. */
  readonly stuckJ: Float64Array
  readonly stuckMs: Float64Array
  /** Watts of the newest sample as they were sent; the time samples of one tick span, ms. */
  readonly sentW: Float64Array
  readonly burstMs: Float64Array
  /** How often watts without turning cranks were taken back since joining; how often seconds of samples came at once. */
  readonly stuckCount: Uint32Array
  readonly burstCount: Uint32Array
  /** The route the rider is on, counted from 1; 0: none. */
  readonly route: Uint32Array
}

const CLOCK = { none: 0, thisSession: 1, anEarlierSession: 2, beforeTheGun: 3 } as const

export const LEDGER_COLUMNS = [
  'sequence',
  'clock',
  'joinTick',
  'leadMs',
  'crossed',
  'route',
  'stuckJ',
  'stuckMs',
  'sentW',
  'burstMs',
  'stuckCount',
  'burstCount',
] as const

export function createLedger(capacity: number): Ledger {
  const whole = () => new Uint32Array(capacity)
  return {
    sequence: whole(),
    clock: whole(),
    joinTick: whole(),
    leadMs: new Float64Array(capacity),
    crossed: whole(),
    stuckJ: new Float64Array(capacity),
    stuckMs: new Float64Array(capacity),
    sentW: new Float64Array(capacity),
    burstMs: new Float64Array(capacity),
    stuckCount: whole(),
    burstCount: whole(),
    route: whole(),
  }
}

/** A new input session: its sequences and its clock have nothing to do with the last one's. What was paid stays paid. */
export function openSession(ledger: Ledger, row: number): void {
  if (ledger.clock[row] !== CLOCK.none) ledger.clock[row] = CLOCK.anEarlierSession
  ledger.sequence[row] = 0
}

/**
 * The gun: who stood until now begins a new account. What legs did before moves nobody, and what is told of it later is
 * not made up for; sequences and clock go on.
 */
export function startAccount(riders: Riders, ledger: Ledger, row: number): void {
  riders.owedJ[row] = 0
  if (ledger.clock[row] === CLOCK.none) return
  if (ledger.clock[row] === CLOCK.thisSession) ledger.clock[row] = CLOCK.beforeTheGun
  ledger.leadMs[row] = STAMP_LEAD_MAX_MS - GUN_SLACK_MS
}

export type Taken = { readonly taken: true; readonly excessMs: number } | { readonly taken: false }
const REFUSED: Taken = { taken: false }

/** Takes up one sample at the start of the step that leaves `tick`. Old and repeated ones are refused and change nothing. */
export function takeSample(riders: Riders, ledger: Ledger, row: number, sample: InputSample, tick: number): Taken {
  const isFirst = ledger.clock[row] !== CLOCK.thisSession
  if (isKnown(ledger, row) && !isNewer(sample.sequence, ledger.sequence[row]! as InputSample['sequence']))
    return REFUSED
  let excessMs = 0
  if (isFirst) {
    ledger.leadMs[row] = firstLeadMs(riders, ledger, row, tick)
    ledger.clock[row] = CLOCK.thisSession
  } else {
    const stampMs = (sample.atMs - riders.sampleAtMs[row]!) | 0 // The u32 circle: a wrap is a small step forward.
    const serverMs = (tick - riders.sampleTick[row]!) * TICK_MS
    if (stampMs < 0) {
      // A clock that went back is another clock: what the ticks paid stands, and a lead is not earned twice.
      ledger.leadMs[row] = paidLeadMs(riders, ledger, row, tick)
    } else {
      const leadMs = ledger.leadMs[row]! + stampMs - serverMs
      excessMs = Math.min(stampMs, Math.max(0, leadMs - STAMP_LEAD_MAX_MS))
      ledger.leadMs[row] = Math.max(-STAMP_LAG_MAX_MS, Math.min(STAMP_LEAD_MAX_MS, leadMs))
      const worthJ = heldWorkJ(riders.samplePowerW[row]!, 0, stampMs - excessMs, HOLD)
      riders.owedJ[row]! += worthJ - paidJ(riders, row, tick)
    }
  }
  const isStuck = !isFirst && isWithoutCranks(riders, ledger, row, sample)
  if (tick !== riders.sampleTick[row]) ledger.burstMs[row] = 0
  else if (!isFirst) noteBurst(riders, ledger, row, sample)
  ledger.sequence[row] = sample.sequence
  riders.sampleAtMs[row] = sample.atMs
  riders.samplePowerW[row] = isStuck ? 0 : sample.powerW
  riders.sampleTick[row] = tick
  riders.cadenceRpm[row] = sample.cadenceHalfRpm / 2
  riders.heartRateBpm[row] = sample.heartRateBpm
  riders.inputHash[row] = foldSample(riders.inputHash[row]!, sample)
  return { taken: true, excessMs }
}

/**
 * A value that stands still while the cranks slow down and stop is the sensor's memory and not the rider's work. Once they
 * have stopped, what was credited since they slowed is taken back, and the value counts as nothing until it changes. Who
 * sends no cadence at all is not judged.
 */
function isWithoutCranks(riders: Riders, ledger: Ledger, row: number, sample: InputSample): boolean {
  const cadenceRpm = sample.cadenceHalfRpm / 2
  const beforeRpm = riders.cadenceRpm[row]!
  const standsStill = sample.powerW > 0 && sample.powerW === ledger.sentW[row]
  ledger.sentW[row] = sample.powerW
  if (standsStill && cadenceRpm === 0 && beforeRpm === 0) return riders.samplePowerW[row] === 0
  if (!standsStill || cadenceRpm >= beforeRpm) {
    ledger.stuckJ[row] = 0
    ledger.stuckMs[row] = 0
    return false
  }
  // The interval that ends here began with the value of before; it was slowing only if an earlier sample said so.
  const stampMs = Math.max(0, (sample.atMs - riders.sampleAtMs[row]!) | 0)
  if (ledger.stuckMs[row]! > 0) ledger.stuckJ[row]! += heldWorkJ(riders.samplePowerW[row]!, 0, stampMs, HOLD)
  ledger.stuckMs[row] = ledger.stuckMs[row]! + Math.max(1, stampMs)
  if (ledger.stuckMs[row]! > STUCK_MOST_MS) {
    ledger.stuckJ[row] = ledger.stuckJ[row]! * (STUCK_MOST_MS / ledger.stuckMs[row]!)
    ledger.stuckMs[row] = STUCK_MOST_MS
  }
  if (cadenceRpm > 0) return false
  riders.owedJ[row] = riders.owedJ[row]! - ledger.stuckJ[row]!
  ledger.stuckJ[row] = 0
  ledger.stuckMs[row] = 0
  ledger.stuckCount[row] = ledger.stuckCount[row]! + 1
  return true
}

/** Several samples in one tick: the network, or a sensor, kept them back. Their stamps are paid, no more; it is noted. */
function noteBurst(riders: Riders, ledger: Ledger, row: number, sample: InputSample): void {
  const stampMs = (sample.atMs - riders.sampleAtMs[row]!) | 0
  if (stampMs <= 0) return
  const before = ledger.burstMs[row]!
  ledger.burstMs[row] = before + stampMs
  if (before <= BURST_MS && before + stampMs > BURST_MS) ledger.burstCount[row] = ledger.burstCount[row]! + 1
}

/**
 * Pays one tick: the joules go to `workJ`, the watts the legs get are returned, and `powerW` shows the rider's own watts
 * without the payout (others see what the trainer measured).
 */
export function payTick(riders: Riders, ledger: Ledger, row: number, tick: number): number {
  const age = tick - riders.sampleTick[row]!
  let heldJ = 0
  if (ledger.clock[row] !== CLOCK.none) {
    if (age < FULL_TICKS) {
      // What the lines below make of it, and most ticks are such.
      heldJ = (riders.samplePowerW[row]! * TICK_MS) / 1000
      riders.powerW[row] = riders.samplePowerW[row]!
    } else if (age < SPENT_TICKS) {
      heldJ = heldWorkJ(riders.samplePowerW[row]!, age * TICK_MS, (age + 1) * TICK_MS, HOLD)
      riders.powerW[row] = heldPowerW(riders.samplePowerW[row]!, age * TICK_MS, HOLD)
    } else {
      riders.powerW[row] = 0
      riders.cadenceRpm[row] = 0
      riders.heartRateBpm[row] = 0
    }
  }
  const owedJ = riders.owedJ[row]!
  const extraJ = payoutJ(owedJ, heldJ, riders.speedMps[row]!)
  riders.owedJ[row] = owedJ - extraJ + 0
  const legsJ = heldJ + extraJ
  riders.workJ[row]! += legsJ
  return legsJ / TICK_S
}

/** Newest sequence of this input session; undefined before its first sample. */
export function takenSequence(ledger: Ledger, row: number): number | undefined {
  return isKnown(ledger, row) ? ledger.sequence[row]! : undefined
}

/** True when sequences count on from one that was taken in this session. */
function isKnown({ clock }: Ledger, row: number): boolean {
  return clock[row] === CLOCK.thisSession || clock[row] === CLOCK.beforeTheGun
}

/** Where a session's stamps begin: they may have waited for a connection and their packet, but no second is paid for twice. */
function firstLeadMs(riders: Riders, ledger: Ledger, row: number, tick: number): number {
  if (ledger.clock[row] === CLOCK.beforeTheGun) return ledger.leadMs[row]!
  if (ledger.clock[row] !== CLOCK.none) return paidLeadMs(riders, ledger, row, tick)
  return -Math.min(STAMP_LAG_MAX_MS, (tick - ledger.joinTick[row]!) * TICK_MS)
}

/** How far ahead of now the last sample was paid for: its stamp's lead stays while ticks go on paying it, then shrinks. */
function paidLeadMs(riders: Riders, ledger: Ledger, row: number, tick: number): number {
  const unpaidMs = Math.max(0, (tick - riders.sampleTick[row]! - SPENT_TICKS) * TICK_MS)
  return Math.max(-STAMP_LAG_MAX_MS, ledger.leadMs[row]! - unpaidMs)
}

/** What ticks have paid of the newest sample: the same integral, over whole ticks. */
function paidJ(riders: Riders, row: number, tick: number): number {
  return heldWorkJ(riders.samplePowerW[row]!, 0, (tick - riders.sampleTick[row]!) * TICK_MS, HOLD)
}

function foldSample(hash: number, sample: InputSample): number {
  let h = fold(hash, sample.sequence)
  h = fold(h, sample.atMs)
  h = fold(h, sample.powerW)
  h = fold(h, sample.cadenceHalfRpm)
  h = fold(h, sample.heartRateBpm)
  return fold(h, sample.steer)
}
