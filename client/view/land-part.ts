import type { Look } from './looks/look.ts'
import type { PlantAtlas } from './plant-atlas.ts'
import type { Stands } from './plants.ts'
import type { TerrainPlan } from './terrain.ts'
import type { WaterPlan } from './water.ts'

/** What the land itself is made of: parts that choose what they draw by themselves (`land-mesh.ts`), a few draws each. */
export type LandPart = GroundPart | WaterPart | GrowthPart

/** What its materials are told of a land. */
export interface LandFacts {
  readonly look: Look
  /** Above it snow and ice stay all the year, m. */
  readonly iceFromM: number
  /** Where its sea is; absent: there is none. */
  readonly seaLevelM: number | undefined
}

export interface GroundPart {
  readonly kind: 'ground'
  readonly name: string
  readonly facts: LandFacts
  readonly terrain: TerrainPlan
}

export interface WaterPart {
  readonly kind: 'water'
  readonly name: string
  readonly facts: LandFacts
  readonly water: WaterPlan
}

/** Shapes of all plants, and where each stands. */
export interface GrowthPart {
  readonly kind: 'growth'
  readonly name: string
  readonly atlas: PlantAtlas
  readonly stands: Stands
}

/** The arrays a worker gives away. */
export function landBuffers(part: LandPart): ArrayBufferView[] {
  switch (part.kind) {
    case 'ground': {
      const { position, normal, color, mark, index } = part.terrain
      return [position, normal, color, mark, index]
    }
    case 'water':
      return [part.water.position, part.water.index, part.water.shores]
    case 'growth':
      return [part.atlas.texels, part.stands.kind, part.stands.numbers]
  }
}
