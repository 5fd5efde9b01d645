// runs once, when a road is made from a recording. Nothing that World.step reaches imports it.

import { HEIGHT_UNIT_M, type BakedColumns, type MapFile, type MapLine, type MapSegment } from './format.ts'

/** What is made up around a recorded road, from its heights alone: the country it lies in, its climbs, its last metres. */

/** Rise between the lowest and the highest place, m, from which a country is mountains, and from which it is hills. */
const MOUNTAINS_RISE_M = 500
const HILLS_RISE_M = 70
/** Mountains are as high as this, m, or rise twice as much. */
const MOUNTAINS_HIGH_M = 1100
/** Hills are also where a road climbs this much every kilometre, m. */
const HILLS_PER_KM_M = 6
/** Heights above the sea at which woods end and snow begins, as in the Alps in summer. */
const TREE_LINE_M = 1950
const SNOW_LINE_M = 2800
/** The land is shown this far above its highest road before trees end, where the road itself goes higher than they do. */
const THIN_AIR_M = 60

/** Country, look and lines for trees and snow. `seed` makes the same woods for the same name. */
export function sceneryOf(columns: BakedColumns, gainM: number, seed: number): MapFile['scenery'] {
  const { lowestM, highestM } = extremes(columns)
  const riseM = highestM - lowestM
  const perKm = gainM / Math.max(1, columns.ways[0]!.lengthM / 1000)
  const isMountains = riseM > 2 * MOUNTAINS_RISE_M || (riseM > MOUNTAINS_RISE_M && highestM > MOUNTAINS_HIGH_M)
  const isHills = riseM > HILLS_RISE_M || perKm > HILLS_PER_KM_M
  const country = isMountains ? 'alps' : isHills ? 'hills' : 'plain'
  const look = isMountains ? 'alpine' : isHills ? 'hills' : 'parkland'
  const treeLineM = isMountains && highestM > TREE_LINE_M ? TREE_LINE_M : Math.max(TREE_LINE_M, highestM + THIN_AIR_M)
  return { seed, country, look, treeLineM, snowLineM: Math.max(SNOW_LINE_M, treeLineM + 500) }
}

/** A climb of a road, metres from its beginning. */
export interface Climb {
  readonly fromM: number
  readonly toM: number
  readonly riseM: number
}

const STEP_M = 20
const CLIMB_RISE_MIN_M = 40
const CLIMB_LENGTH_MIN_M = 400
const CLIMB_GRADE_MIN = 0.025
/** A climb goes on over a dip of so much, m, or of this share of what was climbed. */
const DIP_M = 12
const DIP_SHARE = 0.12
const CLIMBS_MAX = 12
/** The ends of a climb are where it is really steep: what is gentler than this at its foot and top is left out. */
const FOOT_GRADE = 0.02

/** The climbs of a road in the order they are ridden; the largest ones, where there are many. */
export function climbsOf(columns: BakedColumns): Climb[] {
  const lengthM = columns.ways[0]!.lengthM
  const count = Math.floor(lengthM / STEP_M) + 1
  const heights = Float64Array.from({ length: count }, (_, i) => heightAt(columns, i * STEP_M))
  const found: Climb[] = []
  let foot = 0
  let top = 0
  const close = (): void => {
    const climb = trimmed(heights, foot, top)
    const long = climb.toM - climb.fromM
    if (climb.riseM >= CLIMB_RISE_MIN_M && long >= CLIMB_LENGTH_MIN_M && climb.riseM / long >= CLIMB_GRADE_MIN)
      found.push(climb)
  }
  for (let i = 1; i < count; i++) {
    const h = heights[i]!
    if (h > heights[top]!) top = i
    const climbed = heights[top]! - heights[foot]!
    if (heights[top]! - h > Math.max(DIP_M, DIP_SHARE * climbed)) {
      close()
      foot = i
      top = i
    } else if (h <= heights[foot]! && climbed < CLIMB_RISE_MIN_M) {
      foot = i
      top = i
    }
  }
  close()
  return found
    .toSorted((a, b) => b.riseM - a.riseM)
    .slice(0, CLIMBS_MAX)
    .toSorted((a, b) => a.fromM - b.fromM)
}

function trimmed(heights: Float64Array, foot: number, top: number): Climb {
  const REACH = 10
  while (foot + REACH < top && heights[foot + REACH]! - heights[foot]! < FOOT_GRADE * REACH * STEP_M) foot++
  while (top - REACH > foot && heights[top]! - heights[top - REACH]! < FOOT_GRADE * REACH * STEP_M) top--
  return { fromM: foot * STEP_M, toM: top * STEP_M, riseM: heights[top]! - heights[foot]! }
}

/** How steep a climb is, in words of ours: up to the grade, rise over run. */
const GRADE_WORDS = [
  [0.04, 'Gentle'],
  [0.06, 'Steady'],
  [0.08, 'Stiff'],
  [0.1, 'Steep'],
  [Infinity, 'Fierce'],
] as const

export function climbName({ fromM, toM, riseM }: Climb): string {
  const grade = riseM / (toM - fromM)
  const word = GRADE_WORDS.find(([most]) => grade < most)![1]
  return `${word} climb, ${((toM - fromM) / 1000).toFixed(1)} km at ${(grade * 100).toFixed(1)} %`
}

/** Lines and segments along a recorded road between its start and its finish: its climbs, and its last half kilometre. */
export function alongRoad(
  columns: BakedColumns,
  { strip, startM, finishM }: { strip: string; startM: number; finishM: number },
): { readonly lines: MapLine[]; readonly segments: MapSegment[] } {
  const lines: MapLine[] = []
  const segments: MapSegment[] = []
  for (const climb of climbsOf(columns)) {
    const fromM = Math.max(climb.fromM, startM + APART_M)
    const toM = Math.min(climb.toM, finishM - APART_M)
    if (toM - fromM < CLIMB_LENGTH_MIN_M / 2) continue
    const n = segments.length + 1
    const name = climbName(climb)
    const topM = Math.round(heightAt(columns, toM))
    segments.push({ id: `climb-${n}`, name, kind: 'climb', along: [strip], fromM, toM })
    lines.push({ id: `climb-${n}-foot`, name, road: strip, atM: fromM })
    lines.push({ id: `climb-${n}-top`, name: `Top, ${topM} m`, road: strip, atM: toM })
  }
  const sprintM = finishM - SPRINT_M
  if (finishM - startM > SPRINT_FROM_M)
    segments.push({ id: 'last-500', name: 'Last 500 m', kind: 'sprint', along: [strip], fromM: sprintM, toM: finishM })
  return { lines, segments }
}

/** Signs do not stand in one another, m. */
const APART_M = 80
const SPRINT_M = 500
/** Shorter roads have no sprint of their own, m. */
const SPRINT_FROM_M = 3000

function extremes({ heightCount, count }: BakedColumns): { lowestM: number; highestM: number } {
  let low = Infinity
  let high = -Infinity
  for (let i = 0; i < count; i++) {
    low = Math.min(low, heightCount[i]!)
    high = Math.max(high, heightCount[i]!)
  }
  return { lowestM: low * HEIGHT_UNIT_M, highestM: high * HEIGHT_UNIT_M }
}

function heightAt({ heightCount, count }: BakedColumns, m: number): number {
  return heightCount[Math.min(count - 1, Math.max(0, Math.round(m)))]! * HEIGHT_UNIT_M
}
