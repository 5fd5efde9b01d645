import { RIDER_FLAG, type Riders } from './riders.ts'

/** Who rests brakes so hard, m/s²: enough on a descent of a fifth, and nobody behind is surprised. */
const REST_MPS2 = 2
/** Slower than this a foot is on the ground, m/s: below it `step.ts` takes nothing back any more. */
const STAND_MPS = 1.3

/** What the brakes of a resting rider take, W: below nothing. */
export function restW(massKg: number, speedMps: number): number {
  return -massKg * REST_MPS2 * speedMps
}

/** Before a step: the legs of who rests do nothing, the hands brake. */
export function brakeResting({ count, flags, massKg, speedMps, powerW }: Riders): void {
  for (let i = 0; i < count; i++)
    if ((flags[i]! & RIDER_FLAG.resting) !== 0) powerW[i] = restW(massKg[i]!, speedMps[i]!)
}

/** After it: who has come to a stop stands. */
export function standResting({ count, flags, speedMps, lateralMps }: Riders): void {
  for (let i = 0; i < count; i++) {
    if ((flags[i]! & RIDER_FLAG.resting) === 0 || speedMps[i]! > STAND_MPS) continue
    flags[i]! |= RIDER_FLAG.held
    speedMps[i] = 0
    lateralMps[i] = 0
  }
}
