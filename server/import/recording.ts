import { decoded, refused, type Decoded } from '#protocol/decoded'
import type { XmlNode } from './xml.ts'

/** More than a year of riding at one point a second on the hour; nobody needs them in one file. */
const RECORDED_POINTS_MAX = 500_000

export interface RecordedPoint {
  readonly latDeg: number
  readonly lonDeg: number
  /** Undefined where the file has none. */
  readonly heightM: number | undefined
  /** ms since 1970. */
  readonly timeMs: number | undefined
}

/** What a GPX or TCX holds for us. */
export interface Recording {
  readonly title: string | undefined
  readonly points: readonly RecordedPoint[]
}

/** One point from the texts of a file; the complaint says which and why. */
export function pointFrom(
  lat: string | undefined,
  lon: string | undefined,
  height: string | undefined,
  time: string | undefined,
): Decoded<RecordedPoint, string> {
  const latDeg = numberIn(lat)
  const lonDeg = numberIn(lon)
  if (latDeg === undefined || Math.abs(latDeg) > 90) return refused(`latitude ${quoted(lat)} is not in −90 … 90`)
  if (lonDeg === undefined || Math.abs(lonDeg) > 180) return refused(`longitude ${quoted(lon)} is not in −180 … 180`)
  const heightM = height === undefined || height === '' ? undefined : numberIn(height)
  if (height !== undefined && height !== '' && (heightM === undefined || Math.abs(heightM) > 10_000))
    return refused(`height ${quoted(height)} is not in −10000 … 10000 m`)
  const timeMs = time === undefined ? NaN : Date.parse(time)
  return decoded({ latDeg, lonDeg, heightM, timeMs: Number.isNaN(timeMs) ? undefined : timeMs })
}

/** `where` names file and place, for the complaint. */
export function recordingFrom(
  where: string,
  points: readonly RecordedPoint[],
  title?: string,
): Decoded<Recording, string> {
  if (points.length < 2)
    return refused(`${where}: ${points.length} track points with a position; a road needs two or more`)
  if (points.length > RECORDED_POINTS_MAX)
    return refused(`${where}: ${points.length} points; up to ${RECORDED_POINTS_MAX} are read`)
  return decoded({ title: title?.slice(0, 120), points })
}

export function textIn(node: XmlNode, tag: string): string | undefined {
  return node.children.find((child) => child.tag === tag)?.text
}

/** Decimal only: no hexadecimal, no blanks, nothing that Number() would forgive. */
function numberIn(text: string | undefined): number | undefined {
  if (text === undefined || text.length > 40 || !/^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d{1,3})?$/.test(text))
    return undefined
  const value = Number(text)
  return Number.isFinite(value) ? value : undefined
}

function quoted(text: string | undefined): string {
  if (text === undefined) return '(none)'
  // oxlint-disable-next-line no-control-regex -- what a hostile file says must not move anybody's cursor.
  const clean = text.replaceAll(/[\u0000-\u001f\u007f-\u009f]/g, ' ')
  return JSON.stringify(clean.length > 30 ? `${clean.slice(0, 29)}…` : clean)
}
