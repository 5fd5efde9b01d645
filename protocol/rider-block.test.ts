import * as fc from 'fast-check'
import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { golombBits, readGolomb, readSigned, writeGolomb, writeSigned } from './codes.ts'
import { decodeDownPacket } from './control.ts'
import { NET_BITS, NET_KINDS, NET_RECORDS, NetStats } from './net-stats.ts'
import { BitReader } from './reader.ts'
import { AGE_MAX, readRiderBlock, type SlotRecord, writeRiderBlock } from './rider-block.ts'
import { CHECK_BITS, checkOf, createRiderState, settleWhole, STATE_FIELDS } from './rider-state.ts'
import { PART, type RecordBody } from './rider-stream.ts'
import { BitWriter } from './writer.ts'

function load<T>(name: string): T {
  return JSON.parse(readFileSync(new URL(`vectors/${name}`, import.meta.url), 'utf8')) as T
}
const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex')
const bytesOf = (text: string): Uint8Array => new Uint8Array(Buffer.from(text, 'hex'))
/** As a packet reads it: the block, and nothing after it but the bits to the end of its byte. */
function read(bytes: Uint8Array) {
  const r = new BitReader(bytes)
  const block = readRiderBlock(r)
  return block.ok && !r.finished ? { ok: false as const, error: 'truncated-or-trailing' as const } : block
}

interface Code {
  readonly n?: number
  readonly value?: number
  readonly k: number
  readonly bits: number
  readonly hex: string
}
const codes = load<{ vectors: Code[] }>('golomb.json').vectors
const whole = codes.filter((code): code is Code & { n: number } => code.n !== undefined)
const signed = codes.filter((code): code is Code & { value: number } => code.value !== undefined)

describe('[D92] Exp-Golomb codes', () => {
  test.each(whole)('$n in order $k is $hex', ({ n, k, bits, hex: expected }) => {
    const w = new BitWriter()
    writeGolomb(w, n, k)
    expect([w.bitLength, golombBits(n, k), hex(w.finish())]).toEqual([bits, bits, expected])
    expect(readGolomb(new BitReader(bytesOf(expected)), k)).toBe(n)
  })

  test.each(signed)('$value folds', ({ value, k, bits, hex: expected }) => {
    const w = new BitWriter()
    writeSigned(w, value, k)
    expect([w.bitLength, hex(w.finish())]).toEqual([bits, expected])
    expect(readSigned(new BitReader(bytesOf(expected)), k)).toBe(value)
  })

  test('a code longer than any of ours ends the reading', () => {
    const r = new BitReader(new Uint8Array(64).fill(255))
    expect([readGolomb(r, 0), r.overrun]).toEqual([0, true])
  })
})

const blocks = load<{
  vectors: { name: string; bits: number; hex: string; records: SlotRecord[] }[]
}>('rider-block.json')

describe('[D93] [D94] rider blocks', () => {
  test.each(blocks.vectors)('$name', ({ bits, hex: expected, records }) => {
    const w = new BitWriter()
    writeRiderBlock(w, records)
    expect([w.bitLength, hex(w.finish())]).toEqual([bits, expected])
    expect(read(bytesOf(expected))).toEqual({ ok: true, value: records })
  })

  test('[D80] any bits are read, or refused with a reason; what is read is written back as it was', () => {
    const reasons = new Set(['truncated-or-trailing', 'out-of-range', 'not-canonical'])
    let understood = 0
    const check = (bytes: Uint8Array): boolean => {
      const value = read(bytes)
      if (!value.ok) return reasons.has(value.error)
      understood++
      const w = new BitWriter(2400)
      writeRiderBlock(w, value.value)
      return hex(w.finish()) === hex(bytes)
    }
    fc.assert(fc.property(fc.uint8Array({ minLength: 1, maxLength: 40 }), check), { seed: 8214, numRuns: 20_000 })
    for (const { hex: text } of blocks.vectors) {
      const bytes = bytesOf(text)
      for (let bit = 0; bit < bytes.length * 8; bit++) {
        const turned = bytes.slice()
        turned[bit >>> 3]! ^= 1 << (bit & 7)
        expect(check(turned), `${text}, bit ${bit}`).toBe(true)
      }
    }
    expect(understood).toBeGreaterThan(100)
  })

  test('[D93] sections that do not fall from old to new have another, right order, and are refused', () => {
    const telling = bodyOf({ parts: PART.telemetry, a: 1, b: 1, c: 1, p: 3 })
    for (const [first, second] of [
      [2, 5],
      [3, 0],
    ] as const) {
      const w = new BitWriter()
      writeRiderBlock(w, [
        { slot: 1, age: first, body: telling },
        { slot: 1, age: second, body: telling },
      ])
      const isFalling = second < first
      expect(read(w.finish()).ok, `${first}, ${second}`).toBe(isFalling)
    }
  })

  test('[D93] whatever records there are, they are read as they were written', () => {
    const steps = (most: number) => fc.integer({ min: -most, max: most })
    const change = fc.record({
      parts: fc.integer({ min: 1, max: 31 }),
      a: steps(64),
      b: steps(64),
      c: steps(40),
      p: steps(3000),
    })
    const slots = fc.uniqueArray(fc.integer({ min: 0, max: 511 }), { minLength: 1, maxLength: 60 })
    const ages = fc.uniqueArray(fc.integer({ min: 0, max: AGE_MAX }), { minLength: 1, maxLength: 4 })
    fc.assert(
      fc.property(slots, ages, fc.infiniteStream(change), (some, old, changes) => {
        const records: SlotRecord[] = []
        for (const age of old.toSorted((x, y) => y - x)) {
          for (const slot of some.toSorted((x, y) => x - y)) {
            const { value } = changes.next() as IteratorYieldResult<{
              parts: number
              a: number
              b: number
              c: number
              p: number
            }>
            records.push({ slot, age, body: bodyOf(value) })
          }
        }
        const w = new BitWriter(100_000)
        writeRiderBlock(w, records)
        const back = read(w.finish())
        expect(back).toEqual({ ok: true, value: records })
      }),
      { seed: 8214, numRuns: 200 },
    )
  })
})

function bodyOf({ parts, a, b, c, p }: { parts: number; a: number; b: number; c: number; p: number }): RecordBody {
  const on = (part: number, value: number): number => ((parts & part) === 0 ? 0 : value)
  return {
    kind: 'change',
    parts,
    placeSteps: on(PART.along, a || 1),
    speedSteps: on(PART.along, b),
    draftSteps: on(PART.along, c),
    lateralSteps: on(PART.sideways, b || -1),
    lateralSpeedSteps: on(PART.sideways, a),
    lineSteps: on(PART.sideways, c),
    powerSteps: on(PART.telemetry, p || 1),
    cadenceSteps: on(PART.telemetry, a),
    heartRateSteps: on(PART.telemetry, b),
    flags: on(PART.flags, a & 15),
    turn: on(PART.turn, (c & 3) + 1),
  }
}

test('[D106] every bit of a down packet is counted once, as something', () => {
  const { vectors } = load<{ vectors: { name: string; hex: string; packet: { bye?: string } }[] }>('down.json')
  for (const { name, hex: text, packet } of vectors) {
    const stats = new NetStats()
    expect(decodeDownPacket(bytesOf(text), stats).ok).toBe(true)
    const bits = NET_KINDS.reduce((sum, kind) => sum + stats.numbers[NET_BITS[kind]]!, 0)
    // A goodbye has four bits of its own that nobody looks at.
    expect(bits + (packet.bye === undefined ? 0 : 4), name).toBe(text.length * 4)
  }
  const stats = new NetStats()
  decodeDownPacket(bytesOf(vectors.find(({ name }) => name.includes('three ticks'))!.hex), stats)
  const counted = (['telemetry', 'correction', 'absolute', 'leave'] as const).map(
    (kind) => stats.numbers[NET_RECORDS[kind]],
  )
  expect(counted).toEqual([2, 6, 0, 0])
})

test('[D95] a check tells one state from another in every quantity that both ends believe', () => {
  const state = createRiderState()
  settleWhole(state)
  const plain = checkOf(state)
  expect(plain).toBeLessThan(1 << CHECK_BITS)
  for (const [name, , unit] of STATE_FIELDS) {
    const other = { ...state, [name]: state[name] + 3 * unit }
    expect(checkOf(other), name).not.toBe(plain)
  }
  expect(checkOf({ ...state, tier: 1 })).not.toBe(plain)
  expect(checkOf({ ...state, shownW: 500, shownRpm: 12 })).toBe(plain)
})
