import { SLOPE_UNIT, type BakedColumns } from '#maps/format'
import type { Network } from '#maps/network'
import { placesAlong, type HudRoad } from './hud-road.ts'

/** All roads of a map from above, made once. */
export interface Outline {
  readonly roads: string
  readonly viewBox: string
  /** Stroke of a road in its units. */
  readonly strokeUnits: number
  /** A place of the tape on the map. */
  spotOf(placeM: number): { readonly x: number; readonly y: number }
}

/** A rider's road in small: its profile in grade classes, and where it runs on the map. */
export interface Lap {
  /** One closed path per grade class, in a box of PROFILE_WIDE × PROFILE_TALL. */
  readonly classes: readonly { readonly color: string; readonly path: string }[]
  readonly name: string
  /** Segments on it, as shares. */
  readonly segments: readonly { readonly name: string; readonly from: number; readonly to: number }[]
  /** In the units of the outline. */
  readonly route: string
  readonly lowM: number
  readonly highM: number
  /** Height of the profile at a share of the lap, as a share of the box from its top. */
  topAt(share: number): number
}

export const PROFILE_WIDE = 400
export const PROFILE_TALL = 100
/** From flat to steep; down is blue. Heights carry the same fact for those who do not see the colours. */
const CLASSES: readonly (readonly [fromPercent: number, color: string])[] = [
  [9, '#ff5a5f'],
  [6, '#ff8a3d'],
  [3, '#ffd23f'],
  [-2, '#4ecb7c'],
  [-Infinity, '#4aa8ff'],
]
const HEADROOM = 0.2
const PROFILE_SAMPLES = 1600
/** Points of the map's outline, all roads together. */
const OUTLINE_POINTS = 700

export function createLap(course: BakedColumns, road: HudRoad, network?: Network): Lap {
  const { slopeCount, xMm, yMm } = course
  const places = placesAlong(road, PROFILE_SAMPLES)
  const heightsM = places.map((placeM) => road.heightAt(placeM))
  const lowM = heightsM.reduce((a, b) => Math.min(a, b))
  const highM = heightsM.reduce((a, b) => Math.max(a, b))
  const spanM = Math.max(highM - lowM, 20)
  const at = (share: number) => Math.min(PROFILE_SAMPLES - 1, Math.max(0, Math.floor(share * PROFILE_SAMPLES)))
  const topAt = (share: number): number => 1 - 0.08 - (1 - HEADROOM - 0.08) * ((heightsM[at(share)]! - lowM) / spanM)

  const paths = CLASSES.map(() => '')
  for (let px = 0; px < PROFILE_WIDE; px += 2) {
    const from = at(px / PROFILE_WIDE)
    const to = Math.max(from + 1, at((px + 2) / PROFILE_WIDE))
    let slope = 0
    for (let i = from; i < to; i++) slope += slopeCount[onTape(places[i]!, course)]!
    const grade = (slope / (to - from)) * SLOPE_UNIT * 100
    const k = CLASSES.findIndex(([fromPercent]) => grade >= fromPercent)
    const left = (topAt(px / PROFILE_WIDE) * PROFILE_TALL).toFixed(1)
    const right = (topAt((px + 2) / PROFILE_WIDE) * PROFILE_TALL).toFixed(1)
    paths[k] += `M${px} ${PROFILE_TALL}V${left}L${px + 2.3} ${right}V${PROFILE_TALL}Z`
  }
  let route = ''
  for (const placeM of placesAlong(road, OUTLINE_POINTS)) {
    const i = onTape(placeM, course)
    // Between two ways the tape jumps; on the ground they touch.
    route += `${route === '' ? 'M' : 'L'}${(xMm[i]! / 1000).toFixed(0)} ${(-yMm[i]! / 1000).toFixed(0)}`
  }
  if (road.isLap) route += 'Z'
  const classes = CLASSES.map(([, color], k) => ({ color, path: paths[k]! })).filter(({ path }) => path !== '')
  return { name: road.name, segments: segmentsOn(road, network), classes, route, lowM, highM, topAt }
}

function segmentsOn(road: HudRoad, network: Network | undefined): Lap['segments'] {
  return (network?.segments ?? []).flatMap(({ name, along, lengthM }) => {
    const { way, fromM } = along[0]!
    const alongM = road.alongM(network!.ways[way]!.startM + fromM)
    const from = alongM / road.lengthM
    return Number.isNaN(alongM) ? [] : [{ name, from, to: Math.min(1, from + lengthM / road.lengthM) }]
  })
}

export function createOutline(course: BakedColumns, network: Network): Outline {
  const { count, xMm, yMm } = course
  const x = (i: number) => xMm[i]! / 1000
  const y = (i: number) => -yMm[i]! / 1000
  const box = { left: Infinity, right: -Infinity, top: Infinity, bottom: -Infinity }
  for (let i = 0; i < count; i++) {
    box.left = Math.min(box.left, x(i))
    box.right = Math.max(box.right, x(i))
    box.top = Math.min(box.top, y(i))
    box.bottom = Math.max(box.bottom, y(i))
  }
  const stride = Math.max(1, Math.round(count / OUTLINE_POINTS))
  const line = (from: number, to: number, isClosed: boolean): string => {
    let text = ''
    for (let i = from; i < to; i += stride) text += `${i === from ? 'M' : 'L'}${x(i).toFixed(0)} ${y(i).toFixed(0)}`
    return `${text}L${x(to).toFixed(0)} ${y(to).toFixed(0)}${isClosed ? 'Z' : ''}`
  }
  const roads = course.isLoop
    ? line(0, count - 1, true)
    : network.ways
        // A plain straight is one way that never ends; its samples do.
        .map(({ startM, endM, twin, id }) =>
          twin >= 0 && twin < id ? '' : line(startM, Math.min(endM, count - 1), false),
        )
        .join('')
  const wide = box.right - box.left
  const tall = box.bottom - box.top
  return {
    roads,
    viewBox: `${box.left.toFixed(0)} ${box.top.toFixed(0)} ${wide.toFixed(0)} ${tall.toFixed(0)}`,
    strokeUnits: Math.max(wide, tall) * 0.03,
    spotOf: (placeM) => ({ x: x(onTape(placeM, course)), y: y(onTape(placeM, course)) }),
  }
}

/** The sample at or before a place. */
function onTape(placeM: number, { count, isLoop }: BakedColumns): number {
  const place = Math.floor(isLoop ? placeM - count * Math.floor(placeM / count) : placeM)
  return Math.min(count - 1, Math.max(0, place))
}
