import { DRIVE_MAX_N } from './constants.ts'
import { cornersOf, type Corners } from './corners.ts'
import { createRoadSpot, readSpot, type Course } from './course.ts'
import { createSurroundings, Ground, surroundSpot, type Surroundings } from './ground.ts'
import { glide } from './lanes.ts'
import { resistanceN, ROAD_BIKE, type Bike } from './resistance.ts'
import { NOT_RIDING, type Riders } from './riders.ts'
import { rollingShare } from './surface.ts'
import type { NextWay } from './ways.ts'
import type { Conditions } from './weather.ts'

/** One tick, s. */
export const DT_S = 1 / 20

/** Slower than this nothing is taken back, m/s: half of what the ledger asks for, so that no stage of a step falls below. */
const TAKE_BACK_MPS = 1

/** Who wants to know where the watts of a step went (`books.ts`). */
export interface Bookkeeper {
  /** Before the step is written into the columns. `freeMps` is the speed without brakes, `nextMps` the one it will be. */
  enter(
    row: number,
    riders: Riders,
    course: Course,
    around: Surroundings,
    freeMps: number,
    nextMps: number,
    dtS: number,
  ): void
}

/** One step of one rider. A number handed over as an argument would be a new object; in a field it is none. */
interface Stride {
  readonly around: Surroundings
  dtS: number
  speedMps: number
  placeM: number
  powerW: number
  massKg: number
  dragAreaM2: number
  /** Of the road where the step begins; wetness is in `crr`. */
  slope: number
  crr: number
  widthM: number
  /** A stage of the step: at this speed the road takes so much. */
  atMps: number
  againstN: number
  /** The speed there would be without brakes, and the one there will be. */
  freeMps: number
  nextMps: number
  brakeJ: number
  way: number
  nextWay: number
  lateralM: number
  lateralMps: number
  lineM: number
}

const stride: Stride = {
  around: createSurroundings(),
  dtS: DT_S,
  speedMps: 0,
  placeM: 0,
  powerW: 0,
  massKg: 1,
  dragAreaM2: 0,
  slope: 0,
  crr: 0,
  widthM: 0,
  atMps: 0,
  againstN: 0,
  freeMps: 0,
  nextMps: 0,
  brakeJ: 0,
  way: 0,
  nextWay: 0,
  lateralM: 0,
  lateralMps: 0,
  lineM: 0,
}
const spot = createRoadSpot()
let ownGround = new Ground(0)

/**
 * Advances every rider by one step of `dtS`, a tick if nothing else is said. The order of rows does not matter. `nextWay`
 * tells which way a rider will take (brakes depend on it); without it, the wish in the `turn` column does. `ground` has
 * been read in this tick (`Pack.prepare`); without it, it is read here.
 */
export function stepRiders(
  riders: Riders,
  course: Course,
  conditions: Conditions,
  nextWay?: NextWay,
  books?: Bookkeeper,
  dtS = DT_S,
  ground?: Ground,
): void {
  const here = ground ?? readOwn(riders, course, conditions)
  const { count, id, flags, powerW, massKg, cdaM2, draftFactor } = riders
  const { speedMps, distanceM, offsetM, way, turn, brakeJ } = riders
  const { lateralM, lateralMps, lineM } = riders
  const { around } = stride
  const corners = cornersOf(course, conditions.weather.isWet)
  around.rollingShare = rollingShare(conditions.weather.isWet)
  stride.dtS = dtS
  for (let i = 0; i < count; i++) {
    if (id[i] === 0 || (flags[i]! & NOT_RIDING) !== 0) continue
    stride.speedMps = speedMps[i]!
    stride.placeM = distanceM[i]! + offsetM[i]!
    stride.powerW = powerW[i]!
    stride.massKg = massKg[i]!
    stride.dragAreaM2 = (cdaM2[i]! + ROAD_BIKE.wheelDragAreaM2) * draftFactor[i]! // `shelteredAreaM2`
    stride.slope = here.slope[i]!
    stride.crr = here.crr[i]!
    stride.widthM = here.widthM[i]!
    around.headMps = here.headMps[i]!
    around.crossMps = here.crossMps[i]!
    around.airDensityKgpm3 = here.airDensityKgpm3[i]!
    strideFree(course, ROAD_BIKE)
    if (!corners.isFree) {
      stride.way = way[i]!
      stride.nextWay = nextWay === undefined ? course.exitOf(way[i]!, turn[i]!) : nextWay(i)
      strideBraked(corners)
      if (stride.nextMps < stride.freeMps) {
        strideBrakeJ()
        brakeJ[i] = brakeJ[i]! + stride.brakeJ
      }
    }
    if (books !== undefined) tell(books, i, riders, course)
    stride.lateralM = lateralM[i]!
    stride.lateralMps = lateralMps[i]!
    stride.lineM = lineM[i]!
    glide(stride)
    distanceM[i] = distanceM[i]! + 0.5 * (stride.speedMps + stride.nextMps) * stride.dtS // `nextDistanceM`
    speedMps[i] = stride.nextMps
    lateralMps[i] = stride.lateralMps
    lateralM[i] = stride.lateralM
  }
}

function tell(books: Bookkeeper, row: number, riders: Riders, course: Course): void {
  books.enter(row, riders, course, stride.around, stride.freeMps, stride.nextMps, stride.dtS)
}

function readOwn(riders: Riders, course: Course, conditions: Conditions): Ground {
  if (ownGround.capacity < riders.capacity) ownGround = new Ground(riders.capacity)
  ownGround.read(riders, course, conditions)
  return ownGround
}

/** One rider outside of the table, as a record of them goes on. */
export interface Moving {
  distanceM: number
  offsetM: number
  way: number
  speedMps: number
  powerW: number
  lateralM: number
  lateralMps: number
  lineM: number
  /** The exit taken at the end of the way, one of TURN. */
  turn: number
  massKg: number
  /** Rider and wheels, sheltered. */
  dragAreaM2: number
}

/** One tick of one rider, with the arithmetic of `stepRiders`; the brakes are for the exit that `turn` takes. */
export function moveRider(rider: Moving, course: Course, conditions: Conditions): void {
  const corners = cornersOf(course, conditions.weather.isWet)
  const { around } = stride
  stride.dtS = DT_S
  stride.speedMps = rider.speedMps
  stride.placeM = rider.distanceM + rider.offsetM
  stride.powerW = rider.powerW
  stride.massKg = rider.massKg
  stride.dragAreaM2 = rider.dragAreaM2
  spot.placeM = stride.placeM
  readSpot(course, spot)
  surroundSpot(spot, conditions, around)
  stride.slope = spot.slope
  stride.crr = spot.crr * around.rollingShare
  stride.widthM = spot.widthM
  strideFree(course, ROAD_BIKE)
  if (!corners.isFree) {
    stride.way = rider.way
    stride.nextWay = course.exitOf(rider.way, rider.turn)
    strideBraked(corners)
  }
  stride.lateralM = rider.lateralM
  stride.lateralMps = rider.lateralMps
  stride.lineM = rider.lineM
  glide(stride)
  rider.distanceM = nextDistanceM(rider.distanceM, rider.speedMps, stride.nextMps, DT_S)
  rider.speedMps = stride.nextMps
  rider.lateralM = stride.lateralM
  rider.lateralMps = stride.lateralMps
}

/** Heun, two stages: at 20 Hz within centimetres of the limit of small steps (docs/physics.md). No brakes yet. */
function strideFree(course: Course, bike: Bike): void {
  const { around, dtS, speedMps, placeM, massKg } = stride
  const wheelW = stride.powerW * bike.efficiency
  const inertKg = massKg + bike.inertiaKg
  const floorMps = pushFloorMps(wheelW, inertKg, dtS)
  stride.atMps = speedMps
  strideAgainst(bike)
  const first = (driveN(speedMps, wheelW, floorMps) - stride.againstN) / inertKg
  const guessMps = Math.max(0, speedMps + first * dtS)
  const guessM = placeM + speedMps * dtS
  stride.slope = course.slopeAt(guessM)
  stride.crr = course.crrAt(guessM) * around.rollingShare
  stride.atMps = guessMps
  strideAgainst(bike)
  const second = (driveN(guessMps, wheelW, floorMps) - stride.againstN) / inertKg
  stride.freeMps = Math.max(0, speedMps + 0.5 * (first + second) * dtS) // Never rolls back: brakes hold.
  stride.nextMps = stride.freeMps
}

/** Of one stage, on the slope and the surface the stride now has. */
function strideAgainst(bike: Bike): void {
  const { atMps, slope, crr, massKg, dragAreaM2 } = stride
  const { headMps, crossMps, airDensityKgpm3 } = stride.around
  const airMps = atMps + headMps
  stride.againstN = resistanceN(atMps, airMps, massKg, slope, crr, dragAreaM2, airDensityKgpm3, bike, crossMps)
}

/** The speed after a step without brakes, for one rider and any bike. */
export function nextSpeedMps(
  speedMps: number,
  placeM: number,
  powerW: number,
  massKg: number,
  dragAreaM2: number,
  course: Course,
  air: Surroundings,
  dtS: number,
  bike: Bike = ROAD_BIKE,
): number {
  Object.assign(stride, { dtS, speedMps, placeM, powerW, massKg, dragAreaM2 })
  Object.assign(stride.around, air)
  stride.slope = course.slopeAt(placeM)
  stride.crr = course.crrAt(placeM) * air.rollingShare
  strideFree(course, bike)
  return stride.freeMps
}

/**
 * The speed after brakes: at the end of the step what the road ahead allows there, as far as brakes can do it. Who would
 * be slower anyway is not touched. What is taken is the free speed's, legs included: who goes on pedalling into a bend
 * pedals against the brake.
 */
function strideBraked(corners: Corners): void {
  const { dtS, speedMps, freeMps, placeM, way, nextWay } = stride
  const free2 = freeMps * freeMps
  corners.atM = nextDistanceM(placeM, speedMps, freeMps, dtS)
  corners.look(way, nextWay)
  let allowed2 = corners.allowedM2ps2
  if (free2 <= allowed2) return
  // Braked, the rider ends a little earlier on the road: on the way out of a bend less is allowed there.
  corners.atM = nextDistanceM(placeM, speedMps, Math.sqrt(allowed2), dtS)
  corners.look(way, nextWay)
  allowed2 = Math.min(allowed2, corners.allowedM2ps2)
  const inertKg = stride.massKg + ROAD_BIKE.inertiaKg
  const wheelW = stride.powerW * ROAD_BIKE.efficiency
  const freeWheelMps = freeMps - (driveN(speedMps, wheelW, pushFloorMps(wheelW, inertKg, dtS)) / inertKg) * dtS
  const hardestMps = freeWheelMps - corners.hardBrakeMps2(placeM) * dtS
  stride.nextMps = Math.min(freeMps, Math.max(0, hardestMps, Math.sqrt(allowed2)))
}

/**
 * What the brake took in a step, J: its force times the way. The force is what made the difference of speeds, and what
 * the legs, whose watts push harder the slower the wheel turns, pushed more against it.
 */
export function brakeWorkJ(
  speedMps: number,
  freeMps: number,
  nextMps: number,
  powerW: number,
  massKg: number,
  dtS: number,
): number {
  const inertKg = massKg + ROAD_BIKE.inertiaKg
  const wheelW = powerW * ROAD_BIKE.efficiency
  const floorMps = pushFloorMps(wheelW, inertKg, dtS)
  const moreN = 0.5 * (driveN(nextMps, wheelW, floorMps) - driveN(freeMps, wheelW, floorMps))
  return ((inertKg * (freeMps - nextMps)) / dtS + moreN) * (0.5 * (speedMps + nextMps) * dtS)
}

function strideBrakeJ(): void {
  const { speedMps, freeMps, nextMps, powerW, massKg, dtS } = stride
  stride.brakeJ = brakeWorkJ(speedMps, freeMps, nextMps, powerW, massKg, dtS)
}

export function nextDistanceM(distanceM: number, speedMps: number, speedNextMps: number, dtS: number): number {
  return distanceM + 0.5 * (speedMps + speedNextMps) * dtS
}

/** Newtons at the tyre: what the power gives at this speed, at most what the tyre can push. */
export function driveN(speedMps: number, wheelW: number, floorMps: number): number {
  // Less than nothing is what the ledger takes back from a rider who has stopped pedalling: it slows the wheel.
  if (wheelW <= 0) return speedMps > TAKE_BACK_MPS ? Math.max(-DRIVE_MAX_N, wheelW / speedMps) : 0
  return Math.min(DRIVE_MAX_N, wheelW / Math.max(speedMps, floorMps))
}

/**
 * P / v has no end at standstill. Below the speed that one step's whole work would give from rest, force is taken there:
 * Heun then makes never more than a hundredth above what the legs gave, at no speed and no power (test P5).
 */
export function pushFloorMps(wheelW: number, inertKg: number, dtS: number): number {
  return Math.sqrt((2 * Math.max(0, wheelW) * dtS) / inertKg)
}
