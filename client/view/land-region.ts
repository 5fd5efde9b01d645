import type { Frame, Path } from './path.ts'

/** What the country takes from its roads: heights close by, and how it climbs with them from afar. */

const COARSE_M = 96
const COARSE_MARGIN_M = 1500

/** Inverse fourth power of the distance over the road within reach, against the open country at a fixed weight. */
export function createSamples(path: Path, isAloft: Uint8Array): { blend(x: number, z: number, wildM: number): number } {
  const EVERY_M = 12
  const CELL_M = 64
  const REACH_M = 128
  const WILD_WEIGHT = 6e-7 // Equal to a straight road about 60 m away.
  const cells = new Map<number, number[]>()
  for (let i = 0; i < path.count; i += EVERY_M) {
    if (isAloft[i] === 1) continue
    const key = keyOf(Math.floor(path.x[i]! / CELL_M), Math.floor(path.z[i]! / CELL_M))
    const cell = cells.get(key)
    if (cell === undefined) cells.set(key, [i])
    else cell.push(i)
  }
  const blend = (x: number, z: number, wildM: number): number => {
    const cx = Math.floor(x / CELL_M)
    const cz = Math.floor(z / CELL_M)
    let sum = wildM * WILD_WEIGHT
    let weights = WILD_WEIGHT
    for (let a = -2; a <= 2; a++) {
      for (let b = -2; b <= 2; b++) {
        const cell = cells.get(keyOf(cx + a, cz + b))
        if (cell === undefined) continue
        for (const i of cell) {
          const dx = path.x[i]! - x
          const dz = path.z[i]! - z
          const square = dx * dx + dz * dz
          const inside = 1 - square / (REACH_M * REACH_M)
          if (inside <= 0) continue
          const weight = (inside * inside) / ((square + 20) * (square + 20))
          sum += weight * path.y[i]!
          weights += weight
        }
      }
    }
    return sum / weights
  }
  return { blend }
}

/** One number per cell of the sample grid. */
function keyOf(cx: number, cz: number): number {
  return (cx + 4096) * 8192 + cz + 4096
}

/** Where the road climbs, the country climbs with it: road heights spread over the plane, coarse and very smooth. */
export function createRegion(
  path: Path,
  { bounds }: Frame,
): { find(x: number, z: number): void; heightM: number; distanceM: number } {
  const originX = bounds.minX - COARSE_MARGIN_M
  const originZ = bounds.minZ - COARSE_MARGIN_M
  const columns = Math.ceil((bounds.maxX + COARSE_MARGIN_M - originX) / COARSE_M) + 1
  const rows = Math.ceil((bounds.maxZ + COARSE_MARGIN_M - originZ) / COARSE_M) + 1
  const heights = new Float32Array(columns * rows)
  const distances = new Float32Array(columns * rows)
  const stride = Math.max(1, Math.round(path.count / 260))
  const FAR_WEIGHT = 2e-12 // The mean height counts from about a kilometre off.
  const meanM = path.y.reduce((a, b) => a + b, 0) / path.count
  for (let r = 0; r < rows; r++) {
    for (let c = 0; c < columns; c++) {
      const x = originX + c * COARSE_M
      const z = originZ + r * COARSE_M
      let sum = meanM * FAR_WEIGHT
      let weights = FAR_WEIGHT
      let nearest = Infinity
      for (let i = 0; i < path.count; i += stride) {
        const dx = path.x[i]! - x
        const dz = path.z[i]! - z
        const square = dx * dx + dz * dz
        nearest = Math.min(nearest, square)
        const weight = 1 / (square + 6000)
        sum += weight * weight * path.y[i]!
        weights += weight * weight
      }
      heights[r * columns + c] = sum / weights
      distances[r * columns + c] = Math.sqrt(nearest)
    }
  }
  const region = {
    heightM: 0,
    distanceM: 0,
    // Quadratic B-spline over nine cells: no crease where cells meet.
    find: (x: number, z: number): void => {
      const fx = Math.min(columns - 2.01, Math.max(1, (x - originX) / COARSE_M))
      const fz = Math.min(rows - 2.01, Math.max(1, (z - originZ) / COARSE_M))
      const cx = Math.round(fx)
      const cz = Math.round(fz)
      const u = fx - cx
      const v = fz - cz
      let heightM = 0
      let distanceM = 0
      for (let b = -1; b <= 1; b++) {
        const wb = b === 0 ? 0.75 - v * v : 0.5 * (0.5 + b * v) * (0.5 + b * v)
        for (let a = -1; a <= 1; a++) {
          const wa = a === 0 ? 0.75 - u * u : 0.5 * (0.5 + a * u) * (0.5 + a * u)
          const k = (cz + b) * columns + cx + a
          heightM += wa * wb * heights[k]!
          distanceM += wa * wb * distances[k]!
        }
      }
      // Beyond the coarse map the distance goes on growing, the height stays.
      const outX = Math.max(0, originX - x, x - originX - (columns - 1) * COARSE_M)
      const outZ = Math.max(0, originZ - z, z - originZ - (rows - 1) * COARSE_M)
      region.heightM = heightM
      region.distanceM = distanceM + outX + outZ
    },
  }
  return region
}

/** Level unit vector from the lowest to the highest place of the road. */
export function towardsTop(path: Path): { x: number; z: number } {
  let low = 0
  let high = 0
  for (let i = 1; i < path.count; i++) {
    if (path.y[i]! < path.y[low]!) low = i
    if (path.y[i]! > path.y[high]!) high = i
  }
  const x = path.x[high]! - path.x[low]!
  const z = path.z[high]! - path.z[low]!
  const length = Math.sqrt(x * x + z * z)
  return length > 1 ? { x: x / length, z: z / length } : { x: 0, z: -1 }
}
