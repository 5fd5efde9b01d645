import { expect, test } from 'vitest'
import { createBodies, createPose, type PropShape } from './bodies.ts'

const SLOPE = 0.2
const CRATE: PropShape = {
  kind: 'box',
  massKg: 9,
  halfX: 0.3,
  halfY: 0.3,
  halfZ: 0.3,
  feet: [-1, 1].flatMap((x) =>
    [-1, 1].flatMap((y) => [-1, 1].map((z) => [x * 0.25, y * 0.25, z * 0.25, 0.05] as const)),
  ),
}
const at = (x: number, y: number, z: number) => ({ ...createPose(), x, y, z })

function hillside() {
  const bodies = createBodies()
  const columns = 41
  const rows = 41
  const heightM = Float64Array.from({ length: columns * rows }, (_, k) => SLOPE * 0.5 * Math.floor(k / rows))
  bodies.addGround({ x: 0, y: 0, cellM: 0.5, columns, rows, heightM })
  return bodies
}

test('[P87] the engine reads no clock: the same steps are the same bits whatever time says', () => {
  const run = () => {
    const bodies = hillside()
    const crates = [0, 1, 2].map((i) => bodies.addProp(CRATE, at(8 + 0.2 * i, 10, 3 + 0.9 * i)))
    for (const crate of crates) bodies.throw(crate, { vx: 2, vy: 0.3, vz: 0, turnX: 1, turnY: 2, turnZ: 3 })
    for (let i = 0; i < 200; i++) bodies.step(1 / 60)
    return crates.map((crate) => {
      const pose = createPose()
      bodies.read(crate, pose)
      return Object.values(pose)
    })
  }
  const first = run()
  const now = performance.now
  performance.now = () => {
    throw new Error('a clock was read')
  }
  try {
    expect(run()).toEqual(first)
  } finally {
    performance.now = now
  }
})

test('[P87] a crate thrown at a slope stays on it: on its feet, above the ground, at rest in the end', () => {
  const bodies = hillside()
  const crate = bodies.addProp(CRATE, at(10, 10, 2.6))
  bodies.throw(crate, { vx: 1, vy: 0, vz: -12, turnX: 0, turnY: 3, turnZ: 0 })
  const pose = createPose()
  let lowestM = Infinity
  for (let i = 0; i < 600; i++) {
    bodies.step(1 / 60)
    bodies.read(crate, pose)
    lowestM = Math.min(lowestM, pose.z - SLOPE * pose.x)
  }
  expect(lowestM).toBeGreaterThan(0.05)
  expect(pose.z - SLOPE * pose.x).toBeGreaterThan(0.25)
  expect(pose.z - SLOPE * pose.x).toBeLessThan(0.36)
  expect(bodies.isAsleep(crate)).toBe(true)
})

test('[P87] a rider pushes a crate and pays for it: momentum is shared', () => {
  const bodies = createBodies()
  bodies.addFloor()
  const crate = bodies.addProp(CRATE, at(2, 0, 0.3))
  const rider = bodies.addRider(80)
  const pose = createPose()
  const aim = { x: 0, y: 0, z: 0, headX: 1, headY: 0, vx: 5, vy: 0, vz: 0 }
  for (let i = 0; i < 30; i++) {
    bodies.aim(rider, aim)
    bodies.step(1 / 60)
    bodies.read(rider, pose)
    if (pose.vx < 4.99) break
    aim.x = pose.x
  }
  const riderMps = pose.vx
  bodies.read(crate, pose)
  expect(pose.vx).toBeGreaterThan(2)
  // Friction of the floor takes a little in the step of the blow.
  expect(80 * riderMps + 9 * pose.vx).toBeLessThan(80 * 5 + 0.01)
  expect(80 * riderMps + 9 * pose.vx).toBeGreaterThan(80 * 5 - 9)
})

test('[P87] a heading is a turn about the upright, and a rider does not fall by gravity', () => {
  const bodies = createBodies()
  const rider = bodies.addRider(75)
  const pose = createPose()
  for (const degrees of [0, 37, 90, 179, -120]) {
    const angle = (degrees * Math.PI) / 180
    const [headX, headY] = [Math.cos(angle), Math.sin(angle)]
    bodies.aim(rider, { x: 1, y: 2, z: 3, headX, headY, vx: 0, vy: 0, vz: 0 })
    bodies.step(1 / 60)
    bodies.read(rider, pose)
    expect(1 - 2 * pose.qz * pose.qz).toBeCloseTo(headX, 9)
    expect(2 * pose.qz * pose.qw).toBeCloseTo(headY, 9)
    expect(pose.z).toBe(3)
  }
})
