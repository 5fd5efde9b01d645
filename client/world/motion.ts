/**
 * What the picture needs to know of a rider at one tick, as the server said it. Records of `client/net` fit by shape;
 * nothing here knows the wire.
 */
export interface MotionRecord {
  readonly id: number
  /** The tick whose state this is. */
  readonly tick: number
  readonly distanceM: number
  readonly lateralM: number
  readonly lateralMps: number
  readonly speedMps: number
  readonly powerW: number
  readonly cadenceRpm: number
  readonly heartRateBpm: number
}

/** The rider's own state, exact, with what the prediction needs besides. */
export interface OwnRecord extends MotionRecord {
  readonly massKg: number
  readonly cdaM2: number
  readonly draftFactor: number
  readonly isHeld: boolean
  readonly workJ: number
  /** The newest sample the server has taken up. */
  readonly ackedSequence: number
}
