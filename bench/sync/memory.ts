import type { Measured } from '../measured.ts'
import { collectedHeapBytes } from './heap.ts'
import { OurRoom } from './our-room.ts'
import { Playback } from './playback.ts'
import { Rows, type Suite } from './suite.ts'
import { makeTrace } from './trace.ts'

const SECONDS = 12
/** Four times the riders of the trace. */
const SHARE = 4
const IN_VIEW = 64
const JOIN_MS = 50
const RIDE_MS = 3000

/** Issue 4, point 5: what one UDP connection costs the server in memory. */
export async function benchMemory(suite: Suite): Promise<Measured> {
  const stage = makeTrace({ variant: 'hard', seconds: SECONDS, share: SHARE, stages: ['bunch'] }).stages[0]!
  const rows = new Rows()
  const perConnection: number[] = []
  const rounds = Math.min(suite.options.rounds, 3)
  for (let round = 0; round < rounds; round++) {
    perConnection.push(measure(stage.count, new Playback(stage)))
    suite.options.progress(round + 1, rounds, 'memory: rounds')
  }
  rows.add('memory.perConnection', perConnection, 'KiB', { atMost: 8 })
  rows.add('memory.connections', stage.count, '')
  return {
    method:
      `Heap and external memory after collection, of a room with ${stage.count} sealed sessions of ${IN_VIEW} in view that have ridden for ` +
      `${RIDE_MS / 1000} s, less that of the same room before anybody came; the clients and what is on its way are let go before it is measured.`,
    figures: rows.figures,
  }
}

function measure(count: number, playback: Playback): number {
  const room = new OurRoom(playback, { seed: 3, inView: IN_VIEW })
  let tick = 0
  const ride = (untilMs: number): void => {
    for (; tick * 50 < untilMs; tick++) {
      room.run(tick * 50)
      room.tick(tick)
    }
  }
  ride(500)
  const before = collectedHeapBytes()
  for (let row = 0; row < count; row++) room.join(row, {}, row + 1)
  ride(500 + JOIN_MS + RIDE_MS)
  if (room.sessions.size !== count) throw new Error(`${room.sessions.size} of ${count} clients came in`)
  for (const client of room.clients) client.letGo()
  room.clients.length = 0
  playback.posted.length = 0
  const after = collectedHeapBytes()
  if (room.sessions.size !== count) throw new Error('sessions ended while they were measured')
  return (after - before) / count / 1024
}
