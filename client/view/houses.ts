import { pieceOfMany, type Model, type Part } from './piece.ts'
import { Shape } from './shape.ts'
import { box, linear, merged, painted, plane, standing, tagged, type At } from './solids.ts'
import type { Site, Sites } from './sites.ts'

/** Plaster, lime, ochre, rose, stone: a village in one family of colours. */
const WALLS = [0xefe3cc, 0xe9d3ad, 0xdfb98d, 0xe7c4b0, 0xd9d2c3, 0xf3ead9, 0xcfc0a4] as const
const ROOF = 0x94604c
const SLATE = 0x5b5f66
const GLASS = 0x2c3a4a
const WOOD = 0x6b4a30
const SHUTTERS = 0x5e7f74
const STONE = 0x9a9186
const FOUNDATION_M = 3

/** Houses are drawn by quarters of this side, m: those behind the eye, or too far for a shadow, are left out. */
const QUARTER_M = 900
/** … where there are more of a kind than this. */
const TOWN_HOUSES = 250

/** All buildings, one draw per kind and quarter; walls take the colour of their lot. */
export function* buildHouses(sites: Sites): Generator<Part> {
  const models: Record<Site['kind'], () => Shape> = {
    cottage: () => house({ wide: 10, deep: 7.4, eaves: 3.3, ridge: 6.2, floors: 1, roof: ROOF }),
    townhouse: () => house({ wide: 8.6, deep: 8.4, eaves: 6.6, ridge: 9.2, floors: 2, roof: ROOF }),
    church,
    barn: () => house({ wide: 14, deep: 8.5, eaves: 3.8, ridge: 7.6, floors: 0, roof: 0x7a5546 }),
    boathouse: () => house({ wide: 12, deep: 8, eaves: 3.2, ridge: 6.4, floors: 1, roof: SLATE }),
  }
  for (const kind of Object.keys(models) as Site['kind'][]) {
    const all = sites.list.filter((site) => site.kind === kind)
    if (all.length === 0) continue
    const model: Model = { kind: 'model', name: `house ${kind}`, shape: models[kind]() }
    // A village is one draw: its few houses cost less than a draw for each of its corners.
    const quarterM = all.length > TOWN_HOUSES ? QUARTER_M : Infinity
    const quarters = Map.groupBy(all, ({ x, z }) => `${Math.floor(x / quarterM)} ${Math.floor(z / quarterM)}`)
    const pieces = [...quarters.values()].map((own) => {
      const matrices = new Float32Array(own.length * 16)
      const tints = new Float32Array(own.length * 3)
      own.forEach((site, i) => {
        matrices.set(standing([site.x, site.y, site.z], site.turnRad, site.size), i * 16)
        const plaster =
          kind === 'barn' ? 0xa58a68 : kind === 'boathouse' ? 0x8a4a3c : WALLS[Math.floor(site.lot * WALLS.length)]!
        tints.set(linear(plaster), i * 3)
      })
      return pieceOfMany('houses', 'house', model, { count: own.length, matrices, tints }, { hasShadow: true })
    })
    yield model
    yield* pieces
  }
}

interface Plan {
  readonly wide: number
  readonly deep: number
  readonly eaves: number
  readonly ridge: number
  readonly floors: number
  readonly roof: number
}

const solid = (shape: Shape, color: number) => tagged(painted(shape, color), 'wall', 0)
const plaster = (shape: Shape) => tagged(painted(shape, 0xffffff), 'wall', 1)
const KEPT = ['position', 'normal', 'color', 'wall']

/** Front towards +z. */
function house({ wide, deep, eaves, ridge, floors, roof }: Plan): Shape {
  const parts = [
    plaster(box([0, (eaves - FOUNDATION_M) / 2, 0], [wide, eaves + FOUNDATION_M, deep])),
    solid(box([0, -FOUNDATION_M / 2 + 0.25, 0], [wide + 0.12, FOUNDATION_M + 0.5, deep + 0.12]), STONE),
    plaster(gable(wide, deep, eaves, ridge)),
    solid(gableRoof(wide + 0.7, deep + 1, eaves - 0.12, ridge + 0.22), roof),
    solid(box([wide * 0.28, ridge - 0.1, -deep * 0.12], [0.7, 2, 0.9]), 0x8f5a45),
    solid(box([wide * 0.28, ridge + 0.95, -deep * 0.12], [0.9, 0.14, 1.1]), STONE),
  ]
  if (floors === 0) {
    for (const z of [deep / 2, -deep / 2]) {
      parts.push(solid(box([0, 1.5, z], [3.4, 3.2, 0.1]), WOOD))
      parts.push(solid(box([0, 1.5, z], [0.12, 3.2, 0.16]), 0x4b3524))
    }
    return merged(parts, KEPT)
  }
  const columns = Math.floor(wide / 2.7)
  for (let floor = 0; floor < floors; floor++) {
    for (let c = 0; c < columns; c++) {
      const x = (c - (columns - 1) / 2) * 2.6
      const y = 1.75 + floor * 3.05
      const isDoor = floor === 0 && c === Math.floor(columns / 2)
      for (const face of [1, -1]) {
        const z = face * (deep / 2)
        if (isDoor && face === 1) {
          parts.push(solid(box([x, 1.1, z], [1.15, 2.2, 0.12]), WOOD))
          parts.push(solid(box([x, 0.06, z + 0.5], [1.5, 0.3, 0.9]), STONE))
        } else parts.push(...window([x, y, z], 0))
      }
    }
  }
  for (const face of [1, -1]) {
    const rows = Math.max(1, floors)
    for (let floor = 0; floor < rows; floor++) {
      for (const z of [-deep * 0.22, deep * 0.22]) parts.push(...window([face * (wide / 2), 1.75 + floor * 3.05, z], 1))
    }
    parts.push(...window([face * (wide / 2), eaves + 0.95, 0], 1))
  }
  return merged(parts, KEPT)
}

/** Frame, glass, a bar and two shutters as thin layers on a wall at z (axis 0) or at x (axis 1). */
function window([x, y, z]: At, axis: 0 | 1): Shape[] {
  const face = Math.sign(axis === 0 ? z : x)
  const turn = axis === 0 ? (face > 0 ? 0 : Math.PI) : (face * Math.PI) / 2
  const layer = (across: number, width: number, height: number, outM: number, color: number) =>
    solid(plane(width, height).translate(across, 0, outM).rotateY(turn).translate(x, y, z), color)
  return [
    layer(0, 1.06, 1.42, 0.03, 0xf2ece0),
    layer(0, 0.86, 1.22, 0.06, GLASS),
    layer(0, 0.07, 1.22, 0.09, 0xf2ece0),
    layer(-0.76, 0.44, 1.36, 0.05, SHUTTERS),
    layer(0.76, 0.44, 1.36, 0.05, SHUTTERS),
  ]
}

function church(): Shape {
  const parts = [
    plaster(box([0, 2, 0], [9, 10, 20])),
    plaster(gable(20, 9, 7, 11).rotateY(Math.PI / 2)),
    solid(gableRoof(20.6, 10, 6.9, 11.3).rotateY(Math.PI / 2), SLATE),
    plaster(box([0, 7.5, 12], [5.4, 21, 5.4])),
    solid(box([0, 18.1, 12], [5.9, 0.4, 5.9]), STONE),
    solid(spire(3.1, 18.2, 27, 12), SLATE),
    solid(box([0, 27.8, 12], [0.12, 2, 0.12]), 0x2a2a2a),
    solid(box([0, 28.1, 12], [0.9, 0.12, 0.12]), 0x2a2a2a),
    solid(box([0, 1.6, 14.7], [1.8, 3.4, 0.2]), WOOD),
  ]
  for (const face of [1, -1]) {
    for (const z of [-7, -3, 1, 5]) parts.push(solid(box([face * 4.5, 3.6, z], [0.16, 3.2, 1.1]), GLASS))
    parts.push(solid(box([face * 2.7, 15.6, 12], [0.14, 2.4, 1.3]), 0x2a2420))
    parts.push(solid(box([0, 15.6, 12 + face * 2.7], [1.3, 2.4, 0.14]), 0x2a2420))
  }
  parts.push(solid(box([0, 11.6, 14.72], [1.7, 1.7, 0.1]), 0xf3efe2))
  return merged(parts, KEPT)
}

/** Two triangles of wall under the roof, at x = ± wide / 2. */
function gable(wide: number, deep: number, eaves: number, ridge: number): Shape {
  const x = wide / 2
  const z = deep / 2
  return triangles([
    [x, eaves, z, x, eaves, -z, x, ridge, 0],
    [-x, eaves, -z, -x, eaves, z, -x, ridge, 0],
  ])
}

function gableRoof(wide: number, deep: number, eaves: number, ridge: number): Shape {
  const x = wide / 2
  const z = deep / 2
  const t = 0.22
  return triangles([
    [-x, eaves, z, x, eaves, z, x, ridge, 0],
    [-x, eaves, z, x, ridge, 0, -x, ridge, 0],
    [x, eaves, -z, -x, eaves, -z, -x, ridge, 0],
    [x, eaves, -z, -x, ridge, 0, x, ridge, 0],
    // The thickness of the roof, seen from below and from the side.
    [-x, eaves - t, z, x, eaves - t, z, x, eaves, z],
    [-x, eaves - t, z, x, eaves, z, -x, eaves, z],
    [x, eaves - t, -z, -x, eaves - t, -z, -x, eaves, -z],
    [x, eaves - t, -z, -x, eaves, -z, x, eaves, -z],
    [x, eaves - t, z, x, ridge - t, 0, x, ridge, 0],
    [x, eaves - t, z, x, ridge, 0, x, eaves, z],
    [x, ridge - t, 0, x, eaves - t, -z, x, eaves, -z],
    [x, ridge - t, 0, x, eaves, -z, x, ridge, 0],
    [-x, ridge - t, 0, -x, eaves - t, z, -x, eaves, z],
    [-x, ridge - t, 0, -x, eaves, z, -x, ridge, 0],
    [-x, eaves - t, -z, -x, ridge - t, 0, -x, ridge, 0],
    [-x, eaves - t, -z, -x, ridge, 0, -x, eaves, -z],
  ])
}

function spire(half: number, from: number, to: number, z: number): Shape {
  const corners = [
    [half, half],
    [half, -half],
    [-half, -half],
    [-half, half],
  ] as const
  return triangles(
    corners.map(([x, dz], i) => {
      const [nx, nz] = corners[(i + 1) % 4]!
      return [x, from, z + dz, nx, from, z + nz, 0, to, z]
    }),
  )
}

function triangles(list: readonly (readonly number[])[]): Shape {
  return new Shape(list.flat()).computeNormals()
}
