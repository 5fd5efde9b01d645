import { boundsOf, type Bounds, type Matrix, type ShapeData } from './shape.ts'
import { landBuffers, type LandPart } from './land-part.ts'
import type { SurfaceName } from './surface-names.ts'

/**
 * What builders of the world yield, one part after the other: plain numbers that a worker hands over without copying.
 * `piece-mesh.ts` makes of them what is drawn. docs/client.md says how a builder is written.
 */
export type Part = Piece | Strewn | Model | Sheet | LandPart | Mark | Batch | Chunk

/** One draw: a shape where it is, or many times with a matrix each. */
export interface Piece {
  readonly kind: 'piece'
  /** What it is: what draws and triangles are counted by. */
  readonly name: string
  readonly surface: SurfaceName
  /** The sheet that it is printed with. */
  readonly sheet?: string
  /** A shape of its own, or the name of a model yielded before. */
  readonly shape: ShapeData | string
  readonly bounds: Bounds
  readonly instances?: Instances
  readonly hasShadow: boolean
  /** Not drawn beyond this from the eye, m; absent: always. */
  readonly farM?: number
}

export interface Instances {
  readonly count: number
  /** Sixteen numbers each. */
  readonly matrices: Float32Array
  /** Linear red, green, blue each. */
  readonly tints?: Float32Array
}

/** Many of one kind, all over the map: those around the eye are drawn, farther ones with less detail. */
export interface Strewn {
  readonly kind: 'strewn'
  readonly name: string
  /** Nearest first; beyond the last there is nothing. */
  readonly levels: readonly Level[]
  readonly count: number
  /** STREWN_ROW numbers each: a matrix and a tint. */
  readonly table: Float32Array
}

export interface Level {
  readonly surface: SurfaceName
  readonly shape: ShapeData
  /** Up to this far from the eye, m. */
  readonly toM: number
  /** No more than this many at once; the rest take the next level. */
  readonly countMax?: number
  readonly hasShadow: boolean
  readonly isShaded: boolean
}

/** Many chunks drawn as one: those out of sight or too far are skipped inside of it. Yielded before its chunks. */
export interface Batch {
  readonly kind: 'batch'
  readonly name: string
  readonly surface: SurfaceName
  readonly sheet?: string
  readonly hasShadow: boolean
  readonly chunks: number
  readonly vertices: number
  readonly corners: number
}

/** Part of a batch. Bytes are shares: −1 … 1 and 0 … 1. */
export interface Chunk {
  readonly kind: 'chunk'
  /** Name of its batch. */
  readonly name: string
  readonly bounds: Bounds
  /** Not drawn beyond this from the eye, m. */
  readonly farM: number
  readonly attributes: Readonly<Record<string, Packed>>
  readonly index: Uint32Array
}

export interface Packed {
  readonly array: Float32Array | Int8Array | Uint8Array
  readonly size: number
}

export const STREWN_ROW = 19

/** A shape that several pieces draw. */
export interface Model {
  readonly kind: 'model'
  readonly name: string
  readonly shape: ShapeData
}

/** A painted picture, RGBA, first row at the top. */
export interface Sheet {
  readonly kind: 'sheet'
  readonly name: string
  readonly widthPx: number
  readonly heightPx: number
  readonly pixels: Uint8ClampedArray
}

/** The ground has come: from here on one can ride. */
export interface Mark {
  readonly kind: 'mark'
  readonly name: string
}

export interface PieceOptions {
  readonly hasShadow?: boolean
  readonly sheet?: string
  readonly farM?: number
}

/** A shape where it is. */
export function piece(name: string, surface: SurfaceName, shape: ShapeData, options: PieceOptions = {}): Piece {
  return { kind: 'piece', name, surface, shape, bounds: boundsOf(shape), hasShadow: false, ...options }
}

/** A model many times. */
export function pieceOfMany(
  name: string,
  surface: SurfaceName,
  model: Model,
  instances: Instances,
  options: PieceOptions = {},
): Piece {
  const bounds = boundsOfMany(boundsOf(model.shape), instances)
  return { kind: 'piece', name, surface, shape: model.name, bounds, instances, hasShadow: false, ...options }
}

function boundsOfMany({ x, y, z, radiusM }: Bounds, { count, matrices }: Instances): Bounds {
  const low = [Infinity, Infinity, Infinity]
  const high = [-Infinity, -Infinity, -Infinity]
  for (let i = 0; i < count; i++) {
    const m = matrices.subarray(i * 16, i * 16 + 16)
    const reachM = radiusM * stretchOf(m)
    for (let axis = 0; axis < 3; axis++) {
      const at = m[axis]! * x + m[4 + axis]! * y + m[8 + axis]! * z + m[12 + axis]!
      low[axis] = Math.min(low[axis]!, at - reachM)
      high[axis] = Math.max(high[axis]!, at + reachM)
    }
  }
  const middle = low.map((from, axis) => (from + high[axis]!) / 2)
  const [dx, dy, dz] = high.map((to, axis) => to - middle[axis]!) as [number, number, number]
  return { x: middle[0]!, y: middle[1]!, z: middle[2]!, radiusM: Math.sqrt(dx * dx + dy * dy + dz * dz) }
}

/** The largest scale of a matrix. */
function stretchOf(m: Matrix): number {
  let most = 0
  for (const k of [0, 4, 8]) {
    most = Math.max(most, m[k]! * m[k]! + m[k + 1]! * m[k + 1]! + m[k + 2]! * m[k + 2]!)
  }
  return Math.sqrt(most)
}

/** What a worker gives away instead of copying: every buffer of a part, once. */
export function buffersOf(part: Part): ArrayBuffer[] {
  const buffers = new Set<ArrayBuffer>()
  const take = (array: { readonly buffer: ArrayBufferLike } | undefined): void => {
    if (array !== undefined) buffers.add(array.buffer as ArrayBuffer)
  }
  const takeShape = (shape: ShapeData | string): void => {
    if (typeof shape === 'string') return
    take(shape.index)
    for (const { array } of Object.values(shape.attributes)) take(array)
  }
  switch (part.kind) {
    case 'piece':
      takeShape(part.shape)
      take(part.instances?.matrices)
      take(part.instances?.tints)
      break
    case 'strewn':
      take(part.table)
      for (const { shape } of part.levels) takeShape(shape)
      break
    case 'model':
      takeShape(part.shape)
      break
    case 'sheet':
      take(part.pixels)
      break
    case 'chunk':
      take(part.index)
      for (const { array } of Object.values(part.attributes)) take(array)
      break
    case 'batch':
    case 'mark':
      break
    default:
      for (const array of landBuffers(part)) take(array)
  }
  return [...buffers]
}
