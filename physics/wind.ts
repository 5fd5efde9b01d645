import type { Course } from './course.ts'
import type { Conditions, Weather } from './weather.ts'

/** Wind as a rider meets it. Filled by `windOnRoad`; nothing is allocated. */
export interface RoadWind {
  /** In the rider's face, m/s; negative: from behind. */
  headMps: number
  /** From the rider's right, m/s; negative: from the left. Martin's sign of yaw. */
  crossMps: number
}

/** Where the air goes, m/s, east and north, gusts in it; before hedges and houses take their share. */
export interface Wind {
  eastMps: number
  northMps: number
}

export function createRoadWind(): RoadWind {
  return { headMps: 0, crossMps: 0 }
}

/** Ticks a second: gusts are carried over the land by the mean wind, so their clock is the tick. */
const TICK_S = 1 / 20
/** Gusts come in two sizes, m along the wind, with these shares of the swing (they add up to 1). */
const LARGE_M = 96
const SMALL_M = 24
const LARGE_SHARE = 0.7
const SMALL_SHARE = 0.3
/** Across the wind a gust is half as long as along it. */
const ACROSS = 2
/** Swing across the mean wind for a swing of one along it: σv / σu = 1.92 / 2.39 (Panofsky & Dutton 1984, neutral air). */
const ACROSS_SHARE = 0.8

/** Along and across of the last gust worked out. In an array: a number in a variable of a module is a new object each time. */
const gust = new Float64Array(2)

/**
 * Wind over open ground at a point of the map, in the step that leaves `tick` (a fraction is a time between): the mean
 * wind, and about it frozen turbulence that the mean wind carries along (Taylor 1938).
 */
export function windOver(weather: Weather, tick: number, xM: number, yM: number, out: Wind): Wind {
  const { windEastMps, windNorthMps, gustShare } = weather
  out.eastMps = windEastMps
  out.northMps = windNorthMps
  const meanMps = Math.sqrt(windEastMps * windEastMps + windNorthMps * windNorthMps)
  if (gustShare === 0 || meanMps === 0) return out
  const east = windEastMps / meanMps
  const north = windNorthMps / meanMps
  const alongM = xM * east + yM * north - meanMps * TICK_S * tick
  const acrossM = ACROSS * (yM * east - xM * north)
  gust[0] = 0
  gust[1] = 0
  addNoise(alongM / LARGE_M, acrossM / LARGE_M, LARGE_SHARE, 0x51ed270b)
  addNoise(alongM / SMALL_M, acrossM / SMALL_M, SMALL_SHARE, 0x2545f491)
  const along = 1 + gustShare * gust[0]
  const across = gustShare * ACROSS_SHARE * gust[1]
  out.eastMps = windEastMps * along - windNorthMps * across
  out.northMps = windNorthMps * along + windEastMps * across
  return out
}

const wind: Wind = { eastMps: 0, northMps: 0 }

/** The wind on the road at a place: what shelter leaves of it, along and across the way. */
export function windOnRoad(course: Course, placeM: number, conditions: Conditions, out: RoadWind): RoadWind {
  const { weather, tick } = conditions
  if (weather.windEastMps === 0 && weather.windNorthMps === 0) {
    out.headMps = 0
    out.crossMps = 0
    return out
  }
  if (weather.gustShare === 0) windOver(weather, tick, 0, 0, wind)
  else windOver(weather, tick, course.xAt(placeM), course.yAt(placeM), wind)
  const share = course.windShareAt(placeM)
  return toRoad(share * wind.eastMps, share * wind.northMps, course.eastAt(placeM), course.northAt(placeM), out)
}

/** Air that goes east and north, seen from who rides towards (`east`, `north`). */
export function toRoad(airEastMps: number, airNorthMps: number, east: number, north: number, out: RoadWind): RoadWind {
  out.headMps = -(airEastMps * east + airNorthMps * north)
  out.crossMps = -(airEastMps * north - airNorthMps * east)
  return out
}

/** Value noise, smooth to its first derivative, from integers alone: the same in every engine. */
function addNoise(x: number, y: number, share: number, seed: number): void {
  const ix = Math.floor(x)
  const iy = Math.floor(y)
  const fx = x - ix
  const fy = y - iy
  const sx = fx * fx * (3 - 2 * fx)
  const sy = fy * fy * (3 - 2 * fy)
  const a = hash(ix, iy, seed)
  const b = hash(ix + 1, iy, seed)
  const c = hash(ix, iy + 1, seed)
  const d = hash(ix + 1, iy + 1, seed)
  gust[0] = gust[0]! + share * blend(a & 0xffff, b & 0xffff, c & 0xffff, d & 0xffff, sx, sy)
  gust[1] = gust[1]! + share * blend(a >>> 16, b >>> 16, c >>> 16, d >>> 16, sx, sy)
}

/** Four corners, 0 … 65535, to −1 … 1. */
function blend(a: number, b: number, c: number, d: number, sx: number, sy: number): number {
  const low = a + (b - a) * sx
  const high = c + (d - c) * sx
  return (low + (high - low) * sy) / 32767.5 - 1
}

function hash(ix: number, iy: number, seed: number): number {
  let h = Math.imul(ix, 0x9e3779b1) ^ Math.imul(iy, 0x85ebca77) ^ seed
  h = Math.imul(h ^ (h >>> 15), 0x2c1b3c6d)
  h = Math.imul(h ^ (h >>> 12), 0x297a2d39)
  return (h ^ (h >>> 15)) >>> 0
}
