import { dragN, ROAD_BIKE, shelteredAreaM2 } from '#physics/resistance'
import { createSurroundings, surround } from '#physics/ground'
import { gradeFromSlope } from '#physics/course'
import { createRoadPoint, type BakedCourse } from '#maps/course'
import type { World } from '../world/world.ts'

/** What a recorder reads of a room: nothing of it is changed. */
export type SeenWorld = Pick<World, 'riders' | 'ledger' | 'tick' | 'conditions'>

/** Temperature falls by so much with height, K/m (ISO 2533). */
const LAPSE_KPM = 0.0065

/** Road and air about one rider at the end of a second. */
export interface Around {
  placeM: number
  heightM: number
  gradeFraction: number
  savedW: number
  temperatureC: number
  xM: number
  yM: number
}

const point = createRoadPoint()
const air = createSurroundings()

export function lookAround(world: SeenWorld, course: BakedCourse, row: number): Around {
  const { riders, conditions } = world
  const placeM = riders.distanceM[row]! + riders.offsetM[row]!
  course.at(placeM, point)
  surround(course, placeM, conditions, air)
  const speedMps = riders.speedMps[row]!
  const againstN = (draftFactor: number): number =>
    dragN(speedMps + air.headMps, shelteredAreaM2(riders.cdaM2[row]!, draftFactor), air.airDensityKgpm3, air.crossMps)
  return {
    placeM,
    heightM: point.zM,
    gradeFraction: gradeFromSlope(point.slope),
    savedW: ((againstN(1) - againstN(riders.draftFactor[row]!)) * speedMps) / ROAD_BIKE.efficiency,
    temperatureC: conditions.weather.seaLevelC - LAPSE_KPM * point.zM,
    xM: point.xM,
    yM: point.yM,
  }
}
