import { mkdir, open, readFile, stat, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { bakeMap } from '#maps/bake'
import { encodeCourse } from '#maps/course-write'
import type { MapFile } from '#maps/format'
import { loadWorld } from '#maps/load'
import { checked, complaints, type Checked } from '#maps/result'
import { traceRoad, type TracedRoad, type TraceReport } from '#maps/trace'
import { mapIdOf, mapText, RECORDED_ROAD, recordedMap } from '#maps/trace-map'
import { readTrack } from '#server/import/track'
import { figure, report, UsageError, type Command, type Figure, type Invocation } from './command.ts'

/** A little more than the doors read, so that they say why a larger file is refused. */
const READ_MAX = 32 * 1024 * 1024 + 1

export const command: Command = {
  name: 'import',
  summary: 'make a road of a GPX, TCX or FIT file and say what came of it',
  positionals: ['FILE'],
  options: [
    { name: 'out', value: 'FOLDER', summary: 'save the map there, e.g. maps/worlds/my-climb, where the server looks' },
    { name: 'name', value: 'NAME', summary: 'what the road is called; else the title in the file, else its name' },
    {
      name: 'licence',
      value: 'TEXT',
      summary: 'what one may do with the recording',
      default: 'as the recording: ask whose it is',
    },
    { name: 'author', value: 'TEXT', summary: 'whose recording it is', default: 'not stated' },
    { name: 'force', summary: 'replace a map that is in the folder' },
  ],
  details: [
    'Figures without a prefix are the recording as it came: length seen from above and along its slopes, every rise, and',
    'rises with a 5 m hysteresis. "mended" is the same after the repairs, which are listed; "road" is what was made.',
    'heightScale is how much the profile was stretched in height so that smoothing takes no gain away.',
    'A file that is no road is one sentence with its name, the place and the reason. Exit code 1; nothing is saved.',
  ].join('\n'),

  async run(invocation) {
    const file = invocation.positionals[0]
    if (file === undefined) throw new UsageError('import needs a FILE (.gpx, .tcx or .fit).')
    const name = path.basename(file)
    const track = readTrack(await fileStart(file), name)
    if (!track.ok) return report({}, [track.error])
    const road = traceRoad(track.value.points, { ...track.value, ...RECORDED_ROAD })
    if (!road.ok)
      return report(
        {},
        road.error.map((sentence) => `${name}: ${sentence}`),
      )
    const title = invocation.text('name') ?? track.value.title ?? path.parse(file).name
    const folder = invocation.text('out')
    const saved = folder === undefined ? checked({}) : await save(road.value, { folder, title, invocation })
    if (!saved.ok) return report(figuresOf(road.value.report), saved.error)
    return report({ ...figuresOf(road.value.report), ...saved.value })
  },
}

/** Not more than the doors want, whatever the name stands for. */
async function fileStart(file: string): Promise<Uint8Array> {
  let handle
  try {
    const found = await stat(file)
    // A pipe without a writer, or a device without end, would be waited for.
    if (!found.isFile()) throw new UsageError(`${file} is no file.`)
    handle = await open(file, 'r')
    const bytes = new Uint8Array(Math.min(found.size, READ_MAX))
    let filled = 0
    while (filled < bytes.length) {
      const { bytesRead } = await handle.read(bytes, filled, bytes.length - filled)
      if (bytesRead === 0) break
      filled += bytesRead
    }
    return bytes.subarray(0, filled)
  } catch (error) {
    if (error instanceof UsageError) throw error
    throw new UsageError(`${file} could not be read (${(error as NodeJS.ErrnoException).code ?? 'unknown reason'}).`)
  } finally {
    await handle?.close()
  }
}

function figuresOf({ points, segments, isLoop, source, mended, road, repairs, heightScale }: TraceReport) {
  const figures: Record<string, Figure> = {
    points: figure(points, ''),
    segments: figure(segments, ''),
    lengthM: figure(round(source.lengthM), 'm'),
    length3dM: figure(round(source.length3dM), 'm'),
    gainRawM: figure(round(source.gainRawM), 'm'),
    gain5mM: figure(round(source.gain5mM), 'm'),
    'mended.lengthM': figure(round(mended.lengthM), 'm'),
    'mended.length3dM': figure(round(mended.length3dM), 'm'),
    'mended.gainRawM': figure(round(mended.gainRawM), 'm'),
    'mended.gain5mM': figure(round(mended.gain5mM), 'm'),
    'road.lengthM': figure(round(road.lengthM), 'm'),
    'road.length3dM': figure(round(road.length3dM), 'm'),
    'road.gainRawM': figure(round(road.gainRawM), 'm'),
    'road.gain5mM': figure(round(road.gain5mM), 'm'),
    'road.gradeMax': figure(round(road.gradeMax, 4), 'rise/run'),
    'road.gradeStepMaxPerM': figure(round(road.gradeStepMaxPerM, 5), '1/m'),
    // A road without any bend has no tightest one, and JSON no infinity.
    ...(Number.isFinite(road.radiusMinM) ? { 'road.radiusMinM': figure(round(road.radiusMinM), 'm') } : {}),
    'road.isLoop': { value: isLoop, unit: '' },
    heightScale: figure(round(heightScale, 3), ''),
  }
  for (const { kind, count, firstPoint, firstAtM, what } of repairs) {
    const where = firstPoint === undefined ? '' : `point ${firstPoint}, `
    figures[`repaired.${kind}`] = { value: `${count}, first at ${where}${Math.round(firstAtM)} m: ${what}`, unit: '' }
  }
  return figures
}

/** Writes map.json and course.bin, after the very checks that the server makes when it loads them. */
async function save(
  road: TracedRoad,
  { folder, title, invocation }: { folder: string; title: string; invocation: Invocation },
): Promise<Checked<Record<string, Figure>>> {
  const directory = path.resolve(folder)
  const id = path.basename(directory)
  if (mapIdOf(id) !== id) throw new UsageError(`--out ${folder}: a map's folder has a name like "${mapIdOf(id)}".`)
  if (!invocation.flag('force') && (await readFile(path.join(directory, 'map.json')).catch(() => undefined)))
    throw new UsageError(`--out ${folder}: there is a map already; --force replaces it.`)
  const map = recordedMap(road, {
    ...{ id, name: title.trim().slice(0, 120) || id, ...RECORDED_ROAD },
    licence: invocation.text('licence') ?? 'as the recording',
    author: invocation.text('author') ?? 'not stated',
  })
  const world = bakedWorld(map)
  if (!world.ok) return world
  await mkdir(directory, { recursive: true })
  await writeFile(path.join(directory, 'map.json'), mapText(map))
  await writeFile(path.join(directory, 'course.bin'), world.value.bytes)
  return checked({
    folder: { value: folder, unit: '' },
    bytes: figure(world.value.bytes.length, 'B'),
    mapHash: { value: world.value.mapHash, unit: '' },
  })
}

function bakedWorld(map: MapFile): Checked<{ readonly bytes: Uint8Array; readonly mapHash: string }> {
  const columns = bakeMap(map)
  if (!columns.ok) return columns
  const bytes = encodeCourse(columns.value)
  const world = loadWorld(JSON.parse(mapText(map)), bytes)
  return world.ok ? checked({ bytes, mapHash: world.value.mapHash }) : complaints(...world.error)
}

function round(value: number, digits = 1): number {
  return Number(value.toFixed(digits))
}
