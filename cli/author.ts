import { mkdir, readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { mapText } from '#maps/authoring/map-text'
import { surveyRoads } from '#maps/authoring/survey'
import { composeMap } from '#maps/authoring/world'
import { AUTHORED } from '#maps/authoring/worlds'
import { bakeMap } from '#maps/bake'
import { encodeCourse } from '#maps/course-write'
import { loadWorld } from '#maps/load'
import { parseMap } from '#maps/parse'
import { complaints, type Checked } from '#maps/result'
import { UsageError, figure, report, type Command, type Figure } from './command.ts'

const WORLDS_DIR = path.join(import.meta.dirname, '..', 'maps', 'worlds')

export const command: Command = {
  name: 'author',
  summary: 'draw the worlds of the house anew: run their programs, write map.json, bake, measure',
  positionals: ['WORLD?'],
  options: [
    { name: 'check', summary: 'write nothing; fail where map.json or course.bin is not what the program draws' },
    { name: 'worlds', value: 'DIR', summary: 'folder of worlds; maps/worlds of this clone by default' },
  ],
  details: `Worlds: ${Object.keys(AUTHORED).join(', ')}. Their programs are in maps/authoring/.`,
  async run({ positionals, text, flag }) {
    const [wanted] = positionals
    if (wanted !== undefined && !Object.hasOwn(AUTHORED, wanted))
      throw new UsageError(`no program draws a world ${wanted}; there are ${Object.keys(AUTHORED).join(', ')}`)
    const ids = wanted === undefined ? Object.keys(AUTHORED) : [wanted]
    const worldsDir = text('worlds') ?? WORLDS_DIR
    const figures: Record<string, Figure> = {}
    const failures: string[] = []
    const total = { roadKm: 0, routes: 0, segments: 0 }
    for (const id of ids) {
      const drawn = await drawWorld(id, path.join(worldsDir, id), { isCheck: flag('check') })
      if (!drawn.ok) {
        failures.push(...drawn.error.map((sentence) => `${id}: ${sentence}`))
        continue
      }
      for (const [name, value] of Object.entries(drawn.value)) {
        figures[`${id}.${name}`] = value
        if (name in total) total[name as keyof typeof total] += Number(value.value)
      }
    }
    // What the house promised of its three worlds together.
    const least = wanted === undefined ? ([60, 12, 15] as const) : ([0, 1, 1] as const)
    figures['roadKm'] = figure(rounded(total.roadKm), 'km', { atLeast: least[0] })
    figures['routes'] = figure(total.routes, '', { atLeast: least[1] })
    figures['segments'] = figure(total.segments, '', { atLeast: least[2] })
    return report(figures, failures)
  },
}

async function drawWorld(
  id: string,
  folder: string,
  { isCheck }: { isCheck: boolean },
): Promise<Checked<Record<string, Figure>>> {
  const plan = AUTHORED[id]!()
  const written = mapText(composeMap(plan))
  const map = parseMap(JSON.parse(written))
  if (!map.ok) return map
  const columns = bakeMap(map.value)
  if (!columns.ok) return columns
  const bytes = encodeCourse(columns.value)
  const world = loadWorld(JSON.parse(written), bytes)
  if (!world.ok) return world
  const files = [
    { file: path.join(folder, 'map.json'), bytes: Buffer.from(written) },
    { file: path.join(folder, 'course.bin'), bytes: Buffer.from(bytes) },
  ]
  if (isCheck) {
    for (const { file, bytes: fresh } of files) {
      const before = await readFile(file).catch(() => undefined) // Absent is as stale as different.
      if (before === undefined || !before.equals(fresh))
        return complaints(`${path.basename(file)} is not what maps/authoring/${id}.ts draws; run gruppetto author`)
    }
  } else {
    await mkdir(folder, { recursive: true })
    for (const { file, bytes: fresh } of files) await writeFile(file, fresh)
  }
  const survey = surveyRoads(plan.roads)
  const { routes, segments, ways } = world.value.network
  return {
    ok: true,
    value: {
      roadKm: figure(rounded(survey.roadM / 1000), 'km'),
      ways: figure(ways.length, ''),
      routes: figure(routes.length, '', { atLeast: 1 }),
      segments: figure(segments.length, '', { atLeast: 1 }),
      lowest: figure(rounded(survey.lowestM), 'm'),
      highest: figure(rounded(survey.highestM), 'm'),
      steepest: figure(rounded(survey.steepestGrade * 100), '%'),
      hairpins: figure(survey.hairpins, ''),
      tightestBend: figure(rounded(survey.tightestRadiusM), 'm', { atLeast: 9 }),
      narrowestFork: figure(rounded(survey.narrowestForkDeg), '°', { atLeast: 45 }),
      // Between the edges of two roads that do not meet; more than the survey looks for counts as that.
      nearestRoads: figure(rounded(Math.min(30, ...survey.nearest.map(({ freeM }) => freeM))), 'm', { atLeast: 2 }),
      overpasses: figure(survey.crossings.length, ''),
      leastClearance: figure(rounded(Math.min(99, ...survey.crossings.map(({ heightM }) => Math.abs(heightM)))), 'm', {
        atLeast: 5,
      }),
      mapHash: { value: world.value.mapHash, unit: '' },
    },
  }
}

function rounded(value: number): number {
  return Math.round(value * 100) / 100
}
