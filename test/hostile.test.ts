import { readFileSync } from 'node:fs'
import { setImmediate } from 'node:timers/promises'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { expect, test } from 'vitest'
import { decodeIndoorBikeData } from '#bridges/core/profiles/indoor-bike-data'
import { decodeControlRequest } from '#bridges/core/profiles/control-point'
import { decodeCyclingPower } from '#bridges/core/profiles/cycling-power'
import { decodeAntFrame } from '#bridges/core/ant-frame'
import { BesiegedRoom, HOSTILE_KINDS } from '#cli/hostile/besieged-room'
import { createRandom } from '#physics/random'
import { decodeDownPacket, decodeUpPacket } from '#protocol/control'
import { decodeDatagram } from '#protocol/datagram'
import { decodeInput } from '#protocol/input'
import { decodeToken } from '#protocol/token'
import { Sessions } from '#server/net/sessions'
import { FakeClock, FakeHost } from '#server/net/testing'

/** What strangers send must leave nothing behind (issue: clear error, nothing lost, no one in). */
setFlagsFromString('--expose-gc')
const collect = runInNewContext('gc') as () => void

/** Twenty thousand calls that keep ten bytes each. */
const LEAK_BYTES = 200_000

const { u32 } = createRandom(8214)
const VALID = ['input', 'up', 'down', 'token', 'datagram'].flatMap((name) => {
  const file = new URL(`../protocol/vectors/${name}.json`, import.meta.url)
  const { vectors } = JSON.parse(readFileSync(file, 'utf8')) as { vectors: { hex: string }[] }
  return vectors.map(({ hex }) => new Uint8Array(Buffer.from(hex, 'hex')))
})

/** Random bytes, a valid packet cut short, or one with a bit turned. */
function hostile(): Uint8Array {
  const valid = VALID[u32() % VALID.length]!
  switch (u32() % 3) {
    case 0:
      return Uint8Array.from({ length: u32() % 120 }, () => u32())
    case 1:
      return valid.slice(0, u32() % (valid.length + 1))
    default: {
      const turned = valid.slice()
      if (turned.length > 0) turned[u32() % turned.length]! ^= 1 << (u32() & 7)
      return turned
    }
  }
}

/**
 * Bytes that `count` calls leave on the heap, once everything was called often enough to be compiled: the least of three
 * rounds, because the engine's own book-keeping comes and goes; what is kept is kept in each of them. One that kept less
 * than a leak would is enough.
 */
async function keptBytes(count: number, call: () => void): Promise<number> {
  let least = Infinity
  for (let round = 0; round < 4; round++) {
    const before = await usedBytes()
    for (let i = 0; i < count; i++) call()
    const kept = (await usedBytes()) - before
    if (round > 0) least = Math.min(least, kept) // The first one compiles.
    if (least < LEAK_BYTES) break
  }
  return least
}

/** Buffers are let go a turn of the event loop after their collection. */
async function usedBytes(): Promise<number> {
  for (let i = 0; i < 3; i++) {
    collect()
    await setImmediate()
  }
  const { heapUsed, external } = process.memoryUsage()
  return heapUsed + external
}

test('a leak of sixteen bytes a call would be seen', async () => {
  const leaked: number[][] = []
  expect(await keptBytes(20_000, () => leaked.push([u32()]))).toBeGreaterThan(LEAK_BYTES)
})

test.each([
  ['decodeInput', decodeInput],
  ['decodeUpPacket', decodeUpPacket],
  ['decodeDownPacket', decodeDownPacket],
  ['decodeToken', decodeToken],
  ['decodeDatagram', decodeDatagram],
  ['decodeIndoorBikeData', decodeIndoorBikeData],
  ['decodeControlRequest', decodeControlRequest],
  ['decodeCyclingPower', decodeCyclingPower],
  ['decodeAntFrame', decodeAntFrame],
] as [string, (bytes: Uint8Array) => unknown][])(
  '[D84] %s keeps nothing of twenty thousand hostile messages',
  async (_name, decode) => {
    expect(await keptBytes(20_000, () => void decode(hostile()))).toBeLessThan(LEAK_BYTES)
  },
)

test('[D85] the server keeps nothing of strangers’ datagrams, answers none of them and counts each by its reason', async () => {
  const sessions = new Sessions({
    clock: new FakeClock(),
    randomBytes: (count) => Uint8Array.from({ length: count }, () => u32()),
    tokenKey: new Uint8Array(32).fill(7),
    roomId: 'ride-1',
    host: new FakeHost(3),
  })
  let answers = 0
  let sent = 0
  const kept = await keptBytes(20_000, () => {
    const key = `127.0.0.1:${1024 + (u32() % 60_000)}`
    sessions.receive({ key, carrier: 'udp', path: 'udp', send: () => answers++, close: () => {} }, hostile())
    sent++
  })
  expect(answers).toBe(0)
  const { datagramsIn, bytesIn: _bytes, ...refusals } = sessions.counts
  expect(datagramsIn).toBe(sent)
  expect(Object.values(refusals).reduce((sum, count) => sum + count, 0)).toBe(sent)
  expect(Object.keys(refusals).length).toBeGreaterThan(3)
  expect(kept).toBeLessThan(LEAK_BYTES)
})

test('[D85] riders ride on while strangers send what they like: nothing is answered to them, nothing grows', async () => {
  const room = new BesiegedRoom(8, 8214)
  for (let i = 0; i < 40; i++) room.step()
  const [tick, posted] = [room.tick, room.posted]
  let sent = 0
  const kept = await keptBytes(20_000, () => {
    const kind = HOSTILE_KINDS[u32() % HOSTILE_KINDS.length]!
    room.receive(kind, room.make(kind))
    if (sent++ % 500 === 0) room.step()
  })
  expect(room.answers).toEqual({})
  // The riders' own packets are remembered by the room, and their state by the world: as much as ever.
  expect(kept).toBeLessThan(LEAK_BYTES)
  expect(room.clients.map(({ session }) => session.state)).toEqual(Array.from({ length: 8 }, () => 'connected'))
  expect(room.posted - posted).toBeGreaterThan(0.95 * (((room.tick - tick) * 8) / 5))
})
