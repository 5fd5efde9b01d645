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
  /** Road behind the rider since the start of the course or route, laps included. Never jumps while riding. */
  readonly distanceM: Float64Array
  /** The rider's place on the tape is distanceM + offsetM; jumps from way to way (`ways.passJunctions`). */
  readonly offsetM: Float64Array
  /** The way the rider is on; the leg of the route it is, plus one, or 0 off every route; the wish for the next junction (TURN). */
  readonly way: Uint32Array
  readonly leg: Uint32Array
  readonly turn: Uint32Array
  /** Metres right of the middle of the road. */
  readonly lateralM: Float64Array
  readonly lateralMps: Float64Array
  /** The bars, −127 … 127, as the newest sample has them; 0 leaves the line to the house. */
  readonly steer: Float64Array
  /** The line the rider makes for, metres right of the middle (`lanes.lineFromSteerM`, `lanes.homeLineM`). */
  readonly lineM: Float64Array
  /** 1 alone in still air. */
  readonly draftFactor: Float64Array
  /** What the legs have too much for the best line there is (boxed in), as acceleration: who has it keeps a longer gap. */
  readonly spareMps2: Float64Array
  /** What brakes (bends, U-turns) and what contact took away since joining, J. */
  readonly brakeJ: Float64Array
  readonly contactJ: Float64Array
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
  /** Rides in a free-ride zone: the road does not move the rider. */
  zone: 8,
  /** Pauses: brakes (`rest.ts`) until it stands, and is then held. No wire has a bit for it. */
  resting: 16,
} as const
/** Not on the road with the others: nobody's legs, wheel or elbow there concern them. */
export const NOT_RIDING = RIDER_FLAG.held | RIDER_FLAG.zone

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
  'offsetM',
  'way',
  'leg',
  'turn',
  'lateralM',
  'lateralMps',
  'steer',
  'lineM',
  'draftFactor',
  'brakeJ',
  'contactJ',
  'workJ',
  'owedJ',
  'sampleAtMs',
  'samplePowerW',
  'sampleTick',
  'inputHash',
  'flags',
  'spareMps2',
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
    offsetM: real(),
    way: whole(),
    leg: whole(),
    turn: whole(),
    lateralM: real(),
    lateralMps: real(),
    steer: real(),
    lineM: real(),
    draftFactor: real().fill(1),
    brakeJ: real(),
    contactJ: real(),
    workJ: real(),
    owedJ: real(),
    sampleAtMs: real(),
    samplePowerW: real(),
    sampleTick: whole(),
    inputHash: whole(),
    flags: whole(),
    spareMps2: real(),
  }
}
