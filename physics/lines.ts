import { lookIntoBend, type Bend } from './corner-line.ts'
import type { Course } from './course.ts'
import type { Wakes } from './drafting.ts'
import { CLEAR_M, Follow } from './follow.ts'
import type { Ground } from './ground.ts'
import { homeLineM, lateralLimitM } from './lanes.ts'
import { NearShelter } from './near-shelter.ts'
import { NEAR_AHEAD_MAX, NEAR_BEHIND_MAX, type Near } from './near.ts'
import type { PackOptions } from './pack-options.ts'
import { bearingN, gravityN, ROAD_BIKE, rollingN, shelteredAreaM2 } from './resistance.ts'
import type { Riders } from './riders.ts'
import { driveN } from './step.ts'
import { Strip } from './strip.ts'
import { BICYCLE_LENGTH_M } from './wake-law.ts'

/** Lines to try, m from where the rider is: near ones to steer by in a wake, farther ones to leave it. */
const STEPS_M = Float64Array.of(-1.2, -0.7, -0.4, -0.2, 0.2, 0.4, 0.7, 1.2)
/** … the best of them closer, twice … */
const FINE_M = Float64Array.of(0.1, 0.05)
/** … and lines over the whole road, as shares of its half, to look for a gap. */
const ACROSS = Float64Array.of(-1, -0.75, -0.5, -0.25, 0, 0.25, 0.5, 0.75, 1)
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
/** How much of what one look finds to spare is believed: five looks a second make two seconds. */
const SPARE_SHARE = 0.4

/**
 * Chooses the line of one rider after the other: each line is worth the acceleration it gives. In a wake that is what
 * steers: too much surplus and the better line is farther out, in more air; too little, and it is back in the middle.
 * Numbers go from method to method by fields: handed over as arguments each would be a new object.
 */
export class LineChooser {
  readonly #near: Near
  readonly #wakes: Wakes
  readonly #options: PackOptions
  readonly #strip = new Strip()
  readonly #shelter = new NearShelter()
  readonly #follow = new Follow()
  readonly #bend: Bend = { placeM: 0, share: 0 }
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
  /** The shelter there is, for each that those near ahead make of it. */
  #draftPer = 1
  #homeM = 0
  #homeCost = 0
  #fileMps2 = 0
  #heldM = 0
  #spareMps2 = 0
  // Of the line at hand: what the wheel ahead allows, how much others lack room, what the legs give in its air.
  #lineM = 0
  #wantedMps2 = 0
  #crowd = 0
  #airMps2 = 0
  // The best line so far, and what the legs have too much there.
  #best = 0
  #bestM = 0
  /** Where the rider then makes for. */
  #goesM = 0
  #wasteMps2 = 0
  /** A line was chosen among several. */
  #isChosen = false

  constructor(near: Near, wakes: Wakes, options: PackOptions) {
    this.#near = near
    this.#wakes = wakes
    this.#options = options
  }

  /** Fills `lineM` and `spareMps2` of a row. */
  choose(riders: Riders, course: Course, ground: Ground, row: number, isFarLook: boolean): void {
    this.#riders = riders
    this.#row = row
    this.#choose(course, ground, isFarLook)
    riders.lineM[row] = this.#goesM
    if (!this.#isChosen) riders.spareMps2[row] = 0
    // Part of what one look finds is believed.
    else riders.spareMps2[row] = this.#spareMps2 + SPARE_SHARE * (this.#wasteMps2 - this.#spareMps2)
  }

  #choose(course: Course, ground: Ground, isFarLook: boolean): void {
    const near = this.#near
    const riders = this.#riders
    const row = this.#row
    const widthM = ground.widthM[row]!
    const limitM = lateralLimitM(widthM)
    if (this.#options.isCornerLine) {
      this.#bend.placeM = riders.distanceM[row]! + riders.offsetM[row]! + AHEAD_S * riders.speedMps[row]!
      lookIntoBend(course, this.#bend)
    }
    const bend = this.#bend.share
    this.#homeM = (1 - Math.abs(bend)) * homeLineM(riders.id[row]!, widthM) + bend * limitM
    const isFirst = near.aheadCount[row] === 0 || near.aheadM[row * NEAR_AHEAD_MAX]! > FIRST_M
    let windward = 0
    if (isFirst && near.behindCount[row] !== 0) {
      this.#wakes.lookAtSlant(row)
      windward = this.#wakes.slant
    }
    if (windward !== 0) this.#homeM = -Math.min(1, Math.max(-1, 2 * windward)) * limitM
    if (near.aheadCount[row] === 0 && near.behindCount[row] === 0) {
      this.#isChosen = false
      this.#goesM = this.#homeM
      return
    }
    this.#fileMps2 = near.aheadCount[row]! + near.behindCount[row]! > FILE_FROM ? FILE_COST_MPS2 : 0
    this.#homeCost = HOME_COST_MPS2 + BEND_COST_MPS2 * Math.min(1, Math.abs(bend) + 2 * Math.abs(windward))
    this.#spareMps2 = riders.spareMps2[row]!
    const x = riders.lateralM[row]!
    const strip = this.#strip
    strip.limitM = limitM
    strip.find(riders, near, row)
    this.#isChosen = strip.leftM <= strip.rightM
    this.#goesM = Math.min(limitM, Math.max(-limitM, x))
    if (!this.#isChosen) return // Squeezed: straight on.

    this.#weigh(ground)
    this.#gather()
    this.#heldM = Math.min(strip.rightM, Math.max(strip.leftM, riders.lineM[row]!))
    this.#best = -Infinity
    this.#lineM = this.#heldM
    this.#try()
    for (let i = 0; i < STEPS_M.length; i++) {
      this.#lineM = x + STEPS_M[i]!
      this.#try()
    }
    const across = isFarLook && this.#options.isPassing ? ACROSS.length : 0
    for (let i = 0; i < across; i++) {
      this.#lineM = ACROSS[i]! * limitM
      this.#try()
    }
    for (let i = 0; i < FINE_M.length; i++) {
      const middleM = this.#bestM
      this.#lineM = middleM - FINE_M[i]!
      this.#try()
      this.#lineM = middleM + FINE_M[i]!
      this.#try()
    }
    const mostM = SWERVE_M * (1 + Math.abs(bend))
    this.#goesM = Math.min(x + mostM, Math.max(x - mostM, this.#bestM))
  }

  /** What the legs give and the road takes, and what the air would take of the rider alone. */
  #weigh(ground: Ground): void {
    const riders = this.#riders
    const row = this.#row
    const v = riders.speedMps[row]!
    const massKg = riders.massKg[row]!
    const inertKg = massKg + ROAD_BIKE.inertiaKg
    const slope = ground.slope[row]!
    const legsN = driveN(v, riders.powerW[row]! * ROAD_BIKE.efficiency, 1)
    const roadN = gravityN(massKg, slope) + rollingN(massKg, slope, ground.crr[row]!) + bearingN(v)
    const faceMps = v + ground.headMps[row]!
    const crossMps = ground.crossMps[row]!
    const airMps = Math.sqrt(faceMps * faceMps + crossMps * crossMps)
    const aloneN = 0.5 * ground.airDensityKgpm3[row]! * shelteredAreaM2(riders.cdaM2[row]!, 1) * airMps * faceMps
    this.#speedMps = v
    this.#freeMps2 = (legsN - roadN) / inertKg
    this.#dragMps2 = aloneN / inertKg
  }

  /** Everything that lines ask of others, for every line asks for it. */
  #gather(): void {
    const near = this.#near
    const { lateralM, lineM, speedMps, spareMps2, draftFactor } = this.#riders
    const shelter = this.#shelter
    this.#draftPer = draftFactor[this.#row]!
    if (this.#options.isShelterSteered) {
      shelter.gather(this.#riders, near, this.#wakes, this.#row)
      shelter.lineM = lateralM[this.#row]!
      shelter.onM = 0
      shelter.measure()
      this.#draftPer = this.#draftPer / shelter.factor
      shelter.lookOn()
    }
    const ahead = this.#row * NEAR_AHEAD_MAX
    // Who is so far ahead that even right behind them nothing would be held back is in no line's way.
    const mostMps2 = Math.max(FREE_WAY_MPS2, this.#freeMps2 - Math.min(0.05 * this.#dragMps2, 2 * this.#dragMps2))
    const follow = this.#follow
    follow.asideM = 0
    follow.spareMps2 = this.#spareMps2
    follow.speedMps = this.#speedMps
    this.#aheadCount = 0
    for (let n = 0; n < near.aheadCount[this.#row]!; n++) {
      const other = near.aheadRow[ahead + n]!
      const gapM = near.aheadM[ahead + n]! - BICYCLE_LENGTH_M
      follow.gapM = gapM
      follow.aheadMps = speedMps[other]!
      follow.look()
      if (gapM >= FILE_M && follow.mps2 > mostMps2) continue
      const k = this.#aheadCount++
      this.#aheadAtM[k] = 0.5 * (lateralM[other]! + lineM[other]!)
      this.#aheadGapM[k] = gapM
      this.#aheadMps[k] = speedMps[other]!
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

  /** What the line at hand is worth: the acceleration it gives, less what would have to be held back, and what others bear. */
  #try(): void {
    const lineM = this.#lineM
    if (lineM < this.#strip.leftM || lineM > this.#strip.rightM) return
    this.#lookAhead()
    const wantedMps2 = this.#wantedMps2
    let crowd = this.#crowd
    const sideMps2 = this.#homeCost * Math.abs(lineM - this.#homeM) + MOVE_COST_MPS2 * Math.abs(lineM - this.#heldM)
    // Shelter is dear to ask for: not where the wheel ahead alone says that another line is better.
    if (wantedMps2 - sideMps2 - this.#fileMps2 * crowd <= this.#best) return
    this.#shelter.onM = 0
    this.#breathe()
    let airMps2 = this.#airMps2
    if (wantedMps2 > FREE_WAY_MPS2) {
      // A free way up: what the air will be farther on counts, too.
      this.#shelter.onM = LOOK_ON_M
      this.#breathe()
      airMps2 = 0.5 * (airMps2 + Math.min(airMps2, this.#airMps2))
    }
    const givenMps2 = Math.min(airMps2, wantedMps2)
    let heldUpMps2 = 0
    for (let n = 0; n < this.#behindCount; n++) {
      const gapM = this.#behindGapM[n]!
      const asideM = Math.abs(lineM - this.#behindAtM[n]!)
      if (asideM >= CLEAR_M) {
        if (gapM < FILE_M) crowd = Math.max(crowd, 2 - asideM / CLEAR_M)
      } else if (gapM >= 0) {
        heldUpMps2 = Math.max(heldUpMps2, this.#behindSpareMps2[n]! - Math.max(0, givenMps2))
      }
    }
    const wasteMps2 = airMps2 - givenMps2
    const costMps2 = WASTE_COST * wasteMps2 + HOLD_UP_COST * heldUpMps2 + this.#fileMps2 * crowd
    const score = givenMps2 - sideMps2 - costMps2
    if (score <= this.#best) return
    this.#best = score
    this.#bestM = lineM
    this.#wasteMps2 = wasteMps2
  }

  /** What wheels ahead allow on the line at hand, and whether two files there leave room for a third rider between them. */
  #lookAhead(): void {
    const lineM = this.#lineM
    const follow = this.#follow
    let wantedMps2 = Infinity
    let crowd = 0
    for (let n = 0; n < this.#aheadCount; n++) {
      const gapM = this.#aheadGapM[n]!
      // Where they will be when the rider is there.
      const asideM = Math.abs(lineM - this.#aheadAtM[n]!)
      if (asideM >= CLEAR_M) {
        // 1 where there is no room, 0 where there is.
        if (gapM < FILE_M) crowd = Math.max(crowd, 2 - asideM / CLEAR_M)
      } else if (gapM >= 0) {
        follow.gapM = gapM
        follow.asideM = asideM
        follow.aheadMps = this.#aheadMps[n]!
        follow.look()
        wantedMps2 = Math.min(wantedMps2, follow.mps2)
      }
    }
    this.#wantedMps2 = wantedMps2
    this.#crowd = crowd
  }

  /** The acceleration that the legs give in the air of the line at hand. */
  #breathe(): void {
    let draft = this.#draftPer
    if (this.#options.isShelterSteered) {
      this.#shelter.lineM = this.#lineM
      this.#shelter.measure()
      draft = Math.max(0.05, draft * this.#shelter.factor)
    }
    this.#airMps2 = this.#freeMps2 - this.#dragMps2 * draft
  }
}
