import { ANYWHERE } from './landmarks/anywhere.ts'
import { CITY } from './landmarks/city.ts'
import { COAST } from './landmarks/coast.ts'
import { MOUNTAIN } from './landmarks/mountain.ts'
import type { Builder } from './landmarks/parts.ts'
import type { Works } from './works.ts'

/** By the kind of a place: `maps/worlds/…/map.json`, `scenery.places`. */
const BUILDERS: Readonly<Record<string, Builder>> = { ...ANYWHERE, ...CITY, ...COAST, ...MOUNTAIN }

/** What is seen from far and known by its outline. */
export function layLandmarks(works: Works): void {
  for (const [place, ground] of works.sites.grounds)
    BUILDERS[place.kind]?.(works.yard.landmark().at(ground.x, ground.y, ground.z, ground.turnRad), works, ground)
}
