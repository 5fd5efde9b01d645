// A process of its own: our server on UDP, riders from the trace, its processor time its own.
import { randomBytes } from 'node:crypto'
import type { RiderId } from '#protocol/ids'
import { TICK_MS } from '#protocol/limits'
import { systemClock } from '#server/clock'
import { loadSodiumAead, nodeAead } from '#server/net/aead'
import { Sessions } from '#server/net/sessions'
import { openUdp } from '#server/net/udp'
import { Playback } from './playback.ts'
import { receiveOptions } from './child.ts'
import { makeTrace } from './trace.ts'

const { host, seconds, share, isAccelerated } = await receiveOptions<{
  host: string
  seconds: number
  share: number
  isAccelerated: boolean
}>()
const aead = isAccelerated ? await loadSodiumAead() : nodeAead
const trace = makeTrace({ variant: 'hard', seconds, share, stages: ['bunch'] })
const playback = new Playback(trace.stages[0]!)
const sessions = new Sessions({
  clock: systemClock,
  randomBytes: (count) => randomBytes(count),
  tokenKey: randomBytes(32),
  roomId: 'bench',
  host: playback,
  aead,
})
const udp = await openUdp({ host, port: 0, sink: sessions })
let worldMs = 0
let ticks = 0
let atMs = performance.now()

function step(): void {
  const startedMs = performance.now()
  if (!playback.isOver) playback.step()
  worldMs += performance.now() - startedMs
  sessions.afterTick()
  ticks++
  atMs += TICK_MS
  setTimeout(step, Math.max(0, atMs - performance.now()))
}

const grants = Array.from({ length: playback.riders.count }, (_, row) => {
  const { token, keys } = sessions.issueToken({ riderId: (row + 1) as RiderId, use: 'ride' })
  const text = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64')
  return { token: text(token), up: text(keys.up), down: text(keys.down) }
})
if (aead === undefined) process.send!({})
else process.send!({ ready: true, count: playback.riders.count, port: udp.port, grants })
step()

process.on('message', (message) => void measure(message as { measureS: number }))

async function measure({ measureS }: { measureS: number }): Promise<void> {
  const count = (name: string): number => sessions.counts[name] ?? 0
  const read = () => ({
    cpu: process.cpuUsage(),
    worldMs,
    ticks,
    bytes: count('bytesOut'),
    packets: count('datagramsOut'),
    bytesUp: count('bytesIn'),
    packetsUp: count('datagramsIn'),
  })
  const before = read()
  await new Promise((resolve) => setTimeout(resolve, measureS * 1000))
  const after = read()
  const { user, system } = process.cpuUsage(before.cpu)
  process.send!({
    clients: sessions.size,
    ticks: after.ticks - before.ticks,
    cpuMs: (user + system) / 1000,
    worldMs: after.worldMs - before.worldMs,
    bytes: after.bytes - before.bytes,
    packets: after.packets - before.packets,
    bytesUp: after.bytesUp - before.bytesUp,
    packetsUp: after.packetsUp - before.packetsUp,
    heapBytes: process.memoryUsage().heapUsed,
  })
}
