import type { BakedCourse } from '#maps/course'
import { BAKED_STEP_M } from '#maps/format'
import type { Network } from '#maps/network'

/** The road as the HUD tells of it: one lap of the rider's route (or the way from A to B), over places of the tape. */
export interface HudRoad {
  /** Of the profile, m. */
  readonly lengthM: number
  /** The end leads to the beginning. */
  readonly isLap: boolean
  /** Metres of the profile before a place; NaN for a place that is not on it. */
  alongM(placeM: number): number
  /** The place at a metre of the profile. */
  placeAt(alongM: number): number
  /** Which lap a rider is on who has this much of the route behind; 0 on the lead-in. */
  lapOf(distanceM: number): number
  slopeAt(placeM: number): number
  heightAt(placeM: number): number
}

/** Without a route, the map's first one; a map without routes is its tape. */
export function createHudRoad(course: BakedCourse, network: Network, routeId?: string): HudRoad {
  const route = network.routes.find(({ id }) => id === routeId) ?? network.routes[0]
  const slopeAt = (placeM: number): number => course.slopeAt(placeM)
  const heightAt = (placeM: number): number => course.heightAt(placeM)
  if (route === undefined || course.isLoop) {
    const { lengthM, isLoop } = course
    const alongM = (placeM: number): number => (isLoop ? placeM - lengthM * Math.floor(placeM / lengthM) : placeM)
    const lapOf = (distanceM: number): number => Math.floor(Math.max(0, distanceM) / lengthM) + 1
    return { lengthM, isLap: isLoop, alongM, placeAt: (m) => m, lapOf, slopeAt, heightAt }
  }
  const legs = route.legs.slice(route.isLap ? route.lapLeg : 0)
  const beginM = legs[0]!.atM
  const lengthM = legs.reduce((sum, { fromM, toM }) => sum + toM - fromM, 0)
  const legOfWay = new Map(legs.toReversed().map((leg) => [leg.way, leg])) // Of a way ridden twice, the first time.
  const alongM = (placeM: number): number => {
    const leg = legOfWay.get(course.wayAt(placeM))
    if (leg === undefined) return NaN
    const inWayM = placeM - network.ways[leg.way]!.startM
    return Math.min(lengthM, Math.max(0, leg.atM - beginM + inWayM - leg.fromM))
  }
  const placeAt = (m: number): number => {
    const leg = legs.findLast(({ atM }) => atM - beginM <= m) ?? legs[0]!
    return network.ways[leg.way]!.startM + Math.min(leg.toM, leg.fromM + m - (leg.atM - beginM))
  }
  const lapOf = (distanceM: number): number =>
    distanceM < route.leadInM ? 0 : Math.floor((distanceM - route.leadInM) / route.lapM) + 1
  return { lengthM, isLap: route.isLap, alongM, placeAt, lapOf, slopeAt, heightAt }
}

/** Places of the tape along the profile, `count` of them, evenly. */
export function placesAlong(road: HudRoad, count: number): number[] {
  const stepM = Math.max(BAKED_STEP_M, road.lengthM) / count
  return Array.from({ length: count }, (_, i) => road.placeAt(Math.min(road.lengthM - 0.001, (i + 0.5) * stepM)))
}
