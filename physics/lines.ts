import { cornerShare } from './corner-line.ts'
import type { Course } from './course.ts'
import type { Wakes } from './drafting.ts'
import { CLEAR_M, followMps2, gapWantedM } from './follow.ts'
import { homeLineM, lateralLimitM } from './lanes.ts'
import { NEAR_AHEAD_MAX, NEAR_BEHIND_MAX, type Near } from './near.ts'
import type { PackOptions } from './pack-options.ts'
import { bearingN, gravityN, ROAD_BIKE, rollingN, shelteredAreaM2 } from './resistance.ts'
import type { Riders } from './riders.ts'
import { createSurroundings, driveN, surround } from './step.ts'
import { Strip } from './strip.ts'
import { BICYCLE_LENGTH_M, WakeSums } from './wake-law.ts'
import type { Conditions } from './weather.ts'

/** Lines to try, m from where the rider is: near ones to steer by in a wake, farther ones to leave it. */
const STEPS_M = [-1.2, -0.7, -0.4, -0.2, 0.2, 0.4, 0.7, 1.2] as const
/** … the best of them closer, twice … */
const FINE_M = [0.1, 0.05] as const
/** … and lines over the whole road, as shares of its half, to look for a gap. */
const ACROSS = [-1, -0.75, -0.5, -0.25, 0, 0.25, 0.5, 0.75, 1] as const
/** A metre to the side changes the shelter of those so near, m along the road, m across; the nearest is always asked. */
const SHELTER_AHEAD_M = 10
const SHELTER_ASIDE_M = 1.3
/** What it costs to have watts that no line turns into motion, per m/s² … */
const WASTE_COST = 0.3
/** … and to hold somebody up who has them, near behind, m/s² at most. */
const HOLD_UP_COST = 0.3
const HOLD_UP_M = 2.9
const HOLD_UP_MOST_MPS2 = 0.15
/** Nobody is in the way where at least this could be gained, m/s²; then shelter is looked at so much farther on, m. */
const FREE_WAY_MPS2 = 0.3
const LOOK_ON_M = 3
/** Files leave room for a rider to come through between them, if there is room: at most, m/s², with who is this near, m. */
const FILE_COST_MPS2 = 0.03
const FILE_M = 1
/** … where there are more than so many. */
const FILE_FROM = 2
/** A metre sideways has to be worth this, m/s²; a metre off the house's line, or off the line of a bend, costs this. */
const MOVE_COST_MPS2 = 0.02
const HOME_COST_MPS2 = 0.002
const BEND_COST_MPS2 = 0.05
/** Who rides ahead is predictable: a line never lies farther from the rider than this, m; into a bend twice as far. */
const SWERVE_M = 1.2
/** Who has nobody so near ahead, m, but followers, goes to the windward side: it leaves them the road. */
const FIRST_M = 6
/** A line is reached so much later than it is made for, s: the line of a bend is the one there. */
const AHEAD_S = 1.6
/** Where a wheel will be when the rider is behind it: this far on the way to where it is going. */
const TOWARDS_SHARE = 0.7
/** How much of what one look finds to spare is believed: five looks a second make two seconds. */
const SPARE_SHARE = 0.4

/**
 * Chooses the line of one rider after the other: each line is worth the acceleration it gives. In a wake that is what
 * steers: too much surplus and the better line is farther out, in more air; too little, and it is back in the middle.
 */
export class LineChooser {
  readonly #near: Near
  readonly #wakes: Wakes
  readonly #options: PackOptions
  readonly #sums = new WakeSums(1)
  readonly #around = createSurroundings()
  readonly #strip = new Strip()
  /** Where those near ahead are going, and where their wakes will run beside the rider at hand, m right of the middle. */
  readonly #toM = new Float64Array(NEAR_AHEAD_MAX)
  readonly #wakeM = new Float64Array(NEAR_AHEAD_MAX)
  /** Of those near ahead and near behind, side by side, for every line asks for them: where they will be, gap, speed, watts to spare. */
  readonly #aheadAtM = new Float64Array(NEAR_AHEAD_MAX)
  readonly #aheadGapM = new Float64Array(NEAR_AHEAD_MAX)
  readonly #aheadMps = new Float64Array(NEAR_AHEAD_MAX)
  #aheadCount = 0
  readonly #behindAtM = new Float64Array(NEAR_BEHIND_MAX)
  readonly #behindGapM = new Float64Array(NEAR_BEHIND_MAX)
  readonly #behindSpareMps2 = new Float64Array(NEAR_BEHIND_MAX)
  #behindCount = 0
  // Of the rider at hand.
  #riders!: Riders
  #row = 0
  #speedMps = 0
  /** What legs and road make without air, and the air alone without shelter, m/s². */
  #freeMps2 = 0
  #dragMps2 = 0
  #draft = 1
  #nearHere = 1
  #homeM = 0
  #homeCost = 0
  #fileMps2 = 0
  #heldM = 0
  #spareMps2 = 0
  // Of the last score, and the best line so far.
  #wasteMps2 = 0
  #best = 0
  #bestM = 0
  /** A line was chosen among several. */
  #isChosen = false

  constructor(near: Near, wakes: Wakes, options: PackOptions) {
    this.#near = near
    this.#wakes = wakes
    this.#options = options
  }

  choose(
    riders: Riders,
    course: Course,
    conditions: Conditions,
    row: number,
    placeM: number,
    isFarLook: boolean,
  ): number {
    const near = this.#near
    const limitM = lateralLimitM(course.widthAt(placeM))
    const bend = this.#options.isCornerLine ? cornerShare(course, placeM + AHEAD_S * riders.speedMps[row]!) : 0
    this.#homeM = (1 - Math.abs(bend)) * homeLineM(riders.id[row]!, course.widthAt(placeM)) + bend * limitM
    const isFirst = near.aheadCount[row] === 0 || near.aheadM[row * NEAR_AHEAD_MAX]! > FIRST_M
    const windward = isFirst && near.behindCount[row] !== 0 ? this.#wakes.wakeOffsetM(row, 1) : 0
    if (windward !== 0) this.#homeM = -Math.min(1, Math.max(-1, 2 * windward)) * limitM
    if (near.aheadCount[row] === 0 && near.behindCount[row] === 0) {
      this.#isChosen = false
      return this.#homeM
    }
    this.#riders = riders
    this.#row = row
    this.#fileMps2 = near.aheadCount[row]! + near.behindCount[row]! > FILE_FROM ? FILE_COST_MPS2 : 0
    this.#homeCost = HOME_COST_MPS2 + BEND_COST_MPS2 * Math.min(1, Math.abs(bend) + 2 * Math.abs(windward))
    this.#spareMps2 = riders.spareMps2[row]!
    this.#weigh(course, conditions, placeM)
    const strip = this.#strip
    strip.find(riders, near, row, limitM)
    this.#isChosen = strip.leftM <= strip.rightM
    if (!this.#isChosen) return Math.min(limitM, Math.max(-limitM, riders.lateralM[row]!)) // Squeezed: straight on.

    this.#heldM = Math.min(strip.rightM, Math.max(strip.leftM, riders.lineM[row]!))
    this.#best = -Infinity
    this.#try(this.#heldM)
    const x = riders.lateralM[row]!
    for (const stepM of STEPS_M) this.#try(x + stepM)
    if (isFarLook && this.#options.isPassing) for (const share of ACROSS) this.#try(share * limitM)
    for (const stepM of FINE_M) {
      const middleM = this.#bestM
      this.#try(middleM - stepM)
      this.#try(middleM + stepM)
    }
    const mostM = SWERVE_M * (1 + Math.abs(bend))
    return Math.min(x + mostM, Math.max(x - mostM, this.#bestM))
  }

  /** What the legs of this rider, on the chosen line, have too much: part of it is believed at each look. */
  spareMps2(): number {
    if (!this.#isChosen) return 0
    this.#score(this.#bestM)
    return this.#spareMps2 + SPARE_SHARE * (this.#wasteMps2 - this.#spareMps2)
  }

  #try(lineM: number): void {
    if (lineM < this.#strip.leftM || lineM > this.#strip.rightM) return
    const score = this.#score(lineM) - MOVE_COST_MPS2 * Math.abs(lineM - this.#heldM)
    if (score <= this.#best) return
    this.#best = score
    this.#bestM = lineM
  }

  /** What the legs give and the road takes, and what the air would take of the rider alone. */
  #weigh(course: Course, conditions: Conditions, placeM: number): void {
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
    const faceMps = v + around.headMps
    const airMps = Math.sqrt(faceMps * faceMps + around.crossMps * around.crossMps)
    const aloneN = 0.5 * around.airDensityKgpm3 * shelteredAreaM2(riders.cdaM2[row]!, 1) * airMps * faceMps
    this.#speedMps = v
    this.#freeMps2 = (legsN - roadN) / inertKg
    this.#dragMps2 = aloneN / inertKg
    this.#draft = riders.draftFactor[row]!
    const near = this.#near
    const base = row * NEAR_AHEAD_MAX
    for (let n = 0; n < near.aheadCount[row]!; n++) {
      const other = near.aheadRow[base + n]!
      this.#toM[n] = riders.lateralM[other]!
      this.#wakeM[n] = this.#toM[n]! + this.#wakes.wakeOffsetM(other, near.aheadM[base + n]!)
    }
    this.#nearHere = this.#nearShelter(riders.lateralM[row]!, 0)
    this.#gather()
    for (let n = 0; n < near.aheadCount[row]!; n++) {
      const other = near.aheadRow[base + n]!
      const goesM = TOWARDS_SHARE * (riders.lineM[other]! - riders.lateralM[other]!)
      this.#toM[n] = this.#toM[n]! + goesM
      this.#wakeM[n] = this.#wakeM[n]! + goesM
    }
  }

  /** Everything that `#score` asks of others, for it asks for every line. */
  #gather(): void {
    const near = this.#near
    const { lateralM, lineM, speedMps, spareMps2 } = this.#riders
    const ahead = this.#row * NEAR_AHEAD_MAX
    this.#aheadCount = near.aheadCount[this.#row]!
    for (let n = 0; n < this.#aheadCount; n++) {
      const other = near.aheadRow[ahead + n]!
      this.#aheadAtM[n] = 0.5 * (lateralM[other]! + lineM[other]!)
      this.#aheadGapM[n] = near.aheadM[ahead + n]! - BICYCLE_LENGTH_M
      this.#aheadMps[n] = speedMps[other]!
    }
    const behind = this.#row * NEAR_BEHIND_MAX
    this.#behindCount = 0
    for (let n = 0; n < near.behindCount[this.#row]!; n++) {
      const gapM = near.behindM[behind + n]! - BICYCLE_LENGTH_M
      if (gapM > HOLD_UP_M) continue
      const other = near.behindRow[behind + n]!
      const k = this.#behindCount++
      this.#behindAtM[k] = lateralM[other]!
      this.#behindGapM[k] = gapM
      this.#behindSpareMps2[k] = Math.min(HOLD_UP_MOST_MPS2, spareMps2[other]!)
    }
  }

  /**
   * The part of shelter that changes with the line: of those near ahead, when everybody is where they are going. Who
   * follows a wheel that moves goes with it, and not after it.
   */
  #nearShelter(lineM: number, onM: number): number {
    const near = this.#near
    const base = this.#row * NEAR_AHEAD_MAX
    const found = near.aheadCount[this.#row]!
    const sums = this.#sums
    const { ask } = this.#wakes
    sums.clear(0)
    for (let n = 0; n < found; n++) {
      const aheadM = near.aheadM[base + n]!
      if (aheadM > SHELTER_AHEAD_M + onM && n > 0) break
      if (aheadM < onM) continue
      if (Math.abs(lineM - this.#wakeM[n]!) > SHELTER_ASIDE_M) continue
      const other = near.aheadRow[base + n]!
      ask[0] = aheadM - onM
      ask[1] = lineM - this.#toM[n]!
      this.#wakes.feelAhead(sums, this.#row, other)
    }
    return sums.factor(0)
  }

  /** The acceleration that the legs give on a line, here or so much farther on while the others ride as they do. */
  #airMps2(lineM: number, onM: number): number {
    if (!this.#options.isShelterSteered) return this.#freeMps2 - this.#dragMps2 * this.#draft
    const draft = Math.max(0.05, (this.#draft * this.#nearShelter(lineM, onM)) / this.#nearHere)
    return this.#freeMps2 - this.#dragMps2 * draft
  }

  /** What a line is worth: the acceleration it gives, less what would have to be held back, and what others bear. */
  #score(lineM: number): number {
    let airMps2 = this.#airMps2(lineM, 0)
    let wantedMps2 = Infinity
    let crowd = 0
    const atM = this.#aheadAtM
    const gapsM = this.#aheadGapM
    for (let n = 0; n < this.#aheadCount; n++) {
      const gapM = gapsM[n]!
      // Where they will be when the rider is there.
      const asideM = Math.abs(lineM - atM[n]!)
      if (asideM >= CLEAR_M) {
        if (gapM < FILE_M) crowd = Math.max(crowd, crowding(asideM))
      } else if (gapM >= 0) {
        const wantedM = gapWantedM(asideM, this.#spareMps2)
        wantedMps2 = Math.min(wantedMps2, followMps2(gapM, wantedM, this.#speedMps, this.#aheadMps[n]!))
      }
    }
    // A free way up: what the air will be farther on counts, too.
    if (wantedMps2 > FREE_WAY_MPS2) airMps2 = 0.5 * (airMps2 + Math.min(airMps2, this.#airMps2(lineM, LOOK_ON_M)))
    const givenMps2 = Math.min(airMps2, wantedMps2)
    this.#wasteMps2 = Math.max(0, Math.min(airMps2, airMps2 - wantedMps2))
    let heldUpMps2 = 0
    for (let n = 0; n < this.#behindCount; n++) {
      const gapM = this.#behindGapM[n]!
      const asideM = Math.abs(lineM - this.#behindAtM[n]!)
      if (asideM >= CLEAR_M) {
        if (gapM < FILE_M) crowd = Math.max(crowd, crowding(asideM))
      } else if (gapM >= 0) {
        heldUpMps2 = Math.max(heldUpMps2, this.#behindSpareMps2[n]! - Math.max(0, givenMps2))
      }
    }
    const homeMps2 = this.#homeCost * Math.abs(lineM - this.#homeM)
    return (
      givenMps2 - WASTE_COST * (airMps2 - givenMps2) - HOLD_UP_COST * heldUpMps2 - this.#fileMps2 * crowd - homeMps2
    )
  }
}

/** Between two files there is room for a third rider to come through: 1 where there is none, 0 where there is. */
function crowding(asideM: number): number {
  return asideM >= 2 * CLEAR_M ? 0 : 2 - asideM / CLEAR_M
}
