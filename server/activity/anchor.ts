import { EARTH_M } from '#maps/trace-measure'
import type { Anchor } from './model.ts'

/**
 * Programs that read rides draw them on a globe. A map that was imported keeps its own coordinates; a made-up one gets a
 * made-up anchor in the emptiest sea there is, about the oceanic pole of inaccessibility (48.9° S, 123.4° W), 1,600 km from
 * any land: apart for each map, the same for ever, and nobody's street. [A38]
 */
const EMPTY_SEA: Anchor = { latDeg: -48.9, lonDeg: -123.4 }
const SPREAD_LAT_DEG = 4
const SPREAD_LON_DEG = 6
const DEG_PER_RAD = 180 / Math.PI

/** `scenery.origin`, where an importer left one: `{ latDeg, lonDeg }` of metre (0, 0). */
export function anchorOf(map: { readonly id: string; readonly scenery: Readonly<Record<string, unknown>> }): Anchor {
  const origin = map.scenery['origin']
  if (typeof origin === 'object' && origin !== null && 'latDeg' in origin && 'lonDeg' in origin) {
    const { latDeg, lonDeg } = origin
    const isPlace = typeof latDeg === 'number' && typeof lonDeg === 'number'
    if (isPlace && Math.abs(latDeg) <= 85 && Math.abs(lonDeg) <= 180) return { latDeg, lonDeg }
  }
  let hash = 2_166_136_261 // FNV-1a
  for (let i = 0; i < map.id.length; i++) hash = Math.imul(hash ^ map.id.charCodeAt(i), 16_777_619) >>> 0
  const share = (bits: number): number => (bits & 0xffff) / 0xffff - 0.5
  return {
    latDeg: EMPTY_SEA.latDeg + SPREAD_LAT_DEG * share(hash),
    lonDeg: EMPTY_SEA.lonDeg + SPREAD_LON_DEG * share(hash >>> 16),
  }
}

/** A point of the map on the globe: small maps on a round earth, exact to a metre in ten kilometres. */
export function globePlace(anchor: Anchor, xM: number, yM: number): Anchor {
  const degPerM = DEG_PER_RAD / EARTH_M
  return {
    latDeg: anchor.latDeg + yM * degPerM,
    lonDeg: anchor.lonDeg + (xM * degPerM) / Math.cos(anchor.latDeg / DEG_PER_RAD),
  }
}
