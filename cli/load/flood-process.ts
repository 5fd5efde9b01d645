import { createSocket } from 'node:dgram'
import { createRandom } from '#physics/random'
import { DATAGRAM_BYTES_MAX, PROTOCOL_VERSION } from '#protocol/limits'

/**
 * A stranger with a fast line: datagrams that look like ours and are not, so many a second, until the channel closes.
 * A third says CONNECT or RESPONSE, which may cost the server crypto; the rest speaks for connections that nobody has.
 */
const { host, port, perS } = JSON.parse(process.argv[2]!) as { host: string; port: number; perS: number }
const SOCKETS = 32
const POOL = 4096
const STEP_MS = 2
/** First byte, and length; a CONNECT is well formed but for its token. */
const KINDS = [
  ...[4, 4, 4, 4, 5, 7, 2, 255].map((kind) => ({ kind, bytes: () => 12 + Math.floor(random.fraction() * 120) })),
  { kind: 1, bytes: () => DATAGRAM_BYTES_MAX },
  { kind: 1, bytes: () => DATAGRAM_BYTES_MAX },
  { kind: 3, bytes: () => 230 },
  { kind: 3, bytes: () => DATAGRAM_BYTES_MAX },
]
const CONNECT_FILLED_BYTES = 2 + 8 + 138

const random = createRandom(8214)
const pool = Array.from({ length: POOL }, (_none, i) => {
  const { kind, bytes } = KINDS[i % KINDS.length]!
  const datagram = new Uint8Array(bytes())
  const filled = kind === 1 ? CONNECT_FILLED_BYTES : datagram.length
  for (let at = 1; at < filled; at++) datagram[at] = Math.floor(random.fraction() * 256)
  datagram[0] = kind
  if (kind === 1 || kind === 3) datagram[1] = PROTOCOL_VERSION
  return datagram
})
const sockets = Array.from({ length: SOCKETS }, () =>
  createSocket({ type: 'udp4', lookup: (_name, _options, done) => done(null, host, 4) }).on('error', () => {}),
)

let sent = 0
const startedMs = performance.now()
setInterval(() => {
  const owed = Math.floor(((performance.now() - startedMs) / 1000) * perS) - sent
  for (let i = 0; i < Math.min(owed, perS); i++) {
    sockets[sent % SOCKETS]!.send(pool[sent % POOL]!, port, host)
    sent++
  }
}, STEP_MS)
setInterval(() => {
  const { user, system } = process.cpuUsage()
  process.send?.({ sent, cpuS: (user + system) / 1e6 })
}, 250)
process.on('disconnect', () => process.exit(0))
