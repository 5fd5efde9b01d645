import type { Frame } from './path.ts'
import type { Place } from './scenery-plan.ts'

/** How far from its middle a village stands, m; a town by its radius. */
const VILLAGE_M = 270
const TOWN_SHARE = 1.35
/** From open country to roofs on both sides, m. */
const BLEND_M = 130

/** 0 in the open, 1 between houses: there the helicopter flies over the street instead of beside it. */
export function createRooftops(
  places: readonly Place[],
  { originX, originZ }: Pick<Frame, 'originX' | 'originZ'>,
): (x: number, z: number) => number {
  const built = places.filter(({ kind }) => kind === 'town' || kind === 'village')
  return (x, z) => {
    let most = 0
    for (let k = 0; k < built.length; k++) {
      const place = built[k]!
      const dx = x + originX - place.x
      const dz = z + originZ + place.y
      const reachM = place.kind === 'town' ? place.radiusM * TOWN_SHARE : VILLAGE_M
      const t = (reachM + BLEND_M - Math.sqrt(dx * dx + dz * dz)) / BLEND_M
      most = Math.max(most, Math.min(1, Math.max(0, t)))
    }
    return most * most * (3 - 2 * most)
  }
}
