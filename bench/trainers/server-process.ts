import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { toHex } from '#bridges/core/bytes'
import type { InputSample } from '#protocol/input'
import { systemClock } from '#server/clock'
import { openUdp } from '#server/net/udp'
import { Ride } from '#server/room/ride'
import { benchRoad } from '../road.ts'
import type { ServerOrder, ServerWord } from './server.ts'

// A room with one rider in a process of its own. It says when the datagram came that first brought each sample.

const HOST = '127.0.0.1'
const [order] = (await once(process, 'message')) as [ServerOrder]
const say = (word: ServerWord): void => void process.send!(word)
const { map, mapHash, course, spawnM } = benchRoad()
const ride = new Ride({
  ...{ clock: systemClock, randomBytes: (count: number) => randomBytes(count), tokenKey: randomBytes(32) },
  ...{ roomId: 'bench', mapId: map.id, mapHash, course, spawnM, seed: 1, riderCapacity: 4, leaveAfterS: 3600 },
})
let cameNs = 0n
const { port } = await openUdp({
  ...{ host: HOST, port: 0 },
  sink: {
    gone: (peer) => ride.sessions.gone(peer),
    receive(peer, bytes) {
      cameNs = process.hrtime.bigint()
      ride.sessions.receive(peer, bytes)
    },
  },
})
const { world } = ride
const post = world.post.bind(world)
let lastSequence = -1
world.post = (row, sample: InputSample) => {
  const isNew = lastSequence === -1 || ((sample.sequence - lastSequence) & 0xffff) < 0x8000
  if (isNew && sample.sequence !== lastSequence) {
    lastSequence = sample.sequence
    if (order.isTold) say({ word: 'came', powerW: sample.powerW, atNs: cameNs.toString() })
  }
  post(row, sample)
}
/** Numbers that came another way: no session, nothing to open. */
const bare = await openUdp({
  ...{ host: HOST, port: 0 },
  sink: {
    gone: () => {},
    receive: (_peer, bytes) =>
      say({ word: 'bare', number: Buffer.from(bytes).readUInt32LE(), atNs: process.hrtime.bigint().toString() }),
  },
})
const { riderId } = ride.join({ name: 'Ana', massKg: 62, heightM: 1.7 })
ride.start()
const { token, keys } = ride.sessions.issueToken({ riderId, use: 'ride' })
say({
  word: 'ready',
  host: HOST,
  port,
  barePort: bare.port,
  token: toHex(token),
  up: toHex(keys.up),
  down: toHex(keys.down),
})
