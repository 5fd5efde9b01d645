import type { Network } from '#maps/network'
import type { Carriageways } from './carriageways.ts'
import { layBridges } from './bridges.ts'
import { layCrowd } from './crowd.ts'
import { layGates } from './gates.ts'
import { layHouse } from './houses.ts'
import { layLandmarks } from './landmarks.ts'
import { laySigns } from './signs.ts'
import { layStreets } from './street.ts'
import { createJunctions, type Junction } from './junctions.ts'
import type { Land } from './land.ts'
import { STYLE, Yard, type Chunk } from './mason.ts'
import { buildRoads, type RoadChunk } from './road.ts'
import { ROAD_STYLES, type RoadStyle } from './road-style.ts'
import type { SceneLine } from './scene-line.ts'
import type { SceneryPlan } from './scenery-plan.ts'
import { Prints, SheetPlan } from './sheet.ts'
import type { Sites } from './sites.ts'
import type { Quality } from './view-types.ts'

/** All that people made, as plain numbers: no three.js, no canvas. */
export interface TownParts {
  readonly style: RoadStyle
  readonly roads: readonly RoadChunk[]
  readonly chunks: readonly Chunk[]
  readonly boards: Prints
  readonly paint: Prints
  readonly sheet: SheetPlan
  readonly junctions: readonly Junction[]
  /** People, PERSON_ROW numbers each. */
  readonly crowd: Float32Array
}

export interface TownInput {
  readonly ways: Carriageways
  readonly network: Network
  readonly land: Land
  readonly sites: Sites
  readonly plan: SceneryPlan
  readonly mapName: string
  readonly lines: readonly SceneLine[]
  readonly quality: Quality
  readonly seed: number
}

/** What builders of a town write to. */
export interface Works extends TownInput {
  readonly yard: Yard
  readonly boards: Prints
  readonly paint: Prints
  readonly sheet: SheetPlan
  readonly junctions: readonly Junction[]
  readonly style: RoadStyle
}

export function buildTown(input: TownInput): TownParts {
  const { ways, network, land, sites, plan, lines, quality } = input
  const style = ROAD_STYLES[plan.country]
  const junctions = createJunctions(ways, network)
  const yard = new Yard()
  const boards = new Prints()
  const paint = new Prints()
  const sheet = new SheetPlan()
  const roads = buildRoads(ways.roads, junctions, land, lines, quality)
  const works: Works = { ...input, yard, boards, paint, sheet, junctions, style }
  for (const site of sites.list) layHouse(yard.at('mass', site.x, site.z), site)
  layFences(yard, sites)
  layLandmarks(works)
  layBridges(works)
  layGates(works)
  laySigns(works)
  layStreets(works)
  const crowd = layCrowd(works)
  return { style, roads, chunks: yard.chunks(), boards, paint, sheet, junctions, crowd }
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
