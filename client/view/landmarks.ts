import { FACADE, FACE, STYLE, type Mason } from './mason.ts'
import type { Ground } from './sites.ts'
import type { Works } from './works.ts'

/** What is seen from far and known by its outline; each front looks along +z, to the road. */
export function layLandmarks(works: Works): void {
  for (const [place, ground] of works.sites.grounds) {
    const mason = works.yard.landmark()
    mason.at(ground.x, ground.y, ground.z, ground.turnRad)
    if (place.kind === 'turbines') turbines(works, ground)
    else BUILDERS[place.kind]?.(mason, works, ground)
  }
}

const STONE = 0xb5aa94
const BRICK = 0x9a5843
const DARK = 0x3a3d42
const COPPER = 0x6f9c86

type Builder = (mason: Mason, works: Works, ground: Ground) => void

const BUILDERS: Record<string, Builder> = {
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
  hospice: (m, works, ground) => {
    hall(m, 24, 12, 0, 9, 13.5, 3, 9, 0xe9e2d2)
    tower(m, -8, 3, 4, 14, 0xe9e2d2, 2)
    m.ink(0x7c3b34, STYLE.slate).lathe(
      -8,
      3,
      [
        [2.8, 14],
        [1.4, 16.5],
        [0, 20],
      ],
      8,
      Math.PI / 8,
    )
    cross(m, -8, 19.8, 3)
    flags(m, 9, 9)
    void works
    void ground
  },
  boathouse: (m, works, ground) => {
    m.ink(0x8a4a3c, STYLE.boards).box(0, -3, 0, 12, 6.4, 8, FACE.sides).gableEnds(12, 8, 3.4, 6.6)
    m.ink(0x5b5f66, STYLE.slate).gable(12, 8, 3.4, 6.6, 0.6)
    m.ink(0x9a9186, STYLE.stone).box(0, -4, 0, 12.2, 4.4, 8.2, FACE.sides)
    m.ink(0xe9e2d0, STYLE.facade, FACADE.sash + 0.1).wall(-5, 4.05, 5, 4.05, 0.2, 2.8, 4, 1)
    pier(m, works, ground, 22)
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
  cablecar: (m, works, ground) => {
    m.ink(0x6a4a30, STYLE.boards).box(0, -3, 0, 9, 8.5, 11, FACE.sides).gableEnds(9, 11, 5.5, 8)
    m.ink(0x6b625a, STYLE.slate).gable(9, 11, 5.5, 8, 0.9)
    cables(works, ground)
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

function hall(
  m: Mason,
  wide: number,
  deep: number,
  z: number,
  eaves: number,
  ridge: number,
  storeys: number,
  bays: number,
  color = STONE,
): void {
  const [x, f, b] = [wide / 2, z + deep / 2, z - deep / 2]
  const sides = Math.max(2, Math.round(deep / 3.6))
  m.ink(color, STYLE.facade, FACADE.sash + 0.44)
    .wall(-x, f, x, f, 0, eaves, bays, storeys)
    .wall(x, f, x, b, 0, eaves, sides, storeys)
  m.wall(x, b, -x, b, 0, eaves, bays, storeys).wall(-x, b, -x, f, 0, eaves, sides, storeys)
  m.ink(0x9a9186, STYLE.stone).box(0, -4, z, wide + 0.3, 4.5, deep + 0.3, FACE.most)
  m.ink(0xd8cfbc).box(0, eaves - 0.2, z, wide + 0.5, 0.3, deep + 0.5, FACE.all)
  m.ink(DARK, STYLE.slate).hip(wide, deep, eaves + 0.1, ridge, wide - deep * 0.8, 0.5, 0, z)
}

function nave(m: Mason, wide: number, deep: number, eaves: number, ridge: number, wall: number, roof: number): void {
  const [x, z] = [wide / 2, deep / 2]
  m.ink(wall, STYLE.facade, FACADE.arched + 0.3)
    .wall(x, z, x, -z, 0, eaves, Math.round(deep / 3.6), 1)
    .wall(-x, -z, -x, z, 0, eaves, Math.round(deep / 3.6), 1)
  m.ink(wall, STYLE.stone).box(0, -4, 0, wide, 4 + eaves, deep, FACE.front | FACE.back)
  m.box(0, -4, 0, wide + 0.5, 4.6, deep + 0.5, FACE.most)
  m.flat([
    [-x, eaves, z],
    [x, eaves, z],
    [0, ridge, z],
  ]).flat([
    [x, eaves, -z],
    [-x, eaves, -z],
    [0, ridge, -z],
  ])
  m.ink(roof, STYLE.slate)
  const o = 0.5
  const slope = Math.sqrt(x * x + (ridge - eaves) ** 2)
  m.sheet(
    [
      [x + o, eaves - 0.3, z + o],
      [x + o, eaves - 0.3, -z - o],
      [0, ridge + 0.15, -z - o],
      [0, ridge + 0.15, z + o],
    ],
    [0, 0, deep, 0, deep, slope, 0, slope],
  )
  m.sheet(
    [
      [-x - o, eaves - 0.3, -z - o],
      [-x - o, eaves - 0.3, z + o],
      [0, ridge + 0.15, z + o],
      [0, ridge + 0.15, -z - o],
    ],
    [0, 0, deep, 0, deep, slope, 0, slope],
  )
  m.ink(wall, STYLE.stone)
  for (let k = -2; k <= 2; k++)
    for (const s of [-1, 1]) m.box(s * (x + 0.35), -2, (k * deep) / 5, 0.7, 2 + eaves * 0.75, 0.8)
}

function tower(m: Mason, x: number, z: number, wide: number, tall: number, color: number, bays: number): void {
  const h = wide / 2
  const storeys = Math.max(2, Math.round(tall / 6))
  m.ink(color, STYLE.stone).box(x, -4, z, wide, 4 + tall * 0.45, wide, FACE.sides)
  const y = tall * 0.45
  m.ink(color, STYLE.facade, FACADE.arched + 0.1)
  for (const [ax, az, bx, bz] of [
    [-h, h, h, h],
    [h, h, h, -h],
    [h, -h, -h, -h],
    [-h, -h, -h, h],
  ] as const)
    m.wall(x + ax, z + az, x + bx, z + bz, y, tall - y, Math.max(1, Math.round(bays) - 1), Math.max(1, storeys - 2))
  m.ink(0xcfc5b0)
    .box(x, y - 0.2, z, wide + 0.3, 0.3, wide + 0.3, FACE.all)
    .box(x, tall - 0.1, z, wide + 0.9, 0.5, wide + 0.9, FACE.all)
}

function cross(m: Mason, x: number, y: number, z: number): void {
  m.ink(0xd9b24a, STYLE.steel)
    .box(x, y - 0.3, z, 0.12, 2, 0.12)
    .box(x, y + 0.9, z, 0.9, 0.12, 0.12, FACE.all)
}

/** Setts around a public building, one step above the ground. */
function square(m: Mason, radius: number): void {
  m.ink(0x8c857a, STYLE.setts).lathe(
    0,
    0,
    [
      [radius, -3],
      [radius, 0.12],
      [0, 0.14],
    ],
    24,
  )
}

function clocks(
  { boards, sheet }: Works,
  { x, y, z, turnRad }: Ground,
  outM: number,
  upM: number,
  wideM: number,
  forwardM = 0,
): void {
  const cell = sheet.cell(160, 160, { kind: 'clock' })
  for (let k = 0; k < 4; k++) {
    const a = turnRad + (k * Math.PI) / 2
    const [nx, nz] = [Math.sin(a), Math.cos(a)]
    boards.board({
      ...{ cell, wideM, tallM: wideM, rightX: nz, rightZ: -nx, y: y + upM },
      x: x + Math.sin(turnRad) * forwardM + nx * (outM + 0.05),
      z: z + Math.cos(turnRad) * forwardM + nz * (outM + 0.05),
    })
  }
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

function flags(m: Mason, x: number, z: number): void {
  for (let k = 0; k < 3; k++) flag(m, x + k * 1.6, z, 6.5, [0x3f6fb0, 0xd9b24a, 0xb23a2e][k]!)
}

/** From the pole to the loose end; `town-material.ts` turns as much. */
const FLAG_M = 1.7

/** A flag on its pole, free to move with the wind. */
export function flag(m: Mason, x: number, z: number, tall: number, color: number, second = 0xf4f1e8): void {
  m.ink(0xdad6cc, STYLE.steel).bar(x, -0.6, z, x, tall, z, 0.05, 5, 0.03)
  const N = 4
  for (let k = 0; k < N; k++) {
    const [a, b] = [k / N, (k + 1) / N]
    for (const [low, high, ink] of [
      [0.5, 1, color],
      [0, 0.5, second],
    ] as const) {
      m.ink(ink, STYLE.cloth)
      const [y0, y1] = [tall - 1.25 + 1.1 * low, tall - 1.25 + 1.1 * high]
      const front = [
        [x + a * FLAG_M, y0, z],
        [x + b * FLAG_M, y0, z],
        [x + b * FLAG_M, y1, z],
        [x + a * FLAG_M, y1, z],
      ] as const
      // v says which side it is: with the normal it tells the shader where the pole stands, round which the wind turns it.
      m.flat(front, [a, 1, b, 1, b, 1, a, 1]).flat(front.toReversed(), [a, -1, b, -1, b, -1, a, -1])
    }
  }
}

/** A jetty on piles, from the shore into the water, with boats at it. */
function pier(m: Mason, { land }: Works, { x, z, turnRad, y }: Ground, long: number): void {
  const [bx, bz] = [-Math.sin(turnRad), -Math.cos(turnRad)]
  const water = land.waters[0]
  if (water === undefined) return
  // Behind the house: where the water is, seen from the road.
  let fromM = 4
  while (fromM < 70 && land.shoreAt(x + bx * fromM, z + bz * fromM) > 0) fromM++
  const deck = water.levelM + 0.9 - y
  m.ink(0x8a6f50, STYLE.boards).box(0, deck - 0.15, -(fromM + long / 2 - 4), 2.2, 0.18, long, FACE.all)
  for (let k = 0; k <= 5; k++)
    for (const s of [-1, 1])
      m.bar(s, deck - 3, -(fromM - 4 + (k * long) / 5), s, deck + 0.5, -(fromM - 4 + (k * long) / 5), 0.12, 5)
  for (let k = 0; k < 3; k++)
    boat(
      m,
      3.1 * (k % 2 === 0 ? 1 : -1),
      water.levelM - y,
      -(fromM + 3 + k * 6),
      [0xb23a2e, 0x2d4f86, 0xe9e2d0][k]!,
      k === 1,
    )
}

/** A hull, and a mast where it sails. */
export function boat(m: Mason, x: number, y: number, z: number, color: number, hasMast: boolean): void {
  const rings = [
    [-2.6, 0.75],
    [-1, 1.05],
    [1, 0.95],
    [2.4, 0.5],
    [3.2, 0.02],
  ] as const
  for (let k = 0; k + 1 < rings.length; k++) {
    const [[z0, w0], [z1, w1]] = [rings[k]!, rings[k + 1]!]
    for (const s of [-1, 1]) {
      const side: [number, number, number][] = [
        [x + s * w0 * 0.6, y - 0.4, z + z0],
        [x + s * w1 * 0.6, y - 0.4, z + z1],
        [x + s * w1, y + 0.65, z + z1],
        [x + s * w0, y + 0.65, z + z0],
      ]
      m.ink(color).sheet(side)
      m.ink(0xe9e2d0).sheet([
        [x + s * w0, y + 0.65, z + z0],
        [x + s * w1, y + 0.65, z + z1],
        [x + s * w1 * 0.96, y + 0.75, z + z1],
        [x + s * w0 * 0.96, y + 0.75, z + z0],
      ])
    }
    m.ink(0x7a5836, STYLE.boards).flat(
      [
        [x - w0 * 0.9, y + 0.25, z + z0],
        [x + w0 * 0.9, y + 0.25, z + z0],
        [x + w1 * 0.9, y + 0.25, z + z1],
        [x - w1 * 0.9, y + 0.25, z + z1],
      ].toReversed() as [number, number, number][],
    )
  }
  m.ink(color).sheet([
    [x - 0.75, y + 0.65, z - 2.6],
    [x - 0.45, y - 0.4, z - 2.6],
    [x + 0.45, y - 0.4, z - 2.6],
    [x + 0.75, y + 0.65, z - 2.6],
  ])
  if (hasMast)
    m.ink(0xc9b48a)
      .bar(x, y, z + 0.4, x, y + 6.5, z + 0.4, 0.07, 5, 0.04)
      .bar(x, y + 1.3, z + 0.4, x, y + 1.4, z - 2.4, 0.05, 4)
  else m.ink(0xf0ece0).box(x, y + 0.4, z - 0.8, 1, 1.1, 1.3)
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

const SPAN_M = 230
const MAST_M = 21

/** Masts up the mountain, two ropes and a cabin on its way. */
function cables({ yard, land }: Works, { x, z }: Ground): void {
  const m = yard.landmark()
  // Up the side on which the hill rises fastest.
  let best = 0
  for (let k = 1; k < 16; k++) {
    const height = (j: number): number =>
      land.heightAt(x + 900 * Math.sin((j / 16) * 6.2832), z + 900 * Math.cos((j / 16) * 6.2832))
    if (height(k) > height(best)) best = k
  }
  const [ux, uz] = [Math.sin((best / 16) * 6.2832), Math.cos((best / 16) * 6.2832)]
  const tops: (readonly [number, number, number])[] = [[x, land.heightAt(x, z) + 6, z]]
  for (let k = 1; k <= 6; k++) {
    const [px, pz] = [x + ux * k * SPAN_M, z + uz * k * SPAN_M]
    if (land.roadDistanceAt(px, pz) < 14) continue
    const y = land.heightAt(px, pz)
    m.at(px, y, pz, Math.atan2(ux, uz)).ink(0x8f9598, STYLE.steel)
    for (const [dx, dz] of [
      [-1.6, -1.6],
      [1.6, -1.6],
      [1.6, 1.6],
      [-1.6, 1.6],
    ] as const)
      m.bar(dx, -3, dz, dx * 0.3, MAST_M, dz * 0.3, 0.16, 4)
    for (let h = 3; h < MAST_M - 2; h += 4.5) m.box(0, h, 0, 3 - h * 0.11, 0.12, 3 - h * 0.11, FACE.sides)
    m.box(0, MAST_M, 0, 7, 0.5, 0.7, FACE.all)
    tops.push([px, y + MAST_M + 0.6, pz])
  }
  m.at(0, 0, 0)
  for (let k = 0; k + 1 < tops.length; k++) {
    const [a, b] = [tops[k]!, tops[k + 1]!]
    for (const side of [-3, 3]) {
      const [ox, oz] = [-uz * side, ux * side]
      const point = (t: number): readonly [number, number, number] => [
        a[0] + (b[0] - a[0]) * t + ox,
        a[1] + (b[1] - a[1]) * t - 14 * t * (1 - t),
        a[2] + (b[2] - a[2]) * t + oz,
      ]
      for (let j = 0; j < 6; j++) m.ink(0x2a2d30).bar(...point(j / 6), ...point((j + 1) / 6), 0.06, 3)
      const [cx, cy, cz] = point(side > 0 ? 0.35 : 0.7)
      m.at(cx, cy, cz, Math.atan2(ux, uz))
        .ink(0xb23a2e)
        .box(0, -4, 0, 2.2, 2.4, 3.2, FACE.all)
        .ink(0x20262c, STYLE.glass)
        .box(0, -3, 0, 2.24, 0.9, 3.24, FACE.sides)
        .ink(0x2a2d30)
        .box(0, -1.6, 0, 0.14, 1.6, 0.14)
      m.at(0, 0, 0)
    }
  }
}
