import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { loadWorld, type LoadedWorld } from '#maps/load'
import { homeLineM } from '#physics/lanes'
import { PHYSICS_VERSION } from '#physics/constants'
import { createRandom } from '#physics/random'
import type { Riders } from '#physics/riders'
import { TICK_HZ } from '#protocol/limits'
import type { RiderId } from '#protocol/ids'
import { World } from '#server/world/world'
import { Legs } from './legs.ts'
import { HARD_STAGES, type Group, type StagePlan } from './stages.ts'

/** Everything that moves in a world and that any way of telling others may want to know. */
export const TRACE_COLUMNS = [
  'powerW',
  'cadenceRpm',
  'heartRateBpm',
  'speedMps',
  'distanceM',
  'offsetM',
  'way',
  'leg',
  'turn',
  'lateralM',
  'lateralMps',
  'steer',
  'lineM',
  'draftFactor',
  'spareMps2',
  'brakeJ',
  'contactJ',
  'workJ',
  'flags',
] as const satisfies readonly (keyof Riders)[]
export type TraceColumn = (typeof TRACE_COLUMNS)[number]

export type Variant = 'base' | 'hard'

/** One stage as it was ridden: the riders' columns at every tick, tick after tick, `count` riders each. */
export interface Stage {
  readonly plan: StagePlan
  readonly variant: Variant
  readonly loaded: LoadedWorld
  readonly count: number
  /** Ticks recorded; the first is tick 0 of the playback. */
  readonly ticks: number
  readonly massKg: Float64Array
  readonly cdaM2: Float64Array
  readonly groupOf: Uint8Array
  readonly columns: Readonly<Record<TraceColumn, Float64Array>>
  /** The way each rider was about to take at the end of the one it was on, in the order of `columns`. */
  readonly wayAhead: Int32Array
}

export interface Trace {
  readonly variant: Variant
  readonly stages: readonly Stage[]
  readonly ticks: number
  /** SHA-256 of every column of every stage. */
  readonly hash: string
  readonly physicsVersion: string
}

export interface TraceOptions {
  readonly variant: Variant
  /** Seconds recorded of each stage. */
  readonly seconds?: number
  /** Share of each group's riders: a short test rides with fewer. */
  readonly share?: number
  readonly stages?: readonly string[]
}

const SEED = 8214
export const STAGE_S = 65
/** Legs find their wheels before anything is recorded. */
const WARM_UP_S = 12

/**
 * What was frozen: `hard` and `base` in full length, by the version of the physics that rode them. Another hash with the
 * same version is another trace, and figures of the two cannot be compared.
 */
export const FROZEN: Readonly<Record<string, Readonly<Record<Variant, string>>>> = {
  g3: {
    hard: '30d03d90948d5d4543a9dff10fa9fbd550090843c85c5f5520b7a66da1c5fd85',
    base: '78934975ebcf79639d37034439751750df2391e04e69464fedb061cd3781bf47',
  },
}

/** The trace that everybody is measured with: ridden by the real world, all physics on, and the same for everybody. */
export function makeTrace({ variant, seconds = STAGE_S, share = 1, stages }: TraceOptions): Trace {
  const plans = HARD_STAGES.filter(({ name }) => stages === undefined || stages.includes(name))
  const ridden = plans.map((plan, i) => rideStage(plan, { variant, seconds, share, seed: SEED + i }))
  const hash = createHash('sha256')
  for (const stage of ridden) {
    hash.update(`${stage.plan.name} ${stage.count} ${stage.ticks} `)
    hash.update(bytesOf(stage.massKg)).update(bytesOf(stage.cdaM2))
    for (const name of TRACE_COLUMNS) hash.update(bytesOf(stage.columns[name]))
  }
  return {
    variant,
    stages: ridden,
    ticks: ridden.reduce((sum, { ticks }) => sum + ticks, 0),
    hash: hash.digest('hex'),
    physicsVersion: PHYSICS_VERSION,
  }
}

function rideStage(
  plan: StagePlan,
  { variant, seconds, share, seed }: { variant: Variant; seconds: number; share: number; seed: number },
): Stage {
  const isHard = variant === 'hard'
  const loaded = shippedWorld(plan.worldId)
  const groups = plan.groups.map((group) => ({ ...group, count: Math.round(group.count * share) }))
  const count = groups.reduce((sum, group) => sum + group.count, 0)
  const world = new World({ course: loaded.course, network: loaded.network, riderCapacity: count })
  if (isHard) world.decide({ kind: 'weather', weather: plan.weather })
  const random = createRandom(seed)
  const legs: Legs[] = []
  const groupOf = new Uint8Array(count)
  for (const [group, members] of groups.entries()) {
    for (let i = 0; i < members.count; i++) {
      const index = legs.length
      groupOf[index] = group
      const bodyKg = 56 + 34 * random.fraction()
      const wattsPerKg = members.wattsPerKg * (0.94 + 0.12 * random.fraction())
      const row = join(world, loaded, members, { index, place: i, massKg: bodyKg + 10, cda: random.fraction() })
      const isRoaming = members.isRoaming === true
      legs.push(new Legs({ row, index, group, seed, bodyKg, wattsPerKg, isHard, isRoaming, sprints: plan.sprints }))
    }
  }
  const ticks = seconds * TICK_HZ
  const columns = Object.fromEntries(TRACE_COLUMNS.map((name) => [name, new Float64Array(ticks * count)])) as Record<
    TraceColumn,
    Float64Array
  >
  const wayAhead = new Int32Array(ticks * count)
  for (let tick = -WARM_UP_S * TICK_HZ; tick < ticks; tick++) {
    for (const one of legs) one.act(world, tick + WARM_UP_S * TICK_HZ)
    world.step()
    if (tick < 0) continue
    for (const name of TRACE_COLUMNS) columns[name].set(world.riders[name].subarray(0, count), tick * count)
    for (let row = 0; row < count; row++) wayAhead[tick * count + row] = world.wayAhead(row)
  }
  const massKg = world.riders.massKg.slice(0, count)
  const cdaM2 = world.riders.cdaM2.slice(0, count)
  return { plan, variant, loaded, count, ticks, massKg, cdaM2, groupOf, columns, wayAhead }
}

function join(
  world: World,
  { course, network }: LoadedWorld,
  group: Group,
  rider: { readonly index: number; readonly place: number; readonly massKg: number; readonly cda: number },
) {
  const { index, place, massKg, cda } = rider
  const behindM = Math.floor(place / group.abreast) * group.gapM
  const metres = group.atM - behindM
  const placeM = group.way === undefined ? metres : course.wayStartM(group.way) + metres
  const riderId = (index + 1) as RiderId
  const widthM = course.widthAt(placeM)
  const row = world.join({
    riderId,
    massKg,
    cdaM2: 0.26 + 0.1 * cda,
    distanceM: metres,
    placeM,
    ...(group.routeId === undefined ? {} : { routeId: group.routeId }),
    lateralM:
      group.abreast === 1 ? homeLineM(riderId, widthM) : ((place % group.abreast) - (group.abreast - 1) / 2) * 1.05,
    isBot: false,
    held: false,
  })
  if (group.routeId !== undefined && !network.routes.some(({ id }) => id === group.routeId))
    throw new Error(`the stage names a route that is not there: ${group.routeId}`)
  world.riders.speedMps[row] = group.speedMps
  return row
}

export function shippedWorld(worldId: string): LoadedWorld {
  const file = (name: string): Buffer => readFileSync(new URL(`../../maps/worlds/${worldId}/${name}`, import.meta.url))
  const loaded = loadWorld(JSON.parse(file('map.json').toString('utf8')), file('course.bin'))
  if (!loaded.ok) throw new Error(`the world ${worldId} cannot be loaded: ${loaded.error.join('; ')}`)
  return loaded.value
}

function bytesOf(column: Float64Array): Uint8Array {
  return new Uint8Array(column.buffer, column.byteOffset, column.byteLength)
}
