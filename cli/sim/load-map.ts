import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { join } from 'node:path'
import { loadWorld, type LoadedWorld } from '#maps/load'
import { UsageError } from '../command.ts'

export const DEFAULT_MAP = 'sorrelmere'

export interface MapFiles extends LoadedWorld {
  readonly mapJson: unknown
  readonly courseBytes: Uint8Array
}

/** A map we ship by its name, or any folder that holds map.json and course.bin. */
export async function loadMap(nameOrFolder: string = DEFAULT_MAP): Promise<MapFiles> {
  const folder = /[/\\]/.test(nameOrFolder)
    ? nameOrFolder
    : fileURLToPath(new URL(`../../maps/worlds/${nameOrFolder}`, import.meta.url))
  let json: string
  let courseBytes: Uint8Array
  try {
    json = await readFile(join(folder, 'map.json'), 'utf8')
    courseBytes = new Uint8Array(await readFile(join(folder, 'course.bin')))
  } catch (error) {
    throw new UsageError(
      `the map "${nameOrFolder}" cannot be read: ${error instanceof Error ? error.message : 'unknown'}`,
    )
  }
  const mapJson = parse(json, nameOrFolder)
  const loaded = loadWorld(mapJson, courseBytes)
  if (!loaded.ok) throw new UsageError(`the map "${nameOrFolder}" cannot be ridden: ${loaded.error[0]}`)
  return { ...loaded.value, mapJson, courseBytes }
}

function parse(json: string, name: string): unknown {
  try {
    return JSON.parse(json)
  } catch (error) {
    throw new UsageError(`map.json of "${name}" is not JSON: ${error instanceof Error ? error.message : 'unreadable'}`)
  }
}
