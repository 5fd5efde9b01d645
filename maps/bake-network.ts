import { createColumns, heightCountOf, layWay, samplesOf, slopesBetween } from './columns.ts'
import { connectorTrack, type Stub } from './connector.ts'
import { COURSE_SAMPLES_MAX } from './course-file.ts'
import {
  BANK_UNIT,
  CRR_UNIT,
  GRIP_UNIT,
  WIND_SHARE_UNIT,
  type BakedColumns,
  type BakedWay,
  type MapFile,
} from './format.ts'
import { reachesOf } from './reach.ts'
import { valueAt } from './profile.ts'
import { checked, complaints, type Checked } from './result.ts'
import { roadShape, stripSlopes, stripTrack, type RoadShape } from './strip.ts'
import { isBackTurn, planWays, type WayPlan } from './topology.ts'
import { lengthOf, walkCurve, type Track } from './track.ts'
import { exitsOf } from './turns.ts'

/** What must be left of a road between its two junctions, m. */
const STRIP_MIN_M = 8

interface Laid {
  readonly track: Track
  readonly lengthM: number
  readonly slopeCount: Int16Array
  readonly startHeightCount: number
  readonly endHeightCount: number
}

/** Roads → strips, cut back from their nodes; connectors between their ends; all on one tape. */
export function bakeNetwork(map: MapFile): Checked<BakedColumns> {
  const surfaceIds = new Map(map.surfaces.map(({ id }, i) => [id, i]))
  const shapes = map.roads.map((road) => roadShape(road, walkCurve(road.points, false), surfaceIds))
  const reaches = reachesOf(map, shapes)
  const short = map.roads.flatMap((road, i) => {
    const { startM, endM } = reaches[i]!
    const leftM = shapes[i]!.lengthM - startM - endM
    if (leftM >= STRIP_MIN_M) return []
    return [
      `roads[${i}]: "${road.id}" is ${shapes[i]!.lengthM.toFixed(1)} m long and its nodes take ${startM.toFixed(1)} and ` +
        `${endM.toFixed(1)} m of it; make it longer or its nodes' reachM smaller, so that ${STRIP_MIN_M} m are left`,
    ]
  })
  if (short.length > 0) return complaints(...short)
  const plans = planWays(map)
  const laid: Laid[] = []
  for (const plan of plans)
    laid.push(plan.kind === 'road' ? layStrip(map, plan, shapes, reaches) : layConnector(map, plans, plan, laid))
  const ways: BakedWay[] = []
  let startM = 0
  for (let way = 0; way < plans.length; way++) {
    const { lengthM } = laid[way]!
    ways.push({ startM, lengthM, exits: exitsOf(map, plans, way, (at) => headingsOf(laid[at]!.track)) })
    startM += samplesOf(lengthM, { isLoop: false, isAlone: plans.length === 1 })
  }
  if (startM > COURSE_SAMPLES_MAX)
    return complaints(`roads: ${startM} m of strips and connectors; at most ${COURSE_SAMPLES_MAX}`)
  const surfaces = map.surfaces.map(({ crr, grip }) => ({
    crrCount: Math.round(crr / CRR_UNIT),
    gripCount: Math.round(grip / GRIP_UNIT),
  }))
  const columns = createColumns(ways, surfaces, false)
  plans.forEach((plan, way) => {
    const along = plan.kind === 'road' ? alongStrip(map, plan, shapes) : alongConnector(columns, ways, plan)
    layWay(columns, ways[way]!, { ...laid[way]!, ...along })
  })
  return checked(columns)
}

function layStrip(
  map: MapFile,
  { road, isReversed }: WayPlan,
  shapes: readonly RoadShape[],
  reaches: readonly { startM: number; endM: number }[],
): Laid {
  const shape = shapes[road]!
  const { startM, endM } = reaches[road]!
  const track = stripTrack(map.roads[road]!, shape, { fromM: startM, toM: shape.lengthM - endM, isReversed })
  const lengthM = Math.round(lengthOf(track))
  const startHeightCount = heightCountOf(track.z[0]!)
  const endHeightCount = heightCountOf(track.z[track.z.length - 1]!)
  const slopeCount = slopesBetween(stripSlopes(shape, track, lengthM), startHeightCount, endHeightCount)
  return { track, lengthM, slopeCount, startHeightCount, endHeightCount }
}

/** Its heights are a cubic that leaves and arrives at the heights and the slopes of the strips. */
function layConnector(map: MapFile, plans: readonly WayPlan[], plan: WayPlan, laid: readonly Laid[]): Laid {
  const from = laid[plan.fromWay]!
  const to = laid[plan.toWay]!
  const isBack = isBackTurn(map, plans[plan.fromWay]!, plans[plan.toWay]!)
  const track = connectorTrack(stubAt(from.track, from.track.x.length - 1), stubAt(to.track, 0), isBack)
  const lengthM = Math.max(4, Math.round(lengthOf(track)))
  const startHeightCount = from.endHeightCount
  const endHeightCount = to.startHeightCount
  const s0 = from.slopeCount[from.lengthM]!
  const s1 = to.slopeCount[0]!
  // In counts, where a metre of slope s climbs 2 s: (z₁ − z₀) / 2 L is the mean slope.
  const mean = (endHeightCount - startHeightCount) / (2 * lengthM)
  const slopes = Float64Array.from({ length: lengthM + 1 }, (_, k) => {
    const t = k / lengthM
    return ((6 * t - 6 * t * t) * mean + (3 * t * t - 4 * t + 1) * s0 + (3 * t * t - 2 * t) * s1) / 65536
  })
  const slopeCount = slopesBetween(slopes, startHeightCount, endHeightCount)
  return { track, lengthM, slopeCount, startHeightCount, endHeightCount }
}

function stubAt({ x, y, east, north }: Track, n: number): Stub {
  return { x: x[n]!, y: y[n]!, east: east[n]!, north: north[n]! }
}

function headingsOf({ east, north }: Track) {
  const last = east.length - 1
  return { from: [east[0]!, north[0]!] as const, to: [east[last]!, north[last]!] as const }
}

function alongStrip(map: MapFile, { road, isReversed }: WayPlan, shapes: readonly RoadShape[]) {
  const shape = shapes[road]!
  const share = map.roads[road]!.isOneWay ? 1 : 0.5
  return {
    widthM: (roadM: number) => valueAt(shape.width, roadM) * share,
    bank: (roadM: number) => valueAt(shape.bank, roadM) * (isReversed ? -1 : 1),
    windShare: (roadM: number) => valueAt(shape.windShare, roadM),
    surface: shape.surfaceAt,
  }
}

/** Width, bank and shelter go over from one strip's to the other's; the ground is that of the road it leads to. */
function alongConnector(columns: BakedColumns, ways: readonly BakedWay[], plan: WayPlan) {
  const a = ways[plan.fromWay]!.startM + ways[plan.fromWay]!.lengthM
  const b = ways[plan.toWay]!.startM
  const between = (name: 'widthCm' | 'bankCount' | 'windCount', unit: number) => (_: number, share: number) =>
    (columns[name][a]! + (columns[name][b]! - columns[name][a]!) * share) * unit
  return {
    widthM: between('widthCm', 0.01),
    bank: between('bankCount', BANK_UNIT),
    windShare: between('windCount', WIND_SHARE_UNIT),
    surface: () => columns.surface[b]!,
  }
}
