import { bakeNetwork } from './bake-network.ts'
import { createColumns, heightCountOf, layWay, roundedSlopes, samplesOf } from './columns.ts'
import { COURSE_SAMPLES_MAX, complaintsAboutColumns } from './course-file.ts'
import {
  CRR_UNIT,
  GRIP_UNIT,
  type BakedColumns,
  type BakedSurface,
  type MapFile,
  type MapRoad,
  type Point,
} from './format.ts'
import { slopesOf, smoothed } from './profile.ts'
import { checked, complaints, type Checked } from './result.ts'
import { roadProfiles, surfaceLookUp } from './strip.ts'
import { lengthOf, Walker, walkCurve, type Track } from './track.ts'
import { valueAt } from './profile.ts'

const LENGTH_MIN_M = 100
const TOO_LONG = `longer than ${(0.9 * COURSE_SAMPLES_MAX) / 1000} km`

/** What a person drew → the columns that are ridden. + − × ÷ and sqrt only: every engine bakes the same bytes. */
export function bakeMap(map: MapFile): Checked<BakedColumns> {
  const wrong = map.roads.flatMap((road, i) => complaintsAboutPoints(road, `roads[${i}].points`))
  if (wrong.length > 0) return complaints(...wrong)
  const totalM = map.roads.reduce((sum, road) => sum + chordsM(road) * (road.isOneWay ? 1 : 2), 0)
  if (totalM > 0.9 * COURSE_SAMPLES_MAX) return complaints(`roads: all strips together are ${TOO_LONG}`)
  const [road] = map.roads
  const columns =
    road !== undefined && road.from === null
      ? bakeAlone(road, map.surfaces.map(bakedSurface), { surfaces: map.surfaces, path: 'roads[0].points' })
      : bakeNetwork(map)
  if (!columns.ok) return columns
  const broken = complaintsAboutColumns(columns.value)
  return broken.length > 0 ? complaints(...broken) : columns
}

/** A road that is a map of its own, of one width and surface. */
export interface RoadPlan {
  readonly points: readonly Point[]
  readonly isLoop: boolean
  readonly widthM: number
  readonly crr: number
  /** 0.9 where nothing is said: dry asphalt. */
  readonly grip?: number
}

export function bakeRoad({ points, isLoop, widthM, crr, grip = 0.9 }: RoadPlan): Checked<BakedColumns> {
  const surface = { id: 'road', crr, grip }
  const road: MapRoad = {
    ...{ id: 'road', name: 'Road', from: null, to: null, isClosed: isLoop, isOneWay: true, points, widthM },
    ...{ surface: 'road', windShare: 1, uTurn: 'none' as const },
    ...{ widths: [], surfaces: [], banks: [], shelters: [], spans: [] },
  }
  const wrong = complaintsAboutPoints(road, 'points')
  if (wrong.length > 0) return complaints(...wrong)
  const baked = bakeAlone(road, [bakedSurface(surface)], { surfaces: [surface], path: 'points' })
  if (!baked.ok) return baked
  const broken = complaintsAboutColumns(baked.value)
  return broken.length > 0 ? complaints(...broken) : baked
}

export function bakedSurface({ crr, grip }: { crr: number; grip: number }): BakedSurface {
  return { crrCount: Math.round(crr / CRR_UNIT), gripCount: Math.round(grip / GRIP_UNIT) }
}

function complaintsAboutPoints(road: MapRoad, path: string): string[] {
  const { points, isClosed } = road
  const twin = points.findIndex(([x, y, z], i) => {
    const [bx, by, bz] = points[i + 1] ?? (isClosed ? points[0]! : [Infinity, 0, 0])
    return x === bx && y === by && z === bz
  })
  if (twin >= 0) return [`${path}[${twin}]: the next point is the same place`]
  // Before anything is laid out: a curve is not much longer than its chords, and a hostile plan may be a planet long.
  return chordsM(road) > 0.9 * COURSE_SAMPLES_MAX ? [`${path}: the road is ${TOO_LONG}`] : []
}

function chordsM({ points }: MapRoad): number {
  let sumM = 0
  for (let i = 1; i < points.length; i++) {
    const [ax, ay, az] = points[i - 1]!
    const [bx, by, bz] = points[i]!
    sumM += Math.sqrt((bx - ax) * (bx - ax) + (by - ay) * (by - ay) + (bz - az) * (bz - az))
  }
  return sumM
}

/**
 * A plain loop or a plain straight: one way, its middle the road's. The whole road is scaled by the little that makes
 * its length a whole number of metres. Slopes come from the curve, are smoothed and rounded so that they add up to what
 * they were; heights are their exact sum.
 */
function bakeAlone(
  road: MapRoad,
  surfaces: readonly BakedSurface[],
  { surfaces: kinds, path }: Pick<MapFile, 'surfaces'> & { readonly path: string },
): Checked<BakedColumns> {
  const isLoop = road.isClosed
  const walk = walkCurve(road.points, isLoop)
  const walkedM = lengthOf(walk)
  if (!(walkedM >= LENGTH_MIN_M))
    return complaints(`${path}: the road is ${walkedM.toFixed(1)} m long; at least ${LENGTH_MIN_M} m`)
  if (walkedM >= COURSE_SAMPLES_MAX) return complaints(`${path}: the road is ${TOO_LONG}`)
  const lengthM = Math.round(walkedM)
  const track = scaled(walk, lengthM / walkedM)
  const columns = createColumns([{ startM: 0, lengthM, exits: [] }], surfaces, isLoop)
  const walker = new Walker(track)
  const zM = Float64Array.from({ length: lengthM + 1 }, (_, i) => walker.to(i).of(track.z))
  if (isLoop) zM[lengthM] = zM[0]!
  const count = samplesOf(lengthM, { isLoop, isAlone: true })
  const slopes = smoothed(smoothed(slopesOf(zM, count, isLoop), isLoop), isLoop)
  const profiles = roadProfiles(road, lengthM)
  layWay(columns, columns.ways[0]!, {
    track,
    lengthM,
    slopeCount: roundedSlopes(slopes, isLoop),
    startHeightCount: heightCountOf(zM[0]!),
    widthM: (roadM) => valueAt(profiles.width, roadM),
    bank: (roadM) => valueAt(profiles.bank, roadM),
    windShare: (roadM) => valueAt(profiles.windShare, roadM),
    surface: surfaceLookUp(road, new Map(kinds.map(({ id }, i) => [id, i]))),
  })
  return checked(columns)
}

function scaled(track: Track, scale: number): Track {
  const times = (values: Float64Array) => values.map((value) => value * scale)
  const { alongM, x, y, z, roadM } = track
  return { ...track, alongM: times(alongM), x: times(x), y: times(y), z: times(z), roadM: times(roadM) }
}
