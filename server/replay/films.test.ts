import { mkdtemp, rm, truncate, appendFile, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { shippedWorld } from '#bench/stream/hard-ride'
import { decodeReelChunk, REEL_CHUNK_TICKS } from '#protocol/reel'
import type { RiderId, Sequence } from '#protocol/ids'
import { startJournal } from '#server/world/journal'
import { World } from '#server/world/world'
import { Films } from './films.ts'
import { indexJournal, readMinute } from './journal-index.ts'

const MAPS = new URL('../../maps/worlds/', import.meta.url).pathname
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
