import type { Pen } from './boards.ts'
import type { Sheet } from './piece.ts'
import { SHEET_PX, type Placed, type Print, type SheetPlan } from './sheet.ts'

const FONT = 'system-ui, "DejaVu Sans", sans-serif'

/** The sheet as pixels; blank where there is no canvas (Node). */
export function sheetPart(name: string, { placed, usedPx }: SheetPlan): Sheet {
  const canvas = typeof OffscreenCanvas === 'undefined' ? undefined : new OffscreenCanvas(SHEET_PX, usedPx)
  const pen = canvas?.getContext('2d', { willReadFrequently: true }) ?? undefined
  if (pen === undefined) return { kind: 'sheet', name, widthPx: 1, heightPx: 1, pixels: new Uint8ClampedArray(4) }
  paintSheet(pen, placed)
  return {
    kind: 'sheet',
    name,
    widthPx: SHEET_PX,
    heightPx: usedPx,
    pixels: pen.getImageData(0, 0, SHEET_PX, usedPx).data,
  }
}

function paintSheet(pen: Pen, placed: readonly Placed[]): void {
  for (const { print, x, y, wide, tall } of placed) {
    pen.save()
    pen.translate(x, y)
    pen.beginPath()
    pen.rect(-2, -2, wide + 4, tall + 4)
    pen.clip()
    pen.textAlign = 'center'
    pen.textBaseline = 'middle'
    paint(pen, print, wide, tall)
    pen.restore()
  }
}

function fill(pen: Pen, color: string, wide: number, tall: number): void {
  pen.fillStyle = color
  pen.fillRect(-2, -2, wide + 4, tall + 4)
}

function paint(pen: Pen, print: Print, wide: number, tall: number): void {
  switch (print.kind) {
    case 'text': {
      fill(pen, print.ground, wide, tall)
      pen.strokeStyle = print.ink
      pen.lineWidth = Math.max(2, tall * 0.045)
      if (print.rim) pen.strokeRect(tall * 0.06, tall * 0.06, wide - tall * 0.12, tall - tall * 0.12)
      if (print.small === undefined) return write(pen, print.text, wide, tall, print.ink)
      write(pen, print.text, wide, tall * 0.72, print.ink)
      pen.translate(0, tall * 0.58)
      return write(pen, print.small, wide, tall * 0.42, print.ink)
    }
    case 'chalk':
      return write(pen, print.text, wide, tall * 1.3, print.ink)
    case 'arrow':
      if (print.ground !== '') fill(pen, print.ground, wide, tall)
      return arrow(pen, print.turns, wide, tall, print.ink)
    case 'bars':
      pen.fillStyle = '#e9e6dc'
      for (let k = 0; k < print.count; k++)
        pen.fillRect(((k + 0.25) * wide) / print.count, 0, wide / print.count / 2, tall)
      return
    case 'teeth':
      pen.fillStyle = '#e9e6dc'
      for (let k = 0; k < print.count; k++) {
        const [a, b] = [((k + 0.12) * wide) / print.count, ((k + 0.88) * wide) / print.count]
        shape(pen, [
          [a, 0],
          [(a + b) / 2, tall],
          [b, 0],
        ])
      }
      return
    case 'grade': {
      // On a plate: a board is a rectangle, and what is left blank is black.
      fill(pen, '#efece1', wide, tall)
      pen.fillStyle = '#c8281e'
      shape(pen, [
        [wide / 2, 2],
        [wide - 2, tall - 4],
        [2, tall - 4],
      ])
      pen.fillStyle = '#f6f3ea'
      shape(pen, [
        [wide / 2, tall * 0.2],
        [wide * 0.86, tall * 0.88],
        [wide * 0.14, tall * 0.88],
      ])
      pen.fillStyle = '#16181c'
      const up = print.percent > 0
      shape(pen, [
        [wide * 0.27, tall * 0.82],
        [wide * 0.73, tall * 0.82],
        [wide * (up ? 0.73 : 0.27), tall * 0.66],
      ])
      pen.font = `700 ${Math.floor(tall * 0.2)}px ${FONT}`
      pen.fillText(`${Math.abs(print.percent)}%`, wide / 2, tall * 0.55)
      return
    }
    case 'chevron': {
      fill(pen, '#f3efe4', wide, tall)
      pen.fillStyle = '#c8281e'
      for (let k = 0; k < 3; k++) {
        const x = (k * wide) / 3 + wide * 0.05
        const [w, d] = [wide * 0.12, wide * 0.14]
        const flip = (px: number): number => (print.isRight ? px : wide - px)
        shape(pen, [
          [flip(x), 4],
          [flip(x + w), 4],
          [flip(x + w + d), tall / 2],
          [flip(x + w), tall - 4],
          [flip(x), tall - 4],
          [flip(x + d), tall / 2],
        ])
      }
      return
    }
    case 'clock': {
      fill(pen, '#f4f0e4', wide, tall)
      pen.strokeStyle = pen.fillStyle = '#1b1d22'
      pen.lineWidth = wide * 0.04
      pen.beginPath()
      pen.arc(wide / 2, tall / 2, wide * 0.44, 0, 7)
      pen.stroke()
      for (let h = 0; h < 12; h++) {
        const [s, c] = [Math.sin((h / 6) * Math.PI), Math.cos((h / 6) * Math.PI)]
        line(
          pen,
          wide / 2 + s * wide * 0.34,
          tall / 2 - c * tall * 0.34,
          wide / 2 + s * wide * 0.41,
          tall / 2 - c * tall * 0.41,
        )
      }
      line(pen, wide / 2, tall / 2, wide * 0.66, tall * 0.62)
      line(pen, wide / 2, tall / 2, wide * 0.5, tall * 0.18)
      return
    }
    case 'chequers':
      for (let i = 0; i < 8; i++)
        for (let j = 0; j < 4; j++) {
          pen.fillStyle = (i + j) % 2 === 0 ? '#f4f1e8' : '#17181b'
          pen.fillRect((i * wide) / 8, (j * tall) / 4, wide / 8 + 1, tall / 4 + 1)
        }
  }
}

function line(pen: Pen, ax: number, ay: number, bx: number, by: number): void {
  pen.beginPath()
  pen.moveTo(ax, ay)
  pen.lineTo(bx, by)
  pen.stroke()
}

function shape(pen: Pen, points: readonly (readonly [number, number])[]): void {
  pen.beginPath()
  points.forEach(([x, y], k) => (k === 0 ? pen.moveTo(x, y) : pen.lineTo(x, y)))
  pen.closePath()
  pen.fill()
}

function arrow(pen: Pen, turns: number, wide: number, tall: number, ink: string): void {
  pen.fillStyle = ink
  const [m, w] = [wide / 2, wide * 0.075]
  const bendY = tall * 0.42
  pen.fillRect(m - w, turns & 2 ? tall * 0.28 : bendY - w * 1.5, 2 * w, tall * (turns & 2 ? 0.64 : 0.5))
  if (turns & 2)
    shape(pen, [
      [m, tall * 0.06],
      [m + wide * 0.2, tall * 0.32],
      [m - wide * 0.2, tall * 0.32],
    ])
  for (const [bit, side] of [
    [1, -1],
    [4, 1],
  ] as const) {
    if (!(turns & bit)) continue
    pen.fillRect(side < 0 ? m - wide * 0.26 : m, bendY - w * 1.6, wide * 0.26, w * 3.2)
    const x = m + side * wide * 0.24
    shape(pen, [
      [x, bendY - tall * 0.15],
      [x, bendY + tall * 0.15],
      [m + side * wide * 0.46, bendY],
    ])
  }
}

/** Writes one line as large as fits. */
export function write(pen: Pen, text: string, wide: number, tall: number, color: string): void {
  let px = Math.floor(tall * 0.66)
  pen.font = `700 ${px}px ${FONT}`
  const room = wide * 0.9
  const needed = pen.measureText(text).width
  if (needed > room) px = Math.max(6, Math.floor((px * room) / needed))
  pen.font = `700 ${px}px ${FONT}`
  pen.fillStyle = color
  pen.fillText(text, wide / 2, tall * 0.54)
}
