import { describe, expect, it } from 'vitest'
import { bunchOf121, lineOf, rider, sharesOfDrag, type Body } from '#cli/drafting/formation'
import { fitFrom, HELD, residuals, type Fitted } from '#cli/drafting/fit'
import { echelonOf, GROUPS, POINTS, type Group } from '#cli/drafting/points'
import { shelterAt, Wakes } from './drafting.ts'
import { Ground } from './ground.ts'
import { Near } from './near.ts'
import { NearShelter } from './near-shelter.ts'
import { Neighbours } from './neighbours.ts'
import { plainCourse } from './plain-courses.ts'
import { createRiders, type Riders } from './riders.ts'
import { Air, cubeRoot, REFERENCE_AREA_M2, WAKE_LAW } from './wake-law.ts'
import { CALM, type Conditions } from './weather.ts'

const PACE_MPS = 30 / 3.6
const STILL: Conditions = { weather: CALM, tick: 0 }
/** The plain course runs north: 30 km/h of wind from 40° to the right of straight ahead. */
const SIDE: Conditions = {
  weather: { ...CALM, windNorthMps: -PACE_MPS * 0.7660444, windEastMps: -PACE_MPS * 0.6427876 },
  tick: 0,
}

function ridersOf(bodies: readonly Body[], rows = bodies.map((_, i) => i)): Riders {
  const riders = createRiders(bodies.length)
  riders.count = bodies.length
  for (const [i, body] of bodies.entries()) {
    const row = rows[i]!
    riders.id[row] = i + 1
    riders.distanceM[row] = 1000 + body.alongM
    riders.lateralM[row] = body.rightM
    riders.cdaM2[row] = body.areaM2
    riders.speedMps[row] = PACE_MPS
  }
  return riders
}

function groundOf(riders: Riders, conditions: Conditions): Ground {
  const ground = new Ground(riders.capacity)
  ground.read(riders, plainCourse(), conditions)
  return ground
}

/** What the world would write into `draftFactor`, in the order of the bodies. */
function ridden(bodies: readonly Body[], conditions = STILL, rows = bodies.map((_, i) => i)): number[] {
  const riders = ridersOf(bodies, rows)
  const neighbours = new Neighbours(riders.capacity)
  neighbours.update(riders, plainCourse())
  new Wakes(riders.capacity).shelter(riders, neighbours, groundOf(riders, conditions), conditions)
  return rows.map((row) => riders.draftFactor[row]!)
}

const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length

function published(group: Group, name: string): number {
  return POINTS.find((point) => point.group === group && point.name === name)!.published
}

describe('the wakes that riders meet', () => {
  it('[P40] riders in line have the published shares of drag: rms 0.02, none off by more than 0.05', () => {
    const errors: number[] = []
    for (let count = 2; count <= 8; count++)
      for (const [i, share] of ridden(lineOf(count, 0.15)).entries())
        errors.push(share - published('line', `${i + 1} of ${count}`))
    expect(errors).toHaveLength(35)
    expect(Math.max(...errors.map(Math.abs))).toBeLessThanOrEqual(0.05)
    expect(Math.sqrt(mean(errors.map((error) => error * error)))).toBeLessThanOrEqual(0.02)
  })

  it('[P41] a leader gains little by who follows, and the last of a long line has nobody to push', () => {
    expect(ridden(lineOf(2, 0.15))[0]).toBeGreaterThan(0.97)
    for (let count = 3; count <= 8; count++) {
      const shares = ridden(lineOf(count, 0.15))
      expect(Math.abs(shares[0]! - published('line', `1 of ${count}`))).toBeLessThanOrEqual(0.02)
      if (count >= 5) expect(shares.at(-1)).toBeGreaterThan(shares.at(-2)!)
    }
  })

  it('[P42] motorcycles ahead, behind and alongside are large leaders of the same law, within 0.02', () => {
    const rows = residuals().filter(({ point }) => ['ahead', 'behind', 'beside'].includes(point.group))
    expect(rows).toHaveLength(12)
    for (const { point, model } of rows) expect(Math.abs(model - point.published), point.name).toBeLessThanOrEqual(0.02)
  })

  it('[P43] a bunch of 121 has the published shares at five places, within 0.05', () => {
    const shares = ridden(bunchOf121())
    const byRuntime = [0, 1, 4, 32, 115].map((i) => shares[i]!)
    const names = ['leader', '2nd row', '3rd row, centre', 'middle', 'rear']
    for (const [i, name] of names.entries())
      expect(Math.abs(byRuntime[i]! - published('bunch', name)), name).toBeLessThanOrEqual(0.05)
  })

  it('[P44] alongside costs; a push is at most 14 %, and nobody is sheltered below 5 %', () => {
    const abreast = ridden([rider(0, 0), rider(0, 0.7), rider(0, 1.4)])
    for (const share of abreast) expect(share).toBeGreaterThan(1)
    expect(abreast[1]).toBeGreaterThan(abreast[0]!)
    // Forty on one wheel push no more than that; a thousand in a heap shelter no more than that.
    const pushed = ridden([rider(0), ...Array.from({ length: 40 }, () => rider(-1.7))])
    expect(pushed[0]).toBeCloseTo(1 - WAKE_LAW.pushMost, 9)
    const deep = ridden(Array.from({ length: 400 }, (_, i) => rider(-Math.floor(i / 10), (i % 10) * 0.2)))
    expect(Math.min(...deep)).toBe(WAKE_LAW.least)
  })

  it('[P45] in a side wind wakes slant: an echelon pays, a line does not, and left is as right', () => {
    const echelon = ridden(echelonOf(5), SIDE)
    const line = ridden(lineOf(5, 0.15), SIDE)
    expect(mean(echelon.slice(1))).toBeLessThan(mean(line.slice(1)) - 0.1)
    for (let i = 1; i < 5; i++) expect(echelon[i]).toBeLessThan(line[i]!)
    expect(line[0]).toBeGreaterThan(0.97)
    // In still air it is the line that pays.
    expect(mean(ridden(lineOf(5, 0.15)).slice(1))).toBeLessThan(mean(ridden(echelonOf(5)).slice(1)) - 0.1)
    // The other way round: wind from the left, echelon to the right.
    const mirrored = echelonOf(5).map((body) => ({ ...body, rightM: -body.rightM }))
    const fromLeft = { ...SIDE, weather: { ...SIDE.weather, windEastMps: -SIDE.weather.windEastMps } }
    for (const [i, share] of ridden(mirrored, fromLeft).entries()) expect(share).toBeCloseTo(echelon[i]!, 12)
    // The best place of the published five.
    const best = residuals().find(({ point }) => point.name.startsWith('4th of 4'))!
    expect(Math.abs(best.model - best.point.published)).toBeLessThanOrEqual(0.08)
  })

  it('[P45] a wind from behind that is faster than the riders blows wakes forward', () => {
    const behind = { weather: { ...CALM, windNorthMps: 2 * PACE_MPS }, tick: 0 }
    const forward = ridden(lineOf(5, 0.15), behind)
    const back = ridden(lineOf(5, 0.15))
    for (const [i, share] of forward.entries()) expect(share).toBeCloseTo(back[4 - i]!, 12)
  })

  it('[P46] the constants are the fit’s: it comes back to them from aside, and no bar is missed', () => {
    const aside = Object.fromEntries(
      Object.entries(HELD).map(([name, value], i) => [name, value * (i % 2 === 0 ? 1.15 : 0.85)]),
    ) as Fitted
    const { fitted } = fitFrom(aside)
    for (const [name, value] of Object.entries(HELD)) {
      expect(Math.abs(fitted[name as keyof Fitted] - value), name).toBeLessThan(6e-5)
    }
    for (const [group, { worst, rms }] of Object.entries(GROUPS)) {
      const errors = residuals()
        .filter(({ point }) => point.group === group)
        .map(({ point, model }) => model - point.published)
      expect(errors.length).toBeGreaterThan(0)
      expect(Math.max(...errors.map(Math.abs)), group).toBeLessThanOrEqual(worst)
      expect(Math.sqrt(mean(errors.map((error) => error * error))), group).toBeLessThanOrEqual(rms)
    }
  }, 20_000)

  it('[P46] strength follows the drag area of who is ahead, and nothing jumps anywhere', () => {
    expect(shelterAt(0.5, 0, 0.3)).toBeGreaterThan(shelterAt(0.5, 0, 0.4))
    expect(cubeRoot(0.2)).toBeCloseTo(Math.cbrt(0.2), 14)
    expect(cubeRoot(8)).toBeCloseTo(2, 14)
    // A centimetre changes nothing by more than 2 %, wherever two riders are to each other and wherever the air goes.
    let steepest = 0
    for (const [along, right] of [
      [-1, 0],
      [-0.8, 0.6],
      [0, -1],
      [0.8, 0.6],
    ] as const) {
      const second = (x: number, y: number) => sharesOfDrag([rider(0), rider(x, y)], { along, right })[1]!
      for (let x = -26; x < 26; x += 0.25) {
        for (let y = -2.4; y < 2.4; y += 0.15) {
          const here = second(x, y)
          steepest = Math.max(steepest, Math.abs(second(x + 0.01, y) - here), Math.abs(second(x, y + 0.01) - here))
        }
      }
    }
    expect(steepest).toBeGreaterThan(0.005)
    expect(steepest).toBeLessThan(0.02)
  })

  it('[P47] who stands leaves no wake; who is slower than the rider behind leaves less', () => {
    const after = (leaderMps: number) => {
      const riders = ridersOf(lineOf(2, 0.5))
      riders.speedMps[0] = leaderMps
      const neighbours = new Neighbours(2)
      neighbours.update(riders, plainCourse())
      new Wakes(2).shelter(riders, neighbours, groundOf(riders, STILL), STILL)
      return riders.draftFactor[1]!
    }
    expect(after(0)).toBe(1)
    expect(after(PACE_MPS / 2)).toBeGreaterThan(after(PACE_MPS) + 0.1)
    expect(after(2 * PACE_MPS)).toBe(after(PACE_MPS))
  })

  it('[P47] rows, and what was sorted before, change nothing: only place and rider id do', () => {
    const bodies = bunchOf121().map((body, i) => ({ ...body, alongM: body.alongM + (i % 7) * 0.1 }))
    const rows = bodies.map((_, i) => (i * 50) % 121)
    const straight = ridden(bodies)
    expect(ridden(bodies, STILL, rows)).toEqual(straight)
    // The same neighbours and wakes after a quite different tick.
    const riders = ridersOf(bodies)
    const neighbours = new Neighbours(121)
    const wakes = new Wakes(121)
    for (const sign of [-1, 1]) {
      for (const [i, body] of bodies.entries()) riders.distanceM[i] = 1000 + sign * body.alongM
      neighbours.update(riders, plainCourse())
      wakes.shelter(riders, neighbours, groundOf(riders, STILL), STILL)
    }
    expect([...riders.draftFactor]).toEqual(straight)
  })

  it('[P49] what line choice asks is what the tick would find; the side of a factor is found again', () => {
    const riders = ridersOf([rider(0), rider(-2.2)])
    const neighbours = new Neighbours(2)
    const wakes = new Wakes(2)
    const settle = () => {
      neighbours.update(riders, plainCourse())
      wakes.shelter(riders, neighbours, groundOf(riders, STILL), STILL)
    }
    settle()
    riders.lateralM[1] = 0.35
    settle()
    expect(shelterAt(2.2 - 1.68, 0.35)).toBeCloseTo(riders.draftFactor[1]!, 14)
    // A wake goes where the wind takes it: 20° off, a third of a metre aside for each metre behind.
    wakes.shelter(riders, neighbours, groundOf(riders, SIDE), SIDE)
    wakes.lookAtSlant(0)
    expect(wakes.slant).toBeCloseTo(-0.36397, 4)
    // Of several ahead too, in wind from the side and in a line not taken yet.
    const file = ridersOf([rider(0), rider(-2, 0.3), rider(-4.1, -0.2), rider(-4.3, 0.8), rider(-6.4, 0.1)])
    file.cdaM2.fill(0.3) // Whose wakes are narrower than what is asked.
    const near = new Near(5)
    const fileWakes = new Wakes(5)
    const asked = new NearShelter()
    const shelterOf = (lineM: number): number => {
      file.lateralM[4] = lineM
      file.lineM.set(file.lateralM)
      const around = new Neighbours(5)
      around.update(file, plainCourse())
      near.update(file, around)
      fileWakes.shelter(file, around, groundOf(file, SIDE), SIDE)
      return file.draftFactor[4]!
    }
    shelterOf(0.1)
    asked.gather(file, near, fileWakes, 4)
    const offers = [-0.4, 0, 0.1, 0.5, 1].map((lineM) => {
      asked.lineM = lineM
      asked.measure()
      return asked.factor
    })
    expect(new Set(offers).size).toBe(5)
    for (const [i, lineM] of [-0.4, 0, 0.1, 0.5, 1].entries()) expect(offers[i]).toBeCloseTo(shelterOf(lineM), 3)
  })

  it('[P47] the walk that a tick takes over pairs is the law of two, bit for bit, in wind from every side', () => {
    const bodies = bunchOf121().slice(0, 60)
    for (const [along, right] of [
      [-1, 0],
      [-0.8, 0.6],
      [-0.6, -0.8],
      [-0.3, 0.95],
      [0.8, 0.6],
    ] as const) {
      const airs = [new Air(60), new Air(60)] as const
      for (const air of airs) {
        for (const [k, { alongM, rightM, areaM2 }] of bodies.toSorted((a, b) => a.alongM - b.alongM).entries()) {
          air.alongM[k] = alongM
          air.rightM[k] = rightM + 0.2 * (k % 3)
          air.downAlong[k] = along
          air.downRight[k] = right
          air.airMps[k] = 8 + (k % 4)
          air.airPer[k] = 1 / air.airMps[k]!
          air.measure(k, areaM2 * (1 + 0.1 * (k % 5)))
          air.felt.clear(k)
        }
      }
      for (let k = 0; k < 60; k++) {
        airs[0].meet(k, k + 1, 60, 0)
        airs[1].feel(k, k + 1, 60, 0, true)
        airs[1].feel(k, k + 1, 60, 0, false)
      }
      const factors = airs.map(({ felt }) => bodies.map((_, k) => felt.factor(k)))
      expect(factors[0]).toEqual(factors[1])
      expect(Math.min(...factors[0]!)).toBeLessThan(0.6)
    }
  })

  it('[P49] beyond the reach there is nothing, and twice the bunch is twice the work', () => {
    expect(shelterAt(WAKE_LAW.coreReachM, 0)).toBe(1)
    expect(shelterAt(WAKE_LAW.coreReachM - 0.5, 0)).toBeLessThan(1)
    const pairs = (count: number, apartM: number) => {
      const riders = ridersOf(
        Array.from({ length: count }, (_, i) => rider(-Math.floor(i / 8) * apartM, (i % 8) * 0.8)),
      )
      const neighbours = new Neighbours(count)
      neighbours.update(riders, plainCourse())
      const wakes = new Wakes(count)
      wakes.shelter(riders, neighbours, groundOf(riders, STILL), STILL)
      return wakes.pairs
    }
    expect(pairs(1000, 2) / 1000).toBeGreaterThan(80)
    expect(pairs(4000, 2) / 4000).toBeLessThan(1.1 * (pairs(1000, 2) / 1000))
    // A heap on one spot is cut off: each looks at so many, not at all.
    expect(pairs(1000, 0) / 1000).toBeLessThanOrEqual(160)
    expect(pairs(800, 50)).toBe(100 * 28)
    expect(REFERENCE_AREA_M2).toBe(0.473)
  })
})
