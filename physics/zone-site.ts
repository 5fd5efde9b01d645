import type { Course } from './course.ts'
import { createZoneGround, type ZoneGround } from './zone-ground.ts'

/** A zone as the map has it (maps/network.ts, `Zone`): a rectangle beside one way, and two places on it. */
export interface ZonePlace {
  readonly id: string
  readonly name: string
  /** Middle, m east and north, and which way its long side points, unit vector. */
  readonly xM: number
  readonly yM: number
  readonly dirX: number
  readonly dirY: number
  readonly lengthM: number
  readonly widthM: number
  readonly seed: number
  /** Where riders leave the road and where they are back on it at the latest, m from the start of the way. */
  readonly entry: { readonly way: number; readonly atM: number }
  readonly exit: { readonly way: number; readonly atM: number }
}

/** A zone beside its road: how places on the tape and in the park belong together. */
export interface ZoneSite {
  readonly id: string
  readonly name: string
  readonly ground: ZoneGround
  readonly way: number
  /** On the tape. */
  readonly entryPlaceM: number
  readonly exitPlaceM: number
  /** 1: the park is right of the road, −1: left. */
  readonly side: 1 | -1
  /** The park's corner, m east and north, and its axes there: u along the road, v away from it. */
  readonly originX: number
  readonly originY: number
  readonly alongX: number
  readonly alongY: number
  readonly awayX: number
  readonly awayY: number
  /** Metres of tape per metre of u. */
  readonly tapePerU: number
}

export type Sited = { readonly ok: true; readonly site: ZoneSite } | { readonly ok: false; readonly error: string }

const LENGTH_M = [48, 90] as const
const WIDTH_M = [32, 60] as const
/** The road runs along the park: no more aside than this, nor more turned (cosine of 10°). */
const ASIDE_MAX_M = 1
const TURNED_MIN = 0.985
/** From the park's edge to the middle of the road. */
const APRON_M = [3, 14] as const
/** How far the two places may lie from the park's corners, m. */
const ENTRY_M = [-12, 3] as const
const EXIT_BEYOND_M = [-3, 12] as const
const CHECK_STEP_M = 4

/** Puts a zone beside its road, or says why it cannot lie there. */
export function siteZone(zone: ZonePlace, course: Course): Sited {
  const positionAt = (placeM: number) => ({ xM: course.xAt(placeM), yM: course.yAt(placeM) })
  const refuse = (why: string): Sited => ({ ok: false, error: `zone "${zone.id}": ${why}` })
  if (zone.entry.way !== zone.exit.way)
    return refuse('its two places lie on different ways; both must be on the one beside it')
  if (!isWithin(zone.lengthM, LENGTH_M) || !isWithin(zone.widthM, WIDTH_M)) {
    return refuse(
      `${zone.lengthM} × ${zone.widthM} m; it must be ${LENGTH_M.join(' … ')} m long and ${WIDTH_M.join(' … ')} m wide`,
    )
  }
  const startM = course.wayStartM(zone.entry.way)
  const entryPlaceM = startM + zone.entry.atM
  const exitPlaceM = startM + zone.exit.atM
  if (!(exitPlaceM > entryPlaceM)) return refuse('its exit lies before its entry')
  const ridesAlong = course.eastAt(entryPlaceM) * zone.dirX + course.northAt(entryPlaceM) * zone.dirY
  const sign = ridesAlong < 0 ? -1 : 1
  const alongX = sign * zone.dirX
  const alongY = sign * zone.dirY
  const entryAt = positionAt(entryPlaceM)
  // The right hand of a direction is (north, −east).
  const toParkRight = (zone.xM - entryAt.xM) * alongY - (zone.yM - entryAt.yM) * alongX
  const side = toParkRight > 0 ? 1 : -1
  const awayX = side * alongY
  const awayY = -side * alongX
  const originX = zone.xM - 0.5 * (alongX * zone.lengthM + awayX * zone.widthM)
  const originY = zone.yM - 0.5 * (alongY * zone.lengthM + awayY * zone.widthM)
  const uOf = (at: { xM: number; yM: number }) => (at.xM - originX) * alongX + (at.yM - originY) * alongY
  const vOf = (at: { xM: number; yM: number }) => (at.xM - originX) * awayX + (at.yM - originY) * awayY
  const entryM = uOf(entryAt)
  const exitM = uOf(positionAt(exitPlaceM))
  const apronM = -vOf(entryAt)
  if (!isWithin(entryM, ENTRY_M))
    return refuse(`its entry lies ${entryM.toFixed(1)} m from its corner; ${ENTRY_M.join(' … ')} m are right`)
  if (!isWithin(exitM - zone.lengthM, EXIT_BEYOND_M)) {
    return refuse(
      `its exit lies ${(exitM - zone.lengthM).toFixed(1)} m beyond its end; ${EXIT_BEYOND_M.join(' … ')} m are right`,
    )
  }
  if (!isWithin(apronM, APRON_M))
    return refuse(`its edge is ${apronM.toFixed(1)} m from the middle of the road; ${APRON_M.join(' … ')} m are right`)
  for (let placeM = entryPlaceM; placeM <= exitPlaceM; placeM += CHECK_STEP_M) {
    const asideM = Math.abs(-vOf(positionAt(placeM)) - apronM)
    const cosine = course.eastAt(placeM) * alongX + course.northAt(placeM) * alongY
    if (asideM > ASIDE_MAX_M || cosine < TURNED_MIN) {
      return refuse(
        `the road beside it bends away at ${(placeM - startM).toFixed(0)} m of its way; lay it along a straight one`,
      )
    }
  }
  const tapePerU = (exitPlaceM - entryPlaceM) / (exitM - entryM)
  const ground = createZoneGround({
    lengthM: zone.lengthM,
    widthM: zone.widthM,
    seed: zone.seed,
    apronM,
    roadHalfM: 0.5 * course.widthAt(entryPlaceM),
    entryM,
    exitM,
    roadHeightM: (u) => course.heightAt(entryPlaceM + (u - entryM) * tapePerU),
  })
  const { id, name } = zone
  const frame = { originX, originY, alongX, alongY, awayX, awayY }
  return {
    ok: true,
    site: { id, name, ground, way: zone.entry.way, entryPlaceM, exitPlaceM, side, ...frame, tapePerU },
  }
}

/** All zones of a map that can be ridden, in its order, and a sentence for each that cannot. */
export function siteZones(
  zones: readonly ZonePlace[],
  course: Course,
): { readonly sites: readonly ZoneSite[]; readonly refused: readonly string[] } {
  const found = zones.map((zone) => siteZone(zone, course))
  return {
    sites: found.flatMap((one) => (one.ok ? [one.site] : [])),
    refused: found.flatMap((one) => (one.ok ? [] : [one.error])),
  }
}

/** The place on the tape abreast of u. */
export function placeAbreast({ entryPlaceM, ground, tapePerU }: ZoneSite, u: number): number {
  return entryPlaceM + (u - ground.entryM) * tapePerU
}

/** v of a rider on the road, from metres right of its middle; and back. */
export function acrossOf({ side, ground }: ZoneSite, lateralM: number): number {
  return side * lateralM - ground.apronM
}
export function lateralOf({ side, ground }: ZoneSite, v: number): number {
  return side * (v + ground.apronM)
}

function isWithin(x: number, [from, to]: readonly [number, number]): boolean {
  return x >= from && x <= to
}
