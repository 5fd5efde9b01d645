import { describe, expect, test } from 'vitest'
import type { RiderId, Row, Sequence } from '#protocol/ids'
import { shelteredAreaM2 } from '#physics/resistance'
import { RIDER_FLAG } from '#physics/riders'
import { stillAir } from '#physics/ground'
import { nextSpeedMps } from '#physics/step'
import { plainNetwork } from '#test/sim/plain-network'
import { testCourse } from '#test/sim/road'
import type { RaceRules, Run } from '#server/event/model'
import { gunTimeMs, results } from '#server/event/results'
import { World } from './world.ts'

const rules: RaceRules = {
  mapId: 'm',
  routeId: 'route',
  lineId: 'start',
  lineM: 10,
  lapM: 600,
  laps: 1,
  hasStartCrossing: true,
  timeLimitS: 30,
  timeLimitShare: 0,
}
const entries = [1, 2, 3].map((n) => ({ riderId: n as RiderId, bib: n, name: `R${n}`, isBot: false }))
const run: Run = { runId: 'run', eventId: 'e', rules, entries }

const loop = plainNetwork({ lengthM: 600, penM: 90, lineM: 100, isLap: true })

function penned(course = testCourse(600), raceRules = rules, network = loop) {
  const world = new World({ course, network, riderCapacity: 4 })
  for (const { riderId } of [...entries, { riderId: 4 as RiderId }]) {
    world.join({ riderId, massKg: 80, cdaM2: 0.3, distanceM: 0, lateralM: 0, isBot: false, held: false })
  }
  world.decide({ kind: 'pen', run: { ...run, rules: raceRules } })
  return world
}

/** Everybody pushes the same from now on, but for those in `still`. */
function ride(world: World, ticks: number, still: readonly number[] = []) {
  for (let i = 0; i < ticks; i++) {
    for (let row = 0; row < 4; row++) {
      if (world.riders.id[row] === 0 || world.tick % 20 !== 0 || still.includes(row)) continue
      const sequence = ((world.tick / 20) & 0xffff) as Sequence
      const powerW = 300 + 20 * row
      world.post(row as Row, {
        sequence,
        atMs: world.tick * 50,
        powerW,
        cadenceHalfRpm: 180,
        heartRateBpm: 0,
        steer: 0,
      })
    }
    world.step()
  }
}

/** The same ride in steps of a tenth of a millisecond: how long a metre takes with 300 W from standstill. */
function timeFromStandstillS({ course }: World, fromM: number, metres: number): number {
  const dtS = 1e-4
  let v = 0
  let s = 0
  let t = 0
  for (; s < metres; t += dtS) {
    v = nextSpeedMps(
      v,
      fromM + s,
      300,
      80,
      shelteredAreaM2(0.3, 1),
      course,
      stillAir(course.airDensityAt(fromM + s)),
      dtS,
    )
    s += v * dtS
  }
  return t
}

describe('a race in the world', () => {
  test('[P1] the pen holds its riders, shows their watts, and lets all of them go in the same tick', () => {
    const world = penned()
    const before = [...world.riders.distanceM.slice(0, 3)]
    world.decide({ kind: 'start', runId: 'run', startTick: 100 })
    ride(world, 100)
    expect([...world.riders.distanceM.slice(0, 3)]).toEqual(before)
    expect([...world.riders.speedMps.slice(0, 3)]).toEqual([0, 0, 0])
    expect(world.riders.powerW[1]).toBe(320)
    expect(world.riders.distanceM[3]).toBeGreaterThan(20) // Not entered: rides free.
    expect(world.run.phase).toBe('countdown')
    ride(world, 1)
    expect(world.run.phase).toBe('racing')
    for (let row = 0; row < 3; row++) {
      expect(world.riders.flags[row]! & RIDER_FLAG.held).toBe(0)
      expect(world.riders.speedMps[row]).toBeGreaterThan(0)
    }
  })

  test('[P1] watts of before the gun move nobody after it, however late they are told', () => {
    const told = (late: boolean) => {
      const world = penned()
      world.decide({ kind: 'start', runId: 'run', startTick: 200 })
      let sequence = 0
      const post = (atMs: number, powerW: number) =>
        world.post(0 as Row, {
          ...{ sequence: sequence++ as Sequence, atMs, powerW },
          ...{ cadenceHalfRpm: 180, heartRateBpm: 0, steer: 0 },
        })
      for (let tick = 0; tick < 700; tick++) {
        // Five harder seconds in the pen, told when they happen or all at once when the race is on; then two hundred watts.
        const isHard = tick >= 100 && tick < 200
        if (tick % 20 === 0 && !(late && tick >= 100 && tick < 205)) post(tick * 50, isHard ? 400 : 200)
        if (tick === 205 && late) for (let s = 5; s <= 10; s++) post(1000 * s, s < 10 ? 400 : 200)
        world.step()
      }
      return world
    }
    const prompt = told(false)
    const late = told(true)
    expect(late.run.phase).toBe('racing')
    expect(late.riders.distanceM[0]! - prompt.riders.distanceM[0]!).toBeLessThan(2)
  })

  test('[P2] laps are counted at the line, the finish is flagged, and the run ends when all are in', () => {
    const world = penned()
    world.decide({ kind: 'start', runId: 'run', startTick: 5 })
    ride(world, 3000)
    expect(world.run).toMatchObject({ phase: 'finished' })
    expect(world.crossings.map((c) => c.lap).toSorted((a, b) => a - b)).toEqual([0, 0, 0, 1, 1, 1])
    const table = results({ run, startTick: 5, crossings: world.crossings, decisions: [] })
    expect(table.map((row) => row.bib)).toEqual([3, 2, 1])
    for (const row of [0, 1, 2]) expect(world.riders.flags[row]! & RIDER_FLAG.finished).not.toBe(0)
  })

  test('[P3] a crossing lies where the line was reached inside the tick', () => {
    const world = penned()
    world.decide({ kind: 'start', runId: 'run', startTick: 0 })
    let beforeM = 0
    while (world.crossings.length < 3 && world.tick < 500) {
      beforeM = world.riders.distanceM[0]!
      ride(world, 1)
    }
    const own = world.crossings.find((c) => c.riderId === 1)!
    expect(own.lap).toBe(0)
    expect(own.fraction).toBeGreaterThan(0)
    expect(own.fraction).toBeLessThanOrEqual(1)
    expect(beforeM).toBeGreaterThan(9)
    expect(gunTimeMs(own, 0) / 1000).toBeCloseTo(timeFromStandstillS(world, 89, 11), 2)
  })

  test('[P4] who is out longer than the limit after the winner did not finish', () => {
    const world = penned()
    world.decide({ kind: 'start', runId: 'run', startTick: 0 })
    ride(world, 3000, [1])
    const winnerTick = Math.min(...world.crossings.filter((c) => c.lap === 1).map((c) => c.tick))
    expect(world.run).toMatchObject({ phase: 'finished', endTick: winnerTick + 30 * 20 })
    const table = results({ run, startTick: 0, crossings: world.crossings, decisions: [] })
    expect(table.map((row) => [row.bib, row.status])).toEqual([
      [3, 'finished'],
      [1, 'finished'],
      [2, 'dns'],
    ])
  })

  test('[P5] after a long race the others have a share of the winner’s time, if that is more', () => {
    const world = penned(testCourse(600), { ...rules, timeLimitS: 1, timeLimitShare: 0.5 })
    world.decide({ kind: 'start', runId: 'run', startTick: 0 })
    while (world.run.phase === 'countdown' || (world.run.phase === 'racing' && world.run.deadlineTick === null))
      ride(world, 1)
    if (world.run.phase !== 'racing') expect.fail(`the race is ${world.run.phase}`)
    const { startTick, deadlineTick } = world.run
    expect(deadlineTick! - world.tick).toBe(Math.ceil(0.5 * (world.tick - startTick)))
  })

  test('[P5] a rider who leaves does not hold up the end', () => {
    const world = penned()
    world.decide({ kind: 'start', runId: 'run', startTick: 0 })
    ride(world, 100)
    world.leave(1 as Row)
    ride(world, 2500)
    expect(world.run).toMatchObject({ phase: 'finished' })
    expect(world.crossings.filter((c) => c.lap === 1)).toHaveLength(2)
  })

  test('[P8] who falls off the network in the middle of a race and comes back goes on with the laps they have', () => {
    const world = penned(testCourse(600), { ...rules, laps: 2, timeLimitS: 600 })
    world.decide({ kind: 'start', runId: 'run', startTick: 0 })
    while (world.crossings.filter((c) => c.riderId === 2).length < 2) ride(world, 1)
    const distanceM = world.riders.distanceM[1]!
    world.leave(1 as Row)
    ride(world, 20)
    const back = { riderId: 2 as RiderId, massKg: 80, cdaM2: 0.3, distanceM, routeId: 'route', lateralM: 0 }
    world.join({ ...back, isBot: false, held: false })
    ride(world, 4000)
    expect(world.run.phase).toBe('finished')
    expect(world.crossings.filter((c) => c.riderId === 2).map((c) => c.lap)).toEqual([0, 1, 2])
  })

  test('[P6] on a straight road the first crossing of the finish is lap one', () => {
    const straight = { ...rules, lineM: 350, lapM: 0, hasStartCrossing: false }
    const road = plainNetwork({ lengthM: 600, penM: 50, lineM: 400, isLap: false })
    const world = penned(testCourse(600, false), straight, road)
    world.decide({ kind: 'start', runId: 'run', startTick: 0 })
    ride(world, 1500)
    expect(world.crossings.map((c) => c.lap)).toEqual([1, 1, 1])
    expect(world.run.phase).toBe('finished')
  })

  test('[P7] calling it off lets everybody go; facts of another run change nothing', () => {
    const world = penned()
    world.decide({ kind: 'start', runId: 'other', startTick: 3 })
    world.decide({ kind: 'abandon', runId: 'other' })
    expect(world.run.phase).toBe('pen')
    world.decide({ kind: 'abandon', runId: 'run' })
    expect(world.run.phase).toBe('none')
    expect(world.riders.flags[0]! & RIDER_FLAG.held).toBe(0)
  })
})
