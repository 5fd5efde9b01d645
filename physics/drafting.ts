import type { Ground } from './ground.ts'
import type { Neighbours } from './neighbours.ts'
import type { Riders } from './riders.ts'
import { Air, BICYCLE_LENGTH_M, KERNEL, REFERENCE_AREA_M2, WAKE_LAW } from './wake-law.ts'
import type { Conditions } from './weather.ts'

/** Air slower than this over a rider leaves no wake worth a direction, m/s. */
const AIR_MIN_MPS = 0.1

/**
 * The wakes of everybody on the road, and the shelter they make of one another. Scratch, worked out again each tick from
 * columns; the law of two is `wake-law.ts`.
 */
export class Wakes {
  /** Pairs looked at by the last `shelter`: what its cost grows with. */
  pairs = 0
  /** Everybody in the order of `neighbours`; by row, where one stands in it. */
  readonly air: Air
  rank: ArrayLike<number> = []
  /** How far to the right a wake runs for each metre behind: a side wind slants it. The answer of `lookAtSlant`. */
  slant = 0
  /** By rank: the drag area that was measured there. */
  readonly #areaM2: Float64Array

  constructor(capacity: number) {
    this.air = new Air(capacity)
    this.#areaM2 = new Float64Array(capacity)
  }

  /**
   * Fills `draftFactor` of everybody in every second tick: shelter comes and goes over metres, and a tick is half of one.
   * `neighbours` and `ground` are of this tick.
   */
  shelter(riders: Riders, neighbours: Neighbours, ground: Ground, conditions: Conditions): void {
    const { order, count, rangeFrom, rangeTo, rangePlusM } = neighbours
    const { draftFactor } = riders
    const air = this.air
    this.rank = neighbours.rank
    this.pairs = 0
    const reachM = this.#blow(riders, neighbours, ground)
    if ((conditions.tick & 1) !== 0) return
    for (let k = 0; k < count; k++) {
      const ranges = neighbours.reach(k, reachM)
      for (let n = 0; n < ranges; n++) {
        air.meet(k, rangeFrom[n]!, rangeTo[n]!, rangePlusM[n]!)
        this.pairs += rangeTo[n]! - rangeFrom[n]!
      }
    }
    draftFactor.fill(1, 0, riders.count)
    air.felt.factors(draftFactor, 0, count, KERNEL, order)
  }

  /** Fills `slant` for a row. */
  lookAtSlant(row: number): void {
    const k = this.rank[row]!
    const along = this.air.downAlong[k]!
    this.slant = along < -0.1 ? -this.air.downRight[k]! / along : 0
  }

  /** Everybody's wake; answers from how far ahead the farthest of them comes. */
  #blow(riders: Riders, neighbours: Neighbours, ground: Ground): number {
    const { order, count, placeM } = neighbours
    const air = this.air
    let ratioMost = 0
    for (let k = 0; k < count; k++) {
      const row = order[k]!
      air.felt.clear(k)
      air.alongM[k] = placeM[row]!
      air.rightM[k] = riders.lateralM[row]!
      if (this.#areaM2[k] !== riders.cdaM2[row]) {
        this.#areaM2[k] = riders.cdaM2[row]!
        air.measure(k, riders.cdaM2[row]!)
      }
      ratioMost = Math.max(ratioMost, air.areaRatio[k]!)
      const along = -ground.headMps[row]! - riders.speedMps[row]!
      const right = -ground.crossMps[row]!
      const airMps = Math.sqrt(along * along + right * right)
      const isStill = airMps < AIR_MIN_MPS
      air.airMps[k] = isStill ? 0 : airMps
      air.airPer[k] = isStill ? 0 : 1 / airMps
      air.downAlong[k] = isStill ? -1 : along / airMps
      air.downRight[k] = isStill ? 0 : right / airMps
    }
    return WAKE_LAW.coreReachM * ratioMost + BICYCLE_LENGTH_M
  }
}

const pair = new Air(2)
pair.measure(0, REFERENCE_AREA_M2)

/**
 * What one rider's air does to another's drag, as a factor: below 1 in the wake and just in front, above 1 alongside.
 * `gapM` from the front wheel of the one behind to the rear wheel of the source (negative: they overlap), `offsetM`
 * beside it, in the axes of the source's apparent wind: in still air along the road.
 */
export function shelterAt(gapM: number, offsetM: number, sourceAreaM2 = REFERENCE_AREA_M2): number {
  pair.measure(1, sourceAreaM2)
  pair.alongM[1] = gapM + BICYCLE_LENGTH_M
  pair.rightM[1] = offsetM
  pair.felt.clear(0)
  pair.feel(0, 1, 2, 0, true)
  return pair.felt.factor(0)
}
