import type { RiderId } from '#protocol/ids'
import { type Board, liveBoard } from '../event/results.ts'
import type { BoardAnswer } from '../http/shapes.ts'
import type { Desk } from './desk.ts'

/** Gaps on the road become time at the follower's own speed, but not below a walk: a stopped rider is not behind for ever. */
const GAP_SPEED_MIN_MPS = 2

/** The race as it stands, from the world it is ridden in; empty before the gun is set, and without a room. */
export function boardRows({ race, room }: Desk): BoardAnswer['rows'] {
  if (room === undefined || !('startTick' in race)) return []
  const { world } = room.ride
  const { lineM } = race.rules
  const distanceOfM = (riderId: RiderId) => {
    const row = world.rowOf(riderId)
    return row === undefined ? undefined : world.riders.distanceM[row]! - lineM
  }
  const { entries } = race
  const run = { runId: race.runId, eventId: race.eventId, rules: race.rules, entries }
  const board: Board = liveBoard({ run, startTick: race.startTick, crossings: world.crossings }, distanceOfM)
  const bestMs = board[0]?.finishedMs ?? 0
  return board.map(({ place, riderId, name, isBot, lap, distanceM, gapM, finishedMs }) => {
    const row = world.rowOf(riderId)
    const speedMps = Math.max(GAP_SPEED_MIN_MPS, row === undefined ? 0 : world.riders.speedMps[row]!)
    const gapMs = finishedMs === null ? (gapM / speedMps) * 1000 : finishedMs - bestMs
    return { place, riderId, name, isBot, lap, distanceM, gapMs, finishedMs }
  })
}
