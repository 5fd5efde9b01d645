import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { createRandom } from '#physics/random'
import { smallNetwork } from '#test/sim/small-network'
import { bakeRoad } from './bake.ts'
import { decodeCourse } from './course-file.ts'
import { courseHash, encodeCourse, sceneryHash } from './course-write.ts'
import type { BakedColumns, Point } from './format.ts'
import { loadWorld } from './load.ts'
import { sha256Hex } from './sha256.ts'

const kite: Point[] = [
  [0, 0, 10],
  [20, 28, 11],
  [42, 0, 10.5],
  [21, -13, 10],
]
const baked = bakeRoad({ points: kite, isLoop: true, widthM: 6, crr: 0.004 })
if (!baked.ok) throw new Error(baked.error[0])
const columns = baked.value
const bytes = encodeCourse(columns)

/** Thousands of comparisons: bytes, not one expectation per value. */
function isSame(a: Int16Array | Int32Array, b: Int16Array | Int32Array): boolean {
  return Buffer.from(a.buffer).equals(new Uint8Array(b.buffer))
}

test('[M9] a course survives its file, to the last count', () => {
  const decoded = decodeCourse(bytes)
  expect(decoded).toEqual({ ok: true, value: columns })
})

test('[M24] a network survives its file: ways, exits, surfaces, every column, guards and all', () => {
  const network = smallNetwork()
  const decoded = decodeCourse(network.courseBytes)
  expect(decoded).toEqual({ ok: true, value: network.course.columns })
  expect(network.course.columns.ways.length).toBeGreaterThan(60)
})

test(
  '[M24] a network cut anywhere in its head, or with any bit of it flipped, is a complaint or the same slopes',
  { timeout: 60_000 },
  () => {
    const { courseBytes: whole, course } = smallNetwork()
    const head = 16 + 2 * 4 + course.columns.ways.reduce((sum, { exits }) => sum + 14 + 4 * exits.length, 0)
    for (let length = 0; length < head + 50; length += 7) expect(decodeCourse(whole.subarray(0, length)).ok).toBe(false)
    const longer = new Uint8Array(whole.length + 1)
    longer.set(whole)
    expect(decodeCourse(longer).ok).toBe(false)
    const random = createRandom(8214)
    // One bit of every byte of the head, and a few hundred anywhere.
    const bits = Array.from({ length: head + 300 }, (_, i) =>
      i < head ? 8 * i + (random.u32() & 7) : random.u32() % (whole.length * 8),
    )
    let refused = 0
    for (const bit of bits) {
      const broken = Uint8Array.from(whole)
      broken[bit >> 3]! ^= 1 << (bit & 7)
      const decoded = decodeCourse(broken)
      if (decoded.ok) {
        expect(isSame(decoded.value.slopeCount, course.columns.slopeCount)).toBe(true)
        expect(isSame(decoded.value.heightCount, course.columns.heightCount)).toBe(true)
        continue
      }
      refused++
      expect(decoded.error[0]).toMatch(/^course\.bin: /)
    }
    expect(refused).toBeGreaterThan(500)
  },
)

test('[M24] an exit to a way that is not there, or two ways for one turn, are complaints', () => {
  const { ways, ...rest } = smallNetwork().course.columns
  const withExits = (exits: { way: number; turn: number }[]) =>
    decodeCourse(encodeCourse({ ...rest, ways: ways.map((way, i) => (i === 0 ? { ...way, exits } : way)) }))
  for (const exits of [
    [{ way: ways.length, turn: 2 }],
    [{ way: 1, turn: 0 }],
    [{ way: 1, turn: 5 }],
    [
      { way: 1, turn: 2 },
      { way: 2, turn: 2 },
    ],
  ])
    expect(withExits(exits)).toEqual({
      ok: false,
      error: ['course.bin: way 0: an exit that leads to no way, or one turn that leads to two'],
    })
})

test('[M9] every truncation, every longer file and noise are complaints, never throws', () => {
  for (let length = 0; length < bytes.length; length++) expect(decodeCourse(bytes.subarray(0, length)).ok).toBe(false)
  expect(decodeCourse(Uint8Array.of(...bytes, 0)).ok).toBe(false)
  expect(decodeCourse(new Uint8Array(5000).fill(0x5a)).ok).toBe(false)
})

test(
  '[M9] every bit flip is a complaint or a road whose heights are still the sum of its slopes',
  { timeout: 60_000 },
  () => {
    for (let bit = 0; bit < bytes.length * 8; bit++) {
      const broken = Uint8Array.from(bytes)
      broken[bit >> 3]! ^= 1 << (bit & 7)
      const decoded = decodeCourse(broken)
      if (!decoded.ok) expect(decoded.error[0]).toMatch(/^course\.bin: /)
      else {
        expect(isSame(decoded.value.slopeCount, columns.slopeCount)).toBe(true)
        expect(isSame(decoded.value.heightCount, columns.heightCount)).toBe(true)
      }
    }
  },
)

const PHYSICS = [
  ...(['slopeCount', 'widthCm', 'surface', 'bendCount', 'bankCount', 'windCount', 'eastCount', 'northCount'] as const),
  ...(['xMm', 'yMm'] as const),
]
const PICTURE = ['roadCm'] as const

test('[M10] the course hash names every column physics reads, and no other', () => {
  const hash = courseHash(columns)
  const scenery = sceneryHash(columns, new Uint8Array())
  type ColumnName = (typeof PHYSICS)[number] | (typeof PICTURE)[number]
  const changed = (column: ColumnName) => {
    const values = columns[column].slice()
    values[20]! += 1
    return { ...columns, [column]: values } as BakedColumns
  }
  for (const column of PHYSICS) {
    expect(courseHash(changed(column))).not.toBe(hash)
    expect(sceneryHash(changed(column), new Uint8Array())).toBe(scenery)
  }
  for (const column of PICTURE) {
    expect(courseHash(changed(column))).toBe(hash)
    expect(sceneryHash(changed(column), new Uint8Array())).not.toBe(scenery)
  }
  expect(courseHash({ ...columns, isLoop: false })).not.toBe(hash)
})

test('[M10] a map’s hash moves with its lines and not with its scenery', () => {
  const folder = new URL('worlds/sorrelmere/', import.meta.url)
  const json = JSON.parse(readFileSync(new URL('map.json', folder), 'utf8')) as Record<string, unknown>
  const file = new Uint8Array(readFileSync(new URL('course.bin', folder)))
  const hashes = (map: unknown) => {
    const world = loadWorld(map, file)
    if (!world.ok) throw new Error(world.error[0])
    return world.value
  }
  const before = hashes(json)
  const sceneryMoved = hashes({ ...json, scenery: { seed: 1 } })
  expect(sceneryMoved.mapHash).toBe(before.mapHash)
  expect(sceneryMoved.sceneryHash).not.toBe(before.sceneryHash)
  const lines = json['lines'] as { id: string; name: string; atM: number }[]
  const moved = (change: object) => ({ ...json, lines: lines.map((line) => ({ ...line, ...change })) })
  expect(hashes(moved({ atM: 201 })).mapHash).not.toBe(before.mapHash)
  expect(hashes(moved({ name: 'Another sign' })).mapHash).toBe(before.mapHash)
  expect(before.mapHash).toMatch(/^[0-9a-f]{64}$/)
})

test('[M10] a line beyond the end of the road is a complaint with its path', () => {
  const folder = new URL('worlds/sorrelmere/', import.meta.url)
  const json = JSON.parse(readFileSync(new URL('map.json', folder), 'utf8')) as Record<string, unknown>
  const world = loadWorld(
    { ...json, spawns: [{ road: '>round', atM: 99_999 }] },
    new Uint8Array(readFileSync(new URL('course.bin', folder))),
  )
  expect(world).toEqual({ ok: false, error: ['spawns[0].atM: 99999 m, but ">round" lies between 0 and 12612 m'] })
})

test('[M10] SHA-256 is SHA-256, at every length around its blocks and over parts', () => {
  for (let length = 0; length < 140; length++) {
    const message = Uint8Array.from({ length }, (_, i) => (i * 37) & 255)
    const expected = createHash('sha256').update(message).digest('hex')
    expect(sha256Hex(message)).toBe(expected)
    expect(sha256Hex(message.subarray(0, length >> 1), message.subarray(length >> 1))).toBe(expected)
  }
})
