import type { Row, Tick } from '#protocol/ids'
import { cornersOf } from '#physics/corners'
import type { Course } from '#physics/course'
import { missedTurn } from '#physics/missed-turn'
import { RIDER_FLAG, type Riders } from '#physics/riders'
import type { Conditions } from '#physics/weather'
import type { Network } from '#maps/network'
import { Wayfinder } from '#maps/wayfinder'
import { createPiece, type Efforts } from './efforts.ts'
import type { Ledger } from './ledger.ts'

/** What is asked of the world. */
interface WaysHost {
  readonly tick: Tick
  readonly course: Course
  readonly network: Network
  readonly riders: Riders
  readonly ledger: Ledger
  readonly conditions: Conditions
  readonly efforts: Efforts
  /** In a race, where nobody wishes and the route is ridden at any speed. */
  isBound(row: Row): boolean
}

/** Where each rider's tick began, and how it went from there: over the ends of ways, and along segments, piece by piece. */
export class RiddenWays {
  /** As the tick began. */
  readonly fromM: Float64Array
  readonly fromMps: Float64Array
  readonly #host: WaysHost
  readonly #onRoadEnd: (row: Row) => void
  readonly #wayfinder: Wayfinder
  /** The place where this tick's road on the way a rider is on began, and how much of the tick's road lay before it. */
  readonly #pieceM: Float64Array
  readonly #pieceAtM: Float64Array
  readonly #piece = createPiece()

  constructor(host: WaysHost, onRoadEnd: (row: Row) => void) {
    const { capacity } = host.riders
    this.#host = host
    this.#onRoadEnd = onRoadEnd
    this.#wayfinder = new Wayfinder(host.network)
    this.fromM = new Float64Array(capacity)
    this.fromMps = new Float64Array(capacity)
    this.#pieceM = new Float64Array(capacity)
    this.#pieceAtM = new Float64Array(capacity)
  }

  /** The way a row takes at the end of the one it is on, as things stand; −1: the road ends there. */
  readonly ahead = (row: number): number => this.#wayfinder.ahead(this.#host.riders, this.#host.ledger.route, row)

  /** A tick begins. */
  begin(): void {
    const { count, distanceM, offsetM, speedMps } = this.#host.riders
    for (let row = 0; row < count; row++) {
      this.fromM[row] = distanceM[row]!
      this.fromMps[row] = speedMps[row]!
      this.#pieceM[row] = distanceM[row]! + offsetM[row]!
      this.#pieceAtM[row] = 0
    }
  }

  /** `passJunctions` asks: the way after the one this rider has come to the end of. */
  readonly overTheEnd = (row: number): number => {
    const { riders, ledger, course, efforts } = this.#host
    const before = riders.way[row]!
    const endM = course.wayEndM(before)
    this.#ridePiece(row, endM)
    const turn = riders.turn[row]!
    const escape = this.#missedTurn(row, before)
    if (escape !== 0) riders.turn[row] = escape
    const next = this.#wayfinder.take(riders, ledger.route, row)
    if (escape !== 0) riders.turn[row] = turn // Missed; it is for the junction after.
    if (next < 0) {
      if (this.fromMps[row]! > 0) this.#onRoadEnd(row as Row)
      return next
    }
    efforts.changeWay(row, before, next)
    // 0 would be "not passed any"; a rider who waits on a seam has come onto the way all the same.
    this.#pieceAtM[row] = Math.max(Number.MIN_VALUE, this.#pieceAtM[row]! + endM - this.#pieceM[row]!)
    this.#pieceM[row] = course.wayStartM(next)
    return next
  }

  /** The tick's last piece of each rider: whatever segments it passed. */
  finish(): void {
    const { network, efforts, riders } = this.#host
    if (network.segments.length === 0) return
    const { count, id, flags, distanceM, offsetM } = riders
    for (let row = 0; row < count; row++) {
      if (id[row] === 0) continue
      if ((flags[row]! & RIDER_FLAG.zone) !== 0) efforts.drop(row)
      else this.#ridePiece(row, distanceM[row]! + offsetM[row]!)
    }
  }

  #missedTurn(row: number, way: number): number {
    const { riders, course, network, conditions } = this.#host
    if (this.#host.isBound(row as Row)) return 0
    const corners = cornersOf(course, conditions.weather.isWet)
    const { exits } = network.ways[way]!
    return missedTurn(course, corners, exits, way, this.ahead(row), riders.turn[row]!, riders.speedMps[row]!)
  }

  /** What this tick rode of the way that the rider is on, up to `toM`. */
  #ridePiece(row: number, toM: number): void {
    const { riders, efforts, tick } = this.#host
    const way = riders.way[row]!
    if (efforts.isBare(way)) return
    const piece = this.#piece
    piece.row = row
    piece.way = way
    piece.fromM = this.#pieceM[row]!
    piece.toM = toM
    piece.isEntered = this.#pieceAtM[row]! > 0
    piece.beforeM = this.#pieceAtM[row]!
    piece.coveredM = riders.distanceM[row]! - this.fromM[row]!
    piece.v0Mps = this.fromMps[row]!
    piece.v1Mps = riders.speedMps[row]!
    piece.tick = tick + 1
    efforts.ride(piece)
  }
}
