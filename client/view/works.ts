import type { Network } from '#maps/network'
import type { Carriageways } from './carriageways.ts'
import type { Junction } from './junctions.ts'
import type { Land } from './land.ts'
import type { Yard } from './mason.ts'
import type { RoadStyle } from './road-style.ts'
import type { SceneLine } from './scene-line.ts'
import type { SceneryPlan } from './scenery-plan.ts'
import type { Prints, SheetPlan } from './sheet.ts'
import type { Sites } from './sites.ts'
import type { Quality } from './view-types.ts'

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
  readonly junctions: readonly Junction[]
}

/** What builders of a town write to. */
export interface Works extends TownInput {
  readonly yard: Yard
  readonly boards: Prints
  readonly paint: Prints
  readonly sheet: SheetPlan
  readonly style: RoadStyle
  /** Where people sit that no stretch of road has put there; +z is where they look. */
  readonly seats: { readonly x: number; readonly y: number; readonly z: number; readonly turnRad: number }[]
}
