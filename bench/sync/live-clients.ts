// A process of its own: real client sessions on real sockets, one each, that open, acknowledge and send four samples a second.
import { randomBytes } from 'node:crypto'
import { createSocket } from 'node:dgram'
import { HeadlessClient } from '#client/net/headless'
import { createSealer } from '#bridges/aead'
import type { Sequence } from '#protocol/ids'
import { encodeWish } from '#protocol/rider-wish'
import { receiveOptions } from './child.ts'

interface Grant {
  readonly token: string
  readonly up: string
  readonly down: string
}

const WORK_MS = 25
const SAMPLE_MS = 250
const JOINS_AT_ONCE = 20
const IN_VIEW = 64

const { host, port, grants } = await receiveOptions<{ host: string; port: number; grants: readonly Grant[] }>()
const bytes = (text: string): Uint8Array => new Uint8Array(Buffer.from(text, 'base64'))
const clients: HeadlessClient[] = []
let records = 0
for (const { token, up, down } of grants) {
  const socket = createSocket('udp4')
  await new Promise<void>((resolve) => socket.connect(port, host, () => resolve()))
  const client = new HeadlessClient({
    token: bytes(token),
    sealer: createSealer({ sealKey: bytes(up), openKey: bytes(down) }),
    path: 'udp',
    randomBytes: (count) => randomBytes(count),
    nowMs: performance.now(),
    send: (datagram) => socket.send(datagram),
  })
  socket.on('message', (datagram) => {
    client.receive(datagram, performance.now())
    records += client.buffer.take().length
  })
  const { kind, body } = encodeWish({ kind: 'view', riders: IN_VIEW })
  client.session.wish(kind, body)
  clients.push(client)
  client.work(performance.now())
  if (clients.length % JOINS_AT_ONCE === 0) await new Promise((resolve) => setTimeout(resolve, 20))
}
let sequence = 0
setInterval(() => {
  for (const client of clients) client.work(performance.now())
}, WORK_MS)
setInterval(() => {
  sequence = (sequence + 1) & 0xffff
  for (const [i, client] of clients.entries()) {
    if (client.session.state !== 'connected') continue
    const powerW = 200 + ((i * 7 + sequence * 13) % 40)
    const sample = { sequence: sequence as Sequence, atMs: Math.floor(performance.now()) >>> 0, powerW }
    client.offer({ ...sample, cadenceHalfRpm: 180, heartRateBpm: 140, steer: 0 }, performance.now())
  }
}, SAMPLE_MS)
for (let tries = 0; tries < 100 && clients.some(({ session }) => session.state !== 'connected'); tries++)
  await new Promise((resolve) => setTimeout(resolve, 50))
process.send!({ ready: true, connected: clients.filter(({ session }) => session.state === 'connected').length })
process.on('message', () => {
  process.send!({ records, rejects: clients.map(({ session }) => session.rejects) })
})
