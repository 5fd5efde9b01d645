import type { Carriageway } from './carriageways.ts'
import { CROWN_UP_M, EDGE_UP_M, type Corner, type Junction } from './junctions.ts'
import type { Land } from './land.ts'
import type { Chunk, Part } from './piece.ts'
import { batchOf, sphereOf } from './mason.ts'
import type { RoadStyle } from './road-style.ts'
import { createSpot, ringsAlong, spotAt, type Path } from './path.ts'
import type { Quality } from './view-types.ts'

/** Height of the asphalt above the baked height, across a carriageway. */
export function crownAt(lateralM: number, halfWidthM: number): number {
  return CROWN_UP_M - (CROWN_UP_M - EDGE_UP_M) * Math.min(1, Math.abs(lateralM) / halfWidthM)
}

/** Where a line is painted across a carriageway. */
export interface PaintedLine {
  readonly path: Path
  readonly atM: number
  readonly isStart: boolean
}

/** What lies beyond the asphalt: gravel and a ditch, a kerb and pavement, a bridge's footway, the same under a roof. */
export const MARGIN = { shoulder: 0, pavement: 1, footway: 2, gallery: 3 } as const
/** From the asphalt to the back of a pavement, and to a bridge's parapet, m. */
export const PAVEMENT_M = 2.6
export const FOOTWAY_M = 0.75
const KERB_UP_M = 0.13
/** Beyond the edge: metres out and up, from the kerb outwards. Each margin has as many, so that one turns into another. */
const MARGINS: readonly (readonly (readonly [outM: number, upM: number])[])[] = [
  [
    [0.02, EDGE_UP_M],
    [0.5, -0.03],
    [1.5, -0.62],
  ],
  [
    [0.03, KERB_UP_M],
    [PAVEMENT_M, KERB_UP_M + 0.04],
    [PAVEMENT_M + 0.12, -0.5],
  ],
  [
    [0.03, KERB_UP_M],
    [FOOTWAY_M, KERB_UP_M],
    [FOOTWAY_M + 0.05, -0.2],
  ],
  [
    [0.03, KERB_UP_M],
    [FOOTWAY_M, KERB_UP_M],
    [FOOTWAY_M + 0.05, -0.2],
  ],
]
const OUT = 3
const PER_RING = 2 * OUT + 3

/** Stretches of road are drawn up to here from the eye, m. */
const SEEN_M: Record<Quality, number> = { test: 500, low: 400, medium: 800, high: 2800 }

/**
 * Attributes of a road's vertices. `road`: metres right of the middle, metres along, half the width, metres beyond the
 * nearest painted line. `mark`: middle line (0 none, 1 dashes, 2 solid), margin (MARGIN; −1 inside a junction), surface,
 * 0.9 × age (2 more where the painted line is chequered, 4 more for each country).
 */
const NO_LINE_M = 10_000
const CHUNK_M = 170
/** Line of sight below which nobody may overtake: over a crest, round a bend, before a junction. */
const SIGHT_BEND_PER_M = 1 / 130
const SIGHT_CREST_PER_M = -1 / 900
const BEFORE_JUNCTION_M = 26
const MIDDLE_LINE_HALF_M = 2.75
/** A junction's own asphalt has no edge to speak of. */
const JUNCTION_HALF_M = 1000
/** So far beyond the edge a shoulder is all grass (the shader's). */
const TURF_BEYOND_M = 1.4

/** Every road and junction as ribbons and sheets, one draw; what is painted on them is the fragment shader's. */
export function* buildRoads(
  roads: readonly Carriageway[],
  junctions: readonly Junction[],
  land: Pick<Land, 'isTown'>,
  lines: readonly PaintedLine[],
  style: RoadStyle,
  quality: Quality,
): Generator<Part> {
  const everyM = quality === 'high' || quality === 'medium' ? 2 : 4
  const chunks: Chunk[] = []
  const context: Context = { land, lines, seenM: SEEN_M[quality], country: 4 * style.number, chunks }
  for (const road of roads) ribbon(road, everyM, context)
  for (const junction of junctions) sheet(junction, context)
  yield* batchOf('roads', 'road', chunks, { hasShadow: false })
}

interface Context {
  readonly land: Pick<Land, 'isTown'>
  readonly lines: readonly PaintedLine[]
  readonly seenM: number
  readonly country: number
  readonly chunks: Chunk[]
}

/** 0 … 1: each road was laid in a year of its own. */
export function ageOf(name: string): number {
  let hash = 7
  for (let i = 0; i < name.length; i++) hash = (Math.imul(hash, 31) + name.charCodeAt(i)) | 0
  return ((hash >>> 8) % 1000) / 1000
}

export function marginAt(road: Carriageway, sample: number, isTown: boolean): number {
  if (road.isRoofed[sample] === 1) return MARGIN.gallery
  if (road.isAloft[sample] === 1) return MARGIN.footway
  return isTown ? MARGIN.pavement : MARGIN.shoulder
}

function ribbon(road: Carriageway, everyM: number, { land, lines, seenM, country, chunks }: Context): void {
  const { path, surface } = road
  const own = lines.filter((line) => line.path === path)
  const rings = ringsAlong(path, everyM, 4 * everyM)
  const age = ageOf(road.name)
  const spot = createSpot()
  let sheet = new Sheet()
  let fromM = 0
  rings.forEach((atM, r) => {
    const sample = Math.min(path.count - 1, Math.floor(atM))
    const half = path.halfWidthM[sample]!
    spotAt(path, atM, 0, spot)
    const margin = marginAt(road, sample, land.isTown(spot.x, spot.z))
    const middle = middleLineAt(road, sample)
    let beyondM = NO_LINE_M
    let isStart = false
    for (const line of own) {
      if (Math.abs(atM - line.atM) >= Math.abs(beyondM)) continue
      beyondM = atM - line.atM
      isStart = line.isStart
    }
    const put = (): void => {
      const outer = MARGINS[margin]!
      for (let j = 0; j < PER_RING; j++) {
        const side = j < OUT + 1 ? -1 : 1
        const out = j < OUT ? outer[OUT - 1 - j]! : j > OUT + 2 ? outer[j - OUT - 3]! : ([0, EDGE_UP_M] as const)
        const lateralM = j === OUT + 1 ? 0 : side * (half + out[0])
        const up = j === OUT + 1 ? CROWN_UP_M : out[1]
        spotAt(path, atM, lateralM, spot)
        const tilt = j === 0 || j === PER_RING - 1 ? side * 0.5 : 0
        sheet.vertex(
          spot.x,
          spot.y + up,
          spot.z,
          -spot.dirX * spot.slope - spot.dirZ * tilt,
          -spot.dirZ * spot.slope + spot.dirX * tilt,
        )
        sheet.road.push(lateralM, atM, half, beyondM)
        sheet.mark.push(middle, margin, surface[sample]!, country + age * 0.9 + (isStart ? 2 : 0))
      }
    }
    put()
    const isLast = r === rings.length - 1
    if (sheet.rings++ > 0) sheet.join(PER_RING)
    if (!isLast && atM - fromM > CHUNK_M) {
      chunks.push(sheet.finish(seenM))
      sheet = new Sheet()
      fromM = atM
      put()
      sheet.rings = 1
    }
  })
  if (sheet.rings > 1) chunks.push(sheet.finish(seenM))
}

/** None on lanes, solid where one cannot see far enough, else dashes. */
function middleLineAt(road: Carriageway, sample: number): number {
  const { path, against, surface } = road
  if ((against < 0 && !path.isLoop) || path.halfWidthM[sample]! < MIDDLE_LINE_HALF_M || surface[sample]! >= 2) return 0
  const isEnd = !path.isLoop && Math.min(sample, path.count - 1 - sample) < BEFORE_JUNCTION_M && road.fromNode !== ''
  if (isEnd) return 2
  const at = (o: number): number =>
    path.isLoop ? (sample + o + path.count) % path.count : Math.min(path.count - 1, Math.max(0, sample + o))
  for (let o = -20; o <= 20; o += 5) if (Math.abs(path.bendPerM[at(o)]!) > SIGHT_BEND_PER_M) return 2
  return (path.slope[at(25)]! - path.slope[at(-25)]!) / 50 < SIGHT_CREST_PER_M ? 2 : 1
}

/** A junction: its asphalt, and along its rim what the roads' margins go on as. */
function sheet(junction: Junction, { land, seenM, country, chunks }: Context): void {
  const { place, index, surface, outline, arms, island } = junction
  const own = new Sheet()
  const age = country / 0.9 + arms.reduce((sum, { road }) => sum + ageOf(road.name), 0) / arms.length
  const count = place.length / 3
  for (let k = 0; k < count; k++) {
    const [x, y, z] = [place[3 * k]!, place[3 * k + 1]!, place[3 * k + 2]!]
    own.vertex(x, y, z, 0, 0)
    own.road.push(x, z, JUNCTION_HALF_M, NO_LINE_M)
    own.mark.push(0, -1, surface[k]!, age * 0.9)
  }
  own.index.push(...index)
  rim(outline, land, own, age)
  if (island !== undefined) {
    const corners = Array.from({ length: 20 }, (_, k): Corner => {
      const [s, c] = [Math.sin((k / 20) * 2 * Math.PI), Math.cos((k / 20) * 2 * Math.PI)]
      const r = island.radiusM
      return { x: island.x + s * r, y: island.y - 0.02, z: island.z + c * r, outX: -s, outZ: -c, isMouth: false }
    })
    raised(corners, island, own)
  }
  chunks.push(own.finish(seenM))
}

function rim(outline: readonly Corner[], land: Pick<Land, 'isTown'>, own: Sheet, age: number): void {
  let atM = 0
  outline.forEach((corner, k) => {
    const next = outline[(k + 1) % outline.length]!
    // From mouth to mouth along a corner; the points of a mouth itself join nothing.
    if (corner.isMouth) return
    const first = own.count
    const lengthM = Math.sqrt((next.x - corner.x) ** 2 + (next.z - corner.z) ** 2)
    const margin = land.isTown(corner.x, corner.z) ? MARGIN.pavement : MARGIN.shoulder
    for (const [point, along] of [
      [corner, atM],
      [next, atM + lengthM],
    ] as const) {
      const half = 4
      own.vertex(point.x, point.y, point.z, 0, 0)
      own.road.push(half, along, half, NO_LINE_M)
      own.mark.push(0, margin, 0, age * 0.9)
      for (const [outM, upM] of MARGINS[margin]!) {
        own.vertex(
          point.x + point.outX * outM,
          point.y - EDGE_UP_M + upM,
          point.z + point.outZ * outM,
          outM > 1.2 && upM < 0 ? point.outX * 0.5 : 0,
          outM > 1.2 && upM < 0 ? point.outZ * 0.5 : 0,
        )
        own.road.push(half + outM, along, half, NO_LINE_M)
        own.mark.push(0, margin, 0, age * 0.9)
      }
    }
    const per = OUT + 1
    for (let j = 0; j < OUT; j++) own.quad(first + j, first + j + 1, first + per + j, first + per + j + 1)
    atM += lengthM
  })
}

/** An island: kerbstones, and turf within, through which the land's flowers grow. */
function raised(corners: readonly Corner[], middle: { x: number; y: number; z: number }, own: Sheet): void {
  const first = own.count
  // Far beyond the edge, and mottled by the place itself.
  const turf = (x: number, z: number): void => {
    own.road.push(4 + TURF_BEYOND_M + 8 + x - middle.x, z - middle.z, 4, NO_LINE_M)
  }
  for (const { x, y, z, outX, outZ } of corners) {
    for (const [inM, upM, beyondM, margin] of [
      [0, 0, 0, MARGIN.pavement],
      [0.03, KERB_UP_M, 0.03, MARGIN.pavement],
      [0.28, KERB_UP_M + 0.02, 0.24, MARGIN.pavement],
      [0.28, KERB_UP_M + 0.02, TURF_BEYOND_M, MARGIN.shoulder],
    ] as const) {
      own.vertex(x + outX * inM, y + upM, z + outZ * inM, 0, 0)
      if (margin === MARGIN.shoulder) turf(x + outX * inM, z + outZ * inM)
      else own.road.push(4 + beyondM, 0, 4, NO_LINE_M)
      own.mark.push(0, margin, 0, 0.45)
    }
  }
  const centre = own.count
  own.vertex(middle.x, middle.y + KERB_UP_M + 0.1, middle.z, 0, 0)
  turf(middle.x, middle.z)
  own.mark.push(0, MARGIN.shoulder, 0, 0.45)
  corners.forEach((_, k) => {
    const a = first + 4 * k
    const b = first + 4 * ((k + 1) % corners.length)
    for (const j of [0, 1]) own.index.push(a + j, b + j, a + j + 1, a + j + 1, b + j, b + j + 1)
    own.index.push(a + 3, b + 3, centre)
  })
}

class Sheet {
  readonly position: number[] = []
  readonly normal: number[] = []
  readonly road: number[] = []
  readonly mark: number[] = []
  readonly index: number[] = []
  rings = 0

  get count(): number {
    return this.position.length / 3
  }

  /** A vertex whose normal is up and a little aside. */
  vertex(x: number, y: number, z: number, asideX: number, asideZ: number): void {
    const length = Math.sqrt(1 + asideX * asideX + asideZ * asideZ)
    this.position.push(x, y, z)
    this.normal.push(
      Math.round((asideX / length) * 127),
      Math.round(127 / length),
      Math.round((asideZ / length) * 127),
      0,
    )
  }

  /** Two triangles between two rows, whichever way round shows their upper side. */
  quad(a: number, b: number, c: number, d: number): void {
    const p = this.position
    const turn =
      (p[3 * b]! - p[3 * a]!) * (p[3 * c + 2]! - p[3 * a + 2]!) -
      (p[3 * b + 2]! - p[3 * a + 2]!) * (p[3 * c]! - p[3 * a]!)
    if (turn < 0) this.index.push(a, b, c, c, b, d)
    else this.index.push(a, c, b, b, c, d)
  }

  /** The last two rings of `per` vertices. */
  join(per: number): void {
    const first = this.count - 2 * per
    for (let j = 0; j + 1 < per; j++) {
      const k = first + j
      this.index.push(k, k + 1, k + per, k + per, k + 1, k + per + 1)
    }
  }

  finish(farM: number): Chunk {
    const position = Float32Array.from(this.position)
    return {
      kind: 'chunk',
      name: 'roads',
      bounds: sphereOf(position),
      farM,
      attributes: {
        position: { array: position, size: 3 },
        normal: { array: Int8Array.from(this.normal), size: 4 },
        road: { array: Float32Array.from(this.road), size: 4 },
        mark: { array: Float32Array.from(this.mark), size: 4 },
      },
      index: Uint32Array.from(this.index),
    }
  }
}
