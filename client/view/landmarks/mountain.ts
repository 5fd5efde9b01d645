import { flag } from '../flag.ts'
import { FACE, STYLE } from '../mason.ts'
import type { Ground } from '../sites.ts'
import type { Works } from '../works.ts'
import { cross, hall, tower, type Builder } from './parts.ts'

/** What stands on a pass, or hangs above it. */
export const MOUNTAIN: Record<string, Builder> = {
  hospice: (m) => {
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
    for (let k = 0; k < 3; k++) flag(m, 9 + k * 1.6, 9, 6.5, [0x3f6fb0, 0xd9b24a, 0xb23a2e][k]!)
  },
  cablecar: (m, works, ground) => {
    m.ink(0x6a4a30, STYLE.boards).box(0, -3, 0, 9, 8.5, 11, FACE.sides).gableEnds(9, 11, 5.5, 8)
    m.ink(0x6b625a, STYLE.slate).gable(9, 11, 5.5, 8, 0.9)
    cables(works, ground)
  },
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
