import type { Bounds } from './shape.ts'
import type { Chunk, Part } from './piece.ts'
import type { SurfaceName } from './surface-names.ts'
import type { Quality } from './view-types.ts'

/**
 * Solids as plain arrays: what people built is walls, roofs, posts and slabs, each a few quads with a colour and a style
 * that one material draws (bricks, windows, tiles, boards). No three.js: these run anywhere.
 */

/** How the fragment shader of `town-material.ts` dresses a surface. */
export const STYLE = {
  plain: 0,
  /** u counts bays, v storeys; the fraction of the seed is the house's lot, its whole part FACADE. */
  facade: 1,
  tiles: 2,
  slate: 3,
  brick: 4,
  stone: 5,
  boards: 6,
  /** Shines at night. */
  lamp: 7,
  turf: 8,
  steel: 9,
  concrete: 10,
  /** Cloth moved by the wind; u: how free it hangs. */
  cloth: 11,
  /** Lit window of a tower, lens of a light: dark glass by day. */
  glass: 12,
  hedge: 13,
  /** Shines by day and by night. */
  glow: 14,
  setts: 15,
  /** Striped along u. */
  stripes: 16,
  /** Concrete and tiles in a tunnel. */
  lining: 17,
  linedTiles: 18,
} as const

/** Whole part of a facade's seed: what its windows are like. */
export const FACADE = { shutters: 0, shop: 1, sash: 2, arched: 3, barn: 4, chalet: 5 } as const

/** Faces of a box. */
export const FACE = { right: 1, left: 2, front: 4, back: 8, top: 16, bottom: 32, sides: 15, most: 31, all: 63 } as const

/** Metres in a step of a vertex's fourth colour; 255 of them: never gone. */
export const FADE_STEP_M = 16

export class Mason {
  readonly #position: number[] = []
  readonly #normal: number[] = []
  readonly #color: number[] = []
  readonly #look: number[] = []
  readonly #index: number[] = []
  #x = 0
  #y = 0
  #z = 0
  #cos = 1
  #sin = 0
  #r = 255
  #g = 255
  #b = 255
  #style = 0
  #seed = 0

  get triangles(): number {
    return this.#index.length / 3
  }

  /** Where the origin lies and which way +z looks from now on. */
  at(x: number, y: number, z: number, turnRad = 0): this {
    this.#x = x
    this.#y = y
    this.#z = z
    this.#cos = Math.cos(turnRad)
    this.#sin = Math.sin(turnRad)
    return this
  }

  /** Colour as 0xrrggbb, style and seed of what follows. */
  ink(color: number, style: number = STYLE.plain, seed = 0): this {
    this.#r = root((color >> 16) & 255)
    this.#g = root((color >> 8) & 255)
    this.#b = root(color & 255)
    this.#style = style
    this.#seed = seed
    return this
  }

  #vertex(x: number, y: number, z: number, u: number, v: number): void {
    this.#position.push(this.#x + x * this.#cos + z * this.#sin, this.#y + y, this.#z - x * this.#sin + z * this.#cos)
    this.#color.push(this.#r, this.#g, this.#b, 255)
    this.#look.push(this.#style, u, v, this.#seed)
  }

  #face(nx: number, ny: number, nz: number, corners: number): void {
    const length = Math.sqrt(nx * nx + ny * ny + nz * nz) || 1
    const x = (nx * this.#cos + nz * this.#sin) / length
    const z = (-nx * this.#sin + nz * this.#cos) / length
    const first = this.#position.length / 3 - corners
    for (let k = 0; k < corners; k++)
      this.#normal.push(Math.round(x * 127), Math.round((ny / length) * 127), Math.round(z * 127), 0)
    for (let k = 2; k < corners; k++) this.#index.push(first, first + k - 1, first + k)
  }

  /** A flat polygon, counter-clockwise as seen from outside; `uv` two per corner. */
  flat(points: readonly (readonly [number, number, number])[], uv?: readonly number[]): this {
    const [a, b] = [points[0]!, points[1]!]
    const c = points.at(-1)!
    const [ux, uy, uz] = [b[0] - a[0], b[1] - a[1], b[2] - a[2]]
    const [vx, vy, vz] = [c[0] - a[0], c[1] - a[1], c[2] - a[2]]
    points.forEach(([x, y, z], k) =>
      this.#vertex(
        x,
        y,
        z,
        uv === undefined ? (Math.abs(ux) > Math.abs(uz) ? x : z) : uv[2 * k]!,
        uv === undefined ? y : uv[2 * k + 1]!,
      ),
    )
    this.#face(uy * vz - uz * vy, uz * vx - ux * vz, ux * vy - uy * vx, points.length)
    return this
  }

  /** Both sides of a flat polygon. */
  sheet(points: readonly (readonly [number, number, number])[], uv?: readonly number[]): this {
    this.flat(points, uv)
    const back = points.toReversed()
    const flipped =
      uv === undefined
        ? undefined
        : back.flatMap((_, k) => [uv[2 * (points.length - 1 - k)]!, uv[2 * (points.length - 1 - k) + 1]!])
    return this.flat(back, flipped)
  }

  /** A box by the middle of its foot. */
  box(x: number, y: number, z: number, wide: number, tall: number, deep: number, faces: number = FACE.most): this {
    const [l, r, b, f, t] = [x - wide / 2, x + wide / 2, z - deep / 2, z + deep / 2, y + tall]
    if (faces & FACE.front)
      this.flat([
        [l, y, f],
        [r, y, f],
        [r, t, f],
        [l, t, f],
      ])
    if (faces & FACE.back)
      this.flat([
        [r, y, b],
        [l, y, b],
        [l, t, b],
        [r, t, b],
      ])
    if (faces & FACE.right)
      this.flat([
        [r, y, f],
        [r, y, b],
        [r, t, b],
        [r, t, f],
      ])
    if (faces & FACE.left)
      this.flat([
        [l, y, b],
        [l, y, f],
        [l, t, f],
        [l, t, b],
      ])
    if (faces & FACE.top)
      this.flat(
        [
          [l, t, f],
          [r, t, f],
          [r, t, b],
          [l, t, b],
        ],
        [l, f, r, f, r, b, l, b],
      )
    if (faces & FACE.bottom)
      this.flat([
        [l, y, b],
        [r, y, b],
        [r, y, f],
        [l, y, f],
      ])
    return this
  }

  /** A wall with u over bays and v over storeys, from left to right as seen from outside; below v = 0 it is footing. */
  wall(
    ax: number,
    az: number,
    bx: number,
    bz: number,
    y: number,
    tall: number,
    bays: number,
    storeys: number,
    footM = 0,
  ): this {
    const v = (-footM * storeys) / tall
    return this.flat(
      [
        [ax, y - footM, az],
        [bx, y - footM, bz],
        [bx, y + tall, bz],
        [ax, y + tall, az],
      ],
      [0, v, bays, v, bays, storeys, 0, storeys],
    )
  }

  /** Rings [radius, height] around the upright through x, z; a radius of nothing ends in a point. */
  lathe(
    x: number,
    z: number,
    rings: readonly (readonly [radius: number, y: number])[],
    sides: number,
    phase = 0,
  ): this {
    for (let k = 0; k < sides; k++) {
      const a = phase + (k / sides) * Math.PI * 2
      const b = phase + ((k + 1) / sides) * Math.PI * 2
      for (let i = 0; i + 1 < rings.length; i++) {
        const [r0, y0] = rings[i]!
        const [r1, y1] = rings[i + 1]!
        const low = [
          [x + r0 * Math.sin(a), y0, z + r0 * Math.cos(a)],
          [x + r0 * Math.sin(b), y0, z + r0 * Math.cos(b)],
        ] as const
        const high = [
          [x + r1 * Math.sin(b), y1, z + r1 * Math.cos(b)],
          [x + r1 * Math.sin(a), y1, z + r1 * Math.cos(a)],
        ] as const
        const [u0, u1] = [a * r0, b * r0]
        if (r1 < 0.001) this.flat([...low, high[0]], [u0, y0, u1, y0, u1, y1])
        else if (r0 < 0.001) this.flat([low[0], ...high], [u0, y0, u1, y1, u0, y1])
        else this.flat([...low, ...high], [u0, y0, u1, y0, u1, y1, u0, y1])
      }
    }
    return this
  }

  /** A round bar between two points, without ends. */
  bar(
    ax: number,
    ay: number,
    az: number,
    bx: number,
    by: number,
    bz: number,
    radius: number,
    sides = 5,
    radiusTo = radius,
  ): this {
    const [dx, dy, dz] = [bx - ax, by - ay, bz - az]
    const length = Math.sqrt(dx * dx + dy * dy + dz * dz)
    // Any direction across, and the one across both.
    let [ex, ey, ez] = Math.abs(dy) > 0.9 * length ? [1, 0, 0] : [dz / length, 0, -dx / length]
    const along = (ex * dx + ey * dy + ez * dz) / (length * length)
    ;[ex, ey, ez] = [ex - along * dx, ey - along * dy, ez - along * dz]
    const e = Math.sqrt(ex * ex + ey * ey + ez * ez)
    ;[ex, ey, ez] = [ex / e, ey / e, ez / e]
    const [fx, fy, fz] = [(dy * ez - dz * ey) / length, (dz * ex - dx * ez) / length, (dx * ey - dy * ex) / length]
    const ring = (k: number, x: number, y: number, z: number, r: number): [number, number, number] => {
      const [c, s] = [r * Math.cos((k / sides) * 2 * Math.PI), r * Math.sin((k / sides) * 2 * Math.PI)]
      return [x + c * ex + s * fx, y + c * ey + s * fy, z + c * ez + s * fz]
    }
    for (let k = 0; k < sides; k++)
      this.flat([
        ring(k, ax, ay, az, radius),
        ring(k + 1, ax, ay, az, radius),
        ring(k + 1, bx, by, bz, radiusTo),
        ring(k, bx, by, bz, radiusTo),
      ])
    return this
  }

  /** A roof of two slopes, its ridge along x; `over` how far it stands out at the eaves and at the ends. */
  gable(wide: number, deep: number, eaves: number, ridge: number, over = 0.35, x = 0, z = 0, isThin = false): this {
    const [l, r] = [x - wide / 2 - over, x + wide / 2 + over]
    const drop = (over * (ridge - eaves)) / (deep / 2)
    const [f, b, low, t] = [z + deep / 2 + over, z - deep / 2 - over, eaves - drop, 0.18]
    const slope = Math.sqrt((deep / 2 + over) ** 2 + (ridge - low) ** 2)
    const uv = [0, 0, r - l, 0, r - l, slope, 0, slope]
    this.flat(
      [
        [l, low, f],
        [r, low, f],
        [r, ridge, z],
        [l, ridge, z],
      ],
      uv,
    )
    this.flat(
      [
        [r, low, b],
        [l, low, b],
        [l, ridge, z],
        [r, ridge, z],
      ],
      uv,
    )
    if (isThin) return this
    // Its thickness, and what is seen from below.
    const [style, seed] = [this.#style, this.#seed]
    this.#style = STYLE.plain
    for (const [e, s] of [
      [r, 1],
      [l, -1],
    ] as const) {
      const near: [number, number, number][] = [
        [e, low - t, s * (f - z) + z],
        [e, low - t, z - s * (f - z)],
        [e, ridge - t, z],
      ]
      this.flat([near[0]!, [e, ridge - t, z], [e, ridge, z], [e, low, near[0]![2]]])
      this.flat([[e, ridge - t, z], near[1]!, [e, low, near[1]![2]], [e, ridge, z]])
    }
    this.flat([
      [l, low - t, f],
      [r, low - t, f],
      [r, low, f],
      [l, low, f],
    ])
    this.flat([
      [r, low - t, b],
      [l, low - t, b],
      [l, low, b],
      [r, low, b],
    ])
    this.flat([
      [l, low - t, f],
      [l, ridge - t, z],
      [r, ridge - t, z],
      [r, low - t, f],
    ])
    this.flat([
      [r, low - t, b],
      [r, ridge - t, z],
      [l, ridge - t, z],
      [l, low - t, b],
    ])
    this.#style = style
    this.#seed = seed
    return this
  }

  /** Four slopes to a ridge (or a point) along x. */
  hip(
    wide: number,
    deep: number,
    eaves: number,
    ridge: number,
    ridgeLong = Math.max(0, wide - deep),
    over = 0.4,
    x = 0,
    z = 0,
  ): this {
    const [l, r, f, b] = [x - wide / 2 - over, x + wide / 2 + over, z + deep / 2 + over, z - deep / 2 - over]
    const [m, n] = [x - ridgeLong / 2, x + ridgeLong / 2]
    const slope = Math.sqrt((deep / 2) ** 2 + (ridge - eaves) ** 2)
    this.flat(
      [
        [l, eaves, f],
        [r, eaves, f],
        [n, ridge, z],
        [m, ridge, z],
      ],
      [l, 0, r, 0, n, slope, m, slope],
    )
    this.flat(
      [
        [r, eaves, b],
        [l, eaves, b],
        [m, ridge, z],
        [n, ridge, z],
      ],
      [r, 0, l, 0, m, slope, n, slope],
    )
    this.flat(
      [
        [r, eaves, f],
        [r, eaves, b],
        [n, ridge, z],
      ],
      [f, 0, b, 0, z, slope],
    )
    this.flat(
      [
        [l, eaves, b],
        [l, eaves, f],
        [m, ridge, z],
      ],
      [b, 0, f, 0, z, slope],
    )
    this.flat([
      [l, eaves, b],
      [r, eaves, b],
      [r, eaves, f],
      [l, eaves, f],
    ])
    return this
  }

  /** The two triangles of wall under a gable. */
  gableEnds(wide: number, deep: number, eaves: number, ridge: number, x = 0, z = 0): this {
    const [l, r, f, b] = [x - wide / 2, x + wide / 2, z + deep / 2, z - deep / 2]
    this.flat([
      [r, eaves, f],
      [r, eaves, b],
      [r, ridge, z],
    ])
    return this.flat([
      [l, eaves, b],
      [l, eaves, f],
      [l, ridge, z],
    ])
  }

  /** Attributes: normals as bytes, colours as square roots of linear light, `look` is style, u, v, seed. */
  chunk(name: string, farM: number): Chunk {
    const position = Float32Array.from(this.#position)
    // The colour's fourth says from where on it is gone, in steps of FADE_STEP_M: the shader thins it out before.
    const color = Uint8Array.from(this.#color)
    for (let k = 3; k < color.length; k += 4) color[k] = Math.min(255, Math.floor(farM / FADE_STEP_M))
    return {
      kind: 'chunk',
      name,
      bounds: sphereOf(position),
      farM,
      attributes: {
        position: { array: position, size: 3 },
        normal: { array: Int8Array.from(this.#normal), size: 4 },
        color: { array: color, size: 4 },
        look: { array: Float32Array.from(this.#look), size: 4 },
      },
      index: Uint32Array.from(this.#index),
    }
  }
}

/** sRGB byte → byte of the square root of linear light. */
function root(byte: number): number {
  const c = byte / 255
  const linear = c <= 0.04045 ? c / 12.92 : Math.pow((c + 0.055) / 1.055, 2.4)
  return Math.round(Math.sqrt(linear) * 255)
}

/** How far away a chunk is worth drawing. */
export type Layer = 'far' | 'mass' | 'plot' | 'trim' | 'detail'

const SEEN_M: Record<Quality, Record<Layer, number>> = {
  test: { far: 2500, mass: 400, plot: 40, trim: 30, detail: 40 },
  low: { far: 5000, mass: 288, plot: 80, trim: 0, detail: 16 },
  medium: { far: 9000, mass: 528, plot: 150, trim: 40, detail: 50 },
  high: { far: 12_000, mass: 2200, plot: 400, trim: 240, detail: 200 },
}
const CELL_M: Record<Layer, number> = { far: 1e7, mass: 150, plot: 90, trim: 90, detail: 75 }

/** A mason for every place: what lies in one cell becomes one chunk, drawn or left out as a whole. */
export class Yard {
  readonly #masons = new Map<string, { layer: Layer; mason: Mason }>()
  #landmarks = 0

  at(layer: Layer, x: number, z: number): Mason {
    const key = `${layer} ${Math.floor(x / CELL_M[layer])} ${Math.floor(z / CELL_M[layer])}`
    return this.#take(key, layer)
  }

  /** Something seen from everywhere: a chunk of its own. */
  landmark(): Mason {
    return this.#take(`landmark ${this.#landmarks++}`, 'far')
  }

  #take(key: string, layer: Layer): Mason {
    let found = this.#masons.get(key)
    if (found === undefined) this.#masons.set(key, (found = { layer, mason: new Mason() }))
    return found.mason
  }

  /** What has a shadow, and the trim, which has none. */
  chunks(quality: Quality, name: string, isTrim: boolean): Chunk[] {
    const full = [...this.#masons.values()].filter(
      ({ mason, layer }) => mason.triangles > 0 && (layer === 'trim') === isTrim,
    )
    // What a tier never shows is not made.
    return full.flatMap(({ layer, mason }) => {
      const seenM = SEEN_M[quality][layer]
      return seenM === 0 ? [] : [mason.chunk(name, seenM)]
    })
  }
}

/** A batch and its chunks, in the order in which they are yielded. */
export function* batchOf(
  name: string,
  surface: SurfaceName,
  chunks: readonly Chunk[],
  { hasShadow }: { hasShadow: boolean },
): Generator<Part> {
  if (chunks.length === 0) return
  const sum = (of: (chunk: Chunk) => number): number => chunks.reduce((all, chunk) => all + of(chunk), 0)
  const vertices = sum(({ attributes }) => attributes['position']!.array.length / 3)
  yield {
    kind: 'batch',
    name,
    surface,
    hasShadow,
    chunks: chunks.length,
    vertices,
    corners: sum(({ index }) => index.length),
  }
  yield* chunks
}

export function sphereOf(position: Float32Array): Bounds {
  const low = [Infinity, Infinity, Infinity]
  const high = [-Infinity, -Infinity, -Infinity]
  for (let i = 0; i < position.length; i++) {
    const axis = i % 3
    low[axis] = Math.min(low[axis]!, position[i]!)
    high[axis] = Math.max(high[axis]!, position[i]!)
  }
  const [x, y, z] = [0, 1, 2].map((axis) => (low[axis]! + high[axis]!) / 2) as [number, number, number]
  const [dx, dy, dz] = [high[0]! - x, high[1]! - y, high[2]! - z]
  return { x, y, z, radiusM: Math.sqrt(dx * dx + dy * dy + dz * dz) }
}
