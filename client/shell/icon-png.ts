import { deflateSync } from 'node:zlib'

/** The icon of pages/icon.svg as pixels: phones and desktops want PNG. Runs when the page is built, and draws nothing else. */

type Point = readonly [x: number, y: number]
interface Paint {
  readonly color: readonly [red: number, green: number, blue: number]
  contains(x: number, y: number): boolean
}

/** Of the drawing, which is so large. */
const SIDE = 32
const RADIUS = 8
/** Samples across a pixel: edges are smooth. */
const FINE = 4
const GROUND = [0x24, 0x1d, 0x18] as const
const SUN = [0xff, 0xb0, 0x67] as const

/** The hill: M3 27 C9 27 8 17 14 17 s3 6 8 4 3-12 8-15 v21 z. */
const HILL: readonly Point[] = [
  ...cubic([3, 27], [9, 27], [8, 17], [14, 17]),
  ...cubic([14, 17], [20, 17], [17, 23], [22, 21]),
  ...cubic([22, 21], [27, 19], [25, 9], [30, 6]),
  [30, 27],
]
/** The road up it: M15 27 c2-3 8-3 7-7, so wide. */
const ROAD: readonly Point[] = cubic([15, 27], [17, 24], [23, 24], [22, 20])
const ROAD_WIDE = 1.6

/** `isMaskable`: the ground to every edge and the drawing well inside, for systems that cut icons their own way. */
export function iconPng(sidePx: number, isMaskable = false): Uint8Array {
  const inset = isMaskable ? 0.14 * SIDE : 0
  const scale = SIDE / (SIDE - 2 * inset)
  const paints: readonly Paint[] = [
    { color: GROUND, contains: (x, y) => isMaskable || isInRounded(x, y) },
    { color: SUN, contains: (x, y) => isInside((x - inset) * scale, (y - inset) * scale, HILL) },
    { color: GROUND, contains: (x, y) => isNear((x - inset) * scale, (y - inset) * scale, ROAD, ROAD_WIDE / 2) },
  ]
  const rows = new Uint8Array(sidePx * (1 + 4 * sidePx))
  const corners = cornersOf(sidePx, paints)
  for (let row = 0; row < sidePx; row++) {
    const at = row * (1 + 4 * sidePx)
    for (let column = 0; column < sidePx; column++) {
      rows.set(pixel(column, row, sidePx, paints, corners), at + 1 + 4 * column)
    }
  }
  return png(sidePx, rows)
}

/** Which paint lies on top at each corner of each pixel; −1: none. */
function cornersOf(sidePx: number, paints: readonly Paint[]): Int8Array {
  const across = sidePx + 1
  const corners = new Int8Array(across * across)
  for (let i = 0; i < corners.length; i++) {
    const x = ((i % across) * SIDE) / sidePx
    const y = (Math.floor(i / across) * SIDE) / sidePx
    corners[i] = paints[0]!.contains(x, y) ? paints.findLastIndex((paint) => paint.contains(x, y)) : -1
  }
  return corners
}

function pixel(
  column: number,
  row: number,
  sidePx: number,
  paints: readonly Paint[],
  corners: Int8Array,
): readonly number[] {
  // Where all corners are of one paint there is no edge to smooth.
  const at = row * (sidePx + 1) + column
  const first = corners[at]!
  if (corners[at + 1] === first && corners[at + sidePx + 1] === first && corners[at + sidePx + 2] === first)
    return first < 0 ? [0, 0, 0, 0] : [...paints[first]!.color, 255]
  let [red, green, blue, covered] = [0, 0, 0, 0]
  for (let i = 0; i < FINE * FINE; i++) {
    const x = ((column + ((i % FINE) + 0.5) / FINE) * SIDE) / sidePx
    const y = ((row + (Math.floor(i / FINE) + 0.5) / FINE) * SIDE) / sidePx
    const top = paints.findLast((paint) => paint.contains(x, y))
    if (top === undefined || !paints[0]!.contains(x, y)) continue
    covered++
    red += top.color[0]
    green += top.color[1]
    blue += top.color[2]
  }
  if (covered === 0) return [0, 0, 0, 0]
  const mean = (sum: number): number => Math.round(sum / covered)
  return [mean(red), mean(green), mean(blue), Math.round((255 * covered) / (FINE * FINE))]
}

function isInRounded(x: number, y: number): boolean {
  const outX = Math.max(RADIUS - x, x - (SIDE - RADIUS), 0)
  const outY = Math.max(RADIUS - y, y - (SIDE - RADIUS), 0)
  return outX * outX + outY * outY <= RADIUS * RADIUS
}

function isInside(x: number, y: number, outline: readonly Point[]): boolean {
  if (y > 27 || y < 6 || x < 3 || x > 30) return false
  let isIn = false
  for (let i = 0, before = outline.length - 1; i < outline.length; before = i++) {
    const [ax, ay] = outline[i]!
    const [bx, by] = outline[before]!
    if (ay > y !== by > y && x < ((bx - ax) * (y - ay)) / (by - ay) + ax) isIn = !isIn
  }
  return isIn
}

function isNear(x: number, y: number, line: readonly Point[], within: number): boolean {
  if (y > 28 || y < 19 || x < 14 || x > 24) return false
  for (let i = 1; i < line.length; i++) {
    const [ax, ay] = line[i - 1]!
    const [bx, by] = line[i]!
    const along = ((x - ax) * (bx - ax) + (y - ay) * (by - ay)) / ((bx - ax) ** 2 + (by - ay) ** 2)
    const t = Math.min(1, Math.max(0, along))
    if (Math.hypot(x - ax - t * (bx - ax), y - ay - t * (by - ay)) <= within) return true
  }
  return false
}

function cubic(a: Point, b: Point, c: Point, d: Point): Point[] {
  return Array.from({ length: 17 }, (_, i) => {
    const t = i / 16
    const of = (axis: 0 | 1): number =>
      (1 - t) ** 3 * a[axis] + 3 * (1 - t) ** 2 * t * b[axis] + 3 * (1 - t) * t * t * c[axis] + t ** 3 * d[axis]
    return [of(0), of(1)] as const
  })
}

/** PNG 1.2: signature, IHDR (8 bits, RGBA), IDAT, IEND. Rows come with their filter byte, 0. */
function png(sidePx: number, rows: Uint8Array): Uint8Array {
  const header = new DataView(new ArrayBuffer(13))
  header.setUint32(0, sidePx)
  header.setUint32(4, sidePx)
  header.setUint8(8, 8)
  header.setUint8(9, 6)
  const chunks = [
    chunk('IHDR', new Uint8Array(header.buffer)),
    chunk('IDAT', deflateSync(rows)),
    chunk('IEND', new Uint8Array(0)),
  ]
  return Buffer.concat([Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a), ...chunks])
}

function chunk(type: string, data: Uint8Array): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data])
  const frame = Buffer.alloc(8)
  frame.writeUInt32BE(data.length, 0)
  frame.writeUInt32BE(crc32(body), 4)
  return Buffer.concat([frame.subarray(0, 4), body, frame.subarray(4)])
}

function crc32(bytes: Uint8Array): number {
  let crc = 0xffffffff
  for (const byte of bytes) {
    crc ^= byte
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0)
  }
  return (crc ^ 0xffffffff) >>> 0
}
