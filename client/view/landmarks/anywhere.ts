import { FACADE, FACE, STYLE } from '../mason.ts'
import { clocks, cross, DARK, nave, STONE, tower, type Builder } from './parts.ts'
import { pier } from './shore.ts'

/** What more than one country has. */
export const ANYWHERE: Record<string, Builder> = {
  church: (m, works, ground) => {
    nave(m, 9.5, 21, 8, 13.5, STONE, DARK)
    tower(m, 0, 13, 6, 21, STONE, 3)
    m.ink(DARK, STYLE.slate).lathe(
      0,
      13,
      [
        [4.4, 21.2],
        [1.6, 29],
        [0, 38],
      ],
      8,
      Math.PI / 8,
    )
    cross(m, 0, 38, 13)
    clocks(works, ground, 3.05, 16.5, 2.2, 13)
  },
  chapel: (m) => {
    nave(m, 6.4, 11, 4.4, 7.6, 0xf4f0e6, 0x7a5a46)
    m.ink(0xf4f0e6, STYLE.facade, FACADE.arched + 0.2)
    tower(m, 0, 6.4, 3.6, 12.5, 0xf4f0e6, 2)
    // An onion of shingles.
    m.ink(0x7c3b34, STYLE.slate).lathe(
      0,
      6.4,
      [
        [2.5, 12.5],
        [2, 13.2],
        [1.3, 13.8],
        [1.9, 14.8],
        [2.1, 15.7],
        [1.6, 16.7],
        [0.7, 17.7],
        [0.25, 19],
        [0, 20.6],
      ],
      10,
    )
    cross(m, 0, 20.5, 6.4)
  },
  windmill: (m) => {
    m.ink(0xe9e2d0, STYLE.plain).lathe(
      0,
      0,
      [
        [4.2, -2],
        [4, 0],
        [2.7, 11.5],
      ],
      12,
    )
    m.ink(0x6a4a30, STYLE.boards).lathe(
      0,
      0,
      [
        [3, 11.5],
        [2.9, 12.6],
        [1.5, 14.6],
        [0, 15],
      ],
      12,
    )
    m.ink(0x5a4028, STYLE.boards).lathe(
      0,
      0,
      [
        [4.6, 4.4],
        [5.2, 4.6],
        [5.2, 4.75],
      ],
      12,
    )
    for (let k = 0; k < 4; k++) {
      const [s, c] = [Math.sin(0.4 + (k * Math.PI) / 2), Math.cos(0.4 + (k * Math.PI) / 2)]
      m.ink(0x6a4a30).bar(0, 12.6, 3.4, s * 10, 12.6 + c * 10, 3.4, 0.14, 4)
      m.ink(0xe6dcc4)
      const [px, py] = [c * 1.5, -s * 1.5]
      m.sheet([
        [s * 2, 12.6 + c * 2, 3.5],
        [s * 2 + px, 12.6 + c * 2 + py, 3.5],
        [s * 9.8 + px, 12.6 + c * 9.8 + py, 3.5],
        [s * 9.8, 12.6 + c * 9.8, 3.5],
      ])
    }
    m.ink(0x2c2620).bar(0, 12.6, 2, 0, 12.6, 3.8, 0.4, 6)
    m.ink(0x5a4028).box(0, 0, 4, 1.2, 2.2, 0.4)
  },
  tower: (m) => {
    // A keep on its rock, one corner fallen.
    m.ink(0x8d8778, STYLE.stone).lathe(
      0,
      0,
      [
        [8, -4],
        [6.4, 1.2],
        [4.4, 1.4],
      ],
      9,
    )
    m.lathe(
      0,
      0,
      [
        [4.4, 0],
        [4.1, 15],
        [4.7, 15.6],
        [4.7, 17],
        [4, 17],
      ],
      10,
    )
    for (let k = 0; k < 7; k++) m.box(4.3 * Math.sin(k * 0.628), 17, 4.3 * Math.cos(k * 0.628), 1.1, 1.2, 1.1)
    m.box(9, -3, 3, 1.2, 6, 9).box(5, -3, 8, 8, 5, 1.2)
  },
  boathouse: (m, works, ground) => {
    m.ink(0x8a4a3c, STYLE.boards).box(0, -3, 0, 12, 6.4, 8, FACE.sides).gableEnds(12, 8, 3.4, 6.6)
    m.ink(0x5b5f66, STYLE.slate).gable(12, 8, 3.4, 6.6, 0.6)
    m.ink(0x9a9186, STYLE.stone).box(0, -4, 0, 12.2, 4.4, 8.2, FACE.sides)
    m.ink(0xe9e2d0, STYLE.facade, FACADE.sash + 0.1).wall(-5, 4.05, 5, 4.05, 0.2, 2.8, 4, 1)
    pier(m, works, ground, 22)
  },
}
