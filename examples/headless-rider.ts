/**
 * A rider without a picture: joins a server over HTTP and UDP, as a program in any language could, and rides 200 W.
 *     npm start                                  # in one terminal
 *     npx node examples/headless-rider.ts        # in another; the address of another server may follow
 * In another language, `ClientSession` (docs/protocol.md) and the sealing below are what has to be written anew.
 */
import { createCipheriv, createDecipheriv, createHmac, randomBytes } from 'node:crypto'
import { createSocket } from 'node:dgram'
import type { Sequence } from '#protocol/ids'
import { PROTOCOL_VERSION } from '#protocol/limits'
import { ClientSession, type Sealer } from '#protocol/session'

const server = process.argv[2] ?? 'http://127.0.0.1:8214'
type Grant = { token: string; keys: { up: string; down: string }; datagram: { host: string; port: number } }
// 1. A seat in the room, from Colyseus; 2. the seat is worth a token, two keys and an address for datagrams.
const rider = { name: 'Headless', massKg: 70, heightM: 1.78 }
const { roomId, sessionId } = await post<{ roomId: string; sessionId: string }>('/matchmake/joinOrCreate/ride', rider)
const grant = await post<Grant>('/api/token', { protocol: PROTOCOL_VERSION, seat: { roomId, sessionId } })

// 3. Datagrams. The session says what to send and what was heard; it knows neither sockets nor clocks.
const session = new ClientSession({
  token: Buffer.from(grant.token, 'base64url'),
  sealer: chacha20(Buffer.from(grant.keys.up, 'base64url'), Buffer.from(grant.keys.down, 'base64url')),
  path: 'udp',
  randomBytes: (count) => randomBytes(count),
  nowMs: performance.now(),
})
const socket = createSocket('udp4')
const others = new Set<number>()
let [sayMs, sequence] = [0, 0]

socket.on('message', (datagram) => {
  for (const event of session.receive(datagram, performance.now())) {
    if (event.kind === 'connected') console.log(`rider ${event.riderId} is on the road at tick ${event.tick}`)
    if (event.kind === 'riders') for (const { riderId } of event.records) others.add(riderId)
    if (event.kind === 'closed') leave(`the server ended the session: ${event.reason}`)
    if (event.kind !== 'own' || performance.now() < sayMs) continue
    sayMs = performance.now() + 1000
    const { distanceM, speedMps, powerW, gradeFraction } = event.state
    const [kmh, percent] = [(speedMps * 3.6).toFixed(1), (gradeFraction * 100).toFixed(1)]
    console.log(`${distanceM.toFixed(0)} m, ${kmh} km/h, ${powerW} W, grade ${percent} %, ${others.size} others`)
  }
})

setInterval(() => {
  const atMs = Math.floor(performance.now())
  const watts = { powerW: 200, cadenceHalfRpm: 180, heartRateBpm: 0, steer: 0 }
  if (session.state === 'connected') session.offer({ sequence: (sequence++ & 0xffff) as Sequence, atMs, ...watts })
}, 250) // Four samples a second, as a trainer sends them.
setInterval(send, 10)
process.on('SIGINT', () => {
  session.close()
  send()
  leave('goodbye')
})

function send(): void {
  const nowMs = performance.now()
  if (session.expire(nowMs).length > 0) leave('the server does not answer')
  for (let datagram = session.poll(nowMs); datagram !== undefined; datagram = session.poll(nowMs)) {
    socket.send(datagram, grant.datagram.port, grant.datagram.host)
  }
}

function leave(sentence: string): void {
  console.log(sentence)
  setTimeout(() => process.exit(), 50) // The last datagrams are on their way.
}

async function post<T>(path: string, body: unknown): Promise<T> {
  const headers = { 'content-type': 'application/json' }
  const answer = await fetch(server + path, { method: 'POST', headers, body: JSON.stringify(body) })
  if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`)
  return (await answer.json()) as T
}

/** RFC 8439, a key for each direction; the nonce is four zero bytes and the packet number in 64 bits, little endian. */
function chacha20(upKey: Uint8Array, downKey: Uint8Array): Sealer {
  const tag = { authTagLength: 16 }
  const nonce = (n: number) =>
    Uint8Array.from({ length: 12 }, (_zero, i) => (i < 4 ? 0 : Math.floor(n / 256 ** (i - 4))))
  const nextKey = (key: Uint8Array) => createHmac('sha256', key).update('gruppetto next key').digest()
  return {
    overhead: 16,
    seal(packetNumber, datagram, at) {
      const cipher = createCipheriv('chacha20-poly1305', upKey, nonce(packetNumber), tag)
      cipher.setAAD(datagram.subarray(0, at), { plaintextLength: datagram.length - 16 - at })
      const sealed = [cipher.update(datagram.subarray(at, -16)), cipher.final(), cipher.getAuthTag()]
      datagram.set(Buffer.concat(sealed), at)
    },
    open(packetNumber, datagram, at) {
      if (datagram.length < at + 16) return undefined
      const cipher = createDecipheriv('chacha20-poly1305', downKey, nonce(packetNumber), tag)
      cipher.setAAD(datagram.subarray(0, at), { plaintextLength: datagram.length - 16 - at })
      cipher.setAuthTag(datagram.subarray(-16))
      try {
        return Buffer.concat([cipher.update(datagram.subarray(at, -16)), cipher.final()])
      } catch {
        return undefined // Not from our server.
      }
    },
    next: () => chacha20(nextKey(upKey), nextKey(downKey)),
  }
}
