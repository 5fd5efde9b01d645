import {
  BAKED_STEP_M,
  BANK_UNIT,
  BEND_UNIT_PM,
  CRR_UNIT,
  GRIP_UNIT,
  HEIGHT_UNIT_M,
  SLOPE_UNIT,
  WIND_SHARE_UNIT,
  type BakedColumns,
} from './format.ts'

/** A place on the road, for drawing and for turning heads. Made once, filled by `BakedCourse.at`. */
export interface RoadPoint {
  /** Middle of the road, m: x east, y north, z up. */
  xM: number
  yM: number
  zM: number
  /** Unit vector along the road, seen from above. Its right hand is (dy, −dx). */
  dx: number
  dy: number
  /** dz/ds. */
  slope: number
  widthM: number
  /** Bend to the right, 1/m; a hairpin of 14 m is ±0.07. */
  curvaturePerM: number
}

export function createRoadPoint(): RoadPoint {
  return { xM: 0, yM: 0, zM: 0, dx: 1, dy: 0, slope: 0, widthM: 0, curvaturePerM: 0 }
}

/** What physics asks of a place in a tick, all at once (`physics/course` by shape): `placeM` is asked. */
export interface Spot {
  placeM: number
  slope: number
  heightM: number
  crr: number
  widthM: number
  east: number
  north: number
  xM: number
  yM: number
  windShare: number
  airDensityKgpm3: number
}

/** What a rider may wish for at the next junction, nearest first (numbers as in physics' TURN; row 0: no wish). */
const NEAREST = [[], [1, 2, 3, 4], [2], [3, 2, 1, 4], [4]] as const
const WISHES = NEAREST.length

/**
 * The tape as a road: physics rides it (`physics/course` by shape), the picture draws it, both by the same place. Every
 * look-up takes any finite place, wraps on a loop, stops at the ends of the tape, and allocates nothing.
 */
export class BakedCourse {
  readonly columns: BakedColumns
  readonly lengthM: number
  readonly isLoop: boolean
  readonly wayCount: number
  readonly #last: number
  readonly #isNetwork: boolean
  readonly #wayOf: Uint16Array
  /** The columns as rows, so that all that is asked about one place lies side by side. Whole counts fit a float exactly. */
  readonly #table: Float32Array
  /** Of every way: where it begins and ends, and the exit for each wish. */
  readonly #startM: Float64Array
  readonly #endM: Float64Array
  readonly #exits: Int32Array
  readonly #crr: Float64Array
  readonly #grip: Float64Array
  /** Of the last `#seek`: sample, the one after, and how far between. A field each, so that nothing is allocated. */
  #soughtM = NaN
  #i = 0
  #j = 0
  #f = 0

  constructor(columns: BakedColumns) {
    this.columns = columns
    this.isLoop = columns.isLoop
    this.#last = columns.count - 1
    this.lengthM = (columns.isLoop ? columns.count : columns.count - 1) * BAKED_STEP_M
    const { ways, surfaces, count } = columns
    this.wayCount = ways.length
    this.#isNetwork = ways.length > 1
    this.#startM = Float64Array.from(ways, ({ startM }) => startM)
    this.#endM = Float64Array.from(ways, ({ startM, lengthM }) => (this.#isNetwork ? startM + lengthM : Infinity))
    this.#wayOf = new Uint16Array(count)
    ways.forEach(({ startM }, way) => this.#wayOf.fill(way, startM))
    this.#exits = exitsByWish(columns)
    this.#crr = Float64Array.from(surfaces, ({ crrCount }) => crrCount * CRR_UNIT)
    this.#grip = Float64Array.from(surfaces, ({ gripCount }) => gripCount * GRIP_UNIT)
    this.#table = rowsOf(columns)
  }

  /** Rise per metre of road: between samples a straight line. */
  slopeAt(placeM: number): number {
    this.#seek(placeM)
    return this.#between(SLOPE) * SLOPE_UNIT
  }

  /** Height above the sea: the exact integral of `slopeAt`. */
  heightAt(placeM: number): number {
    this.#seek(placeM)
    const { slopeCount, heightCount } = this.columns
    const from = slopeCount[this.#i]!
    const f = this.#f
    return (heightCount[this.#i]! + f * (2 * from + (slopeCount[this.#j]! - from) * f)) * HEIGHT_UNIT_M
  }

  /** A surface holds from its sample to the next. */
  crrAt(placeM: number): number {
    this.#seek(placeM)
    return this.#crr[this.columns.surface[this.#i]!]!
  }

  gripAt(placeM: number): number {
    this.#seek(placeM)
    return this.#grip[this.columns.surface[this.#i]!]!
  }

  widthAt(placeM: number): number {
    this.#seek(placeM)
    return this.#between(WIDTH) * 0.01
  }

  curvatureAt(placeM: number): number {
    this.#seek(placeM)
    return this.#between(BEND) * BEND_UNIT_PM
  }

  bankAt(placeM: number): number {
    this.#seek(placeM)
    return this.#between(BANK) * BANK_UNIT
  }

  eastAt(placeM: number): number {
    this.#seek(placeM)
    const east = this.#between(EAST)
    const north = this.#between(NORTH)
    return east / Math.sqrt(east * east + north * north)
  }

  northAt(placeM: number): number {
    this.#seek(placeM)
    const east = this.#between(EAST)
    const north = this.#between(NORTH)
    return north / Math.sqrt(east * east + north * north)
  }

  xAt(placeM: number): number {
    this.#seek(placeM)
    const { xMm } = this.columns
    const from = xMm[this.#i]!
    return (from + (xMm[this.#j]! - from) * this.#f) * 0.001
  }

  yAt(placeM: number): number {
    this.#seek(placeM)
    const { yMm } = this.columns
    const from = yMm[this.#i]!
    return (from + (yMm[this.#j]! - from) * this.#f) * 0.001
  }

  windShareAt(placeM: number): number {
    this.#seek(placeM)
    return this.#between(WIND) * WIND_SHARE_UNIT
  }

  airDensityAt(placeM: number): number {
    this.#seek(placeM)
    return this.#between(AIR)
  }

  /** The look-ups above, bit for bit, in one. */
  readSpot(spot: Spot): void {
    this.#seek(spot.placeM)
    const i = this.#i
    const j = this.#j
    const f = this.#f
    const table = this.#table
    const a = i * ROW
    const b = j * ROW
    const { slopeCount, heightCount, xMm, yMm, surface } = this.columns
    const slope = table[a + SLOPE]!
    spot.slope = (slope + (table[b + SLOPE]! - slope) * f) * SLOPE_UNIT
    spot.heightM = (heightCount[i]! + f * (2 * slope + (slopeCount[j]! - slope) * f)) * HEIGHT_UNIT_M
    spot.crr = this.#crr[surface[i]!]!
    const width = table[a + WIDTH]!
    spot.widthM = (width + (table[b + WIDTH]! - width) * f) * 0.01
    const eastFrom = table[a + EAST]!
    const northFrom = table[a + NORTH]!
    const east = eastFrom + (table[b + EAST]! - eastFrom) * f
    const north = northFrom + (table[b + NORTH]! - northFrom) * f
    const length = Math.sqrt(east * east + north * north)
    spot.east = east / length
    spot.north = north / length
    const x = xMm[i]!
    const y = yMm[i]!
    spot.xM = (x + (xMm[j]! - x) * f) * 0.001
    spot.yM = (y + (yMm[j]! - y) * f) * 0.001
    const wind = table[a + WIND]!
    spot.windShare = (wind + (table[b + WIND]! - wind) * f) * WIND_SHARE_UNIT
    const air = table[a + AIR]!
    spot.airDensityKgpm3 = air + (table[b + AIR]! - air) * f
  }

  wayAt(placeM: number): number {
    if (!this.#isNetwork) return 0
    this.#seek(placeM)
    return this.#wayOf[this.#i]!
  }

  wayStartM(way: number): number {
    return this.#startM[way]!
  }

  wayEndM(way: number): number {
    return this.#endM[way]!
  }

  /** The way that follows for a wish: the nearest turn there is; −1 where the road ends. */
  exitOf(way: number, turn: number): number {
    return this.#exits[way * WISHES + turn]!
  }

  /** Where on the lap, 0 ≤ x < lengthM; on a tape with ends 0 … lengthM. */
  onLapM(placeM: number): number {
    this.#seek(placeM)
    return (this.#i + this.#f) * BAKED_STEP_M
  }

  /** Laps completed since place 0; 0 where the tape has ends. */
  lapsAt(placeM: number): number {
    return this.isLoop ? Math.floor(placeM / this.lengthM) : 0
  }

  /** Everything about a place, into `out`: position by a cubic through the samples, so that a bend has no corners. */
  at(placeM: number, out: RoadPoint): RoadPoint {
    out.slope = this.slopeAt(placeM)
    out.zM = this.heightAt(placeM)
    out.widthM = this.widthAt(placeM)
    out.curvaturePerM = this.curvatureAt(placeM)
    const { xMm, yMm } = this.columns
    const i = this.#i
    const j = this.#j
    const before = this.#neighbour(i - 1, i)
    const after = this.#neighbour(j + 1, j)
    const f = this.#f
    out.xM = cubic(xMm[before]!, xMm[i]!, xMm[j]!, xMm[after]!, f) * 0.001
    out.yM = cubic(yMm[before]!, yMm[i]!, yMm[j]!, yMm[after]!, f) * 0.001
    out.dx = this.eastAt(placeM)
    out.dy = this.northAt(placeM)
    return out
  }

  /** The sample beside another one, or that one again where its way begins or its guard ends. */
  #neighbour(index: number, of: number): number {
    if (this.isLoop)
      return index < 0 ? index + this.columns.count : index > this.#last ? index - this.columns.count : index
    return index < 0 || index > this.#last || this.#wayOf[index] !== this.#wayOf[of] ? of : index
  }

  #between(column: number): number {
    const table = this.#table
    const from = table[this.#i * ROW + column]!
    return from + (table[this.#j * ROW + column]! - from) * this.#f
  }

  /** Short, so that engines put it where it is called: a number handed over to a longer function is a new object each time. */
  #seek(placeM: number): void {
    if (placeM === this.#soughtM) return
    this.#soughtM = placeM
    this.#find()
  }

  #find(): void {
    const placeM = this.#soughtM
    const lengthM = this.lengthM
    let onTapeM = this.isLoop ? placeM - lengthM * Math.floor(placeM / lengthM) : placeM
    // Also where rounding lands on the end itself, or a number is too large to have a place: those are the start.
    if (!(onTapeM >= 0)) onTapeM = 0
    if (onTapeM >= lengthM) onTapeM = this.isLoop ? 0 : lengthM
    const step = onTapeM / BAKED_STEP_M
    const i = Math.min(Math.floor(step), this.isLoop ? this.#last : this.#last - 1)
    const j = i === this.#last ? 0 : i + 1
    // The last sample of a guard and the first of the next way are different roads. What lies between them is the
    // beginning of the next: a place there is one that rounding put a hair before it.
    const isSameWay = this.#wayOf[j] === this.#wayOf[i]
    this.#f = isSameWay ? step - i : 0
    this.#i = isSameWay || step === i ? i : j
    this.#j = isSameWay ? j : this.#i
  }
}

const ROW = 8
const SLOPE = 0
const WIDTH = 1
const BEND = 2
const BANK = 3
const EAST = 4
const NORTH = 5
const WIND = 6
const AIR = 7

function rowsOf(columns: BakedColumns): Float32Array {
  const table = new Float32Array(columns.count * ROW)
  for (let i = 0; i < columns.count; i++) {
    const row = i * ROW
    table[row + SLOPE] = columns.slopeCount[i]!
    table[row + WIDTH] = columns.widthCm[i]!
    table[row + BEND] = columns.bendCount[i]!
    table[row + BANK] = columns.bankCount[i]!
    table[row + EAST] = columns.eastCount[i]!
    table[row + NORTH] = columns.northCount[i]!
    table[row + WIND] = columns.windCount[i]!
    table[row + AIR] = airDensityKgpm3(columns.heightCount[i]! * HEIGHT_UNIT_M)
  }
  return table
}

function exitsByWish({ ways }: BakedColumns): Int32Array {
  const exits = new Int32Array(ways.length * WISHES).fill(-1)
  ways.forEach((way, index) => {
    NEAREST.forEach((turns, wish) => {
      const found = [...turns].flatMap((turn) => way.exits.filter((exit) => exit.turn === turn))
      exits[index * WISHES + wish] = (found[0] ?? way.exits[0])?.way ?? -1
    })
  })
  return exits
}

/**
 * Density of standard air, kg/m³: ρ₀ (1 − 0.0065 h / 288.15)^4.2559 (ISO 2533), as a binomial series. `physics/air.ts` has
 * the same; rooms that are pure do not import each other.
 */
export function airDensityKgpm3(heightM: number): number {
  const u = Math.min(0.25, Math.max(-0.25, (0.0065 / 288.15) * heightM))
  let sum = 1
  let term = 1
  for (let k = 1; k <= 20; k++) {
    term *= (-u * (4.2559 - k + 1)) / k
    sum += term
  }
  return 1.225 * sum
}

/** Catmull-Rom through b and c, f of the way. */
function cubic(a: number, b: number, c: number, d: number, f: number): number {
  return b + 0.5 * f * (c - a + f * (2 * a - 5 * b + 4 * c - d + f * (3 * (b - c) + d - a)))
}
