import { Shape } from './shape.ts'

/** Small solids with one colour each, merged into one shape: most of what stands beside the road is made of them. */

export type At = readonly [x: number, y: number, z: number]

/** A tapering round bar from one point to another. */
export function bar(from: At, to: At, radiusM: number, radiusToM = radiusM, sides = 6): Shape {
  const d = [to[0] - from[0], to[1] - from[1], to[2] - from[2]] as const
  const lengthM = Math.sqrt(d[0] * d[0] + d[1] * d[1] + d[2] * d[2])
  const over = 1 / (lengthM || 1)
  const middle: At = [(from[0] + to[0]) / 2, (from[1] + to[1]) / 2, (from[2] + to[2]) / 2]
  return cylinder(radiusToM, radiusM, lengthM, sides, { isOpen: true }).apply(
    fromUp([d[0] * over, d[1] * over, d[2] * over], middle),
  )
}

export function ball(at: At, radius: At, sides = 8, rings = 6): Shape {
  return sphere(1, sides, rings)
    .scale(...radius)
    .translate(...at)
}

/** A box by its middle and its size; `cuts` into how many each side is cut, for a jitter of colours. */
export function box(at: At, size: At, cuts: At = [1, 1, 1]): Shape {
  const position: number[] = []
  const normal: number[] = []
  const index: number[] = []
  // u runs across a face, v down it, w out of it; signs say which way along the axes.
  const face = (u: number, v: number, w: number, signU: number, signV: number, signW: number): void => {
    const first = position.length / 3
    for (let iv = 0; iv <= cuts[v]!; iv++) {
      for (let iu = 0; iu <= cuts[u]!; iu++) {
        const corner: [number, number, number] = [0, 0, 0]
        corner[u] = (iu * (size[u]! / cuts[u]!) - size[u]! / 2) * signU
        corner[v] = (iv * (size[v]! / cuts[v]!) - size[v]! / 2) * signV
        corner[w] = (signW * size[w]!) / 2
        position.push(...corner)
        const out: [number, number, number] = [0, 0, 0]
        out[w] = signW
        normal.push(...out)
      }
    }
    const across = cuts[u]! + 1
    for (let iv = 0; iv < cuts[v]!; iv++) {
      for (let iu = 0; iu < cuts[u]!; iu++) {
        const a = first + iu + across * iv
        const b = a + across
        index.push(a, b, a + 1, b, b + 1, a + 1)
      }
    }
  }
  face(2, 1, 0, -1, -1, 1)
  face(2, 1, 0, 1, -1, -1)
  face(0, 2, 1, 1, 1, 1)
  face(0, 2, 1, 1, -1, -1)
  face(0, 1, 2, 1, -1, 1)
  face(0, 1, 2, -1, -1, -1)
  return new Shape(position, index).set('normal', normal, 3).translate(...at)
}

/** Upright about the origin; the smaller end may be on either side. */
export function cylinder(
  radiusTopM: number,
  radiusBottomM: number,
  heightM: number,
  sides: number,
  { isOpen = false }: { readonly isOpen?: boolean } = {},
): Shape {
  const position: number[] = []
  const normal: number[] = []
  const index: number[] = []
  const half = heightM / 2
  const slope = (radiusBottomM - radiusTopM) / heightM
  const over = 1 / Math.sqrt(1 + slope * slope)
  for (const isBottom of [false, true]) {
    const radius = isBottom ? radiusBottomM : radiusTopM
    for (let k = 0; k <= sides; k++) {
      const angle = (k / sides) * Math.PI * 2
      const [s, c] = [Math.sin(angle), Math.cos(angle)]
      position.push(radius * s, isBottom ? -half : half, radius * c)
      normal.push(s * over, slope * over, c * over)
    }
  }
  for (let k = 0; k < sides; k++) {
    const below = k + sides + 1
    if (radiusTopM > 0) index.push(k, below, k + 1)
    if (radiusBottomM > 0) index.push(below, below + 1, k + 1)
  }
  const cap = (radius: number, sign: 1 | -1): void => {
    if (isOpen || radius <= 0) return
    const middle = position.length / 3
    position.push(0, half * sign, 0)
    normal.push(0, sign, 0)
    for (let k = 0; k <= sides; k++) {
      const angle = (k / sides) * Math.PI * 2
      position.push(radius * Math.sin(angle), half * sign, radius * Math.cos(angle))
      normal.push(0, sign, 0)
      if (k < sides) index.push(middle + 1 + k + (sign > 0 ? 0 : 1), middle + 1 + k + (sign > 0 ? 1 : 0), middle)
    }
  }
  cap(radiusTopM, 1)
  cap(radiusBottomM, -1)
  return new Shape(position, index).set('normal', normal, 3)
}

/** Its tip up. */
export function cone(radiusM: number, heightM: number, sides: number, options: { readonly isOpen?: boolean } = {}) {
  return cylinder(0, radiusM, heightM, sides, options)
}

/** Upright, facing +z. */
export function plane(wideM: number, tallM: number): Shape {
  const [x, y] = [wideM / 2, tallM / 2]
  return new Shape([-x, y, 0, x, y, 0, -x, -y, 0, x, -y, 0], [0, 2, 1, 2, 3, 1]).set(
    'normal',
    [0, 0, 1, 0, 0, 1, 0, 0, 1, 0, 0, 1],
    3,
  )
}

export function sphere(radiusM: number, sides: number, rings: number): Shape {
  const position: number[] = []
  const normal: number[] = []
  const index: number[] = []
  for (let r = 0; r <= rings; r++) {
    const up = Math.cos((r / rings) * Math.PI)
    const out = Math.sqrt(1 - up * up)
    for (let k = 0; k <= sides; k++) {
      const angle = (k / sides) * Math.PI * 2
      const [x, z] = [-out * Math.cos(angle), out * Math.sin(angle)]
      position.push(x * radiusM, up * radiusM, z * radiusM)
      normal.push(x, up, z)
      if (r === rings || k === sides) continue
      const a = r * (sides + 1) + k + 1
      const below = a + sides + 1
      if (r !== 0) index.push(a, a - 1, below)
      if (r !== rings - 1) index.push(a - 1, below - 1, below)
    }
  }
  return new Shape(position, index).set('normal', normal, 3)
}

/** Elliptical rings along a bent spine, skinned: torso, tail, tree trunk. Each ring is [up, forward, halfX, halfDepth]. */
export function loft(rings: readonly (readonly [number, number, number, number])[], sides: number): Shape {
  const position: number[] = []
  const index: number[] = []
  rings.forEach(([up, forward, halfX, halfDepth], r) => {
    const before = rings[Math.max(0, r - 1)]!
    const after = rings[Math.min(rings.length - 1, r + 1)]!
    const dUp = after[0] - before[0]
    const dForward = after[1] - before[1]
    const length = Math.sqrt(dUp * dUp + dForward * dForward)
    for (let k = 0; k < sides; k++) {
      const angle = (k / sides) * Math.PI * 2
      const depth = Math.sin(angle) * halfDepth
      position.push(Math.cos(angle) * halfX, up + (dForward / length) * depth, forward - (dUp / length) * depth)
      if (r === rings.length - 1) continue
      const a = r * sides + k
      const b = r * sides + ((k + 1) % sides)
      index.push(a, b, a + sides, b, b + sides, a + sides)
    }
  })
  return new Shape(position, index).computeNormals()
}

/** One colour for all of a shape, which is flat from then on; `jitter` varies it by vertex, from a generator. */
export function painted(shape: Shape, color: number, jitter = 0, chance: () => number = () => 0.5): Shape {
  const { count } = shape.toFlat()
  const [r, g, b] = linear(color)
  const colors = new Float32Array(count * 3)
  for (let i = 0; i < count; i++) {
    const gain = 1 + jitter * (chance() - 0.5)
    colors[i * 3] = r * gain
    colors[i * 3 + 1] = g * gain
    colors[i * 3 + 2] = b * gain
  }
  return shape.set('color', colors, 3)
}

/** One flat shape of many, with only the attributes named. */
export function merged(parts: readonly Shape[], attributes: readonly string[]): Shape {
  let count = 0
  for (const part of parts) count += part.toFlat().count
  const all = new Shape(new Float32Array(0))
  for (const name of attributes) {
    const size = parts[0]?.attributes[name]?.size ?? 3
    const values = new Float32Array(count * size)
    let at = 0
    for (const part of parts) {
      values.set(part.array(name), at)
      at += part.count * size
    }
    all.set(name, values, size)
  }
  return all
}

/** 0xRRGGBB as linear light, which is what vertex colours are (IEC 61966-2-1). */
export function linear(color: number): [red: number, green: number, blue: number] {
  return [fromSrgb((color >> 16) & 255), fromSrgb((color >> 8) & 255), fromSrgb(color & 255)]
}

function fromSrgb(byte: number): number {
  const share = byte / 255
  return share < 0.04045 ? share * 0.0773993808 : Math.pow(share * 0.9478672986 + 0.0521327014, 2.4)
}

/** The matrix that lays +y along a unit vector, by the shortest turn, and moves the origin to a place. */
export function fromUp([x, y, z]: At, [px, py, pz]: At): number[] {
  // Quaternion from (0, 1, 0): half-way between the two; upside down it turns about the x axis.
  let [qx, qy, qz, qw] = y + 1 < 1e-8 ? [0, 0, 1, 0] : [z, 0, -x, y + 1]
  const over = 1 / Math.sqrt(qx * qx + qy * qy + qz * qz + qw * qw)
  qx *= over
  qy *= over
  qz *= over
  qw *= over
  return [
    ...[1 - 2 * (qy * qy + qz * qz), 2 * (qx * qy + qw * qz), 2 * (qx * qz - qw * qy), 0],
    ...[2 * (qx * qy - qw * qz), 1 - 2 * (qx * qx + qz * qz), 2 * (qy * qz + qw * qx), 0],
    ...[2 * (qx * qz + qw * qy), 2 * (qy * qz - qw * qx), 1 - 2 * (qx * qx + qy * qy), 0],
    ...[px, py, pz, 1],
  ]
}

/** The matrix that turns about the upright, scales and puts at a place: how a house, a tree, a spectator stands. */
export function standing(at: At, turnRad: number, size = 1): number[] {
  const [c, s] = [Math.cos(turnRad) * size, Math.sin(turnRad) * size]
  return [c, 0, -s, 0, 0, size, 0, 0, s, 0, c, 0, ...at, 1]
}
