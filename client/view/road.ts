import { chunked } from './chunks.ts'
import type { Carriageways } from './carriageways.ts'
import { createSpot, ringsAlong, spotAt, type Path } from './path.ts'
import { piece, type Piece } from './piece.ts'
import { Shape } from './shape.ts'
import type { Land } from './land.ts'
import type { Quality } from './view-types.ts'

/** Across the ribbon: shares of the half width, then metres beyond the edge, and metres above the baked height. */
const ACROSS: readonly (readonly [share: number, beyondM: number, upM: number])[] = [
  [-1, -0.95, -0.2],
  [-1, -0.3, 0.0],
  [-1, 0, 0.02],
  [0, 0, 0.045],
  [1, 0, 0.02],
  [1, 0.3, 0.0],
  [1, 0.95, -0.2],
]
/** Asphalt lies this far above the baked height at its crown; riders stand on it. */
const CROWN_M = 0.045

/** Height of the asphalt above the baked height, at a share of the half width. */
export function crownAt(lateralM: number, halfWidthM: number): number {
  return CROWN_M - 0.025 * Math.min(1, Math.abs(lateralM) / halfWidthM)
}

/** Where a line is painted across a carriageway. */
export interface PaintedLine {
  readonly path: Path
  readonly atM: number
}

const NO_LINE_M = 10_000
/** Junctions lie this far below the roads that lead over them, so that the two never fight for a pixel. */
const CONNECTOR_DOWN_M = 0.012

/** Every ribbon of road as one mesh; lines, patches and wear are drawn by its fragment shader in metres. */
export function* buildRoads(
  { roads, connectors }: Pick<Carriageways, 'roads' | 'connectors'>,
  quality: Quality,
  lines: readonly PaintedLine[],
  land: Pick<Land, 'isTown'>,
): Generator<Piece> {
  const everyM = quality === 'high' || quality === 'medium' ? 2 : 4
  const ribbons = [...roads, ...connectors]
  const ringsOf = new Map(ribbons.map(({ path }) => [path, ringsAlong(path, everyM, 3 * everyM)]))
  const rings = [...ringsOf.values()].reduce((sum, { length }) => sum + length, 0)
  const per = ACROSS.length
  const position = new Float32Array(rings * per * 3)
  const uv = new Float32Array(rings * per * 2)
  /** Half width; markings, 1 all, ½ at the edges only, and 2 more in a town; surface; metres beyond the nearest painted line. */
  const kind = new Float32Array(rings * per * 4)
  const index: number[] = []
  const spot = createSpot()
  let k = 0
  for (const { path, isConnector, isTwoWay, surface } of ribbons) {
    const own = lines.filter((line) => line.path === path)
    const ringM = ringsOf.get(path)!
    const last = ringM.length - 1
    for (let r = 0; r <= last; r++) {
      const distanceM = ringM[r]!
      const sample = Math.min(path.count - 1, Math.floor(distanceM))
      const halfWidthM = path.halfWidthM[sample]!
      spotAt(path, distanceM, 0, spot)
      const markings = (isConnector ? 0 : isTwoWay || path.isLoop ? 1 : 0.5) + (land.isTown(spot.x, spot.z) ? 2 : 0)
      let beyondLineM = NO_LINE_M
      for (const { atM } of own) if (Math.abs(distanceM - atM) < Math.abs(beyondLineM)) beyondLineM = distanceM - atM
      for (let j = 0; j < per; j++, k++) {
        const [share, beyondM, upM] = ACROSS[j]!
        const lateralM = share * halfWidthM + beyondM
        spotAt(path, distanceM, lateralM, spot)
        position.set([spot.x, spot.y + upM - (isConnector ? CONNECTOR_DOWN_M : 0), spot.z], k * 3)
        uv.set([lateralM, distanceM], k * 2)
        kind.set([halfWidthM, markings, surface[sample]!, beyondLineM], k * 4)
        if (r === last || j === per - 1) continue
        index.push(k, k + 1, k + per, k + per, k + 1, k + per + 1)
      }
    }
  }
  const ribbon = new Shape(position, index).set('uv', uv, 2).set('roadKind', kind, 4).computeNormals()
  for (const part of chunked(ribbon, 4 + Math.floor(roads.length / 6))) yield piece('road', 'road', part)
}
