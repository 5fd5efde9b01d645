import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { loadWorld } from '#maps/load'
import { createJunctions, isInside, type Junction } from './junctions.ts'
import { runsOf } from './bridges.ts'
import { FADE_STEP_M, STYLE } from './mason.ts'
import { createNearRoad } from './near-road.ts'
import { createSpot, spotAt } from './path.ts'
import { STREWN_ROW, type Chunk, type Part, type Piece } from './piece.ts'
import { SheetPlan, Prints } from './sheet.ts'
import { standBoard } from './signs.ts'
import { createSites, skylineM } from './sites.ts'
import { buildRoads } from './road.ts'
import { ROAD_STYLES } from './road-style.ts'
import { buildTown } from './town.ts'
import { createCountry, sceneLines } from './world-build.ts'
import { kitFor } from './world-kit.ts'
import { Yard } from './mason.ts'
import type { Quality } from './view-types.ts'

const WORLDS = ['thrushford', 'gannetholm', 'high-gentian', 'sorrelmere'] as const

async function worldOf(id: string, quality: Quality = 'high') {
  const file = (name: string): Buffer => readFileSync(new URL(`../../maps/worlds/${id}/${name}`, import.meta.url))
  const loaded = loadWorld(JSON.parse(file('map.json').toString('utf8')), file('course.bin'))
  if (!loaded.ok) throw new Error(loaded.error.join('; '))
  const { map, course, network } = loaded.value
  const input = { course: course.columns, network, map, quality, seed: map.scenery.seed }
  return { input, network, country: createCountry(input, await kitFor(input)) }
}

/** What people built, without ground and plants. */
function townOf({ input, network, country }: Awaited<ReturnType<typeof worldOf>>): Part[] {
  const { ways, land, plan } = country
  const { quality, seed, map } = input
  const lines = sceneLines(ways, network)
  const junctions = createJunctions(ways, network)
  const sites = createSites(ways, land, plan.places, plan.built, seed)
  return [
    ...buildRoads(ways.roads, junctions, land, lines, ROAD_STYLES[plan.built], quality),
    ...buildTown({
      ways,
      network,
      land,
      sites,
      plan,
      mapName: map.name,
      lines,
      quality,
      seed,
      junctions,
      ...country.kit,
    }),
  ]
}

const worlds = new Map(await Promise.all(WORLDS.map(async (id) => [id, await worldOf(id)] as const)))
const towns = new Map([...worlds].map(([id, world]) => [id, townOf(world)]))
const piece = (id: (typeof WORLDS)[number], name: string): Piece =>
  towns.get(id)!.find((part): part is Piece => part.kind === 'piece' && part.name === name)!
const chunks = (id: (typeof WORLDS)[number], name: string): Chunk[] =>
  towns.get(id)!.filter((part): part is Chunk => part.kind === 'chunk' && part.name === name)

describe('junctions', () => {
  it.each(['thrushford', 'gannetholm', 'high-gentian'] as const)(
    '[V20] of %s: wherever riders turn lies asphalt, at their height, and it leaves no gap to the roads',
    (id) => {
      const { network, country } = worlds.get(id)!
      const junctions = createJunctions(country.ways, network)
      expect(junctions.length).toBeGreaterThan(6)
      const spot = createSpot()
      let asked = 0
      for (const junction of junctions) {
        for (const { path, fromNode } of country.ways.connectors) {
          if (fromNode !== junction.node) continue
          for (let i = 1; i < path.count - 1; i += 3) {
            for (const share of [-0.9, 0, 0.9]) {
              spotAt(path, i, share * path.halfWidthM[i]!, spot)
              asked++
              const heightM = heightOn(junction, spot.x, spot.z)
              expect([junction.node, i, Math.abs(heightM - spot.y) < 0.16]).toEqual([junction.node, i, true])
            }
          }
        }
        // A mouth is the last ring of its road, point by point; kerbs go outwards.
        for (const arm of junction.arms) {
          for (const side of [-1, 1]) {
            spotAt(arm.road.path, arm.mouthM, side * arm.halfWidthM, spot)
            const nearest = Math.min(
              ...junction.outline.map(({ x, z }) => Math.sqrt((x - spot.x) ** 2 + (z - spot.z) ** 2)),
            )
            expect(nearest).toBeLessThan(0.01)
          }
        }
        for (const { x, z, outX, outZ, isMouth } of junction.outline)
          if (!isMouth)
            expect([junction.node, isInside(junction.outline, x + 0.4 * outX, z + 0.4 * outZ)]).toEqual([
              junction.node,
              false,
            ])
      }
      expect(asked).toBeGreaterThan(300)
    },
  )
})

/** Height of a junction's asphalt; NaN where there is none. */
function heightOn({ place: p, index }: Junction, x: number, z: number): number {
  for (let k = 0; k < index.length; k += 3) {
    const [a, b, c] = [index[k]! * 3, index[k + 1]! * 3, index[k + 2]! * 3]
    const [bx, bz, cx, cz] = [p[b]! - p[a]!, p[b + 2]! - p[a + 2]!, p[c]! - p[a]!, p[c + 2]! - p[a + 2]!]
    const over = 1 / (bx * cz - cx * bz)
    const u = ((x - p[a]!) * cz - cx * (z - p[a + 2]!)) * over
    const v = (bx * (z - p[a + 2]!) - (x - p[a]!) * bz) * over
    if (u >= -1e-6 && v >= -1e-6 && u + v <= 1 + 1e-6)
      return p[a + 1]! + u * (p[b + 1]! - p[a + 1]!) + v * (p[c + 1]! - p[a + 1]!)
  }
  return NaN
}

describe('what stands beside the road', () => {
  it.each(WORLDS)(
    '[V21] in %s: nothing that was built reaches into the room of a rider, in tunnels and under bridges neither',
    (id) => {
      const { country } = worlds.get(id)!
      const { ways } = country
      const near = createNearRoad(ways, 20)
      const aloft = ways.isAloft.includes(1) ? createNearRoad(ways, 20, true) : undefined
      let looked = 0
      for (const { attributes } of chunks(id, 'town')) {
        const position = attributes['position']!.array
        const look = attributes['look']!.array
        for (let k = 0; k < position.length; k += 3) {
          // Paint on a wall's foot and cloth in the wind may lean over the kerb, not over the lane.
          if (look[(k / 3) * 4] === STYLE.cloth) continue
          const [x, y, z] = [position[k]!, position[k + 1]!, position[k + 2]!]
          for (const roads of aloft === undefined ? [near] : [near, aloft]) {
            const away = roads.find(x, z)
            if (away === Infinity || away > ways.ground.halfWidthM[roads.index]! - 0.05) continue
            looked++
            const up = y - roads.heightM
            expect([id, Math.round(x), Math.round(z), up < 0.05 || up > 3.9]).toEqual([
              id,
              Math.round(x),
              Math.round(z),
              true,
            ])
          }
        }
      }
      expect(looked).toBeGreaterThan(10)
    },
  )

  it.each(WORLDS)(
    '[V22] houses of %s keep off every road, out of bends, and under the line from the helicopter to the riders',
    (id) => {
      const { input, country } = worlds.get(id)!
      const { ways, land, plan } = country
      const sites = createSites(ways, land, plan.places, plan.built, input.seed)
      expect(sites.list.length).toBeGreaterThan(20)
      for (const { x, z, turnRad, wide, deep, eavesM, y } of sites.list) {
        for (const a of [-0.5, 0.5]) {
          for (const b of [-0.5, 0.5]) {
            const px = x + a * wide * Math.cos(turnRad) + b * deep * Math.sin(turnRad)
            const pz = z - a * wide * Math.sin(turnRad) + b * deep * Math.cos(turnRad)
            expect(land.vergeAt(px, pz)).toBeGreaterThan(2.2)
            expect(land.shoreAt(px, pz)).toBeGreaterThan(0)
            expect(Math.abs(land.heightAt(px, pz) - y)).toBeLessThan(3.2)
            expect(eavesM).toBeLessThanOrEqual(skylineM(land.roadDistanceAt(px, pz)) + 2.5)
          }
        }
      }
      // Somebody's landmark stands where the map wants one.
      expect(sites.grounds.size).toBeGreaterThan(1)
    },
  )
  it.each(WORLDS)(
    '[V27] every bridge of %s stands on something: stone from the deck to the ground, at most 30 m on',
    (id) => {
      const { ways, land } = worlds.get(id)!.country
      const all = chunks(id, 'town')
      const spot = createSpot()
      for (const { path, isAloft } of ways.roads) {
        for (const [from, to] of runsOf(isAloft)) {
          for (let atM = from; atM <= to; atM += 5) {
            spotAt(path, atM, 0, spot)
            if (spot.y - land.heightAt(spot.x, spot.z) < 4) continue
            const stands = all.some(({ attributes: { position, look }, bounds }) => {
              if ((bounds.x - spot.x) ** 2 + (bounds.z - spot.z) ** 2 > (bounds.radiusM + 30) ** 2) return false
              const [p, style] = [position!.array, look!.array]
              for (let k = 0; k < p.length / 3; k++) {
                const [x, y, z] = [p[3 * k]!, p[3 * k + 1]!, p[3 * k + 2]!]
                if (style[4 * k] !== STYLE.stone || (x - spot.x) ** 2 + (z - spot.z) ** 2 > 900) continue
                if (y < spot.y - 3 && y < land.heightAt(x, z)) return true
              }
              return false
            })
            expect([id, atM, stands]).toEqual([id, atM, true])
          }
        }
      }
    },
  )
})

describe('boards', () => {
  it.each(WORLDS)('[V23] in %s: no writing is mirrored, on boards or on the road', (id) => {
    for (const name of ['boards', 'paint']) {
      const shape = piece(id, name).shape
      if (typeof shape === 'string') throw new Error('a shape of its own')
      const [p, n, uv] = ['position', 'normal', 'uv'].map((key) => shape.attributes[key]!.array) as [
        Float32Array,
        Float32Array,
        Float32Array,
      ]
      let asked = 0
      for (let t = 0; t + 2 < p.length / 3; t += 3) {
        // Where u and v grow in space: right × up must look out of the board.
        const at = (k: number, axis: number): number => p[3 * (t + k) + axis]! - p[3 * t + axis]!
        const [u1, v1, u2, v2] = [
          uv[2 * t + 2]! - uv[2 * t]!,
          uv[2 * t + 3]! - uv[2 * t + 1]!,
          uv[2 * t + 4]! - uv[2 * t]!,
          uv[2 * t + 5]! - uv[2 * t + 1]!,
        ]
        const area = u1 * v2 - u2 * v1
        if (Math.abs(area) < 1e-12) continue
        const cross = [
          at(1, 1) * at(2, 2) - at(1, 2) * at(2, 1),
          at(1, 2) * at(2, 0) - at(1, 0) * at(2, 2),
          at(1, 0) * at(2, 1) - at(1, 1) * at(2, 0),
        ] as const
        const facing = cross[0] * n[3 * t]! + cross[1] * n[3 * t + 1]! + cross[2] * n[3 * t + 2]!
        asked++
        expect([name, t, area > 0, facing > 0]).toEqual([name, t, true, true])
      }
      expect(asked).toBeGreaterThan(name === 'boards' ? 100 : 4)
    }
  })

  it('[V102] a house at the end of a row has windows on its open side, and a house within a row has none', () => {
    const { input, country } = worlds.get('thrushford')!
    const sites = createSites(country.ways, country.land, country.plan.places, country.plan.built, input.seed)
    const rows = sites.list.filter(({ kind }) => kind === 'terrace')
    const houseAt = (x: number, z: number): boolean =>
      rows.some((other) => {
        const [c, s] = [Math.cos(other.turnRad), Math.sin(other.turnRad)]
        const [dx, dz] = [x - other.x, z - other.z]
        return Math.abs(dx * c - dz * s) < other.wide / 2 && Math.abs(dx * s + dz * c) < other.deep / 2
      })
    const count = [0, 0]
    for (const { x, z, wide, turnRad, openSides = 0 } of rows) {
      for (const [bit, side] of [
        [1, 1],
        [2, -1],
      ] as const) {
        const away = side * (wide / 2 + 0.5)
        const isOpen = (openSides & bit) !== 0
        count[isOpen ? 1 : 0]!++
        if (isOpen) expect(houseAt(x + away * Math.cos(turnRad), z - away * Math.sin(turnRad))).toBe(false)
      }
    }
    expect(count[0]).toBeGreaterThan(1000)
    expect(count[1]).toBeGreaterThan(20)
  })

  it('[V23] a sign looks at who rides towards it: normal · direction is −1', () => {
    const boards = new Prints()
    const cell = new SheetPlan().cell(64, 64, { kind: 'text', text: '100 m', ground: '#fff', ink: '#000' })
    const [lookX, lookZ] = [0.6, -0.8]
    standBoard(
      { yard: new Yard(), boards },
      { spot: { ...createSpot(), x: 3, y: 2, z: 1 }, lookX, lookZ, cell, wideM: 1, tallM: 1, upM: 1 },
    )
    const [nx, , nz] = boards.normal
    expect(nx! * lookX + nz! * lookZ).toBeCloseTo(-1)
    // Its left edge lies to the left of who reads it: left of a direction is (dz, −dx).
    const left = (boards.position[0]! - 3) * lookZ - (boards.position[2]! - 1) * lookX
    expect(left).toBeGreaterThan(0)
    expect(boards.uv[0]).toBeLessThan(boards.uv[2]!)
  })

  it.each(WORLDS)('[V24] the sheet of %s has room for everything that is written', (id) => {
    const { attributes } = piece(id, 'boards').shape as Exclude<Piece['shape'], string>
    const uv = attributes['uv']!.array
    // What does not fit would have a cell of no size.
    for (let k = 0; k < uv.length; k += 12) expect(uv[k] === uv[k + 2] && uv[k + 1] === uv[k + 5]).toBe(false)
  })
})

describe('budgets', () => {
  it.each([
    ['high', 230_000],
    ['medium', 105_000],
    ['low', 40_000],
  ] as const)(
    '[V25] of tier %s: from every place of every world at most so many triangles, shadows included',
    async (quality, most) => {
      // The town is the fullest; the others are asked in their best dress only.
      for (const id of quality === 'high' ? WORLDS : (['thrushford'] as const)) {
        const world = quality === 'high' ? worlds.get(id)! : await worldOf(id, quality)
        const parts = quality === 'high' ? towns.get(id)! : townOf(world)
        const { tape } = world.country.ways
        let worst = 0
        for (let m = 0; m < tape.lengthM; m += 487) {
          const spot = spotAt(tape, m, 0, createSpot())
          worst = Math.max(worst, seenFrom(parts, spot, SHADOW_M[quality]))
        }
        expect([id, quality, worst <= most, worst]).toEqual([id, quality, true, worst])
      }
    },
  )
})

it.each(['low', 'high'] as const)(
  '[V26] at %s all that was built knows from where on it is not drawn, and is gone before',
  async (quality) => {
    const parts = quality === 'high' ? towns.get('gannetholm')! : townOf(await worldOf('gannetholm', quality))
    let asked = 0
    for (const part of parts) {
      if (part.kind !== 'chunk' || (part.name !== 'town' && part.name !== 'trim')) continue
      const { array } = part.attributes['color']!
      for (let k = 3; k < array.length; k += 4) {
        asked++
        const goneM = array[k] === 255 ? Infinity : array[k]! * FADE_STEP_M
        const isRight =
          goneM === Infinity ? part.farM >= 255 * FADE_STEP_M : goneM <= part.farM && goneM > part.farM - FADE_STEP_M
        if (!isRight) expect([part.name, part.farM, goneM]).toEqual([part.name, part.farM, 'just before'])
      }
    }
    expect(asked).toBeGreaterThan(1000)
  },
)

/** Half the side of the square with shadows, as `scene.ts` has it, m. */
const SHADOW_M = { high: 62, medium: 42, low: 0 } as const

/** Triangles of a frame: chunks in a field of view of 70° to either side of the look and near enough, those in the light's square twice, people. */
function seenFrom(
  parts: readonly Part[],
  { x, z, dirX, dirZ }: ReturnType<typeof createSpot>,
  shadowM: number,
): number {
  const hasShadows = shadowM > 0
  let triangles = 0
  for (const part of parts) {
    if (part.kind === 'piece' && typeof part.shape !== 'string' && (part.name === 'boards' || part.name === 'paint'))
      triangles += part.shape.attributes['position']!.array.length / 9
    if (part.kind === 'strewn' && part.name === 'people') {
      const left = part.levels.map(({ countMax }) => countMax ?? Infinity)
      for (let k = 0; k < part.count; k++) {
        const [dx, dz] = [part.table[k * STREWN_ROW + 12]! - x, part.table[k * STREWN_ROW + 14]! - z]
        const level = part.levels.findIndex(({ toM }, l) => dx * dx + dz * dz < toM * toM && left[l]! > 0)
        if (level < 0) continue
        left[level]!--
        triangles +=
          (part.levels[level]!.shape.attributes['position']!.array.length / 9) *
          (hasShadows && part.levels[level]!.hasShadow ? 2 : 1)
      }
    }
    if (part.kind !== 'chunk') continue
    const { bounds, farM, index, name } = part
    const [dx, dz] = [bounds.x - x, bounds.z - z]
    const away = Math.sqrt(dx * dx + dz * dz)
    if (away > farM + bounds.radiusM) continue
    const ahead = dx * dirX + dz * dirZ
    const aside = Math.abs(-dx * dirZ + dz * dirX)
    // 44° to either side is what a screen of 16 : 9 shows at 56° of height.
    if (ahead > -bounds.radiusM && aside * 0.72 - ahead * 0.69 < bounds.radiusM) triangles += index.length / 3
    if (hasShadows && name === 'town' && away < shadowM * 1.42 + bounds.radiusM) triangles += index.length / 3
  }
  return triangles
}
