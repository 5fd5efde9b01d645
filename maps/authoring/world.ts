import type { MapFile, MapLine, MapPen, MapRoad, MapRoute, MapSegment, MapSpawn, MapZone, Point } from '../format.ts'
import type { Road, Shelter, Stretch, Surface } from './road.ts'

/** Rolling resistance on the dry surface and the friction a tyre finds: docs/physics.md has the sources. */
const SURFACES: Record<Surface, { readonly crr: number; readonly grip: number }> = {
  'smooth-asphalt': { crr: 0.0032, grip: 0.9 },
  asphalt: { crr: 0.004, grip: 0.9 },
  'rough-asphalt': { crr: 0.005, grip: 0.85 },
  cobbles: { crr: 0.012, grip: 0.7 },
  gravel: { crr: 0.008, grip: 0.5 },
}

/** How much of the open wind reaches the road. */
const WIND_SHARES: Record<Shelter, number> = { coast: 1, open: 1, fields: 0.8, wood: 0.4, town: 0.35, tunnel: 0.05 }

/** A place on a road and which way one rides there. */
export interface Place {
  readonly road: string
  /** A mark or a junction of that road; its start when absent. */
  readonly from?: string
  /** Metres on from there, in the direction of riding. */
  readonly plusM?: number
  /** Against the direction in which the road was drawn. */
  readonly isAgainst?: boolean
}

/** Junctions by id in the order of riding; roads are found between them. A strip (`>lake-road`) may stand between two. */
export type Path = readonly string[]

export interface WorldPlan {
  readonly id: string
  readonly name: string
  readonly roads: readonly Road[]
  /** How far from each junction its corners begin; null: as near as 8 m of radius allow. */
  readonly cornerReachM: number | null
  readonly lines: readonly { readonly id: string; readonly name: string; readonly at: Place }[]
  readonly pens: readonly { readonly id: string; readonly at: Place; readonly rows: number; readonly abreast: number }[]
  readonly spawns: readonly { readonly at: Place; readonly lateralM: number }[]
  readonly routes: readonly {
    readonly id: string
    readonly name: string
    readonly pen: string
    readonly leadIn: Path
    readonly lap: Path
    readonly isLap: boolean
    readonly laps: number
    readonly finish: string
  }[]
  readonly segments: readonly {
    readonly id: string
    readonly name: string
    readonly kind: MapSegment['kind']
    readonly from: Place
    /** Junctions between the two ends. */
    readonly via: Path
    readonly to: Place
  }[]
  readonly zones: readonly (Omit<MapZone, 'entry' | 'exit'> & { readonly entry: Place; readonly exit: Place })[]
  readonly scenery: MapFile['scenery']
}

/** Points of a bend stand this far apart at most, as a share of its radius, … */
const POINT_SHARE = 0.22
/** … and in any case within these, m. */
const POINT_MIN_M = 3
const POINT_MAX_M = 18
/** From one to the next the distance grows or shrinks by at most this share of the way. */
const POINT_GROWTH = 0.2
/** Bends wider than this are not banked. */
const BANK_RADIUS_MAX_M = 220

/** One piece of road between two junctions, as the map file has it. */
interface Edge {
  readonly id: string
  readonly road: Road
  readonly fromM: number
  readonly toM: number
  readonly from: string
  readonly to: string
  /** Metres of built road, from the edge's first point, at a distance along the plan of the whole road. */
  readonly builtM: (planM: number) => number
}

/** What the author drew → the map file. Throws where a name is unknown or a way does not exist: that is our own mistake. */
export function composeMap(plan: WorldPlan): MapFile {
  const edges = plan.roads.flatMap(edgesOf)
  const strips = new Strips(edges)
  const nodes = new Map<string, MapFile['nodes'][number]>()
  for (const { junctions } of plan.roads) {
    for (const { junction } of junctions) {
      nodes.set(junction.id, {
        id: junction.id,
        at: [rounded(junction.x), rounded(junction.y), rounded(junction.z!)],
        reachM: plan.cornerReachM,
        closed: [],
        first: [],
      })
    }
  }
  const used = new Set<Surface>(plan.roads.flatMap((road) => ['asphalt', ...road.surfaces.map(({ value }) => value)]))
  const lines = plan.lines.map(({ id, name, at }): MapLine => ({ id, name, ...strips.place(at) }))
  return {
    format: 'gruppetto-map',
    version: 1,
    id: plan.id,
    name: plan.name,
    licence: 'CC-BY-4.0',
    author: 'The Gruppetto authors',
    surfaces: [...used].map((id) => ({ id, ...SURFACES[id] })),
    nodes: [...nodes.values()],
    roads: edges.map(roadOf),
    lines,
    routes: plan.routes.map(({ leadIn, lap, ...route }): MapRoute => ({
      ...route,
      leadIn: strips.path(leadIn),
      roads: strips.path(lap),
    })),
    segments: plan.segments.map(({ id, name, kind, from, via, to }): MapSegment => {
      const first = strips.place(from)
      const last = strips.place(to)
      // A lap comes back to the strip on which it began.
      const along =
        first.road === last.road && via.length === 0
          ? kind === 'lap'
            ? [first.road, last.road]
            : [first.road]
          : [first.road, ...strips.path([strips.endOf(first.road), ...via, strips.startOf(last.road)]), last.road]
      return { id, name, kind, along, fromM: first.atM, toM: last.atM }
    }),
    pens: plan.pens.map(({ id, at, rows, abreast }): MapPen => ({ id, ...strips.place(at), rows, abreast })),
    spawns: plan.spawns.map(({ at, lateralM }): MapSpawn => ({ ...strips.place(at), lateralM })),
    zones: plan.zones.map(({ entry, exit, ...zone }): MapZone => ({
      ...zone,
      entry: strips.place(entry),
      exit: strips.place(exit),
    })),
    scenery: plan.scenery,
  }
}

function edgesOf(road: Road): Edge[] {
  const stops = road.junctions.toSorted((a, b) => a.atM - b.atM)
  const first = stops[0]
  const last = stops.at(-1)
  if (first === undefined || first.atM > 0.01 || last!.atM < road.lengthM - 0.01)
    throw new Error(`road ${road.id}: both of its ends must be junctions`)
  const built = builtLengths(road)
  return stops.slice(1).map((to, i) => {
    const from = stops[i]!
    return {
      id: stops.length === 2 ? road.id : `${road.id}-${i + 1}`,
      road,
      fromM: from.atM,
      toM: to.atM,
      from: from.junction.id,
      to: to.junction.id,
      builtM: (planM) => built(planM) - built(from.atM),
    }
  })
}

/** Roads are measured in three dimensions: metres of plan → metres of road. */
function builtLengths(road: Road): (planM: number) => number {
  const count = Math.ceil(road.lengthM)
  const sums = new Float64Array(count + 1)
  for (let i = 0; i < count; i++) {
    const grade = road.profile.gradeAt(i + 0.5)
    sums[i + 1] = sums[i]! + Math.sqrt(1 + grade * grade)
  }
  return (planM) => {
    const s = Math.min(count, Math.max(0, planM))
    const i = Math.min(count - 1, Math.floor(s))
    return sums[i]! + (sums[i + 1]! - sums[i]!) * (s - i)
  }
}

function roadOf(edge: Edge): MapRoad {
  const { road } = edge
  const spans = <Value>(stretches: readonly Stretch<Value>[], usual: Value) =>
    stretches.flatMap(({ fromM, toM, value }) => {
      const from = Math.max(edge.fromM, fromM)
      const to = Math.min(edge.toM, toM)
      if (value === usual || to - from < 1) return []
      return [{ fromM: rounded(edge.builtM(from), 1), toM: rounded(edge.builtM(to), 1), value }]
    })
  const widthM = usual(edge, road.widths, 7)
  const surface = usual<Surface>(edge, road.surfaces, 'asphalt')
  const shelter = usual<Shelter>(edge, road.shelters, 'fields')
  return {
    id: edge.id,
    name: road.name,
    from: edge.from,
    to: edge.to,
    isClosed: false,
    isOneWay: road.isOneWay,
    points: pointsOf(edge),
    widthM,
    surface,
    windShare: WIND_SHARES[shelter],
    uTurn: 'none',
    widths: spans(road.widths, widthM).map(({ value, ...span }) => ({ ...span, widthM: value })),
    surfaces: spans(road.surfaces, surface).map(({ value, ...span }) => ({ ...span, surface: value })),
    banks: spans(banksOf(edge), 0).map(({ value, ...span }) => ({ ...span, slope: value })),
    shelters: spans(road.shelters, shelter).map(({ value, ...span }) => ({ ...span, windShare: WIND_SHARES[value] })),
    spans: spans<string>(road.structures, '').map(({ value, ...span }) => ({
      ...span,
      kind: value as 'bridge' | 'tunnel',
    })),
  }
}

/** What holds on most of an edge. */
function usual<Value>(edge: Edge, stretches: readonly Stretch<Value>[], otherwise: Value): Value {
  const lengths = new Map<Value, number>()
  let restM = edge.toM - edge.fromM
  for (const { fromM, toM, value } of stretches) {
    const lengthM = Math.min(edge.toM, toM) - Math.max(edge.fromM, fromM)
    if (lengthM <= 0) continue
    lengths.set(value, (lengths.get(value) ?? 0) + lengthM)
    restM -= lengthM
  }
  lengths.set(otherwise, (lengths.get(otherwise) ?? 0) + restM)
  return [...lengths].toSorted((a, b) => b[1] - a[1])[0]![0]
}

function pointsOf({ road, fromM, toM }: Edge): Point[] {
  const points: Point[] = []
  const put = (s: number) => {
    const { x, y } = road.at(s)
    points.push([rounded(x), rounded(y), rounded(road.profile.heightAt(s))])
  }
  // Dense in bends, and denser and thinner again by degrees: a spline through uneven points would sway.
  const STEP_M = 2
  const wanted = Float64Array.from({ length: Math.ceil((toM - fromM) / STEP_M) + 1 }, (_, i) => {
    const bend = Math.abs(road.at(fromM + i * STEP_M).bendPerM)
    return Math.min(POINT_MAX_M, Math.max(POINT_MIN_M, POINT_SHARE / Math.max(1e-9, bend)))
  })
  for (let i = 1; i < wanted.length; i++) wanted[i] = Math.min(wanted[i]!, wanted[i - 1]! + POINT_GROWTH * STEP_M)
  for (let i = wanted.length - 2; i >= 0; i--) wanted[i] = Math.min(wanted[i]!, wanted[i + 1]! + POINT_GROWTH * STEP_M)
  const strideAt = (s: number) => wanted[Math.min(wanted.length - 1, Math.round((s - fromM) / STEP_M))]!
  let s = fromM
  while (toM - s > 1.5 * strideAt(s)) {
    put(s)
    s += strideAt(s)
  }
  put(s)
  put(toM)
  return points
}

/** Bends lean inwards, the tighter the more, up to the road's most. */
function banksOf({ road, fromM, toM }: Edge): Stretch<number>[] {
  const STEP_M = 2
  const banks: Stretch<number>[] = []
  let startM = NaN
  let tightest = 0
  for (let s = fromM; s <= toM + STEP_M; s += STEP_M) {
    const { bendPerM } = road.at(s)
    const isBend = s <= toM && Math.abs(bendPerM) > 1 / BANK_RADIUS_MAX_M && bendPerM * tightest >= 0
    if (isBend) {
      if (Number.isNaN(startM)) startM = s
      if (Math.abs(bendPerM) > Math.abs(tightest)) tightest = bendPerM
    } else if (!Number.isNaN(startM)) {
      // To the left is positive in the plan; a bank is positive where the right-hand side is lower.
      const slope = -Math.sign(tightest) * Math.min(road.bankMax, 4 * Math.abs(tightest))
      banks.push({ fromM: startM, toM: Math.min(toM, s), value: rounded(slope, 3) })
      startM = NaN
      tightest = 0
    }
  }
  return banks
}

/** Finds ways between junctions and places on them. */
class Strips {
  readonly #edges: readonly Edge[]

  constructor(edges: readonly Edge[]) {
    this.#edges = edges
  }

  path(path: Path): string[] {
    const strips: string[] = []
    let at: string | undefined
    for (const step of path) {
      if (/^[<>]/.test(step)) {
        if (at !== undefined && this.startOf(step) !== at) throw new Error(`${step} does not begin at ${at}`)
        strips.push(step)
        at = this.endOf(step)
      } else if (at === undefined || step === at) at = step
      else {
        strips.push(this.#between(at, step))
        at = step
      }
    }
    return strips
  }

  startOf(strip: string): string {
    const edge = this.#edge(strip.slice(1))
    return strip.startsWith('>') ? edge.from : edge.to
  }

  endOf(strip: string): string {
    const edge = this.#edge(strip.slice(1))
    return strip.startsWith('>') ? edge.to : edge.from
  }

  place({ road: id, from, plusM = 0, isAgainst = false }: Place): { road: string; atM: number } {
    const edges = this.#edges.filter(({ road }) => road.id === id)
    const road = edges[0]?.road
    if (road === undefined) throw new Error(`there is no road ${id}`)
    const base =
      from === undefined
        ? isAgainst
          ? road.lengthM
          : 0
        : (road.marks.get(from) ?? road.junctions.find(({ junction }) => junction.id === from)?.atM)
    if (base === undefined) throw new Error(`road ${id} has neither mark nor junction ${from}`)
    const planM = base + (isAgainst ? -plusM : plusM)
    const edge = edges.find(({ fromM, toM }) => planM > fromM && planM < toM)
    if (edge === undefined) throw new Error(`${planM.toFixed(0)} m is not between two junctions of road ${id}`)
    return { road: `${isAgainst ? '<' : '>'}${edge.id}`, atM: rounded(edge.builtM(planM), 1) }
  }

  #edge(id: string): Edge {
    const edge = this.#edges.find((other) => other.id === id)
    if (edge === undefined) throw new Error(`there is no strip of a road ${id}`)
    return edge
  }

  #between(from: string, to: string): string {
    const found = this.#edges.flatMap((edge) => [
      ...(edge.from === from && edge.to === to ? [`>${edge.id}`] : []),
      ...(edge.from === to && edge.to === from && !edge.road.isOneWay ? [`<${edge.id}`] : []),
    ])
    if (found.length !== 1) throw new Error(`${found.length} roads lead from ${from} to ${to}: ${found.join(', ')}`)
    return found[0]!
  }
}

function rounded(value: number, digits = 3): number {
  const scale = 10 ** digits
  return Math.round(value * scale) / scale
}
