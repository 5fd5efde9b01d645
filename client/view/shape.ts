/**
 * Geometry as plain numbers: what the builders of the world make, wherever they run. No three.js, no DOM: a worker makes
 * them and hands them over without copying. `piece-mesh.ts` makes of them what the graphics card draws.
 */
export interface ShapeData {
  readonly attributes: Readonly<Record<string, Attribute>>
  /** Corners of triangles; undefined: every three vertices are one. */
  readonly index: Uint32Array | undefined
}

/** `size` numbers per vertex, one vertex after the other. */
export interface Attribute {
  readonly array: Float32Array
  readonly size: number
}

/** Sixteen numbers, column by column, as WebGL has them. */
export type Matrix = ArrayLike<number>

/** Methods change the shape itself and answer it, so that they can be written one after the other. */
export class Shape implements ShapeData {
  attributes: Record<string, Attribute> = {}
  index: Uint32Array | undefined

  constructor(position: ArrayLike<number>, index?: ArrayLike<number>) {
    this.set('position', position, 3)
    if (index !== undefined) this.index = Uint32Array.from(index)
  }

  get position(): Float32Array {
    return this.array('position')
  }

  get normal(): Float32Array {
    return this.array('normal')
  }

  get color(): Float32Array {
    return this.array('color')
  }

  /** Vertices. */
  get count(): number {
    return this.position.length / 3
  }

  array(name: string): Float32Array {
    const attribute = this.attributes[name]
    if (attribute === undefined)
      throw new Error(`This shape has no ${name}: it has ${Object.keys(this.attributes).join(', ')}.`)
    return attribute.array
  }

  set(name: string, values: ArrayLike<number>, size: number): this {
    this.attributes[name] = { array: values instanceof Float32Array ? values : Float32Array.from(values), size }
    return this
  }

  translate(x: number, y: number, z: number): this {
    return this.apply([1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, x, y, z, 1])
  }

  scale(x: number, y: number, z: number): this {
    return this.apply([x, 0, 0, 0, 0, y, 0, 0, 0, 0, z, 0, 0, 0, 0, 1])
  }

  rotateX(rad: number): this {
    const [c, s] = [Math.cos(rad), Math.sin(rad)]
    return this.apply([1, 0, 0, 0, 0, c, s, 0, 0, -s, c, 0, 0, 0, 0, 1])
  }

  rotateY(rad: number): this {
    const [c, s] = [Math.cos(rad), Math.sin(rad)]
    return this.apply([c, 0, -s, 0, 0, 1, 0, 0, s, 0, c, 0, 0, 0, 0, 1])
  }

  rotateZ(rad: number): this {
    const [c, s] = [Math.cos(rad), Math.sin(rad)]
    return this.apply([c, s, 0, 0, -s, c, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1])
  }

  /** Places by the matrix, normals by the transpose of its inverse. */
  apply(matrix: Matrix): this {
    const m = matrix
    const p = this.position
    for (let k = 0; k < p.length; k += 3) {
      const x = p[k]!
      const y = p[k + 1]!
      const z = p[k + 2]!
      p[k] = m[0]! * x + m[4]! * y + m[8]! * z + m[12]!
      p[k + 1] = m[1]! * x + m[5]! * y + m[9]! * z + m[13]!
      p[k + 2] = m[2]! * x + m[6]! * y + m[10]! * z + m[14]!
    }
    if (this.attributes['normal'] !== undefined) turnNormals(this.normal, m)
    return this
  }

  /** Every triangle with corners of its own. */
  toFlat(): this {
    const { index } = this
    if (index === undefined) return this
    for (const [name, { array, size }] of Object.entries(this.attributes)) {
      const flat = new Float32Array(index.length * size)
      for (let i = 0; i < index.length; i++) {
        for (let k = 0; k < size; k++) flat[i * size + k] = array[index[i]! * size + k]!
      }
      this.attributes[name] = { array: flat, size }
    }
    this.index = undefined
    return this
  }

  /** Of a flat shape one per triangle, of an indexed one the mean of all triangles that meet, weighted by their areas. */
  computeNormals(): this {
    const p = this.position
    const n = new Float32Array(p.length)
    addNormals(n, p, this.index)
    this.set('normal', n, 3)
    return this.normalizeNormals()
  }

  normalizeNormals(): this {
    const n = this.normal
    for (let k = 0; k < n.length; k += 3) normalizeAt(n, k, n[k]!, n[k + 1]!, n[k + 2]!)
    return this
  }

  clone(): Shape {
    const twin = new Shape(this.position.slice(), this.index)
    for (const [name, { array, size }] of Object.entries(this.attributes)) twin.set(name, array.slice(), size)
    return twin
  }
}

/** Adds to the normals of the corners of each triangle its own, as long as twice its area. `first`: the vertex that 0 of the index means. */
export function addNormals(n: Float32Array, p: Float32Array, index: ArrayLike<number> | undefined, first = 0): void {
  const corners = index?.length ?? p.length / 3
  for (let i = 0; i < corners; i += 3) {
    const a = 3 * (first + (index?.[i] ?? i))
    const b = 3 * (first + (index?.[i + 1] ?? i + 1))
    const c = 3 * (first + (index?.[i + 2] ?? i + 2))
    const cx = p[c]! - p[b]!
    const cy = p[c + 1]! - p[b + 1]!
    const cz = p[c + 2]! - p[b + 2]!
    const ax = p[a]! - p[b]!
    const ay = p[a + 1]! - p[b + 1]!
    const az = p[a + 2]! - p[b + 2]!
    const x = cy * az - cz * ay
    const y = cz * ax - cx * az
    const z = cx * ay - cy * ax
    for (const k of [a, b, c]) {
      n[k]! += x
      n[k + 1]! += y
      n[k + 2]! += z
    }
  }
}

function turnNormals(n: Float32Array, m: Matrix): void {
  // Rows of the adjugate of the upper left 3 × 3; over the determinant they are the inverse.
  const [a, b, c, d, e, f, g, h, i] = [m[0]!, m[4]!, m[8]!, m[1]!, m[5]!, m[9]!, m[2]!, m[6]!, m[10]!]
  const t11 = i * e - f * h
  const t12 = f * g - i * d
  const t13 = h * d - e * g
  const over = 1 / (a * t11 + b * t12 + c * t13)
  const [i11, i21, i31] = [t11 * over, t12 * over, t13 * over]
  const [i12, i22, i32] = [(c * h - i * b) * over, (i * a - c * g) * over, (b * g - h * a) * over]
  const [i13, i23, i33] = [(f * b - c * e) * over, (c * d - f * a) * over, (e * a - b * d) * over]
  for (let k = 0; k < n.length; k += 3) {
    const x = n[k]!
    const y = n[k + 1]!
    const z = n[k + 2]!
    normalizeAt(n, k, i11 * x + i21 * y + i31 * z, i12 * x + i22 * y + i32 * z, i13 * x + i23 * y + i33 * z)
  }
}

function normalizeAt(n: Float32Array, k: number, x: number, y: number, z: number): void {
  const over = 1 / (Math.sqrt(x * x + y * y + z * z) || 1)
  n[k] = x * over
  n[k + 1] = y * over
  n[k + 2] = z * over
}

/** A ball around everything that is drawn: vertices that no triangle uses do not count. */
export interface Bounds {
  readonly x: number
  readonly y: number
  readonly z: number
  readonly radiusM: number
}

export function boundsOf({ attributes, index }: ShapeData): Bounds {
  const p = attributes['position']!.array
  const low = [Infinity, Infinity, Infinity]
  const high = [-Infinity, -Infinity, -Infinity]
  const corners = index?.length ?? p.length / 3
  for (let i = 0; i < corners; i++) {
    const k = 3 * (index?.[i] ?? i)
    for (let axis = 0; axis < 3; axis++) {
      low[axis] = Math.min(low[axis]!, p[k + axis]!)
      high[axis] = Math.max(high[axis]!, p[k + axis]!)
    }
  }
  const [x, y, z] = [(low[0]! + high[0]!) / 2, (low[1]! + high[1]!) / 2, (low[2]! + high[2]!) / 2]
  const [dx, dy, dz] = [high[0]! - x, high[1]! - y, high[2]! - z]
  return { x, y, z, radiusM: Math.sqrt(dx * dx + dy * dy + dz * dz) }
}
