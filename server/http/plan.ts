import { placeOnRoute, routeTotals } from '#maps/routes'
import type { HouseWorld } from '../room/worlds.ts'
import type { PlanAnswer } from './shapes.ts'

/** Points of a route's line and profile; of a road, one every so many metres. */
const ROUTE_POINTS = 120
const ROAD_STEP_M = 60
/** How long a stretch has to be steep to be called so, m. */
const STEEP_M = 100

/** What a picker draws of a road: from above, and every route from the side. A few kilobytes, in whole metres. */
export function planOf({ network, course }: HouseWorld): PlanAnswer {
  let eastM = Infinity
  let northM = Infinity
  let eastMaxM = -Infinity
  let northMaxM = -Infinity
  const at = (placeM: number): [number, number] => {
    const [x, y] = [course.xAt(placeM), course.yAt(placeM)]
    eastM = Math.min(eastM, x)
    northM = Math.min(northM, y)
    eastMaxM = Math.max(eastMaxM, x)
    northMaxM = Math.max(northMaxM, y)
    return [x, y]
  }
  const roads = network.ways
    .filter(({ kind, twin, id }) => kind === 'road' && !(twin >= 0 && twin < id))
    .map(({ startM, endM }) => {
      const lastM = Math.min(endM, startM + course.lengthM)
      const steps = Math.max(1, Math.ceil((lastM - startM) / ROAD_STEP_M))
      return Array.from({ length: steps + 1 }, (_, i) => at(startM + ((lastM - startM) * i) / steps))
    })
  const routes = network.routes.map((route) => {
    const { lengthM } = routeTotals(route, 1)
    const places = Array.from(
      { length: ROUTE_POINTS + 1 },
      (_, i) => placeOnRoute(network, route, (lengthM * i) / ROUTE_POINTS).placeM,
    )
    let steepest = 0
    for (let m = 0; m + STEEP_M <= lengthM; m += STEEP_M / 2) {
      const from = placeOnRoute(network, route, m).placeM
      const to = placeOnRoute(network, route, m + STEEP_M).placeM
      steepest = Math.max(steepest, (course.heightAt(to) - course.heightAt(from)) / STEEP_M)
    }
    const profileM = places.map((placeM) => Math.round(10 * course.heightAt(placeM)) / 10)
    return { id: route.id, line: places.map(at), profileM, steepest: Math.round(1000 * steepest) / 1000 }
  })
  const segments = network.segments.map(({ id, name, kind, lengthM, along }) => {
    const climbM = along.reduce((sum, { way, fromM, toM }) => {
      const { startM } = network.ways[way]!
      return sum + course.heightAt(startM + toM) - course.heightAt(startM + fromM)
    }, 0)
    return { id, name, kind, lengthM: Math.round(lengthM), climbM: Math.round(climbM) }
  })
  const flat = (points: readonly (readonly [number, number])[]): number[] =>
    points.flatMap(([x, y]) => [Math.round(x - eastM), Math.round(y - northM)])
  return {
    roads: roads.map(flat),
    ...{ widthM: Math.round(eastMaxM - eastM), heightM: Math.round(northMaxM - northM) },
    routes: routes.map((route) => ({ ...route, line: flat(route.line) })),
    segments,
  }
}
