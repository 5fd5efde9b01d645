import type { PackOptions } from '#physics/pack-options'
import { plainCourse } from '#physics/plain-courses'
import { Bunch, type Cast } from './bunch.ts'

/** A bend to the right of 40 m radius, 40 m long, after 400 m of straight road 7 m wide. */
export const BEND = { fromM: 400, toM: 440, radiusM: 40 } as const
/** Where a file is looked at: before the bend, in its middle, and behind it, m. */
export const BEND_LOOKS_M = [380, 420, 450] as const

/** Six in a file ride through the bend: how far to the right of the middle each was at each look, m. */
export function rideBend(options?: Partial<PackOptions>): readonly (readonly number[])[] {
  const course = plainCourse({
    curvatureAt: (placeM) => (placeM >= BEND.fromM && placeM <= BEND.toM ? 1 / BEND.radiusM : 0),
  })
  const cast = Array.from({ length: 6 }, (_, row): Cast => ({
    distanceM: 200 - 2.6 * row,
    speedMps: 9,
    powerW: () => (row === 0 ? 250 : 200),
  }))
  const bunch = new Bunch(cast, options === undefined ? { course } : { course, options })
  const seen = BEND_LOOKS_M.map(() => cast.map(() => NaN))
  bunch.ride(60, () => {
    BEND_LOOKS_M.forEach((placeM, i) => {
      for (let row = 0; row < cast.length; row++) {
        if (Number.isNaN(seen[i]![row]) && bunch.riders.distanceM[row]! >= placeM)
          seen[i]![row] = bunch.riders.lateralM[row]!
      }
    })
  })
  return seen
}

/** Five steered riders of 205 W a metre apart close the left half of a road 9 m wide; one of 330 W comes up behind them. */
export function rideIntoWall(seconds: number, options?: Partial<PackOptions>): Bunch {
  const course = plainCourse({ widthAt: () => 9 })
  const wall = Array.from({ length: 5 }, (_, row): Cast => ({
    distanceM: 110,
    lateralM: -3.6 + row,
    speedMps: 9,
    powerW: () => 205,
  }))
  const strong: Cast = { distanceM: 106, lateralM: -3.6, speedMps: 9, powerW: () => 330 }
  const bunch = new Bunch([...wall, strong], options === undefined ? { course } : { course, options })
  // Full lock is 4 m: each of the wall holds its place.
  wall.forEach((_, row) => (bunch.riders.steer[row] = Math.round(((-3.6 + row) / 4) * 127)))
  bunch.ride(seconds)
  return bunch
}
