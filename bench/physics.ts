import type { RiderId, Row, Sequence } from '#protocol/ids'
import { TICK_HZ, TICK_MS } from '#protocol/limits'
import { bakeRoad } from '#maps/bake'
import { BakedCourse } from '#maps/course'
import { RIDER_COLUMNS } from '#physics/riders'
import { World } from '#server/world/world'
import { allocatedPerTick } from './allocated.ts'
import { measure, type Case, type Rounds } from './measure.ts'
import { spreadFigures, type Figure, type Measured } from './measured.ts'

/** Rider-ticks in a round. */
const WORK = 300_000
const OPEN_ROAD = [100, 500, 1000, 2000, 5000]
/**
 * Nobody is in anybody's wake: the road for the largest field is 170 km. Legs differ, so all are put back to where they
 * began after so many ticks: else a small field, which rides more ticks in a round, would be measured as bunches.
 */
const APART_M = 33
const APART_TICKS = 60
const BUNCH = [100, 300, 1000]
const ABREAST = 6
const ROW_M = 2.4
const SETTLE_TICKS = 3000
const ALLOCATED = [300, 1000]
/** Issue 3, point 9. */
const BUNCH_1000_AT_MOST_MS = 3
const OPEN_5000_AT_MOST_MS = 12

/** What a tick costs by size of field, alone on the road and in one bunch, beside the least it could cost. */
export async function benchPhysics(rounds: Rounds): Promise<Measured> {
  const { workShare = 1 } = rounds
  const course = longRoad()
  const sizes = [
    ...OPEN_ROAD.map((riders) => ({ name: `open.${riders}`, riders, place: openRoad })),
    ...BUNCH.map((riders) => ({ name: `bunch.${riders}`, riders, place: inABunch })),
  ]
  const cases = sizes.flatMap(({ name, riders, place }): Case[] => {
    const world = fieldOf(course, riders, place)
    const ticks = Math.ceil((WORK * workShare) / riders)
    const step = place === openRoad ? stayApart(world) : () => world.step()
    return [
      { name, run: () => msPer(ticks, step) },
      { name: `${name}, columns only`, run: () => msPer(ticks, () => touchColumns(world)) },
    ]
  })
  const spreads = await measure(cases, rounds)
  const figures: Record<string, Figure> = {}
  for (const [i, { name, riders }] of sizes.entries()) {
    const tickMs = spreads[2 * i]!
    const limitMs = spreads[2 * i + 1]!
    const atMost =
      name === 'bunch.1000' ? BUNCH_1000_AT_MOST_MS : name === 'open.5000' ? OPEN_5000_AT_MOST_MS : undefined
    Object.assign(
      figures,
      spreadFigures(`physics.${name}.tick`, tickMs, 'ms', atMost === undefined ? undefined : { atMost }),
    )
    figures[`physics.${name}.perRider`] = { value: (tickMs.median * 1e6) / riders, unit: 'ns' }
    figures[`physics.${name}.overColumns`] = { value: tickMs.median / limitMs.median, unit: '×' }
  }
  const perRiderNs = OPEN_ROAD.map((riders) => figures[`physics.open.${riders}.perRider`]!.value as number)
  figures['physics.open.flatness'] = {
    value: Math.max(...perRiderNs) / Math.min(...perRiderNs),
    unit: '× dearest to cheapest rider',
  }
  for (const riders of ALLOCATED) {
    figures[`physics.bunch.${riders}.allocated`] = {
      value: allocated(fieldOf(course, riders, inABunch), workShare),
      unit: 'B a tick',
    }
  }
  return {
    method:
      `World.step() with everything on (shelter, lines, contact, wind with gusts, bends) on a hilly, winding loop of ${Math.round(course.lengthM / 1000)} km, riders ` +
      `${APART_M} m apart and put back there every ${APART_TICKS} ticks (open) or in one bunch, ${ABREAST} abreast and ${ROW_M} m behind each other; a sample a second each, no journal. overColumns is the tick over the ` +
      'least it could cost: reading and writing every column of every rider once. allocated: what the heap grew by in a tick of the bunch while no sample comes, the median of a hundred ' +
      `stretches of twenty ticks after ${SETTLE_TICKS}. ` +
      `${WORK.toLocaleString('en-US')} rider-ticks a round.`,
    figures,
  }
}

/** Legs go on as their last sample said: what samples are made of is their sender's. */
export function pedalOn(world: World): void {
  world.source = { post: ({ riders, tick }) => void riders.sampleTick.fill(tick) }
}

function allocated(world: World, workShare: number): number {
  for (let i = 0; i < SETTLE_TICKS * workShare; i++) world.step()
  pedalOn(world)
  return allocatedPerTick(() => world.step(), workShare)
}

function msPer(ticks: number, step: () => void): number {
  const startedMs = performance.now()
  for (let i = 0; i < ticks; i++) step()
  return (performance.now() - startedMs) / ticks
}

export function fieldOf(
  course: BakedCourse,
  riders: number,
  place: (i: number) => { distanceM: number; lateralM: number },
): World {
  const world = new World({ course, riderCapacity: riders })
  world.decide({
    kind: 'weather',
    weather: { windEastMps: 3, windNorthMps: 2, gustShare: 0.3, seaLevelC: 18, isWet: false },
  })
  for (let i = 0; i < riders; i++) {
    const body = { massKg: 66 + (i % 30), cdaM2: 0.26 + (i % 9) * 0.01, isBot: false, held: false }
    const row = world.join({ riderId: (i + 1) as RiderId, ...body, ...place(i) })
    world.riders.speedMps[row] = 9
  }
  world.source = { post: pedal }
  return world
}

/** Steps a world in which everybody is put back now and then to the place and the speed of now. */
function stayApart(world: World): () => void {
  const { distanceM, speedMps, lateralM, lateralMps } = world.riders
  const columns = [distanceM, speedMps, lateralM, lateralMps].map((column) => [column, column.slice()] as const)
  let ticks = 0
  return () => {
    if (++ticks % APART_TICKS === 0) for (const [column, began] of columns) column.set(began)
    world.step()
  }
}

/** A sample a second each, a twentieth of the field in any tick. */
function pedal(world: World): void {
  const { tick, riders } = world
  for (let row = (TICK_HZ - (tick % TICK_HZ)) % TICK_HZ; row < riders.count; row += TICK_HZ) {
    world.post(row as Row, {
      sequence: (Math.floor(tick / TICK_HZ) & 0xffff) as Sequence,
      atMs: tick * TICK_MS,
      powerW: 180 + ((row * 37) % 60),
      cadenceHalfRpm: 176,
      heartRateBpm: 140,
      steer: 0,
    })
  }
}

const openRoad = (i: number) => ({ distanceM: 100 + i * APART_M, lateralM: 0 })
export const inABunch = (i: number) => ({
  distanceM: 5000 - Math.floor(i / ABREAST) * ROW_M,
  lateralM: (i % ABREAST) - (ABREAST - 1) / 2,
})

function touchColumns({ riders }: World): void {
  for (const name of RIDER_COLUMNS) {
    const column = riders[name]
    for (let row = 0; row < riders.count; row++) column[row] = column[row]! + 0
  }
}

/** A loop of some 170 km, a bend every few hundred metres, hills of a few per cent. */
export function longRoad(): BakedCourse {
  const baked = bakeRoad({ points: wavyRing(), isLoop: true, widthM: 8, crr: 0.004 })
  if (!baked.ok) throw new Error(baked.error.join('; '))
  return new BakedCourse(baked.value)
}

function wavyRing(): [number, number, number][] {
  const count = 1200
  return Array.from({ length: count }, (_, i) => {
    const turn = (2 * Math.PI * i) / count
    const radiusM = 26_500 + 90 * Math.sin(turn * 150)
    return [radiusM * Math.cos(turn), radiusM * Math.sin(turn), 200 + 25 * Math.sin(turn * 120)]
  })
}
