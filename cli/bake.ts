import { readdir, readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { bakeMap } from '#maps/bake'
import { encodeCourse } from '#maps/course-file'
import { BakedCourse } from '#maps/course'
import { loadWorld } from '#maps/load'
import { parseMap } from '#maps/parse'
import { complaints, type Checked } from '#maps/result'
import { figure, report, type Command, type Figure } from './command.ts'

/** Where the maps we ship lie. */
const WORLDS_DIR = path.join(import.meta.dirname, '..', 'maps', 'worlds')

export const command: Command = {
  name: 'bake',
  summary: 'turn a map.json into the columns that physics and picture read',
  options: [
    { name: 'check', summary: 'write nothing; fail where course.bin is not what map.json bakes to' },
    { name: 'worlds', value: 'DIR', summary: 'folder of worlds; maps/worlds of this clone by default' },
  ],
  async run({ text, flag }) {
    const worldsDir = text('worlds') ?? WORLDS_DIR
    const entries = await readdir(worldsDir, { withFileTypes: true })
    const ids = entries
      .filter((entry) => entry.isDirectory())
      .map((entry) => entry.name)
      .toSorted()
    const figures: Record<string, Figure> = { worlds: figure(ids.length, '', { atLeast: 1 }) }
    const failures: string[] = []
    const isCheck = flag('check')
    const worlds = await Promise.all(ids.map((id) => bakeWorld(path.join(worldsDir, id), { isCheck })))
    worlds.forEach((world, i) => {
      const id = ids[i]!
      if (world.ok) Object.assign(figures, prefixed(id, world.value))
      else failures.push(...world.error.map((sentence) => `${id}: ${sentence}`))
    })
    return report(figures, failures)
  },
}

async function bakeWorld(
  worldDir: string,
  { isCheck }: { isCheck: boolean },
): Promise<Checked<Record<string, Figure>>> {
  const json = await readJson(path.join(worldDir, 'map.json'))
  if (!json.ok) return json
  const map = parseMap(json.value)
  if (!map.ok) return map
  if (map.value.id !== path.basename(worldDir))
    return complaints(`map.json: id "${map.value.id}" is not its folder's name`)
  const columns = bakeMap(map.value)
  if (!columns.ok) return columns
  const bytes = encodeCourse(columns.value)
  const world = loadWorld(json.value, bytes)
  if (!world.ok) return world
  const file = path.join(worldDir, 'course.bin')
  if (isCheck) {
    const before = await readFile(file).catch(() => undefined) // Absent is as stale as different.
    if (before === undefined || !before.equals(bytes))
      return complaints('course.bin is not what map.json bakes to; run gruppetto bake')
  } else await writeFile(file, bytes)
  const course = new BakedCourse(columns.value)
  return {
    ok: true,
    value: {
      lengthM: figure(course.lengthM, 'm'),
      bytes: figure(bytes.length, 'B'),
      mapHash: { value: world.value.mapHash, unit: '' },
    },
  }
}

async function readJson(file: string): Promise<Checked<unknown>> {
  try {
    return { ok: true, value: JSON.parse(await readFile(file, 'utf8')) }
  } catch (error) {
    return complaints(`map.json: ${(error as Error).message}`)
  }
}

function prefixed(id: string, figures: Record<string, Figure>): Record<string, Figure> {
  return Object.fromEntries(Object.entries(figures).map(([name, value]) => [`${id}.${name}`, value]))
}
