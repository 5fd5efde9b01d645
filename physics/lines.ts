import type { Course } from './course.ts'
import type { Wakes } from './drafting.ts'
import { CLEAR_M, followMps2, gapWantedM } from './follow.ts'
import { homeLineM, lateralLimitM } from './lanes.ts'
import { NEAR_AHEAD_MAX, NEAR_BEHIND_MAX, type Near } from './near.ts'
import type { PackOptions } from './pack.ts'
import { bearingN, gravityN, ROAD_BIKE, rollingN, shelteredAreaM2 } from './resistance.ts'
import type { Riders } from './riders.ts'
import { createSurroundings, driveN, surround } from './step.ts'
import { BICYCLE_LENGTH_M, WakeSums } from './wake-law.ts'
import type { Conditions } from './weather.ts'

/** Sideways from where the rider is, m: near places to steer by, far ones to look for a gap. */
const TRIES_M = [-1.2, -0.9, -0.6, -0.4, -0.2, 0.2, 0.4, 0.6, 0.9, 1.2] as const
/** Lines across the whole road, as shares of its half. */
const ACROSS = [-1, -0.8, -0.6, -0.4, -0.2, 0, 0.2, 0.4, 0.6, 0.8, 1] as const
/** The best of them is looked at more closely, twice. */
const FINE_M = [0.1, 0.05] as const
/** Watts that only the brakes could turn into nothing are worth as much, in acceleration, against the line that needs them. */
const WASTE_COST = 2
/** Going a metre sideways must be worth as much, m/s². */
const MOVE_COST_MPS2 = 0.02
/** … and being a metre off the house's line costs as much. */
const HOME_COST_MPS2 = 0.002
/** Nearer than this a metre to the side changes shelter, m; farther than that the nearest rider is still asked. */
const SHELTER_M = 12
/** How much of what a look finds to spare counts at once. */
const SPARE_SHARE = 0.1
const GIVE_WAY_COST = 4
const FILE_M = 1
const FILE_COST_MPS2 = 0.1
const GIVE_WAY_M = 2
/** Who comes up from behind is let through when there within this, s. */
const LOOK_BACK_S = 1

/** Chooses the line of one rider after the other. */
export class LineChooser {
  readonly #near: Near
  readonly #wakes: Wakes
  readonly #sums = new WakeSums(1)
  readonly #around = createSurroundings()
  readonly #options: PackOptions
  // Of the rider at hand.
  #riders!: Riders
  #row = 0
  #speedMps = 0
  #freeMps2 = 0
  #dragMps2 = 0
  #draft = 1
  #nearHere = 1
  #homeM = 0
  #spareMps2 = 0
  #scoredSpareMps2 = 0

  constructor(near: Near, wakes: Wakes, options: PackOptions) {
    this.#near = near
    this.#wakes = wakes
    this.#options = options
  }

  choose(riders: Riders, course: Course, conditions: Conditions, row: number, placeM: number, widthM: number): number {
    const near = this.#near
    const limitM = lateralLimitM(widthM)
    const homeM = homeLineM(riders.id[row]!, widthM)
    const isAlone = near.aheadCount[row] === 0 && near.behindCount[row] === 0
    if (isAlone) {
      riders.spareMps2[row] = 0
      return homeM
    }
    const x = riders.lateralM[row]!
    this.#riders = riders
    this.#row = row
    this.#homeM = homeM
    this.#spareMps2 = riders.spareMps2[row]!
    this.#weigh(course, conditions, placeM)

    // The strip that is free to both sides: nobody alongside is squeezed.
    let loM = -limitM
    let hiM = limitM
    const v = this.#speedMps
    const { lateralM, lineM, speedMps } = riders
    const ahead = row * NEAR_AHEAD_MAX
    for (let n = 0; n < near.aheadCount[row]!; n++) {
      const other = near.aheadRow[ahead + n]!
      const gapM = near.aheadM[ahead + n]! - BICYCLE_LENGTH_M
      if (gapM > 0.1 + 0.6 * Math.max(0, v - speedMps[other]!)) continue
      const otherM = lateralM[other]!
      if (gapM > 0 && Math.abs(otherM - x) < 0.6 * CLEAR_M) continue
      if (otherM > x) hiM = Math.min(hiM, Math.min(otherM, lineM[other]!) - CLEAR_M)
      else loM = Math.max(loM, Math.max(otherM, lineM[other]!) + CLEAR_M)
    }
    const behind = row * NEAR_BEHIND_MAX
    for (let n = 0; n < near.behindCount[row]!; n++) {
      const other = near.behindRow[behind + n]!
      const gapM = near.behindM[behind + n]! - BICYCLE_LENGTH_M
      if (gapM > 0.2 + LOOK_BACK_S * Math.max(0, speedMps[other]! - v)) continue
      const otherM = lateralM[other]!
      if (gapM > 0 && Math.abs(otherM - x) < 0.6 * CLEAR_M) continue
      if (otherM > x) hiM = Math.min(hiM, Math.min(otherM, lineM[other]!) - CLEAR_M)
      else loM = Math.max(loM, Math.max(otherM, lineM[other]!) + CLEAR_M)
    }
    if (loM > hiM) return Math.min(limitM, Math.max(-limitM, 0.5 * (loM + hiM)))

    const held = Math.min(hiM, Math.max(loM, lineM[row]!))
    let bestM = held
    let best = this.#score(held) - MOVE_COST_MPS2 * 0
    for (const stepM of TRIES_M) {
      const tryM = x + stepM
      if (tryM < loM || tryM > hiM) continue
      const score = this.#score(tryM) - MOVE_COST_MPS2 * Math.abs(tryM - held)
      if (score > best) {
        best = score
        bestM = tryM
      }
    }
    for (const share of ACROSS) {
      const tryM = share * limitM
      if (tryM < loM || tryM > hiM) continue
      const score = this.#score(tryM) - MOVE_COST_MPS2 * Math.abs(tryM - held)
      if (score > best) {
        best = score
        bestM = tryM
      }
    }
    for (const stepM of FINE_M) {
      const middleM = bestM
      for (let side = -1; side <= 1; side += 2) {
        const tryM = middleM + side * stepM
        if (tryM < loM || tryM > hiM) continue
        const score = this.#score(tryM) - MOVE_COST_MPS2 * Math.abs(tryM - held)
        if (score > best) {
          best = score
          bestM = tryM
        }
      }
    }
    this.#score(bestM)
    riders.spareMps2[row]! += SPARE_SHARE * (this.#scoredSpareMps2 - riders.spareMps2[row]!)
    return bestM
  }

  #weigh(course: Course, conditions: Conditions, placeM: number): void {
    this.#force(course, conditions, placeM)
    this.#nearHere = this.#nearShelter(this.#riders.lateralM[this.#row]!)
  }

  /** What the legs give and the road takes, and what the air would take of the rider alone. */
  #force(course: Course, conditions: Conditions, placeM: number): void {
    const riders = this.#riders
    const row = this.#row
    const v = riders.speedMps[row]!
    const massKg = riders.massKg[row]!
    const inertKg = massKg + ROAD_BIKE.inertiaKg
    const slope = course.slopeAt(placeM)
    const around = surround(course, placeM, conditions, this.#around)
    const legsN = driveN(v, riders.powerW[row]! * ROAD_BIKE.efficiency, 1)
    const crr = course.crrAt(placeM) * around.rollingShare
    const roadN = gravityN(massKg, slope) + rollingN(massKg, slope, crr) + bearingN(v)
    const headMps = v + around.headMps
    const airMps = Math.sqrt(headMps * headMps + around.crossMps * around.crossMps)
    const aloneN = 0.5 * around.airDensityKgpm3 * shelteredAreaM2(riders.cdaM2[row]!, 1) * airMps * headMps
    this.#speedMps = v
    this.#freeMps2 = (legsN - roadN) / inertKg
    this.#dragMps2 = aloneN / inertKg
    this.#draft = riders.draftFactor[row]!
  }

  /** The part of shelter that depends on the line: of those near ahead. */
  #nearShelter(lateralM: number): number {
    const near = this.#near
    const { lateralM: x } = this.#riders
    const base = this.#row * NEAR_AHEAD_MAX
    const found = near.aheadCount[this.#row]!
    const sums = this.#sums
    sums.clear(0)
    for (let n = 0; n < found; n++) {
      const other = near.aheadRow[base + n]!
      const aheadM = near.aheadM[base + n]!
      if (aheadM > SHELTER_M && n > 0) break
      this.#wakes.feelAhead(sums, this.#row, other, aheadM, lateralM - x[other]!)
    }
    return sums.factor(0)
  }

  /** What a line is worth: the acceleration it gives, less what the brakes would have to take. */
  #score(lateralM: number): number {
    const near = this.#near
    const { lateralM: x, lineM, speedMps, spareMps2 } = this.#riders
    const draft = Math.max(0.05, (this.#draft * this.#nearShelter(lateralM)) / this.#nearHere)
    const airMps2 = this.#freeMps2 - this.#dragMps2 * draft
    let wantedMps2 = Infinity
    let crowdMps2 = 0
    const base = this.#row * NEAR_AHEAD_MAX
    const found = near.aheadCount[this.#row]!
    for (let n = 0; n < found; n++) {
      const gapM = near.aheadM[base + n]! - BICYCLE_LENGTH_M
      const other = near.aheadRow[base + n]!
      const asideM = Math.abs(lateralM - 0.5 * (x[other]! + lineM[other]!))
      if (asideM >= CLEAR_M) {
        if (gapM < FILE_M) crowdMps2 = Math.max(crowdMps2, fileCost(asideM))
        continue
      }
      if (gapM < 0) continue
      const otherMps = speedMps[other]!
      const wantedM = gapWantedM(asideM, this.#spareMps2)
      wantedMps2 = Math.min(wantedMps2, followMps2(gapM, wantedM, this.#speedMps, otherMps))
    }
    const wasteMps2 = Math.max(0, airMps2 - wantedMps2)
    this.#scoredSpareMps2 = Math.max(0, Math.min(airMps2, wasteMps2))
    const ownMps2 = Math.max(0, Math.min(airMps2, wantedMps2))
    let heldUpMps2 = 0
    const behind = this.#row * NEAR_BEHIND_MAX
    for (let n = 0; n < near.behindCount[this.#row]!; n++) {
      const gapM = near.behindM[behind + n]! - BICYCLE_LENGTH_M
      if (gapM > GIVE_WAY_M) continue
      const other = near.behindRow[behind + n]!
      const asideM = Math.abs(lateralM - x[other]!)
      if (asideM >= CLEAR_M) {
        if (gapM < FILE_M) crowdMps2 = Math.max(crowdMps2, fileCost(asideM))
        continue
      }
      if (gapM < 0) continue
      heldUpMps2 = Math.max(heldUpMps2, Math.min(0.15, spareMps2[other]!) - ownMps2)
    }
    return Math.min(airMps2, wantedMps2) - WASTE_COST * wasteMps2 - GIVE_WAY_COST * heldUpMps2 - crowdMps2 - HOME_COST_MPS2 * Math.abs(lateralM - this.#homeM)
  }
}

/** Between two files there is room for a third rider to come through. */
function fileCost(asideM: number): number {
  const spanM = 2 * CLEAR_M
  if (asideM >= spanM) return 0
  return FILE_COST_MPS2 * (1 - (asideM - CLEAR_M) / CLEAR_M)
}
