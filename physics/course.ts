/**
 * What physics asks of a road. A place is metres along the tape: all ways of a map one after the other, each a strip of
 * road ridden in one direction (docs/maps.md). A plain loop or a plain straight is a tape of one way that never ends:
 * there any finite number is a place. Look-ups a little beyond a way's end go on as the way went; `physics/ways` moves
 * riders over to the next. Everything here is + − × ÷ and sqrt: the same in every engine.
 */
export interface Course {
  readonly lengthM: number
  readonly isLoop: boolean
  /** Rise per metre of road, dz/ds: the sine of the slope. */
  slopeAt(placeM: number): number
  /** Height above the sea, m. Its derivative is `slopeAt`, exactly. */
  heightAt(placeM: number): number
  /** Coefficient of rolling resistance, dry. */
  crrAt(placeM: number): number
  /** Friction a tyre finds on the dry surface, μ. */
  gripAt(placeM: number): number
  /** Width of the ridable strip, m. */
  widthAt(placeM: number): number
  /** Bend to the right, 1/m. */
  curvatureAt(placeM: number): number
  /** Cross-slope that leans into a bend to the right, rise over run. */
  bankAt(placeM: number): number
  /** Unit vector along the road, seen from above. Its right hand is (north, −east). */
  eastAt(placeM: number): number
  northAt(placeM: number): number
  /** Where that is on the map, m east and north: gusts are fields over the country, not along a road. */
  xAt(placeM: number): number
  yAt(placeM: number): number
  /** How much of the open wind reaches the road, 0 … 1. */
  windShareAt(placeM: number): number
  /** Density of standard air at this height, kg/m³ (ISO 2533, `air.ts`). */
  airDensityAt(placeM: number): number

  /** All of the above for one place (`readSpot`), where a road knows a quicker way. */
  readSpot?(spot: RoadSpot): void

  /** Ways are numbered from 0. */
  readonly wayCount: number
  wayAt(placeM: number): number
  /** Where on the tape a way begins and ends. A way without end (plain loop, plain straight) ends at Infinity. */
  wayStartM(way: number): number
  wayEndM(way: number): number
  /** The way that follows for a wish (one of TURN): the nearest turn there is; −1 where the road ends. */
  exitOf(way: number, turn: number): number
}

/** What a tick asks of a place, all at once: `placeM` is asked, the rest answered. */
export interface RoadSpot {
  placeM: number
  slope: number
  heightM: number
  crr: number
  widthM: number
  east: number
  north: number
  xM: number
  yM: number
  windShare: number
  airDensityKgpm3: number
}

export function createRoadSpot(): RoadSpot {
  return {
    placeM: 0,
    slope: 0,
    heightM: 0,
    crr: 0,
    widthM: 0,
    east: 0,
    north: 1,
    xM: 0,
    yM: 0,
    windShare: 1,
    airDensityKgpm3: 0,
  }
}

/** By the road's own quick way, or look-up by look-up: the same bits. */
export function readSpot(course: Course, spot: RoadSpot): void {
  if (course.readSpot !== undefined) return course.readSpot(spot)
  const { placeM } = spot
  spot.slope = course.slopeAt(placeM)
  spot.heightM = course.heightAt(placeM)
  spot.crr = course.crrAt(placeM)
  spot.widthM = course.widthAt(placeM)
  spot.east = course.eastAt(placeM)
  spot.north = course.northAt(placeM)
  spot.xM = course.xAt(placeM)
  spot.yM = course.yAt(placeM)
  spot.windShare = course.windShareAt(placeM)
  spot.airDensityKgpm3 = course.airDensityAt(placeM)
}

/** What a rider wishes for at the next junction. */
export const TURN = { none: 0, left: 1, straight: 2, right: 3, back: 4 } as const

/** Grade, rise over run, from dz/ds: the one place where the two are turned into each other. */
export function gradeFromSlope(slope: number): number {
  return slope / Math.sqrt(1 - slope * slope)
}
