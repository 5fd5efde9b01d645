import { ALPS } from './houses/alps.ts'
import { COUNTRY } from './houses/country.ts'
import { ISLE } from './houses/isle.ts'
import type { HouseBuilder } from './houses/parts.ts'
import { TOWN } from './houses/town.ts'
import type { Mason } from './mason.ts'
import type { Site } from './sites.ts'

const BUILDERS: Readonly<Record<string, HouseBuilder>> = { ...TOWN, ...COUNTRY, ...ISLE, ...ALPS }

/** Lays one building; its front looks along +z. `trim` is what is seen from near by only. */
export function layHouse(mason: Mason, trim: Mason, site: Site): void {
  mason.at(site.x, site.y, site.z, site.turnRad)
  trim.at(site.x, site.y, site.z, site.turnRad)
  BUILDERS[site.kind]?.(mason, trim, site)
}
