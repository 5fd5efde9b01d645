import type { Network } from '#maps/network'
import type { Carriageway, Carriageways } from './carriageways.ts'
import { createSpot, spotAt, type Path } from './path.ts'
import { triangulate } from './delaunay.ts'

/** The end of a road at a junction. */
export interface Arm {
  readonly road: Carriageway
  /** The road's last sample lies here, not its first. */
  readonly isEnd: boolean
  readonly mouthM: number
  readonly x: number
  readonly y: number
  readonly z: number
  /** Level unit vector away from the junction; to the right of it lies (−outZ, outX). */
  readonly outX: number
  readonly outZ: number
  readonly halfWidthM: number
  /** Way on which riders come here by this arm; −1: none do. */
  readonly arrival: number
  readonly departure: number
  /** Who comes by this arm gives way to the others. */
  readonly yields: boolean
}

/** A corner of a junction's asphalt: place, and which way is out; mouths of roads need no kerb. */
export interface Corner {
  readonly x: number
  readonly y: number
  readonly z: number
  readonly outX: number
  readonly outZ: number
  readonly isMouth: boolean
}

export interface Junction {
  readonly node: string
  readonly x: number
  readonly y: number
  readonly z: number
  readonly arms: readonly Arm[]
  readonly outline: readonly Corner[]
  /** Asphalt: places and triangles, counter-clockwise as seen from above. */
  readonly place: Float64Array
  readonly surface: Uint8Array
  readonly index: readonly number[]
  /** Where nobody rides: middle and radius. */
  readonly island: { readonly x: number; readonly y: number; readonly z: number; readonly radiusM: number } | undefined
}

const CORNER_EVERY_M = 1.4
const INNER_EVERY_M = 2.4
/** Asphalt above the baked height: at its edges, and inside. As the ribbons of `road.ts` have it. */
export const EDGE_UP_M = 0.02
export const CROWN_UP_M = 0.045
const ISLAND_LEAST_M = 1.5
/** No asphalt of a junction lies farther from its middle. */
const CROSSING_REACH_M = 60

/** The asphalt where roads meet, as one surface: its rim runs from mouth to mouth along the riders' own turns. */
export function createJunctions(
  { roads, connectors }: Pick<Carriageways, 'roads' | 'connectors'>,
  network: Network,
): Junction[] {
  const armsOf = new Map<string, Arm[]>()
  for (const road of roads) {
    for (const isEnd of [false, true]) {
      const node = isEnd ? road.toNode : road.fromNode
      if (node === '') continue
      const arms = armsOf.get(node) ?? []
      armsOf.set(node, arms)
      arms.push(armOf(road, isEnd))
    }
  }
  const junctions: Junction[] = []
  for (const [node, found] of armsOf) {
    const own = connectors.filter((connector) => connector.fromNode === node)
    if (own.length === 0) continue
    const arms = withRight(
      found.toSorted((a, b) => Math.atan2(a.outZ, a.outX) - Math.atan2(b.outZ, b.outX)),
      network,
    )
    junctions.push(junctionOf(node, arms, own))
  }
  return junctions
}

function armOf(road: Carriageway, isEnd: boolean): Arm {
  const { path, onward, against } = road
  const i = isEnd ? path.count - 1 : 0
  const sign = isEnd ? -1 : 1
  return {
    road,
    isEnd,
    mouthM: i,
    x: path.x[i]!,
    y: path.y[i]!,
    z: path.z[i]!,
    outX: sign * path.dirX[i]!,
    outZ: sign * path.dirZ[i]!,
    halfWidthM: path.halfWidthM[i]!,
    arrival: isEnd ? onward : against,
    departure: isEnd ? against : onward,
    yields: false,
  }
}

/** The road that goes straight on under its own name, else the two widest that face one another, have the right of way. */
function withRight(arms: readonly Arm[], network: Network): Arm[] {
  let best: readonly [Arm, Arm] | undefined
  let most = -Infinity
  arms.forEach((a, i) =>
    arms.slice(i + 1).forEach((b) => {
      const facing = -(a.outX * b.outX + a.outZ * b.outZ)
      if (facing < 0.5) return
      const isSame = network.ways[a.road.onward]?.name === network.ways[b.road.onward]?.name
      const worth = Math.min(a.halfWidthM, b.halfWidthM) + (isSame ? 3 : 0) + facing
      if (worth <= most) return
      most = worth
      best = [a, b]
    }),
  )
  return arms.map((arm) => ({ ...arm, yields: arms.length > 2 && best !== undefined && !best.includes(arm) }))
}

function junctionOf(node: string, arms: readonly Arm[], connectors: readonly Carriageway[]): Junction {
  const outline: Corner[] = []
  arms.forEach((arm, i) => {
    mouthOf(arm, outline)
    cornerOf(arm, arms[(i + 1) % arms.length]!, connectors, outline)
  })
  const heights = heightField(connectors)
  const x: number[] = []
  const z: number[] = []
  const y: number[] = []
  for (const corner of outline) {
    x.push(corner.x)
    y.push(corner.y)
    z.push(corner.z)
  }
  const rim = outline.length
  const inside = (px: number, pz: number): boolean => isInside(outline, px, pz)
  const [minX, maxX, minZ, maxZ] = [Math.min(...x), Math.max(...x), Math.min(...z), Math.max(...z)]
  for (let gz = minZ + 0.7; gz < maxZ; gz += INNER_EVERY_M) {
    const isOdd = Math.round((gz - minZ) / INNER_EVERY_M) % 2 === 1
    for (let gx = minX + 0.7 + (isOdd ? INNER_EVERY_M / 2 : 0); gx < maxX; gx += INNER_EVERY_M) {
      if (!inside(gx, gz) || outline.some((c) => (c.x - gx) ** 2 + (c.z - gz) ** 2 < 1.1 * 1.1)) continue
      x.push(gx)
      y.push(heights.at(gx, gz) + CROWN_UP_M - 0.01)
      z.push(gz)
    }
  }
  const all = triangulate(x, z)
  const index: number[] = []
  for (let k = 0; k < all.length; k += 3) {
    const [a, b, c] = [all[k]!, all[k + 1]!, all[k + 2]!]
    if (!inside((x[a]! + x[b]! + x[c]!) / 3, (z[a]! + z[b]! + z[c]!) / 3)) continue
    // Up is up: x east, z south.
    const turn = (x[b]! - x[a]!) * (z[c]! - z[a]!) - (z[b]! - z[a]!) * (x[c]! - x[a]!)
    if (turn < 0) index.push(a, b, c)
    else index.push(a, c, b)
  }
  const place = new Float64Array(x.length * 3)
  const surface = new Uint8Array(x.length)
  // All of one kind: where setts meet asphalt, they end at a mouth, not in a blot amid the crossing.
  surface.fill(mostOf(connectors))
  x.forEach((px, k) => place.set([px, y[k]!, z[k]!], k * 3))
  const island = islandOf(x.slice(rim), z.slice(rim), connectors, outline, heights)
  const middle = [
    arms.reduce((s, a) => s + a.x, 0) / arms.length,
    arms.reduce((s, a) => s + a.z, 0) / arms.length,
  ] as const
  return {
    node,
    x: middle[0],
    y: heights.at(middle[0], middle[1]),
    z: middle[1],
    arms,
    outline,
    place,
    surface,
    index,
    island,
  }
}

/** The last ring of a road, from its left edge to its right as one leaves the junction by it. */
function mouthOf({ road: { path }, isEnd, mouthM, outX, outZ, halfWidthM }: Arm, outline: Corner[]): void {
  const spot = createSpot()
  for (const share of [-1, 0, 1]) {
    spotAt(path, mouthM, (isEnd ? -1 : 1) * share * halfWidthM, spot)
    const up = share === 0 ? CROWN_UP_M : EDGE_UP_M
    outline.push({
      x: spot.x,
      y: spot.y + up,
      z: spot.z,
      outX: -outZ * share,
      outZ: outX * share,
      isMouth: share !== 1,
    })
  }
}

/** From the right edge of one arm to the left edge of the next: along the turn that hugs the corner, else a plain curve. */
function cornerOf(arm: Arm, next: Arm, connectors: readonly Carriageway[], outline: Corner[]): void {
  const from = outline.at(-1)!
  const { outX, outZ, halfWidthM: half } = next
  const to = { x: next.x + outZ * half, y: next.y + EDGE_UP_M, z: next.z - outX * half }
  const turn = connectors.find(
    ({ onward, against }) => onward === next.arrival && against === arm.departure && onward >= 0,
  )
  const points = turn === undefined ? plainCurve(arm, next, from, to) : rightEdge(turn.path)
  const first = points[0]!
  const last = points.at(-1)!
  const n = points.length - 1
  for (let k = 1; k < n; k++) {
    const t = k / n
    const [x, y, z] = points[k]!
    const fix = (axis: 0 | 1 | 2, a: number, b: number): number => (a - first[axis]) * (1 - t) + (b - last[axis]) * t
    const [ax, , az] = points[k - 1]!
    const [bx, , bz] = points[k + 1]!
    const length = Math.sqrt((bx - ax) ** 2 + (bz - az) ** 2) || 1
    // One goes round with the asphalt on the left… seen with z to the south, so out is to the left of the way.
    outline.push({
      x: x + fix(0, from.x, to.x),
      y: y + fix(1, from.y, to.y),
      z: z + fix(2, from.z, to.z),
      outX: (bz - az) / length,
      outZ: -(bx - ax) / length,
      isMouth: false,
    })
  }
}

type Place = readonly [x: number, y: number, z: number]

/** The right edge of a turn, against the way it is ridden. */
function rightEdge(path: Path): Place[] {
  const spot = createSpot()
  const steps = Math.max(3, Math.round(path.lengthM / CORNER_EVERY_M))
  return Array.from({ length: steps + 1 }, (_, k): Place => {
    const atM = path.lengthM * (1 - k / steps)
    spotAt(path, atM, path.halfWidthM[Math.min(path.count - 1, Math.floor(atM))]!, spot)
    return [spot.x, spot.y + EDGE_UP_M, spot.z]
  })
}

function plainCurve(
  arm: Arm,
  next: Arm,
  from: { x: number; y: number; z: number },
  to: { x: number; y: number; z: number },
): Place[] {
  const across = Math.sqrt((to.x - from.x) ** 2 + (to.z - from.z) ** 2)
  const handle = across * 0.36
  const steps = Math.max(3, Math.round(across / CORNER_EVERY_M))
  return Array.from({ length: steps + 1 }, (_, k): Place => {
    const t = k / steps
    const u = 1 - t
    const mix = (a: number, b: number, c: number, d: number): number =>
      u * u * u * a + 3 * u * u * t * b + 3 * u * t * t * c + t * t * t * d
    return [
      mix(from.x, from.x - arm.outX * handle, to.x - next.outX * handle, to.x),
      from.y * u + to.y * t,
      mix(from.z, from.z - arm.outZ * handle, to.z - next.outZ * handle, to.z),
    ]
  })
}

export function isInside(
  outline: readonly { readonly x: number; readonly z: number }[],
  x: number,
  z: number,
): boolean {
  let isIn = false
  for (let i = 0, j = outline.length - 1; i < outline.length; j = i++) {
    const [a, b] = [outline[i]!, outline[j]!]
    if (a.z > z !== b.z > z && x < ((b.x - a.x) * (z - a.z)) / (b.z - a.z) + a.x) isIn = !isIn
  }
  return isIn
}

const ISLAND_RIM_M = 0.5

/** On the asphalt of a junction, where nothing grows: on its island, or beside it, something may. */
export function isOnCrossing(junctions: readonly Junction[], x: number, z: number): boolean {
  for (const { x: jx, z: jz, outline, island } of junctions) {
    if ((x - jx) ** 2 + (z - jz) ** 2 > CROSSING_REACH_M * CROSSING_REACH_M || !isInside(outline, x, z)) continue
    const free = island === undefined ? 0 : island.radiusM - ISLAND_RIM_M
    if (island === undefined || free < 0 || (x - island.x) ** 2 + (z - island.z) ** 2 > free * free) return true
  }
  return false
}

/** What riders ride on: near a turn its height, between turns between theirs. */
function heightField(connectors: readonly Carriageway[]): {
  at(x: number, z: number): number
} {
  const at = (x: number, z: number): number => {
    let sum = 0
    let weights = 0
    for (const { path } of connectors) {
      for (let i = 0; i < path.count; i++) {
        const square = (path.x[i]! - x) ** 2 + (path.z[i]! - z) ** 2
        const weight = 1 / ((square + 0.4) * (square + 0.4))
        sum += weight * path.y[i]!
        weights += weight
      }
    }
    return sum / weights
  }
  return { at }
}

/** The surface that most metres of the turns have. */
function mostOf(connectors: readonly Carriageway[]): number {
  const metres = new Map<number, number>()
  for (const { surface } of connectors) for (const kind of surface) metres.set(kind, (metres.get(kind) ?? 0) + 1)
  return [...metres].reduce((best, one) => (one[1] > best[1] ? one : best))[0]
}

/** The place farthest from every turn, if it is worth a kerb. */
function islandOf(
  x: readonly number[],
  z: readonly number[],
  connectors: readonly Carriageway[],
  outline: readonly Corner[],
  heights: { at(x: number, z: number): number },
): Junction['island'] {
  let best: Junction['island']
  let most = ISLAND_LEAST_M
  x.forEach((px, k) => {
    const pz = z[k]!
    let free = Infinity
    for (const { path } of connectors)
      for (let i = 0; i < path.count; i++)
        free = Math.min(free, Math.sqrt((path.x[i]! - px) ** 2 + (path.z[i]! - pz) ** 2) - path.halfWidthM[i]! - 0.3)
    for (const corner of outline) free = Math.min(free, Math.sqrt((corner.x - px) ** 2 + (corner.z - pz) ** 2) - 1.5)
    if (free <= most) return
    most = free
    best = { x: px, y: heights.at(px, pz) + CROWN_UP_M, z: pz, radiusM: Math.min(5, free) }
  })
  return best
}
