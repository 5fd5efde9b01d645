import { layBridges } from './bridges.ts'
import { buildCrowd, layCrowd } from './crowd.ts'
import { layGates } from './gates.ts'
import { layHouse } from './houses.ts'
import { layPlots } from './plots.ts'
import { layLandmarks } from './landmarks.ts'
import { laySigns } from './signs.ts'
import { layStreets } from './street.ts'
import { batchOf, Yard } from './mason.ts'
import { piece, type Part } from './piece.ts'
import { ROAD_STYLES } from './road-style.ts'
import { Prints, SheetPlan } from './sheet.ts'
import { sheetPart } from './sheet-paint.ts'
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
    seats: [],
    style: ROAD_STYLES[plan.built],
  }
  const { yard, boards, paint, sheet } = works
  for (const site of sites.list) layHouse(yard.at('mass', site.x, site.z), yard.at('trim', site.x, site.z), site)
  const isWall = layPlots(works)
  layLandmarks(works)
  layBridges(works)
  layGates(works)
  laySigns(works)
  layStreets(works)
  const crowd = layCrowd(works, isWall)
  yield* batchOf('town', 'town', yard.chunks(quality, 'town', false), { hasShadow: true })
  yield* batchOf('trim', 'town', yard.chunks(quality, 'trim', true), { hasShadow: false })
  yield sheetPart('town', sheet)
  if (boards.triangles > 0) yield piece('boards', 'townBoard', boards.shape(sheet.usedPx), { sheet: 'town' })
  if (paint.triangles > 0) yield piece('paint', 'paint', paint.shape(sheet.usedPx), { sheet: 'town' })
  if (crowd.length > 0) yield buildCrowd(crowd, quality)
}
