import type { Carriageways } from './carriageways.ts'

/** Nearest piece of road on the ground (or of those on bridges) to a place beside it, from a grid of cells filled once. */
export interface NearRoad {
  /** Distance to the middle of the road in plan, m; Infinity when farther than `reachM`. Sets `index` and `side`. */
  find(x: number, z: number): number
  /** Sample of the last hit. */
  index: number
  /** Height of the road abreast of the last place asked for, m. */
  heightM: number
}

const CELL_M = 32
const STRIDE = 4

export function createNearRoad(
  { ground: path, frame, isAloft, roadOf }: Pick<Carriageways, 'ground' | 'frame' | 'isAloft' | 'roadOf'>,
  reachM: number,
  isOfBridges = false,
): NearRoad {
  const { minX, maxX, minZ, maxZ } = frame.bounds
  const originX = minX - reachM - CELL_M
  const originZ = minZ - reachM - CELL_M
  const columns = Math.ceil((maxX + reachM + CELL_M - originX) / CELL_M) + 1
  const rows = Math.ceil((maxZ + reachM + CELL_M - originZ) / CELL_M) + 1
  const cellOf = (x: number, z: number) =>
    Math.floor((z - originZ) / CELL_M) * columns + Math.floor((x - originX) / CELL_M)
  const chosen: number[] = []
  for (let i = 0; i < path.count; i += STRIDE) if ((isAloft[i] === 1) === isOfBridges) chosen.push(i)
  const samples = chosen.length
  // Counting sort: where each cell's samples begin, then the samples themselves.
  const start = new Int32Array(columns * rows + 1)
  for (const i of chosen) start[cellOf(path.x[i]!, path.z[i]!) + 1]!++
  for (let c = 0; c < columns * rows; c++) start[c + 1]! += start[c]!
  const filled = start.slice()
  const members = new Int32Array(samples)
  for (const i of chosen) members[filled[cellOf(path.x[i]!, path.z[i]!)]!++] = i
  const ringMax = Math.ceil(reachM / CELL_M)
  const emptyRings = ringsToNearest(start, columns, rows)

  const near: NearRoad = { index: -1, heightM: 0, find }
  return near

  function find(x: number, z: number): number {
    const cx = Math.floor((x - originX) / CELL_M)
    const cz = Math.floor((z - originZ) / CELL_M)
    let best = reachM * reachM
    let found = -1
    const isOn = cx >= 0 && cz >= 0 && cx < columns && cz < rows
    const first = isOn ? emptyRings[cz * columns + cx]! : 0
    for (let ring = first; ring <= ringMax; ring++) {
      // Everything in this ring is at least (ring − 1) cells away.
      if (found >= 0 && best < ((ring - 1) * CELL_M) ** 2 && ring > 1) break
      for (let dz = -ring; dz <= ring; dz++) {
        const row = cz + dz
        if (row < 0 || row >= rows) continue
        const isEdge = dz === -ring || dz === ring
        for (let dx = -ring; dx <= ring; dx += isEdge || ring === 0 ? 1 : 2 * ring) {
          const column = cx + dx
          if (column < 0 || column >= columns) continue
          const cell = row * columns + column
          for (let m = start[cell]!; m < start[cell + 1]!; m++) {
            const i = members[m]!
            const ox = path.x[i]! - x
            const oz = path.z[i]! - z
            const d = ox * ox + oz * oz
            if (d < best) {
              best = d
              found = i
            }
          }
        }
      }
    }
    near.index = found
    if (found < 0) return Infinity
    return refine(x, z, found)
  }

  /** Abreast of the road between samples, so that the ground beside it runs as smoothly as the road. */
  function refine(x: number, z: number, i: number): number {
    const along = (x - path.x[i]!) * path.dirX[i]! + (z - path.z[i]!) * path.dirZ[i]!
    const steps = Math.max(-STRIDE, Math.min(STRIDE, along))
    const whole = Math.round(steps)
    let j = path.isLoop ? (i + whole + path.count) % path.count : Math.min(path.count - 1, Math.max(0, i + whole))
    if (roadOf[j] !== roadOf[i]) j = i // Where one road ends another begins in the list, not on the ground.
    near.index = j
    const rest = (x - path.x[j]!) * path.dirX[j]! + (z - path.z[j]!) * path.dirZ[j]!
    near.heightM = path.y[j]! + Math.max(-2, Math.min(2, rest)) * path.slope[j]!
    const across = -(x - path.x[j]!) * path.dirZ[j]! + (z - path.z[j]!) * path.dirX[j]!
    const beyond = Math.max(0, Math.abs(rest) - 2)
    return Math.sqrt(across * across + beyond * beyond)
  }
}

/** For each cell how many rings of cells around it hold nothing: there nobody needs to look. */
function ringsToNearest(start: Int32Array, columns: number, rows: number): Uint8Array {
  const rings = new Uint8Array(columns * rows).fill(255)
  for (let cell = 0; cell < columns * rows; cell++) if (start[cell + 1]! > start[cell]!) rings[cell] = 0
  // Two sweeps over the eight neighbours give the distance in a king's steps.
  const sweep = (from: number, to: number, step: number): void => {
    for (let r = from; r !== to; r += step) {
      for (let k = 0; k < columns; k++) {
        const c = step > 0 ? k : columns - 1 - k
        let least = rings[r * columns + c]!
        const look = (row: number, column: number): void => {
          if (row < 0 || column < 0 || row >= rows || column >= columns) return
          least = Math.min(least, rings[row * columns + column]! + 1)
        }
        look(r, c - step)
        look(r - step, c - 1)
        look(r - step, c)
        look(r - step, c + 1)
        rings[r * columns + c] = least
      }
    }
  }
  sweep(0, rows, 1)
  sweep(rows - 1, -1, -1)
  return rings
}
