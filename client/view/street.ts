import { createRandom } from '#physics/random'
import { extrude } from './extrude.ts'
import { FACE, STYLE, type Mason } from './mason.ts'
import type { Carriageway } from './carriageways.ts'
import { createSpot, halfWidthAt, sampleAt, spotAt, type Spot } from './path.ts'
import { PAVEMENT_M } from './road.ts'
import type { Works } from './works.ts'

const LAMP_EVERY_M = 30
const POST_EVERY_M = 50
const RAIL_EVERY_M = 4
const RAIL_RUN_MIN = 5
const GATE_REACH_M = 110

/** What stands along roads for those who use them: benches and tubs in town, posts and rails outside. */
export function layStreets(works: Works): void {
  const random = createRandom(works.seed ^ 0x57ee)
  for (const road of works.ways.roads) {
    townside(road, works, () => random.fraction())
    posts(road, works)
    bunting(road, works)
    rails(road, works)
  }
  for (const { island, arms } of works.junctions) {
    if (island === undefined || island.radiusM < 2.4 || arms.length < 2) continue
    works.yard
      .at('mass', island.x, island.z)
      .at(island.x, island.y, island.z)
      .ink(0x4d6a2c, STYLE.hedge)
      .lathe(
        0,
        0,
        [
          [island.radiusM * 0.5, 0],
          [island.radiusM * 0.4, 0.7],
          [0, 0.8],
        ],
        9,
      )
  }
}

/** Away from junctions by so much: corners stay free. */
function isClear(road: Carriageway, atM: number, byM: number): boolean {
  return road.path.isLoop || (atM > byM && atM < road.path.lengthM - byM)
}

function townside(road: Carriageway, { land, yard, lines }: Works, chance: () => number): void {
  const { path, isAloft } = road
  const spot = createSpot()
  let k = 0
  for (let atM = 8; atM < path.lengthM - 8; atM += LAMP_EVERY_M, k++) {
    spotAt(path, atM, 0, spot)
    if (!land.isTown(spot.x, spot.z)) continue
    const side = k % 2 === 0 ? 1 : -1
    if (isAloft[Math.floor(atM)] === 1) continue
    const other = (m: number, out: number): Mason => {
      spotAt(path, atM + m, side * (halfWidthAt(path, atM + m) + out), spot)
      return stand(yard.at('detail', spot.x, spot.z), spot, side, 0.15)
    }
    const lot = chance()
    // Where barriers and crowd are, at lines, nothing else stands on the pavement.
    if (!isClear(road, atM, 22) || lines.some((line) => line.path === path && Math.abs(line.atM - atM) < GATE_REACH_M))
      continue
    if (lot < 0.22) bench(other(5, 1.9))
    else if (lot < 0.42) bicycles(other(9, 1.45), chance())
    else if (lot < 0.55) tub(other(12, 0.6))
    else if (lot < 0.64) pillarBox(other(7, 0.6))
    if (chance() < 0.3) for (let j = 0; j < 4; j++) bollard(other(16 + 2.2 * j, 0.35))
    if (k % 9 === 4) shelter(other(15, 2))
  }
}

/** A mason on the pavement beside a road: +z looks at the road, +x along the kerb. */
function stand(mason: Mason, { x, y, z, dirX, dirZ }: Spot, side: number, upM: number): Mason {
  return mason.at(x, y + upM, z, Math.atan2(side * dirZ, -side * dirX))
}

function bench(mason: Mason): void {
  mason
    .ink(0x7a5836, STYLE.boards)
    .box(0, 0.42, 0, 1.8, 0.07, 0.45, FACE.all)
    .box(0, 0.6, -0.22, 1.8, 0.36, 0.06, FACE.all)
  mason.ink(0x24302c, STYLE.steel)
  for (const x of [-0.75, 0.75]) mason.box(x, 0, 0, 0.07, 0.44, 0.4, FACE.sides)
}

function bicycles(mason: Mason, lot: number): void {
  const count = 2 + Math.floor(lot * 2.99)
  for (let k = 0; k < count; k++) {
    const x = k * 0.75
    mason.ink([0xb23a2e, 0x2d4f86, 0x2f6f5e, 0xc98a2b][(k + Math.floor(lot * 40)) % 4]!, STYLE.steel)
    mason
      .bar(x, 0.36, -0.5, x, 0.86, -0.1, 0.025, 3)
      .bar(x, 0.86, -0.1, x, 0.84, 0.42, 0.025, 3)
      .bar(x, 0.86, -0.1, x, 0.3, 0.02, 0.025, 3)
      .bar(x, 0.3, 0.02, x, 0.84, 0.42, 0.025, 3)
    mason.ink(0x1d1f22)
    for (const z of [-0.5, 0.52])
      for (let j = 0; j < 8; j++) {
        const [a, b] = [(j / 8) * 6.2832, ((j + 1) / 8) * 6.2832]
        mason.bar(
          x,
          0.35 + 0.33 * Math.cos(a),
          z + 0.33 * Math.sin(a),
          x,
          0.35 + 0.33 * Math.cos(b),
          z + 0.33 * Math.sin(b),
          0.02,
          3,
        )
      }
    mason
      .bar(x, 0.84, 0.42, x, 0.35, 0.52, 0.02, 3)
      .bar(x - 0.24, 0.98, 0.4, x + 0.24, 0.98, 0.4, 0.02, 3)
      .box(x, 0.9, -0.16, 0.14, 0.05, 0.26)
  }
  mason
    .ink(0x9a9fa2, STYLE.steel)
    .bar(-0.3, 0.55, 0.2, count * 0.75, 0.55, 0.2, 0.03, 4)
    .bar(-0.3, 0, 0.2, -0.3, 0.55, 0.2, 0.03, 4)
}

function tub(mason: Mason): void {
  mason.ink(0x6a655c, STYLE.concrete).lathe(
    0,
    0,
    [
      [0.4, 0],
      [0.55, 0.55],
      [0.48, 0.55],
      [0, 0.5],
    ],
    8,
  )
  mason.ink(0x4d6a2c, STYLE.hedge).lathe(
    0,
    0,
    [
      [0.5, 0.5],
      [0.6, 0.85],
      [0.3, 1.15],
      [0, 1.2],
    ],
    7,
  )
  for (let k = 0; k < 4; k++)
    mason.ink([0xd8485a, 0xe8b23a, 0xe9e2d0, 0xc84a9a][k]!).lathe(
      0.34 * Math.sin(k * 1.6),
      0.34 * Math.cos(k * 1.6),
      [
        [0.09, 1.02],
        [0.1, 1.12],
        [0, 1.18],
      ],
      4,
    )
}

function pillarBox(mason: Mason): void {
  mason.ink(0x2d5f52).lathe(
    0,
    0,
    [
      [0.26, 0],
      [0.24, 1.2],
      [0.3, 1.25],
      [0.28, 1.35],
      [0, 1.45],
    ],
    8,
  )
}

function bollard(mason: Mason): void {
  mason.ink(0x24302c, STYLE.steel).lathe(
    0,
    0,
    [
      [0.1, 0],
      [0.08, 0.8],
      [0.11, 0.84],
      [0, 0.95],
    ],
    6,
  )
}

function shelter(mason: Mason): void {
  mason.ink(0x2c3a36, STYLE.steel)
  for (const x of [-1.7, 1.7]) for (const z of [-0.5, 0.5]) mason.box(x, 0, z, 0.08, 2.4, 0.08, FACE.sides)
  mason.box(0, 2.4, 0.1, 3.8, 0.1, 1.7, FACE.all)
  mason.ink(0xa8c4cc, STYLE.glass).box(0, 0.3, -0.5, 3.4, 1.9, 0.03, FACE.front | FACE.back)
  mason.ink(0x7a5836, STYLE.boards).box(0, 0.45, -0.25, 2.6, 0.07, 0.35, FACE.all)
}

const BUNTING_EVERY_M = 34
const PENNANTS = 15
const PENNANT_INKS = [0xc8401c, 0xf2e6c4, 0x2d4f86, 0xe0a52e, 0x2a7f62] as const

/** Where houses stand on both sides of a street: pennants from eaves to eaves, as for a day of racing. */
function bunting({ path, isAloft, isRoofed }: Carriageway, { land, sites, yard }: Works): void {
  const spot = createSpot()
  for (let atM = 30; atM < path.lengthM - 30; atM += BUNTING_EVERY_M) {
    const i = sampleAt(path, atM)
    if (isAloft[i] === 1 || isRoofed[i] === 1) continue
    const out = path.halfWidthM[i]! + PAVEMENT_M
    const hasWalls = [-1, 1].every((side) => {
      spotAt(path, atM, side * (out + 1), spot)
      return land.isTown(spot.x, spot.z) && sites.hasTerrace(spot.x, spot.z)
    })
    if (!hasWalls) continue
    spotAt(path, atM, 0, spot)
    const mason = yard.at('plot', spot.x, spot.z).at(spot.x, spot.y, spot.z, Math.atan2(spot.dirX, spot.dirZ))
    const at = (k: number): readonly [number, number] => {
      const t = (k / PENNANTS) * 2 - 1
      return [t * (out + 0.1), 4.75 + 0.75 * t * t]
    }
    for (let k = 0; k < PENNANTS; k++) {
      const [[ax, ay], [bx, by]] = [at(k), at(k + 1)]
      mason.ink(PENNANT_INKS[(k + Math.floor(atM / 3)) % PENNANT_INKS.length]!).sheet([
        [ax + 0.06, ay, 0],
        [bx - 0.06, by, 0],
        [(ax + bx) / 2, (ay + by) / 2 - 0.46, 0.03],
      ])
      if (k % 3 === 0) {
        const [cx, cy] = at(Math.min(PENNANTS, k + 3))
        mason.ink(0xe9e6dc).bar(ax, ay, 0, cx, cy, 0, 0.018, 3)
      }
    }
  }
}

/** White posts with a dark band; at night their studs shine. */
function posts(road: Carriageway, { land, yard, style }: Works): void {
  const { path, surface } = road
  const spot = createSpot()
  for (let atM = 22; atM < path.lengthM - 20; atM += POST_EVERY_M) {
    spotAt(path, atM, 0, spot)
    const i = Math.min(path.count - 1, Math.floor(atM))
    if (land.isTown(spot.x, spot.z) || road.isAloft[i] === 1 || road.isRoofed[i] === 1 || surface[i] === 3) continue
    for (const side of [-1, 1]) {
      spotAt(path, atM, side * (path.halfWidthM[i]! + 0.92), spot)
      if (land.isPad(spot.x, spot.z) || land.vergeAt(spot.x, spot.z) < 0.6) continue
      const mason = yard.at('detail', spot.x, spot.z).at(spot.x, spot.y - 0.5, spot.z, Math.atan2(spot.dirX, spot.dirZ))
      mason.ink(style.postColor).box(0, 0, 0, 0.12, 1.12, 0.1, FACE.sides)
      mason.ink(0x1e2226).box(0, 1.12, 0, 0.125, 0.2, 0.105, FACE.sides)
      mason.ink(style.postColor).box(0, 1.32, 0, 0.12, 0.14, 0.1)
      mason.ink(0xffb347, STYLE.lamp).box(0, 1.17, 0, 0.07, 0.1, 0.125, FACE.front | FACE.back)
    }
  }
}

/** Where the ground falls away, and outside of tight bends: beams of steel, dry walls or timber, as the country has them. */
function rails(road: Carriageway, { land, yard, style }: Works): void {
  const { path, isAloft, isRoofed } = road
  const spot = createSpot()
  const steps = Math.floor(path.lengthM / RAIL_EVERY_M)
  for (const side of [-1, 1]) {
    const isSteep: boolean[] = []
    for (let k = 0; k < steps; k++) {
      const i = Math.min(path.count - 1, Math.floor(k * RAIL_EVERY_M))
      spotAt(path, k * RAIL_EVERY_M, side * (path.halfWidthM[i]! + 8), spot)
      const isOwn =
        isAloft[i] === 0 &&
        isRoofed[i] === 0 &&
        land.vergeAt(spot.x, spot.z) > 5 &&
        !land.isTown(spot.x, spot.z) &&
        !land.isPad(spot.x, spot.z)
      // Outside a hairpin even a gentle slope gets one.
      const dropM = -side * path.bendPerM[i]! > 1 / 45 ? 0.1 : 1
      isSteep.push(isOwn && land.heightAt(spot.x, spot.z) < spot.y - dropM)
    }
    for (let k = 0; k < steps; k++) {
      if (!isSteep[k]) continue
      let end = k
      while (end < steps && (isSteep[end] || isSteep[end + 1] || isSteep[end + 2])) end++
      if (end - k >= RAIL_RUN_MIN) run(side, k * RAIL_EVERY_M, Math.min(end, steps - 1) * RAIL_EVERY_M)
      k = end
    }
  }

  function run(side: number, fromM: number, toM: number): void {
    const sink = (atM: number): number => (style.rail === 'wall' ? 0 : atM === fromM || atM === toM ? 0.8 : 0)
    const outline = (atM: number, shape: readonly (readonly [number, number])[]): [number, number][] => {
      const half = halfWidthAt(path, atM)
      const at = shape.map(([out, up]): [number, number] => [side * (half + out), up - sink(atM)])
      return side > 0 ? at : at.toReversed()
    }
    const common = { path, fromM, toM, everyM: RAIL_EVERY_M, color: style.railColor }
    if (style.rail === 'wall') {
      extrude(yard, {
        ...common,
        style: STYLE.stone,
        outlineAt: (atM) =>
          outline(atM, [
            [0.8, -0.7],
            [0.86, 0.72],
            [1.3, 0.72],
            [1.4, -1.2],
          ]),
      })
      return
    }
    if (style.rail === 'timber') {
      for (const up of [0.42, 0.8])
        extrude(yard, {
          ...common,
          style: STYLE.boards,
          outlineAt: (atM) =>
            outline(atM, [
              [0.84, up - 0.1],
              [0.84, up + 0.1],
              [0.96, up + 0.1],
              [0.96, up - 0.1],
            ]),
        })
    } else {
      extrude(yard, {
        ...common,
        style: STYLE.steel,
        outlineAt: (atM) =>
          outline(atM, [
            [0.75, 0.46],
            [0.7, 0.54],
            [0.77, 0.62],
            [0.7, 0.7],
            [0.75, 0.78],
            [0.8, 0.78],
            [0.8, 0.46],
          ]),
      })
    }
    for (let atM = fromM + RAIL_EVERY_M; atM < toM; atM += RAIL_EVERY_M) {
      spotAt(path, atM, side * (halfWidthAt(path, atM) + (style.rail === 'timber' ? 1.04 : 0.88)), spot)
      const mason = yard.at('detail', spot.x, spot.z).at(spot.x, spot.y - 1.3, spot.z, Math.atan2(spot.dirX, spot.dirZ))
      mason
        .ink(style.rail === 'timber' ? 0x7a6248 : 0x8f9396, style.rail === 'timber' ? STYLE.boards : STYLE.steel)
        .box(0, 0, 0, 0.14, 1.3 + (style.rail === 'timber' ? 0.98 : 0.74), 0.14, FACE.most)
    }
  }
}
