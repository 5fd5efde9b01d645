import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  decodeZonePoses,
  encodeZonePoses,
  ZONE_PROP_FIELDS,
  ZONE_RIDER_FIELDS,
  type ZonePosesMessage,
} from './zone-poses.ts'

const rider = (riderId: number) => ({
  riderId,
  u: 33.25,
  v: -2.5,
  z: 1.75,
  headU: 0.6,
  headV: -0.8,
  slope: 0.31,
  lean: -0.4,
  speedMps: 6.5,
  flags: 1,
})
const prop = (index: number) => ({ index, u: 12.125, v: 30.5, z: 0.5, qx: 0, qy: 0.6, qz: 0, qw: 0.8 })
const message: ZonePosesMessage = {
  tick: 8214,
  zone: 1,
  isWhole: true,
  riders: Array.from({ length: 12 }, (_, i) => rider(i + 1)),
  props: Array.from({ length: 21 }, (_, i) => prop(i)),
}

test('[P89] poses come out as they went in, to the grid of the wire, and a full park fits', () => {
  const bytes = encodeZonePoses(message)
  expect(bytes.length).toBeLessThan(500)
  const read = decodeZonePoses(bytes)
  expect(read.ok).toBe(true)
  if (!read.ok) return
  expect(read.value).toMatchObject({ tick: 8214, zone: 1, isWhole: true })
  const near = (
    wire: Record<string, number>,
    told: Record<string, number>,
    table: typeof ZONE_RIDER_FIELDS | typeof ZONE_PROP_FIELDS,
  ) => {
    for (const [name, , unit] of table)
      expect(Math.abs(wire[name]! - told[name]!)).toBeLessThanOrEqual(unit / 2 + 1e-12)
  }
  read.value.riders.forEach((one, i) => near(one, rider(i + 1), ZONE_RIDER_FIELDS))
  read.value.props.forEach((one, i) => near(one, prop(i), ZONE_PROP_FIELDS))
})

test('[P89] what is cut, too long, of nobody, or noise is refused and never throws', () => {
  const bytes = encodeZonePoses(message)
  for (let length = 0; length < bytes.length; length++) {
    expect(decodeZonePoses(bytes.subarray(0, length)).ok).toBe(false)
  }
  expect(decodeZonePoses(Uint8Array.of(...bytes, 0)).ok).toBe(false)
  expect(decodeZonePoses(encodeZonePoses({ ...message, riders: [rider(0)] }))).toMatchObject({ error: 'out-of-range' })
  fc.assert(fc.property(fc.uint8Array({ maxLength: 300 }), (noise) => void decodeZonePoses(noise)))
})
