import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { expect, it } from 'vitest'
import { createRandom } from '#physics/random'
import { Link, LINKS, parseLink, type LinkProfile } from './link.ts'
import { MemoryLink } from './memory-link.ts'
import { openUdpLink } from './udp-link.ts'

const DATAGRAM = new Uint8Array(100).fill(0x55)

/** Sends a datagram every 50 ms; when each copy came, and what. */
function drive(profile: LinkProfile, count = 20_000, seed = 8214) {
  const arrived: { at: number; sentAt: number; bytes: Uint8Array }[] = []
  let sentAt = 0
  const link = new MemoryLink(profile, createRandom(seed), (bytes, at) => {
    arrived.push({ at, sentAt: new DataView(bytes.buffer).getFloat64(0), bytes })
  })
  for (let i = 0; i < count; i++) {
    sentAt = i * 50
    const datagram = DATAGRAM.slice()
    new DataView(datagram.buffer).setFloat64(0, sentAt)
    link.run(sentAt)
    link.send(datagram, sentAt)
  }
  link.run(Infinity)
  return { arrived, counts: link.counts, count }
}

it('[L1] the same seed does the same to the same datagrams, another does not', () => {
  const once = drive(LINKS.terrible, 500)
  expect(drive(LINKS.terrible, 500)).toEqual(once)
  expect(drive(LINKS.terrible, 500, 1).counts).not.toEqual(once.counts)
})

it('[L1] a link that does one thing more loses the same datagrams', () => {
  const lost = (profile: LinkProfile) => new Set(drive(profile, 2000).arrived.map((one) => one.sentAt))
  expect(lost({ lossShare: 0.1, delayMs: 10 })).toEqual(lost({ lossShare: 0.1, jitterMs: 15, duplicateShare: 0.2 }))
})

it('[L2] loss, duplicates, corruption and reordering happen as often as they were asked for', () => {
  const { counts, count, arrived } = drive(LINKS.terrible)
  const passed = count - counts.lost
  expect(counts.lost / count).toBeCloseTo(0.3, 1)
  expect(counts.duplicated / passed).toBeCloseTo(0.5, 1)
  expect(counts.reordered / passed).toBeCloseTo(0.2, 1)
  expect(counts.corrupted / passed).toBeGreaterThan(0.008)
  expect(counts.corrupted / passed).toBeLessThan(0.012)
  expect(arrived).toHaveLength(counts.delivered)
  expect(arrived.length).toBe(passed + counts.duplicated)
})

it('[L3] delay and jitter: never before the delay, |N(0, σ)| after it', () => {
  const { arrived } = drive({ delayMs: 75, jitterMs: 15 })
  const late = arrived.map(({ at, sentAt }) => at - sentAt - 75).toSorted((a, b) => a - b)
  expect(late[0]).toBeGreaterThanOrEqual(0)
  expect(late[late.length >> 1]! / 15).toBeCloseTo(0.674, 1)
  expect(late[Math.floor(late.length * 0.95)]! / 15).toBeCloseTo(1.96, 1)
})

it('[L4] a burst loses many in a row: at the same loss, longer gaps than dice give', () => {
  const { arrived, counts, count } = drive(LINKS.burst)
  let longest = 0
  for (let i = 1; i < arrived.length; i++)
    longest = Math.max(longest, (arrived[i]!.sentAt - arrived[i - 1]!.sentAt) / 50)
  expect(counts.lost / count).toBeCloseTo(0.9 * (0.01 / 0.21), 1)
  expect(longest).toBeGreaterThan(12)
})

it('[L5] a narrow place passes what its rate allows, headers counted, delays what waits and drops the rest', () => {
  // 128 bytes with headers every 50 ms are 20.5 kbit/s: twice what passes.
  const { arrived, counts, count } = drive({ rateBps: 10_240, queueBytes: 1280 }, 2000)
  expect(arrived.length / count).toBeCloseTo(0.5, 1)
  expect(counts.dropped).toBe(count - arrived.length)
  const longestMs = Math.max(...arrived.map(({ at, sentAt }) => at - sentAt))
  expect(longestMs).toBeGreaterThan(900)
  expect(longestMs).toBeLessThan(1250)
})

it('[L6] one bit of a corrupted datagram is turned, and the sender’s bytes are left alone', () => {
  const link = new Link({ corruptShare: 1 }, createRandom(1))
  link.send(DATAGRAM, 0, (_at, bytes) => {
    let bits = 0
    for (const [i, byte] of bytes.entries()) for (let x = byte ^ DATAGRAM[i]!; x > 0; x >>= 1) bits += x & 1
    expect(bits).toBe(1)
  })
  expect(DATAGRAM.every((byte) => byte === 0x55)).toBe(true)
})

it('[L7] a link is said by name, by its parts, or by both; else a sentence says what is wrong', () => {
  expect(parseLink('far')).toEqual(LINKS.far)
  expect(parseLink('far,loss=0.2')).toEqual({ ...LINKS.far, lossShare: 0.2 })
  expect(parseLink('delay=10,rate=64000')).toEqual({ delayMs: 10, rateBps: 64000 })
  expect(parseLink('moon')).toMatch(/^"moon" is no link: clean, home, far/)
  expect(parseLink('loss=5')).toMatch(/not a number from 0 to 1/)
  expect(parseLink('luck=1')).toMatch(/has no "luck"/)
})

it('[L8] between real sockets: both ways, lossy as asked, and a rebinding is a new address to the server', async () => {
  const server = createSocket('udp4')
  server.bind(0, '127.0.0.1')
  await once(server, 'listening')
  const seen = new Set<number>()
  server.on('message', (datagram, from) => {
    seen.add(from.port)
    server.send(datagram, from.port, from.address)
  })
  const link = await openUdpLink({ port: server.address().port, seed: 7, up: { lossShare: 0.5 }, down: { delayMs: 2 } })
  const client = createSocket('udp4')
  client.connect(link.port, '127.0.0.1')
  await once(client, 'connect')
  const echoes: Uint8Array[] = []
  client.on('message', (bytes) => echoes.push(bytes))
  const until = async (count: number): Promise<void> => {
    for (let tries = 0; echoes.length < count && tries < 400; tries++) {
      client.send(DATAGRAM)
      await new Promise((resolve) => setTimeout(resolve, 5))
    }
  }
  await until(20)
  expect(echoes.length).toBeGreaterThanOrEqual(20)
  expect(link.up.lost).toBeGreaterThan(3)
  await link.rebind()
  await until(echoes.length + 5)
  expect(seen.size).toBe(2)
  client.close()
  await link.close()
  await new Promise<void>((resolve) => server.close(() => resolve()))
})
