import {
  BoxGeometry,
  BufferAttribute,
  BufferGeometry,
  Color,
  CylinderGeometry,
  Matrix4,
  Quaternion,
  SphereGeometry,
  Vector3,
} from 'three'
import { mergeGeometries } from 'three/addons/utils/BufferGeometryUtils.js'

/** Small solids with one colour each, merged into one geometry: most of what stands beside the road is made of them. */

export type At = readonly [x: number, y: number, z: number]

const UP = new Vector3(0, 1, 0)

/** A tapering round bar from one point to another. */
export function bar(from: At, to: At, radiusM: number, radiusToM = radiusM, sides = 6): BufferGeometry {
  const a = new Vector3(...from)
  const b = new Vector3(...to)
  const along = b.clone().sub(a)
  const lengthM = along.length()
  const turn = new Quaternion().setFromUnitVectors(UP, along.normalize())
  const middle = a.add(b).multiplyScalar(0.5)
  return new CylinderGeometry(radiusToM, radiusM, lengthM, sides, 1, true).applyMatrix4(
    new Matrix4().compose(middle, turn, new Vector3(1, 1, 1)),
  )
}

export function ball(at: At, radius: At, sides = 8, rings = 6): BufferGeometry {
  return new SphereGeometry(1, sides, rings).scale(...radius).translate(...at)
}

/** A box by its middle and its size. */
export function box(at: At, size: At): BufferGeometry {
  return new BoxGeometry(...size).translate(...at)
}

/** Elliptical rings along a bent spine, skinned: torso, tail, tree trunk. Each ring is [up, forward, halfX, halfDepth]. */
export function loft(rings: readonly (readonly [number, number, number, number])[], sides: number): BufferGeometry {
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
  const geometry = new BufferGeometry()
  geometry.setAttribute('position', new BufferAttribute(Float32Array.from(position), 3))
  geometry.setIndex(index)
  geometry.computeVertexNormals()
  return geometry
}

/** One colour for all of a geometry; `jitter` varies it by vertex, from a generator. */
export function painted(
  geometry: BufferGeometry,
  color: number,
  jitter = 0,
  chance: () => number = () => 0.5,
): BufferGeometry {
  const flat = geometry.index === null ? geometry : geometry.toNonIndexed()
  const count = flat.getAttribute('position').count
  const rgb = new Color(color)
  const colors = new Float32Array(count * 3)
  for (let i = 0; i < count; i++) {
    const gain = 1 + jitter * (chance() - 0.5)
    colors.set([rgb.r * gain, rgb.g * gain, rgb.b * gain], i * 3)
  }
  flat.setAttribute('color', new BufferAttribute(colors, 3))
  return flat
}

/** The same number at every vertex: a part, a tint. */
export function tagged(geometry: BufferGeometry, name: string, value: number): BufferGeometry {
  const count = geometry.getAttribute('position').count
  geometry.setAttribute(name, new BufferAttribute(new Float32Array(count).fill(value), 1))
  return geometry
}

/** One geometry of many, with only the attributes named. */
export function merged(parts: readonly BufferGeometry[], attributes: readonly string[]): BufferGeometry {
  const flat = parts.map((part) => {
    const geometry = part.index === null ? part : part.toNonIndexed()
    for (const name of Object.keys(geometry.attributes)) {
      if (!attributes.includes(name)) geometry.deleteAttribute(name)
    }
    return geometry
  })
  return mergeGeometries(flat)
}
