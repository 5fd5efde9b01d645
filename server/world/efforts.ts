import { crossingFraction } from '#maps/segments'
import type { Network } from '#maps/network'

/** A segment ridden from its first metre to its last. Times are in ticks since tick 0, parts of a tick included. */
export interface Effort {
  readonly row: number
  /** Index into the segments of the map. */
  readonly segment: number
  readonly fromTicks: number
  readonly toTicks: number
}

/** One piece of road that a rider rode in one tick, on one way. */
export interface Piece {
  row: number
  way: number
  /** Places on the tape. */
  fromM: number
  toM: number
  /** The way was come onto at `fromM`: what lies exactly there is passed too. */
  isEntered: boolean
  /** Road of this tick before the piece, and all of it. */
  beforeM: number
  coveredM: number
  v0Mps: number
  v1Mps: number
  /** The state that the tick leads to. */
  tick: number
}

export function createPiece(): Piece {
  return {
    ...{ row: 0, way: 0, fromM: 0, toM: 0, isEntered: false },
    ...{ beforeM: 0, coveredM: 0, v0Mps: 0, v1Mps: 0, tick: 0 },
  }
}

/** A line of a segment on a way: an end before a begin where both lie on one metre. */
interface Mark {
  readonly segment: number
  readonly isEnd: boolean
  /** From the start of the way. */
  readonly atM: number
}

const NO_MARKS: readonly Mark[] = []

/**
 * Who is on which segment since when. A segment is begun at its first line and ridden while every way of it follows the
 * one before; who turns off, turns round or joins in its middle has no time. What the next tick needs is in `columns`.
 */
export class Efforts {
  /** Per segment: the time of its first line, and the stretch the rider is on, counted from 1; 0: not on it. */
  readonly columns: readonly (Float64Array | Uint32Array)[]
  readonly #network: Network
  readonly #fromTicks: readonly Float64Array[]
  readonly #stretch: readonly Uint32Array[]
  readonly #marks: readonly (readonly Mark[])[]
  /** Of a plain loop: lines come round again. */
  readonly #loopM: number
  readonly #onEffort: (effort: Effort) => void

  constructor(
    { network, loopM, capacity }: { network: Network; loopM: number; capacity: number },
    onEffort: (effort: Effort) => void,
  ) {
    this.#network = network
    this.#loopM = loopM
    this.#onEffort = onEffort
    const { segments, ways } = network
    this.#fromTicks = segments.map(() => new Float64Array(capacity))
    this.#stretch = segments.map(() => new Uint32Array(capacity))
    this.columns = [...this.#fromTicks, ...this.#stretch]
    this.#marks = ways.map(({ id }) => {
      const marks: Mark[] = []
      segments.forEach(({ along }, segment) => {
        const first = along[0]!
        const last = along.at(-1)!
        const onLoopM = (atM: number) => (loopM < Infinity ? atM - loopM * Math.floor(atM / loopM) : atM)
        if (first.way === id) marks.push({ segment, isEnd: false, atM: onLoopM(first.fromM) })
        if (last.way === id) marks.push({ segment, isEnd: true, atM: onLoopM(last.toM) })
      })
      return marks.toSorted((a, b) => a.atM - b.atM || Number(b.isEnd) - Number(a.isEnd))
    })
  }

  /** Nothing along this way: most of them. */
  isBare(way: number): boolean {
    return this.#marks[way]!.length === 0
  }

  /** A piece of road was ridden. Allocates only when a segment was finished. */
  ride(piece: Readonly<Piece>): void {
    const { row, way, fromM, toM, isEntered } = piece
    if (!(toM > fromM)) return
    const marks = this.#marks[way] ?? NO_MARKS
    const { startM } = this.#network.ways[way]!
    // On a plain loop: the lap that the piece begins on, and, where it ends on the next, that one too.
    const isLoop = this.#loopM < Infinity
    const firstLap = isLoop ? Math.floor((fromM - startM) / this.#loopM) : 0
    const lastLap = isLoop ? Math.floor((toM - startM) / this.#loopM) : 0
    for (let lap = firstLap; lap <= lastLap; lap++) {
      for (let i = 0; i < marks.length; i++) {
        const mark = marks[i]!
        const lineM = startM + mark.atM + (isLoop ? lap * this.#loopM : 0)
        if (lineM > toM || lineM < fromM || (lineM === fromM && !isEntered)) continue
        const { beforeM, coveredM, v0Mps, v1Mps, tick } = piece
        const ticks = tick - 1 + crossingFraction(beforeM + lineM - fromM, coveredM, v0Mps, v1Mps)
        this.#pass(row, mark, ticks)
      }
    }
  }

  /** Over the end of a way: onto the next stretch of a segment, or off it. */
  changeWay(row: number, fromWay: number, toWay: number): void {
    const { segments, ways } = this.#network
    for (let segment = 0; segment < segments.length; segment++) {
      const stretch = this.#stretch[segment]!
      const on = stretch[row]!
      if (on === 0) continue
      const { along } = segments[segment]!
      const { way, toM } = along[on - 1]!
      const { startM, endM } = ways[fromWay]!
      const isThrough = way === fromWay && toM === endM - startM && along[on]?.way === toWay
      stretch[row] = isThrough ? on + 1 : 0
    }
  }

  /** The rider is somewhere else now, or gone. */
  drop(row: number): void {
    for (const column of this.columns) column[row] = 0
  }

  #pass(row: number, { segment, isEnd }: Mark, ticks: number): void {
    const stretch = this.#stretch[segment]!
    const fromTicks = this.#fromTicks[segment]!
    if (!isEnd) {
      stretch[row] = 1
      fromTicks[row] = ticks
      return
    }
    if (stretch[row] !== this.#network.segments[segment]!.along.length) return
    stretch[row] = 0
    this.#onEffort({ row, segment, fromTicks: fromTicks[row]!, toTicks: ticks })
    fromTicks[row] = 0
  }
}
