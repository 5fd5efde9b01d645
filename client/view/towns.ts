import type { Frame } from './path.ts'
import type { Place } from './scenery-plan.ts'

/** Pavements go on a little where the houses thin out. */
const PAVED_SHARE = 1.35

/** Where a place of the picture lies in a town: beside its streets lie pavements, and lamps stand. */
export function createTowns(
  places: readonly Place[],
  { originX, originZ }: Pick<Frame, 'originX' | 'originZ'>,
): (x: number, z: number) => boolean {
  const towns = places.filter(({ kind, radiusM }) => kind === 'town' && radiusM > 0)
  return (x, z) =>
    towns.some((town) => (x + originX - town.x) ** 2 + (z + originZ + town.y) ** 2 < (PAVED_SHARE * town.radiusM) ** 2)
}
