import { FACE, STYLE, type Mason } from '../mason.ts'
import type { Ground } from '../sites.ts'
import type { Works } from '../works.ts'

/** A jetty on piles, from the shore into the water, with boats at it. */
export function pier(m: Mason, { land }: Works, { x, z, turnRad, y }: Ground, long: number): void {
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
