import { readdir, readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { bakeMap } from '#maps/bake'
import { encodeCourse } from '#maps/course-write'
import type { MapComplaint } from '#maps/complaint'
import { loadWorld, type LoadedWorld } from '#maps/load'
import { parseMap } from '#maps/parse'
import { complaints, type Checked } from '#maps/result'
import { validateMap } from '#maps/validate'
import { figure, report, UsageError, type Command, type Figure } from './command.ts'

/** Where the maps we ship lie. */
const WORLDS_DIR = path.join(import.meta.dirname, '..', 'maps', 'worlds')

export const command: Command = {
  name: 'bake',
  summary: 'turn a map.json into the columns that physics and picture read',
  options: [
    { name: 'check', summary: 'write nothing; fail also where course.bin is not what map.json bakes to' },
    { name: 'worlds', value: 'DIR', summary: 'folder of worlds; maps/worlds of this clone by default' },
  ],
  async run({ text, flag }) {
    const worldsDir = text('worlds') ?? WORLDS_DIR
    const entries = await readdir(worldsDir, { withFileTypes: true }).catch((error: NodeJS.ErrnoException) => {
      throw new UsageError(`--worlds ${worldsDir} cannot be read as a folder (${error.code ?? 'unknown reason'})`)
    })
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
      if (!world.ok) return failures.push(...world.error.map((sentence) => `${id}: ${sentence}`))
      Object.assign(figures, prefixed(id, world.value.figures))
      return failures.push(...shortened(world.value.complaints).map((sentence) => `${id}: ${sentence}`))
    })
    return report(figures, failures)
  },
}

interface BakedWorld {
  readonly figures: Record<string, Figure>
  readonly complaints: readonly MapComplaint[]
}

async function bakeWorld(worldDir: string, { isCheck }: { isCheck: boolean }): Promise<Checked<BakedWorld>> {
  const json = await readJson(path.join(worldDir, 'map.json'))
  if (!json.ok) return json
  const map = parseMap(json.value)
  if (!map.ok) return map
  if (map.value.id !== path.basename(worldDir))
    return complaints(`map.json: id "${map.value.id}" is not its folder's name`)
  const columns = bakeMap(map.value)
  if (!columns.ok) return columns
  const bytes = encodeCourse(columns.value)
  const complaintsFound = validateMap(map.value, columns.value)
  const file = path.join(worldDir, 'course.bin')
  if (isCheck) {
    const before = await readFile(file).catch(() => undefined) // Absent is as stale as different.
    if (before === undefined || !before.equals(bytes))
      return complaints('course.bin is not what map.json bakes to; run gruppetto bake')
  } else await writeFile(file, bytes)
  const world = loadWorld(json.value, bytes)
  if (!world.ok) return world
  return {
    ok: true,
    value: { figures: { ...figuresOf(world.value), bytes: figure(bytes.length, 'B') }, complaints: complaintsFound },
  }
}

function figuresOf({ course, network, mapHash, map }: LoadedWorld): Record<string, Figure> {
  // A two-way road is one road, however many strips it has.
  const roadM = network.ways.reduce(
    (sum, way) => sum + (way.kind === 'road' && !way.isReversed ? course.columns.ways[way.id]!.lengthM : 0),
    0,
  )
  return {
    roadM: figure(roadM, 'm'),
    tapeM: figure(course.lengthM, 'm'),
    roads: figure(map.roads.length, ''),
    ways: figure(network.ways.length, ''),
    routes: figure(network.routes.length, ''),
    segments: figure(network.segments.length, ''),
    mapHash: { value: mapHash, unit: '' },
  }
}

const SAID_MOST = 20
function shortened(found: readonly MapComplaint[]): string[] {
  const said = found.slice(0, SAID_MOST).map(({ kind, sentence }) => `${kind}: ${sentence}`)
  return found.length > SAID_MOST ? [...said, `and ${found.length - SAID_MOST} more`] : said
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
