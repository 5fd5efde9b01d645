import { NOT_RIDING, type Riders } from './riders.ts'

/**
 * What a group that stays together does to one rider's watts (docs/meet.md, "The law"): by how far, and how much slower, they are
 * behind the middle between first and last. The room finds the middle; whoever knows it can say what moves a rider.
 */

/** So far behind the middle watts count twice, m. */
const REACH_M = 25
/** So much slower than the middle, too, m/s: who comes back fast does not shoot through. */
const EASE_MPS = 3
/** Watts count at most and at least so much. */
const HELP_MAX = 2.5
const HELP_MIN = 0.3
/** Off the front beyond easing: so many watts of brake for each step of the law, and no more than this. */
const BRAKE_W = 600
const BRAKE_MAX_W = 900

/** The middle of a group, at a tick. */
export interface Middle {
  /** Whose riders it keeps together, counted from 1; 0: nobody's. */
  route: number
  tick: number
  /** Along the route, as its riders count it. */
  atM: number
  speedMps: number
}

export const createMiddle = (): Middle => ({ route: 0, tick: 0, atM: 0, speedMps: 0 })

/** Changes `powerW` of a row, which for the length of a step is what moves it. */
export function pullToMiddle({ distanceM, speedMps, powerW }: Riders, row: number, atM: number, mps: number): void {
  const share = 1 + (atM - distanceM[row]!) / REACH_M + (mps - speedMps[row]!) / EASE_MPS
  const brakeW = share < HELP_MIN ? Math.min(BRAKE_MAX_W, (HELP_MIN - share) * BRAKE_W) : 0
  // Watts below nothing are what the ledger takes back, and stay what they are.
  if (powerW[row]! > 0) powerW[row] = powerW[row]! * Math.min(HELP_MAX, Math.max(HELP_MIN, share))
  powerW[row] = powerW[row]! - brakeW
}

/** Who is on the route, on a leg of it, and rides. */
export function isKeptTogether({ id, flags, leg }: Riders, row: number, onRoute: number, route: number): boolean {
  return id[row] !== 0 && (flags[row]! & NOT_RIDING) === 0 && leg[row] !== 0 && onRoute === route
}
