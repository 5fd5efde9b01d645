import { layBridges } from './bridges.ts'
import { buildCrowd, layCrowd } from './crowd.ts'
import { layGates } from './gates.ts'
import { layHouse } from './houses.ts'
import { layLandmarks } from './landmarks.ts'
import { laySigns } from './signs.ts'
import { layStreets } from './street.ts'
import { batchOf, STYLE, Yard } from './mason.ts'
import { piece, type Part } from './piece.ts'
import { ROAD_STYLES } from './road-style.ts'
import { Prints, SheetPlan } from './sheet.ts'
import { sheetPart } from './sheet-paint.ts'
import type { Sites } from './sites.ts'
import type { TownInput, Works } from './works.ts'

/** All that people made but the roads: houses and bridges as one draw, boards as one, paint as one, people as two. */
export function* buildTown(input: TownInput): Generator<Part> {
  const { sites, plan, quality } = input
  const works: Works = {
    ...input,
    yard: new Yard(),
    boards: new Prints(),
    paint: new Prints(),
    sheet: new SheetPlan(),
    style: ROAD_STYLES[plan.built],
  }
  const { yard, boards, paint, sheet } = works
  for (const site of sites.list) layHouse(yard.at('mass', site.x, site.z), yard.at('trim', site.x, site.z), site)
  layFences(yard, sites)
  layLandmarks(works)
  layBridges(works)
  layGates(works)
  laySigns(works)
  layStreets(works)
  const crowd = layCrowd(works)
  yield* batchOf('town', 'town', yard.chunks(quality, 'town', false), { hasShadow: true })
  yield* batchOf('trim', 'town', yard.chunks(quality, 'trim', true), { hasShadow: false })
  yield sheetPart('town', sheet)
  if (boards.triangles > 0) yield piece('boards', 'townBoard', boards.shape(sheet.usedPx), { sheet: 'town' })
  if (paint.triangles > 0) yield piece('paint', 'paint', paint.shape(sheet.usedPx), { sheet: 'town' })
  if (crowd.length > 0) yield buildCrowd(crowd, quality)
}

function layFences(yard: Yard, { fences }: Sites): void {
  for (const { ax, ay, az, bx, by, bz, lot } of fences) {
    const mason = yard.at('mass', ax, az)
    const long = Math.sqrt((bx - ax) ** 2 + (bz - az) ** 2)
    mason.at((ax + bx) / 2, Math.min(ay, by), (az + bz) / 2, Math.atan2(bx - ax, bz - az))
    if (lot < 0.5) mason.ink(0x3f5a2a, STYLE.hedge).box(0, -0.4, 0, 0.7, 1.9 + lot, long)
    else {
      mason.ink(0x9c6a52, STYLE.brick).box(0, -0.6, 0, 0.28, 1.4, long)
      mason.ink(0xcac2b2).box(0, 0.8, 0, 0.36, 0.08, long)
    }
  }
}
