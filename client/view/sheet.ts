import { Shape } from './shape.ts'

/** A printed sheet: what is written and painted in the world, as a list of cells; only `sheet-paint.ts` has a canvas. */

/** Part of the sheet, 0 … 1, v up. */
export interface Cell {
  readonly u0: number
  readonly v0: number
  readonly u1: number
  readonly v1: number
}

export type Print =
  /** One line of writing, as large as fits; `rim` draws a border in the ink. */
  | {
      readonly kind: 'text'
      readonly text: string
      readonly ground: string
      readonly ink: string
      readonly rim?: boolean
      readonly small?: string
    }
  /** Chalk on asphalt. */
  | { readonly kind: 'chalk'; readonly text: string; readonly ink: string }
  /** An arrow for the wire's turns (1 left, 2 straight, 4 right as bits). */
  | { readonly kind: 'arrow'; readonly turns: number; readonly ground: string; readonly ink: string }
  | { readonly kind: 'bars'; readonly count: number }
  | { readonly kind: 'teeth'; readonly count: number }
  /** A triangle of warning with a slope and its figure. */
  | { readonly kind: 'grade'; readonly percent: number }
  | { readonly kind: 'chevron'; readonly isRight: boolean }
  | { readonly kind: 'clock' }
  | { readonly kind: 'chequers' }

export interface Placed {
  readonly print: Print
  readonly x: number
  readonly y: number
  readonly wide: number
  readonly tall: number
}

export const SHEET_PX = 2048
/** It is as tall as it needs, up to this. */
const TALLEST_PX = 3072
const GAP_PX = 6

export class SheetPlan {
  readonly placed: Placed[] = []
  readonly #known = new Map<string, Cell>()
  /** Rows by the height of what stands in them. */
  readonly #rows = new Map<number, { x: number; y: number }>()
  #nextY = 0
  /** Something did not fit: a defect, which a test looks for. */
  isFull = false

  /** The cell with a print, a new one where none has it yet. */
  cell(wide: number, tall: number, print: Print): Cell {
    const key = JSON.stringify([wide, tall, print])
    const known = this.#known.get(key)
    if (known !== undefined) return known
    let row = this.#rows.get(tall)
    if (row === undefined || row.x + wide > SHEET_PX) {
      if (this.#nextY + tall > TALLEST_PX) {
        this.isFull = true
        return { u0: 0, v0: 1, u1: 0, v1: 1 }
      }
      this.#rows.set(tall, (row = { x: 0, y: this.#nextY }))
      this.#nextY += tall + GAP_PX
    }
    this.placed.push({ print, x: row.x, y: row.y, wide, tall })
    const cell = {
      u0: (row.x + 0.5) / SHEET_PX,
      v0: 1 - (row.y + tall - 0.5) / TALLEST_PX,
      u1: (row.x + wide - 0.5) / SHEET_PX,
      v1: 1 - (row.y + 0.5) / TALLEST_PX,
    }
    row.x += wide + GAP_PX
    this.#known.set(key, cell)
    return cell
  }

  /** Rows in use, a whole number of 64, px. */
  get usedPx(): number {
    return Math.max(64, Math.min(TALLEST_PX, 64 * Math.ceil(this.#nextY / 64)))
  }
}

/** Printed quads: boards that stand, and paint that lies. */
export class Prints {
  readonly position: number[] = []
  readonly normal: number[] = []
  readonly uv: number[] = []
  readonly wave: number[] = []

  /**
   * An upright board by its middle; `rightX, rightZ` points where its writing runs, and it faces right × up. `riseM`: its
   * right end stands so much higher. `columns`: how many pieces it bends in the wind.
   */
  board(board: {
    readonly cell: Cell
    readonly x: number
    readonly y: number
    readonly z: number
    readonly rightX: number
    readonly rightZ: number
    readonly wideM: number
    readonly tallM: number
    readonly riseM?: number
    readonly wave?: number
  }): void {
    const { cell, x, y, z, rightX, rightZ, wideM, tallM, riseM = 0, wave = 0 } = board
    const columns = wave > 0 ? 8 : 1
    for (let k = 0; k < columns; k++) {
      const [a, b] = [k / columns, (k + 1) / columns]
      const corner = (share: number, up: number): void => {
        const side = (share - 0.5) * wideM
        this.position.push(x + rightX * side, y + up * tallM + (share - 0.5) * riseM, z + rightZ * side)
        this.normal.push(-rightZ, 0, rightX)
        this.uv.push(cell.u0 + (cell.u1 - cell.u0) * share, up < 0 ? cell.v0 : cell.v1)
        // Free in the middle, held at the ends and along its top.
        this.wave.push(wave * Math.sin(Math.PI * share) * (up < 0 ? 1 : 0.35))
      }
      for (const [share, up] of [
        [a, -0.5],
        [b, -0.5],
        [b, 0.5],
        [a, -0.5],
        [b, 0.5],
        [a, 0.5],
      ] as const)
        corner(share, up)
    }
  }

  /** Both faces, each with its writing the right way round. */
  both(board: Parameters<Prints['board']>[0], apartM = 0.06): void {
    const { x, z, rightX, rightZ } = board
    this.board({ ...board, x: x - rightZ * apartM * 0.5, z: z + rightX * apartM * 0.5 })
    this.board({
      ...board,
      x: x + rightZ * apartM * 0.5,
      z: z - rightX * apartM * 0.5,
      rightX: -rightX,
      rightZ: -rightZ,
      riseM: -(board.riseM ?? 0),
    })
  }

  /** A triangle pair given by its corners: left near, right near, right far, left far as one reads it. */
  quad(
    corners: readonly (readonly [number, number, number])[],
    u: readonly [number, number],
    v: readonly [number, number],
  ): void {
    for (const k of [0, 1, 2, 0, 2, 3]) {
      this.position.push(...corners[k]!)
      this.normal.push(0, 1, 0)
      this.uv.push(k === 0 || k === 3 ? u[0] : u[1], k < 2 ? v[0] : v[1])
      this.wave.push(0)
    }
  }

  get triangles(): number {
    return this.position.length / 9
  }

  /** For a sheet of which only the upper rows are in use. */
  shape(usedPx: number): Shape {
    const uv = this.uv.map((at, k) => (k % 2 === 0 ? at : 1 - ((1 - at) * TALLEST_PX) / usedPx))
    return new Shape(this.position).set('normal', this.normal, 3).set('uv', uv, 2).set('wave', this.wave, 1)
  }
}
