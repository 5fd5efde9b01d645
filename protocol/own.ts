import { decoded, type Decoded, refused } from './decoded.ts'
import { type Field, type Mutable, onGrid, readFields, type Values, writeFields } from './fields.ts'
import type { Sequence, Tick } from './ids.ts'
import type { BitReader } from './reader.ts'
import { TELEMETRY_FIELDS } from './rider-state.ts'
import { SOURCE_BITS, SOURCES, TARGET_BITS, TRAINER_MODE_BITS, TRAINER_MODES } from './rider-wish.ts'
import type { BitWriter } from './writer.ts'

/**
 * The rider's own state on the wire. A block stands alone: what moves is in each, whole; what seldom changes comes in
 * parts, each until a packet that carried it is acked, or about once a second. docs/protocol.md, "Own state".
 */

/** In every block. The grids are finer than what is seen: 2 mm of place, 1 mm/s of speed. */
const MOTION_FIELDS = [
  ['placeM', 30, 1 / 512, 0],
  ['speedMps', 16, 1 / 1024, 0],
  ['lateralM', 14, 1 / 512, -16],
  ['lateralMps', 11, 1 / 256, -4],
  ['draftFactor', 10, 1 / 512, 0],
  ['gradeFraction', 13, 1 / 8192, -0.5],
] as const satisfies readonly Field[]

/** Newest sample taken up, and the ticks since; 127 stands for all that is longer. */
const ACK_FIELDS = [
  ['sequence', 16, 1, 0],
  ['ageTicks', 7, 1, 0],
] as const satisfies readonly Field[]

/** What a late sample brought and the legs have not been paid yet; left out when less than half a joule. */
const OWED_FIELDS = [['owedJ', 16, 1, -32768]] as const satisfies readonly Field[]

/** Where the rider steers to; left out when that is where the sideways motion ends anyway. */
const LINE_FIELDS = [['lineM', 12, 1 / 128, -16]] as const satisfies readonly Field[]

/**
 * `distanceM` is road behind the rider, on a route its metres (the back rows of a pen stand before its beginning); `route`
 * and `leg` count from 1, 0 is none; `turn` is the wish for the next junction. Flags: those of a rider, and 16, on a
 * road that is not the rider's to choose (a race).
 */
const ROAD_FIELDS = [
  ['distanceM', 31, 1 / 512, -1024],
  ['route', 7, 1, 0],
  ['leg', 11, 1, 0],
  ['turn', 3, 1, 0],
  ['flags', 5, 1, 0],
] as const satisfies readonly Field[]

/** Since joining. Work ends at 2³² J, what brakes and contact took at 2²⁴; a push from others makes `contactJ` less. */
const BOOK_FIELDS = [
  ['workJ', 32, 1, 0],
  ['brakeJ', 24, 1, 0],
  ['contactJ', 24, 1, -65536],
] as const satisfies readonly Field[]

/** What the session that gives the legs has told of its devices (rider-wish.ts), for the rider's other sessions. */
const GEAR_FIELDS = [
  ['trainerMode', TRAINER_MODE_BITS, 1, 0],
  ['targetW', TARGET_BITS, 1, 0],
  ['powerSource', SOURCE_BITS, 1, 0],
  ['cadenceSource', SOURCE_BITS, 1, 0],
  ['heartRateSource', SOURCE_BITS, 1, 0],
] as const satisfies readonly Field[]

const PART = { ack: 1, owed: 2, line: 4, touched: 8, legs: 16, road: 32, books: 64, gear: 128 } as const

export const OWN_FLAG_BOUND = 16

type Motion = Values<typeof MOTION_FIELDS>
export type OwnLegs = Values<typeof TELEMETRY_FIELDS>
export type OwnRoad = Values<typeof ROAD_FIELDS>
export type OwnBooks = Values<typeof BOOK_FIELDS>
export type OwnGear = Values<typeof GEAR_FIELDS>

export interface OwnBlock extends Motion {
  readonly ack?: Values<typeof ACK_FIELDS> | undefined
  readonly owedJ?: number | undefined
  readonly lineM?: number | undefined
  /** Others moved the rider in this tick: pushed aside, or made to slow down. */
  readonly isTouched: boolean
  readonly legs?: OwnLegs | undefined
  readonly road?: OwnRoad | undefined
  readonly books?: OwnBooks | undefined
  readonly gear?: OwnGear | undefined
}

/** The rider's own state as the server decided it, at `tick`, after the inputs up to `ackedSequence`. */
export interface OwnState extends Motion, OwnLegs, OwnRoad, OwnBooks, OwnGear {
  readonly tick: Tick
  readonly ackedSequence: Sequence | undefined
  /** Ticks since the newest sample was taken up, at most 127. */
  readonly ageTicks: number
  readonly owedJ: number
  /** undefined: where the sideways motion ends. */
  readonly lineM: number | undefined
  readonly isTouched: boolean
}

export const NO_GEAR: OwnGear = { trainerMode: 0, targetW: 0, powerSource: 0, cadenceSource: 0, heartRateSource: 0 }

/** A state as it is before anything seldom was told. */
export const UNTOLD = { ageTicks: 0, owedJ: 0, lineM: undefined, isTouched: false, ...NO_GEAR } as const

export function writeOwn(w: BitWriter, own: OwnBlock): void {
  const { ack, owedJ = 0, lineM, isTouched, legs, road, books, gear } = own
  // As the field will round it: a hair's breadth from half a joule the two must agree.
  const isOwed = onGrid(owedJ, OWED_FIELDS[0]) !== 0
  w.bits(
    (ack ? PART.ack : 0) |
      (isOwed ? PART.owed : 0) |
      (lineM === undefined ? 0 : PART.line) |
      (isTouched ? PART.touched : 0) |
      (legs ? PART.legs : 0) |
      (road ? PART.road : 0) |
      (books ? PART.books : 0) |
      (gear ? PART.gear : 0),
    8,
  )
  writeFields(w, MOTION_FIELDS, own)
  if (ack !== undefined) writeFields(w, ACK_FIELDS, ack)
  if (isOwed) writeFields(w, OWED_FIELDS, { owedJ })
  if (lineM !== undefined) writeFields(w, LINE_FIELDS, { lineM })
  if (legs !== undefined) writeFields(w, TELEMETRY_FIELDS, legs)
  if (road !== undefined) writeFields(w, ROAD_FIELDS, road)
  if (books !== undefined) writeFields(w, BOOK_FIELDS, books)
  if (gear !== undefined) writeFields(w, GEAR_FIELDS, gear)
}

export function readOwn(r: BitReader): Decoded<OwnBlock> {
  const parts = r.bits(8)
  const motion = part(r, MOTION_FIELDS)
  const ack = parts & PART.ack ? part(r, ACK_FIELDS) : undefined
  const owed = parts & PART.owed ? part(r, OWED_FIELDS) : undefined
  const line = parts & PART.line ? part(r, LINE_FIELDS) : undefined
  const legs = parts & PART.legs ? part(r, TELEMETRY_FIELDS) : undefined
  const road = parts & PART.road ? part(r, ROAD_FIELDS) : undefined
  const books = parts & PART.books ? part(r, BOOK_FIELDS) : undefined
  const gear = parts & PART.gear ? part(r, GEAR_FIELDS) : undefined
  if (r.overrun) return refused('truncated-or-trailing')
  if (owed?.owedJ === 0) return refused('not-canonical')
  if (gear !== undefined && !isGear(gear)) return refused('out-of-range')
  const isTouched = (parts & PART.touched) !== 0
  return decoded({ ...motion, ack, owedJ: owed?.owedJ, lineM: line?.lineM, isTouched, legs, road, books, gear })
}

function part<T extends readonly Field[]>(r: BitReader, table: T): Values<T> {
  const values = {} as Mutable<Values<T>>
  readFields(r, table, values)
  return values
}

function isGear({ trainerMode, powerSource, cadenceSource, heartRateSource }: OwnGear): boolean {
  if (trainerMode >= TRAINER_MODES.length) return false
  return Math.max(powerSource, cadenceSource, heartRateSource) < SOURCES.length
}

/** Blocks → states: a part that did not come is as it was. */
export class OwnReader {
  #legs: OwnLegs | undefined
  #road: OwnRoad | undefined
  #books: OwnBooks | undefined
  #gear = NO_GEAR
  /** What to take from a place to have the road behind the rider; the server tells the road anew when it jumps. */
  #behindM = 0

  /** undefined until every part was told once: a server of ours tells them until they are acked. */
  take(block: OwnBlock, tick: Tick): OwnState | undefined {
    const { ack, owedJ = 0, lineM, isTouched, legs, road, books, gear, ...motion } = block
    this.#legs = legs ?? this.#legs
    this.#books = books ?? this.#books
    this.#gear = gear ?? this.#gear
    if (road !== undefined) {
      this.#road = road
      this.#behindM = motion.placeM - road.distanceM
    }
    if (this.#legs === undefined || this.#road === undefined || this.#books === undefined) return undefined
    return {
      ...{ tick, ackedSequence: ack?.sequence as Sequence | undefined, ageTicks: ack?.ageTicks ?? 0 },
      ...{ owedJ, lineM, isTouched },
      ...motion,
      ...this.#legs,
      ...this.#road,
      ...this.#books,
      ...this.#gear,
      distanceM: motion.placeM - this.#behindM,
    }
  }
}
