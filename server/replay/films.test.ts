import { mkdtemp, readdir, readFile, rm, stat, truncate, appendFile, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { shippedWorld } from '#bench/stream/hard-ride'
import { decodeReelChunk, REEL_CHUNK_TICKS } from '#protocol/reel'
import type { RiderId, Sequence } from '#protocol/ids'
import { startJournal } from '#server/world/journal'
import { World } from '#server/world/world'
import { FilmShelf } from './film-shelf.ts'
import { Films } from './films.ts'
import { indexJournal, readMinute } from './journal-index.ts'
import { findMinutes, minutesPathOf } from './kept-index.ts'

const MAPS = fileURLToPath(new URL('../../maps/worlds/', import.meta.url))
const road = shippedWorld('sorrelmere')
const films = new Films()
let folder = ''
let path = ''
let lines: string[] = []

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gruppetto-films-'))
  path = join(folder, 'ride.jsonl')
  lines = ride(2.2 * REEL_CHUNK_TICKS)
  await writeFile(path, `${lines.join('\n')}\n`)
})
afterAll(async () => {
  await films.close()
  await rm(folder, { recursive: true, force: true })
})

function ride(ticks: number): string[] {
  const written: string[] = []
  const { course, network, mapHash } = road
  const room = { mapId: 'sorrelmere', mapHash, seed: 1, roomId: 'a-room', riderCapacity: 8 }
  const journal = startJournal(room, (line) => written.push(line))
  const world = new World({ course, network, riderCapacity: 8, journal })
  const join = { massKg: 75, cdaM2: 0.3, distanceM: 900, lateralM: 0, isBot: false, held: false }
  const row = world.join({ ...join, riderId: 7 as RiderId })
  for (let tick = 0; tick < ticks; tick++) {
    if (tick % 5 === 0) {
      const sequence = (tick / 5 + 1) as Sequence
      world.post(row, { sequence, atMs: tick * 50, powerW: 300, cadenceHalfRpm: 180, heartRateBpm: 140, steer: 0 })
    }
    world.step()
  }
  return written
}

test('[S6] the minutes of a journal are found once, and again only where the file has grown', async () => {
  const index = await indexJournal(path)
  if (typeof index === 'string') throw new Error(index)
  expect(index.checkpoints.map(({ tick }) => tick)).toEqual([0, REEL_CHUNK_TICKS, 2 * REEL_CHUNK_TICKS])
  expect(index.lastTick).toBeGreaterThan(2 * REEL_CHUNK_TICKS)
  const minute = await readMinute(path, index, REEL_CHUNK_TICKS)
  if (typeof minute === 'string') throw new Error(minute)
  expect(minute[0]).toBe(lines[0])
  expect(minute.at(-1)).toContain(`["checkpoint",${2 * REEL_CHUNK_TICKS},`)

  const growing = join(folder, 'growing.jsonl')
  const text = `${lines.join('\n')}\n`
  await writeFile(growing, text.slice(0, text.length / 2))
  const half = await indexJournal(growing)
  if (typeof half === 'string') throw new Error(half)
  await appendFile(growing, text.slice(text.length / 2))
  expect(await indexJournal(growing, half)).toEqual(index)
})

test('[S6] a film is shot in a thread of its own, the same bytes each time', async () => {
  const first = await films.chunk(path, join(MAPS, 'sorrelmere'), REEL_CHUNK_TICKS)
  const ticks = decodeReelChunk(first)
  expect(ticks.ok && ticks.value.length).toBe(REEL_CHUNK_TICKS)
  const others = new Films()
  expect(await others.chunk(path, join(MAPS, 'sorrelmere'), REEL_CHUNK_TICKS)).toEqual(first)
  await others.close()
})

test('[S6] what cannot be shown is said in a sentence: no journal, no such minute, another road', async () => {
  await expect(films.index(join(folder, 'none.jsonl'))).rejects.toThrow('is not here any more')
  await expect(films.chunk(path, join(MAPS, 'sorrelmere'), 77)).rejects.toThrow('no minute that begins at tick 77')
  await expect(films.chunk(path, join(MAPS, 'thrushford'), 0)).rejects.toThrow('was ridden on map')
  const other = join(folder, 'other.jsonl')
  await writeFile(other, 'hello\n')
  await expect(films.index(other)).rejects.toThrow('this is no journal')
  await truncate(other, 0)
  await expect(films.index(other)).rejects.toThrow('this is no journal')
})

test('[S6] a minute that is still being ridden is not remembered as it was when the first one asked', async () => {
  const racing = join(folder, 'racing.jsonl')
  const map = join(MAPS, 'sorrelmere')
  const ticksOf = async () => {
    const ticks = decodeReelChunk(await films.chunk(racing, map, REEL_CHUNK_TICKS))
    return ticks.ok ? ticks.value.length : 0
  }
  const tickOf = (line: string): number => Number(/^\["\w+",(\d+)/.exec(line)?.[1] ?? 0)
  const at = lines.findIndex((line) => tickOf(line) > 1.5 * REEL_CHUNK_TICKS)
  await writeFile(racing, `${lines.slice(0, at).join('\n')}\n`)
  const half = await ticksOf()
  expect([half > 0.4 * REEL_CHUNK_TICKS, half < 0.6 * REEL_CHUNK_TICKS]).toEqual([true, true])
  await appendFile(racing, `${lines.slice(at).join('\n')}\n`)
  expect(await ticksOf()).toBe(REEL_CHUNK_TICKS)
})

test('[S14] any second of a ride costs the lines of its minute and at most a minute ridden again, wherever it lies', async () => {
  const index = await indexJournal(path)
  if (typeof index === 'string') throw new Error(index)
  await findMinutes(path, undefined, 0)
  for (const { tick } of index.checkpoints) {
    const others = new Films()
    await others.index(path)
    await others.chunk(path, join(MAPS, 'sorrelmere'), tick)
    const minute = await readMinute(path, index, tick)
    if (typeof minute === 'string') throw new Error(minute)
    // Found beside the journal: nothing before the minute is read.
    expect(others.cost.readBytes).toBe(minute.reduce((sum, line) => sum + line.length, 0))
    expect(others.cost.ticks).toBeLessThanOrEqual(REEL_CHUNK_TICKS)
    await others.close()
  }
})

test('[S14] what lies beside a journal is believed where it is of this journal, goes on where it grew, and is no harm', async () => {
  const text = `${lines.join('\n')}\n`
  const kept = join(folder, 'kept.jsonl')
  const half = text.indexOf('\n', text.length * 0.7) + 1
  await writeFile(kept, text.slice(0, half))
  const found = async () => {
    const answer = await findMinutes(kept, undefined, 0)
    if (typeof answer === 'string') throw new Error(answer)
    return answer
  }
  expect((await found()).readBytes).toBe(half)
  await appendFile(kept, text.slice(half))
  const grown = await found()
  expect(grown.readBytes).toBe(text.length - half)
  expect(grown.index).toEqual(await indexJournal(kept))
  for (const lie of ['{}', 'x', (await readFile(minutesPathOf(kept), 'utf8')).replaceAll('"at":', '"at":1')]) {
    await writeFile(minutesPathOf(kept), lie)
    const again = await found()
    expect(again.readBytes).toBe(text.length)
    expect(again.index).toEqual(grown.index)
  }
})

test('[S15] a minute that was shot is kept on disk: the same bytes after a restart, and no tick ridden for them', async () => {
  const shelf = join(folder, 'films')
  const map = join(MAPS, 'sorrelmere')
  const shown = join(folder, 'shown.jsonl')
  await writeFile(shown, `${lines.join('\n')}\n`)
  const shoot = async () => {
    const others = new Films(shelf)
    try {
      return { bytes: await others.chunk(shown, map, REEL_CHUNK_TICKS), ticks: others.cost.ticks }
    } finally {
      await others.close()
    }
  }
  const first = await shoot()
  expect(first.ticks).toBe(REEL_CHUNK_TICKS)
  expect(await shoot()).toEqual({ bytes: first.bytes, ticks: 0 })
  const file = (await readdir(shelf, { recursive: true, withFileTypes: true })).find((entry) => entry.isFile())
  await truncate(join(file!.parentPath, file!.name), 1000)
  expect(await shoot()).toEqual(first)
  await rm(shown)
  await expect(shoot()).rejects.toThrow('is not here any more')
})

test('[S15] the oldest films make room, and what is left is whole', async () => {
  const full = join(folder, 'full')
  const shelf = new FilmShelf(full, 100_000)
  for (let k = 0; k < 65; k++) await shelf.put(path, k * REEL_CHUNK_TICKS, new Uint8Array(4000).fill(k))
  const files = (await readdir(full, { recursive: true, withFileTypes: true })).filter((entry) => entry.isFile())
  const sizes = await Promise.all(files.map(async ({ parentPath, name }) => (await stat(join(parentPath, name))).size))
  expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThanOrEqual(75_000)
  expect(sizes.length).toBeGreaterThan(15)
  expect(await shelf.take(path, 64 * REEL_CHUNK_TICKS)).toEqual(Buffer.alloc(4000, 64))
  // A server that is started again before it has shot that many looks as well.
  const bytesOf = async () => {
    const there = (await readdir(full, { recursive: true, withFileTypes: true })).filter((entry) => entry.isFile())
    const each = await Promise.all(there.map(async (file) => (await stat(join(file.parentPath, file.name))).size))
    return each.reduce((sum, size) => sum + size, 0)
  }
  for (let start = 100; start < 112; start++) {
    const again = new FilmShelf(full, 100_000)
    for (let k = 0; k < 3; k++) await again.put(path, (3 * start + k) * REEL_CHUNK_TICKS, new Uint8Array(4000))
  }
  expect(await bytesOf()).toBeLessThanOrEqual(112_000)
})
