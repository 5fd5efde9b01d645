import { BufferAttribute, BufferGeometry, CanvasTexture, Mesh, MeshLambertMaterial, SRGBColorSpace } from 'three'
import { airy, type Air } from './materials.ts'

/** Everything with writing on it, as one mesh with one texture: arches, banners, village signs, kilometre stones. */
export interface Boards {
  /** A painted cell of the sheet; returns its number. Cells are `wide` × `tall` pixels. */
  paint(wide: number, tall: number, draw: (pen: CanvasRenderingContext2D, wide: number, tall: number) => void): number
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
  finish(air: Air): Mesh
}

const SHEET_PX = 2048
const GAP_PX = 4

export function createBoards(): Boards {
  const canvas = document.createElement('canvas')
  canvas.width = SHEET_PX
  canvas.height = SHEET_PX / 2
  const pen = canvas.getContext('2d')!
  const cells: { x: number; y: number; wide: number; tall: number }[] = []
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
      pen.save()
      pen.translate(penX, penY)
      pen.beginPath()
      pen.rect(0, 0, wide, tall)
      pen.clip()
      pen.textAlign = 'center'
      pen.textBaseline = 'middle'
      draw(pen, wide, tall)
      pen.restore()
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
    finish: (air) => {
      const texture = new CanvasTexture(canvas)
      texture.colorSpace = SRGBColorSpace
      texture.anisotropy = 8
      const geometry = new BufferGeometry()
      geometry.setAttribute('position', new BufferAttribute(Float32Array.from(position), 3))
      geometry.setAttribute('normal', new BufferAttribute(Float32Array.from(normal), 3))
      geometry.setAttribute('uv', new BufferAttribute(Float32Array.from(uv), 2))
      geometry.computeBoundingSphere()
      const mesh = new Mesh(geometry, airy(new MeshLambertMaterial({ map: texture }), air, 'boards'))
      mesh.castShadow = true
      mesh.receiveShadow = true
      mesh.matrixAutoUpdate = false
      return mesh
    },
  }
}

/** Writes one line as large as fits. */
export function write(pen: CanvasRenderingContext2D, text: string, wide: number, tall: number, color: string): void {
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
