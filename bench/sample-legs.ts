import { randomBytes } from 'node:crypto'
import { createSocket } from 'node:dgram'
import { parentPort, workerData } from 'node:worker_threads'
import type { Sequence } from '#protocol/ids'
import { ClientSession } from '#protocol/session'
import { createSealer } from '#server/net/aead'

// Legs in a thread of their own: sessions over UDP whose samples carry, as their stamp, the instant they were sent.

export interface LegsData {
  readonly port: number
  readonly host: string
  readonly seconds: number
  readonly grants: readonly { readonly token: Uint8Array; readonly up: Uint8Array; readonly down: Uint8Array }[]
}

const SAMPLE_MS = 250
const LOOK_MS = 2
/** Both threads of a process count from their own beginning; this is the same instant for both. */
const nowMs = (): number => performance.timeOrigin + performance.now()

const { port, host, seconds, grants } = workerData as LegsData
const riders = grants.map(({ token, up, down }, i) => {
  const sealer = createSealer({ sealKey: up, openKey: down })
  const session = new ClientSession({ token, sealer, path: 'udp', randomBytes: (n) => randomBytes(n), nowMs: nowMs() })
  const own = createSocket('udp4')
  own.on('message', (bytes) => void session.receive(bytes, nowMs()))
  own.connect(port, host)
  // Not on the beat of ticks: every part of one is met.
  return { session, own, sequence: 0, nextMs: nowMs() + 1000 + ((i * 97) % SAMPLE_MS) }
})
const endMs = nowMs() + seconds * 1000
const timer = setInterval(() => {
  for (const rider of riders) {
    const at = nowMs()
    if (at >= rider.nextMs && rider.session.state === 'connected') {
      rider.nextMs += SAMPLE_MS + ((rider.sequence * 31) % 17) - 8
      const sequence = (rider.sequence++ & 0xffff) as Sequence
      const sample = {
        sequence,
        atMs: Math.floor(at) >>> 0,
        powerW: 200,
        cadenceHalfRpm: 180,
        heartRateBpm: 140,
        steer: 0,
      }
      rider.session.offer(sample)
    }
    for (let bytes = rider.session.poll(at); bytes !== undefined; bytes = rider.session.poll(at)) rider.own.send(bytes)
  }
  if (nowMs() < endMs) return
  clearInterval(timer)
  for (const { own } of riders) own.close()
  parentPort!.postMessage('done')
}, LOOK_MS)
