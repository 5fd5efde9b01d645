import type { BakedCourse } from '#maps/course'
import { BAKED_STEP_M } from '#maps/format'
import type { Network } from '#maps/network'
import { finishCrossingM, finishCrossings } from '#maps/routes'
import { hud as words } from '../words/hud.ts'
import { lengthText } from './figures.ts'

/** The road as the HUD tells of it: a route, or what lies before a rider who is on none, over places of the tape. */
export interface HudRoad {
  /** What it is called. */
  readonly name: string
  /** Of the profile, m. */
  readonly lengthM: number
  /** The end leads to the beginning. */
  readonly isLap: boolean
  /** Metres of the profile before a place; NaN for a place that is not on it. */
  alongM(placeM: number): number
  /** The place at a metre of the profile. */
  placeAt(alongM: number): number
  /** How far along who has so much of the road behind is, in words; '' where there is nothing to count. */
  progress(distanceM: number): string
  slopeAt(placeM: number): number
  heightAt(placeM: number): number
}

/** A stretch of a way, and the metre of the profile where it begins. */
interface Piece {
  readonly way: number
  readonly fromM: number
  readonly toM: number
  readonly atM: number
}

/** So much road is shown to a rider without a route, m, and so many ways at most. */
const AHEAD_M = 2500
const AHEAD_WAYS_MAX = 40

/** A lap of a route, or the way to it; on a map without ways the whole of it. */
export function createHudRoad(course: BakedCourse, network: Network, routeId: string, leg = 0): HudRoad {
  const route = network.routes.find(({ id }) => id === routeId)
  if (route === undefined || course.isLoop) return plainRoad(course, network)
  const isLeadIn = route.isLap && leg > 0 && leg <= route.lapLeg
  const legs = isLeadIn ? route.legs.slice(0, route.lapLeg) : route.legs.slice(route.isLap ? route.lapLeg : 0)
  const beginM = legs[0]!.atM
  const pieces = legs.map(({ way, fromM, toM, atM }) => ({ way, fromM, toM, atM: atM - beginM }))
  const progress = (routeM: number): string => {
    const toLineM = finishCrossingM(route, 0) - routeM
    if (!route.isLap) return toLineM > 0 ? words.toGo(lengthText(toLineM)) : words.finished
    return toLineM > 0 ? words.lapIn(lengthText(toLineM)) : words.lap(finishCrossings(route, routeM))
  }
  const name = isLeadIn ? words.toRoute(route.name) : route.name
  return { name, isLap: route.isLap && !isLeadIn, progress, ...over(course, network, pieces) }
}

/** From the way a rider is on over the one that comes next, and on as the road goes. */
export function createRoadAhead(course: BakedCourse, network: Network, way: number, wayAhead: number): HudRoad {
  if (network.ways.length < 2) return plainRoad(course, network)
  const pieces: Piece[] = []
  let atM = 0
  for (let id = way; id >= 0 && atM < AHEAD_M && pieces.length < AHEAD_WAYS_MAX;) {
    const { startM, endM, exits } = network.ways[id]!
    if (pieces.some((piece) => piece.way === id)) break
    pieces.push({ way: id, fromM: 0, toM: endM - startM, atM })
    atM += endM - startM
    id = pieces.length === 1 ? wayAhead : (exits[0]?.way ?? -1)
  }
  return { name: network.ways[way]!.name, isLap: false, progress: () => '', ...over(course, network, pieces) }
}

/** A loop, or a straight without end: the tape itself. */
function plainRoad(course: BakedCourse, network: Network): HudRoad {
  const { lengthM, isLoop } = course
  return {
    name: network.routes[0]?.name ?? '',
    ...{ lengthM, isLap: isLoop },
    alongM: (placeM) => (isLoop ? placeM - lengthM * Math.floor(placeM / lengthM) : placeM),
    placeAt: (alongM) => alongM,
    progress: (distanceM) => (isLoop ? words.lap(Math.floor(Math.max(0, distanceM) / lengthM) + 1) : ''),
    slopeAt: (placeM) => course.slopeAt(placeM),
    heightAt: (placeM) => course.heightAt(placeM),
  }
}

type Along = Omit<HudRoad, 'name' | 'isLap' | 'progress'>

function over(course: BakedCourse, network: Network, pieces: readonly Piece[]): Along {
  const last = pieces[pieces.length - 1]!
  const lengthM = last.atM + last.toM - last.fromM
  const pieceOfWay = new Map(pieces.toReversed().map((piece) => [piece.way, piece])) // Of a way ridden twice, the first time.
  return {
    lengthM,
    alongM: (placeM) => {
      const piece = pieceOfWay.get(course.wayAt(placeM))
      if (piece === undefined) return NaN
      return Math.min(lengthM, Math.max(0, piece.atM + placeM - network.ways[piece.way]!.startM - piece.fromM))
    },
    placeAt: (alongM) => {
      const piece = pieces.findLast(({ atM }) => atM <= alongM) ?? pieces[0]!
      return network.ways[piece.way]!.startM + Math.min(piece.toM, piece.fromM + alongM - piece.atM)
    },
    slopeAt: (placeM) => course.slopeAt(placeM),
    heightAt: (placeM) => course.heightAt(placeM),
  }
}

/** Places of the tape along the profile, `count` of them, evenly. */
export function placesAlong(road: HudRoad, count: number): number[] {
  const stepM = Math.max(BAKED_STEP_M, road.lengthM) / count
  return Array.from({ length: count }, (_, i) => road.placeAt(Math.min(road.lengthM - 0.001, (i + 0.5) * stepM)))
}
