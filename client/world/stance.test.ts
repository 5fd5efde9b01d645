import { expect, test } from 'vitest'
import { POSE, POSES, type PoseName } from './poses.ts'
import { leanOf } from './ride-model.ts'
import { createSceneRiders } from './scene-riders.ts'
import { Stances, type Road } from './stance.ts'

/** A road of one slope and one bend; a rider on it who does one thing until told otherwise. */
function ride(id = 7, kg = 70) {
  const scene = createSceneRiders(2)
  scene.count = 1
  scene.id[0] = id
  const stances = new Stances(2)
  stances.setRoster([{ id, massKg: kg }])
  const state = { slope: 0, bend: 0, powerW: 180, rpm: 88, speedMps: 9 }
  const road: Road = { at: (_place, out) => Object.assign(out, { slope: state.slope, curvaturePerM: state.bend }) }
  let crankRad = 0
  let mostJump = 0
  const step = (dtS = 1 / 60): void => {
    crankRad = (crankRad + state.rpm * (Math.PI / 30) * dtS) % (2 * Math.PI)
    scene.powerW[0] = state.powerW
    scene.cadenceRpm[0] = state.rpm
    scene.speedMps[0] = state.speedMps
    scene.crankRad[0] = crankRad
    const before = [...scene.pose.slice(0, POSES.length), scene.drink[0]!, scene.lookRight[0]!, scene.kneeOut[0]!]
    stances.fill(scene, 0, 0, road, dtS)
    const after = [
      ...scene.pose.slice(0, POSES.length),
      scene.drink[0]! || before[POSES.length]!,
      scene.lookRight[0]!,
      scene.kneeOut[0]!,
    ]
    // A drink that is over is where one that has not begun is.
    after[POSES.length] =
      before[POSES.length]! > 0.95 && scene.drink[0] === 0 ? before[POSES.length]! : after[POSES.length]!
    if (isOn) after.forEach((value, k) => (mostJump = Math.max(mostJump, Math.abs(value - before[k]!))))
    isOn = true
  }
  let isOn = false
  const on = (seconds: number, change: Partial<typeof state> = {}): void => {
    Object.assign(state, change)
    for (let k = 0; k < seconds * 60; k++) step()
  }
  const weight = (name: PoseName): number => scene.pose[POSE[name]]!
  return { scene, stances, on, step, weight, state, jump: () => mostJump, forget: () => (mostJump = 0) }
}

test('[V60] who turns a slow crank up a steep road gets out of the saddle, and sits down when it is level', () => {
  const rider = ride()
  rider.on(4, { slope: 0.1, powerW: 300, rpm: 58, speedMps: 3.4 })
  expect(rider.weight('standing')).toBeGreaterThan(0.97)
  rider.on(5, { slope: 0, powerW: 170, rpm: 88, speedMps: 9 })
  expect(rider.weight('standing')).toBeLessThan(0.03)
  // A fast crank on the same hill stays in the saddle.
  rider.on(6, { slope: 0.1, powerW: 230, rpm: 92, speedMps: 3.4 })
  expect(rider.weight('standing')).toBeLessThan(0.03)
})

test('[V60] many watts by weight are a sprint; the same watts of a heavy rider are not', () => {
  const [light, heavy] = [ride(3, 62), ride(3, 104)]
  for (const rider of [light, heavy]) rider.on(4, { powerW: 720, rpm: 108, speedMps: 13 })
  expect(light.weight('sprint')).toBeGreaterThan(0.97)
  expect(heavy.weight('sprint')).toBeLessThan(0.03)
})

test('[V60] fast downhill without pedalling is a tuck with level cranks; who pedals or brakes does not tuck', () => {
  const rider = ride()
  rider.on(5, { slope: -0.07, powerW: 0, rpm: 0, speedMps: 17 })
  expect(rider.weight('tuck')).toBeGreaterThan(0.97)
  expect(Math.abs(Math.sin(rider.scene.crankRad[0]!))).toBeGreaterThan(0.99)
  rider.on(3, { powerW: 260, rpm: 104 })
  expect(rider.weight('tuck')).toBeLessThan(0.03)
})

test('[V60] in a bend without pedalling the inner foot is up and the inner knee out', () => {
  const rider = ride()
  rider.on(4, { slope: -0.04, powerW: 0, rpm: 0, speedMps: 10, bend: 0.05 })
  expect(rider.scene.kneeOut[0]).toBeGreaterThan(0.5)
  expect(Math.cos(rider.scene.crankRad[0]!)).toBeGreaterThan(0.99) // The right one is at the top.
  expect(rider.scene.lookRight[0]).toBeGreaterThan(0.2)
})

test('[V60] at a standstill a foot is on the ground, and it leaves it with the first turn of the crank', () => {
  const rider = ride()
  rider.on(3, { powerW: 0, rpm: 0, speedMps: 0 })
  expect(rider.weight('stop')).toBeGreaterThan(0.99)
  rider.on(2, { powerW: 150, rpm: 60, speedMps: 2.5 })
  expect(rider.weight('stop')).toBeLessThan(0.01)
})

test('[V60] who has won lifts both arms, once', () => {
  const rider = ride()
  rider.on(1)
  rider.stances.cheer(7)
  rider.on(3)
  expect(rider.weight('cheer')).toBeGreaterThan(0.97)
  rider.on(9)
  expect(rider.weight('cheer')).toBeLessThan(0.01)
  rider.stances.cheer(7)
  rider.on(2)
  expect(rider.weight('cheer')).toBeLessThan(0.01)
})

test('[S18] a film that is wound to the finish, over it and back has the winner’s arms up just while they were', () => {
  const rider = ride()
  rider.on(1)
  rider.stances.cheerSince(7, 2)
  rider.on(1)
  expect(rider.weight('cheer')).toBeGreaterThan(0.9)
  rider.stances.cheerSince(7, 30)
  rider.on(2)
  expect(rider.weight('cheer')).toBeLessThan(0.02)
  // Wound back: once more.
  rider.stances.cheerSince(7, 0)
  rider.on(2)
  expect(rider.weight('cheer')).toBeGreaterThan(0.9)
  rider.stances.cheerSince(7, -3)
  rider.on(2)
  expect(rider.weight('cheer')).toBeLessThan(0.02)
})

test('[V61] weights are never below nothing, sum to 1 and move without a jump, whatever a rider does', () => {
  const wild = [
    { powerW: 0, rpm: 0, speedMps: 0, slope: 0, bend: 0 },
    { powerW: 400, rpm: 55, speedMps: 3, slope: 0.12, bend: 0 },
    { powerW: 1300, rpm: 118, speedMps: 15, slope: 0, bend: 0 },
    { powerW: 0, rpm: 0, speedMps: 22, slope: -0.1, bend: 0.004 },
    { powerW: 0, rpm: 0, speedMps: 12, slope: -0.05, bend: -0.06 },
    { powerW: 120, rpm: 70, speedMps: 7, slope: 0.04, bend: 0.03 },
  ]
  for (const id of [1, 2, 3, 4, 5, 6, 7, 8]) {
    const rider = ride(id)
    for (let round = 0; round < 24; round++) {
      const change = wild[(round * 5 + id * 3 + (round >> 2)) % wild.length]!
      for (let k = 0; k < 45; k++) {
        Object.assign(rider.state, change)
        rider.step()
        const weights = [...rider.scene.pose.slice(0, POSES.length)]
        expect(Math.min(...weights)).toBeGreaterThanOrEqual(0)
        expect(weights.reduce((sum, weight) => sum + weight)).toBeCloseTo(1, 4)
      }
    }
    // Half of the way to another pose takes a tenth of a second and more: a frame is a small part of it.
    expect(rider.jump()).toBeLessThan(0.13)
  }
})

test('[V62] everybody drinks within five minutes of easy riding, and nobody in a sprint, a bend or standing', () => {
  for (const id of [11, 12, 13, 14]) {
    const rider = ride(id)
    let sips = 0
    let before = 0
    for (let k = 0; k < 300 * 20; k++) {
      rider.step(1 / 20)
      if (rider.scene.drink[0]! > 0 && before === 0) sips++
      before = rider.scene.drink[0]!
      if (before > 0) expect(rider.weight('hoods') + rider.weight('tops')).toBeGreaterThan(0.95)
    }
    expect(sips).toBeGreaterThan(0)
    expect(sips).toBeLessThan(8)
    // At any moment of a drink a sprint begins: the bottle goes back first.
    for (let k = 0; k < 400 * 20 && rider.scene.drink[0] === 0; k++) rider.step(1 / 20)
    expect(rider.scene.drink[0]).toBeGreaterThan(0)
    Object.assign(rider.state, { powerW: 1100, rpm: 112, speedMps: 14 })
    for (let k = 0; k < 60 * 6; k++) {
      rider.step()
      if (rider.weight('sprint') > 0.02) expect(rider.scene.drink[0]).toBe(0)
    }
    expect(rider.weight('sprint')).toBeGreaterThan(0.97)
  }
})

test('[V63] no two riders do the same at the same time: cranks, drinks and glances differ by who they are', () => {
  const riders = Array.from({ length: 12 }, (_, i) => ride(20 + i))
  const angles = new Set<number>()
  const seen = new Set<string>()
  for (const rider of riders) {
    rider.on(1)
    angles.add(Math.round(rider.scene.crankRad[0]! * 10))
    const glances: number[] = []
    for (let k = 0; k < 60 * 20; k++) {
      rider.step(1 / 20)
      if (rider.scene.lookRight[0] !== 0 && k % 10 === 0) glances.push(Math.round(rider.scene.lookRight[0]! * 20))
    }
    seen.add(glances.join())
  }
  expect(angles.size).toBeGreaterThan(8)
  expect(seen.size).toBe(riders.length)
})

test('[V61] another rider in the same slot begins anew, with nothing of the one before', () => {
  const rider = ride()
  rider.on(4, { powerW: 1200, rpm: 110, speedMps: 14 })
  expect(rider.weight('sprint')).toBeGreaterThan(0.9)
  rider.scene.id[0] = 8
  rider.state.powerW = 150
  rider.step()
  expect(rider.weight('hoods')).toBeGreaterThan(0.9)
})

test('[V74] a rider leans into the bend by the angle whose tangent is v² / r g: 22° at 10 m/s round 25 m, and nobody leans on a straight', () => {
  const degrees = (rad: number): number => (rad * 180) / Math.PI
  expect(degrees(leanOf(10, 1 / 25))).toBeCloseTo(22.19, 1)
  expect(degrees(leanOf(10, -1 / 25))).toBeCloseTo(-22.19, 1)
  expect(degrees(leanOf(8, 1 / 9))).toBeCloseTo(35.9, 0)
  expect(leanOf(20, 0)).toBe(0)
})

test('[S19] who is met anew where a film was wound to has nothing of the sprint before: watts, arms and head are of now', () => {
  const rider = ride()
  rider.on(4, { powerW: 900, rpm: 108, speedMps: 14 })
  expect(rider.weight('sprint')).toBeGreaterThan(0.97)
  rider.stances.forget()
  rider.on(1.5, { powerW: 150, rpm: 85, speedMps: 8 })
  expect(rider.weight('sprint')).toBeLessThan(0.02)
  rider.stances.cheerSince(7, 4)
  rider.on(1.5)
  expect(rider.weight('cheer')).toBeGreaterThan(0.9)
})
