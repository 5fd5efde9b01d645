import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createSealer } from '#bridges/aead'
import { expandNumber, ReplayWindow } from './ack-window.ts'
import type { RiderId, Tick } from './ids.ts'
import { KeyRing } from './key-ring.ts'
import { PACKET_NUMBER_MAX } from './limits.ts'
import { openSealer, type Sealer } from './sealer.ts'
import { ServerSession } from './server-session.ts'
import { ClientSession } from './session.ts'
import { TOKEN_SEALED_BYTES } from './token.ts'

const LIMITS = { packets: 4, ageMs: 1000, keptMs: 100 }
const KEYS = [new Uint8Array(32).fill(1), new Uint8Array(32).fill(2)] as const

/** Counts what it is asked to open, its successors too. */
function counting(sealer: Sealer, opened: { count: number }): Sealer {
  return {
    overhead: sealer.overhead,
    seal: (...given) => sealer.seal(...given),
    open: (...given) => {
      opened.count++
      return sealer.open(...given)
    },
    next: () => counting(sealer.next!(), opened),
  }
}

interface Said {
  readonly number: number
  readonly datagram: Uint8Array
  /** Newest number heard from the other end; −1: none. */
  readonly ack: number
  readonly epoch: number
}

/** One end of a connection: numbers its packets, seals, opens and acknowledges. */
class End {
  readonly opened = { count: 0 }
  readonly ring: KeyRing
  #number = 0
  #heard = -1

  constructor(sealKey: Uint8Array, openKey: Uint8Array, limits = LIMITS) {
    this.ring = new KeyRing(counting(createSealer({ sealKey, openKey }), this.opened), 0, limits)
  }

  say(nowMs: number): Said {
    const datagram = new Uint8Array(1 + 2 + 16)
    datagram.set([this.ring.turn(nowMs) << 7, 7, 9])
    const number = this.#number++
    this.ring.seal(number, datagram, 1)
    return { number, datagram, ack: this.#heard, epoch: this.ring.epoch }
  }

  hear({ number, datagram, ack }: Said, nowMs: number): boolean {
    const body = this.ring.open(number, datagram[0]! >>> 7, datagram, 1, nowMs)
    if (body === undefined || body[0] !== 7) return false
    this.#heard = Math.max(this.#heard, number)
    if (ack >= this.ring.firstSealed) this.ring.confirm()
    return true
  }
}

const pair = (limits = LIMITS): [End, End] => [new End(...KEYS, limits), new End(KEYS[1], KEYS[0], limits)]

describe('[D117] keys change', () => {
  test('after so many packets, or so long; the other end follows with the first packet it opens', () => {
    const [a, b] = pair()
    for (let i = 0; i < 4; i++) expect(b.hear(a.say(0), 0)).toBe(true)
    // Nothing was heard from there: the keys stay, though they are due.
    expect([b.hear(a.say(0), 0), a.ring.epoch]).toEqual([true, 0])
    expect(a.hear(b.say(0), 0)).toBe(true)
    expect([b.hear(a.say(0), 0), a.ring.epoch, b.ring.epoch]).toEqual([true, 1, 1])
    // b has heard of this epoch, but a does not know that yet.
    expect([b.hear(a.say(1000), 1000), a.ring.epoch]).toEqual([true, 1])
    expect([a.hear(b.say(999), 999), b.hear(a.say(999), 999), a.ring.epoch]).toEqual([true, true, 1])
    expect([b.hear(a.say(1000), 1000), a.ring.epoch, b.ring.epoch]).toEqual([true, 2, 2])
  })

  test('also when both ends begin at once', () => {
    const [a, b] = pair()
    for (let i = 0; i < 2; i++) {
      const [first, other] = [a.say(0), b.say(0)]
      expect([b.hear(first, 0), a.hear(other, 0)]).toEqual([true, true])
    }
    const [fromA, fromB] = [a.say(2000), b.say(2000)]
    expect([a.ring.epoch, b.ring.epoch]).toEqual([1, 1])
    expect([b.hear(fromA, 2000), a.hear(fromB, 2000)]).toEqual([true, true])
    expect([a.ring.epoch, b.ring.epoch]).toEqual([1, 1])
  })

  test('with packets lost and overtaken at will nothing authentic is refused, but what is two epochs late', () => {
    const step = fc.record({ who: fc.nat(1), delay: fc.nat(5), isLost: fc.boolean() })
    let most = 0
    fc.assert(
      fc.property(fc.array(step, { minLength: 50, maxLength: 300 }), (steps) => {
        const ends = pair({ packets: 6, ageMs: 1e9, keptMs: 1e9 })
        let waiting: { at: number; to: End; packet: Said }[] = []
        for (const [at, { who, delay, isLost }] of steps.entries()) {
          const packet = ends[who]!.say(at)
          if (!isLost) waiting.push({ at: at + delay, to: ends[1 - who]!, packet })
          for (const { to, packet: due } of waiting.filter((each) => each.at <= at))
            if (!to.hear(due, at)) expect(due.epoch).toBeLessThan(to.ring.epoch - 1)
          waiting = waiting.filter((each) => each.at > at)
        }
        most = Math.max(most, ends[0].ring.epoch)
        expect(Math.abs(ends[0].ring.epoch - ends[1].ring.epoch)).toBeLessThanOrEqual(1)
      }),
      { seed: 8214, numRuns: 200 },
    )
    expect(most).toBeGreaterThan(5)
  })
})

describe('[D118] one key is tried, and no second', () => {
  test('a packet of the epoch before is opened for a while, then no more, and not by trial', () => {
    const [a, b] = pair()
    const late = [a.say(0), a.say(0)]
    b.hear(a.say(0), 0)
    a.hear(b.say(0), 0)
    expect(b.hear(a.say(2000), 2000)).toBe(true)
    expect([b.ring.epoch, b.hear(late[0]!, 2099)]).toEqual([1, true])
    const before = b.opened.count
    expect([b.hear(late[1]!, 2100), b.opened.count - before]).toEqual([false, 0])
  })

  test('a forged phase bit costs one attempt, changes nothing, and the true packet is still opened', () => {
    const [a, b] = pair()
    for (let i = 0; i < 3; i++) {
      const packet = a.say(0)
      const forged = { ...packet, datagram: packet.datagram.with(0, packet.datagram[0]! ^ 0x80) }
      const before = b.opened.count
      expect(b.hear(forged, 0)).toBe(false)
      expect(b.opened.count - before).toBeLessThanOrEqual(1)
      expect([b.ring.epoch, b.hear(packet, 0)]).toEqual([0, true])
    }
  })
})

describe('[D119] packet numbers end where doubles still count', () => {
  test.each([2 ** 16, 2 ** 32, PACKET_NUMBER_MAX])('around %d every number comes out of its low bits', (boundary) => {
    for (const expected of [boundary - 2, boundary - 1, boundary, boundary + 1])
      for (const apart of [-32767, -3, -1, 0, 1, 2, 32767])
        expect(expandNumber((expected + apart) % 0x10000, expected)).toBe(expected + apart)
  })

  test('who has sent the last one sends no more, and the session is over at both ends', () => {
    const client = new ClientSession({
      ...{ token: new Uint8Array(TOKEN_SEALED_BYTES), sealer: openSealer, path: 'channel', nowMs: 0 },
      ...{ randomBytes: (count) => new Uint8Array(count), firstNumber: PACKET_NUMBER_MAX },
    })
    const server = new ServerSession({
      ...{ riderId: 1 as RiderId, use: 'ride', sealer: openSealer, nowMs: 0, firstNumber: PACKET_NUMBER_MAX },
    })
    expect(server.isOver(0)).toBe(false)
    client.receive(server.compose(0, 1 as Tick, {}), 0)
    expect([server.isOver(0), client.state, client.expire(0)]).toEqual([true, 'connected', []])
    const last = client.poll(1000)!
    expect(new DataView(last.buffer, last.byteOffset).getUint16(1, true)).toBe(PACKET_NUMBER_MAX % 0x10000)
    expect(client.poll(2000)).toBeUndefined()
    expect(client.expire(2000)).toEqual([{ kind: 'closed', reason: 'timed-out' }])
  })

  test('the last number is opened once, none beyond it', () => {
    const window = new ReplayWindow(PACKET_NUMBER_MAX - 1)
    expect(window.isFresh(PACKET_NUMBER_MAX)).toBe(true)
    window.mark(PACKET_NUMBER_MAX)
    const beyond = expandNumber(0, window.expected)
    expect([beyond, window.isFresh(beyond), window.isFresh(2 ** 53)]).toEqual([PACKET_NUMBER_MAX + 1, false, false])
    expect([window.isFresh(PACKET_NUMBER_MAX), window.isFresh(PACKET_NUMBER_MAX - 1)]).toEqual([false, true])
  })
})
