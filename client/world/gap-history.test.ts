import { describe, expect, test } from 'vitest'
import type { Course } from '#physics/course'
import { rollingCourse } from '#physics/plain-courses'
import type { RiderId, Row, Sequence } from '#protocol/ids'
import { World } from '#server/world/world'
import { smallNetwork } from '#test/sim/small-network'
import { GapHistory } from './gap-history.ts'
import { groupsOf } from './groups.ts'
import { createSceneRiders } from './scene-riders.ts'

const BODY = { massKg: 80, cdaM2: 0.3, lateralM: 0, isBot: false, held: false }
const TICK_S = 1 / 20
/** The instruments look so often, ticks. */
const LOOK = 2

interface Truth {
  readonly atS: number
  readonly placeM: number
  readonly runM: number
}

/** The time at which one was last at a place, by every tick of the world and a straight line between two of them. */
function trueLastS(ticks: readonly Truth[], course: Course, placeM: number): number {
  const lapM = course.isLoop && course.wayCount === 1 ? course.lengthM : Infinity
  const on = (m: number) => (lapM < Infinity ? m - lapM * Math.floor(m / lapM) : m)
  for (let k = ticks.length - 1; k > 0; k--) {
    const from = ticks[k - 1]!
    const stepM = ticks[k]!.runM - from.runM
    if (course.wayAt(from.placeM) !== course.wayAt(placeM)) continue
    const onM = lapM < Infinity ? on(placeM - from.placeM) : placeM - from.placeM
    if (onM >= 0 && onM <= stepM && stepM > 0) return from.atS + (TICK_S * onM) / stepM
  }
  return NaN
}

/** Two riders whose watts change every few seconds, looked at as the instruments do; answers the worst error, s. */
function worstErrorS(course: Course, world: World, seconds: number): { worstS: number; looks: number } {
  const history = new GapHistory(course)
  const scene = createSceneRiders(2)
  const truth: Truth[][] = [[], []]
  let worstS = 0
  let looks = 0
  for (let tick = 1; tick <= seconds * 20; tick++) {
    for (const row of [0, 1]) {
      if (tick % 10 !== 1) continue
      const powerW = Math.floor(tick / 60 + row) % 3 === 0 ? 60 : Math.floor(tick / 60) % 2 === 0 ? 420 : 190
      const sequence = ((tick / 10) & 0xffff) as Sequence
      world.post(row as Row, { sequence, atMs: tick * 50, powerW, cadenceHalfRpm: 180, heartRateBpm: 0, steer: 0 })
    }
    world.step()
    const { riders } = world
    scene.count = 2
    for (const row of [0, 1]) {
      scene.id[row] = riders.id[row]!
      scene.distanceM[row] = riders.distanceM[row]!
      scene.placeM[row] = riders.distanceM[row]! + riders.offsetM[row]!
      truth[row]!.push({ atS: tick * TICK_S, placeM: scene.placeM[row]!, runM: scene.distanceM[row]! })
    }
    if (tick % LOOK !== 0) continue
    history.note(scene, tick * TICK_S)
    for (const [ahead, behind] of [
      [0, 1],
      [1, 0],
    ] as const) {
      const seenS = history.betweenS(scene.id[ahead]!, scene.placeM[behind]!)
      const lastS = trueLastS(truth[ahead]!, course, scene.placeM[behind]!)
      if (Number.isNaN(seenS) || Number.isNaN(lastS)) continue
      worstS = Math.max(worstS, Math.abs(seenS - (tick * TICK_S - lastS)))
      looks++
    }
  }
  return { worstS, looks }
}

describe('[U10] a gap is when one rider was where the other is now, to a tenth of a second', () => {
  test('over hills, with changing watts, round a loop and past its seam', () => {
    const course = rollingCourse(900, 0.06)
    const world = new World({ course, riderCapacity: 2 })
    world.join({ ...BODY, riderId: 1 as RiderId, distanceM: 10 })
    world.join({ ...BODY, riderId: 2 as RiderId, distanceM: 130 })
    const { worstS, looks } = worstErrorS(course, world, 240)
    expect(looks).toBeGreaterThan(2000)
    expect(worstS).toBeLessThan(0.1)
  })

  test('over the ways of a network and its junctions', () => {
    const { course, network } = smallNetwork()
    const world = new World({ course, network, riderCapacity: 2 })
    const start = network.ways.find(({ name }) => name === 'mid-s')!
    world.join({ ...BODY, riderId: 1 as RiderId, distanceM: start.startM + 5 })
    world.join({ ...BODY, riderId: 2 as RiderId, distanceM: start.startM + 60 })
    const { worstS, looks } = worstErrorS(course, world, 150)
    expect(looks).toBeGreaterThan(500)
    expect(worstS).toBeLessThan(0.1)
  })
})

test('[U10] where nobody has seen it there is no gap, and a teleport begins anew', () => {
  const course = rollingCourse(900, 0)
  const history = new GapHistory(course)
  const scene = createSceneRiders(2)
  scene.count = 2
  scene.id.set([1, 2])
  for (let k = 0; k <= 20; k++) {
    scene.placeM.set([100 + 5 * k, 150 + 5 * k])
    scene.distanceM.set([100 + 5 * k, 150 + 5 * k])
    history.note(scene, k)
  }
  expect(history.betweenS(2, 200)).toBeCloseTo(10, 6)
  expect(history.betweenS(2, 120)).toBeNaN()
  scene.distanceM.set([100 + 5 * 21, 800])
  scene.placeM.set([100 + 5 * 21, 800])
  history.note(scene, 21)
  expect(history.betweenS(2, 200)).toBeNaN()
})

test('[U10] who stood at a place was last there when they left it', () => {
  const course = rollingCourse(900, 0)
  const history = new GapHistory(course)
  const scene = createSceneRiders(1)
  scene.count = 1
  scene.id[0] = 1
  const at = (placeM: number, atS: number): void => {
    scene.placeM[0] = scene.distanceM[0] = placeM
    history.note(scene, atS)
  }
  for (let k = 0; k <= 10; k++) at(5 * k, k)
  for (let k = 11; k <= 40; k++) at(50, k)
  for (let k = 41; k <= 45; k++) at(50 + 5 * (k - 40), k)
  expect(history.betweenS(1, 50.1)).toBeGreaterThan(4)
  expect(history.betweenS(1, 50.1)).toBeLessThan(5.1)
})

test('[U11] groups: twelve metres or a second and a half apart, the first one first', () => {
  const scene = createSceneRiders(6)
  scene.count = 6
  scene.gapM.set([0, 60, 66, 9, -8, -40])
  scene.speedMps.fill(10)
  expect(groupsOf(scene).map(({ size, isOwn }) => [size, isOwn])).toEqual([
    [2, false],
    [3, true],
    [1, false],
  ])
  scene.gapM[5] = NaN
  expect(groupsOf(scene)).toHaveLength(2)
})
