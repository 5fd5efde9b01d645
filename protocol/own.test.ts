import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import type { Tick } from './ids.ts'
import { type OwnBlock, OwnReader, readOwn, writeOwn } from './own.ts'
import { LastingWishes } from './lasting-wishes.ts'
import { BitReader } from './reader.ts'
import { decodeWish, encodeWish, type RiderWish, WISH } from './rider-wish.ts'
import { BitWriter } from './writer.ts'

/** What is refused stands in malformed.json. */
interface File<V> {
  readonly vectors: readonly V[]
}
const load = <V>(name: string): File<V> =>
  JSON.parse(readFileSync(new URL(`vectors/${name}`, import.meta.url), 'utf8')) as File<V>
const plain = (value: unknown): unknown => JSON.parse(JSON.stringify(value))
const bytesOf = (text: string): Uint8Array => new Uint8Array(Buffer.from(text, 'hex'))
const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex')

interface OwnVector {
  readonly name: string
  readonly bits: number
  readonly hex: string
  readonly own: OwnBlock
}
interface WishVector {
  readonly name: string
  readonly kind: number
  readonly body: string
  readonly wish: RiderWish
}

const own = load<OwnVector>('own.json')
const wishes = load<WishVector>('rider-wish.json')

describe('[D140] own blocks, read to the last bit and written again', () => {
  test.each(own.vectors)('$name', (vector) => {
    const r = new BitReader(bytesOf(vector.hex))
    const read = readOwn(r)
    expect(read.ok && plain(read.value)).toEqual(vector.own)
    expect(r.finished).toBe(true)
    const w = new BitWriter()
    writeOwn(w, read.ok ? read.value : vector.own)
    expect([w.bitLength, hex(w.finish())]).toEqual([vector.bits, vector.hex])
  })

  test('a debt within a hair of half a joule is written as it is rounded: never as a nothing that is refused', () => {
    const { own: block } = own.vectors[0]!
    for (const owedJ of [
      -0.5,
      -0.5 - 1e-16,
      -0.5000000000000001,
      -0.5 - 1e-12,
      0.5,
      0.5 - 1e-16,
      0.49999999999999994,
    ]) {
      const w = new BitWriter()
      writeOwn(w, { ...block, owedJ })
      expect(readOwn(new BitReader(w.finish())).ok, String(owedJ)).toBe(true)
    }
  })

  test('in a bunch a block is at most 20 bytes', () => {
    expect(own.vectors.find(({ name }) => name.startsWith('in a bunch'))!.bits).toBeLessThanOrEqual(160)
  })
})

describe('[D142] parts that do not come are as they were', () => {
  const [alone, whole] = ['motion alone', 'everything'].map(
    (begin) => own.vectors.find(({ name }) => name.startsWith(begin))!.own,
  )

  test('before every part was told there is no state', () => {
    expect(new OwnReader().take(alone!, 1 as Tick)).toBeUndefined()
  })

  test('the road behind the rider goes on with the place; work and watts stay', () => {
    const reader = new OwnReader()
    const first = reader.take(whole!, 10 as Tick)!
    const later = reader.take({ ...alone!, placeM: whole!.placeM + 12.5 }, 11 as Tick)!
    expect(later.distanceM - first.distanceM).toBe(12.5)
    expect([later.workJ, later.powerW, later.route, later.flags]).toEqual([123456, 247, 3, 0])
    expect([first.owedJ, first.lineM, first.ackedSequence]).toEqual([32767, 15.5, 65535])
    expect([later.owedJ, later.lineM, later.ackedSequence]).toEqual([0, undefined, undefined])
  })
})

describe('[D141] bodies of wishes', () => {
  test.each(wishes.vectors)('$name', (vector) => {
    const bytes = { kind: vector.kind, body: bytesOf(vector.body) }
    expect(decodeWish(bytes)).toEqual({ ok: true, value: vector.wish })
    expect(encodeWish(vector.wish)).toEqual(bytes)
  })

  test('every kind has a vector', () => {
    expect(new Set(wishes.vectors.map(({ kind }) => kind))).toEqual(new Set(Object.values(WISH)))
  })

  test('the last that is allowed is read, the first that is not is refused', () => {
    const u16 = (value: number) => [value & 255, value >> 8]
    for (const [kind, last, first] of [
      [WISH.turn, [4], [5]],
      [WISH.route, Array<number>(64).fill(0x7e), Array<number>(65).fill(0x7e)],
      [WISH.trainer, [3, ...u16(2500)], [3, ...u16(2501)]],
      [WISH.sources, [5, 0, 5], [5, 6, 5]],
      [WISH.view, u16(16), u16(15)],
      [WISH.view, u16(320), u16(321)],
      [WISH.doubt, Array<number>(60).fill(1), Array<number>(63).fill(1)],
    ] as const) {
      const bodies = [last, first].map((body) => Uint8Array.from(body))
      expect(
        bodies.map((body) => decodeWish({ kind, body }).ok),
        `kind ${kind}`,
      ).toEqual([true, false])
    }
  })

  test('any body of any kind is a wish or a reason, and what is read is written the same', () => {
    for (let kind = 0; kind < 8; kind++) {
      for (let first = 0; first < 256; first++) {
        for (let length = 0; length < 5; length++) {
          const body = Uint8Array.from({ length }, (_, i) => (first * (i + 1) * 37) & 0xff)
          const read = decodeWish({ kind, body })
          if (read.ok) expect(encodeWish(read.value)).toEqual({ kind, body })
          else expect(read.error).toMatch(/^[a-z-]+$/)
        }
      }
    }
  })
})

describe('[D152] wishes from session to session', () => {
  const said: string[] = []
  const session = (name: string) => ({
    wish: (kind: number, body: Uint8Array) => void said.push(`${name} ${kind} ${[...body].join(' ')}`),
  })

  test('devices are said to each session, a turn to one; what is as it was is not said again', () => {
    const wishes = new LastingWishes()
    wishes.wish({ kind: 'trainer', mode: 'road', targetW: 0 })
    wishes.wish({ kind: 'turn', turn: 1 })
    wishes.wish({ kind: 'turn', turn: 3 })
    wishes.session = session('a')
    wishes.wish({ kind: 'trainer', mode: 'road', targetW: 0 })
    wishes.wish({ kind: 'turn', turn: 3 })
    wishes.wish({ kind: 'view', riders: 100 })
    wishes.session = undefined
    wishes.wish({ kind: 'view', riders: 32 })
    wishes.session = session('b')
    expect(said).toEqual(['a 3 2 0 0', 'a 1 3', 'a 1 3', 'a 5 100 0', 'b 3 2 0 0', 'b 5 32 0'])
  })
})
