import { decoded, refused, type Decoded } from './decoded.ts'
import { readFields, writeFields, type Field, type Mutable, type Values } from './fields.ts'
import { BitReader } from './reader.ts'
import { BitWriter } from './writer.ts'

/**
 * Who rides in a free-ride zone, and which of its props are not at home: where, which way, how they lie. Not places on the
 * road, so not records of the rider stream: a message of its own over the slow plane, ten times a second to those near
 * (docs/zones.md). Metres and unit vectors in the park's own axes: u along the road, v away from it, z above its datum.
 */
export const ZONE_RIDER_FIELDS = [
  ['riderId', 24, 1, 0],
  ['u', 14, 1 / 128, -20],
  ['v', 14, 1 / 128, -24],
  ['z', 13, 1 / 128, -24],
  ['headU', 10, 1 / 511, -1],
  ['headV', 10, 1 / 511, -1],
  ['slope', 8, 1 / 96, -1.33],
  ['lean', 8, 1 / 128, -1],
  ['speedMps', 10, 1 / 32, 0],
  ['flags', 2, 1, 0],
] as const satisfies readonly Field[]

export const ZONE_PROP_FIELDS = [
  ['index', 5, 1, 0],
  ['u', 14, 1 / 128, -20],
  ['v', 14, 1 / 128, -24],
  ['z', 13, 1 / 128, -24],
  ['qx', 10, 1 / 511, -1],
  ['qy', 10, 1 / 511, -1],
  ['qz', 10, 1 / 511, -1],
  ['qw', 10, 1 / 511, -1],
] as const satisfies readonly Field[]

/** Bits of a rider's `flags`. */
export const ZONE_RIDER_FLAG = { flying: 1, down: 2 } as const
export const ZONE_RIDERS_WIRE_MAX = 15
export const ZONE_PROPS_WIRE_MAX = 31
const ZONES_WIRE_MAX = 8
const BYTES_MAX = 720

export type ZoneRiderWire = Mutable<Values<typeof ZONE_RIDER_FIELDS>>
export type ZonePropWire = Mutable<Values<typeof ZONE_PROP_FIELDS>>

export interface ZonePosesMessage {
  /** Tick of the world it shows. */
  readonly tick: number
  /** Index among the zones of the map. */
  readonly zone: number
  /** Every prop that is not at home is in it, not only those that move: others are at home again. */
  readonly isWhole: boolean
  readonly riders: readonly ZoneRiderWire[]
  readonly props: readonly ZonePropWire[]
}

export function encodeZonePoses({ tick, zone, isWhole, riders, props }: ZonePosesMessage): Uint8Array {
  const w = new BitWriter(BYTES_MAX)
  const riderCount = Math.min(ZONE_RIDERS_WIRE_MAX, riders.length)
  const propCount = Math.min(ZONE_PROPS_WIRE_MAX, props.length)
  w.bits(tick >>> 0, 32)
  w.bits(zone, 3)
  w.flag(isWhole)
  w.bits(riderCount, 4)
  w.bits(propCount, 5)
  for (let i = 0; i < riderCount; i++) writeFields(w, ZONE_RIDER_FIELDS, riders[i]!)
  for (let i = 0; i < propCount; i++) writeFields(w, ZONE_PROP_FIELDS, props[i]!)
  return w.finish()
}

export function decodeZonePoses(bytes: Uint8Array): Decoded<ZonePosesMessage> {
  const r = new BitReader(bytes)
  const tick = r.bits(32)
  const zone = r.bits(3)
  const isWhole = r.flag()
  const riderCount = r.bits(4)
  const propCount = r.bits(5)
  const riders: ZoneRiderWire[] = []
  const props: ZonePropWire[] = []
  for (let i = 0; i < riderCount && !r.overrun; i++) {
    const rider = emptyRider()
    readFields(r, ZONE_RIDER_FIELDS, rider)
    riders.push(rider)
  }
  for (let i = 0; i < propCount && !r.overrun; i++) {
    const prop = emptyProp()
    readFields(r, ZONE_PROP_FIELDS, prop)
    props.push(prop)
  }
  if (!r.finished) return refused('truncated-or-trailing')
  if (zone >= ZONES_WIRE_MAX || riders.some((rider) => rider.riderId === 0)) return refused('out-of-range')
  return decoded({ tick, zone, isWhole, riders, props })
}

function emptyRider(): ZoneRiderWire {
  return { riderId: 0, u: 0, v: 0, z: 0, headU: 0, headV: 0, slope: 0, lean: 0, speedMps: 0, flags: 0 }
}

function emptyProp(): ZonePropWire {
  return { index: 0, u: 0, v: 0, z: 0, qx: 0, qy: 0, qz: 0, qw: 0 }
}
