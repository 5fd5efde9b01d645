import type { Carriageway } from './carriageways.ts'
import { extrude } from './extrude.ts'
import { FACE, STYLE } from './mason.ts'
import { createSpot, halfWidthAt, spotAt } from './path.ts'
import { FOOTWAY_M } from './road.ts'
import { tunnel } from './tunnel.ts'
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
  // Between the banks, where the ground lies far enough below.
  const isOpen = (atM: number): boolean => {
    spotAt(path, atM, 0, spot)
    return spot.y - DECK_M - land.heightAt(spot.x, spot.z) >= PIER_TALL_MIN_M
  }
  let [near, far] = [from, to]
  while (near < far && !isOpen(near)) near++
  while (far > near && !isOpen(far)) far--
  if (far - near < 6) return
  for (const [bankM, endM] of [
    [near, from],
    [far, to],
  ] as const)
    abutment(bankM, endM)
  const supports = [near]
  let lastM = near
  for (let atM = near + 5; atM < far - 5; atM++) {
    const wide = halfWidthAt(path, atM) * 1.7
    spotAt(path, atM, 0, spot)
    const groundM = land.heightAt(spot.x, spot.z)
    const tallM = spot.y - DECK_M - groundM
    const isFree = (m: number): boolean =>
      [-1, 0, 1].every((side) => {
        const { x, z } = spotAt(path, m, (side * wide) / 2, createSpot())
        return land.vergeAt(x, z) >= PIER_CLEAR_M
      })
    // Evenly, but on either side of a road that passes under it.
    const isBrink = (!isFree(atM + 1) && isFree(atM)) || (isFree(atM) && !isFree(atM - 1))
    if (!isFree(atM) || (!isBrink && atM - lastM < PIER_EVERY_M) || atM - lastM < 3 || (!isBrink && far - atM < 12))
      continue
    lastM = atM
    supports.push(atM)
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
  supports.push(far)
  // From one to the next an arch hangs under the deck.
  for (let k = 0; k + 1 < supports.length; k++)
    if (supports[k + 1]! - supports[k]! > 5) arch(supports[k]! + 0.7, supports[k + 1]! - 0.7)

  /** A wall across under the end of the deck, and wings that hold the bank behind it. */
  function abutment(bankM: number, endM: number): void {
    const out = half(bankM) + PARAPET_WIDE_M + 0.1
    spotAt(path, bankM, 0, spot)
    const footM = land.heightAt(spot.x, spot.z) - 4
    const mason = yard.at('mass', spot.x, spot.z).at(spot.x, footM, spot.z, Math.atan2(spot.dirX, spot.dirZ))
    const tallM = spot.y - DECK_M - footM
    mason.ink(color, STYLE.stone).box(0, 0, 0, 2 * out + 0.3, tallM, 1.6, FACE.sides)
    mason.ink(0xc2b8a4).box(0, tallM - 0.5, 0, 2 * out + 0.7, 0.5, 2, FACE.all)
    const [fromM, toM] = bankM < endM ? [bankM, endM] : [endM, bankM]
    for (const side of [-1, 1])
      extrude(yard, {
        ...{ path, fromM, toM, everyM: EVERY_M, color, style: STYLE.stone },
        outlineAt: () =>
          side > 0
            ? [
                [out, -DECK_M + 0.2],
                [out + 0.3, -DECK_M - PIER_TALL_MIN_M - 2],
              ]
            : [
                [-out - 0.3, -DECK_M - PIER_TALL_MIN_M - 2],
                [-out, -DECK_M + 0.2],
              ],
      })
  }

  function arch(fromM: number, toM: number): void {
    const riseM = Math.min(3.4, 0.17 * (toM - fromM))
    const sagAt = (atM: number): number => {
      const t = (atM - fromM) / (toM - fromM)
      return DECK_M + 0.45 + riseM * (1 - Math.sqrt(Math.max(0, 1 - (2 * t - 1) ** 2)))
    }
    for (const side of [-1, 1]) {
      extrude(yard, {
        ...{ path, fromM, toM, everyM: 3, color, style: STYLE.stone },
        outlineAt: (atM) => {
          const sag = sagAt(atM)
          const out = half(atM) + PARAPET_WIDE_M + 0.05
          return side > 0
            ? [
                [out, -DECK_M],
                [out, -sag],
              ]
            : [
                [-out, -sag],
                [-out, -DECK_M],
              ]
        },
      })
    }
    extrude(yard, {
      ...{ path, fromM, toM, everyM: 3, color: 0x8d8574, style: STYLE.stone },
      outlineAt: (atM) => {
        const sag = sagAt(atM)
        const out = half(atM) + PARAPET_WIDE_M + 0.05
        return [
          [out, -sag],
          [-out, -sag],
        ]
      },
    })
  }
}
