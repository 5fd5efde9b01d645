import { describe, expect, test } from 'vitest'
import type { RiderId, Row } from '#protocol/ids'
import { rampCourse } from '#physics/plain-courses'
import { createRandom } from '#physics/random'
import { loadMap } from '#cli/sim/load-map'
import { rideRace } from '#cli/sim/race'
import { results } from '#server/event/results'
import { Bots, racerScript } from './bots.ts'
import { freshMind, racerPowerW, spend, temperOf, type RacerView } from './racer.ts'
import { World } from './world.ts'

const join = (riderId: number, massKg: number) => ({
  riderId: riderId as RiderId,
  massKg,
  cdaM2: 0.32,
  distanceM: 10,
  lateralM: 0,
  isBot: true,
  held: false,
})

describe('pacers', () => {
  test.each([0.08, 0, -0.05])('[P71] hold their watts per kilogram within 0.5 % on a slope of %f', (slope) => {
    const world = new World({ course: rampCourse(slope), riderCapacity: 1 })
    const bots = new Bots(8214)
    world.source = bots
    const row = world.join(join(1, 81.5))
    bots.add(row, { kind: 'pacer', wattsPerKg: 2.53, bodyKg: 72 })
    let workJ = 0
    for (let tick = 0; tick < 20 * 60; tick++) {
      world.step()
      workJ = world.riders.workJ[row]!
      if (tick > 40) expect(Math.abs(world.riders.powerW[row]! / (2.53 * 72) - 1)).toBeLessThan(0.01)
    }
    // The first second has no sample yet.
    expect(Math.abs(workJ / 59.5 / (2.53 * 72) - 1)).toBeLessThan(0.01)
    const from = workJ
    for (let tick = 0; tick < 20 * 300; tick++) world.step()
    expect(Math.abs((world.riders.workJ[row]! - from) / 300 / (2.53 * 72) - 1)).toBeLessThan(0.005)
  })
})

describe('racers', () => {
  const script = racerScript(70, 4, 1, 1)
  const view: RacerView = {
    isRacing: true,
    speedMps: 11,
    slope: 0,
    aheadGapM: 40,
    aheadMps: 12,
    behindGapM: 3,
    isAheadEasing: false,
    nextGapM: 40,
    companyCount: 3,
    holdW: 330,
    leftM: 9000,
  }

  test('[P72] W′ falls by what is above critical power, comes back below it, and is never more than whole', () => {
    const mind = freshMind(script)
    spend(script, mind, script.criticalW + 100)
    expect(mind.wPrimeLeftJ).toBe(script.wPrimeJ - 100)
    // 100 J are missing; what is missing after a second at 100 W below: M = 100 − (100 / W′) M.
    spend(script, mind, script.criticalW - 100)
    expect(mind.wPrimeLeftJ).toBeCloseTo(script.wPrimeJ - 100 / (1 + 100 / script.wPrimeJ), 9)
    for (let s = 0; s < 7200; s++) spend(script, mind, 0)
    expect(mind.wPrimeLeftJ).toBeLessThanOrEqual(script.wPrimeJ)
    expect(mind.wPrimeLeftJ / script.wPrimeJ).toBeGreaterThan(0.999)
  })

  test('[P72] nobody rides on legs they no longer have: an hour of any view, and W′ is never below nothing', () => {
    for (const leftM of [9000, 1500, 100]) {
      const mind = freshMind(script)
      let workJ = 0
      for (let turn = 0; turn < 3600; turn++) {
        const slope = turn % 600 < 200 ? 0.07 : 0
        workJ += racerPowerW(script, mind, temperOf(1, 1), { ...view, slope, leftM }, 1, 1, turn)
        expect(mind.wPrimeLeftJ).toBeGreaterThanOrEqual(0)
      }
      expect(workJ).toBeLessThan(script.criticalW * 3600 + 3 * script.wPrimeJ)
    }
  })

  test('[P73] when a race begins nobody waits for the wheel ahead to move', () => {
    const standing = { ...view, speedMps: 0, aheadGapM: 0.8, aheadMps: 0, holdW: 0 }
    const pushed = (seen: RacerView) => racerPowerW(script, freshMind(script), temperOf(1, 1), seen, 1, 1, 0)
    expect(pushed(standing)).toBeGreaterThan(0.9 * script.criticalW)
    expect(pushed({ ...standing, isRacing: false })).toBeLessThan(0.1 * script.criticalW)
  })

  test('[P73] tempers differ by seed and rider: some sit in, some attack', () => {
    const daring = Array.from({ length: 50 }, (_, id) => temperOf(7, id).daring)
    expect(Math.min(...daring)).toBeLessThan(0.15)
    expect(Math.max(...daring)).toBeGreaterThan(0.85)
    expect(temperOf(8, 1)).not.toEqual(temperOf(7, 1))
  })

  /** Sizes of the groups on the road, the first first: a gap of more than 15 m ends one. */
  function groupsOf({ riders }: World): number[] {
    const places = [...riders.distanceM.subarray(0, riders.count)].toSorted((a, b) => b - a)
    const sizes = [1]
    for (let k = 1; k < places.length; k++) {
      if (places[k - 1]! - places[k]! > 15) sizes.push(1)
      else sizes[sizes.length - 1]!++
    }
    return sizes
  }

  test(
    '[P75] twenty equals stay together on a flat road: after twenty minutes 15 and more ride in front',
    { timeout: 60_000 },
    async () => {
      const map = await loadMap('thrushford')
      for (const seed of [5]) {
        const seen: number[][] = []
        rideRace({
          ...{ map, seed, riders: 20, laps: 9, bodyKg: [66, 78], wattsPerKg: [3.42, 3.78] },
          onTick: (world, startTick) => {
            const minutes = (world.tick - startTick) / 1200
            if (minutes >= 20 && Number.isInteger(minutes)) seen.push(groupsOf(world))
            return minutes < 24
          },
        })
        expect(seen).toHaveLength(5)
        for (const sizes of seen) {
          const main = Math.max(...sizes)
          expect([seed, main >= 15]).toEqual([seed, true])
          // Who attacks is a few metres in front for a while; nobody else is.
          expect(sizes.slice(0, sizes.indexOf(main)).reduce((sum, size) => sum + size, 0)).toBeLessThanOrEqual(3)
        }
      }
    },
  )

  test('[P76] a climb sorts them by watts per kilogram', { timeout: 60_000 }, async () => {
    const map = await loadMap('high-gentian')
    let sizes: number[] = []
    const { world } = rideRace({
      ...{ map, seed: 1, riders: 20, laps: 1, routeId: 'gentian-pass', bodyKg: [66, 78], wattsPerKg: [3, 4.2] },
      onTick: (now, startTick) => {
        sizes = groupsOf(now)
        return now.tick - startTick < 36 * 1200
      },
    })
    expect(sizes.length).toBeGreaterThanOrEqual(6)
    const random = createRandom(1)
    const legs = Array.from({ length: 20 }, () => {
      const [, wattsPerKg] = [random.fraction(), random.fraction(), random.fraction()]
      return wattsPerKg!
    })
    const rank = (values: ArrayLike<number>) =>
      Array.from(values, (value) => Array.from(values).filter((other) => other > value).length)
    const onRoad = rank(world.riders.distanceM.subarray(0, 20))
    const byLegs = rank(legs)
    const off2 = onRoad.reduce((sum, place, i) => sum + (place - byLegs[i]!) ** 2, 0)
    // Spearman.
    expect(1 - (6 * off2) / (20 * 399)).toBeGreaterThan(0.9)
  })

  test('[P77] the second takes over from a first who eases, and a chase of many is taken in turns', () => {
    const calm = { ...temperOf(1, 1), daring: 0, generosity: 0.5 }
    const second: RacerView = { ...view, aheadGapM: 2.5, aheadMps: 10.8, holdW: 200, nextGapM: Infinity }
    const ride = (seen: RacerView) => {
      const mind = freshMind(script)
      const moods: string[] = []
      let workJ = 0
      for (let turn = 0; turn < 40; turn++) {
        workJ += racerPowerW(script, mind, calm, seen, 1, 1, turn)
        moods.push(mind.mood)
      }
      return { moods: [...new Set(moods)], meanW: workJ / 40 }
    }
    expect(ride(second)).toMatchObject({ moods: ['bunch'] })
    expect(ride({ ...second, isAheadEasing: true }).moods).toEqual(['pull', 'rest'])
    const chasing = ride({ ...second, isAheadEasing: true, nextGapM: 120 })
    expect(chasing.moods).toEqual(['chase', 'rest'])
    expect(chasing.meanW).toBeGreaterThan(0.8 * script.criticalW)
    // Nobody goes after 1.2 km.
    expect(ride({ ...second, isAheadEasing: true, nextGapM: 1200 }).moods).not.toContain('chase')
  })

  test(
    '[P74] the same seed is the same race, another seed another; moods follow the road; everybody is called a bot',
    { timeout: 60_000 },
    async () => {
      const map = await loadMap()
      const moods = new Set<string>()
      const ride = (seed: number) =>
        rideRace({
          map,
          seed,
          riders: 9,
          laps: 1,
          onTick: (world) => {
            for (let row = 0; row < 9; row++) moods.add((world.source as Bots).mindOf(row as Row)!.mood)
            return true
          },
        })
      const [a, again, other] = [ride(3), ride(3), ride(4)]
      expect(again.world.stateHash()).toBe(a.world.stateHash())
      expect(other.world.stateHash()).not.toBe(a.world.stateHash())
      expect([...moods].toSorted()).toEqual(['attack', 'bunch', 'chase', 'finale', 'pull', 'rest', 'sprint'])
      if (a.world.run.phase !== 'finished') expect.fail('nobody came in')
      const { run, startTick } = a.world.run
      const table = results({ run, startTick, crossings: a.world.crossings, decisions: [] })
      expect(table).toHaveLength(9)
      expect(table.every(({ isBot, status }) => isBot && status === 'finished')).toBe(true)
    },
  )
})
