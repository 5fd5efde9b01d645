import type { RiderId, Tick } from '#protocol/ids'
import { RIDER_COLUMNS, type Riders } from '#physics/riders'
import type { WeatherLog } from '#physics/weather'
import type { Crossing } from '#server/event/model'
import type { Efforts } from './efforts.ts'
import { fromBase64, toBase64 } from './base64.ts'
import type { RunState } from './facts.ts'
import { LEDGER_COLUMNS, type Ledger } from './ledger.ts'
import type { CheckpointState } from './records.ts'

/** The part of a world a checkpoint copies. */
interface Tables {
  readonly riders: Riders
  readonly ledger: Ledger
  readonly efforts: Efforts
  readonly tick: number
  run: RunState
  crossings: Crossing[]
}

export function writeState(world: Tables, log: WeatherLog): CheckpointState {
  const { riders, tick, run } = world
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
  return { count: riders.count, columns: toBase64(bytes), weather: log.at(tick), coming, run, crossings }
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
  world.run = state.run as RunState
  world.crossings = state.crossings.map(([tick, fraction, riderId, lineId, lap]) => ({
    tick: tick as Tick,
    fraction,
    riderId: riderId as RiderId,
    lineId,
    lap,
  }))
  return true
}

/** Every column of a world, in the order in which they are hashed and written down. */
export function columnsOf(world: Pick<Tables, 'riders' | 'ledger' | 'efforts'>): (Float64Array | Uint32Array)[] {
  return [
    ...RIDER_COLUMNS.map((column) => world.riders[column]),
    ...LEDGER_COLUMNS.map((column) => world.ledger[column]),
    ...world.efforts.columns,
  ]
}
