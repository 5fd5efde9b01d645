import { warmthShare } from './air.ts'
import { DRIVE_MAX_N } from './constants.ts'
import { cornersOf, type Corners } from './corners.ts'
import type { Course } from './course.ts'
import { nextLateralM, nextLateralMps } from './lanes.ts'
import { resistanceN, ROAD_BIKE, shelteredAreaM2, type Bike } from './resistance.ts'
import { RIDER_FLAG, type Riders } from './riders.ts'
import { rollingShare } from './surface.ts'
import type { NextWay } from './ways.ts'
import type { Conditions } from './weather.ts'
import { createRoadWind, windOnRoad } from './wind.ts'

/** One tick, s. */
export const DT_S = 1 / 20

/** Slower than this nothing is taken back, m/s: half of what the ledger asks for, so that no stage of a step falls below. */
const TAKE_BACK_MPS = 1
const NOT_RIDING = RIDER_FLAG.held | RIDER_FLAG.zone

/** The air and the road's skin around one rider for one step. */
export interface Surroundings {
  airDensityKgpm3: number
  /** Wind in the face and from the right, m/s. */
  headMps: number
  crossMps: number
  /** What the weather makes of rolling resistance. */
  rollingShare: number
}

export function createSurroundings(): Surroundings {
  return { airDensityKgpm3: 0, headMps: 0, crossMps: 0, rollingShare: 1 }
}

/** Standard air, nobody blowing, dry. */
export function stillAir(airDensityKgpm3: number): Surroundings {
  return { airDensityKgpm3, headMps: 0, crossMps: 0, rollingShare: 1 }
}

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

const wind = createRoadWind()
const around = createSurroundings()

/**
 * Advances every rider by one step of `dtS`, a tick if nothing else is said. The order of rows does not matter. `nextWay`
 * tells which way a rider will take (brakes depend on it); without it, the wish in the `turn` column does.
 */
export function stepRiders(
  riders: Riders,
  course: Course,
  conditions: Conditions,
  nextWay?: NextWay,
  books?: Bookkeeper,
  dtS = DT_S,
): void {
  const { count, id, flags, powerW, massKg, cdaM2, draftFactor, speedMps, distanceM, offsetM, way, turn, brakeJ } =
    riders
  const { lateralM, lateralMps, lineM } = riders
  const corners = cornersOf(course, conditions.weather.isWet)
  for (let i = 0; i < count; i++) {
    if (id[i] === 0 || (flags[i]! & NOT_RIDING) !== 0) continue
    const v = speedMps[i]!
    const s = distanceM[i]! + offsetM[i]!
    const areaM2 = shelteredAreaM2(cdaM2[i]!, draftFactor[i]!)
    surround(course, s, conditions, around)
    const freeMps = nextSpeedMps(v, s, powerW[i]!, massKg[i]!, areaM2, course, around, dtS)
    let nextMps = freeMps
    if (!corners.isFree) {
      const next = nextWay === undefined ? course.exitOf(way[i]!, turn[i]!) : nextWay(i)
      nextMps = brakedSpeedMps(v, freeMps, s, way[i]!, next, powerW[i]!, massKg[i]!, corners, dtS)
      if (nextMps < freeMps) brakeJ[i] = brakeJ[i]! + brakeWorkJ(v, freeMps, nextMps, powerW[i]!, massKg[i]!, dtS)
    }
    if (books !== undefined) books.enter(i, riders, course, around, freeMps, nextMps, dtS)
    speedMps[i] = nextMps
    distanceM[i] = nextDistanceM(distanceM[i]!, v, nextMps, dtS)

    const x = lateralM[i]!
    const u = lateralMps[i]!
    const uNext = nextLateralMps(x, u, lineM[i]!, nextMps, dtS)
    lateralMps[i] = uNext
    lateralM[i] = nextLateralM(x, u, uNext, course.widthAt(s), dtS)
  }
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
  const { distanceM, offsetM, way, speedMps, powerW, lateralM, lateralMps, lineM, massKg, dragAreaM2 } = rider
  const placeM = distanceM + offsetM
  const corners = cornersOf(course, conditions.weather.isWet)
  surround(course, placeM, conditions, around)
  let nextMps = nextSpeedMps(speedMps, placeM, powerW, massKg, dragAreaM2, course, around, DT_S)
  if (!corners.isFree) {
    const next = course.exitOf(way, rider.turn)
    nextMps = brakedSpeedMps(speedMps, nextMps, placeM, way, next, powerW, massKg, corners, DT_S)
  }
  const lateralNextMps = nextLateralMps(lateralM, lateralMps, lineM, nextMps, DT_S)
  rider.distanceM = nextDistanceM(distanceM, speedMps, nextMps, DT_S)
  rider.speedMps = nextMps
  rider.lateralM = nextLateralM(lateralM, lateralMps, lateralNextMps, course.widthAt(placeM), DT_S)
  rider.lateralMps = lateralNextMps
}

/** Wind, density and wetness at a place, in the step that leaves the conditions' tick. */
export function surround(course: Course, placeM: number, conditions: Conditions, out: Surroundings): Surroundings {
  const { seaLevelC, isWet } = conditions.weather
  windOnRoad(course, placeM, conditions, wind)
  out.headMps = wind.headMps
  out.crossMps = wind.crossMps
  const warmth = seaLevelC === 15 ? 1 : warmthShare(seaLevelC, course.heightAt(placeM))
  out.airDensityKgpm3 = course.airDensityAt(placeM) * warmth
  out.rollingShare = rollingShare(isWet)
  return out
}

/** Heun, two stages: at 20 Hz within centimetres of the limit of small steps (docs/physics.md). */
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
  const wheelW = powerW * bike.efficiency
  const inertKg = massKg + bike.inertiaKg
  const floorMps = pushFloorMps(wheelW, inertKg, dtS)
  const againstN = roadN(speedMps, placeM, massKg, dragAreaM2, course, air, bike)
  const first = (driveN(speedMps, wheelW, floorMps) - againstN) / inertKg
  const guessMps = Math.max(0, speedMps + first * dtS)
  const guessM = placeM + speedMps * dtS
  const againstNextN = roadN(guessMps, guessM, massKg, dragAreaM2, course, air, bike)
  const second = (driveN(guessMps, wheelW, floorMps) - againstNextN) / inertKg
  return Math.max(0, speedMps + 0.5 * (first + second) * dtS) // Never rolls back: brakes hold.
}

/**
 * The speed after brakes: at the end of the step what the road ahead allows there, as far as brakes can do it. Who would
 * be slower anyway is not touched. What is taken is the free speed's, legs included: who goes on pedalling into a bend
 * pedals against the brake.
 */
export function brakedSpeedMps(
  speedMps: number,
  freeMps: number,
  placeM: number,
  way: number,
  nextWay: number,
  powerW: number,
  massKg: number,
  corners: Corners,
  dtS: number,
): number {
  const free2 = freeMps * freeMps
  let atM = nextDistanceM(placeM, speedMps, freeMps, dtS)
  let allowed2 = corners.limitM2ps2(atM, way, nextWay)
  if (free2 <= allowed2) return freeMps
  // Braked, the rider ends a little earlier on the road: on the way out of a bend less is allowed there.
  atM = nextDistanceM(placeM, speedMps, Math.sqrt(allowed2), dtS)
  allowed2 = Math.min(allowed2, corners.limitM2ps2(atM, way, nextWay))
  const inertKg = massKg + ROAD_BIKE.inertiaKg
  const wheelW = powerW * ROAD_BIKE.efficiency
  const freeWheelMps = freeMps - (driveN(speedMps, wheelW, pushFloorMps(wheelW, inertKg, dtS)) / inertKg) * dtS
  const hardestMps = freeWheelMps - corners.hardBrakeMps2(placeM) * dtS
  return Math.min(freeMps, Math.max(0, hardestMps, Math.sqrt(allowed2)))
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

function roadN(
  speedMps: number,
  placeM: number,
  massKg: number,
  dragAreaM2: number,
  course: Course,
  air: Surroundings,
  bike: Bike,
): number {
  const slope = course.slopeAt(placeM)
  const crr = course.crrAt(placeM) * air.rollingShare
  const { headMps, crossMps, airDensityKgpm3 } = air
  return resistanceN(speedMps, speedMps + headMps, massKg, slope, crr, dragAreaM2, airDensityKgpm3, bike, crossMps)
}
