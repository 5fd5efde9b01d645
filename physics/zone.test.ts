import { describe, expect, test } from 'vitest'
import { AIR_DENSITY_KGPM3 } from './constants.ts'
import { rampCourse } from './plain-courses.ts'
import { createRandom } from './random.ts'
import { shelteredAreaM2 } from './resistance.ts'
import { stillAir } from './ground.ts'
import { DT_S, nextDistanceM, nextSpeedMps } from './step.ts'
import { Zone, type ZoneEnd } from './zone.ts'
import { createZoneGround, ZONE_BODIES_MAX, ZONE_RIDERS_MAX, type ZoneSize } from './zone-ground.ts'
import { energyJ, GRAVEL_CRR, inertKg } from './zone-ride.ts'

const SIZE: ZoneSize = {
  lengthM: 60,
  widthM: 40,
  seed: 7,
  apronM: 6,
  roadHalfM: 3.5,
  entryM: 1,
  exitM: 60,
  roadHeightM: (u) => 12 + 0.01 * u,
}
const RIDER = { massKg: 80, dragAreaM2: shelteredAreaM2(0.32, 1), airDensityKgpm3: AIR_DENSITY_KGPM3 }
const park = (parts: Partial<ZoneSize> = {}) => new Zone(createZoneGround({ ...SIZE, ...parts }))
const atGate = { ...RIDER, u: SIZE.entryM, v: -SIZE.apronM, headU: 1, headV: 0 }

describe('[P80] the hand-over', () => {
  test('[P80] going in keeps speed and energy: the first tick has what the road had, and the tick’s own work', () => {
    for (let speedMps = 0.5; speedMps <= 12; speedMps += 0.5) {
      for (const lateralM of [-3, 0, 3]) {
        for (const powerW of [0, 250]) {
          const zone = park()
          const { rider } = zone.enter(1, { ...atGate, v: -SIZE.apronM + lateralM, speedMps })
          expect(rider.speedMps).toBe(speedMps)
          expect(rider.z).toBe(SIZE.roadHeightM(SIZE.entryM))
          const beforeJ = energyJ(rider)
          const kineticJ = 0.5 * inertKg(rider) * speedMps * speedMps
          rider.powerW = powerW
          zone.step()
          const unexplainedJ = energyJ(rider) - beforeJ - rider.driveJ + rider.lossJ + rider.brakeJ + rider.contactJ
          expect(Math.abs(unexplainedJ)).toBeLessThan(1e-9 * beforeJ + 1e-6 * kineticJ)
        }
      }
    }
  })

  test('[P80] going out by any angle, the height at the gate is the road’s', () => {
    let seen = 0
    for (const headU of [0.95, 0.8, 0.6, 0.3]) {
      for (const speedMps of [2, 5, 9]) {
        const zone = park()
        const headV = -Math.sqrt(1 - headU * headU)
        const visit = zone.enter(1, { ...atGate, u: 48, v: 0.7, headU, headV, speedMps })
        visit.rider.bars = 0.001 // Straight on, by hand.
        visit.rider.powerW = 150
        const { rider } = visit
        const startJ = energyJ(rider)
        for (let t = 0; t < 200 && visit.end === undefined; t++) zone.step()
        expect([headU, speedMps, visit.end]).toEqual([headU, speedMps, 'gate'])
        expect(rider.z).toBe(SIZE.roadHeightM(rider.u))
        const endJ = startJ + rider.driveJ - rider.lossJ - rider.brakeJ - rider.contactJ
        expect(Math.abs(energyJ(rider) - endJ)).toBeLessThan(1e-6 * startJ)
        seen++
      }
    }
    expect(seen).toBe(12)
  })
})

describe('[P81] the park obeys the road’s law', () => {
  test('[P81] on the flat, constant power is the road’s speed within 0.5 %', () => {
    for (const powerW of [60, 150, 220]) {
      const zone = park({ isFlat: true, lengthM: 90, widthM: 60, exitM: 90, roadHeightM: () => 0 })
      const visit = zone.enter(1, { ...atGate, u: 45, v: 4, speedMps: 3 })
      const road = rampCourse(0, GRAVEL_CRR)
      visit.rider.powerW = powerW
      let roadMps = 3
      let roadM = 0
      let wayM = 0
      const seconds = 120
      for (let t = 0; t < seconds / DT_S; t++) {
        // Around a wide ring, so that two minutes fit into the park.
        const { rider } = visit
        const [du, dv] = [rider.u - 45, rider.v - 30]
        const awayM = Math.sqrt(du * du + dv * dv)
        const outward = (du * rider.headU + dv * rider.headV) / awayM
        const bend = (1 + 0.1 * (awayM - 26) + 2 * outward) / 26
        rider.bars = Math.min(1, (rider.speedMps * Math.max(2.5, rider.speedMps) * bend) / 3.6)
        wayM += rider.speedMps * DT_S
        zone.step()
        const nextMps = nextSpeedMps(
          roadMps,
          roadM,
          powerW,
          80,
          RIDER.dragAreaM2,
          road,
          stillAir(AIR_DENSITY_KGPM3),
          DT_S,
        )
        roadM = nextDistanceM(roadM, roadMps, nextMps, DT_S)
        roadMps = nextMps
      }
      expect(visit.end).toBeUndefined()
      expect(Math.abs(visit.rider.speedMps / roadMps - 1)).toBeLessThan(0.005)
      expect(Math.abs(wayM / roadM - 1)).toBeLessThan(0.005)
    }
  })

  test('[P81] over bumps, ramps, flights and falls, work is losses plus stored energy within 0.1 %', () => {
    const random = createRandom(5)
    let flights = 0
    let blows = 0
    for (let run = 0; run < 20; run++) {
      const zone = park({ seed: run + 1 })
      const { rider } = zone.enter(1, { ...atGate, u: 16, v: 18, speedMps: 9 })
      const startJ = energyJ(rider)
      rider.powerW = 350
      let turnedJ = startJ
      for (let t = 0; t < 400 && zone.visits[0]!.end === undefined; t++) {
        if (t % 15 === 0) rider.bars = t < 60 ? 0.001 : 2 * random.fraction() - 1
        zone.step()
        if (rider.isFlying) flights++
        if (rider.blowMps > 0.5) blows++
      }
      turnedJ += rider.driveJ
      const closureJ = startJ + rider.driveJ - rider.lossJ - rider.brakeJ - rider.contactJ - energyJ(rider)
      expect(Math.abs(closureJ)).toBeLessThan(0.001 * turnedJ)
      expect(rider.lossJ).toBeGreaterThan(0)
    }
    expect(flights).toBeGreaterThan(10)
    expect(blows).toBeGreaterThan(10)
  })

  test('[P81] coasting over the rollers and back on the level gives the speed back', () => {
    const zone = park({ roadHeightM: () => 0 })
    const visit = zone.enter(1, {
      ...atGate,
      massKg: 80,
      dragAreaM2: 0,
      crr: 0,
      u: 46,
      v: 32.1,
      headU: -1,
      speedMps: 6,
    })
    visit.rider.bars = 0.0001
    for (let t = 0; t < 200 && visit.rider.u > 15.5; t++) zone.step()
    const atStart = createZoneGround({ ...SIZE, roadHeightM: () => 0 }).heightAt(46, 32.1)
    const gainedJ = 80 * 9.80665 * (atStart - visit.rider.z)
    const expectedMps = Math.sqrt(
      36 + (2 * (gainedJ - visit.rider.lossJ - visit.rider.contactJ)) / inertKg(visit.rider),
    )
    expect(visit.rider.speedMps).toBeCloseTo(expectedMps, 9)
    expect(visit.rider.u).toBeLessThan(16)
  })
})

describe('[P82] nobody is stuck', () => {
  test('[P82] who does not steer is led around and out, at every speed the gate takes', () => {
    for (let speedMps = 1; speedMps <= 12; speedMps++) {
      for (const powerW of [80, 300]) {
        const zone = park()
        const visit = zone.enter(1, { ...atGate, speedMps })
        visit.rider.powerW = powerW
        let ticks = 0
        for (; ticks < 20 * 90 && visit.end === undefined; ticks++) zone.step()
        expect(visit.end).toBe('gate')
        expect(visit.rider.isDown).toBe(false)
      }
    }
  })

  test(
    '[P82] ten minutes of twelve riders steering by dice: everybody always moves or comes out',
    { timeout: 60_000 },
    () => {
      const random = createRandom(41)
      const zone = park()
      const ends = new Map<ZoneEnd, number>()
      let key = 0
      let longestStill = 0
      for (let tick = 0; tick < 20 * 600; tick++) {
        if (!zone.isFull && tick % 20 === 0) {
          const visit = zone.enter(++key, {
            ...atGate,
            v: -6 + 2 * random.fraction(),
            speedMps: 2 + 8 * random.fraction(),
          })
          visit.rider.powerW = 400 * random.fraction()
        }
        for (const { rider } of zone.visits) {
          if (random.fraction() < 0.03) rider.bars = random.fraction() < 0.2 ? 0 : 2 * random.fraction() - 1
          if (random.fraction() < 0.01) rider.powerW = 500 * random.fraction()
        }
        zone.step()
        for (const visit of [...zone.visits]) {
          longestStill = Math.max(longestStill, visit.stillTicks)
          if (visit.end === undefined) continue
          ends.set(visit.end, (ends.get(visit.end) ?? 0) + 1)
          zone.leave(visit.key)
        }
      }
      expect(zone.bodyCount).toBeLessThanOrEqual(ZONE_BODIES_MAX)
      expect(longestStill).toBeLessThanOrEqual(20 * 6 + 1)
      expect(key).toBeGreaterThan(100)
      expect([...ends.values()].reduce((a, b) => a + b, 0)).toBeGreaterThan(100)
      expect(ends.get('broken')).toBeUndefined()
      for (let i = 0; i < zone.props.length; i++) expect(Number.isFinite(zone.props[i]!.home.z)).toBe(true)
    },
  )

  test('[P82] a rider whose numbers break is said to be broken, and the others ride on', () => {
    const zone = park()
    const good = zone.enter(1, { ...atGate, speedMps: 5 })
    const bad = zone.enter(2, { ...atGate, v: -4, speedMps: 5 })
    good.rider.powerW = 200
    zone.step()
    bad.rider.speedMps = NaN
    zone.step()
    expect(bad.end).toBe('broken')
    zone.leave(2)
    for (let t = 0; t < 100; t++) zone.step()
    expect(good.end).toBeUndefined()
    expect(good.rider.speedMps).toBeGreaterThan(3)
  })
})

describe('[P84] small enough', () => {
  test('[P84] a full park has at most forty bodies, whatever its seed', () => {
    for (let seed = 1; seed <= 20; seed++) {
      const zone = park({ seed })
      for (let key = 0; key < ZONE_RIDERS_MAX; key++) zone.enter(key, { ...atGate, v: -8 + 0.4 * key, speedMps: 3 })
      expect(zone.isFull).toBe(true)
      expect(zone.bodyCount).toBeLessThanOrEqual(ZONE_BODIES_MAX)
    }
  })

  test('[P84] props lie on the ground and sleep until somebody comes', () => {
    for (let seed = 1; seed <= 20; seed++) {
      const zone = park({ seed })
      for (let t = 0; t < 10; t++) zone.step()
      expect(zone.propsLost).toBe(0)
      for (let i = 0; i < zone.props.length; i++) expect(zone.isAsleep(i)).toBe(true)
    }
  })

  test('[P84] the ground is smooth: no step, no slope a wheel could not take, level with the road beside it', () => {
    for (let seed = 1; seed <= 10; seed++) {
      const ground = createZoneGround({ ...SIZE, seed })
      for (let u = 0; u <= 60; u += 0.25) {
        expect(ground.heightAt(u, -1)).toBe(SIZE.roadHeightM(u))
        expect(Math.abs(ground.heightAt(u, 0.05) - SIZE.roadHeightM(u))).toBeLessThan(0.002)
        let steepest = 0
        for (let v = 0; v <= 39.5; v += 0.5) {
          steepest = Math.max(steepest, Math.abs(ground.heightAt(u, v + 0.02) - ground.heightAt(u, v)) / 0.02)
        }
        expect(steepest).toBeLessThan(0.8)
      }
    }
  })
})
