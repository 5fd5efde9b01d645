import { decoded, type Decoded, refused } from './decoded.ts'
import { isNewer, type Sequence } from './ids.ts'
import { CADENCE_MAX_RPM, HEART_RATE_MAX_BPM, INPUT_SAMPLES_MAX, POWER_MAX_W } from './limits.ts'
import { BitReader } from './reader.ts'
import { BitWriter } from './writer.ts'

/**
 * One reading of a rider's sensors, stamped where it was made. Whole numbers only, so that what is journalled is what was
 * sent. Power holds from this stamp to the next sample's (POWER_HOLD_MS, then POWER_DECAY_MS).
 */
export interface InputSample {
  readonly sequence: Sequence
  /** When it was read, ms on the sender's own steady clock (u32, wraps). */
  readonly atMs: number
  /** Watts, 0 … POWER_MAX_W. */
  readonly powerW: number
  /** Half revolutions a minute, as FTMS speaks it; 0 … 2 · CADENCE_MAX_RPM. */
  readonly cadenceHalfRpm: number
  /** Beats a minute; 0: no strap. */
  readonly heartRateBpm: number
  /** −127 … 127: where the rider leans on the bars; 0 leaves the line to the server. */
  readonly steer: number
}

/** The quantities of a sample: name, bits, largest count, what is added to a value to make it a count. */
const QUANTITIES = [
  ['powerW', 12, POWER_MAX_W, 0],
  ['cadenceHalfRpm', 9, 2 * CADENCE_MAX_RPM, 0],
  ['heartRateBpm', 8, HEART_RATE_MAX_BPM, 0],
  ['steer', 8, 254, 127],
] as const

/** Age steps shorter than this take the short form. */
const STEP_SHORT_BITS = 11
const STEP_SHORT_MAX_MS = (1 << STEP_SHORT_BITS) - 1

/** Newest first, one to INPUT_SAMPLES_MAX, sequences falling, stamps not rising. docs/protocol.md, "Input". */
export function writeInput(w: BitWriter, samples: readonly InputSample[]): void {
  w.bits(samples.length - 1, 2)
  let newer: InputSample | undefined
  for (const sample of samples) {
    if (newer === undefined) {
      w.bits(sample.sequence, 16)
      w.bits(sample.atMs, 32)
    } else {
      const step = (newer.sequence - sample.sequence) & 0xffff
      w.flag(step !== 1)
      if (step !== 1) w.bits(step, 16)
      const stepMs = (newer.atMs - sample.atMs) >>> 0
      w.flag(stepMs > STEP_SHORT_MAX_MS)
      w.bits(stepMs, stepMs > STEP_SHORT_MAX_MS ? 32 : STEP_SHORT_BITS)
    }
    for (const [name, bits, , bias] of QUANTITIES) {
      if (newer !== undefined) w.flag(sample[name] !== newer[name])
      if (newer === undefined || sample[name] !== newer[name]) w.bits(sample[name] + bias, bits)
    }
    newer = sample
  }
}

export function readInput(r: BitReader): Decoded<readonly InputSample[]> {
  const samples: InputSample[] = []
  const count = r.bits(2) + 1
  let newer: InputSample | undefined
  for (let i = 0; i < count; i++) {
    let sequence: number
    let atMs: number
    if (newer === undefined) {
      sequence = r.bits(16)
      atMs = r.bits(32)
    } else {
      const isFar = r.flag()
      const step = isFar ? r.bits(16) : 1
      if (isFar && step === 1) return refused('not-canonical')
      sequence = (newer.sequence - step) & 0xffff
      const isLong = r.flag()
      const stepMs = r.bits(isLong ? 32 : STEP_SHORT_BITS)
      if (isLong && stepMs <= STEP_SHORT_MAX_MS) return refused(r.overrun ? 'truncated-or-trailing' : 'not-canonical')
      if (stepMs >= 0x80000000 || !isNewer(newer.sequence, sequence as Sequence)) return refused('out-of-range')
      atMs = (newer.atMs - stepMs) >>> 0
    }
    const value = { powerW: 0, cadenceHalfRpm: 0, heartRateBpm: 0, steer: 0 }
    for (const [name, bits, max, bias] of QUANTITIES) {
      if (newer !== undefined && !r.flag()) {
        value[name] = newer[name]
        continue
      }
      const n = r.bits(bits)
      if (n > max) return refused('out-of-range')
      value[name] = n - bias
      if (newer !== undefined && value[name] === newer[name])
        return refused(r.overrun ? 'truncated-or-trailing' : 'not-canonical')
    }
    newer = { sequence: sequence as Sequence, atMs, ...value }
    samples.push(newer)
  }
  return r.overrun ? refused('truncated-or-trailing') : decoded(samples)
}

export function encodeInput(samples: readonly InputSample[]): Uint8Array {
  const w = new BitWriter(64)
  writeInput(w, samples.slice(0, INPUT_SAMPLES_MAX))
  return w.finish()
}

export function decodeInput(bytes: Uint8Array): Decoded<readonly InputSample[]> {
  const r = new BitReader(bytes)
  const samples = readInput(r)
  return samples.ok && !r.finished ? refused('truncated-or-trailing') : samples
}
