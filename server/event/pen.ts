import type { RaceRules } from './model.ts'

/** Riders side by side in one row of the pen, and metres between rows. */
const ABREAST = 4
const ROW_M = 2.5
/** From the line to the first row. */
const FRONT_M = 1

/** Where the n-th entry waits for the gun. On a loop the pen is before the line at the end of the lap, so no distance is negative. */
export function penSlot(
  index: number,
  rules: RaceRules,
  road: { readonly lengthM: number; widthAt(distanceM: number): number },
): { distanceM: number; lateralM: number } {
  const behindM = FRONT_M + ROW_M * Math.floor(index / ABREAST)
  const penM = rules.hasStartCrossing ? rules.penM + road.lengthM : rules.penM
  const distanceM = Math.max(0, penM - behindM)
  const laneM = road.widthAt(distanceM) / (ABREAST + 1)
  return { distanceM, lateralM: laneM * ((index % ABREAST) - (ABREAST - 1) / 2) }
}

/** With a start crossing the line is passed once before the first lap begins; that crossing has lap 0. */
export function lapOfCrossing(crossed: number, rules: RaceRules): number {
  return rules.hasStartCrossing ? crossed : crossed + 1
}
