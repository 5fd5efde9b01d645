import { decoded, refused, type Decoded } from '#protocol/decoded'

/** More than a week of riding at one point a second; nobody needs more in one file. */
const RECORDED_POINTS_MAX = 500_000
const TITLE_CHARS_MAX = 120
/** How a complaint about a file without a way in it ends. */
export const TOO_FEW_POINTS = 'track points with a position; a road needs two or more'
/** The highest a recorder may say that it was, m; deeper than any road below the sea. */
export const HEIGHT_MAX_M = 10_000

export interface RecordedPoint {
  readonly latDeg: number
  readonly lonDeg: number
  /** Undefined where the file has none. */
  readonly heightM: number | undefined
  /** ms since 1970. */
  readonly timeMs: number | undefined
}

/** What a GPX, TCX or FIT file holds for us. */
export interface Recording {
  readonly title: string | undefined
  readonly points: readonly RecordedPoint[]
  /** Index of the first point of each segment. */
  readonly segmentStarts: readonly number[]
  /** Where a point stands in the file, for complaints: `point 812, line 4071`. */
  readonly placeOf: (index: number) => string
}

/** Collects the points of one file; the limits are here. */
export class RecordingBuilder {
  readonly points: RecordedPoint[] = []
  readonly #indices: number[] = []
  readonly #segmentStarts: number[] = []
  #isNewSegment = true
  title: string | undefined

  startSegment(): void {
    this.#isNewSegment = true
  }

  /** `index` is where the point stands in the file. The answer is a complaint. */
  add(point: RecordedPoint, index: number): string | undefined {
    if (this.points.length >= RECORDED_POINTS_MAX)
      return `point ${RECORDED_POINTS_MAX + 1}: files of up to ${RECORDED_POINTS_MAX} points are read`
    if (this.#isNewSegment) this.#segmentStarts.push(this.points.length)
    this.#isNewSegment = false
    this.points.push(point)
    this.#indices.push(index)
    return undefined
  }

  /** `where` is for the complaint, `placeAt` turns an index of the file into words. */
  build(where: string, placeAt: (index: number) => string): Decoded<Recording, string> {
    const { points, title } = this
    if (points.length < 2) return refused(`${where}: ${points.length} ${TOO_FEW_POINTS}`)
    const indices = this.#indices
    return decoded({
      title: title === undefined || title === '' ? undefined : title.slice(0, TITLE_CHARS_MAX),
      points,
      segmentStarts: this.#segmentStarts,
      placeOf: (index) => `point ${index + 1}, ${placeAt(indices[index] ?? 0)}`,
    })
  }
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
  if (height !== undefined && height !== '' && (heightM === undefined || Math.abs(heightM) > HEIGHT_MAX_M))
    return refused(`height ${quoted(height)} is not in −${HEIGHT_MAX_M} … ${HEIGHT_MAX_M} m`)
  const timeMs = time === undefined ? NaN : Date.parse(time)
  return decoded({ latDeg, lonDeg, heightM, timeMs: Number.isNaN(timeMs) ? undefined : timeMs })
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
