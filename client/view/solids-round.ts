import { Shape } from './shape.ts'

/** Rings, turned profiles and crystals: solids that the rider and the trees are made of. */

/** A tyre about the z axis. */
export function torus(radiusM: number, tubeM: number, around: number, along: number): Shape {
  const position: number[] = []
  const normal: number[] = []
  const index: number[] = []
  for (let j = 0; j <= around; j++) {
    const v = (j / around) * Math.PI * 2
    for (let i = 0; i <= along; i++) {
      const u = (i / along) * Math.PI * 2
      const out = radiusM + tubeM * Math.cos(v)
      position.push(out * Math.cos(u), out * Math.sin(u), tubeM * Math.sin(v))
      normal.push(Math.cos(v) * Math.cos(u), Math.cos(v) * Math.sin(u), Math.sin(v))
      if (j === 0 || i === 0) continue
      const a = (along + 1) * j + i - 1
      const b = (along + 1) * (j - 1) + i - 1
      index.push(a, b, a + 1, b, b + 1, a + 1)
    }
  }
  return new Shape(position, index).set('normal', normal, 3)
}

/** A profile of [radius, height] turned about the upright. */
export function lathe(profile: readonly (readonly [radiusM: number, upM: number])[], sides: number): Shape {
  const position: number[] = []
  const normal: number[] = []
  const index: number[] = []
  const last = profile.length - 1
  const edge = (j: number): readonly [number, number] => [
    profile[j + 1]![1] - profile[j]![1],
    profile[j]![0] - profile[j + 1]![0],
  ]
  // In the plane of the profile: of an edge across it, of a corner between its two edges.
  const outward = profile.map((_, j) => {
    const [ax, ay] = edge(Math.min(j, last - 1))
    const [bx, by] = j === 0 || j === last ? [0, 0] : edge(j - 1)
    const length = Math.sqrt((ax + bx) ** 2 + (ay + by) ** 2) || 1
    return [(ax + bx) / length, (ay + by) / length] as const
  })
  for (let i = 0; i <= sides; i++) {
    const angle = (i / sides) * Math.PI * 2
    const [s, c] = [Math.sin(angle), Math.cos(angle)]
    profile.forEach(([radius, up], j) => {
      position.push(radius * s, up, radius * c)
      normal.push(outward[j]![0] * s, outward[j]![1], outward[j]![0] * c)
      if (i === sides || j === last) return
      const a = j + i * profile.length
      const b = a + profile.length
      index.push(a, b, a + 1, b + 1, a + 1, b)
    })
  }
  return new Shape(position, index).set('normal', normal, 3)
}

const GOLDEN = (1 + Math.sqrt(5)) / 2
const ICOSAHEDRON = {
  corners: [
    [-1, GOLDEN, 0],
    [1, GOLDEN, 0],
    [-1, -GOLDEN, 0],
    [1, -GOLDEN, 0],
    [0, -1, GOLDEN],
    [0, 1, GOLDEN],
    [0, -1, -GOLDEN],
    [0, 1, -GOLDEN],
    [GOLDEN, 0, -1],
    [GOLDEN, 0, 1],
    [-GOLDEN, 0, -1],
    [-GOLDEN, 0, 1],
  ],
  faces: [
    ...[0, 11, 5, 0, 5, 1, 0, 1, 7, 0, 7, 10, 0, 10, 11, 1, 5, 9, 5, 11, 4, 11, 10, 2, 10, 7, 6, 7, 1, 8],
    ...[3, 9, 4, 3, 4, 2, 3, 2, 6, 3, 6, 8, 3, 8, 9, 4, 9, 5, 2, 4, 11, 6, 2, 10, 8, 6, 7, 9, 8, 1],
  ],
} as const
const OCTAHEDRON = {
  corners: [
    [1, 0, 0],
    [-1, 0, 0],
    [0, 1, 0],
    [0, -1, 0],
    [0, 0, 1],
    [0, 0, -1],
  ],
  faces: [0, 2, 4, 0, 4, 3, 0, 3, 5, 0, 5, 2, 1, 2, 5, 1, 5, 3, 1, 3, 4, 1, 4, 2],
} as const

/** Twenty faces, each cut into (detail + 1)²; with none cut its faces are flat. */
export function icosahedron(radiusM: number, detail = 0): Shape {
  return crystal(ICOSAHEDRON, radiusM, detail)
}

export function octahedron(radiusM: number, detail = 0): Shape {
  return crystal(OCTAHEDRON, radiusM, detail)
}

type Point = readonly [number, number, number]
interface Crystal {
  readonly corners: readonly Point[]
  readonly faces: readonly number[]
}

function crystal({ corners, faces }: Crystal, radiusM: number, detail: number): Shape {
  const position: number[] = []
  const cuts = detail + 1
  const between = (a: Point, b: Point, t: number): Point => [
    a[0] + (b[0] - a[0]) * t,
    a[1] + (b[1] - a[1]) * t,
    a[2] + (b[2] - a[2]) * t,
  ]
  for (let f = 0; f < faces.length; f += 3) {
    const [a, b, c] = [corners[faces[f]!]!, corners[faces[f + 1]!]!, corners[faces[f + 2]!]!]
    const rows = Array.from({ length: cuts + 1 }, (_, i) => {
      const from = between(a, c, i / cuts)
      const to = between(b, c, i / cuts)
      const count = cuts - i
      return Array.from({ length: count + 1 }, (__, j) => (count === 0 ? from : between(from, to, j / count)))
    })
    for (let i = 0; i < cuts; i++) {
      for (let k = 0; k < cuts - i; k++) {
        position.push(...rows[i]![k + 1]!, ...rows[i + 1]![k]!, ...rows[i]![k]!)
        if (k + 1 < cuts - i) position.push(...rows[i]![k + 1]!, ...rows[i + 1]![k + 1]!, ...rows[i + 1]![k]!)
      }
    }
  }
  const normal = new Float32Array(position.length)
  for (let k = 0; k < position.length; k += 3) {
    const [x, y, z] = [position[k]!, position[k + 1]!, position[k + 2]!]
    const over = 1 / Math.sqrt(x * x + y * y + z * z)
    normal.set([x * over, y * over, z * over], k)
    position[k] = x * over * radiusM
    position[k + 1] = y * over * radiusM
    position[k + 2] = z * over * radiusM
  }
  const shape = new Shape(position)
  return detail === 0 ? shape.computeNormals() : shape.set('normal', normal, 3)
}
