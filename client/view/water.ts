import { piece, type Piece } from './piece.ts'
import { Shape } from './shape.ts'
import { triangulate } from './triangulate.ts'
import type { Water } from './water-plan.ts'

/** The sheet runs on under the beach by this much; the ground hides the rest. */
const UNDER_BEACH_M = 16
const SEA_HALF_M = 14_000

/** Lakes and the sea. */
export function* buildWater(waters: readonly Water[]): Generator<Piece> {
  for (const water of waters) yield piece('water', 'water', water.isSea ? sea(water) : sheet(water))
}

/** To the horizon, and under the land too: the ground hides it there. */
function sea({ levelM }: Water): Shape {
  const h = SEA_HALF_M
  return new Shape([-h, levelM, -h, -h, levelM, h, h, levelM, h, h, levelM, -h], [0, 1, 2, 0, 2, 3])
}

function sheet(water: Water): Shape {
  const count = water.x.length
  const position = new Float32Array(count * 3)
  for (let i = 0; i < count; i++) {
    const a = (i + count - 1) % count
    const b = (i + 1) % count
    const ex = water.x[b]! - water.x[a]!
    const ez = water.z[b]! - water.z[a]!
    const length = Math.sqrt(ex * ex + ez * ez) || 1
    // Outwards is whichever side is farther from the water.
    const ox = (ez / length) * UNDER_BEACH_M
    const oz = (-ex / length) * UNDER_BEACH_M
    const sign = water.shoreAt(water.x[i]! + ox, water.z[i]! + oz) > 0 ? 1 : -1
    position.set([water.x[i]! + sign * ox, water.levelM, water.z[i]! + sign * oz], i * 3)
  }
  return new Shape(position, triangulate(position))
}
