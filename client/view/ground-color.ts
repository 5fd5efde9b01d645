import { smoothstep } from './noise.ts'
import type { Land } from './land.ts'

/** Colours are linear light, not sRGB: they go to the graphics card as they are. */
export type Rgb = [red: number, green: number, blue: number]

const MEADOW: Rgb = [0.115, 0.2, 0.04]
const PASTURE: Rgb = [0.2, 0.262, 0.072]
const STRAW: Rgb = [0.42, 0.335, 0.13]
const ROCK: Rgb = [0.27, 0.25, 0.23]
const SCREE: Rgb = [0.36, 0.33, 0.29]
const SNOW: Rgb = [0.86, 0.9, 0.97]
const SAND: Rgb = [0.48, 0.4, 0.26]
const FOREST: Rgb = [0.05, 0.1, 0.03]

/** What the ground looks like at a place: meadow, straw, wood, rock or snow. `upright` is the y of its normal. */
export function groundColor(land: Land, x: number, z: number, y: number, upright: number, out: Rgb): Rgb {
  const { noise } = land
  const broad = noise.fractal(x / 170, z / 170, 4)
  const fine = noise.fractal(x / 47 + 50, z / 47, 3)
  set(out, MEADOW)
  lerp(out, PASTURE, smoothstep(0.34, 0.62, broad))
  lerp(out, STRAW, 0.4 * smoothstep(0.5, 0.72, fine))
  // Height above the valley, not above the sea: every course has its own alps.
  const aboveM = y - land.lowestM
  // What a wood reaches up to: half of the way to the tree line.
  const span = Math.max(160, (land.treeLineM - land.lowestM) / 1.7)
  lerp(out, FOREST, 0.75 * smoothstep(span * 1.1, span * 1.5, aboveM) * smoothstep(span * 3.3, span * 2.3, aboveM))
  lerp(out, STRAW, 0.3 * smoothstep(span * 2, span * 3, aboveM))
  const steep = 1 - upright + 0.2 * (fine - 0.5)
  lerp(out, SCREE, smoothstep(0.2, 0.34, steep))
  lerp(out, ROCK, smoothstep(0.26, 0.46, steep))
  const snowLineM = land.snowLineM - land.lowestM + 130 * (broad - 0.5)
  lerp(out, ROCK, 0.8 * smoothstep(snowLineM - 190, snowLineM, aboveM))
  lerp(out, SNOW, smoothstep(snowLineM, snowLineM + 70, aboveM) * smoothstep(0.66, 0.42, steep))
  const shoreM = land.shoreAt(x, z)
  if (shoreM < 9) lerp(out, SAND, smoothstep(8, 2, shoreM))
  return out
}

function set(out: Rgb, from: Rgb): void {
  out[0] = from[0]
  out[1] = from[1]
  out[2] = from[2]
}

function lerp(out: Rgb, to: Rgb, t: number): void {
  out[0] += (to[0] - out[0]) * t
  out[1] += (to[1] - out[1]) * t
  out[2] += (to[2] - out[2]) * t
}
