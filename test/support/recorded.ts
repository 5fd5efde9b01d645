import type { TracePoint } from '#maps/trace-measure'
import { createRandom } from '#physics/random'

/** A course as somebody rode or drew it: places in metres around 47° N 8° E, and a height for each. */
export interface Drawn {
  readonly x: number
  readonly y: number
  readonly z: number | undefined
}

const METRES_PER_DEGREE = 111_195.08
const MIDDLE_DEG = 47

/** What a recorder would have written; a second for each point. */
export function recorded(drawn: readonly Drawn[]): TracePoint[] {
  return drawn.map(({ x, y, z }, i) => ({
    latDeg: MIDDLE_DEG + y / METRES_PER_DEGREE,
    lonDeg: 8 + x / METRES_PER_DEGREE / Math.cos((MIDDLE_DEG * Math.PI) / 180),
    heightM: z,
    timeMs: Date.UTC(2026, 4, 1) + 1000 * i,
  }))
}

/** Straight legs between corners, a point every `stepM`; height by way. */
export function legs(
  corners: readonly (readonly [number, number])[],
  stepM: number,
  height: (atM: number) => number | undefined = () => 400,
): Drawn[] {
  const drawn: Drawn[] = []
  let wayM = 0
  for (let i = 1; i < corners.length; i++) {
    const [[ax, ay], [bx, by]] = [corners[i - 1]!, corners[i]!]
    const legM = Math.hypot(bx - ax, by - ay)
    const steps = Math.max(1, Math.round(legM / stepM))
    for (let k = 0; k < steps; k++) {
      const f = k / steps
      drawn.push({ x: ax + (bx - ax) * f, y: ay + (by - ay) * f, z: height(wayM + legM * f) })
    }
    wayM += legM
  }
  const [x, y] = corners.at(-1)!
  return [...drawn, { x, y, z: height(wayM) }]
}

/** A closed or open curve by parameter 0 … 1. */
export function curve(points: number, at: (share: number) => Drawn, isClosed = true): Drawn[] {
  return Array.from({ length: points }, (_, i) => at(i / (isClosed ? points : points - 1)))
}

/** 1 Hz on a winding, hilly road; a receiver whose error wanders as real ones do, and a barometer that drifts. */
export function ride(seconds: number, seed = 8214): Drawn[] {
  const random = createRandom(seed)
  const normal = () => {
    let sum = -6
    for (let k = 0; k < 12; k++) sum += random.u32() / 2 ** 32
    return sum
  }
  let [offX, offY, offZ] = [0, 0, 0]
  return Array.from({ length: seconds }, (_, i) => {
    offX = offX * 0.95 + normal() * 0.5
    offY = offY * 0.95 + normal() * 0.5
    offZ = offZ * 0.97 + normal() * 0.3
    const wayM = 6 * i
    return {
      x: 0.93 * wayM + offX,
      y: 700 * Math.sin(wayM / 1900) + offY,
      z: 500 + 70 * Math.sin(wayM / 1300) + 12 * Math.sin(wayM / 210) + offZ,
    }
  })
}
