import { compileNetwork } from './compile.ts'
import { complaintsAboutClearance } from './clearance.ts'
import { placeOf, type Baked, type ComplaintKind, type MapComplaint } from './complaint.ts'
import {
  BEND_UNIT_PM,
  DIRECTION_UNIT,
  GRADE_MAX,
  GRADE_STEP_MAX,
  HEIGHT_UNIT_M,
  PEN_ROW_M,
  RADIUS_MIN_M,
  SLOPE_UNIT,
  type BakedColumns,
  type MapFile,
} from './format.ts'
import { complaintsAboutReach } from './reachable.ts'
import type { Network } from './network.ts'
import { planWays } from './topology.ts'
import { lengthOf, walkCurve } from './track.ts'

/** Limits of the validator; docs/maps.md has them as a table. */
const GAP_MAX_M = 0.01
const KINK_MAX = 0.5 * (Math.PI / 180)
/** A bend is an average over a metre: this much of the limit is lost in rounding and in scaling to whole metres. */
const RADIUS_SLACK = 1.03

/** Everything that a rider would feel or fall into, found in the baked map. Empty: the map is sound. */
export function validateMap(map: MapFile, columns: BakedColumns): readonly MapComplaint[] {
  const plans = planWays(map)
  const compiled = compileNetwork(map, columns)
  const rules = compiled.ok
    ? []
    : compiled.error.map((sentence) => ({ kind: 'rules' as const, roadId: '', atM: 0, sentence }))
  if (plans.length !== columns.ways.length) return rules
  const world: Baked = { map, columns, plans }
  return [
    ...rules,
    ...nodeGaps(map),
    ...stretchesBeyond(map),
    ...plans.flatMap((_, way) => [...alongWay(world, way), ...joins(world, way)]),
    ...complaintsAboutReach(world),
    ...(plans.length > 1 ? complaintsAboutClearance(world) : []),
    ...(compiled.ok ? placesThatFit(world, compiled.value) : []),
  ]
}

function nodeGaps(map: MapFile): MapComplaint[] {
  return map.roads.flatMap((road) =>
    (['from', 'to'] as const).flatMap((end): MapComplaint[] => {
      const node = map.nodes.find(({ id }) => id === road[end])
      if (node === undefined) return []
      const at = end === 'from' ? road.points[0]! : road.points[road.points.length - 1]!
      const apart = [0, 1, 2].map((axis) => at[axis]! - node.at[axis]!)
      if (apart.every((gapM) => Math.abs(gapM) <= GAP_MAX_M)) return []
      const which = end === 'from' ? 'first' : 'last'
      const by = apart.map((gapM, axis) => `${gapM.toFixed(2)} m ${['east', 'north', 'up'][axis]}`).join(', ')
      const sentence =
        `"${road.id}": its ${which} point is not at node "${node.id}" but off by ${by}; ` +
        `put it at [${node.at.join(', ')}], or move the node`
      return [{ kind: 'gap', roadId: road.id, atM: 0, sentence }]
    }),
  )
}

const STRETCHES = ['widths', 'surfaces', 'banks', 'shelters', 'spans'] as const

function stretchesBeyond(map: MapFile): MapComplaint[] {
  return map.roads.flatMap((road) => {
    if (STRETCHES.every((list) => road[list].length === 0)) return []
    const endM = lengthOf(walkCurve(road.points, road.isClosed))
    return STRETCHES.flatMap((list) =>
      road[list].flatMap(({ toM }, i): MapComplaint[] => {
        if (toM <= endM + 1) return []
        const sentence = `"${road.id}": ${list}[${i}] goes on to ${toM} m, but the road ends at ${endM.toFixed(1)} m; shorten it`
        return [{ kind: 'stretch', roadId: road.id, atM: toM, sentence }]
      }),
    )
  })
}

/** The worst of each kind inside one way: a defect is seldom one sample long. */
function alongWay(world: Baked, way: number): MapComplaint[] {
  const { columns, plans } = world
  const { slopeCount, bendCount, isLoop } = columns
  const { startM, lengthM } = columns.ways[way]!
  const samples = isLoop ? lengthM : lengthM + 1
  const at = (k: number) => startM + (isLoop ? (k + samples) % samples : Math.min(samples - 1, Math.max(0, k)))
  const bend = (k: number) => bendCount[at(k)]! * BEND_UNIT_PM
  const worst = { bend: [0, 0], kink: [0, 0], step: [0, 0], grade: [0, 0] }
  const note = (which: keyof typeof worst, value: number, k: number) => {
    if (value > worst[which][0]!) worst[which] = [value, k]
  }
  const grade = (k: number) => gradeOf(slopeCount[at(k)]!)
  for (let k = 0; k < samples; k++) {
    note('bend', Math.abs(bend(k)), k)
    note('grade', Math.abs(grade(k)), k)
    if (!isLoop && k + 1 === samples) break
    note('step', Math.abs(grade(k + 1) - grade(k)), k)
    note('kink', turnedAlone(bend, k), k)
    note('kink', aside(columns, at(k), at(k + 1)), k)
  }
  const remedyOf = plans[way]!.kind === 'road'
  const complain = (kind: ComplaintKind, k: number, what: string, remedy: string, atNode: string): MapComplaint => {
    const { roadId, atM, words } = placeOf(world, way, at(k))
    return { kind, roadId, atM, sentence: `${words}: ${what}; ${remedyOf ? remedy : atNode}` }
  }
  const [bendPM, bendK] = worst.bend as [number, number]
  const [kink, kinkK] = worst.kink as [number, number]
  const [step, stepK] = worst.step as [number, number]
  const [steepest, steepK] = worst.grade as [number, number]
  const reach = "give the node a larger reachM, or close the turn ('closed')"
  return [
    ...(bendPM * RADIUS_MIN_M > RADIUS_SLACK
      ? [
          complain(
            'radius',
            bendK,
            `a bend of ${(1 / bendPM).toFixed(1)} m radius, at least ${RADIUS_MIN_M} m`,
            'draw it wider',
            reach,
          ),
        ]
      : []),
    ...(kink > KINK_MAX
      ? [
          complain(
            'kink',
            kinkK,
            `the direction jumps by ${degrees(kink)}, at most 0.5°`,
            'move the points there onto a smooth line',
            reach,
          ),
        ]
      : []),
    ...(step > GRADE_STEP_MAX
      ? [
          complain(
            'grade-step',
            stepK,
            `the grade changes by ${percent(step)} within a metre, at most 1 %`,
            'spread the change of height over more points',
            reach,
          ),
        ]
      : []),
    ...(steepest > GRADE_MAX
      ? [
          complain(
            'slope',
            steepK,
            `${percent(steepest)} steep, at most ${percent(GRADE_MAX)}`,
            'make the road longer or the rise smaller',
            reach,
          ),
        ]
      : []),
  ]
}

/** What two metres turn beyond what the metres around them make likely, rad: a corner between two straight lines. */
function turnedAlone(bend: (k: number) => number, k: number): number {
  const around = Math.max(Math.abs(bend(k - 1)), Math.abs(bend(k + 2)))
  return Math.max(0, Math.abs(bend(k) + bend(k + 1)) - 4 * around)
}

/** How far the step to the next sample points away from the direction that is written there, rad. */
function aside({ xMm, yMm, eastCount, northCount, bendCount }: BakedColumns, i: number, j: number): number {
  const [dx, dy] = [xMm[j]! - xMm[i]!, yMm[j]! - yMm[i]!]
  const [east, north] = [eastCount[i]! + eastCount[j]!, northCount[i]! + northCount[j]!]
  const lengths = Math.sqrt((dx * dx + dy * dy) * (east * east + north * north))
  const bends = Math.max(Math.abs(bendCount[i]!), Math.abs(bendCount[j]!)) * BEND_UNIT_PM
  // Within a bend a step may lean by a quarter of what the metre turns; millimetres are 0.1°.
  return lengths > 0 ? Math.max(0, Math.abs(dx * north - dy * east) / lengths - 0.25 * bends - 0.002) : 0
}

/** Where a way ends the next one begins: the same place, the same direction, the same grade. */
function joins(world: Baked, way: number): MapComplaint[] {
  const { columns } = world
  const { xMm, yMm, heightCount, slopeCount, eastCount, northCount } = columns
  const from = columns.ways[way]!
  const a = from.startM + from.lengthM
  return from.exits.flatMap(({ way: next }) => {
    const b = columns.ways[next]!.startM
    const found: MapComplaint[] = []
    const here = placeOf(world, way, a)
    const there = placeOf(world, next, b)
    const complain = (kind: ComplaintKind, what: string) => {
      const sentence = `${here.words}, where ${there.words} begins: ${what}; bake the map again, or tell us: the baker joins ways itself`
      found.push({ kind, roadId: here.roadId, atM: here.atM, sentence })
    }
    const gapsM = [
      (xMm[b]! - xMm[a]!) / 1000,
      (yMm[b]! - yMm[a]!) / 1000,
      (heightCount[b]! - heightCount[a]!) * HEIGHT_UNIT_M,
    ]
    if (gapsM.some((gapM) => Math.abs(gapM) > GAP_MAX_M))
      complain(
        'gap',
        `a gap of ${gapsM.map((gapM) => gapM.toFixed(3)).join(', ')} m east, north, up; at most ${GAP_MAX_M} m`,
      )
    const sine = (eastCount[a]! * northCount[b]! - northCount[a]! * eastCount[b]!) * DIRECTION_UNIT * DIRECTION_UNIT
    const cosine = (eastCount[a]! * eastCount[b]! + northCount[a]! * northCount[b]!) * DIRECTION_UNIT * DIRECTION_UNIT
    if (Math.abs(sine) > KINK_MAX || cosine < 0)
      complain('kink', `the direction jumps by ${cosine < 0 ? 'more than 90°' : degrees(Math.abs(sine))}, at most 0.5°`)
    const step = Math.abs(gradeOf(slopeCount[b]!) - gradeOf(slopeCount[a]!))
    if (step > GRADE_STEP_MAX) complain('grade-step', `the grade jumps by ${percent(step)}, at most 1 %`)
    return found
  })
}

/** Pens need road behind their line and width for those abreast; riders appear on the road. */
function placesThatFit(world: Baked, network: Pick<Network, 'pens' | 'spawns'>): MapComplaint[] {
  const { columns } = world
  const widthM = (way: number, atM: number) => columns.widthCm[columns.ways[way]!.startM + Math.floor(atM)]! / 100
  const pens = network.pens.flatMap(({ id, way, atM, rows, abreast }): MapComplaint[] => {
    const { roadId, atM: roadM, words } = placeOf(world, way, columns.ways[way]!.startM + Math.round(atM))
    const deepM = rows * PEN_ROW_M
    const found: MapComplaint[] = []
    if (deepM > atM && !columns.isLoop) {
      const sentence = `${words}: the pen "${id}" is ${deepM} m deep, but its strip begins ${atM.toFixed(0)} m behind its line; fewer rows, or move it on`
      found.push({ kind: 'pen', roadId, atM: roadM, sentence })
    }
    if (abreast * PEN_ABREAST_M > widthM(way, atM)) {
      const sentence = `${words}: the pen "${id}" has ${abreast} abreast, ${PEN_ABREAST_M} m each, on ${widthM(way, atM)} m; fewer abreast, or a wider road`
      found.push({ kind: 'pen', roadId, atM: roadM, sentence })
    }
    return found
  })
  const spawns = network.spawns.flatMap(({ way, atM, lateralM }, i): MapComplaint[] => {
    const halfM = widthM(way, atM) / 2
    if (Math.abs(lateralM) <= halfM - 0.4) return []
    const { roadId, atM: roadM, words } = placeOf(world, way, columns.ways[way]!.startM + Math.round(atM))
    const sentence = `${words}: spawns[${i}] is ${lateralM} m beside the middle of a strip of ${2 * halfM} m; keep 0.4 m from its edge`
    return [{ kind: 'spawn', roadId, atM: roadM, sentence }]
  })
  return [...pens, ...spawns]
}
const PEN_ABREAST_M = 0.8

function gradeOf(slopeCount: number): number {
  const slope = slopeCount * SLOPE_UNIT
  return slope / Math.sqrt(1 - slope * slope)
}

const percent = (grade: number) => `${(grade * 100).toFixed(1)} %`
const degrees = (angle: number) => `${((angle * 180) / Math.PI).toFixed(2)}°`
