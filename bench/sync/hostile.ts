import type { Measured } from '../measured.ts'
import { decodeDatagram } from '#protocol/datagram'
import { createRandom, type Random } from '#physics/random'
import type { Peer } from '#server/net/sessions'
import { collectedHeapBytes } from './heap.ts'
import { OurRoom } from './our-room.ts'
import { Playback } from './playback.ts'
import { Rows, type Suite } from './suite.ts'

const CLIENTS = 8
const WARM_MS = 4000
/** Other people's addresses. */
const STRANGERS = 5000
const BATCH = 20_000

/** Issue 4, point 5: hostile datagrams. Nothing is thrown, nothing grows, nobody gets a sealed answer. */
export async function benchHostile(suite: Suite): Promise<Measured> {
  const { hostile, progress } = suite.options
  const room = new OurRoom(new Playback(suite.trace('hard').stages[0]!), { seed: 5, inView: 64 })
  const captured: Uint8Array[] = []
  for (let i = 0; i < CLIENTS; i++) {
    const client = room.join(i * 20, {}, 500 + i)
    client.up.tap = (bytes) => captured.push(bytes.slice())
  }
  for (let nowMs = 0; nowMs < WARM_MS; nowMs += 50) {
    room.run(nowMs)
    room.tick(nowMs / 50)
  }
  const server = createRandom(1)
  const makers = MAKERS.map((make, i) => ({ make, random: createRandom(100 + i) }))
  let sealed = 0
  let challenges = 0
  let answeredBytes = 0
  let sentBytes = 0
  const peers = Array.from({ length: STRANGERS }, (_, i): Peer => ({
    key: `stranger/${i}`,
    carrier: 'memory',
    path: 'udp',
    send: (bytes) => {
      const datagram = decodeDatagram(bytes)
      if (datagram.ok && datagram.value.kind === 'challenge') challenges++
      else sealed++
      answeredBytes += bytes.length
    },
    close() {},
  }))
  const throws: string[] = []
  const sizeBefore = room.sessions.size
  let heapBefore = 0
  let spentMs = 0
  for (let done = 0; done < hostile; done += BATCH) {
    // The first batches fill what is bounded: compilers, allowances.
    if (done === BATCH * 5) heapBefore = collectedHeapBytes()
    const count = Math.min(BATCH, hostile - done)
    const batch = Array.from({ length: count }, (_, i) => {
      const { make, random } = makers[i % makers.length]!
      return make(captured, random)
    })
    for (const bytes of batch) sentBytes += bytes.length
    const startedMs = performance.now()
    for (const bytes of batch) {
      try {
        room.sessions.receive(peers[server.u32() % STRANGERS]!, bytes)
      } catch (error) {
        if (throws.length < 5) throws.push(String(error))
      }
    }
    spentMs += performance.now() - startedMs
    progress(done + count, hostile, 'hostile: datagrams')
  }
  const grown = heapBefore === 0 ? 0 : collectedHeapBytes() - heapBefore
  const rows = new Rows()
  rows.add('hostile.datagrams', hostile, '')
  rows.add('hostile.thrown', throws.length, '', { atMost: 0 })
  rows.add('hostile.sealedAnswers', sealed, '', { atMost: 0 })
  rows.add('hostile.challenges', challenges, '')
  rows.add('hostile.answerBytes', sentBytes === 0 ? 0 : answeredBytes / sentBytes, '×', { atMost: 0.35 })
  rows.add('hostile.sessions', room.sessions.size - sizeBefore, '', { atMost: 0 })
  rows.add('hostile.grown', grown / 1024, 'KiB', { atMost: 1024 })
  rows.add('hostile.each', (spentMs * 1000) / hostile, 'µs')
  if (throws.length > 0) rows.note('hostile.firstThrow', throws[0]!)
  return {
    method:
      `Datagrams from ${STRANGERS} other addresses into a room of ${CLIENTS} sealed sessions: dice, dice behind each kind's first byte, ` +
      'captured packets with bits turned, cut short, drawn out, put together, with another number, and sent again as they were. A CONNECT with ' +
      'a token of ours is worth a challenge from anywhere; nothing else is worth an answer. Heap after a collection, from the fifth batch on; no sockets: "load" floods a real one.',
    figures: rows.figures,
  }
}

type Maker = (captured: readonly Uint8Array[], random: Random) => Uint8Array

const pick = (captured: readonly Uint8Array[], random: Random): Uint8Array => captured[random.u32() % captured.length]!

function dice(random: Random, length: number): Uint8Array {
  const bytes = new Uint8Array(length)
  for (let i = 0; i < length; i++) bytes[i] = random.u32() >>> 24
  return bytes
}

/** A packet's number stands behind its kind and connection id. */
const NUMBER_AT = 9

const MAKERS: readonly Maker[] = [
  (_captured, random) => dice(random, random.u32() % 200),
  (_captured, random) => {
    const bytes = dice(random, 1 + (random.u32() % 200))
    bytes[0] = random.u32() % 12
    return bytes
  },
  (captured, random) => {
    const bytes = pick(captured, random).slice()
    for (let n = 1 + (random.u32() % 8); n > 0; n--) bytes[random.u32() % bytes.length]! ^= 1 << (random.u32() % 8)
    return bytes
  },
  (captured, random) => {
    const bytes = pick(captured, random)
    return bytes.slice(0, random.u32() % (bytes.length + 1))
  },
  (captured, random) => {
    const bytes = pick(captured, random)
    const longer = new Uint8Array(bytes.length + 1 + (random.u32() % 64))
    longer.set(bytes)
    return longer
  },
  (captured, random) => {
    const [head, tail] = [pick(captured, random), pick(captured, random)]
    const at = random.u32() % head.length
    return Uint8Array.of(...head.subarray(0, at), ...tail.subarray(Math.min(at, tail.length)))
  },
  // A session's own id with a seal that does not fit: the one that costs arithmetic.
  (captured, random) => {
    const bytes = pick(captured, random).slice()
    if (bytes.length > NUMBER_AT + 2) {
      bytes[NUMBER_AT] = random.u32() >>> 24
      bytes[NUMBER_AT + 1] = random.u32() >>> 24
    }
    return bytes
  },
  (captured, random) => pick(captured, random),
]
