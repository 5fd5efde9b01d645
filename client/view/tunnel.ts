import type { Carriageway } from './carriageways.ts'
import { extrude } from './extrude.ts'
import { FACE, STYLE } from './mason.ts'
import { createSpot, halfWidthAt, spotAt } from './path.ts'
import type { Works } from './works.ts'

const EVERY_M = 4
/** From the asphalt to a tunnel's lining, its clear height, the rock over it, m. */
export const LINING_OUT_M = 0.95
export const LINING_UP_M = 5.1
const ROOF_M = 0.9

/** A lining to ride through, rock and turf over it, a stone portal at either end, lamps along its crown. */
export function tunnel({ path }: Carriageway, from: number, to: number, { yard, boards, sheet }: Works): void {
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
