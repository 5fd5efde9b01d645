import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { decodeUpPacket, writeUpPacket } from './control.ts'
import { isNewer, type Sequence } from './ids.ts'
import { WISHES_PER_PACKET } from './limits.ts'
import { WishBox, type Wish } from './wishes.ts'
import { BitWriter } from './writer.ts'

/** What the server makes of packets: only what is newer than the newest taken. */
class Taker {
  readonly taken: Wish[] = []
  newest: Sequence | undefined

  take(wishes: readonly Wish[]): void {
    for (const wish of wishes) {
      if (this.newest !== undefined && !isNewer(wish.number, this.newest)) continue
      this.newest = wish.number
      this.taken.push(wish)
    }
  }
}

function overTheWire(wishes: readonly Wish[]): readonly Wish[] {
  const w = new BitWriter()
  writeUpPacket(w, { ack: undefined, clockMs: undefined, input: undefined, wishes, isBye: false })
  const read = decodeUpPacket(w.finish())
  if (!read.ok) throw new Error(read.error)
  return read.value.wishes!
}

test('[D110] over any link each wish that still counts is taken once, in order, and the newest of each kind at the end', () => {
  const step = fc.record({
    kind: fc.option(fc.nat(11), { nil: undefined }),
    isUpLost: fc.boolean(),
    isDownLost: fc.boolean(),
    again: fc.nat(3),
  })
  fc.assert(
    fc.property(fc.array(step, { maxLength: 120 }), (steps) => {
      const box = new WishBox()
      const taker = new Taker()
      const sent: (readonly Wish[])[] = []
      const last = new Map<number, number>()
      let value = 0
      const exchange = (isUpLost: boolean, isDownLost: boolean): void => {
        const { offered } = box
        if (offered === undefined) return
        expect(offered.length).toBeLessThanOrEqual(WISHES_PER_PACKET)
        sent.push(overTheWire(offered))
        if (!isUpLost) taker.take(sent.at(-1)!)
        if (!isDownLost && taker.newest !== undefined) box.acked(taker.newest)
      }
      for (const { kind, isUpLost, isDownLost, again } of steps) {
        if (kind !== undefined) {
          last.set(kind, ++value)
          box.add(kind, Uint8Array.of(value & 0xff, value >> 8))
        }
        exchange(isUpLost, isDownLost)
        // An older packet comes late, or again.
        if (sent.length > again) taker.take(sent[sent.length - 1 - again]!)
      }
      for (let i = 0; i < 3; i++) exchange(false, false)
      expect(box.offered).toBeUndefined()
      const numbers = taker.taken.map(({ number }) => number)
      expect(numbers).toEqual([...new Set(numbers)].toSorted((a, b) => a - b))
      for (const [kind, newest] of last) {
        const { body } = taker.taken.findLast((wish) => wish.kind === kind)!
        expect(body[0]! | (body[1]! << 8)).toBe(newest)
      }
    }),
    { seed: 8214, numRuns: 200 },
  )
})

test('[D110] numbers wrap', () => {
  const box = new WishBox()
  const taker = new Taker()
  for (let i = 0; i < 70_000; i++) {
    box.add(i % 3, new Uint8Array())
    taker.take(box.offered!)
    if (i % 2 === 0) box.acked(taker.newest!)
  }
  expect(taker.taken.length).toBe(70_000)
})

test('[D110] numbers that do not rise, and bodies that are too long, are refused', () => {
  const bytes = (wishes: readonly Wish[]): Uint8Array => {
    const w = new BitWriter()
    writeUpPacket(w, { ack: undefined, clockMs: undefined, input: undefined, wishes, isBye: false })
    return w.finish()
  }
  const wish = (number: number, length = 0): Wish => ({
    kind: 1,
    number: number as Sequence,
    body: new Uint8Array(length),
  })
  expect(decodeUpPacket(bytes([wish(4), wish(4)]))).toEqual({ ok: false, error: 'not-canonical' })
  expect(decodeUpPacket(bytes([wish(4, 65)]))).toEqual({ ok: false, error: 'out-of-range' })
  expect(decodeUpPacket(bytes([wish(65535), wish(0)])).ok).toBe(true)
})

test('[D110] a packet has room for eight: the oldest go first, or an ack of a newer one would pass over them', () => {
  const box = new WishBox()
  for (let kind = 0; kind < 11; kind++) box.add(kind, Uint8Array.of(kind))
  const kinds = () => overTheWire(box.offered!).map(({ kind }) => kind)
  expect(kinds()).toEqual([0, 1, 2, 3, 4, 5, 6, 7])
  box.acked(7 as Sequence)
  expect(kinds()).toEqual([8, 9, 10])
})
