import { setImmediate } from 'node:timers/promises'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { HeadlessClient } from '#client/net/headless'
import type { RiderId } from '#protocol/ids'
import { RIDER_SESSIONS_MAX, ROOM_SESSIONS_MAX } from '#protocol/limits'
import { createSealer } from '#server/net/aead'
import { Sessions } from '#server/net/sessions'
import { createMemoryPeer, FakeClock, FakeHost, seededBytes } from '#server/net/testing'
import type { Rounds } from './measure.ts'
import type { Measured } from './measured.ts'

const SESSIONS = ROOM_SESSIONS_MAX
const RIDERS = SESSIONS / RIDER_SESSIONS_MAX
/** Long enough that everybody is told of everybody and acknowledges. */
const TICKS = 60

/** What a connection over UDP costs the server in memory: what is free again when the sessions are let go. */
export async function benchMemory(_rounds: Rounds): Promise<Measured> {
  setFlagsFromString('--expose-gc')
  const clock = new FakeClock()
  const host = new FakeHost(RIDERS)
  const randomBytes = seededBytes(1)
  const tokenKey = randomBytes(32)
  const open = (): Sessions => new Sessions({ clock, randomBytes, tokenKey, roomId: 'bench', host })
  const rest = open()
  const alone = await usedBytes()
  const held: { sessions: Sessions | undefined } = { sessions: open() }
  const room = await usedBytes()
  const clients = Array.from({ length: SESSIONS }, (_none, i) => {
    const riderId = (1 + (i % RIDERS)) as RiderId
    const { token, keys } = held.sessions!.issueToken({ riderId, use: i < RIDERS ? 'ride' : 'watch' })
    const inbox: Uint8Array[] = []
    const peer = createMemoryPeer(`memory/${i}`, 'udp', (datagram) => void inbox.push(datagram))
    const send = (datagram: Uint8Array): void => held.sessions?.receive(peer, datagram)
    const sealer = createSealer({ sealKey: keys.up, openKey: keys.down })
    const client = new HeadlessClient({ token, sealer, path: 'udp', randomBytes, nowMs: clock.ms, send })
    return { client, inbox }
  })
  for (let tick = 0; tick < TICKS; tick++) {
    clock.ms += 50
    for (const { client, inbox } of clients) {
      client.work(clock.ms)
      for (const datagram of inbox.splice(0)) client.receive(datagram, clock.ms)
      client.buffer.take()
    }
    host.step()
    held.sessions!.afterTick()
    host.posted.length = 0
  }
  // Spent tokens and what knocked are forgotten after a minute.
  const connected = held.sessions!.size
  const before = await usedBytes()
  held.sessions = undefined
  const after = await usedBytes()
  const perConnection = (before.heap + before.external - after.heap - after.external) / connected
  return {
    method:
      `${connected} sessions of ${RIDERS} riders in one room, their clients beside them; after ${TICKS} ticks the sessions are let go, ` +
      'and what the collector then finds free, less what an empty room takes, is theirs: heap and external.',
    figures: {
      'memory.perConnection': { value: Math.round(perConnection - emptyRoom(alone, room) / connected), unit: 'B' },
      'memory.perConnection.heap': { value: Math.round((before.heap - after.heap) / connected), unit: 'B' },
      'memory.perConnection.external': { value: Math.round((before.external - after.external) / connected), unit: 'B' },
      'memory.emptyRoom': { value: Math.round(emptyRoom(alone, room) / 1024), unit: 'KiB' },
      'memory.roomsLeft': { value: rest.size, unit: 'sessions' },
    },
  }
}

interface Used {
  readonly heap: number
  readonly external: number
}

const emptyRoom = (alone: Used, room: Used): number => room.heap + room.external - alone.heap - alone.external

/** What is in use once everything is collected; buffers are let go a turn of the event loop after. */
async function usedBytes(): Promise<Used> {
  const collect = runInNewContext('gc') as () => void
  for (let i = 0; i < 4; i++) {
    collect()
    await setImmediate()
  }
  const { heapUsed, external } = process.memoryUsage()
  return { heap: heapUsed, external }
}
