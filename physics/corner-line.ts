import type { Course } from './course.ts'

/** Seen from the bend's middle: where a rider swings out before it and runs out after it, m. */
const BEFORE_M = 30
const AFTER_M = 18
/** A bend of this radius is ridden from edge to edge, m. */
const WHOLE_RADIUS_M = 40

/**
 * Outside, inside, outside: how far to the right of the road's middle a bend draws the line here, −1 … 1 of the half that
 * can be ridden. Nothing on a straight.
 */
export function cornerShare(course: Course, placeM: number): number {
  const here = course.curvatureAt(placeM)
  const coming = course.curvatureAt(placeM + BEFORE_M)
  const gone = course.curvatureAt(placeM - AFTER_M)
  const share = WHOLE_RADIUS_M * (here - (1 - Math.min(1, WHOLE_RADIUS_M * Math.abs(here))) * (coming + gone))
  return Math.min(1, Math.max(-1, share))
}
