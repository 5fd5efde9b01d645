import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { readManifest } from '#client/film-source'
import { filmChunk } from '#server/world/film'
import { loadMap } from '../sim/load-map.ts'
import { rideRace } from '../sim/race.ts'
import { makeFilmFolder } from './film-folder.ts'

let folder = ''
beforeAll(async () => (folder = await mkdtemp(join(tmpdir(), 'gruppetto-film-'))))
afterAll(async () => await rm(folder, { recursive: true, force: true }))

test('[S8] a film in a folder is the film a server gives: the same bytes, minute by minute; the page can read what it says', async () => {
  const map = await loadMap('thrushford')
  const race = rideRace({ map, seed: 5, riders: 6, laps: 1, onTick: (world) => world.tick < 1500 })
  const cut = { title: 'Five minutes', mapId: 'thrushford', mapHash: map.mapHash, startTick: race.startTick }
  const facts = { riders: [], weather: [], sky: [] }
  const made = await makeFilmFolder({ lines: race.lines, map, facts, cut, folder, onProgress: () => {} })
  if (!made.ok) throw new Error(made.error)
  expect((await readdir(folder)).toSorted()).toEqual(['0.reel', '1200.reel', 'course.bin', 'film.json', 'map.json'])
  const manifest = readManifest(JSON.parse(await readFile(join(folder, 'film.json'), 'utf8')))
  expect(manifest).toMatchObject({ title: 'Five minutes', fromTick: 0, toTick: race.world.tick - 1 }) // The last step has no news of its own.
  const shot = filmChunk(race.lines, map, 0)
  if (!shot.ok) throw new Error(shot.error)
  const kept = await readFile(join(folder, '0.reel'))
  // What a server shoots of one minute ends with it.
  expect(Buffer.compare(kept, Buffer.from(shot.bytes))).toBe(0)
})

test('[S8] what is no film, or of another version, is said in a sentence', () => {
  expect(readManifest({})).toBe('This is no film of Gruppetto.')
  expect(readManifest({ format: 'gruppetto-reel', version: 2 })).toBe('This film is of another version of Gruppetto.')
})
