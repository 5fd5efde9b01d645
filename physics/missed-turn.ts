import type { Corners } from './corners.ts'
import type { Course } from './course.ts'

/** So much faster than a junction allows, as v², a wish is still taken there; and a route, for rain may begin in front of it. */
const WISHED_SLACK = 1.05
const UNWISHED_SLACK = 1.6

/**
 * Who is too fast for the exit they mean rides on to one they can take: that turn, or 0 where all is well. Brakes see a
 * turn when it is wished for, so a wish of the last moment would be a way around them. `meant` is the way that the wish
 * (`turn`, 0: none) or the route leads to. Asked by the server and by who predicts it.
 */
export function missedTurn(
  course: Course,
  corners: Corners,
  exits: readonly { readonly way: number; readonly turn: number }[],
  way: number,
  meant: number,
  turn: number,
  speedMps: number,
): number {
  const endM = course.wayEndM(way)
  const v2 = (speedMps * speedMps) / (turn === 0 ? UNWISHED_SLACK : WISHED_SLACK)
  if (meant < 0 || v2 <= corners.limitM2ps2(endM, way, meant)) return 0
  for (let i = 0; i < exits.length; i++) {
    if (v2 <= corners.limitM2ps2(endM, way, exits[i]!.way)) return exits[i]!.turn
  }
  return 0
}
