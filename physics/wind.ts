import { createRoadSpot, readSpot, type Course, type RoadSpot } from './course.ts'
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

/**
 * Along and across of the last gust, and what was asked for: where, when. In arrays and fields: a number in a variable of
 * a module, or handed over to a function of some length, is a new object each time.
 */
const gust = new Float64Array(2)
const at = new Float64Array(2)
const over = { xM: 0, yM: 0, tick: 0 }
const ownSpot = createRoadSpot()

/**
 * Wind over open ground at a point of the map, in the step that leaves `tick` (a fraction is a time between): the mean
 * wind, and about it frozen turbulence that the mean wind carries along (Taylor 1938).
 */
export function windOver(weather: Weather, tick: number, xM: number, yM: number, out: Wind): Wind {
  over.xM = xM
  over.yM = yM
  over.tick = tick
  blow(weather, out)
  return out
}

function blow(weather: Weather, out: Wind): void {
  const { windEastMps, windNorthMps, gustShare } = weather
  out.eastMps = windEastMps
  out.northMps = windNorthMps
  const meanMps = Math.sqrt(windEastMps * windEastMps + windNorthMps * windNorthMps)
  if (gustShare === 0 || meanMps === 0) return
  const east = windEastMps / meanMps
  const north = windNorthMps / meanMps
  const alongM = over.xM * east + over.yM * north - meanMps * TICK_S * over.tick
  const acrossM = ACROSS * (over.yM * east - over.xM * north)
  gust[0] = 0
  gust[1] = 0
  at[0] = alongM / LARGE_M
  at[1] = acrossM / LARGE_M
  addNoise(LARGE_SHARE, 0x51ed270b)
  at[0] = alongM / SMALL_M
  at[1] = acrossM / SMALL_M
  addNoise(SMALL_SHARE, 0x2545f491)
  const along = 1 + gustShare * gust[0]
  const across = gustShare * ACROSS_SHARE * gust[1]
  out.eastMps = windEastMps * along - windNorthMps * across
  out.northMps = windNorthMps * along + windEastMps * across
}

const wind: Wind = { eastMps: 0, northMps: 0 }

/** The wind on the road at a place: what shelter leaves of it, along and across the way. */
export function windOnRoad(course: Course, placeM: number, conditions: Conditions, out: RoadWind): RoadWind {
  ownSpot.placeM = placeM
  readSpot(course, ownSpot)
  windOnSpot(ownSpot, conditions, out)
  return out
}

/** The same, where the place is known already. */
export function windOnSpot(spot: RoadSpot, conditions: Conditions, out: RoadWind): void {
  const { weather } = conditions
  out.headMps = 0
  out.crossMps = 0
  if (weather.windEastMps === 0 && weather.windNorthMps === 0) return
  over.xM = spot.xM
  over.yM = spot.yM
  over.tick = conditions.tick
  blow(weather, wind)
  const { windShare, east, north } = spot
  toRoad(windShare * wind.eastMps, windShare * wind.northMps, east, north, out)
}

/** Air that goes east and north, seen from who rides towards (`east`, `north`). */
export function toRoad(airEastMps: number, airNorthMps: number, east: number, north: number, out: RoadWind): RoadWind {
  out.headMps = -(airEastMps * east + airNorthMps * north)
  out.crossMps = -(airEastMps * north - airNorthMps * east)
  return out
}

/** Value noise, smooth to its first derivative, from integers alone: the same in every engine. */
function addNoise(share: number, seed: number): void {
  const x = at[0]!
  const y = at[1]!
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
