import type { Course } from './course.ts'

/** Seen from the bend's middle: where a rider swings out before it and runs out after it, m. */
const BEFORE_M = 30
const AFTER_M = 18
/** A bend of this radius is ridden from edge to edge, m. */
const WHOLE_RADIUS_M = 40

/** A place, and the answer there: in fields, for a number handed over to a longer function is a new object each time. */
export interface Bend {
  placeM: number
  share: number
}

/**
 * Outside, inside, outside: how far to the right of the road's middle a bend draws the line here, −1 … 1 of the half that
 * can be ridden. Nothing on a straight.
 */
export function lookIntoBend(course: Course, bend: Bend): void {
  const here = course.curvatureAt(bend.placeM)
  const coming = course.curvatureAt(bend.placeM + BEFORE_M)
  const gone = course.curvatureAt(bend.placeM - AFTER_M)
  const share = WHOLE_RADIUS_M * (here - (1 - Math.min(1, WHOLE_RADIUS_M * Math.abs(here))) * (coming + gone))
  bend.share = Math.min(1, Math.max(-1, share))
}

export function cornerShare(course: Course, placeM: number): number {
  const bend = { placeM, share: 0 }
  lookIntoBend(course, bend)
  return bend.share
}
