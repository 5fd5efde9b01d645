import { CRR_UNIT, GRIP_UNIT, type BakedColumns } from '#maps/format'
import type { Network, Way } from '#maps/network'
import {
  bendFromTurning,
  createTape,
  emptyPath,
  frameOf,
  partOf,
  spotAt,
  type Frame,
  type Path,
  type Spot,
} from './path.ts'

/**
 * The roads of a map as one sees them. Riders stand on the tape; what is drawn is the carriageway: of a two-way road both
 * strips together, of a one-way road its only one, of a junction its connectors.
 */
export interface Carriageways {
  readonly frame: Frame
  readonly tape: Path
  readonly roads: readonly Carriageway[]
  readonly connectors: readonly Carriageway[]
  /** The samples of all roads, one after the other, for the ground: what it follows, and what it ignores. */
  readonly ground: Path
  /** 1: carried on a bridge, the ground does not come up to it. */
  readonly isAloft: Uint8Array
  /** Index of the carriageway a sample of `ground` belongs to. */
  readonly roadOf: Uint16Array
  /** The carriageway under a place of the tape, and the metres along it; connectors have themselves. */
  locate(placeM: number, out: Located): Located
  /**
   * The spot `byM` further on (or back) from a place of the tape: over junctions by their first exits, straight on where
   * the road ends or where it is not known which way one came.
   */
  spotOnward(placeM: number, byM: number, lateralM: number, out: Spot): Spot
  /** The place `byM` further on by first exits; NaN where there is none. */
  placeOnward(placeM: number, byM: number): number
}

export interface Carriageway {
  readonly name: string
  /** Nodes at the first and the last sample; '' where there is none. */
  readonly fromNode: string
  readonly toNode: string
  /** The way ridden as the samples go, and the one against them (−1: none); of a connector, the ways it leads from and to. */
  readonly onward: number
  readonly against: number
  readonly path: Path
  readonly isTwoWay: boolean
  readonly isConnector: boolean
  readonly isAloft: Uint8Array
  /** 1: under the roof of a gallery, where the map has a tunnel. */
  readonly isRoofed: Uint8Array
  /** 0 smooth, 1 rough, 2 cobbles, 3 gravel, by sample: told by how it rolls and grips. */
  readonly surface: Uint8Array
}

export interface Located {
  road: Carriageway
  atM: number
  /** The tape runs against the carriageway's samples. */
  isReversed: boolean
}

const EMBANKMENT_M = 8
/** A shorter connector than this has no middle to draw. */
const PIECE_SAMPLES_MIN = 3

export function createCarriageways(columns: BakedColumns, network: Network): Carriageways {
  const frame = frameOf(columns)
  const tape = createTape(columns, frame)
  const roads: Carriageway[] = []
  const connectors: Carriageway[] = []
  const carriagewayOf: Carriageway[] = []
  const cameFrom = new Map(
    network.ways.flatMap(({ id, kind, exits }) =>
      (kind === 'road' ? exits : []).map((exit) => [exit.way, id] as const),
    ),
  )
  for (const way of network.ways) {
    const isSecond = way.twin >= 0 && way.isReversed
    if (isSecond) continue
    const piece =
      way.twin >= 0
        ? between(tape, columns, way, network.ways[way.twin]!)
        : alone(tape, columns, way, cameFrom.get(way.id))
    carriagewayOf[way.id] = piece
    if (way.twin >= 0) carriagewayOf[way.twin] = piece
    if (piece.path.count < PIECE_SAMPLES_MIN) continue
    if (way.kind === 'connector') connectors.push(piece)
    else roads.push(piece)
  }
  const { ground, isAloft, roadOf } = together([...roads, ...connectors])
  const wayAt = (placeM: number): Way => {
    let low = 0
    let high = network.ways.length - 1
    while (low < high) {
      const middle = (low + high + 1) >> 1
      if (network.ways[middle]!.startM <= placeM) low = middle
      else high = middle - 1
    }
    return network.ways[low]!
  }
  const locate = (placeM: number, out: Located): Located => {
    const way = columns.isLoop ? network.ways[0]! : wayAt(placeM)
    out.road = carriagewayOf[way.id]!
    out.isReversed = way.isReversed && way.twin >= 0
    // The forward strip's metres are the carriageway's; of the other, the place abreast by metres of road.
    out.atM = out.isReversed
      ? abreast(columns, network.ways[way.twin]!, roadCmAt(columns, placeM))
      : placeM - way.startM
    return out
  }
  const placeOnward = (placeM: number, byM: number): number => {
    if (columns.isLoop) return placeM + byM
    let way = wayAt(placeM)
    let atM = placeM + byM
    if (atM < way.startM) return NaN
    while (atM > way.endM) {
      const [first] = way.exits
      if (first === undefined) return NaN
      const next = network.ways[first.way]!
      atM += next.startM - way.endM
      way = next
    }
    return atM
  }
  const spotOnward = (placeM: number, byM: number, lateralM: number, out: Spot): Spot => {
    const there = placeOnward(placeM, byM)
    if (!Number.isNaN(there)) return spotAt(tape, there, lateralM, out)
    const way = wayAt(placeM)
    const fromM = byM < 0 ? way.startM : way.endM
    spotAt(tape, fromM, lateralM, out)
    const restM = placeM + byM - fromM
    out.x += out.dirX * restM
    out.z += out.dirZ * restM
    out.y += out.slope * restM
    return out
  }
  return { frame, tape, roads, connectors, ground, isAloft, roadOf, locate, spotOnward, placeOnward }
}

function alone(tape: Path, columns: BakedColumns, way: Way, cameFrom = -1): Carriageway {
  const path = way.endM === Infinity ? tape : partOf(tape, way.startM, way.endM - way.startM + 1)
  const piece = { ...about(way, columns, path.count), path }
  return way.kind === 'connector' ? { ...piece, onward: cameFrom, against: way.exits[0]?.way ?? -1 } : piece
}

function roadCmAt({ roadCm, count }: BakedColumns, placeM: number): number {
  const i = Math.min(count - 2, Math.floor(placeM))
  return roadCm[i]! + (roadCm[i + 1]! - roadCm[i]!) * (placeM - i)
}

/** Metres of a way at which so much of its road is behind; the road's metres rise along it. */
function abreast({ roadCm }: BakedColumns, { startM, endM }: Way, wantedCm: number): number {
  let low = startM
  let high = endM
  while (high - low > 1) {
    const middle = (low + high) >> 1
    if (roadCm[middle]! <= wantedCm) low = middle
    else high = middle
  }
  const span = roadCm[high]! - roadCm[low]!
  return low - startM + (span > 0 ? Math.min(1, Math.max(0, (wantedCm - roadCm[low]!) / span)) : 0)
}

/** The middle between two strips: a sample for each of the forward strip's, abreast of it the other's by metres of road. */
function between(tape: Path, columns: BakedColumns, way: Way, twin: Way): Carriageway {
  const count = way.endM - way.startM + 1
  const path = emptyPath(count, false)
  let j = twin.endM // The twin is ridden the other way: its road metres fall.
  for (let i = 0; i < count; i++) {
    const at = way.startM + i
    const roadCm = columns.roadCm[at]!
    while (j > twin.startM + 1 && columns.roadCm[j - 1]! < roadCm) j--
    const span = columns.roadCm[j - 1]! - columns.roadCm[j]!
    const f = span > 0 ? Math.min(1, Math.max(0, (roadCm - columns.roadCm[j]!) / span)) : 0
    const mid = (column: Float64Array | Float32Array) =>
      0.5 * (column[at]! + column[j]! + (column[j - 1]! - column[j]!) * f)
    path.x[i] = mid(tape.x)
    path.y[i] = mid(tape.y)
    path.z[i] = mid(tape.z)
    path.dirX[i] = tape.dirX[at]!
    path.dirZ[i] = tape.dirZ[at]!
    path.slope[i] = tape.slope[at]!
    path.halfWidthM[i] = 2 * tape.halfWidthM[at]!
  }
  bendFromTurning(path)
  return { ...about(way, columns, count), path }
}

function about(way: Way, columns: BakedColumns, count: number): Omit<Carriageway, 'path'> {
  const surface = new Uint8Array(count)
  const kinds = columns.surfaces.map(({ crrCount, gripCount }) => {
    if (gripCount * GRIP_UNIT < 0.6) return 3
    return crrCount * CRR_UNIT > 0.009 ? 2 : crrCount * CRR_UNIT > 0.0045 ? 1 : 0
  })
  for (let i = 0; i < count; i++) surface[i] = kinds[columns.surface[way.startM + i]!] ?? 0
  const { name, kind, twin, fromNode, toNode, id } = way
  return {
    name,
    fromNode,
    toNode,
    onward: id,
    against: twin,
    isTwoWay: twin >= 0,
    isConnector: kind === 'connector',
    isAloft: aloft(way, count),
    isRoofed: roofed(way, count),
    surface,
  }
}

/** Bridges, without the metres at their ends where the road still lies on its embankment. */
function aloft(way: Way, count: number): Uint8Array {
  const marks = new Uint8Array(count)
  for (const { kind, fromM, toM } of way.spans) {
    if (kind === 'bridge')
      marks.fill(1, Math.ceil(fromM) + EMBANKMENT_M, Math.min(count, Math.floor(toM) - EMBANKMENT_M))
  }
  return marks
}

function roofed(way: Way, count: number): Uint8Array {
  const marks = new Uint8Array(count)
  for (const { kind, fromM, toM } of way.spans) {
    if (kind === 'tunnel') marks.fill(1, Math.ceil(fromM), Math.min(count, Math.floor(toM)))
  }
  return marks
}

function together(pieces: readonly Carriageway[]): Pick<Carriageways, 'ground' | 'isAloft' | 'roadOf'> {
  const first = pieces[0]!
  if (pieces.length === 1) {
    return { ground: first.path, isAloft: first.isAloft, roadOf: new Uint16Array(first.path.count) }
  }
  const count = pieces.reduce((sum, { path }) => sum + path.count, 0)
  const ground = emptyPath(count, false)
  const isAloft = new Uint8Array(count)
  const roadOf = new Uint16Array(count)
  let at = 0
  for (const [k, piece] of pieces.entries()) {
    for (const column of ['x', 'y', 'z', 'dirX', 'dirZ', 'slope', 'halfWidthM', 'bendPerM'] as const)
      ground[column].set(piece.path[column], at)
    isAloft.set(piece.isAloft, at)
    roadOf.fill(k, at, at + piece.path.count)
    at += piece.path.count
  }
  return { ground, isAloft, roadOf }
}
