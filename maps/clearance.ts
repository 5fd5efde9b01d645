import { HEIGHT_UNIT_M } from './format.ts'
import { placeOf, type Baked, type MapComplaint } from './complaint.ts'

/** A rider, a lorry and the bridge itself. */
const CLEARANCE_M = 4.5
/** Edges may touch by this much before it is said. */
const OVERLAP_SLACK_M = 0.3
const LOOK_EVERY_M = 2
/** A span may begin this much late. */
const SPAN_SLACK_M = 3
const CELL_M = 16
/** Places of one road nearer along it than this are the same piece of road. */
const SAME_PIECE_M = 30
/** Whoever heaps roads on one another is told of so many places, and not of every pair. */
const PLACES_MAX = 500
/** This far from a junction its own connectors and strips may still be side by side. */
const JUNCTION_M = 12

interface Look {
  readonly way: number
  readonly sample: number
}

/** Roads that cross with too little height between them, and roads that lie in one another away from junctions. */
export function complaintsAboutClearance(world: Baked): MapComplaint[] {
  const { columns } = world
  const { xMm, yMm, heightCount, widthCm } = columns
  const cells = new Map<number, Look[]>()
  const cellOf = (x: number, y: number) => x * 100_003 + y
  const worst = new Map<string, { depthM: number; a: Look; b: Look; heightM: number }>()
  for (let way = 0; way < columns.ways.length; way++) {
    const { startM, lengthM } = columns.ways[way]!
    for (let sample = startM; sample <= startM + lengthM && worst.size < PLACES_MAX; sample += LOOK_EVERY_M) {
      const here = { way, sample }
      const cx = Math.floor(xMm[sample]! / 1000 / CELL_M)
      const cy = Math.floor(yMm[sample]! / 1000 / CELL_M)
      for (let dx = -1; dx <= 1; dx++)
        for (let dy = -1; dy <= 1; dy++)
          for (const other of cells.get(cellOf(cx + dx, cy + dy)) ?? []) {
            const acrossM = acrossBetween(world, sample, other.sample)
            const depthM = (widthCm[sample]! + widthCm[other.sample]!) / 200 - OVERLAP_SLACK_M - acrossM
            if (!(depthM > 0) || isOnePlace(world, here, other)) continue
            const heightM = Math.abs(heightCount[sample]! - heightCount[other.sample]!) * HEIGHT_UNIT_M
            if (heightM >= CLEARANCE_M && isCarried(world, here, other)) continue
            const key = pairKey(world, here, other)
            const before = worst.get(key)
            if (
              before === undefined ||
              heightM < before.heightM - 0.01 ||
              (heightM < before.heightM + 0.01 && depthM > before.depthM)
            )
              worst.set(key, { depthM, a: other, b: here, heightM })
          }
      const cell = cells.get(cellOf(cx, cy))
      if (cell === undefined) cells.set(cellOf(cx, cy), [here])
      else cell.push(here)
    }
  }
  return [...worst.values()].map(({ a, b, heightM, depthM }) => {
    const first = placeOf(world, a.way, a.sample)
    const second = placeOf(world, b.way, b.sample)
    const { roadId, atM } = first
    if (heightM >= CLEARANCE_M) {
      const sentence = `${first.words} and ${second.words} cross with ${heightM.toFixed(1)} m between them, but neither says how; give the upper road a bridge there, or the lower one a tunnel (spans)`
      return { kind: 'span', roadId, atM, sentence }
    }
    if (heightM > 1) {
      const sentence = `${first.words} and ${second.words} cross with ${heightM.toFixed(1)} m between them, at least ${CLEARANCE_M} m; raise one of them, or let them meet at a node`
      return { kind: 'clearance', roadId, atM, sentence }
    }
    const sentence = `${first.words} and ${second.words} lie in one another by ${depthM.toFixed(1)} m; move them apart, or give the node there a larger reachM`
    return { kind: 'overlap', roadId, atM, sentence }
  })
}

/** Whether the upper one is on a bridge there, or the lower one in a tunnel. */
function isCarried(world: Baked, a: Look, b: Look): boolean {
  const { heightCount } = world.columns
  const [upper, lower] = heightCount[a.sample]! > heightCount[b.sample]! ? [a, b] : [b, a]
  return isInSpan(world, upper, 'bridge') || isInSpan(world, lower, 'tunnel')
}

function isInSpan({ map, columns, plans }: Baked, { way, sample }: Look, kind: 'bridge' | 'tunnel'): boolean {
  const roadM = columns.roadCm[sample]! / 100
  const { spans } = map.roads[plans[way]!.road]!
  return spans.some(
    (span) => span.kind === kind && roadM >= span.fromM - SPAN_SLACK_M && roadM <= span.toM + SPAN_SLACK_M,
  )
}

/** Distance across the direction of the first, where the second is beside it; NaN where it is before or behind. */
function acrossBetween({ columns: { xMm, yMm, eastCount, northCount } }: Baked, i: number, j: number): number {
  const [dx, dy] = [(xMm[j]! - xMm[i]!) / 1000, (yMm[j]! - yMm[i]!) / 1000]
  const [east, north] = [eastCount[i]! / 32767, northCount[i]! / 32767]
  if (Math.abs(dx * east + dy * north) > 0.75 * LOOK_EVERY_M) return NaN
  return Math.abs(dx * north - dy * east)
}

/** Pieces of one road that follow each other, and all that belongs to one junction. */
function isOnePlace({ columns, plans }: Baked, a: Look, b: Look): boolean {
  const [one, two] = [plans[a.way]!, plans[b.way]!]
  if (one.kind === 'road' && two.kind === 'road')
    return one.road === two.road && Math.abs(columns.roadCm[a.sample]! - columns.roadCm[b.sample]!) < SAME_PIECE_M * 100
  if (one.kind === 'connector' && two.kind === 'connector') return one.fromNode === two.fromNode
  const [connector, strip, look] = one.kind === 'connector' ? [one, two, b] : [two, one, a]
  const { startM, lengthM } = columns.ways[look.way]!
  const isNear = (node: number, awayM: number) => node === connector.fromNode && awayM < JUNCTION_M
  return isNear(strip.fromNode, look.sample - startM) || isNear(strip.toNode, startM + lengthM - look.sample)
}

/** One complaint for a pair of roads within a hundred metres, whichever of their strips it is. */
function pairKey({ columns, plans }: Baked, a: Look, b: Look): string {
  const name = ({ way }: Look) => {
    const { kind, road, fromNode } = plans[way]!
    return kind === 'road' ? `road ${road}` : `node ${fromNode}`
  }
  const place = [columns.xMm[a.sample]!, columns.yMm[a.sample]!].map((mm) => Math.round(mm / 100_000)).join(' ')
  return [...[name(a), name(b)].toSorted(), place].join(' | ')
}
