import type { Land } from './land.ts'
import { createSpot, ringsAlong, spotAt, type Path } from './path.ts'

/** Lateral places of the strip beside the road, m from the edge of the asphalt; from afar only some of them. */
const STRIP_M = [0.35, 1.1, 2.3, 4, 6.5, 10, 15, 21]
const STRIP_FAR = [0, 3, 7]
/** Strips of two legs reach over each other by this: no gap opens between their rings. */
const OVERLAP_M = 1.6

/** Vertices of a part of the ground, and its triangles by tile. */
export interface Body {
  readonly position: number[]
  /** All triangles, for the normals. */
  readonly index: number[]
  readonly tiles: { near: number[]; far: number[] }[]
}

/** Rings of a strip that make a tile. */
const TILE_RINGS = 24

/** Both sides of the road; where another leg lies nearer, the strip stops short of it. */
export function strip(path: Path, isAloft: Uint8Array, land: Land): Body {
  const ringM = ringsAlong(path, 4, 10)
  const rings = ringM.length
  const per = STRIP_M.length
  const position: number[] = []
  const index: number[] = []
  const spot = createSpot()
  const isOpen = (r: number): boolean => isAloft[Math.floor(ringM[r]!)] !== 1
  for (let r = 0; r < rings; r++) {
    const distanceM = ringM[r]!
    for (const side of [0, 1]) {
      const half = path.halfWidthM[Math.min(path.count - 1, Math.floor(distanceM))]!
      let reachedM = half
      for (let j = 0; j < per; j++) {
        const wantedM = half + STRIP_M[j]!
        spotAt(path, distanceM, (side === 0 ? -1 : 1) * wantedM, spot)
        const isOwn = (lateralM: number): boolean => {
          spotAt(path, distanceM, (side === 0 ? -1 : 1) * lateralM, spot)
          return land.roadDistanceAt(spot.x, spot.z) > lateralM - OVERLAP_M
        }
        // Where another leg lies nearer the strip ends, half-way between the two, at the height where that one's ends.
        const isWhole = isOwn(wantedM)
        if (isWhole) reachedM = wantedM
        else {
          let tooFarM = wantedM
          for (let k = 0; k < 5; k++) {
            const middleM = (reachedM + tooFarM) / 2
            if (isOwn(middleM)) reachedM = middleM
            else tooFarM = middleM
          }
          isOwn(reachedM)
        }
        position.push(spot.x, land.heightAt(spot.x, spot.z) - (j === per - 1 && isWhole ? 0.7 : 0), spot.z)
      }
    }
  }
  const square = (list: number[], r: number, next: number, side: number, j: number, k: number): void => {
    const a = (r * 2 + side) * per + j
    const a2 = (r * 2 + side) * per + k
    const b = (next * 2 + side) * per + j
    const b2 = (next * 2 + side) * per + k
    if (side === 1) list.push(a, a2, b, b, a2, b2)
    else list.push(a, b, a2, b, b2, a2)
  }
  const tiles: { near: number[]; far: number[] }[] = []
  for (let from = 0; from < rings - 1; from += TILE_RINGS) {
    const near: number[] = []
    const far: number[] = []
    const to = Math.min(rings - 1, from + TILE_RINGS)
    for (let r = from; r < to; r++) {
      if (!isOpen(r)) continue
      for (const side of [0, 1]) for (let j = 0; j + 1 < per; j++) square(near, r, r + 1, side, j, j + 1)
    }
    for (let r = from; r < to; r += 2) {
      const next = Math.min(to, r + 2)
      if (!isOpen(r) || !isOpen(next - 1)) continue
      for (const side of [0, 1])
        for (let j = 0; j + 1 < STRIP_FAR.length; j++) square(far, r, next, side, STRIP_FAR[j]!, STRIP_FAR[j + 1]!)
    }
    if (near.length === 0) continue
    for (const i of near) index.push(i)
    tiles.push({ near, far })
  }
  return { position, index, tiles }
}
