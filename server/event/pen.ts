import type { Network } from '#maps/network'
import type { RaceRules } from './model.ts'

/** Metres between rows, and from the front of the pen to the first of them. */
const ROW_M = 2
const FRONT_M = 1

/** Where the n-th entry waits for the gun, in metres of the route: all of them before its beginning. */
export function penSlot(
  index: number,
  rules: RaceRules,
  network: Network,
  road: { widthAt(placeM: number): number },
): { distanceM: number; lateralM: number } {
  const route = network.routes.find(({ id }) => id === rules.routeId)
  const pen = network.pens.find(({ id }) => id === route?.penId)
  const abreast = pen?.abreast ?? 4
  const widthM = road.widthAt(pen === undefined ? 0 : network.ways[pen.way]!.startM + pen.atM)
  const laneM = widthM / (abreast + 1)
  const distanceM = -(FRONT_M + ROW_M * Math.floor(index / abreast))
  return { distanceM, lateralM: laneM * ((index % abreast) - (abreast - 1) / 2) }
}

/** With a start crossing the line is passed once before the first lap begins; that crossing has lap 0. */
export function lapOfCrossing(crossed: number, rules: RaceRules): number {
  return rules.hasStartCrossing ? crossed : crossed + 1
}

/** Metres of the route at which the race is over. */
export function finishM({ lineM, lapM, laps, hasStartCrossing }: RaceRules): number {
  return lineM + lapM * (hasStartCrossing ? laps : laps - 1)
}
