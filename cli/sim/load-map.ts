import { readdir, readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { join } from 'node:path'
import { loadWorld, type LoadedWorld } from '#maps/load'
import { nearest } from '#server/nearest'
import { UsageError } from '../command.ts'

const WORLDS = fileURLToPath(new URL('../../maps/worlds', import.meta.url))
export const DEFAULT_MAP = 'sorrelmere'

export interface MapFiles extends LoadedWorld {
  readonly mapJson: unknown
  readonly courseBytes: Uint8Array
}

/** A map we ship by its name, or any folder that holds map.json and course.bin. */
export async function loadMap(nameOrFolder: string = DEFAULT_MAP): Promise<MapFiles> {
  const isFolder = /[/\\]/.test(nameOrFolder)
  const folder = isFolder ? nameOrFolder : join(WORLDS, nameOrFolder)
  let json: string
  let courseBytes: Uint8Array
  try {
    json = await readFile(join(folder, 'map.json'), 'utf8')
    courseBytes = new Uint8Array(await readFile(join(folder, 'course.bin')))
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT')
      throw new UsageError(await noSuchMap(nameOrFolder, isFolder))
    throw new UsageError(
      `the map "${nameOrFolder}" cannot be read: ${error instanceof Error ? error.message : 'unknown'}`,
    )
  }
  const mapJson = parse(json, nameOrFolder)
  const loaded = loadWorld(mapJson, courseBytes)
  if (!loaded.ok) throw new UsageError(`the map "${nameOrFolder}" cannot be ridden: ${loaded.error[0]}`)
  return { ...loaded.value, mapJson, courseBytes }
}

async function noSuchMap(name: string, isFolder: boolean): Promise<string> {
  if (isFolder) return `${name} holds no map: map.json and course.bin must be in it ("gruppetto bake" makes the second)`
  const entries = await readdir(WORLDS, { withFileTypes: true })
  const names = entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name)
  const near = nearest(name, names)
  const hint = near === undefined ? '' : ` (did you mean "${near}"?)`
  return `there is no map "${name}"${hint}: take ${names.toSorted().join(', ')}, or the path of a folder, with a slash in it`
}

function parse(json: string, name: string): unknown {
  try {
    return JSON.parse(json)
  } catch (error) {
    throw new UsageError(`map.json of "${name}" is not JSON: ${error instanceof Error ? error.message : 'unreadable'}`)
  }
}
