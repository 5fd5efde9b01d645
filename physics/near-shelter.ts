import type { Wakes } from './drafting.ts'
import { NEAR_AHEAD_MAX, type Near } from './near.ts'
import type { Riders } from './riders.ts'
import { BICYCLE_LENGTH_M, KERNEL, Wake } from './wake-law.ts'

/** A metre to the side changes the shelter of those so near, m along the road, m across; the nearest is always asked. */
const SHELTER_AHEAD_M = 10
const SHELTER_ASIDE_M = 1.3
/** Where a wheel will be when the rider is behind it: this far on the way to where it is going. */
const TOWARDS_SHARE = 0.7

/**
 * The part of shelter that changes with one's line: the air of those near ahead, for one rider who tries many lines. The
 * law is `Air.feel`'s of one pair; all that stays the same from line to line is worked out once, and stands side by side.
 * Numbers go in and out by fields: handed over as arguments each would be a new object.
 */
export class NearShelter {
  /** Asked for: a line, m right of the middle, here or so much farther on while the others ride as they do. */
  lineM = 0
  onM = 0
  /** The answer of `measure`, as a share of the drag alone. */
  factor = 1
  #count = 0
  readonly #aheadM = new Float64Array(NEAR_AHEAD_MAX)
  /** Where they are (or, after `lookOn`, where they are going), and where their wakes run beside the rider at hand. */
  readonly #atM = new Float64Array(NEAR_AHEAD_MAX)
  readonly #wakeM = new Float64Array(NEAR_AHEAD_MAX)
  readonly #goesM = new Float64Array(NEAR_AHEAD_MAX)
  readonly #downAlong = new Float64Array(NEAR_AHEAD_MAX)
  readonly #downRight = new Float64Array(NEAR_AHEAD_MAX)
  readonly #ratio = new Float64Array(NEAR_AHEAD_MAX)
  readonly #per = new Float64Array(NEAR_AHEAD_MAX)
  readonly #wake = new Wake()
  /** How much of its wake the rider feels: slow air less. Times the size's strength, and what a doublet asks of the size. */
  readonly #core = new Float64Array(NEAR_AHEAD_MAX)
  readonly #field = new Float64Array(NEAR_AHEAD_MAX)

  /** The air of those near ahead of `row`, where they are. Good after `wakes.shelter` of the same tick. */
  gather(riders: Riders, near: Near, wakes: Wakes, row: number): void {
    const { air, rank } = wakes
    const { lateralM, lineM } = riders
    const base = row * NEAR_AHEAD_MAX
    const found = near.aheadCount[row]!
    const airPer = air.airPer[rank[row]!]!
    let count = 0
    for (let n = 0; n < found; n++) {
      const aheadM = near.aheadM[base + n]!
      if (aheadM > SHELTER_AHEAD_M && n > 0) break
      const other = near.aheadRow[base + n]!
      const k = rank[other]!
      const along = air.downAlong[k]!
      const right = air.downRight[k]!
      const slow = Math.min(1, air.airMps[k]! * airPer)
      this.#aheadM[n] = aheadM
      this.#atM[n] = lateralM[other]!
      this.#wakeM[n] = lateralM[other]! + (along < -0.1 ? (-aheadM * right) / along : 0)
      this.#goesM[n] = TOWARDS_SHARE * (lineM[other]! - lateralM[other]!)
      this.#downAlong[n] = along
      this.#downRight[n] = right
      this.#ratio[n] = air.areaRatio[k]!
      this.#per[n] = air.areaPer[k]!
      this.#core[n] = slow * air.strength[k]!
      this.#field[n] = slow * air.scale[k]! * air.areaRatio[k]!
      count++
    }
    this.#count = count
  }

  /** From now on everybody is where they are going. Who follows a wheel that moves goes with it, and not after it. */
  lookOn(): void {
    for (let n = 0; n < this.#count; n++) {
      const goesM = this.#goesM[n]!
      this.#atM[n] = this.#atM[n]! + goesM
      this.#wakeM[n] = this.#wakeM[n]! + goesM
    }
  }

  /** Fills `factor`, for `lineM` and `onM`. */
  measure(): void {
    const law = KERNEL
    const { lineM, onM } = this
    const count = this.#count
    const reach = this.#aheadM
    const wakes = this.#wakeM
    const wake = this.#wake
    let core = 1
    let side = 1
    let push = 0
    let beside = 0
    for (let n = 0; n < count; n++) {
      const aheadM = reach[n]! - onM
      if (aheadM < 0 || Math.abs(lineM - wakes[n]!) > SHELTER_ASIDE_M) continue
      const y = lineM - this.#atM[n]!
      const along = this.#downAlong[n]!
      const right = this.#downRight[n]!
      const down = y * right - aheadM * along
      const across = y * along + aheadM * right
      const across2 = across * across
      const per = this.#per[n]!
      const u = across2 * per
      if (down > law.onsetFromM && u < law.sideHalf2) {
        const gapM = Math.max(0, down - BICYCLE_LENGTH_M)
        const far = gapM * per
        if (u < (far < law.sideReachM ? law.sideHalf2 : law.coreHalf2) && far < law.coreReachM) {
          wake.down = down
          wake.gapM = gapM
          wake.far = far
          wake.u = u
          wake.whole = this.#core[n]!
          wake.act(law)
          side *= wake.side
          core *= wake.core
        }
      }
      const ratio = this.#ratio[n]!
      const down2 = down * down
      const field = law.push * down2 - law.beside * ratio * across2
      if (field >= 0 && down >= 0) continue
      const edge = 1 - (down2 + 9 * across2) * per * law.pushPm2
      if (!(edge > 0)) continue
      const soft = down2 + across2 + law.softM2 * ratio
      const felt = (this.#field[n]! * edge * field) / (soft * soft * Math.sqrt(soft))
      if (felt < 0) beside -= felt
      else push += felt
    }
    // As `WakeSums.factor`.
    const sheltered = law.inflow * side + (1 - law.inflow) * core
    const pushed = Math.min(law.pushMost, push) * Math.sqrt(sheltered)
    this.factor = Math.max(law.least, sheltered * (1 + Math.min(law.besideMost, beside)) - pushed)
  }
}
