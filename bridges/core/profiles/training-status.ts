import { type Decoded, decoded, refused } from '../decoded.ts'
import { bytesOf, textFrom } from '../text.ts'

/** FTMS 1.0 §4.10, characteristic 0x2AD3: what the machine thinks its rider does; row n is status n. */
const TRAINING_STATUSES = [
  'other',
  'idle',
  'warming-up',
  'low-intensity-interval',
  'high-intensity-interval',
  'recovery-interval',
  'isometric',
  'heart-rate-control',
  'fitness-test',
  'speed-too-low',
  'speed-too-high',
  'cool-down',
  'watt-control',
  'manual',
  'before-workout',
  'after-workout',
] as const

export type TrainingStatusName = (typeof TRAINING_STATUSES)[number]

export interface TrainingStatus {
  readonly status: TrainingStatusName
  /** The machine's own words. */
  readonly text?: string
}

const HAS_TEXT = 1
const HAS_LONG_TEXT = 2

export function decodeTrainingStatus(bytes: Uint8Array): Decoded<TrainingStatus> {
  if (bytes.length < 2) return refused('too-short')
  const status = TRAINING_STATUSES[bytes[1]!]
  if (status === undefined) return refused('out-of-range')
  if ((bytes[0]! & (HAS_TEXT | HAS_LONG_TEXT)) === 0) return decoded({ status })
  const text = textFrom(bytes.subarray(2))
  return text === undefined ? refused('bad-text') : decoded({ status, text })
}

export function encodeTrainingStatus({ status, text }: TrainingStatus): Uint8Array {
  const code = TRAINING_STATUSES.indexOf(status)
  return text === undefined ? Uint8Array.of(0, code) : Uint8Array.of(HAS_TEXT, code, ...bytesOf(text))
}
