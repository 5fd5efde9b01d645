import { expect, test } from 'vitest'
import { plainCourse } from '#physics/plain-courses'
import { siteZone } from '#physics/zone-site'
import type { ZonePosesMessage } from '#protocol/zone-poses'
import { ZoneMotion } from './zone-motion.ts'

const sited = siteZone(
  {
    ...{ id: 'park', name: 'Park', xM: 26, yM: 130, dirX: 0, dirY: 1, lengthM: 60, widthM: 40, seed: 5 },
    entry: { way: 0, atM: 101 },
    exit: { way: 0, atM: 161 },
  },
  plainCourse({ heightAt: () => 12 }),
)
const rider = (u: number, speedMps = 6) => ({
  ...{ riderId: 7, u, v: 10, z: 1, headU: 1, headV: 0, slope: 0, lean: 0, flags: 0 },
  speedMps,
})
const message = (tick: number, more: Partial<ZonePosesMessage> = {}): ZonePosesMessage => ({
  ...{ tick, zone: 0, isWhole: false, riders: [rider(tick * 0.3)], props: [] },
  ...more,
})
const motion = () => {
  if (!sited.ok) throw new Error(sited.error)
  return new ZoneMotion([sited.site])
}

test('[P89] between two messages a rider is on the line between them, five ticks behind', () => {
  const zone = motion()
  for (const tick of [10, 12, 14, 16]) zone.take(message(tick))
  for (let tick = 16; tick <= 21; tick += 0.25) {
    expect(zone.at(tick).rider(7)!.u).toBeCloseTo((tick - 5) * 0.3, 9)
  }
  expect(zone.at(18).rider(7)!.z).toBe(13)
  expect(zone.at(18).rider(8)).toBeUndefined()
})

test('[P89] a message late, twice or missing: nothing jumps back, and who is silent goes on a little and is gone', () => {
  const zone = motion()
  zone.take(message(10))
  zone.take(message(14))
  zone.take(message(12))
  zone.take(message(14, { riders: [rider(50)] }))
  expect(zone.at(17).rider(7)!.u).toBeCloseTo(12 * 0.3, 9)
  expect(zone.at(14 + 5 + 4).rider(7)!.u).toBeCloseTo(14 * 0.3 + 4 * 0.3, 9)
  expect(zone.at(14 + 5 + 9).rider(7)).toBeUndefined()
})

test('[P89] who left is on the road again; a whole message puts the other props back home; a zone nobody has is ignored', () => {
  const zone = motion()
  zone.take(message(10))
  zone.take(message(12, { riders: [] }))
  expect(zone.isInside(7)).toBe(false)
  expect(zone.at(16).rider(7)).toBeUndefined()
  const prop = (index: number) => ({ index, u: 1, v: 2, z: 0, qx: 0, qy: 0, qz: 0.5, qw: 0.5 })
  zone.take(message(14, { props: [prop(1), prop(3)] }))
  expect(zone.props(0)[1]!.qw).toBeCloseTo(Math.SQRT1_2, 9)
  expect(zone.props(0)[1]!.z).toBe(12)
  zone.take(message(16, { isWhole: true, props: [prop(3)] }))
  expect(zone.props(0)[1]).toBeUndefined()
  expect(zone.props(0)[3]).toBeDefined()
  zone.take(message(18, { zone: 5 }))
  expect(zone.props(5)).toEqual([])
})
