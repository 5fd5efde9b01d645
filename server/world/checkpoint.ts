import type { RiderId, Tick } from '#protocol/ids'
import type { Network } from '#maps/network'
import { TURN, type Course } from '#physics/course'
import { RIDER_COLUMNS, type Riders } from '#physics/riders'
import type { SkySpell } from '#physics/sky'
import type { WeatherLog } from '#physics/weather'
import type { Crossing } from '#server/event/model'
import type { Efforts } from './efforts.ts'
import { fromBase64, toBase64 } from './base64.ts'
import type { RunState } from './facts.ts'
import { LEDGER_COLUMNS, type Ledger } from './ledger.ts'
import type { CheckpointState } from './records.ts'

/** Riders there may be: with bike and kit; frontal area times drag. */
export const MASS_KG = [20, 500] as const
export const CDA_M2 = [0.01, 2] as const
/** Farther nobody rides, m. */
const PLACE_MAX_M = 1e9

/** The part of a world a checkpoint copies. */
interface Tables {
  readonly riders: Riders
  readonly ledger: Ledger
  readonly efforts: Efforts
  readonly tick: number
  readonly course: Course
  readonly network: Network
  run: RunState
  /** '': nobody is kept together. */
  togetherRoute: string
  crossings: Crossing[]
  readonly skies: readonly SkySpell[]
}

export function writeState(world: Tables, log: WeatherLog): CheckpointState {
  const { riders, tick, run, togetherRoute } = world
  const columns = columnsOf(world)
  const bytes = new Uint8Array(columns.reduce((sum, column) => sum + column.BYTES_PER_ELEMENT * riders.count, 0))
  let at = 0
  for (const column of columns) {
    const length = column.BYTES_PER_ELEMENT * riders.count
    bytes.set(new Uint8Array(column.buffer, column.byteOffset, length), at)
    at += length
  }
  const crossings = world.crossings.map((c) => [c.tick, c.fraction, c.riderId, c.lineId, c.lap] as const)
  const coming = log.spells.filter((spell) => spell.fromTick > tick)
  return {
    count: riders.count,
    columns: toBase64(bytes),
    weather: log.at(tick),
    coming,
    ...(world.skies.length === 0 ? {} : { skies: [...world.skies] }),
    run,
    ...(togetherRoute === '' ? {} : { together: togetherRoute }),
    crossings,
  }
}

/** One `set()` per column; rows beyond the checkpoint's are cleared. False when sizes do not fit. */
export function fillState(world: Tables, state: CheckpointState): boolean {
  const { riders } = world
  const bytes = fromBase64(state.columns)
  const columns = columnsOf(world)
  const rowBytes = columns.reduce((sum, column) => sum + column.BYTES_PER_ELEMENT, 0)
  if (bytes === undefined || state.count > riders.capacity || bytes.length !== rowBytes * state.count) return false
  let at = 0
  for (const column of columns) {
    column.fill(column === riders.draftFactor ? 1 : 0)
    const length = column.BYTES_PER_ELEMENT * state.count
    new Uint8Array(column.buffer, column.byteOffset, length).set(bytes.subarray(at, at + length))
    at += length
  }
  riders.count = state.count
  if (!isPossible(world)) return false
  world.run = state.run as RunState
  world.togetherRoute = state.together ?? ''
  world.crossings = state.crossings.map(([tick, fraction, riderId, lineId, lap]) => ({
    tick: tick as Tick,
    fraction,
    riderId: riderId as RiderId,
    lineId,
    lap,
  }))
  return true
}

/** A place up to so far beyond its way's end is one that the next tick puts right, m. */
const BEYOND_M = 100

/** Numbers of this network: ways, routes and legs that are there, places on their ways. A journal is a file, and may hold anything. */
function isPossible(world: Tables): boolean {
  const { riders, ledger, efforts, course, network } = world
  const { ways, routes, segments } = network
  const reals = columnsOf(world).filter((column) => column instanceof Float64Array)
  const stretches = efforts.columns.slice(segments.length)
  for (let row = 0; row < riders.count; row++) {
    if (!reals.every((column) => Number.isFinite(column[row]))) return false
    if (riders.id[row] === 0) continue
    const way = riders.way[row]!
    const route = ledger.route[row]!
    if (way >= ways.length || route > routes.length || riders.turn[row]! > TURN.back) return false
    if (riders.leg[row]! > (routes[route - 1]?.legs.length ?? 0)) return false
    if (stretches.some((stretch, segment) => stretch[row]! > segments[segment]!.along.length)) return false
    const placeM = riders.distanceM[row]! + riders.offsetM[row]!
    if (Math.abs(placeM) > PLACE_MAX_M || placeM > course.wayEndM(way) + BEYOND_M) return false
    if (!isWithin(riders.speedMps[row]!, [0, 100]) || !isWithin(riders.lateralM[row]!, [-100, 100])) return false
    if (!isWithin(riders.massKg[row]!, MASS_KG) || !isWithin(riders.cdaM2[row]!, CDA_M2)) return false
  }
  return true
}

const isWithin = (value: number, [least, most]: readonly [number, number]): boolean => value >= least && value <= most

/** Every column of a world, in the order in which they are hashed and written down. */
export function columnsOf(world: Pick<Tables, 'riders' | 'ledger' | 'efforts'>): (Float64Array | Uint32Array)[] {
  return [
    ...RIDER_COLUMNS.map((column) => world.riders[column]),
    ...LEDGER_COLUMNS.map((column) => world.ledger[column]),
    ...world.efforts.columns,
  ]
}
