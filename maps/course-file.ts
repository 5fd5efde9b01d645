import { type BakedColumns } from './format.ts'
import { checked, complaints, type Checked } from './result.ts'
import { sha256Hex } from './sha256.ts'

/**
 * course.bin, little-endian: "GCRS", u16 version, u16 flags (bit 0: loop), u32 count, u32 zero; then the columns one
 * after the other, first what physics reads (height i32, slope i16, width u16, crr u16), then the picture's (x i32, y i32).
 */
const COURSE_FILE_VERSION = 1
/** 200 km; nobody needs a longer file, and a hostile one ends here. */
export const COURSE_SAMPLES_MAX = 200_000
const COURSE_SAMPLES_MIN = 16
const MAGIC = 0x53524347 // "GCRS", read little-endian.
const HEADER_BYTES = 16
const PHYSICS_BYTES = 4 + 2 + 2 + 2
const SCENERY_BYTES = 4 + 4

export function encodeCourse(columns: BakedColumns): Uint8Array<ArrayBuffer> {
  const { count, isLoop } = columns
  const bytes = new Uint8Array(HEADER_BYTES + count * (PHYSICS_BYTES + SCENERY_BYTES))
  const view = new DataView(bytes.buffer)
  view.setUint32(0, MAGIC, true)
  view.setUint16(4, COURSE_FILE_VERSION, true)
  view.setUint16(6, isLoop ? 1 : 0, true)
  view.setUint32(8, count, true)
  let at = HEADER_BYTES
  for (let i = 0; i < count; i++, at += 4) view.setInt32(at, columns.heightCount[i]!, true)
  for (let i = 0; i < count; i++, at += 2) view.setInt16(at, columns.slopeCount[i]!, true)
  for (let i = 0; i < count; i++, at += 2) view.setUint16(at, columns.widthCm[i]!, true)
  for (let i = 0; i < count; i++, at += 2) view.setUint16(at, columns.crrCount[i]!, true)
  for (let i = 0; i < count; i++, at += 4) view.setInt32(at, columns.xMm[i]!, true)
  for (let i = 0; i < count; i++, at += 4) view.setInt32(at, columns.yMm[i]!, true)
  return bytes
}

/** Checked to its last bit: what comes out is a road that physics may ride. */
export function decodeCourse(bytes: Uint8Array): Checked<BakedColumns> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  if (bytes.length < HEADER_BYTES || view.getUint32(0, true) !== MAGIC)
    return complaints('course.bin: does not begin with GCRS; bake the map again (gruppetto bake)')
  const version = view.getUint16(4, true)
  if (version !== COURSE_FILE_VERSION)
    return complaints(`course.bin: version ${version}, this program reads ${COURSE_FILE_VERSION}; bake the map again`)
  const flags = view.getUint16(6, true)
  const count = view.getUint32(8, true)
  if (flags > 1 || view.getUint32(12, true) !== 0) return complaints('course.bin: unknown flags in its header')
  if (count < COURSE_SAMPLES_MIN || count > COURSE_SAMPLES_MAX)
    return complaints(
      `course.bin: ${count} samples; between ${COURSE_SAMPLES_MIN} and ${COURSE_SAMPLES_MAX} are allowed`,
    )
  const expected = HEADER_BYTES + count * (PHYSICS_BYTES + SCENERY_BYTES)
  if (bytes.length !== expected)
    return complaints(`course.bin: ${bytes.length} bytes, ${count} samples need ${expected}; it was cut or has a tail`)
  const columns: BakedColumns = {
    count,
    isLoop: flags === 1,
    heightCount: new Int32Array(count),
    slopeCount: new Int16Array(count),
    widthCm: new Uint16Array(count),
    crrCount: new Uint16Array(count),
    xMm: new Int32Array(count),
    yMm: new Int32Array(count),
  }
  let at = HEADER_BYTES
  for (let i = 0; i < count; i++, at += 4) columns.heightCount[i] = view.getInt32(at, true)
  for (let i = 0; i < count; i++, at += 2) columns.slopeCount[i] = view.getInt16(at, true)
  for (let i = 0; i < count; i++, at += 2) columns.widthCm[i] = view.getUint16(at, true)
  for (let i = 0; i < count; i++, at += 2) columns.crrCount[i] = view.getUint16(at, true)
  for (let i = 0; i < count; i++, at += 4) columns.xMm[i] = view.getInt32(at, true)
  for (let i = 0; i < count; i++, at += 4) columns.yMm[i] = view.getInt32(at, true)
  const wrong = complaintsAboutColumns(columns)
  return wrong.length > 0 ? complaints(...wrong) : checked(columns)
}

/** Names what physics reads: loop, count, height, slope, width, crr. 64 hex digits. */
export function courseHash(columns: BakedColumns): string {
  return sha256Hex(encodeCourse(columns).subarray(0, HEADER_BYTES + columns.count * PHYSICS_BYTES))
}

/** Names what only the picture reads: positions, and the scenery words of the map file. */
export function sceneryHash(columns: BakedColumns, scenery: Uint8Array): string {
  return sha256Hex(encodeCourse(columns).subarray(HEADER_BYTES + columns.count * PHYSICS_BYTES), scenery)
}

/** Slope is below 0.3 (grade 31 %): steeper is a mistake. Between neighbours it may not jump by more than 2 % of grade. */
const SLOPE_MAX_COUNT = 19660
const SLOPE_JUMP_MAX_COUNT = 1311

/** Every complaint, at most one of a kind: a road is ridable, and its heights are the exact sum of its slopes. */
export function complaintsAboutColumns(columns: BakedColumns): readonly string[] {
  const { count, isLoop, slopeCount, heightCount, widthCm, crrCount, xMm, yMm } = columns
  const found = new Map<string, string>()
  const complain = (kind: string, i: number, text: string) => {
    if (!found.has(kind)) found.set(kind, `course.bin: metre ${i}: ${text}`)
  }
  const steps = isLoop ? count : count - 1
  for (let i = 0; i < count; i++) {
    if (Math.abs(slopeCount[i]!) > SLOPE_MAX_COUNT) complain('slope', i, 'steeper than 30 %')
    if (widthCm[i]! < 200 || widthCm[i]! > 5000)
      complain('width', i, `${widthCm[i]! / 100} m wide; 2 … 50 m are allowed`)
    const crr = crrCount[i]!
    if (crr < 1 || crr > 6554) complain('crr', i, 'rolling resistance is not in 0 … 0.1')
  }
  for (let i = 0; i < steps; i++) {
    const j = i + 1 === count ? 0 : i + 1
    const slopes = slopeCount[i]! + slopeCount[j]!
    if (heightCount[j]! - heightCount[i]! !== slopes) complain('height', i, 'height is not the sum of slopes')
    if (Math.abs(slopeCount[j]! - slopeCount[i]!) > SLOPE_JUMP_MAX_COUNT)
      complain('jump', i, 'slope jumps by more than 2 %')
    const dx = (xMm[j]! - xMm[i]!) * 0.001
    const dy = (yMm[j]! - yMm[i]!) * 0.001
    if (dx * dx + dy * dy > 1.05) complain('gap', i, 'the next position is farther than a metre')
  }
  return [...found.values()]
}
