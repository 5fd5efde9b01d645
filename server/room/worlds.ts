import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { BakedCourse } from '#maps/course'
import type { BakedColumns } from '#maps/format'
import { loadWorld, type LoadedWorld } from '#maps/load'
import { siteZones, type ZoneSite } from '#physics/zone-site'
import { AppError } from '../errors.ts'

/** A road of this house, with the files it was read from: they go into a race's export. */
export interface HouseWorld extends LoadedWorld {
  readonly mapJson: unknown
  readonly courseBytes: Uint8Array
  /** Its free-ride zones, those that can be ridden. */
  readonly zoneSites: readonly ZoneSite[]
  /** Road there is, each once whichever way it is ridden, m. */
  readonly roadM: number
  /** From the lowest to the highest of it. */
  readonly lowestM: number
  readonly highestM: number
}

/** Every folder with a map in it, by id; what cannot be ridden is said and left out. */
export async function loadWorlds(
  folder: string,
  say: (sentence: string) => void,
): Promise<ReadonlyMap<string, HouseWorld>> {
  const worlds = new Map<string, HouseWorld>()
  for (const entry of (await readdir(folder, { withFileTypes: true })).toSorted((a, b) => (a.name < b.name ? -1 : 1))) {
    if (!entry.isDirectory()) continue
    try {
      const world = await loadFolder(join(folder, entry.name), say)
      worlds.set(world.map.id, world)
    } catch (error) {
      say(`The road in ${entry.name} is left out: ${error instanceof Error ? error.message : String(error)}`)
    }
  }
  if (worlds.size === 0) {
    throw new AppError('ERR_CONFIG', `There is no road in ${folder}: the installation is not whole; clone it again.`)
  }
  return worlds
}

/** A road that is read, checked and hashed, as plain values: from here on it is opened in a millisecond, in any thread. */
export interface OpenedWorld extends Omit<HouseWorld, 'course' | 'zoneSites'> {
  readonly columns: BakedColumns
}

/** One road, ready to be ridden; throws when its files do not fit. */
export async function loadFolder(folder: string, say: (sentence: string) => void): Promise<HouseWorld> {
  return worldOf(await openFolder(folder), say)
}

/** Where it may take its time: 43 km are 40 ms of work and more. */
export async function openFolder(folder: string): Promise<OpenedWorld> {
  const courseBytes = new Uint8Array(await readFile(join(folder, 'course.bin')))
  const mapJson: unknown = JSON.parse(await readFile(join(folder, 'map.json'), 'utf8'))
  const loaded = loadWorld(mapJson, courseBytes)
  if (!loaded.ok) throw new AppError('ERR_MAP_INVALID', loaded.error.join('; '))
  const { course, ...plain } = loaded.value
  return { ...plain, columns: course.columns, mapJson, courseBytes, ...extentOf(loaded.value) }
}

export function worldOf({ columns, ...plain }: OpenedWorld, say: (sentence: string) => void): HouseWorld {
  const course = new BakedCourse(columns)
  const { sites, refused } = siteZones(plain.network.zones, course)
  for (const sentence of refused) say(`On ${plain.map.name} nobody can ride in a ${sentence}.`)
  return { ...plain, course, zoneSites: sites }
}

function extentOf({ course, network }: LoadedWorld): Pick<HouseWorld, 'roadM' | 'lowestM' | 'highestM'> {
  let roadM = 0
  let lowestM = Infinity
  let highestM = -Infinity
  for (const { kind, startM, endM, twin, id } of network.ways) {
    const lastM = Math.min(endM, startM + course.lengthM)
    if (kind === 'road' && !(twin >= 0 && twin < id)) roadM += lastM - startM
    for (let m = startM; m <= lastM; m++) {
      lowestM = Math.min(lowestM, course.heightAt(m))
      highestM = Math.max(highestM, course.heightAt(m))
    }
  }
  return { roadM, lowestM: Math.round(lowestM), highestM: Math.round(highestM) }
}
