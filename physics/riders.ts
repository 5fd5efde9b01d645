/**
 * Every rider of a room, one column per quantity; row `i` is one rider from join to leave. Columns are `Float64Array`
 * or `Uint32Array`, so that a checkpoint is a copy and the state hash is a walk over bytes.
 */
export interface Riders {
  readonly capacity: number
  /** Rows in use are below this; a free row has `id` 0. */
  count: number
  /** RiderId; 0 marks a free row. */
  readonly id: Uint32Array
  /** Rider, bike and kit. */
  readonly massKg: Float64Array
  readonly cdaM2: Float64Array
  /** Watts at the pedals that this tick will use. */
  readonly powerW: Float64Array
  readonly cadenceRpm: Float64Array
  readonly heartRateBpm: Float64Array
  readonly speedMps: Float64Array
  /** Road behind the rider since the start of the course, laps included. */
  readonly distanceM: Float64Array
  /** Metres right of the middle of the road. */
  readonly lateralM: Float64Array
  readonly lateralMps: Float64Array
  /** The line the rider makes for, metres right of the middle (`lanes.lineFromSteerM`, `lanes.homeLineM`). */
  readonly lineM: Float64Array
  /** 1 alone in still air. */
  readonly draftFactor: Float64Array
  /** Work at the pedals the server has credited, J. */
  readonly workJ: Float64Array
  /** Energy a late sample brought that the legs have not been paid yet, J; may be negative. */
  readonly owedJ: Float64Array
  /** The newest sample: its stamp on the sender's clock, ms, its watts, and the tick it was taken up in. */
  readonly sampleAtMs: Float64Array
  readonly samplePowerW: Float64Array
  readonly sampleTick: Uint32Array
  /** Everything ever taken from this rider's inputs, folded: one changed bit is another number. */
  readonly inputHash: Uint32Array
  /** Bit field, see RIDER_FLAG. */
  readonly flags: Uint32Array
}

export const RIDER_FLAG = {
  /** Stands in the pen: power is shown but does not move the rider. */
  held: 1,
  /** Rides by script. */
  bot: 2,
  /** Has crossed the last line of the event. */
  finished: 4,
} as const

type Column = Float64Array | Uint32Array
export type RiderColumn = { [K in keyof Riders]: Riders[K] extends Column ? K : never }[keyof Riders]

/** Column names in the order in which they are hashed and written down. Appending is a new PHYSICS_VERSION. */
export const RIDER_COLUMNS = [
  'id',
  'massKg',
  'cdaM2',
  'powerW',
  'cadenceRpm',
  'heartRateBpm',
  'speedMps',
  'distanceM',
  'lateralM',
  'lateralMps',
  'lineM',
  'draftFactor',
  'workJ',
  'owedJ',
  'sampleAtMs',
  'samplePowerW',
  'sampleTick',
  'inputHash',
  'flags',
] as const satisfies readonly RiderColumn[]

export function createRiders(capacity: number): Riders {
  const real = () => new Float64Array(capacity)
  const whole = () => new Uint32Array(capacity)
  return {
    capacity,
    count: 0,
    id: whole(),
    massKg: real(),
    cdaM2: real(),
    powerW: real(),
    cadenceRpm: real(),
    heartRateBpm: real(),
    speedMps: real(),
    distanceM: real(),
    lateralM: real(),
    lateralMps: real(),
    lineM: real(),
    draftFactor: real().fill(1),
    workJ: real(),
    owedJ: real(),
    sampleAtMs: real(),
    samplePowerW: real(),
    sampleTick: whole(),
    inputHash: whole(),
    flags: whole(),
  }
}
