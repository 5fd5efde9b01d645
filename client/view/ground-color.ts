import { mix, smoothstep } from './noise.ts'
import type { Land } from './land.ts'
import type { Rgb } from './looks/look.ts'

export type { Rgb } from './looks/look.ts'

/** What the shader is told of a place besides its colour. */
export interface GroundMark {
  /** Where a tractor can go, 0 … 1; below nothing: how far inside a town's pavement (terrain.ts). */
  field: number
  wood: number
  rock: number
  moor: number
}

/** What the ground looks like at a place by the land's look; `upright` is the y of its normal. Snow is the shader's. */
export function groundAt(
  land: Land,
  x: number,
  z: number,
  y: number,
  upright: number,
  out: Rgb,
  mark: GroundMark,
): Rgb {
  const { noise, look } = land
  const { ground } = look
  const broad = noise.fractal(x / 170, z / 170, 4)
  const fine = noise.fractal(x / 47 + 50, z / 47, 3)
  const level = land.levelOf(y)
  set(out, ground.meadow)
  lerp(out, ground.pasture, smoothstep(0.34, 0.6, broad))
  lerp(out, ground.dry, 0.5 * smoothstep(0.46, 0.68, fine))
  const rise = Math.sqrt(Math.max(0, 1 - upright * upright)) / Math.max(0.2, upright)
  const moor = land.moorAt(x, z, y)
  if (moor > 0) {
    lerp(out, ground.moor, 0.92 * moor)
    lerp(out, ground.moorBloom, moor * smoothstep(0.38, 0.6, noise.fractal(x / 60 + 4, z / 60 + 8, 3)))
  }
  const wood = land.isTown(x, z) ? 0 : land.woodAt(x, z, y, rise)
  lerp(out, ground.wood, 0.9 * wood)
  const steep = 1 - upright + 0.16 * (fine - 0.5)
  // Thin soil: the higher, the sooner stone shows through.
  const bare = smoothstep(0.92, 1.3, level)
  // Where people plough, the banks that a road is cut into are sown with grass.
  const sown = look.fields.border === 'fence' ? 0 : 0.16 * smoothstep(70, 35, land.roadDistanceAt(x, z))
  const low = 0.22 + sown
  const scree = smoothstep(mix(low, 0.06, bare), mix(low + 0.12, 0.17, bare), steep + 0.1 * bare * (broad - 0.3))
  lerp(out, ground.scree, scree)
  // Above the trees the turf is thin: stones show in patches.
  const patches = bare * smoothstep(0.42, 0.6, noise.fractal(x / 38 + 12, z / 38 + 3, 3))
  lerp(out, ground.scree, 0.55 * patches)
  const rock = smoothstep(mix(0.27 + sown, 0.18, bare), mix(0.42 + sown, 0.32, bare), steep)
  lerp(out, ground.rock, rock)
  const shoreM = land.shoreAt(x, z)
  if (shoreM < 26 && rock < 0.9) {
    const isSea = look.water.foam > 0
    lerp(
      out,
      ground.sand,
      smoothstep(isSea ? 25 : 9, isSea ? 10 : 3, shoreM) * (1 - rock) * smoothstep(0.18, 0.08, 1 - upright),
    )
  }
  mark.wood = wood
  mark.moor = moor
  mark.rock = Math.max(rock, 0.62 * scree, 0.5 * patches)
  mark.field =
    (1 - wood) *
    (1 - 0.85 * moor) *
    smoothstep(0.955, 0.985, upright) *
    smoothstep(20, 34, land.roadDistanceAt(x, z)) *
    smoothstep(20, 42, shoreM) *
    smoothstep(0.5, 0.34, look.fields.border === 'fence' ? level : level * 0.6)
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
