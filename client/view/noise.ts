import { createRandom } from '#physics/random'

/** Smooth noise over the plane, 0 … 1, the same for the same seed everywhere. */
export interface Noise {
  at(x: number, y: number): number
  /** Sum of octaves, about 0 … 1. */
  fractal(x: number, y: number, octaves: number): number
  /** Sharp crests, about 0 … 1: mountains. */
  ridged(x: number, y: number, octaves: number): number
}

export function createNoise(seed: number): Noise {
  const random = createRandom(seed)
  const order = new Uint8Array(512)
  for (let i = 0; i < 256; i++) order[i] = i
  for (let i = 255; i > 0; i--) {
    const j = Math.floor(random.fraction() * (i + 1))
    const kept = order[i]!
    order[i] = order[j]!
    order[j] = kept
  }
  order.copyWithin(256, 0, 256)

  const corner = (x: number, y: number): number => order[order[x & 255]! + (y & 255)]! / 255
  const at = (x: number, y: number): number => {
    const xi = Math.floor(x)
    const yi = Math.floor(y)
    const u = fade(x - xi)
    const v = fade(y - yi)
    const a = corner(xi, yi)
    const b = corner(xi + 1, yi)
    const c = corner(xi, yi + 1)
    const d = corner(xi + 1, yi + 1)
    return a + (b - a) * u + (c - a) * v + (a - b - c + d) * u * v
  }
  const octaveSum = (x: number, y: number, octaves: number, shape: (n: number) => number): number => {
    let sum = 0
    let gain = 0.5
    let scale = 1
    for (let i = 0; i < octaves; i++) {
      sum += gain * shape(at(x * scale + i * 17.3, y * scale + i * 5.9))
      scale *= 2.03
      gain *= 0.5
    }
    return sum
  }
  return {
    at,
    fractal: (x, y, octaves) => octaveSum(x, y, octaves, same),
    ridged: (x, y, octaves) => octaveSum(x, y, octaves, crest),
  }
}

export function smoothstep(from: number, to: number, x: number): number {
  const t = Math.min(1, Math.max(0, (x - from) / (to - from)))
  return t * t * (3 - 2 * t)
}

export function mix(a: number, b: number, t: number): number {
  return a + (b - a) * t
}

function fade(t: number): number {
  return t * t * t * (t * (t * 6 - 15) + 10)
}

function same(n: number): number {
  return n
}

function crest(n: number): number {
  const up = 1 - Math.abs(2 * n - 1)
  return up * up
}
