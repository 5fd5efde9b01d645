import type { RiderRecord } from '#physics/dead-reckoning'

/**
 * What the picture needs to know of a rider at one tick, as the server said it. Records of `client/net` fit by shape;
 * nothing here knows the wire.
 */
export interface MotionRecord extends RiderRecord {
  readonly id: number
  /** The tick whose state this is. */
  readonly tick: number
  readonly cadenceRpm: number
  readonly heartRateBpm: number
}

/** The rider's own state, exact, with what the prediction needs besides. */
export interface OwnRecord extends MotionRecord {
  readonly lineM: number
  readonly isHeld: boolean
  /** Work at the pedals the server has credited, J. */
  readonly workJ: number
  /** The newest sample the server has taken up. */
  readonly ackedSequence: number
}
