import type { Carriageways } from './carriageways.ts'
import { createSpot, spotAt } from './path.ts'

/** Street lamps stand this far apart along a road, m, now on one side and now on the other. */
const EVERY_M = 34
/** In a gallery they hang from its roof, closer together. */
const ROOFED_EVERY_M = 18
const BESIDE_M = 1.15
const ARM_M = 1.5
export const LAMP_UP_M = 5.6
const ROOF_UP_M = 4.3
/** More would be a city; the rest of it stays dark. */
const LAMPS_MAX = 700

export interface StreetLamp {
  /** Its foot; under a roof the place below it. */
  readonly x: number
  readonly y: number
  readonly z: number
  /** Level unit vector from the foot towards the middle of the road. */
  readonly inX: number
  readonly inZ: number
  /** How far along it the light hangs, m, and how high. */
  readonly armM: number
  readonly upM: number
  readonly isRoofed: boolean
}

/** Where street lamps stand: along roads through towns, and in galleries. No three.js: it may be asked in a worker. */
export function planLamps(
  { roads }: Pick<Carriageways, 'roads'>,
  isTown: (x: number, z: number) => boolean,
): StreetLamp[] {
  const lamps: StreetLamp[] = []
  const spot = createSpot()
  for (const { path, isRoofed } of roads) {
    let side = 1
    let nextM = EVERY_M / 2
    for (let i = 0; i < path.count && lamps.length < LAMPS_MAX; i++) {
      if (i < nextM) continue
      const roofed = isRoofed[i] === 1
      spotAt(path, i, 0, spot)
      if (!roofed && !isTown(spot.x, spot.z)) continue
      nextM = i + (roofed ? ROOFED_EVERY_M : EVERY_M)
      side = -side
      const away = roofed ? 0 : side * (path.halfWidthM[i]! + BESIDE_M)
      spotAt(path, i, away, spot)
      lamps.push({
        ...{ x: spot.x, y: spot.y, z: spot.z, inX: spot.dirZ * side, inZ: -spot.dirX * side },
        ...{ armM: roofed ? 0 : ARM_M, upM: roofed ? ROOF_UP_M : LAMP_UP_M, isRoofed: roofed },
      })
    }
  }
  return lamps
}
