import type { Sequence } from './ids.ts'

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
