import { STYLE, type Mason } from './mason.ts'

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
