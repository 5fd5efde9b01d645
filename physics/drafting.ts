import type { Course } from './course.ts'
import type { Neighbours } from './neighbours.ts'
import type { Riders } from './riders.ts'
import { BICYCLE_LENGTH_M, cubeRoot, feel, REFERENCE_AREA_M2, WAKE_LAW, WakeSums } from './wake-law.ts'
import type { Conditions } from './weather.ts'
import { createRoadWind, windOnRoad } from './wind.ts'

/** Line choice looks this far ahead for shelter, m along the road: beyond it one metre to the side changes little. */
export const LINE_REACH_M = 10
/** Air slower than this over a rider leaves no wake worth a direction, m/s. */
const AIR_MIN_MPS = 0.1

/**
 * The wakes of everybody on the road, and the shelter they make of one another. Scratch by row, worked out again each
 * tick from columns; the law of two is `wake-law.ts`.
 */
export class Wakes {
  /** Pairs looked at by the last `shelter`: what the cost grows with. */
  pairs = 0
  readonly #sums: WakeSums
  /** Where this rider's wake goes, a unit vector in road axes, and how fast the air is. */
  readonly #along: Float64Array
  readonly #right: Float64Array
  readonly #airMps: Float64Array
  /** Powers of the drag area (`sourceOf`), kept while it stays the same. */
  readonly #areaM2: Float64Array
  readonly #strength: Float64Array
  readonly #scale: Float64Array
  readonly #ratio: Float64Array
  readonly #wind = createRoadWind()
  readonly #trial = new WakeSums(1)

  constructor(capacity: number) {
    const column = () => new Float64Array(capacity)
    this.#sums = new WakeSums(capacity)
    this.#along = column()
    this.#right = column()
    this.#airMps = column()
    this.#areaM2 = column()
    this.#strength = column()
    this.#scale = column()
    this.#ratio = column()
  }

  /** Fills `draftFactor` of everybody. `neighbours` are of this tick. */
  shelter(riders: Riders, neighbours: Neighbours, course: Course, conditions: Conditions): void {
    const { draftFactor, lateralM } = riders
    const { order, count, aheadRow, aheadM } = neighbours
    draftFactor.fill(1, 0, riders.count)
    const reachM = this.#blow(riders, neighbours, course, conditions)
    let pairs = 0
    for (let k = 0; k < count; k++) {
      const row = order[k]!
      const found = neighbours.ahead(row, reachM)
      pairs += found
      const hereM = lateralM[row]!
      for (let n = 0; n < found; n++) {
        const other = aheadRow[n]!
        const alongM = aheadM[n]!
        const rightM = lateralM[other]! - hereM
        this.#meet(this.#sums, row, row, other, -alongM, -rightM)
        this.#meet(this.#sums, other, other, row, alongM, rightM)
      }
    }
    for (let k = 0; k < count; k++) draftFactor[order[k]!] = this.#sums.factor(order[k]!)
    this.pairs = pairs
  }

  /**
   * The `draftFactor` this rider would have on another line, of those ahead within `reachM`, everybody else staying:
   * what line choice asks. Good after `shelter` of the same tick.
   */
  factorOnLine(riders: Riders, neighbours: Neighbours, row: number, lateralM: number, reachM = LINE_REACH_M): number {
    const found = neighbours.ahead(row, reachM)
    this.#trial.clear(0)
    for (let n = 0; n < found; n++) {
      const other = neighbours.aheadRow[n]!
      this.#meet(this.#trial, 0, row, other, -neighbours.aheadM[n]!, lateralM - riders.lateralM[other]!)
    }
    return this.#trial.factor(0)
  }

  /** Adds to `sums` what `row` would feel of one `other`, `aheadM` in front, riding `rightM` beside them. */
  feelAhead(sums: WakeSums, row: number, other: number, aheadM: number, rightM: number): void {
    this.#meet(sums, 0, row, other, -aheadM, rightM)
  }

  /** How far beside somebody `aheadM` in front their wake runs there, m to the right of them: a side wind slants it. */
  wakeOffsetM(row: number, aheadM: number): number {
    const along = this.#along[row]!
    return along < -0.1 ? (-aheadM * this.#right[row]!) / along : 0
  }

  /** Everybody's wake; answers how far ahead the farthest of them can come from. */
  #blow(riders: Riders, neighbours: Neighbours, course: Course, conditions: Conditions): number {
    const { order, count, placeM } = neighbours
    let ratioMost = 0
    for (let k = 0; k < count; k++) {
      const row = order[k]!
      this.#sums.clear(row)
      if (this.#areaM2[row] !== riders.cdaM2[row]) this.#measure(row, riders.cdaM2[row]!)
      ratioMost = Math.max(ratioMost, this.#ratio[row]!)
      windOnRoad(course, placeM[row]!, conditions, this.#wind)
      const along = -this.#wind.headMps - riders.speedMps[row]!
      const right = -this.#wind.crossMps
      const airMps = Math.sqrt(along * along + right * right)
      const isStill = airMps < AIR_MIN_MPS
      this.#airMps[row] = isStill ? 0 : airMps
      this.#along[row] = isStill ? -1 : along / airMps
      this.#right[row] = isStill ? 0 : right / airMps
    }
    return WAKE_LAW.reachM * ratioMost + BICYCLE_LENGTH_M
  }

  #measure(row: number, areaM2: number): void {
    const ratio = areaM2 / REFERENCE_AREA_M2
    this.#areaM2[row] = areaM2
    this.#ratio[row] = ratio
    this.#scale[row] = Math.sqrt(ratio)
    this.#strength[row] = cubeRoot(ratio)
  }

  /** `target` is so far along and right of `source`, in road axes. */
  #meet(sums: WakeSums, at: number, target: number, source: number, alongM: number, rightM: number): void {
    const along = this.#along[source]!
    const right = this.#right[source]!
    const downM = alongM * along + rightM * right
    const acrossM = rightM * along - alongM * right
    const sourceMps = this.#airMps[source]!
    const targetMps = this.#airMps[target]!
    const share = sourceMps < targetMps ? sourceMps / targetMps : 1
    const scale = this.#scale[source]!
    const ratio = this.#ratio[source]!
    feel(sums, at, downM, acrossM, BICYCLE_LENGTH_M, this.#strength[source]!, scale, ratio, share)
  }
}

const pair = new WakeSums(1)

/**
 * What one rider's air does to another's drag, as a factor: below 1 in the wake and just in front, above 1 alongside.
 * `gapM` from the front wheel of the one behind to the rear wheel of the source (negative: they overlap), `offsetM`
 * beside it, in the axes of the source's apparent wind: in still air along the road.
 */
export function shelterAt(gapM: number, offsetM: number, sourceAreaM2 = REFERENCE_AREA_M2): number {
  const ratio = sourceAreaM2 / REFERENCE_AREA_M2
  pair.clear(0)
  feel(pair, 0, gapM + BICYCLE_LENGTH_M, offsetM, BICYCLE_LENGTH_M, cubeRoot(ratio), Math.sqrt(ratio), ratio, 1)
  return pair.factor(0)
}

/** How far beside a single source this factor is found, m, by halving: the inverse of `shelterAt` over `offsetM`. */
export function offsetOfShelterM(gapM: number, factor: number, sourceAreaM2 = REFERENCE_AREA_M2): number {
  let nearM = 0
  let farM = WAKE_LAW.sideHalfM
  if (shelterAt(gapM, 0, sourceAreaM2) >= factor) return 0
  for (let i = 0; i < 20; i++) {
    const middleM = 0.5 * (nearM + farM)
    if (shelterAt(gapM, middleM, sourceAreaM2) < factor) nearM = middleM
    else farM = middleM
  }
  return nearM
}
