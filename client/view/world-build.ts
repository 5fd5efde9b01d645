import { BakedCourse } from '#maps/course'
import type { BakedColumns, MapFile } from '#maps/format'
import type { Network } from '#maps/network'
import { createCarriageways, type Carriageways } from './carriageways.ts'
import { createJunctions, isOnCrossing, type Junction } from './junctions.ts'
import { planLamps } from './lamp-plan.ts'
import { buildLampPosts } from './lamp-posts.ts'
import { createLand, type Land } from './land.ts'
import type { LandFacts } from './land-part.ts'
import type { Part } from './piece.ts'
import { createPlantAtlas } from './plant-atlas.ts'
import { plantAll } from './plants.ts'
import { buildRoads } from './road.ts'
import { ROAD_STYLES } from './road-style.ts'
import type { SceneLine } from './scene-line.ts'
import { readScenery, type SceneryPlan } from './scenery-plan.ts'
import { createSites } from './sites.ts'
import { latticeOf, planTerrain } from './terrain.ts'
import { buildTown } from './town.ts'
import type { Quality } from './view-types.ts'
import { createWater, type Water } from './water-plan.ts'
import { planWater } from './water.ts'
import { BARE_KIT, type WorldKit } from './world-kit.ts'
import type { ZoneWorks } from './zone-works.ts'

/** What a world is built from: plain data, so that a worker can be told. */
export interface WorldInput {
  readonly course: BakedColumns
  readonly network: Network
  readonly map: Pick<MapFile, 'name' | 'scenery'>
  readonly quality: Quality
  readonly seed: number
}

/** The ground and the roads on it: what the builders ask, and the camera. */
export interface Country {
  readonly ways: Carriageways
  readonly junctions: readonly Junction[]
  readonly land: Land
  readonly plan: SceneryPlan
  readonly waters: readonly Water[]
  readonly kit: WorldKit
  readonly parks: ZoneWorks | undefined
}

/** `kit`: what this world has of its own (world-kit.ts); without it there are no landmarks and no parks. */
export function createCountry({ course, network, map, seed }: WorldInput, kit: WorldKit = BARE_KIT): Country {
  const ways = createCarriageways(course, network)
  const plan = readScenery(map.scenery)
  const waters = plan.waters.map((outline) => createWater(ways.frame, outline))
  const parks = kit.createZoneWorks?.(network.zones, new BakedCourse(course), ways.frame)
  const junctions = createJunctions(ways, network)
  return { ways, junctions, plan, waters, kit, parks, land: createLand(ways, waters, seed, plan, parks?.pads) }
}

/**
 * Everything that stands or lies still, one part after the other: what one sees first comes first. Neither three.js nor
 * a page is needed for it.
 */
export function* buildWorld(input: WorldInput, country: Country): Generator<Part> {
  const { ways, junctions, land, plan, waters, kit, parks } = country
  const { network, map, quality, seed } = input
  const lines = sceneLines(ways, network)
  yield* buildRoads(ways.roads, junctions, land, lines, ROAD_STYLES[plan.built], quality)
  const facts: LandFacts = {
    look: land.look,
    iceFromM: land.snowLineM,
    seaLevelM: waters.find(({ isSea }) => isSea)?.levelM,
  }
  const lattice = latticeOf(ways, land, quality)
  yield { kind: 'ground', name: 'ground', facts, terrain: planTerrain(ways, land, lattice, quality) }
  const water = planWater(waters, land)
  if (water !== undefined) yield { kind: 'water', name: 'water', facts, water }
  yield { kind: 'mark', name: 'ground' }
  const sites = createSites(ways, land, plan.places, plan.built, seed)
  yield* buildLampPosts(planLamps(ways, land.isTown))
  yield* buildTown({ ways, network, land, sites, plan, mapName: map.name, lines, quality, seed, junctions, ...kit })
  if (parks !== undefined) yield* parks.parts(quality)
  const isTaken = (x: number, z: number): boolean =>
    sites.isBuilt(x, z) || parks?.isParkAt(x, z) === true || isOnCrossing(junctions, x, z)
  const thinning = THINNING[quality]
  const stands = plantAll({ ways, land, lattice, grounds: plan.grounds, seed, thinning, isBuilt: isTaken })
  yield { kind: 'growth', name: 'plants', atlas: createPlantAtlas(seed), stands }
}

/** Of the places where a plant may stand, as many as a card draws. */
export const THINNING: Record<Quality, number> = { test: 3.4, low: 1.7, medium: 1.25, high: 1 }

/** Every named line where it lies on its carriageway; lines that end a route, and the map's own start, have the arch. */
export function sceneLines(ways: Carriageways, network: Network): SceneLine[] {
  const finishes = new Set(network.routes.map((route) => route.finishLineId))
  return network.lines.map(({ id, name, way, atM }) => {
    const {
      road,
      atM: alongM,
      isReversed,
    } = ways.locate(network.ways[way]!.startM + atM, {
      road: ways.roads[0]!,
      atM: 0,
      isReversed: false,
    })
    return { id, name, path: road.path, atM: alongM, isReversed, isStart: id === 'start' || finishes.has(id) }
  })
}
