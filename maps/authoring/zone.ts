import type { Road } from './road.ts'
import { widthAt } from './nearest.ts'
import type { Place, WorldPlan } from './world.ts'

/** Between the edge of the asphalt and the edge of the zone, m. */
const VERGE_M = 4
/** Riders are taken over this far before the zone's first corner, and are back on the road this far behind its last. */
const GATE_M = 3

/** A rectangle to the right of a road, its first corner abreast of a place, with gates before and behind it. */
export function zoneBeside(
  road: Road,
  corner: Place & { readonly from: string; readonly plusM: number },
  { lengthM, widthM, ...named }: { id: string; name: string; lengthM: number; widthM: number; seed: number },
): WorldPlan['zones'][number] {
  const base = road.marks.get(corner.from) ?? road.junctions.find(({ junction }) => junction.id === corner.from)!.atM
  const sign = corner.isAgainst === true ? -1 : 1
  const middleM = base + sign * (corner.plusM + lengthM / 2)
  const { x, y, headingRad } = road.at(middleM)
  const [east, north] = [sign * Math.cos(headingRad), sign * Math.sin(headingRad)]
  const rightM = widthAt(road, middleM) / 2 + VERGE_M + widthM / 2
  const [midX, midY] = [x + north * rightM, y - east * rightM]
  const rounded = (value: number) => Math.round(value * 100) / 100
  return {
    ...named,
    at: [rounded(midX), rounded(midY), rounded(road.profile.heightAt(middleM))],
    towards: [rounded(midX + 100 * east), rounded(midY + 100 * north)],
    lengthM,
    widthM,
    entry: { ...corner, plusM: corner.plusM - GATE_M },
    exit: { ...corner, plusM: corner.plusM + lengthM + GATE_M },
  }
}
