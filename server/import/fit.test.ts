import { existsSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { FIT_START_S, fitCourseOf, fitOf, type FitRow } from '#test/support/fit'
import { readFit } from './fit.ts'
import { readTrack } from './track.ts'

const EPOCH_MS = 631_065_600_000

const RIDE = fitOf(
  [
    { atS: 0, powerW: 120, cadenceRpm: 80, heartRateBpm: 101 },
    { atS: 1, powerW: 0, cadenceRpm: 0 },
    { atS: 4, powerW: 333, cadenceRpm: 95, heartRateBpm: 140 },
  ].map((row) => ({ ...row, speedMps: 8.123, heightM: 431, distanceM: 8.12 * row.atS })),
)

describe('a FIT ride', () => {
  test('is its records, with units, and nothing where the device wrote nothing', () => {
    const got = readFit(RIDE, 'ride.fit')
    expect(got).toMatchObject({ ok: true, value: { durationS: 4, startMs: FIT_START_S * 1000 + EPOCH_MS } })
    if (!got.ok) throw new Error(got.error)
    expect(got.value.records).toEqual([
      { atS: 0, powerW: 120, cadenceRpm: 80, heartRateBpm: 101, speedMps: 8.123, heightM: 431, distanceM: 0 },
      { atS: 1, powerW: 0, cadenceRpm: 0, speedMps: 8.123, heightM: 431, distanceM: 8.12 },
      { atS: 4, powerW: 333, cadenceRpm: 95, heartRateBpm: 140, speedMps: 8.123, heightM: 431, distanceM: 32.48 },
    ])
  })

  test('half a million messages of no field are read to their end, and are no ride', () => {
    const file = new Uint8Array(14 + 6 + 500_001 + 2)
    const view = new DataView(file.buffer)
    file.set([14, 0x20, 0, 0])
    view.setUint32(4, file.length - 16, true)
    file.set(new TextEncoder().encode('.FIT'), 8)
    file.set([0x40, 0, 0, 20, 0, 0], 14)
    seal(file)
    expect(readFit(file, 'many.fit')).toEqual({
      ok: false,
      error: 'many.fit: a FIT file, but without a single record of a ride.',
    })
  })

  test('goes forward only: a second written twice is one record, a clock set back is passed over', () => {
    const got = readFit(
      fitOf([
        { atS: 5, powerW: 100 },
        { atS: 5, cadenceRpm: 90 },
        { atS: 3, powerW: 9 },
        { atS: 6, powerW: 110 },
      ]),
      'r.fit',
    )
    if (!got.ok) throw new Error(got.error)
    expect(got.value.records.map(({ atS, powerW, cadenceRpm }) => [atS, powerW, cadenceRpm])).toEqual([
      [0, 100, 90],
      [1, 110, undefined],
    ])
  })

  test('[I7] big-endian, compressed timestamps and developer fields are read', () => {
    const body = [
      // Local 0: record; big-endian; time, power; one developer field of 3 bytes.
      ...[0x60, 0, 1, 0, 20, 2, 253, 4, 0x86, 7, 2, 0x84, 1, 9, 3, 0],
      ...[0x00, 0, 0, 0, 30, 0x01, 0x2c, 7, 7, 7], // 30 s, 300 W, and three bytes of a stranger
      // Local 1: record; little-endian; power alone.
      ...[0x41, 0, 0, 20, 0, 1, 7, 2, 0x84],
      ...[0x80 | (1 << 5) | 31, 0x2d, 0x01], // one second later: 31
      ...[0x80 | (1 << 5) | 1, 0x2e, 0x01], // five bits roll over: 33
    ]
    const file = new Uint8Array(14 + body.length + 2)
    file.set([14, 0x20, 0, 0])
    new DataView(file.buffer).setUint32(4, body.length, true)
    file.set(new TextEncoder().encode('.FIT'), 8)
    file.set(body, 14)
    seal(file)
    const got = readFit(file, 'by-hand.fit')
    expect(got).toMatchObject({ ok: true })
    if (!got.ok) return
    expect(got.value.records).toEqual([
      { atS: 0, powerW: 300 },
      { atS: 1, powerW: 301 },
      { atS: 3, powerW: 302 },
    ])
  })

  test('[I7] a FIT course gives its places, heights and name; records without a place are passed over', () => {
    const file = fitCourseOf('Hill & dale', [
      { atS: 0, latDeg: 47.1, lonDeg: -8.5, heightM: 400.2 },
      { atS: 1 },
      { atS: 2, latDeg: 47.101, lonDeg: -8.5 },
    ])
    const got = readTrack(file, 'named-as.gpx')
    expect(got).toMatchObject({ ok: true, value: { title: 'Hill & dale', segmentStarts: [0] } })
    if (!got.ok) return
    expect(
      got.value.points.map(({ latDeg, lonDeg, heightM }) => [latDeg.toFixed(6), lonDeg.toFixed(6), heightM]),
    ).toEqual([
      ['47.100000', '-8.500000', 400.2],
      ['47.101000', '-8.500000', undefined],
    ])
    expect(got.value.placeOf(1)).toMatch(/^point 2, byte \d+$/)
  })

  test('[I7] a place off the earth and a height beyond it are one sentence with their byte', () => {
    const off = (row: Partial<FitRow>) => {
      const row0 = { atS: 0, latDeg: 47, lonDeg: 8, heightM: 400 }
      const got = readTrack(fitCourseOf('x', [row0, { ...row0, ...row }, row0]), 'x.fit')
      return got.ok ? 'read' : got.error
    }
    expect(off({ latDeg: 100 })).toMatch(/^x\.fit: byte \d+: latitude 100\.0 is not in −90 … 90\.$/)
    expect(off({ heightM: 11_000 })).toMatch(/^x\.fit: byte \d+: height 11000 is not in −10000 … 10000 m\.$/)
  })

  const real = new URL('../../../shared/data/routes/edge810-vector-power.fit', import.meta.url)
  test.skipIf(!existsSync(real))('of 4700 s by a real device has 4700 records and its work (needs ../shared)', () => {
    const got = readFit(readFileSync(real), 'edge810-vector-power.fit')
    if (!got.ok) throw new Error(got.error)
    expect(got.value.records).toHaveLength(4700)
    expect(got.value.durationS).toBe(4699)
    expect(got.value.records.reduce((sum, record) => sum + (record.powerW ?? 0), 0)).toBe(1_294_783)
  })
})

const sentence = (bytes: Uint8Array): string => {
  const got = readFit(bytes, 'x.fit')
  return got.ok ? 'a ride' : got.error
}

describe('bytes that are no ride', () => {
  test('are one sentence with file, place and reason', () => {
    expect(sentence(new Uint8Array(0))).toBe('x.fit: ends at byte 0; the header alone of a FIT file has 12 or 14.')
    expect(sentence(new TextEncoder().encode('<?xml version="1.0"?><gpx/>'))).toBe(
      'x.fit: not a FIT file: bytes 8 to 11 are not ".FIT".',
    )
    expect(sentence(RIDE.slice(0, 60))).toBe(
      `x.fit: ends at byte 60, but its header (byte 4) promises ${RIDE.length}; the copy is not complete.`,
    )
    const damaged = RIDE.slice()
    damaged[50]! ^= 4
    expect(sentence(damaged)).toBe(
      `x.fit: the checksum at byte ${RIDE.length - 2} does not fit the bytes before it; the file was damaged.`,
    )
    expect(sentence(fitOf([]))).toBe('x.fit: a FIT file, but without a single record of a ride.')
  })

  test('every truncation and every bit flip of a ride is a sentence', () => {
    for (let length = 0; length < RIDE.length; length++)
      expect(sentence(RIDE.slice(0, length))).toMatch(/^x\.fit: .+\.$/)
    for (let bit = 0; bit < RIDE.length * 8; bit++) {
      const flipped = RIDE.slice()
      flipped[bit >> 3]! ^= 1 << (bit & 7)
      const said = sentence(flipped)
      // Versions in the header are not covered by anything that a reader must refuse.
      if (said !== 'a ride') expect(said).toMatch(/^x\.fit: .+\.$/)
      else expect(bit >> 3).toBeLessThan(14)
    }
  })

  test('damage with the right checksum is a sentence or a ride, never a throw, with the place where it breaks', () => {
    let seed = 8214
    const next = () => (seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0) >>> 8
    let broken = 0
    for (let run = 0; run < 2000; run++) {
      const bytes = RIDE.slice()
      for (let hits = 0; hits < 1 + (run % 4); hits++) bytes[14 + (next() % (bytes.length - 16))] = next()
      seal(bytes)
      const said = sentence(bytes)
      if (said === 'a ride') continue
      expect(said).toMatch(/^x\.fit: .+\.$/)
      if (/the (message|definition) at byte \d+ /.test(said)) broken++
    }
    expect(broken).toBeGreaterThan(50)
  })

  test('random bytes behind a right header are a sentence', () => {
    let seed = 1
    const next = () => (seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0) >>> 8
    for (let run = 0; run < 500; run++) {
      const bytes = Uint8Array.from({ length: 14 + (next() % 400) + 2 }, next)
      bytes.set(RIDE.subarray(0, 14))
      new DataView(bytes.buffer).setUint32(4, bytes.length - 16, true)
      bytes.set([0, 0], 12)
      seal(bytes)
      expect(sentence(bytes)).toMatch(/^x\.fit: .+\.$|^a ride$/)
    }
  })
})

/** Puts the right checksum at the end, so that the damage is found by the reader and not by the sum. */
function seal(bytes: Uint8Array): void {
  let crc = 0
  for (const byte of bytes.subarray(0, -2)) {
    crc ^= byte
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0xa001 : crc >>> 1
  }
  bytes[bytes.length - 2] = crc & 0xff
  bytes[bytes.length - 1] = crc >>> 8
}
