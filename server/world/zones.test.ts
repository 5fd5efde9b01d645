import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import type { RiderId, Row, Sequence } from '#protocol/ids'
import { TURN, type Course } from '#physics/course'
import { plainCourse } from '#physics/plain-courses'
import { createRandom } from '#physics/random'
import { RIDER_FLAG } from '#physics/riders'
import { ROAD_BIKE } from '#physics/resistance'
import { energyJ, inertKg } from '#physics/zone-ride'
import { Zone } from '#physics/zone'
import { siteZone, siteZones, type ZonePlace, type ZoneSite } from '#physics/zone-site'
import { CALM } from '#physics/weather'
import { loadWorld } from '#maps/load'
import { startJournal } from './journal.ts'
import { replayJournal } from './replay.ts'
import { World } from './world.ts'
import { Zones } from './zones.ts'

const GRAVITY = 9.80665
/** A straight road to the north with a little slope, and a park east of it. */
const COURSE: Course = plainCourse({
  lengthM: Infinity,
  slopeAt: () => 0.004,
  heightAt: (placeM) => 30 + 0.004 * placeM,
})
const PARK: ZonePlace = {
  id: 'park',
  name: 'Park',
  xM: 26,
  yM: 130,
  dirX: 0,
  dirY: 1,
  lengthM: 60,
  widthM: 40,
  seed: 5,
  entry: { way: 0, atM: 101 },
  exit: { way: 0, atM: 161 },
}
const MAP = { mapId: 'test', mapHash: 'aa', roomId: 'r', seed: 1, riderCapacity: 32 }

function sited(zone: Partial<ZonePlace> = {}, course = COURSE): ZoneSite {
  const found = siteZone({ ...PARK, ...zone }, course)
  if (!found.ok) throw new Error(found.error)
  return found.site
}

function room(options: { site?: ZoneSite; course?: Course } = {}) {
  const lines: string[] = []
  const { course = COURSE, site = sited({}, course) } = options
  const world = new World({ course, riderCapacity: 32, journal: startJournal(MAP, (line) => lines.push(line)) })
  const zones = new Zones([site])
  world.zones = zones
  return { world, zones, lines, site, course }
}

let sequence = 0
function post(world: World, row: Row, powerW: number, steer = 0): void {
  sequence = (sequence + 1) & 0xffff
  const sample = { cadenceHalfRpm: 180, heartRateBpm: 140, powerW, steer }
  world.post(row, { ...sample, sequence: sequence as Sequence, atMs: world.tick * 50 })
}

const join = (world: World, riderId: number, distanceM = 60, isBot = false): Row =>
  world.join({ riderId: riderId as RiderId, massKg: 80, cdaM2: 0.32, distanceM, lateralM: 0, isBot, held: false })

const isInZone = (world: World, row: Row) => (world.riders.flags[row]! & RIDER_FLAG.zone) !== 0

/** Everything a rider has on the road, J. */
function roadEnergyJ({ riders, course }: World, row: Row): number {
  const v = riders.speedMps[row]!
  const placeM = riders.distanceM[row]! + riders.offsetM[row]!
  const kg = riders.massKg[row]!
  return 0.5 * (kg + ROAD_BIKE.inertiaKg) * v * v + kg * GRAVITY * course.heightAt(placeM)
}

describe('[P80] over the gate and back', () => {
  test('[P80] at every speed and place across the road: speed and energy before and after are one, both ways', () => {
    let visits = 0
    for (const side of [1, -1] as const) {
      const { world, zones, site } = room({ site: sited({ xM: side * 26 }) })
      const handed: { row: Row; energyJ: number; kineticJ: number }[] = []
      const zone = world.zone.bind(world)
      world.zone = (row, change) => {
        const v = world.riders.speedMps[row]!
        const kineticJ = 0.5 * (world.riders.massKg[row]! + ROAD_BIKE.inertiaKg) * v * v
        if (change.kind === 'enter') handed.push({ row, energyJ: roadEnergyJ(world, row), kineticJ })
        zone(row, change)
      }
      for (let k = 0; k < 20; k++) {
        const row = join(world, 100 + k, 95)
        world.riders.speedMps[row] = 1.5 + 0.5 * k
        world.riders.turn[row] = side > 0 ? TURN.right : TURN.left
        world.riders.lateralM[row] = -2.5 + 0.25 * k
        for (let t = 0; t < 200 && !isInZone(world, row); t++) {
          post(world, row, 150)
          world.step()
        }
        // The park has ridden its first tick already: what it did is in its books.
        const { rider: inside } = zones.places[0]!.zone.visits[0]!
        const parkJ = energyJ(inside) - inside.driveJ + inside.lossJ + inside.brakeJ + inside.contactJ
        expect(handed.at(-1)!.row).toBe(row)
        expect(Math.abs(parkJ - handed.at(-1)!.energyJ)).toBeLessThan(0.005 * handed.at(-1)!.kineticJ)
        expect(isInZone(world, row)).toBe(true)
        expect(world.riders.speedMps[row]).toBe(0)
        for (let t = 0; t < 2000 && isInZone(world, row); t++) {
          const visit = zones.places[0]!.zone.visits[0]!
          post(world, row, 180)
          world.step()
          if (isInZone(world, row)) continue
          const { rider } = visit
          const kineticJ = 0.5 * inertKg(rider) * rider.speedMps * rider.speedMps
          expect(world.riders.speedMps[row]).toBe(rider.speedMps)
          expect(Math.abs(roadEnergyJ(world, row) - energyJ(rider))).toBeLessThan(0.005 * kineticJ)
          expect(Math.abs(world.riders.lateralM[row]!)).toBeLessThanOrEqual(site.ground.roadHalfM)
          visits++
        }
        world.leave(row)
      }
      expect(zones.counters.exits.gate).toBe(20)
    }
    expect(visits).toBe(40)
  })

  test('[P80] who does not wish to go in, is a bot, or is too fast rides past; who steers towards it goes in', () => {
    const { world, zones } = room()
    const plain = join(world, 1)
    const bot = join(world, 2, 60, true)
    const fast = join(world, 3)
    const away = join(world, 4)
    const steers = join(world, 5)
    for (const row of [plain, bot, fast, away, steers]) world.riders.speedMps[row] = 8
    world.riders.turn[bot] = TURN.right
    world.riders.turn[fast] = TURN.right
    for (let t = 0; t < 300; t++) {
      if (world.riders.distanceM[fast]! < 105) world.riders.speedMps[fast] = 16
      post(world, plain, 200)
      post(world, away, 200, -90)
      post(world, steers, 200, 90)
      world.step()
    }
    expect(zones.counters.entered).toBe(1)
    expect(zones.counters.turnedAway).toBe(1)
    for (const row of [plain, bot, fast, away]) expect(world.riders.distanceM[row]).toBeGreaterThan(105)
  })

  test('[P80] the road between the gates counts as ridden, and nothing else does', () => {
    const { world } = room()
    const row = join(world, 1)
    world.riders.speedMps[row] = 7
    world.riders.turn[row] = TURN.right
    for (let t = 0; t < 2000 && !isInZone(world, row); t++) world.step()
    const inM = world.riders.distanceM[row]!
    for (let t = 0; t < 2000 && isInZone(world, row); t++) {
      post(world, row, 200)
      world.step()
    }
    expect(world.riders.distanceM[row]).toBeGreaterThan(inM + 20)
    expect(world.riders.distanceM[row]).toBeLessThanOrEqual(162)
  })
})

describe('[P83] the journal knows', () => {
  function evening() {
    const { world, zones, lines } = room()
    const random = createRandom(8)
    world.decide({ kind: 'weather', weather: { ...CALM, windEastMps: 3, windNorthMps: -2, isWet: true } })
    for (let tick = 0; tick < 20 * 150; tick++) {
      if (tick % 60 === 0 && !world.isFull) {
        const row = join(world, 1 + tick, 85 + 10 * random.fraction())
        world.riders.speedMps[row] = 0
      }
      for (let row = 0; row < world.riders.count; row++) {
        if (world.riders.id[row] === 0 || random.fraction() > 0.05) continue
        post(world, row as Row, Math.floor(400 * random.fraction()), Math.floor(160 * random.fraction()) - 40)
      }
      if (tick === 1500) {
        const inside = zones.places[0]!.zone.visits[0]
        if (inside !== undefined) world.leave(inside.key as Row)
      }
      world.step()
    }
    world.end()
    return { world, zones, lines }
  }

  test('[P83] an evening with visits replays to the same hash, without a zone', () => {
    const { world, zones, lines } = evening()
    expect(zones.counters.entered).toBeGreaterThan(10)
    expect(lines.filter((line) => line.startsWith('["zone"')).length).toBeGreaterThan(20)
    const road = { course: COURSE, mapHash: MAP.mapHash }
    const replayed = replayJournal(lines, road)
    expect(replayed).toMatchObject({ ok: true })
    if (!replayed.ok) return
    expect(replayed.world.zones).toBeUndefined()
    expect(replayed.world.stateHash()).toBe(world.stateHash())
    const late = replayJournal(lines, road, { from: 'last-checkpoint' })
    expect(late.ok && late.world.stateHash()).toBe(world.stateHash())
  })

  test('[P83] a journal with an exit that was not, or an entry twice, is refused with its line', () => {
    const { lines } = evening()
    const road = { course: COURSE, mapHash: MAP.mapHash }
    const enter = lines.findIndex((line) => line.includes('"kind":"enter"'))
    const exit = lines.findIndex((line) => line.includes('"kind":"exit"'))
    const without = lines.filter((_, i) => i !== enter)
    expect(replayJournal(without, road)).toMatchObject({ ok: false })
    const twice = [...lines.slice(0, enter + 1), lines[enter]!, ...lines.slice(enter + 1)]
    const refusedTwice = replayJournal(twice, road)
    expect(refusedTwice.ok ? '' : refusedTwice.error).toMatch(/into a zone twice/)
    const faster = lines.map((line, i) => (i === exit ? line.replace(/"speedMps":[\d.e+-]+/, '"speedMps":1e9') : line))
    expect(replayJournal(faster, road)).toMatchObject({ ok: false, line: exit + 1 })
  })
})

describe('[P85] races keep out', () => {
  const run = (riderId: number) => ({
    runId: 'run',
    eventId: 'event',
    entries: [{ riderId: riderId as RiderId, bib: 1, name: 'A', isBot: false }],
  })

  test('[P85] nobody enters while a run is on, and who is inside is set down when it is called', () => {
    const { world, zones } = room()
    const racer = join(world, 1)
    const other = join(world, 2)
    for (const row of [racer, other]) {
      world.riders.speedMps[row] = 7
      world.riders.turn[row] = TURN.right
    }
    for (let t = 0; t < 400 && zones.riderCount < 2; t++) world.step()
    expect(zones.riderCount).toBe(2)
    world.run = { phase: 'countdown', run: run(1) as never, startTick: 1e6 }
    world.step()
    expect(zones.riderCount).toBe(0)
    expect(zones.counters.exits.race).toBe(2)
    for (const row of [racer, other]) {
      expect(isInZone(world, row)).toBe(false)
      world.riders.distanceM[row] = 90
      world.riders.speedMps[row] = 7
      world.riders.turn[row] = TURN.right
    }
    for (let t = 0; t < 200; t++) world.step()
    expect(zones.riderCount).toBe(0)
    expect(() => world.zone(racer, { kind: 'enter', zoneId: 'park' })).toThrow(/zone/)
  })

  test('[P85] who is held does not enter', () => {
    const { world, zones } = room()
    const row = join(world, 1, 100.9)
    world.riders.flags[row]! |= RIDER_FLAG.held
    world.riders.speedMps[row] = 7
    world.riders.turn[row] = TURN.right
    for (let t = 0; t < 20; t++) {
      world.riders.distanceM[row]! += 0.3
      world.step()
    }
    expect(zones.counters.entered).toBe(0)
  })
})

describe('[P86] whatever comes', () => {
  test('[P86] NaN and wild bars, watts and weather: everybody comes out, all numbers stay numbers', () => {
    const { world, zones, lines } = room()
    const random = createRandom(3)
    const wild = [NaN, Infinity, -Infinity, 1e9, -1e9, 127, -127, 0]
    for (let k = 0; k < 12; k++) {
      const row = join(world, 1 + k, 90 - k)
      world.riders.speedMps[row] = 6
      world.riders.turn[row] = TURN.right
    }
    for (let tick = 0; tick < 20 * 120; tick++) {
      for (const { key, rider } of zones.places[0]!.zone.visits) {
        world.riders.steer[key] = wild[Math.floor(wild.length * random.fraction())]!
        if (random.fraction() < 0.001) rider.headU = NaN
        if (random.fraction() < 0.001) rider.z = Infinity
      }
      for (let row = 0; row < 12; row++) if (random.fraction() < 0.1) post(world, row as Row, 3000)
      for (let row = 0; row < 12; row++) if (!isInZone(world, row as Row)) world.riders.steer[row] = 0
      world.step()
      if (tick % 200 === 100) {
        for (let row = 0; row < 12; row++) {
          if (isInZone(world, row as Row)) continue
          world.riders.distanceM[row] = 100.7
          world.riders.speedMps[row] = 8
          world.riders.turn[row] = TURN.right
        }
      }
    }
    expect(zones.counters.entered).toBeGreaterThan(30)
    expect(zones.counters.exits.broken).toBeGreaterThan(0)
    const { distanceM, speedMps, lateralM, brakeJ, contactJ } = world.riders
    for (let row = 0; row < 12; row++) {
      expect(Number.isFinite(distanceM[row]! + speedMps[row]! + lateralM[row]! + brakeJ[row]! + contactJ[row]!)).toBe(
        true,
      )
    }
    expect(lines.some((line) => line.startsWith('["zone"') && line.includes('null'))).toBe(false)
  })

  test('[P86] after a restart a rider whom the host does not know is put on the road; who left is forgotten', () => {
    const { world, site } = room()
    const row = join(world, 1)
    world.riders.speedMps[row] = 7
    world.riders.turn[row] = TURN.right
    for (let t = 0; t < 400 && !isInZone(world, row); t++) world.step()
    const again = new Zones([site])
    world.zones = again
    world.step()
    expect(isInZone(world, row)).toBe(false)
    expect(again.counters.exits.lost).toBe(1)
    expect(world.riders.distanceM[row]).toBeCloseTo(161, 6)
    world.riders.distanceM[row] = 100.8
    world.riders.speedMps[row] = 7
    world.riders.turn[row] = TURN.right
    for (let t = 0; t < 40 && !isInZone(world, row); t++) world.step()
    expect(again.riderCount).toBe(1)
    world.leave(row)
    world.step()
    expect(again.riderCount).toBe(0)
    expect(again.places[0]!.zone.visits.length).toBe(0)
  })

  test('[P86] a zone that cannot lie there is refused in a sentence', () => {
    const say = (zone: Partial<ZonePlace>, course = COURSE) => {
      const found = siteZone({ ...PARK, ...zone }, course)
      return found.ok ? 'fine' : found.error
    }
    expect(say({})).toBe('fine')
    expect(say({ exit: { way: 1, atM: 161 } })).toMatch(/different ways/)
    expect(say({ lengthM: 400 })).toMatch(/400 × 40 m/)
    expect(say({ widthM: NaN })).toMatch(/NaN/)
    expect(say({ exit: { way: 0, atM: 90 } })).toMatch(/exit lies before/)
    expect(say({ xM: 40 })).toMatch(/from the middle of the road/)
    expect(say({ dirX: 1, dirY: 0 })).not.toBe('fine')
    expect(say({}, plainCourse({ xAt: (s) => 0.002 * s * (s - 101) * 0.5, yAt: (s) => s }))).toMatch(
      /bends away|m from/,
    )
  })

  test('[P86] every zone of the worlds we ship can be ridden: in at the gate by who does not steer, and out again', () => {
    const folder = new URL('../../maps/worlds/', import.meta.url)
    let zonesSeen = 0
    for (const world of readdirSync(folder)) {
      const file = (name: string) => readFileSync(new URL(`${world}/${name}`, folder))
      const loaded = loadWorld(JSON.parse(file('map.json').toString('utf8')), new Uint8Array(file('course.bin')))
      if (!loaded.ok) throw new Error(loaded.error.join('; '))
      const { sites, refused } = siteZones(loaded.value.network.zones, loaded.value.course)
      expect(refused).toEqual([])
      for (const { ground } of sites) {
        zonesSeen++
        for (let speedMps = 2; speedMps <= 12; speedMps += 2) {
          const zone = new Zone(ground)
          const rider = { massKg: 80, dragAreaM2: 0.33, airDensityKgpm3: 1.2, headU: 1, headV: 0 }
          const visit = zone.enter(1, { ...rider, u: ground.entryM, v: -ground.apronM, speedMps })
          visit.rider.powerW = 200
          for (let t = 0; t < 1800 && visit.end === undefined; t++) zone.step()
          expect([ground.lengthM, speedMps, visit.end]).toEqual([ground.lengthM, speedMps, 'gate'])
        }
      }
    }
    expect(zonesSeen).toBeGreaterThan(0)
  })
})
