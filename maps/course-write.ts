import { Writer } from './bytes.ts'
import {
  COURSE_FILE_VERSION,
  EXIT_BYTES,
  HEADER_BYTES,
  MAGIC,
  PHYSICS_BYTES,
  PHYSICS_COLUMNS,
  PLACE_BYTES,
  PLACE_COLUMNS,
  SURFACE_BYTES,
  WAY_BYTES,
  WAY_PLACE_BYTES,
  samplesWithoutGuards,
} from './course-file.ts'
import type { BakedColumns } from './format.ts'
import { sha256Hex } from './sha256.ts'

/** course.bin as it is written, and the hashes that name it: for who makes roads. Who rides them only reads (course-file.ts). */
export function encodeCourse(columns: BakedColumns): Uint8Array<ArrayBuffer> {
  const { isLoop, ways, surfaces } = columns
  const samples = samplesWithoutGuards(columns)
  const exits = ways.reduce((sum, way) => sum + way.exits.length, 0)
  const headBytes = HEADER_BYTES + surfaces.length * SURFACE_BYTES + ways.length * WAY_BYTES + exits * EXIT_BYTES
  const bytes = new Uint8Array(headBytes + samples.length * PHYSICS_BYTES + placeBytes(columns, samples.length))
  const writer = new Writer(bytes)
  writer.u32(MAGIC)
  writer.u16(COURSE_FILE_VERSION)
  writer.u16(isLoop ? 1 : 0)
  writer.u32(samples.length)
  writer.u16(ways.length)
  writer.u16(surfaces.length)
  for (const { crrCount, gripCount } of surfaces) {
    writer.u16(crrCount)
    writer.u16(gripCount)
  }
  for (const { startM, lengthM, exits: following } of ways) {
    const end = isLoop ? startM : startM + lengthM
    writer.u32(lengthM)
    writer.u32(columns.heightCount[startM]!)
    writer.u32(columns.heightCount[end]!)
    writer.u16(following.length)
    for (const { way, turn } of following) {
      writer.u16(way)
      writer.u16(turn)
    }
  }
  for (const [name, width] of PHYSICS_COLUMNS)
    for (const i of samples) {
      if (width === 2) writer.u16(columns[name][i]!)
      else writer.u8(columns[name][i]!)
    }
  for (const { startM, lengthM } of ways) {
    for (const at of [startM, isLoop ? startM : startM + lengthM]) {
      writer.u32(columns.xMm[at]!)
      writer.u32(columns.yMm[at]!)
    }
    writer.u32(columns.roadCm[startM]!)
  }
  for (const name of PLACE_COLUMNS) {
    const values = columns[name]
    for (let k = 0; k < samples.length; k++) {
      const i = samples[k]!
      // To the next sample; the last one of a way that ends has none, the last one of a loop leads to the first.
      const isLast = k + 1 === samples.length || samples[k + 1]! !== i + 1
      writer.u16(isLast ? (isLoop && name !== 'roadCm' ? values[0]! - values[i]! : 0) : values[i + 1]! - values[i]!)
    }
  }
  return bytes
}

function placeBytes({ ways }: BakedColumns, samples: number): number {
  return ways.length * WAY_PLACE_BYTES + samples * PLACE_BYTES
}

/** Names what physics reads: all of the file but road metres. Gusts blow over places, so places are among it. */
export function courseHash(columns: BakedColumns): string {
  const bytes = encodeCourse(columns)
  return sha256Hex(bytes.subarray(0, bytes.length - roadBytes(columns)))
}

/** Names what only the picture reads: road metres, and the scenery words of the map file. */
export function sceneryHash(columns: BakedColumns, scenery: Uint8Array): string {
  const bytes = encodeCourse(columns)
  return sha256Hex(bytes.subarray(bytes.length - roadBytes(columns)), scenery)
}

function roadBytes(columns: BakedColumns): number {
  return samplesWithoutGuards(columns).length * 2
}
