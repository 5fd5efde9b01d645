import type { BakedColumns, MapFile } from './format.ts'
import type { WayPlan } from './topology.ts'

export type ComplaintKind =
  | 'rules'
  | 'gap'
  | 'kink'
  | 'grade-step'
  | 'slope'
  | 'radius'
  | 'clearance'
  | 'overlap'
  | 'span'
  | 'stretch'
  | 'pen'
  | 'spawn'
  | 'unreachable'
  | 'trap'

/** What is wrong, where, and the remedy. */
export interface MapComplaint {
  readonly kind: ComplaintKind
  /** Road of the map file, and metres along it; '' and 0 where it is no road. */
  readonly roadId: string
  readonly atM: number
  readonly sentence: string
}

/** What the validator looks at. */
export interface Baked {
  readonly map: MapFile
  readonly columns: BakedColumns
  readonly plans: readonly WayPlan[]
}

/** A sample in words: `"coast" at 812 m`, or the turn it lies on. */
export function placeOf({ map, columns, plans }: Baked, way: number, sample: number) {
  const plan = plans[way]!
  const road = map.roads[plan.road]!
  if (plan.kind === 'road') {
    const atM = plans.length === 1 ? sample : Math.round(columns.roadCm[sample]! / 100)
    return { roadId: road.id, atM, words: `"${road.id}" at ${atM} m` }
  }
  const from = plans[plan.fromWay]!
  const to = plans[plan.toWay]!
  const strip = ({ road: index, isReversed }: WayPlan) => `${isReversed ? '<' : '>'}${map.roads[index]!.id}`
  const words = `the turn from "${strip(from)}" to "${strip(to)}" at node "${map.nodes[plan.fromNode]!.id}"`
  return { roadId: road.id, atM: 0, words }
}
