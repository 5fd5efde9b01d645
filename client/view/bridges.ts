import type { Carriageway } from './carriageways.ts'
import { extrude } from './extrude.ts'
import { FACE, STYLE } from './mason.ts'
import { createSpot, halfWidthAt, spotAt } from './path.ts'
import { FOOTWAY_M } from './road.ts'
import { planLamps } from './lamp-plan.ts'
import type { Works } from './works.ts'

const EVERY_M = 4
const PARAPET_UP_M = 1.15
const PARAPET_WIDE_M = 0.34
const DECK_M = 1.15
const PIER_EVERY_M = 24
/** A pier stands where the ground lies at least this far below, and no road passes. */
const PIER_TALL_MIN_M = 2.4
const PIER_CLEAR_M = 2.2
/** From the asphalt to a tunnel's lining, its clear height, the rock over it, m. */
export const LINING_OUT_M = 0.95
export const LINING_UP_M = 5.1
const ROOF_M = 0.9

/** Decks, parapets and piers where a road is carried, linings, portals and lamps where it goes under. */
export function layBridges(works: Works): void {
  // Where light comes from in a tunnel a lamp hangs from its crown.
  for (const { x, y, z, inX, inZ, upM, isRoofed } of planLamps(works.ways, () => false)) {
    if (!isRoofed) continue
    const mason = works.yard.at('detail', x, z).at(x, y + upM, z, Math.atan2(inX, inZ))
    mason.ink(0xfff2cf, STYLE.glow).box(0, 0, 0, 0.9, 0.09, 0.26, FACE.all)
    mason
      .ink(0x4a4d50, STYLE.steel)
      .box(0, 0.09, 0, 1, 0.08, 0.34, FACE.all)
      .box(-0.4, 0.15, 0, 0.04, 0.8, 0.04, FACE.sides)
      .box(0.4, 0.15, 0, 0.04, 0.8, 0.04, FACE.sides)
  }
  for (const road of works.ways.roads) {
    for (const [from, to] of runsOf(road.isAloft)) span(road, from, to, works)
    for (const [from, to] of runsOf(road.isRoofed)) tunnel(road, from, to, works)
  }
}

export function runsOf(marks: Uint8Array): (readonly [from: number, to: number])[] {
  const runs: (readonly [number, number])[] = []
  for (let i = 0; i < marks.length; i++) {
    if (marks[i] === 0) continue
    let end = i
    while (end + 1 < marks.length && marks[end + 1] === 1) end++
    runs.push([i, end])
    i = end
  }
  return runs
}

function span({ path }: Carriageway, from: number, to: number, { yard, land, plan }: Works): void {
  const isStone = plan.built !== 'plain'
  const [color, style] = isStone ? [0xa79d8a, STYLE.stone] : [0xb3aa98, STYLE.concrete]
  const half = (atM: number): number => halfWidthAt(path, atM) + FOOTWAY_M
  for (const side of [-1, 1]) {
    extrude(yard, {
      ...{ path, fromM: from, toM: to, everyM: EVERY_M, color, style },
      outlineAt: (atM) => {
        const inner = half(atM)
        const out = inner + PARAPET_WIDE_M
        const wall = [
          [inner, -0.3],
          [inner, PARAPET_UP_M],
          [out, PARAPET_UP_M],
          [out, -DECK_M + 0.35],
          [out + 0.14, -DECK_M + 0.3],
          [out + 0.14, -DECK_M],
        ] as const
        return side > 0 ? wall : wall.map(([l, u]) => [-l, u] as const).toReversed()
      },
    })
    // A coping, and posts with lamps over the heads.
    extrude(yard, {
      ...{ path, fromM: from, toM: to, everyM: EVERY_M, color: 0xd6cdbb, style: STYLE.plain },
      outlineAt: (atM) => {
        const inner = half(atM) - 0.05
        const cap = [
          [inner, PARAPET_UP_M],
          [inner, PARAPET_UP_M + 0.13],
          [inner + PARAPET_WIDE_M + 0.1, PARAPET_UP_M + 0.13],
          [inner + PARAPET_WIDE_M + 0.1, PARAPET_UP_M],
        ] as const
        return side > 0 ? cap : cap.map(([l, u]) => [-l, u] as const).toReversed()
      },
    })
  }
  extrude(yard, {
    ...{ path, fromM: from, toM: to, everyM: EVERY_M, color: 0x7d766a, style: STYLE.concrete },
    outlineAt: (atM) => {
      const out = half(atM) + PARAPET_WIDE_M + 0.14
      return [
        [out, -DECK_M],
        [-out, -DECK_M],
      ]
    },
  })
  const spot = createSpot()
  // Where parapets begin and end stands a pillar.
  for (const atM of [from, to])
    for (const side of [-1, 1]) {
      spotAt(path, atM, side * (half(atM) + PARAPET_WIDE_M / 2 + 0.05), spot)
      const mason = yard.at('mass', spot.x, spot.z).at(spot.x, spot.y - 1.6, spot.z, Math.atan2(spot.dirX, spot.dirZ))
      mason.ink(color, STYLE.stone).box(0, 0, 0, 0.74, 3, 0.74, FACE.sides)
      mason
        .ink(0xd6cdbb)
        .box(0, 3, 0, 0.9, 0.16, 0.9, FACE.all)
        .lathe(
          0,
          0,
          [
            [0.34, 3.16],
            [0.12, 3.4],
            [0, 3.42],
          ],
          4,
          Math.PI / 4,
        )
    }
  const piers: number[] = []
  for (let atM = from + PIER_EVERY_M / 2; atM < to; atM += PIER_EVERY_M) {
    const wide = halfWidthAt(path, atM) * 1.7
    spotAt(path, atM, 0, spot)
    const groundM = land.heightAt(spot.x, spot.z)
    const tallM = spot.y - DECK_M - groundM
    if (tallM < PIER_TALL_MIN_M || land.vergeAt(spot.x, spot.z) < PIER_CLEAR_M) continue
    piers.push(atM)
    const mason = yard.at('mass', spot.x, spot.z).at(spot.x, groundM - 3, spot.z, Math.atan2(spot.dirX, spot.dirZ))
    mason.ink(color, STYLE.stone).box(0, 0, 0, wide, tallM + 3 - 0.7, 1.5, FACE.sides)
    mason.ink(0xc2b8a4).box(0, tallM + 3 - 0.7, 0, wide + 0.8, 0.72, 2.1)
    // Cutwaters.
    for (const end of [-1, 1]) {
      const x = end * (wide / 2)
      const tip = end * (wide / 2 + 0.9)
      mason.ink(color, STYLE.stone)
      const h = tallM + 1.4
      mason.flat(
        end > 0
          ? [
              [x, 0, 0.75],
              [tip, 0, 0],
              [tip, h, 0],
              [x, h, 0.75],
            ]
          : [
              [tip, 0, 0],
              [x, 0, 0.75],
              [x, h, 0.75],
              [tip, h, 0],
            ],
      )
      mason.flat(
        end > 0
          ? [
              [tip, 0, 0],
              [x, 0, -0.75],
              [x, h, -0.75],
              [tip, h, 0],
            ]
          : [
              [x, 0, -0.75],
              [tip, 0, 0],
              [tip, h, 0],
              [x, h, -0.75],
            ],
      )
    }
  }
  // Between two piers an arch hangs under the deck.
  for (let k = 0; k + 1 < piers.length; k++) arch(piers[k]! + 0.7, piers[k + 1]! - 0.7)

  function arch(fromM: number, toM: number): void {
    for (const side of [-1, 1]) {
      extrude(yard, {
        ...{ path, fromM, toM, everyM: 3, color, style: STYLE.stone },
        outlineAt: (atM) => {
          const t = (atM - fromM) / (toM - fromM)
          const sag = DECK_M + 3.4 * (1 - Math.sqrt(Math.max(0, 1 - (2 * t - 1) ** 2)))
          const out = half(atM) + PARAPET_WIDE_M + 0.05
          return side > 0
            ? [
                [out, -DECK_M],
                [out, -sag - 0.45],
              ]
            : [
                [-out, -sag - 0.45],
                [-out, -DECK_M],
              ]
        },
      })
    }
    extrude(yard, {
      ...{ path, fromM, toM, everyM: 3, color: 0x8d8574, style: STYLE.stone },
      outlineAt: (atM) => {
        const t = (atM - fromM) / (toM - fromM)
        const sag = DECK_M + 3.4 * (1 - Math.sqrt(Math.max(0, 1 - (2 * t - 1) ** 2))) + 0.45
        const out = half(atM) + PARAPET_WIDE_M + 0.05
        return [
          [out, -sag],
          [-out, -sag],
        ]
      },
    })
  }
}

/** A lining to ride through, rock and turf over it, a stone portal at either end, lamps along its crown. */
function tunnel({ path }: Carriageway, from: number, to: number, { yard, boards, sheet }: Works): void {
  const inner = (atM: number): [number, number][] => {
    const out = halfWidthAt(path, atM) + LINING_OUT_M
    return [
      [-out, -0.3],
      [-out, 3],
      [-out * 0.82, 4.3],
      [-out * 0.45, LINING_UP_M],
      [out * 0.45, LINING_UP_M],
      [out * 0.82, 4.3],
      [out, 3],
      [out, -0.3],
    ]
  }
  extrude(yard, {
    path,
    fromM: from,
    toM: to,
    everyM: EVERY_M,
    color: 0xa8a296,
    style: STYLE.lining,
    outlineAt: (atM) => inner(atM).toReversed(),
  })
  // White tiles to the height of a shoulder show the walls.
  for (const side of [-1, 1]) {
    extrude(yard, {
      ...{ path, fromM: from, toM: to, everyM: EVERY_M, color: 0xd8d6cc, style: STYLE.linedTiles },
      outlineAt: (atM) => {
        const out = halfWidthAt(path, atM) + LINING_OUT_M - 0.03
        return side > 0
          ? [
              [out, 0.1],
              [out, 1.5],
            ]
          : [
              [-out, 1.5],
              [-out, 0.1],
            ]
      },
    })
  }
  extrude(yard, {
    ...{ path, fromM: from, toM: to, everyM: EVERY_M, color: 0x7a7c5a, style: STYLE.turf },
    outlineAt: (atM) => {
      const out = halfWidthAt(path, atM) + LINING_OUT_M
      return [
        [-out - 7, -3],
        [-out - 3.2, 3],
        [-out - 1, LINING_UP_M + ROOF_M],
        [out + 1, LINING_UP_M + ROOF_M + 0.2],
        [out + 3.2, 3],
        [out + 7, -3],
      ]
    },
  })
  const spot = createSpot()
  for (const [atM, sign] of [
    [from, 1],
    [to, -1],
  ] as const) {
    spotAt(path, atM, 0, spot)
    const turn = Math.atan2(-sign * spot.dirX, -sign * spot.dirZ)
    const mason = yard.at('mass', spot.x, spot.z).at(spot.x, spot.y, spot.z, turn).ink(0xa09884, STYLE.stone)
    // A face of stone round the opening, voussoirs over it, wings against the slope.
    const ring = inner(atM)
    const out = halfWidthAt(path, atM) + LINING_OUT_M
    const [w, top] = [out + 3.6, LINING_UP_M + 1.9]
    const edge: [number, number][] = [
      [-w, -2],
      [-w, 3.2],
      [-out - 1.2, top],
      [-out * 0.45, top + 0.3],
      [out * 0.45, top + 0.3],
      [out + 1.2, top],
      [w, 3.2],
      [w, -2],
    ]
    for (let k = 0; k + 1 < ring.length; k++) {
      const [a, b, c, d] = [ring[k]!, ring[k + 1]!, edge[k + 1]!, edge[k]!]
      mason.sheet(
        [
          [a[0], a[1], 0.25],
          [b[0], b[1], 0.25],
          [c[0], c[1], 0.25],
          [d[0], d[1], 0.25],
        ].toReversed() as [number, number, number][],
      )
      mason.sheet([
        [a[0], a[1], 0.25],
        [b[0], b[1], 0.25],
        [b[0], b[1], -0.5],
        [a[0], a[1], -0.5],
      ])
    }
    mason.ink(0xd0c6b0).box(0, top + 0.2, 0.1, out * 1.2, 0.32, 0.9, FACE.all)
    const cell = sheet.cell(384, 64, { kind: 'text', text: 'GENTIAN GALLERY', ground: '#6d665a', ink: '#f1ead8' })
    boards.board({
      cell,
      x: spot.x - sign * spot.dirX * 0.3,
      y: spot.y + top - 0.75,
      z: spot.z - sign * spot.dirZ * 0.3,
      rightX: -sign * spot.dirZ,
      rightZ: sign * spot.dirX,
      wideM: 4.2,
      tallM: 0.7,
    })
  }
}
