import { FACE, STYLE, type Mason } from './mason.ts'
import { PAVEMENT_M } from './road.ts'
import type { Country } from './scenery-plan.ts'
import type { Site } from './sites.ts'
import type { Works } from './works.ts'

/** How far before a front the road may be that its path leads to, m. */
const FRONT_REACH_M = 26
/** Walls step with the ground: a length is halved where the ground leaves its chord by more than this, m. */
const STEP_M = 0.22
const LENGTH_M = 11
const CELL_M = 16
const GATE_M = 1.5
/** A garden wall at the end of a row is at most so long, m. */
const CORNER_MOST_M = 14

/** What a country puts around a house, and what it walks to it on. */
interface Manner {
  readonly kind: 'wall' | 'fence'
  readonly color: number
  readonly style: number
  readonly tallM: number
  readonly halfM: number
  readonly path: number
  readonly pathStyle: number
}

const HEDGE: Manner = {
  ...{ kind: 'wall', color: 0x3f5a2a, style: STYLE.hedge, tallM: 1.25, halfM: 0.32 },
  ...{ path: 0xa59a8c, pathStyle: STYLE.setts },
}
const YARD_WALL: Manner = { ...HEDGE, color: 0x93614d, style: STYLE.brick, tallM: 1.7, halfM: 0.11 }
const MANNERS: Record<Country, readonly Manner[]> = {
  plain: [
    HEDGE,
    { ...HEDGE, color: 0x9c6a52, style: STYLE.brick, tallM: 0.9, halfM: 0.13 },
    { ...HEDGE, kind: 'fence', color: 0xe4e0d4, style: STYLE.boards, tallM: 0.95 },
  ],
  hills: [{ ...HEDGE, color: 0x9a9384, style: STYLE.stone, tallM: 0.85, halfM: 0.24, path: 0xb0a58c }, HEDGE],
  island: [{ ...HEDGE, color: 0x918c80, style: STYLE.stone, tallM: 0.95, halfM: 0.27, path: 0xaaa496 }],
  alps: [
    {
      ...HEDGE,
      kind: 'fence',
      color: 0x7a6248,
      style: STYLE.boards,
      tallM: 0.95,
      path: 0xb3a88f,
      pathStyle: STYLE.plain,
    },
  ],
}

type Place = readonly [x: number, z: number]

/**
 * What a house stands in: a wall or a hedge with a gate, a path from there to the door, a bed, a shed, wood for the winter.
 * Answers where walls are: nobody stands in one.
 */
export function layPlots(works: Works): (x: number, z: number) => boolean {
  const { land, sites, yard, plan, quality } = works
  const isFine = quality === 'high' || quality === 'medium'
  const built = neighboursOf(sites.list)
  const walled = new Set<number>()
  const cellOf = (x: number, z: number): number => Math.floor(x + 20_000) * 40_000 + Math.floor(z + 20_000)

  for (const site of sites.list) {
    if (site.kind === 'terrace') outshot(site)
    else if (site.kind === 'villa' || site.kind === 'cottage' || site.kind === 'croft' || site.kind === 'chalet')
      plot(site)
  }
  return (x, z) => walled.has(cellOf(x, z))

  /** Nothing else is there: no road, bridge, zone, water, other house. */
  function isFree(x: number, z: number, own: Site, roomM: number): boolean {
    return (
      land.vergeAt(x, z) > (land.isTown(x, z) ? PAVEMENT_M + 0.2 : 1.3) + roomM &&
      !land.isPad(x, z) &&
      land.deckAt(x, z) > 3 + roomM &&
      land.shoreAt(x, z) > 3 &&
      !built(x, z, own, 0.5 + roomM)
    )
  }

  /** A length of something upright that follows the ground. */
  function run(own: Site, a: Place, b: Place, manner: Manner): void {
    const [dx, dz] = [b[0] - a[0], b[1] - a[1]]
    const long = Math.sqrt(dx * dx + dz * dz)
    if (long < 0.4) return
    const [mx, mz] = [(a[0] + b[0]) / 2, (a[1] + b[1]) / 2]
    const [ya, yb, ym] = [land.heightAt(...a), land.heightAt(...b), land.heightAt(mx, mz)]
    if (long > LENGTH_M || (long > 2.6 && Math.abs(ym - (ya + yb) / 2) > STEP_M)) {
      run(own, a, [mx, mz], manner)
      run(own, [mx, mz], b, manner)
      return
    }
    if (!isFree(...a, own, 0) || !isFree(...b, own, 0) || !isFree(mx, mz, own, 0)) return
    for (let m = 0; m <= long; m += 0.5)
      for (const o of [-0.3, 0.3])
        walled.add(cellOf(a[0] + (dx * m) / long - (dz * o) / long, a[1] + (dz * m) / long + (dx * o) / long))
    const mason = yard.at('plot', mx, mz).at(0, 0, 0).ink(manner.color, manner.style)
    if (manner.kind === 'wall') {
      beam(mason, a, b, ya, yb, -0.5, manner.tallM, manner.halfM)
      return
    }
    for (const up of [0.34, 0.7])
      mason.sheet(
        [a, b, b, a].map(([x, z], k): [number, number, number] => [
          x,
          (k % 3 === 0 ? ya : yb) + up + (k > 1 ? 0.15 : 0),
          z,
        ]),
      )
    for (const [[x, z], y] of [
      [a, ya],
      [[mx, mz], (ya + yb) / 2],
    ] as const)
      mason.box(x, y - 0.4, z, 0.12, 0.4 + manner.tallM, 0.12, FACE.sides)
  }

  function plot(site: Site): void {
    const { wide, deep, lot } = site
    const at = placesOf(site)
    const manners = MANNERS[plan.built]
    const manner = manners[Math.floor(lot * 7) % manners.length]!
    const front = deep / 2
    const doorX = doorOf(site)
    const roadM = frontRoom(site, at)
    const reach = roadM ?? 7
    // Well behind the pavement: what stands on its very rim is not laid (isFree).
    const wallZ = front + (reach > 9 ? 6 : reach - (land.isTown(site.x, site.z) ? 0.85 : 0.3))
    const back = -deep / 2 - 4.5 - 3 * ((lot * 13) % 1)
    const [left, right] = [-wide / 2 - 1.3 - (reach > 9 ? 4 : 0), wide / 2 + 1.3 + (reach > 9 ? 3 : 0)]
    const line = (ax: number, az: number, bx: number, bz: number): void => run(site, at(ax, az), at(bx, bz), manner)
    if (wallZ > front + 1.1) {
      line(left, wallZ, doorX - GATE_M / 2, wallZ)
      line(doorX + GATE_M / 2, wallZ, right, wallZ)
      for (const s of [-1, 1]) {
        const [x, z] = at(doorX + s * (GATE_M / 2 + 0.1), wallZ)
        if (!isFree(x, z, site, 0)) continue
        const isWood = manner.kind === 'fence'
        yard
          .at('plot', x, z)
          .at(x, land.heightAt(x, z), z, site.turnRad)
          .ink(
            isWood ? manner.color : manner.style === STYLE.hedge ? 0x9a9186 : manner.color,
            isWood ? STYLE.boards : STYLE.stone,
          )
          .box(0, -0.5, 0, isWood ? 0.16 : 0.42, 0.62 + manner.tallM, isWood ? 0.16 : 0.42)
      }
    }
    line(left, wallZ, left, back)
    line(left, back, right, back)
    if (reach > 9 || lot < 0.3) line(right, back, right, wallZ)
    // Flags to the door.
    if (roadM !== undefined) {
      const endM = front + roadM + 0.5
      const steps = Math.max(1, Math.ceil((endM - front) / 4))
      for (let k = 0; k < steps; k++) {
        const [z0, z1] = [front + ((endM - front) * k) / steps, front + ((endM - front) * (k + 1)) / steps]
        const [a, b] = [at(doorX, z0), at(doorX, z1)]
        if (built((a[0] + b[0]) / 2, (a[1] + b[1]) / 2, site, 0.2) || land.isPad(...b)) continue
        const mason = yard.at('plot', a[0], a[1]).at(0, 0, 0).ink(manner.path, manner.pathStyle)
        beam(mason, a, b, land.heightAt(...a), land.heightAt(...b), -0.3, 0.07, 0.62)
      }
    }
    const step = yard.at('plot', site.x, site.z).at(site.x, site.y, site.z, site.turnRad)
    step.ink(0x9a9186, STYLE.stone).box(doorX, -1.2, front + 0.4, 1.5, 1.28, 0.8)
    if (!isFine) return
    if (site.kind === 'chalet' || site.kind === 'cottage') {
      // Logs under the eaves.
      const s = lot < 0.5 ? 1 : -1
      const [x, z] = at(s * (wide / 2 + 0.45), -deep * 0.15)
      if (isFree(x, z, site, 0))
        step.ink(0x8d6d47, STYLE.boards).box(s * (wide / 2 + 0.4), -1, -deep * 0.15, 0.7, 2.3, 2.8)
    }
    bed(site, at, back, manner)
    shed(site, at, left + 2.1, back + 1.8)
    if (lot > 0.45) washing(site, at, right - 4.4, back + 2)
  }

  /** Rows of green on dark soil behind the house. */
  function bed(site: Site, at: (x: number, z: number) => Place, back: number, manner: Manner): void {
    const [from, to] = [-site.wide * 0.12, site.wide * 0.34]
    for (let k = 0; k < 3; k++) {
      const z = back + 1.2 + k * 1.1
      if (z > -site.deep / 2 - 1.2) return
      const [a, b] = [at(from, z), at(to, z)]
      if (!isFree(...a, site, 0.3) || !isFree(...b, site, 0.3)) return
      const [ya, yb] = [land.heightAt(...a), land.heightAt(...b)]
      const mason = yard.at('plot', a[0], a[1]).at(0, 0, 0)
      mason.ink(0x5a4632)
      beam(mason, a, b, ya, yb, -0.3, 0.09, 0.42)
      mason.ink([0x5d7a34, 0x7a8f4a, 0x4c6a3c][(k + Math.floor(site.lot * 9)) % 3]!, STYLE.hedge)
      beam(mason, a, b, ya, yb, 0.05, manner.style === STYLE.hedge ? 0.5 : 0.34, 0.22)
    }
  }

  function shed(site: Site, at: (x: number, z: number) => Place, sx: number, sz: number): void {
    const [x, z] = at(sx, sz)
    if (site.lot > 0.7 || !isFree(x, z, site, 1.8) || Math.abs(land.heightAt(x, z) - site.y) > 1.6) return
    const mason = yard.at('plot', x, z).at(x, land.heightAt(x, z), z, site.turnRad)
    if (site.kind === 'croft') {
      mason.ink(0xa09a8c, STYLE.stone).box(0, -0.8, 0, 2.8, 2.6, 2.2, FACE.sides).gableEnds(2.8, 2.2, 1.8, 2.7)
      mason.ink(0x6f7d3a, STYLE.turf).gable(2.8, 2.2, 1.8, 2.75, 0.2, 0, 0, true)
      return
    }
    mason.ink([0x7a6248, 0x4a6a5c, 0x8a7a64][Math.floor(site.lot * 11) % 3]!, STYLE.boards)
    mason.box(0, -0.8, 0, 2.6, 2.8, 2, FACE.sides).gableEnds(2.6, 2, 2, 2.7)
    mason.ink(0x50545a, STYLE.slate).gable(2.6, 2, 2, 2.72, 0.22, 0, 0, true)
    mason.ink(0x20262c, STYLE.glass).box(0.6, 1, 1, 0.6, 0.5, 0.03, FACE.front)
  }

  /** It is washing day. */
  function washing(site: Site, at: (x: number, z: number) => Place, lx: number, lz: number): void {
    const [a, b] = [at(lx, lz), at(lx + 4, lz)]
    if (!isFree(...a, site, 0.3) || !isFree(...b, site, 0.3)) return
    const [x, z] = at(lx + 2, lz)
    const [y, ya, yb] = [land.heightAt(x, z), land.heightAt(...a), land.heightAt(...b)]
    if (Math.abs(ya - yb) > 1 || Math.abs(y - (ya + yb) / 2) > 0.4) return
    const mason = yard.at('plot', x, z).at(x, y, z, site.turnRad).ink(0x8b8e91, STYLE.steel)
    for (const o of [-2, 2]) mason.box(o, -0.8, 0, 0.08, 2.9, 0.08, FACE.sides)
    for (let k = 0; k < 4; k++) {
      const o = -1.7 + k * 0.9
      mason.ink([0xe9e6dc, 0xb85a4a, 0xdfe6ea, 0x4a6f9c, 0xe2c46a][(k + Math.floor(site.lot * 50)) % 5]!)
      mason.sheet([
        [o, 1.15 + 0.25 * (k % 2), 0],
        [o + 0.7, 1.15 + 0.25 * (k % 2), 0.04],
        [o + 0.7, 2, 0],
        [o, 2, 0],
      ])
    }
  }

  /** Behind a terraced house: a low wing, and the wall of its yard. */
  function outshot(site: Site): void {
    const { wide, deep, lot } = site
    const at = placesOf(site)
    corner(site, at)
    const s = lot < 0.5 ? 1 : -1
    const [w, d, tall] = [wide * 0.44, 2.6 + 1.4 * ((lot * 17) % 1), 2.6 + ((lot * 29) % 1)]
    const [x, z] = [s * (wide - w) * 0.5, -deep / 2 - d / 2]
    for (const [dx, dz] of [
      [-w / 2, -d / 2],
      [w / 2, -d / 2],
      [0, 0],
    ] as const)
      if (!isFree(...at(x + dx, z + dz), site, 0.4)) return
    const isBrick = (lot * 7) % 1 < 0.6
    const mason = yard.at('plot', site.x, site.z).at(site.x, site.y, site.z, site.turnRad)
    const wall = isBrick ? 0x8f5f4c : 0xcfc4b0
    mason.ink(wall, isBrick ? STYLE.brick : STYLE.plain).box(x, -2, z, w, 2 + tall, d, FACE.sides)
    const [l, r, n, f] = [x - w / 2 - 0.12, x + w / 2 + 0.12, -deep / 2, -deep / 2 - d - 0.2]
    mason.ink(0x5b5f66, STYLE.slate).flat(
      [
        [r, tall, f],
        [l, tall, f],
        [l, tall + 1, n],
        [r, tall + 1, n],
      ],
      [r, 0, l, 0, l, d, r, d],
    )
    mason.ink(wall, isBrick ? STYLE.brick : STYLE.plain)
    for (const e of [x - w / 2, x + w / 2])
      mason.sheet([
        [e, tall, n],
        [e, tall, -deep / 2 - d],
        [e, tall + 1, n],
      ])
    run(site, at(-s * (wide / 2), -deep / 2), at(-s * (wide / 2), -deep / 2 - d - 3.5), YARD_WALL)
    run(site, at(-wide / 2, -deep / 2 - d - 3.5), at(wide / 2, -deep / 2 - d - 3.5), YARD_WALL)
  }

  /** Where a row ends, a wall goes on with its front as far as there is room, and back along the side street. */
  function corner(site: Site, at: (x: number, z: number) => Place): void {
    const { wide, deep, openSides = 0 } = site
    const front = deep / 2 - 0.25
    for (const [bit, s] of [
      [1, 1],
      [2, -1],
    ] as const) {
      if ((openSides & bit) === 0 || frontRoom(site, at) === undefined) continue
      let out = wide / 2 + 0.5
      while (out < wide / 2 + CORNER_MOST_M && isFree(...at(s * (out + 0.5), front), site, 0)) out += 0.5
      if (out < wide / 2 + 1.5) continue
      run(site, at(s * (wide / 2), front), at(s * out, front), YARD_WALL)
      run(site, at(s * out, front), at(s * out, -deep / 2 - 3), YARD_WALL)
    }
  }

  /** Metres before the front to the road's shoulder; undefined where none is near. */
  function frontRoom(site: Site, at: (x: number, z: number) => Place): number | undefined {
    for (let m = 0.4; m < FRONT_REACH_M; m += 0.4) {
      const [x, z] = at(0, site.deep / 2 + m)
      const vergeM = land.vergeAt(x, z)
      if (vergeM < (land.isTown(x, z) ? PAVEMENT_M : 1.4)) return m
    }
    return undefined
  }
}

/** A straight thing from a to b, upright and level across, its foot and its top so far over the ground. */
function beam(mason: Mason, a: Place, b: Place, ya: number, yb: number, low: number, high: number, half: number): void {
  const [dx, dz] = [b[0] - a[0], b[1] - a[1]]
  const long = Math.sqrt(dx * dx + dz * dz)
  // To the right of the way.
  const [rx, rz] = [(-dz / long) * half, (dx / long) * half]
  const corner = ([x, z]: Place, y: number, s: number): readonly [number, number, number] => [x + s * rx, y, z + s * rz]
  const at = (
    up: number,
    s: number,
  ): readonly [readonly [number, number, number], readonly [number, number, number]] => [
    corner(a, ya + up, s),
    corner(b, yb + up, s),
  ]
  const [[a0, b0], [a1, b1], [a2, b2], [a3, b3]] = [at(low, -1), at(high, -1), at(high, 1), at(low, 1)]
  mason.flat([b0, a0, a1, b1]).flat([a3, b3, b2, a2]).flat([a1, a2, b2, b1])
}

/** From a house's own metres to the land's. */
function placesOf({ x, z, turnRad }: Site): (lx: number, lz: number) => Place {
  const [c, s] = [Math.cos(turnRad), Math.sin(turnRad)]
  return (lx, lz) => [x + lx * c + lz * s, z - lx * s + lz * c]
}

/** Where the facade's shader paints the door. */
function doorOf({ kind, wide, lot }: Site): number {
  const bayM = kind === 'villa' ? 3 : kind === 'cottage' ? 2.7 : kind === 'croft' ? 2.9 : 2.6
  const bays = Math.max(kind === 'villa' ? 2 : 3, Math.round(wide / bayM))
  return (Math.min(bays - 1, Math.floor(lot * 2.99)) + 0.5 - bays / 2) * (wide / bays)
}

/** Whether a place lies in any building but one's own, or so near to it. */
function neighboursOf(list: readonly Site[]): (x: number, z: number, own: Site, roomM: number) => boolean {
  const cells = new Map<number, Site[]>()
  const keyOf = (cx: number, cz: number): number => (cx + 8192) * 16_384 + cz + 8192
  for (const site of list) {
    const key = keyOf(Math.floor(site.x / CELL_M), Math.floor(site.z / CELL_M))
    const cell = cells.get(key)
    if (cell === undefined) cells.set(key, [site])
    else cell.push(site)
  }
  return (x, z, own, roomM) => {
    const [cx, cz] = [Math.floor(x / CELL_M), Math.floor(z / CELL_M)]
    for (let a = -1; a <= 1; a++)
      for (let b = -1; b <= 1; b++)
        for (const site of cells.get(keyOf(cx + a, cz + b)) ?? []) {
          if (site === own) continue
          const [c, s] = [Math.cos(site.turnRad), Math.sin(site.turnRad)]
          const [dx, dz] = [x - site.x, z - site.z]
          if (Math.abs(dx * c - dz * s) < site.wide / 2 + roomM && Math.abs(dx * s + dz * c) < site.deep / 2 + roomM)
            return true
        }
    return false
  }
}
