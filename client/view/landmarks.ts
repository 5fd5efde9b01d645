import type { Works } from './works.ts'

/** What is seen from far and known by its outline. */
export function layLandmarks(works: Works): void {
  for (const [place, ground] of works.sites.grounds)
    works.landmarks[place.kind]?.(works.yard.landmark().at(ground.x, ground.y, ground.z, ground.turnRad), works, ground)
}
