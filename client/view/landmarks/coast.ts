import { FACADE, FACE, STYLE } from '../mason.ts'
import type { Ground } from '../sites.ts'
import type { Works } from '../works.ts'
import type { Builder } from './parts.ts'
import { pier } from './shore.ts'

/** What stands by the sea, and in its wind. */
export const COAST: Record<string, Builder> = {
  turbines: (_, works, ground) => turbines(works, ground),
  lighthouse: (m) => {
    m.ink(0xf6f3ea).lathe(
      0,
      0,
      [
        [3.4, -3],
        [3.3, 0],
        [2.75, 8],
      ],
      14,
    )
    m.ink(0xb8342a).lathe(
      0,
      0,
      [
        [2.76, 8],
        [2.4, 14],
      ],
      14,
    )
    m.ink(0xf6f3ea).lathe(
      0,
      0,
      [
        [2.41, 14],
        [2.1, 20],
      ],
      14,
    )
    m.ink(0x2f3338).lathe(
      0,
      0,
      [
        [2.1, 20],
        [3.1, 20.4],
        [3.1, 20.7],
        [1.6, 20.7],
      ],
      14,
    )
    m.ink(0xfff0b8, STYLE.lamp).lathe(
      0,
      0,
      [
        [1.5, 20.7],
        [1.5, 23.2],
      ],
      10,
    )
    m.ink(0x2f3338, STYLE.steel).lathe(
      0,
      0,
      [
        [1.9, 23.2],
        [1.4, 24.4],
        [0.3, 25],
        [0.12, 27],
        [0, 27.1],
      ],
      10,
    )
    for (let k = 0; k < 12; k++)
      m.bar(
        3 * Math.sin(k * 0.5236),
        20.7,
        3 * Math.cos(k * 0.5236),
        3 * Math.sin(k * 0.5236),
        21.7,
        3 * Math.cos(k * 0.5236),
        0.04,
        3,
      )
    m.ink(0xf4f1e8, STYLE.facade, FACADE.sash + 0.3)
      .wall(4, 4.5, 11, 4.5, 0, 2.8, 3, 1)
      .wall(11, 4.5, 11, -1, 0, 2.8, 2, 1)
      .wall(11, -1, 4, -1, 0, 2.8, 3, 1)
      .wall(4, -1, 4, 4.5, 0, 2.8, 2, 1)
    m.ink(0x8d887c, STYLE.stone).box(7.5, -3, 1.75, 7.2, 3.2, 5.7)
    m.ink(0xf4f1e8).gableEnds(7, 5.5, 2.8, 4.8, 7.5, 1.75)
    m.ink(0x545a5f, STYLE.slate).gable(7, 5.5, 2.8, 4.8, 0.3, 7.5, 1.75)
  },
  cross: (m) => {
    m.ink(0x8d887c, STYLE.stone)
    for (const [r, y] of [
      [3, 0],
      [2.2, 0.35],
      [1.4, 0.7],
    ] as const)
      m.lathe(
        0,
        0,
        [
          [r, y - 1.5],
          [r, y + 0.35],
          [0, y + 0.36],
        ],
        8,
      )
    m.box(0, 1, 0, 0.62, 4.4, 0.36).box(0, 3.9, 0, 2, 0.5, 0.32, FACE.all)
    m.lathe(0, 0, [[0, 0]], 3)
    for (let k = 0; k < 12; k++) {
      const [a, b] = [(k / 12) * 6.2832, ((k + 1) / 12) * 6.2832]
      m.bar(0.78 * Math.sin(a), 4.15 + 0.78 * Math.cos(a), 0, 0.78 * Math.sin(b), 4.15 + 0.78 * Math.cos(b), 0, 0.13, 4)
    }
  },
  harbour: (m, works, ground) => {
    // A quay of stone, fishing boats, a crane, sheds for nets.
    m.ink(0x8f8b80, STYLE.stone).box(0, -5, -2, 20, 5.1, 9, FACE.most)
    m.ink(0x8a4a3c, STYLE.boards).box(-6, 0, 2, 5, 3, 4, FACE.sides).gableEnds(5, 4, 3, 4.6, -6, 2)
    m.ink(0x545a5f, STYLE.slate).gable(5, 4, 3, 4.6, 0.3, -6, 2)
    m.ink(0x2d4f86, STYLE.boards).box(6.5, 0, 2, 4, 2.6, 3.4, FACE.sides).gableEnds(4, 3.4, 2.6, 4, 6.5, 2)
    m.ink(0x545a5f, STYLE.slate).gable(4, 3.4, 2.6, 4, 0.3, 6.5, 2)
    m.ink(0x6a5238, STYLE.boards).box(1, 0, -4.5, 0.5, 4.4, 0.5).bar(1, 4.2, -4.5, 1, 5.6, -8.5, 0.14, 5)
    for (let k = 0; k < 5; k++)
      m.ink([0x7a5836, 0x4a6a72][k % 2]!, STYLE.boards).box(-1.6 + k * 0.9, 0.1, 0.4 + 0.5 * (k % 2), 0.7, 0.55, 0.6)
    pier(m, works, ground, 34)
  },
}

/** Small ones, turned to the west wind. */
function turbines({ yard, land }: Works, { x, z }: Ground): void {
  for (let k = 0; k < 4; k++) {
    const [px, pz] = [x + (k - 1.5) * 46, z + 18 * Math.sin(k * 2.1)]
    if (land.roadDistanceAt(px, pz) < 24) continue
    const m = yard.landmark().at(px, land.heightAt(px, pz), pz, -1.1 + 0.1 * k)
    m.ink(0xeceae4).lathe(
      0,
      0,
      [
        [0.75, -3],
        [0.62, 0],
        [0.36, 22],
      ],
      8,
    )
    m.box(0, 21.7, 0.2, 0.9, 0.9, 2.4, FACE.all)
    for (let b = 0; b < 3; b++) {
      const a = 0.5 * k + (b * 2 * Math.PI) / 3
      const [s, c] = [Math.sin(a), Math.cos(a)]
      m.sheet([
        [-c * 0.35, 22.2 + s * 0.35, 1.6],
        [c * 0.35, 22.2 - s * 0.35, 1.6],
        [s * 9 + c * 0.08, 22.2 + c * 9 - s * 0.08, 1.7],
        [s * 9, 22.2 + c * 9, 1.7],
      ])
    }
  }
}
