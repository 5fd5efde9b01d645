import { Reader } from './bytes.ts'
import { createColumns, layGuard, samplesOf } from './columns.ts'
import { type BakedColumns, type BakedSurface, type BakedWay } from './format.ts'
import { checked, complaints, type Checked } from './result.ts'

/**
 * course.bin, little-endian. Header: "GCRS", u16 version, u16 flags (bit 0: loop), u32 samples of all ways, u16 ways, u16
 * surfaces. Surfaces: crr u16, grip u16. Ways: length u32, height of its first sample i32, of its last i32, exits u16, then
 * each exit: way u16, turn u16. Then the columns that physics reads, of all samples, way after way without guards: slope
 * i16, width u16, bend i16, east i16, north i16, surface u8, bank i8, wind u8. Then places. Ways: x i32 and
 * y i32 of its first sample, x i32 and y i32 of its last (mm), road metres of its first i32 (cm); then the steps to the
 * next sample: x i16, y i16 (mm), road i16 (cm).
 */
export const COURSE_FILE_VERSION = 2
/** 400 km of strips; nobody needs a longer file, and a hostile one ends here. */
export const COURSE_SAMPLES_MAX = 400_000
const WAYS_MAX = 4000
const EXITS_MAX = 4
const SAMPLES_MIN = 5
export const MAGIC = 0x53524347 // "GCRS", read little-endian.
export const HEADER_BYTES = 16
export const SURFACE_BYTES = 4
export const WAY_BYTES = 14
export const WAY_PLACE_BYTES = 20
export const EXIT_BYTES = 4
export const PHYSICS_BYTES = 5 * 2 + 3
export const PLACE_BYTES = 3 * 2

/** Column by column: name, bytes. What physics reads comes first. */
export const PHYSICS_COLUMNS = [
  ...([
    ['slopeCount', 2],
    ['widthCm', 2],
    ['bendCount', 2],
    ['eastCount', 2],
    ['northCount', 2],
  ] as const),
  ...([
    ['surface', 1],
    ['bankCount', 1],
    ['windCount', 1],
  ] as const),
] as const
export const PLACE_COLUMNS = ['xMm', 'yMm', 'roadCm'] as const

export function samplesWithoutGuards({ ways, isLoop }: BakedColumns): Uint32Array {
  const counts = ways.map(({ lengthM }) => (isLoop ? lengthM : lengthM + 1))
  const samples = new Uint32Array(counts.reduce((sum, count) => sum + count, 0))
  let n = 0
  ways.forEach(({ startM }, way) => {
    for (let k = 0; k < counts[way]!; k++) samples[n++] = startM + k
  })
  return samples
}

/** Checked to its last bit: what comes out is a road that physics may ride. */
export function decodeCourse(bytes: Uint8Array): Checked<BakedColumns> {
  const reader = new Reader(bytes)
  if (bytes.length < HEADER_BYTES || reader.u32() !== MAGIC)
    return complaints('course.bin: does not begin with GCRS; bake the map again (gruppetto bake)')
  const version = reader.u16()
  if (version !== COURSE_FILE_VERSION)
    return complaints(`course.bin: version ${version}, this program reads ${COURSE_FILE_VERSION}; bake the map again`)
  const flags = reader.u16()
  const count = reader.u32()
  const wayCount = reader.u16()
  const surfaceCount = reader.u16()
  if (flags > 1) return complaints('course.bin: unknown flags in its header')
  if (count > COURSE_SAMPLES_MAX) return complaints(`course.bin: ${count} samples; at most ${COURSE_SAMPLES_MAX}`)
  if (wayCount < 1 || wayCount > WAYS_MAX || (flags === 1 && wayCount > 1))
    return complaints(`course.bin: ${wayCount} ways; 1 … ${WAYS_MAX} are allowed, and one on a loop`)
  if (surfaceCount < 1 || surfaceCount > 256)
    return complaints(`course.bin: ${surfaceCount} surfaces; 1 … 256 are allowed`)
  const isLoop = flags === 1
  const surfaces: BakedSurface[] = []
  for (let n = 0; n < surfaceCount; n++) surfaces.push({ crrCount: reader.u16(), gripCount: reader.u16() })
  const heads: WayHead[] = []
  const ways: BakedWay[] = []
  let startM = 0
  let samples = 0
  for (let way = 0; way < wayCount && !reader.isOver; way++) {
    const lengthM = reader.u32()
    heads.push({ startZ: reader.i32(), endZ: reader.i32() })
    const exitCount = reader.u16()
    if (lengthM < SAMPLES_MIN - 1 || lengthM > COURSE_SAMPLES_MAX || exitCount > EXITS_MAX)
      return complaints(`course.bin: way ${way}: ${lengthM} m long with ${exitCount} exits`)
    const exits: { way: number; turn: number }[] = []
    for (let n = 0; n < exitCount; n++) exits.push({ way: reader.u16(), turn: reader.u16() })
    if (exits.some((exit, n) => exit.way >= wayCount || exit.turn < 1 || exit.turn > 4 || isTwice(exits, n)))
      return complaints(`course.bin: way ${way}: an exit that leads to no way, or one turn that leads to two`)
    ways.push({ startM, lengthM, exits })
    startM += samplesOf(lengthM, { isLoop, isAlone: wayCount === 1 })
    samples += isLoop ? lengthM : lengthM + 1
  }
  const expected = reader.at + count * (PHYSICS_BYTES + PLACE_BYTES) + wayCount * WAY_PLACE_BYTES
  if (reader.isOver || samples !== count || bytes.length !== expected)
    return complaints(
      `course.bin: ${bytes.length} bytes and ${count} samples do not belong together; it was cut or has a tail`,
    )
  const columns = createColumns(ways, surfaces, isLoop)
  const broken = readColumns(columns, heads, reader)
  if (broken !== undefined) return complaints(broken)
  const wrong = complaintsAboutColumns(columns)
  return wrong.length > 0 ? complaints(...wrong) : checked(columns)
}

function isTwice(exits: readonly { way: number; turn: number }[], n: number): boolean {
  return exits.findIndex(({ way, turn }) => way === exits[n]!.way || turn === exits[n]!.turn) < n
}

interface WayHead {
  readonly startZ: number
  readonly endZ: number
}

/** Fills the columns; a sentence where a way does not come out where its head says. */
function readColumns(columns: BakedColumns, heads: readonly WayHead[], reader: Reader): string | undefined {
  const { ways, isLoop, slopeCount, heightCount } = columns
  const samples = samplesWithoutGuards(columns)
  for (const [name, width] of PHYSICS_COLUMNS) {
    const values = columns[name]
    for (const i of samples) values[i] = width === 2 ? reader.u16() : reader.u8()
  }
  const places = ways.map(() => ({
    ...{ startX: reader.i32(), startY: reader.i32(), endX: reader.i32(), endY: reader.i32(), startRoad: reader.i32() },
  }))
  const steps = PLACE_COLUMNS.map(() => new Int16Array(samples.length))
  for (const column of steps) for (let k = 0; k < column.length; k++) column[k] = reader.u16()
  let k = 0
  for (let way = 0; way < ways.length; way++) {
    const { startM, lengthM } = ways[way]!
    const head = heads[way]!
    const place = places[way]!
    heightCount[startM] = head.startZ
    columns.xMm[startM] = place.startX
    columns.yMm[startM] = place.startY
    columns.roadCm[startM] = place.startRoad
    const end = isLoop ? startM + lengthM - 1 : startM + lengthM
    for (let i = startM; i < end; i++, k++) {
      heightCount[i + 1] = heightCount[i]! + slopeCount[i]! + slopeCount[i + 1]!
      PLACE_COLUMNS.forEach((name, axis) => (columns[name][i + 1] = columns[name][i]! + steps[axis]![k]!))
    }
    const lastZ = isLoop ? heightCount[end]! + slopeCount[end]! + slopeCount[startM]! : heightCount[end]!
    if (lastZ !== head.endZ) return `course.bin: way ${way}: height is not the sum of slopes`
    const [dx, dy] = [steps[0]![k]!, steps[1]![k]!]
    k++
    if (columns.xMm[end]! + dx !== place.endX || columns.yMm[end]! + dy !== place.endY)
      return `course.bin: way ${way}: its places do not add up`
    if (!isLoop && (dx !== 0 || dy !== 0)) return `course.bin: way ${way}: a step beyond its end`
    if (!isLoop && ways.length > 1) layGuard(columns, startM + lengthM)
  }
  return undefined
}

/** Slope is below 0.3 (grade 31 %): steeper is a mistake. Between neighbours it may not jump by more than 2 % of grade. */
const SLOPE_MAX_COUNT = 19660
const SLOPE_JUMP_MAX_COUNT = 1311
/** The length of a direction may be this far from one, squared and in counts: half a count of rounding per axis, and a bit. */
const DIRECTION_SLACK = 4 * 32767
const HEIGHT_MAX_COUNT = 2_000_000_000
const PLACE_MAX_MM = 1_000_000_000

/** Every complaint, at most one of a kind: the ways are ridable, and their heights are the exact sums of their slopes. */
export function complaintsAboutColumns(columns: BakedColumns): readonly string[] {
  const { isLoop, ways, surfaces, slopeCount, heightCount, widthCm, xMm, yMm, eastCount, northCount } = columns
  const found = new Map<string, string>()
  surfaces.forEach(({ crrCount, gripCount }, n) => {
    if (crrCount < 1 || crrCount > 6554 || gripCount < 100 || gripCount > 1536)
      found.set('surface', `course.bin: surface ${n}: rolling resistance or grip is not in its range`)
  })
  ways.forEach(({ startM, lengthM }, way) => {
    const complain = (kind: string, i: number, text: string) => {
      const where = ways.length === 1 ? `metre ${i}` : `way ${way}, metre ${i - startM}`
      if (!found.has(kind)) found.set(kind, `course.bin: ${where}: ${text}`)
    }
    const last = isLoop ? lengthM - 1 : lengthM
    for (let i = startM; i <= startM + last; i++) {
      if (Math.abs(slopeCount[i]!) > SLOPE_MAX_COUNT) complain('slope', i, 'steeper than 30 %')
      if (widthCm[i]! < 100 || widthCm[i]! > 5000)
        complain('width', i, `${widthCm[i]! / 100} m wide; 1 … 50 m are allowed`)
      if (columns.surface[i]! >= surfaces.length) complain('surface', i, 'no such surface')
      const [east, north] = [eastCount[i]!, northCount[i]!]
      if (Math.abs(east * east + north * north - 32767 * 32767) > DIRECTION_SLACK)
        complain('direction', i, 'its direction has not the length one')
      if (Math.abs(heightCount[i]!) > HEIGHT_MAX_COUNT) complain('high', i, 'outside of the world')
      if (Math.abs(xMm[i]!) > PLACE_MAX_MM || Math.abs(yMm[i]!) > PLACE_MAX_MM)
        complain('far', i, 'outside of the world')
    }
    for (let i = startM; i < startM + lengthM; i++) {
      const j = isLoop && i === startM + last ? startM : i + 1
      if (heightCount[j]! - heightCount[i]! !== slopeCount[i]! + slopeCount[j]!)
        complain('height', i, 'height is not the sum of slopes')
      if (Math.abs(slopeCount[j]! - slopeCount[i]!) > SLOPE_JUMP_MAX_COUNT)
        complain('jump', i, 'slope jumps by more than 2 %')
      const dx = (xMm[j]! - xMm[i]!) * 0.001
      const dy = (yMm[j]! - yMm[i]!) * 0.001
      if (dx * dx + dy * dy > 1.44) complain('gap', i, 'the next position is farther than a metre')
    }
  })
  return [...found.values()]
}
