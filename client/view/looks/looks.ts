import type { SceneryPlan } from '../scenery-plan.ts'
import { alpine } from './alpine.ts'
import { hills } from './hills.ts'
import { isle } from './isle.ts'
import { lakeland } from './lakeland.ts'
import type { Look } from './look.ts'
import { parkland } from './parkland.ts'

/** Landscapes a map may ask for by name: `scenery.look`. */
export const LOOKS: Readonly<Record<string, Look>> = { parkland, isle, alpine, lakeland, hills }

/** Above this much between the lowest and the highest road a country is mountains, m; below the other it is a plain. */
const MOUNTAINS_FROM_M = 550
const HILLS_FROM_M = 70

/** The look a map asks for; else one by its country and by how far its roads rise. */
export function lookOf(
  { look, country, waters }: Pick<SceneryPlan, 'look' | 'country' | 'waters'>,
  riseM: number,
): Look {
  const wanted = look === undefined ? undefined : LOOKS[look]
  if (wanted !== undefined) return wanted
  if (country === 'island') return isle
  if (country === 'plain') return parkland
  if (country === 'hills') return riseM > MOUNTAINS_FROM_M ? alpine : hills
  if (riseM > MOUNTAINS_FROM_M) return alpine
  if (waters.length > 0) return lakeland
  return riseM < HILLS_FROM_M ? parkland : hills
}
