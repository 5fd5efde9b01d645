import { FACADE, FACE, STYLE, type Mason } from '../mason.ts'
import { BRICK, clocks, COPPER, DARK, hall, square, STONE, tower, type Builder } from './parts.ts'

/** Public buildings of a town on the plain. */
export const CITY: Record<string, Builder> = {
  townhall: (m, works, ground) => {
    square(m, 27)
    hall(m, 30, 15, 0, 10.5, 15, 3, 9)
    // Five arches to walk under, a balcony, a gable in the middle with the tower behind it.
    m.ink(STONE, STYLE.facade, FACADE.arched + 0.5).wall(-7, 9.2, 7, 9.2, 0, 5, 5, 1)
    m.ink(STONE, STYLE.stone).box(0, -1, 8.35, 14, 6.2, 1.7, FACE.left | FACE.right | FACE.top)
    m.ink(0xd8cfbc).box(0, 5.2, 8.6, 14.6, 0.35, 2.4, FACE.all)
    m.ink(STONE, STYLE.stone).flat([
      [-7, 10.5, 7.6],
      [7, 10.5, 7.6],
      [4.5, 13.5, 7.6],
      [2, 13.5, 7.6],
      [0, 16.5, 7.6],
      [-2, 13.5, 7.6],
      [-4.5, 13.5, 7.6],
    ])
    tower(m, 0, 0, 6.4, 30, STONE, 3.4)
    m.ink(COPPER, STYLE.steel).lathe(
      0,
      0,
      [
        [4.9, 30.4],
        [4.4, 33],
        [2.6, 35.4],
        [2.3, 38],
        [2.9, 38.4],
        [1.2, 42],
        [0, 46.5],
      ],
      8,
      Math.PI / 8,
    )
    m.ink(0xd9b24a).lathe(
      0,
      0,
      [
        [0, 46.4],
        [0.45, 47],
        [0, 47.6],
      ],
      6,
    )
    clocks(works, ground, 3.25, 25.8, 3.4)
  },
  brewery: (m) => {
    hall(m, 26, 14, 0, 12, 15, 4, 8, BRICK)
    m.ink(BRICK, STYLE.facade, FACADE.arched + 0.4).wall(9, 9, 19, 9, 0, 17, 3, 4)
    m.wall(19, 9, 19, -5, 0, 17, 4, 4).wall(19, -5, 9, -5, 0, 17, 3, 4).wall(9, -5, 9, 9, 0, 17, 4, 4)
    m.ink(DARK, STYLE.slate).hip(10, 14, 17, 21, 2, 0.3, 14, 2)
    m.ink(BRICK, STYLE.brick).lathe(
      -15,
      -4,
      [
        [2.3, -1],
        [2.1, 6],
        [1.45, 38],
        [1.75, 38.6],
        [1.75, 39.6],
        [1.3, 39.7],
      ],
      12,
    )
    m.ink(0xe6dfce).lathe(
      -15,
      -4,
      [
        [1.58, 32],
        [1.56, 33],
      ],
      12,
    )
    m.ink(0x9aa0a2, STYLE.steel)
    for (const x of [-9, -5, -1])
      m.lathe(
        x,
        10.5,
        [
          [1.6, 0],
          [1.6, 6.5],
          [1, 7.6],
          [0, 7.9],
        ],
        10,
      )
  },
  markethall: (m) => {
    square(m, 19)
    m.ink(0x4c5a54, STYLE.steel)
    for (let k = -3; k <= 3; k++) for (const z of [-7, 7]) m.bar(k * 4, -1, z, k * 4, 5, z, 0.16, 6)
    m.ink(0x74807c, STYLE.slate).gable(27, 16, 5, 8.2, 0.8)
    m.ink(0xbcd0d2, STYLE.glass).box(0, 7.6, 0, 22, 1.2, 3, FACE.sides)
    m.ink(0x74807c, STYLE.slate).gable(23, 4, 8.8, 10.2, 0.3)
    stalls(m, 5, 4)
    m.ink(STONE, STYLE.stone).lathe(
      16.5,
      14,
      [
        [1.3, -1],
        [1.3, 0.4],
        [0.5, 0.5],
        [0.34, 3.6],
        [0.8, 3.8],
        [0.5, 4.8],
        [0, 5.6],
      ],
      8,
    )
  },
  station: (m) => {
    hall(m, 34, 9, 0, 6.4, 10.4, 2, 11, BRICK)
    tower(m, 12, 0, 5, 13, BRICK, 2.5)
    m.ink(DARK, STYLE.slate).hip(5.6, 5.6, 13, 17, 0, 0.4, 12)
    // Platforms behind it, then the viaduct on which the line leaves.
    m.ink(0x8a8378, STYLE.concrete).box(0, -2, -9, 70, 3, 7)
    m.ink(0x5c6a66, STYLE.steel).gable(46, 7, 4.6, 6, 0.5, 0, -9)
    for (let k = -4; k <= 4; k++) m.bar(k * 5, 0.8, -9, k * 5, 4.8, -9, 0.14)
    viaduct(m, -17)
  },
  gatehouse: (m) => {
    // The gates of a park: two piers, iron wings, a lodge.
    for (const x of [-3.4, 3.4]) {
      m.ink(STONE, STYLE.stone).box(x, -1, 0, 1.1, 4.6, 1.1)
      m.ink(0xd8cfbc)
        .box(x, 3.6, 0, 1.5, 0.3, 1.5, FACE.all)
        .lathe(
          x,
          0,
          [
            [0.5, 3.9],
            [0.55, 4.4],
            [0.2, 4.9],
            [0, 5],
          ],
          8,
        )
    }
    m.ink(0x1d2a24, STYLE.steel)
    for (let k = -14; k <= 14; k++)
      if (Math.abs(k) > 5 || Math.abs(k) < 5) m.bar(k * 0.62, -0.4, 0, k * 0.62, 2.5 - Math.abs(k) * 0.02, 0, 0.03, 3)
    m.box(0, 2, 0, 17.6, 0.06, 0.06, FACE.all).box(0, 0.3, 0, 17.6, 0.06, 0.06, FACE.all)
  },
  bandstand: (m) => {
    m.ink(STONE, STYLE.stone).lathe(
      0,
      0,
      [
        [4.6, -2],
        [4.6, 0.9],
        [0, 0.92],
      ],
      8,
    )
    m.ink(0x2f5548, STYLE.steel)
    for (let k = 0; k < 8; k++)
      m.bar(
        4.1 * Math.sin(k * 0.7854),
        0.9,
        4.1 * Math.cos(k * 0.7854),
        4.1 * Math.sin(k * 0.7854),
        4.2,
        4.1 * Math.cos(k * 0.7854),
        0.09,
      )
    m.ink(COPPER, STYLE.steel).lathe(
      0,
      0,
      [
        [5.2, 4.1],
        [2.6, 5.9],
        [1.2, 6.3],
        [0.9, 7.2],
        [0, 8],
      ],
      8,
    )
  },
}

function stalls(m: Mason, columns: number, apart: number): void {
  for (let k = 0; k < columns; k++) {
    const x = (k - (columns - 1) / 2) * apart
    const color = [0xb23a2e, 0x2f6f5e, 0xc98a2b, 0x2d4f86, 0x7d3b63][k % 5]!
    m.ink(0x7a5836, STYLE.boards).box(x, 0.1, 12.5, 3, 0.9, 1.4)
    m.ink(color).gable(3.2, 2.6, 2.3, 2.9, 0.2, x, 12.5)
    for (const dx of [-1.5, 1.5])
      for (const dz of [11.4, 13.6]) m.ink(0xe6e0d2).bar(x + dx, 0, dz, x + dx, 2.35, dz, 0.04, 4)
    for (let j = 0; j < 3; j++)
      m.ink([0xd23c2e, 0xe0a52e, 0x6a9c3a][j]!, STYLE.hedge).box(x - 1 + j, 1, 12.5, 0.8, 0.25, 1)
  }
}

/** Arches of brick that carry the railway over the roofs. */
function viaduct(m: Mason, z: number): void {
  const [span, tall, from, to] = [13, 9.5, -18, 18]
  m.ink(BRICK, STYLE.brick)
  for (let k = from; k <= to; k++) {
    const x = k * span
    m.box(x, -8, z, 2.4, tall + 2, 4.6, FACE.sides)
    if (k === to) break
    const N = 6
    for (let j = 0; j < N; j++) {
      const at = (i: number): readonly [number, number] => [
        x + 1.2 + ((span - 2.4) * i) / N,
        tall - 7.4 + 5.6 * Math.sqrt(Math.max(0, 1 - ((2 * i) / N - 1) ** 2)),
      ]
      const [[ax, ay], [bx, by]] = [at(j), at(j + 1)]
      const top = tall + 0.2
      m.flat([
        [ax, ay, z + 2.3],
        [bx, by, z + 2.3],
        [bx, top, z + 2.3],
        [ax, top, z + 2.3],
      ])
      m.flat([
        [bx, by, z - 2.3],
        [ax, ay, z - 2.3],
        [ax, top, z - 2.3],
        [bx, top, z - 2.3],
      ])
      m.flat([
        [ax, ay, z + 2.3],
        [ax, ay, z - 2.3],
        [bx, by, z - 2.3],
        [bx, by, z + 2.3],
      ])
    }
  }
  m.ink(0x8f877a).box(0, tall + 0.1, z, (to - from) * span + 2.4, 0.9, 5.2, FACE.all)
  // A train, waiting for nobody.
  for (let k = 0; k < 4; k++) {
    m.ink(k === 0 ? 0x2f5548 : 0x7d2f2a).box(-90 + k * 18.5, tall + 1.4, z, 17.6, 2.6, 2.8)
    m.ink(0xe8dcc0).box(-90 + k * 18.5, tall + 2.5, z, 16.6, 0.8, 2.86, FACE.front | FACE.back)
    m.ink(0x4a4d50).box(-90 + k * 18.5, tall + 1, z, 16, 0.5, 2.4, FACE.sides)
  }
}
