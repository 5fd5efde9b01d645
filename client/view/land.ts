import { createNoise, mix, smoothstep, type Noise } from './noise.ts'
import { createNearRoad } from './near-road.ts'
import type { Carriageways } from './carriageways.ts'
import type { Look } from './looks/look.ts'
import { lookOf } from './looks/looks.ts'
import { createRegion, createSamples, towardsTop } from './land-region.ts'
import type { Country, SceneryPlan } from './scenery-plan.ts'
import { FAR_FROM_WATER_M, type Water } from './water-plan.ts'
import { createTowns } from './towns.ts'
import type { Pad } from './zone-types.ts'

/** The ground: one function of the place, from which terrain, plants and houses all take their height. */
export interface Land {
  readonly noise: Noise
  readonly look: Look
  readonly waters: readonly Water[]
  readonly lowestM: number
  /** Heights where trees end and snow begins. */
  readonly treeLineM: number
  readonly snowLineM: number
  readonly highestM: number
  heightAt(x: number, z: number): number
  /** Distance to the middle of the nearest road, m; Infinity beyond ROAD_REACH_M. */
  roadDistanceAt(x: number, z: number): number
  /** … and to the edge of its asphalt; negative on the road. */
  vergeAt(x: number, z: number): number
  /** Metres beyond the edge of the nearest bridge's deck, negative under it; Infinity farther off than BRIDGE_REACH_M. */
  deckAt(x: number, z: number): number
  /** True in a town: beside its streets lie pavements. */
  isTown(x: number, z: number): boolean
  /** True on a free-ride zone's own ground, where nothing grows by itself. */
  isPad(x: number, z: number): boolean
  /** Metres from the nearest shore, negative in the water; 999 far from any. */
  shoreAt(x: number, z: number): number
  /** About how far the nearest road is, m, however far it is. */
  awayM(x: number, z: number): number
  /** How high up the country a height is: 0 the lowest road, 1 the tree line. */
  levelOf(y: number): number
  /** How much of a wood a place is, 0 … 1, by what the look says; `rise` is the steepness there, rise over run. */
  woodAt(x: number, z: number, y: number, rise: number): number
  /** How much of a heath. */
  moorAt(x: number, z: number, y: number): number
}

export const ROAD_REACH_M = 260
/** Ground beside the asphalt lies this far below it, so that the two never fight for the same pixel. */
export const VERGE_DROP_M = 0.12
/** Under a bridge the ground stays this far below its road. */
const UNDER_BRIDGE_M = 1.3
const BRIDGE_REACH_M = 24

const ALPS = {
  country: 'alps',
  built: 'alps',
  look: undefined,
  waters: [],
  treeLineM: undefined,
  snowLineM: undefined,
  places: [],
  grounds: [],
} as const

export type GroundPlan = Pick<Carriageways, 'ground' | 'frame' | 'isAloft' | 'roadOf'>

/** How high the mountains beyond the roads are, and how rough the ground between, as shares of the alps'. */
const COUNTRY: Record<Country, { readonly peaks: number; readonly roll: number }> = {
  alps: { peaks: 1, roll: 1 },
  hills: { peaks: 0.22, roll: 0.8 },
  plain: { peaks: 0.05, roll: 0.16 },
  island: { peaks: 0, roll: 0.3 },
}
/** Beyond the shore of an island the ground falls away to this depth under the sea, m. */
const SEA_BED_M = -24

export function createLand(
  plan: GroundPlan,
  waters: readonly Water[],
  seed: number,
  scenery: SceneryPlan = ALPS,
  pads: readonly Pad[] = [],
): Land {
  const { country, treeLineM, snowLineM, places } = scenery
  const { peaks: peaksShare, roll: rollShare } = COUNTRY[country]
  const { ground: path } = plan
  const noise = createNoise(seed)
  const near = createNearRoad(plan, ROAD_REACH_M)
  const bridges = plan.isAloft.includes(1) ? createNearRoad(plan, BRIDGE_REACH_M, true) : undefined
  const region = createRegion(path, plan.frame)
  const highestM = path.y.reduce((a, b) => Math.max(a, b), -Infinity)
  const lowestM = path.y.reduce((a, b) => Math.min(a, b), Infinity)
  const look = lookOf(scenery, highestM - lowestM)
  const samples = createSamples(path, plan.isAloft)
  // Mountains stand behind the top of the road; the other side opens to low hills, so that the eye has somewhere to go.
  const { x: peakX, z: peakZ } = towardsTop(path)

  const wild = (x: number, z: number): number => {
    region.find(x, z)
    const far = region.distanceM
    const roll =
      (noise.fractal(x / 360 + 9, z / 360 + 4, 4) - 0.47) * mix(26, 150, smoothstep(150, 900, far)) * rollShare
    const length = Math.sqrt(x * x + z * z) + 1
    const facing = (x * peakX + z * peakZ) / length
    const tall = mix(0.28, 1, smoothstep(-0.5, 0.55, facing))
    const peaks =
      smoothstep(500, 3600, far) * tall * noise.ridged(x / 2300 + 3.1, z / 2300 + 7.7, 5) * 1900 * peaksShare
    const ground = region.heightM + roll + peaks
    if (country !== 'island') return ground
    // Far out other islands stand on the horizon, each of one piece with a few tops.
    const isles = smoothstep(0.6, 0.74, noise.fractal(x / 1900 + 31, z / 1900 + 5, 2)) * smoothstep(1700, 2600, far)
    const bed = mix(SEA_BED_M, 40 + 190 * noise.ridged(x / 900, z / 900 + 3, 3), isles)
    return mix(ground, bed, smoothstep(450, 1100, far))
  }

  let levelM = 0
  let beachM = 0
  const shoreAt = (x: number, z: number): number => {
    let shore = FAR_FROM_WATER_M
    for (const water of waters) {
      const away = water.shoreAt(x, z)
      if (away >= shore) continue
      shore = away
      levelM = water.levelM
      beachM = water.beachM
    }
    return shore === FAR_FROM_WATER_M ? shore : shore + (noise.fractal(x / 46 + 70, z / 46, 2) - 0.37) * 17
  }

  const cliffAt = (x: number, z: number): number =>
    look.cliffShare === 0
      ? 0
      : smoothstep(0.56 - 0.3 * look.cliffShare, 0.66 - 0.3 * look.cliffShare, noise.fractal(x / 420 + 11, z / 420, 2))

  const heightAt = (x: number, z: number): number => {
    const d = near.find(x, z)
    let ground = wild(x, z)
    if (d < ROAD_REACH_M) {
      const i = near.index
      const abreastM = near.heightM
      // Legs of a hairpin pull the ground between them in proportion to their nearness: no step half-way.
      ground = samples.blend(x, z, ground)
      ground += (noise.at(x / 26, z / 26) - 0.5) * 2.2 * smoothstep(14, 60, d)
      const shoulder = path.halfWidthM[i]! + 2.2
      ground = mix(abreastM - VERGE_DROP_M, ground, smoothstep(shoulder, shoulder + 15, d))
      ground += (noise.at(x / 3.1, z / 3.1) - 0.6) * 0.22 * smoothstep(shoulder - 1, shoulder + 3, d)
    }
    if (bridges !== undefined) {
      const away = bridges.find(x, z)
      const low = away === Infinity ? Infinity : bridges.heightM - UNDER_BRIDGE_M
      if (away < Infinity && away < path.halfWidthM[bridges.index]! + 2.5) ground = Math.min(ground, low)
    }
    const shore = shoreAt(x, z)
    if (shore < FAR_FROM_WATER_M && shore < beachM) {
      // Where the coast is a cliff the land keeps its height nearly to the water and then falls.
      const cliff = cliffAt(x, z)
      const bed = levelM + Math.max(-6, Math.min(5, shore * 0.055))
      const reachM = mix(beachM, 15, cliff)
      ground = mix(
        ground + 3.5 * cliff * smoothstep(beachM, 18, shore) * smoothstep(14, 36, d),
        bed,
        smoothstep(reachM, mix(4, 1, cliff), shore) * smoothstep(6.5, 15, d),
      )
    }
    for (const pad of pads) {
      const share = pad.shareAt(x, z)
      if (share > 0) ground = mix(ground, pad.heightAt(x, z), share)
    }
    return ground
  }

  const vergeAt = (x: number, z: number): number => {
    const d = near.find(x, z)
    return d === Infinity ? d : d - path.halfWidthM[near.index]!
  }

  const isTown = createTowns(places, plan.frame)

  const deckAt = (x: number, z: number): number => {
    const away = bridges?.find(x, z) ?? Infinity
    return away === Infinity ? away : away - path.halfWidthM[bridges!.index]!
  }

  const treeM = treeLineM ?? lowestM + 1.7 * Math.max(160, highestM - lowestM)
  const levelOf = (y: number): number => (y - lowestM) / Math.max(60, treeM - lowestM)
  const { woods } = look
  // Noise of three octaves lies about 0.44; a share of the country is what lies above so much.
  const woodFrom = 0.4375 + (0.5 - woods.share) * 0.4
  const woodAt = (x: number, z: number, y: number, rise: number): number => {
    const level = levelOf(y)
    if (level > 1.12) return 0
    const w = noise.fractal(x / woods.patchM + 3, z / woods.patchM, 3) + woods.slopeGain * smoothstep(0.12, 0.42, rise)
    const thinning = 1 - smoothstep(0.74, 1.04, level + 0.16 * (noise.at(x / 90, z / 90 + 5) - 0.5))
    return smoothstep(woodFrom - 0.015, woodFrom + 0.04, w) * thinning
  }
  const moorAt = (x: number, z: number, y: number): number => {
    if (look.moorShare === 0 && look.moorFrom > 2) return 0
    const above = smoothstep(look.moorFrom - 0.16, look.moorFrom + 0.06, levelOf(y))
    const patch = noise.fractal(x / 190 + 60, z / 190 + 9, 3)
    return Math.max(
      above,
      smoothstep(0.52 - 0.2 * look.moorShare, 0.6 - 0.2 * look.moorShare, patch) * (look.moorShare > 0 ? 1 : 0),
    )
  }
  const isPad = (x: number, z: number): boolean => pads.some((pad) => pad.shareAt(x, z) > 0.9)
  return {
    noise,
    look,
    waters,
    lowestM,
    highestM,
    treeLineM: treeM,
    snowLineM: snowLineM ?? lowestM + 480,
    heightAt,
    roadDistanceAt: near.find,
    vergeAt,
    deckAt,
    isTown,
    isPad,
    shoreAt,
    awayM: (x, z) => {
      region.find(x, z)
      return region.distanceM
    },
    levelOf,
    woodAt,
    moorAt,
  }
}
