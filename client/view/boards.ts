import { piece, type Part } from './piece.ts'
import { Shape } from './shape.ts'

/** A canvas's pen, on a page or in a worker. */
export type Pen = OffscreenCanvasRenderingContext2D
export type Draw = (pen: Pen, wide: number, tall: number) => void

interface Cell {
  readonly x: number
  readonly y: number
  readonly wide: number
  readonly tall: number
}

/** Everything with writing on it, as one mesh with one texture: arches, banners, village signs, kilometre stones. */
export interface Boards {
  /** A painted cell of the sheet; returns its number. Cells are `wide` × `tall` pixels. */
  paint(wide: number, tall: number, draw: Draw): number
  /** An upright board; `rightX, rightZ` points where its writing runs, and it faces right × up. */
  put(board: {
    readonly cell: number
    readonly x: number
    readonly y: number
    readonly z: number
    readonly rightX: number
    readonly rightZ: number
    readonly wideM: number
    readonly tallM: number
    /** Its ends may stand at different heights: rise from its left to its right, m. */
    readonly riseM?: number
  }): void
  finish(): Generator<Part>
}

const SHEET_PX = 2048
const GAP_PX = 4

/** `name` of the sheet: one per boards. */
export function createBoards(name: string): Boards {
  // Node has no canvas: boards are blank there, and where they hang is what it asks.
  const canvas = typeof OffscreenCanvas === 'undefined' ? undefined : new OffscreenCanvas(SHEET_PX, SHEET_PX / 2)
  const pen = canvas?.getContext('2d', { willReadFrequently: true }) ?? undefined
  const cells: Cell[] = []
  let penX = 0
  let penY = 0
  let rowTall = 0
  const position: number[] = []
  const normal: number[] = []
  const uv: number[] = []

  return {
    paint: (wide, tall, draw) => {
      if (penX + wide > SHEET_PX) {
        penX = 0
        penY += rowTall + GAP_PX
        rowTall = 0
      }
      if (pen !== undefined) paintCell(pen, { x: penX, y: penY, wide, tall }, draw)
      cells.push({ x: penX, y: penY, wide, tall })
      penX += wide + GAP_PX
      rowTall = Math.max(rowTall, tall)
      return cells.length - 1
    },
    put: ({ cell, x, y, z, rightX, rightZ, wideM, tallM, riseM = 0 }) => {
      const { x: cx, y: cy, wide, tall } = cells[cell]!
      const u0 = (cx + 0.5) / SHEET_PX
      const u1 = (cx + wide - 0.5) / SHEET_PX
      const v0 = 1 - (cy + tall - 0.5) / (SHEET_PX / 2)
      const v1 = 1 - (cy + 0.5) / (SHEET_PX / 2)
      const corner = (side: number, up: number) => {
        position.push(
          x + rightX * side * wideM * 0.5,
          y + up * tallM * 0.5 + side * riseM * 0.5,
          z + rightZ * side * wideM * 0.5,
        )
        // right × up
        normal.push(-rightZ, 0, rightX)
        uv.push(side < 0 ? u0 : u1, up < 0 ? v0 : v1)
      }
      corner(-1, -1)
      corner(1, -1)
      corner(1, 1)
      corner(-1, -1)
      corner(1, 1)
      corner(-1, 1)
    },
    *finish() {
      const pixels =
        pen?.getImageData(0, 0, SHEET_PX, SHEET_PX / 2).data ?? new Uint8ClampedArray(SHEET_PX * SHEET_PX * 2)
      yield { kind: 'sheet', name, widthPx: SHEET_PX, heightPx: SHEET_PX / 2, pixels }
      const shape = new Shape(position).set('normal', normal, 3).set('uv', uv, 2)
      yield piece('boards', 'board', shape, { hasShadow: true, sheet: name })
    },
  }
}

function paintCell(pen: Pen, { x, y, wide, tall }: Cell, draw: Draw): void {
  pen.save()
  pen.translate(x, y)
  pen.beginPath()
  pen.rect(0, 0, wide, tall)
  pen.clip()
  pen.textAlign = 'center'
  pen.textBaseline = 'middle'
  draw(pen, wide, tall)
  pen.restore()
}

/** Writes one line as large as fits. */
export function write(pen: Pen, text: string, wide: number, tall: number, color: string): void {
  let px = Math.floor(tall * 0.62)
  const font = () => `700 ${px}px system-ui, "DejaVu Sans", sans-serif`
  pen.font = font()
  const room = wide * 0.9
  const needed = pen.measureText(text).width
  if (needed > room) px = Math.floor((px * room) / needed)
  pen.font = font()
  pen.fillStyle = color
  pen.fillText(text, wide / 2, tall * 0.54)
}
