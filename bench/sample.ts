import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import { TICK_MS } from '#protocol/limits'
import { systemClock } from '#server/clock'
import { openUdp } from '#server/net/udp'
import { Ride } from '#server/room/ride'
import type { Rounds } from './measure.ts'
import type { Figure, Measured } from './measured.ts'
import { benchRoad } from './road.ts'
import type { LegsData } from './sample-legs.ts'

const HOST = '127.0.0.1'
const RIDERS = 100
/** The first seconds connect everybody. */
const SETTLE_MS = 2500
const SECONDS_PER_ROUND = 4

/** From a sample's leaving to the tick that uses it, over real sockets and in real time. */
export async function benchSample({ rounds, onRound }: Rounds): Promise<Measured> {
  const { map, mapHash, course, spawnM } = benchRoad()
  const delaysMs: number[] = []
  const now = (): number => performance.timeOrigin + performance.now()
  const beganMs = now()
  const ride = new Ride({
    ...{ clock: systemClock, randomBytes: (count: number) => randomBytes(count), tokenKey: randomBytes(32) },
    ...{ roomId: 'bench', mapId: map.id, mapHash, course, spawnM, seed: 1, riderCapacity: RIDERS, leaveAfterS: 3600 },
    journal(line) {
      // Written by the very step that takes the sample up.
      if (!line.startsWith('["sample"') || now() - beganMs < SETTLE_MS) return
      const [, , , , atMs] = JSON.parse(line) as [string, number, number, number, number]
      delaysMs.push((Math.floor(now()) - atMs) | 0)
    },
  })
  const udp = await openUdp({ host: HOST, port: 0, sink: ride.sessions })
  const grants = Array.from({ length: RIDERS }, (_, i) => {
    const { riderId } = ride.join({ name: `R${i}`, massKg: 75, heightM: 1.8 }, { distanceM: 4000 - i * 3 })
    const { token, keys } = ride.sessions.issueToken({ riderId, use: 'ride' })
    return { token, up: keys.up, down: keys.down }
  })
  ride.start()
  const seconds = SETTLE_MS / 1000 + SECONDS_PER_ROUND * rounds
  const workerData: LegsData = { port: udp.port, host: HOST, seconds, grants }
  const legs = new Worker(new URL('./sample-legs.ts', import.meta.url), { workerData })
  try {
    await once(legs, 'message')
    onRound?.(rounds, rounds, `${delaysMs.length} samples`)
  } finally {
    ride.stop()
    await udp.close()
    await legs.terminate()
  }
  delaysMs.sort((a, b) => a - b)
  const at = (share: number): number => delaysMs[Math.min(delaysMs.length - 1, Math.floor(delaysMs.length * share))]!
  const atMost = TICK_MS + 10
  const p99: Figure = { value: at(0.99), unit: 'ms', atMost, pass: at(0.99) <= atMost }
  return {
    method:
      `${RIDERS} riders in one bunch on UDP over loopback, four samples a second each, sent by another thread at any moment of a ` +
      'tick; from there to the step that takes the sample up. Half a tick is waiting for it; whole milliseconds.',
    figures: {
      'sample.count': { value: delaysMs.length, unit: '' },
      'sample.toTick.p50': { value: at(0.5), unit: 'ms' },
      'sample.toTick.p99': p99,
      'sample.toTick.max': { value: at(1), unit: 'ms' },
    },
  }
}
