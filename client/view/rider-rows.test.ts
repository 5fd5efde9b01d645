import { expect, test } from 'vitest'
import { POSE, POSES } from '../world/poses.ts'
import { createSceneRiders, type SceneRiders } from '../world/scene-riders.ts'
import { kitOf, PLAIN_KIT } from './rider-kit.ts'
import { DETAILS, riderArrays, type RiderDetail } from './rider-model.ts'
import { reachOf } from './rider-reach.ts'
import { createEye, LEVELS, REACHES, RiderRows, ROW_FLOATS, type Onlooking } from './rider-rows.ts'
import { BONE } from './rider-parts.ts'
import type { Quality } from './view-types.ts'

const triangles = Object.fromEntries(DETAILS.map((name) => [name, riderArrays(name).index.length / 3])) as Record<
  RiderDetail,
  number
>
const DETAIL_OF: readonly RiderDetail[] = ['near', 'mid', 'low', 'far', 'mid', 'shade']

function bunch(count: number): SceneRiders {
  const riders = createSceneRiders(count)
  riders.count = count
  for (let i = 0; i < count; i++) {
    riders.id[i] = i + 1
    riders.pose[i * POSES.length] = 1
  }
  return riders
}

/** A bunch of riders six abreast, two metres from wheel to wheel, ahead of an eye that looks along the road. */
function dealt(quality: Quality, riders: SceneRiders, backM = 5): RiderRows {
  const rows = new RiderRows()
  rows.grow(riders.capacity)
  deal(rows, quality, riders, backM)
  return rows
}

const eye = createEye()
const stand = new Float64Array(8)
const middle = new Float64Array(3)
function deal(rows: RiderRows, quality: Quality, riders: SceneRiders, backM: number): void {
  eye.y = 2.1
  eye.axes.set([-1, 0, 0, 0, 1, 0, 0, 0, 1])
  eye.tanX = 0.95
  eye.tanY = 0.53
  rows.begin()
  for (let i = 0; i < riders.count; i++) {
    stand[0] = (i % 6) - 2.5
    stand[1] = 0
    stand[2] = backM + Math.floor(i / 6) * 2 + (i % 3) * 0.3
    stand[4] = 1
    rows.put(i, PLAIN_KIT, eye, stand, REACHES[quality], middle)
  }
  rows.deal(riders, REACHES[quality])
}

const drawn = (rows: RiderRows): number =>
  LEVELS.reduce((sum, _, level) => sum + rows.counts[level]! * triangles[DETAIL_OF[level]!], 0)

test('[V65] three hundred riders in one bunch in view, shadows too, are 300k triangles at most; 120k medium, 50k low', () => {
  const riders = bunch(300)
  for (const [quality, most] of [
    ['high', 300_000],
    ['medium', 120_000],
    ['low', 50_000],
  ] as const) {
    let worst = 0
    for (let backM = 2; backM < 60; backM += 0.7) worst = Math.max(worst, drawn(dealt(quality, riders, backM)))
    expect(worst).toBeLessThanOrEqual(most)
    expect(worst).toBeGreaterThan(most / 4)
  }
  // Draws: four details, spokes of two of them, and two into the shadow map.
  expect(LEVELS.filter((name) => !name.startsWith('shadow')).length + 2).toBeLessThanOrEqual(6)
  expect(LEVELS.filter((name) => name.startsWith('shadow')).length).toBeLessThanOrEqual(3)
})

test('[V66] each detail is a fraction of the one before it, and whole: no number missing, no vertex beyond its list', () => {
  expect(triangles.near).toBeLessThan(7000)
  expect(triangles.mid).toBeLessThan(1300)
  expect(triangles.low).toBeLessThan(270)
  expect(triangles.far).toBe(12)
  expect(triangles.shade).toBeLessThan(150)
  for (const name of DETAILS) {
    const { position, normal, morph, bone, index } = riderArrays(name)
    const count = position.length / 3
    expect([normal.length, morph.length, bone.length]).toEqual([position.length, position.length, count * 2])
    expect(Math.max(...index)).toBe(count - 1)
    for (const list of [position, normal, morph]) expect(list.every(Number.isFinite)).toBe(true)
    for (let i = 0; i < normal.length; i += 3)
      expect(Math.abs(Math.sqrt(normal[i]! ** 2 + normal[i + 1]! ** 2 + normal[i + 2]! ** 2) - 1)).toBeLessThan(1e-3)
  }
  // Tyres touch the ground of a wheel's height: not above it, not in it.
  const { position, bone } = riderArrays('near')
  let wheelM = 0
  for (let v = 0; v < bone.length / 2; v++)
    if (bone[v * 2] === BONE.frontWheel)
      wheelM = Math.max(wheelM, Math.sqrt(position[v * 3 + 1]! ** 2 + position[v * 3 + 2]! ** 2))
  expect(wheelM).toBeCloseTo(0.34, 3)
})

test('[V67] in every pose, between any two, at every turn of the crank, short or tall: hands reach the bars, feet the pedals', () => {
  for (const one of POSES) {
    for (const other of POSES) {
      for (const share of one === other ? [1] : [0.5]) {
        for (const size of [0.935, 1, 1.055]) {
          for (let turn = 0; turn < 24; turn++) {
            const weights = one === other ? { [one]: 1 } : { [one]: share, [other]: 1 - share }
            const { leftLeg, rightLeg, leftArm, rightArm } = reachOf(weights, (turn / 24) * 2 * Math.PI, size)
            const words = `${one} and ${other}, size ${size}, turn ${turn}`
            // Going over into a stop, and lifting the arms, limbs are on their way and hold nothing.
            const isHeld = one === other || ![one, other].some((name) => name === 'stop' || name === 'cheer')
            if (isHeld) expect(Math.max(leftLeg, rightLeg), words).toBeLessThan(0.998)
            if (isHeld) expect(Math.max(leftArm, rightArm), words).toBeLessThan(0.998)
            expect(Math.min(leftLeg, rightLeg, leftArm, rightArm), words).toBeGreaterThan(0.15)
          }
        }
      }
    }
  }
})

test('[V68] where one detail goes over into the next, both are drawn, and each has exactly the holes of the other', () => {
  const riders = bunch(300)
  riders.fade[5] = 0.4
  for (let backM = 2; backM < 40; backM += 1.3) {
    const rows = dealt('high', riders, backM)
    const shares = new Map<string, number>()
    for (let level = 0; level < 4; level++) {
      for (let k = 0; k < rows.counts[level]!; k++) {
        const o = k * ROW_FLOATS
        const place = `${rows.rows[level]![o]} ${rows.rows[level]![o + 2]}`
        shares.set(place, (shares.get(place) ?? 0) + rows.rows[level]![o + 23]! - rows.rows[level]![o + 22]!)
      }
    }
    expect(shares.size).toBeGreaterThan(250)
    for (const share of shares.values()) expect(Math.min(Math.abs(share - 1), Math.abs(share - 0.6))).toBeLessThan(1e-5)
  }
})

test('[V68] a rider who comes nearer goes through the details without a jump: a centimetre changes little of who is near', () => {
  const riders = bunch(300)
  let before: number | undefined
  for (let backM = 30; backM > 2; backM -= 0.01) {
    const rows = again('high', riders, backM)
    let near = 0
    for (let k = 0; k < rows.counts[0]!; k++) {
      const o = k * ROW_FLOATS
      // Not my own, who is always near.
      if (rows.rows[0]![o] !== -2.5 || Math.abs(rows.rows[0]![o + 2]! - backM) > 0.2)
        near += rows.rows[0]![o + 23]! - rows.rows[0]![o + 22]!
    }
    if (before !== undefined) expect(Math.abs(near - before)).toBeLessThan(0.4)
    before = near
  }
})

const kept = new RiderRows()
function again(quality: Quality, riders: SceneRiders, backM: number): RiderRows {
  if (kept.capacity === 0) kept.grow(riders.capacity)
  deal(kept, quality, riders, backM)
  return kept
}

test('[V69] a frame of three hundred riders makes no object: the same buffers, and the heap does not grow', () => {
  const riders = bunch(300)
  const rows = dealt('high', riders)
  const buffers = [...rows.rows]
  for (let k = 0; k < 200; k++) deal(rows, 'high', riders, 4 + k * 0.01)
  const before = process.memoryUsage().heapUsed
  for (let k = 0; k < 400; k++) deal(rows, 'high', riders, 4 + k * 0.01)
  const perFrame = (process.memoryUsage().heapUsed - before) / 400
  expect(rows.rows.every((buffer, i) => buffer === buffers[i])).toBe(true)
  // Two kilobytes a frame are allowed to everything; one object per rider would be ten and more.
  expect(perFrame).toBeLessThan(2000)
})

test('[V64] riders nobody dressed differ in height, girth, build, hair and socks, the same in every session, heavier is larger', () => {
  const entry = (id: number, massKg: number) => ({
    ...{ id, name: '', isBot: false, massKg, jersey: 0xd7263d, accent: 0xffffff, shorts: 0x17181c, helmet: 0xe8e8e4 },
    ...{ frame: 0x222222, skin: 0xc98d63, pattern: 3, bike: id % 3, number: 117 },
  })
  const kits = Array.from({ length: 60 }, (_, id) => kitOf(entry(id + 1, 70)))
  expect(new Set(kits.map((kit) => kit[6])).size).toBeGreaterThan(40)
  for (const kit of kits) {
    expect(kit[8]).toBeGreaterThanOrEqual(0.935)
    expect(kit[8]).toBeLessThanOrEqual(1.055)
    expect(kit[7]! % 10_000).toBe(117)
    expect(Math.floor(kit[7]! / 10_000)).toBe(3)
  }
  expect(kitOf(entry(9, 70))).toEqual(kitOf(entry(9, 70)))
  const mean = (kg: number, column: number) =>
    Array.from({ length: 40 }, (_, id) => kitOf(entry(id, kg))[column]!).reduce((sum, value) => sum + value / 40, 0)
  expect(mean(90, 8)).toBeGreaterThan(mean(55, 8) + 0.03)
  expect(mean(90, 9)).toBeGreaterThan(mean(55, 9) + 0.05)
  expect(POSE.hoods).toBe(0)
})

/** One to two riders before an eye that looks along the road, each at [aside, ahead]. */
function looked(looking: Onlooking, riders: SceneRiders, places: readonly (readonly [number, number])[]): RiderRows {
  const rows = new RiderRows()
  rows.grow(places.length)
  rows.begin(looking)
  eye.axes.set([-1, 0, 0, 0, 1, 0, 0, 0, 1])
  places.forEach(([aside, ahead], i) => {
    stand.set([aside, 0, ahead, 0, 1, 0, 0, 0.25])
    rows.put(i, PLAIN_KIT, eye, stand, REACHES.high, middle)
  })
  rows.deal(riders, REACHES.high)
  return rows
}

test('[V71] who looks out of their own eyes sees arms and bicycle, which the row says, also when the head is ahead of them; calm: without rocking', () => {
  const riders = bunch(1)
  riders.pose.set([0, 0, 0, 1])
  for (const [looking, standing] of [
    ['own', 1],
    ['calm', 0],
  ] as const) {
    const rows = looked(looking, riders, [[0, -2]])
    expect([...rows.counts]).toEqual([1, 0, 0, 0, 1, 0])
    const [seen, shadow] = [rows.rows[0]!, rows.rows[4]!]
    expect([seen[37], shadow[37]]).toEqual([1, 0])
    // The shadow is the whole rider's, as they are.
    expect([seen[8 + POSE.standing - 1], shadow[8 + POSE.standing - 1]]).toEqual([standing, 1])
  }
  expect(looked('others', riders, [[0, 3]]).rows[0]![37]).toBe(0)
})

test('[V72] nobody hides the rider whom the eye follows from behind: who comes between is drawn with holes and throws a shadow all the same', () => {
  const riders = bunch(2)
  const shareOf = (looking: Onlooking, aside: number, ahead: number): number => {
    const rows = looked(looking, riders, [
      [0, 5.3],
      [aside, ahead],
    ])
    expect(rows.counts[4]).toBe(2)
    let share = 0
    for (let level = 0; level < 4; level++) {
      for (let k = 0; k < rows.counts[level]!; k++) {
        const o = k * ROW_FLOATS
        if (rows.rows[level]![o + 2] === ahead) share += rows.rows[level]![o + 23]! - rows.rows[level]![o + 22]!
      }
    }
    return share
  }
  expect(shareOf('behind', 0.2, 2)).toBeCloseTo(0.15, 5)
  expect(shareOf('others', 0.2, 2)).toBeCloseTo(1, 5)
  // Beside the rider, and a lane away, everybody is whole; on the way there, nothing jumps.
  expect(shareOf('behind', 0.2, 5)).toBeCloseTo(1, 5)
  expect(shareOf('behind', 1.6, 2)).toBeCloseTo(1, 5)
  for (let aside = 0; aside < 2; aside += 0.01)
    expect(Math.abs(shareOf('behind', aside, 2) - shareOf('behind', aside + 0.01, 2))).toBeLessThan(0.01)
})

test('[V73] how far a rider is under a roof is in every row, also of the shadow', () => {
  const { rows, counts } = looked('others', bunch(1), [[0, 3]])
  for (const level of [0, 4]) expect([counts[level], rows[level]![36]]).toEqual([1, 0.25])
})
