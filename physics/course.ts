/**
 * What physics asks of a road. Distances are metres along the road in three dimensions, from its first point; on a loop
 * they wrap, so any finite number is a place. Everything here is + − × ÷ and sqrt: the same in every engine.
 */
export interface Course {
  readonly lengthM: number
  readonly isLoop: boolean
  /** Rise per metre of road, dz/ds: the sine of the slope. */
  slopeAt(distanceM: number): number
  /** Height above the sea, m. Its derivative is `slopeAt`, exactly. */
  heightAt(distanceM: number): number
  /** Coefficient of rolling resistance. */
  crrAt(distanceM: number): number
  /** Width of the ridable road, m. */
  widthAt(distanceM: number): number
}

/** Grade, rise over run, from dz/ds: the one place where the two are turned into each other. */
export function gradeFromSlope(slope: number): number {
  return slope / Math.sqrt(1 - slope * slope)
}
