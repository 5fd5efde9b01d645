import { gannetholm } from './gannetholm.ts'
import { highGentian } from './high-gentian.ts'
import { thrushford } from './thrushford.ts'
import type { WorldPlan } from './world.ts'

/** The worlds that a program draws. Sorrelmere's points were drawn by hand: its map.json is its own source. */
export const AUTHORED: Readonly<Record<string, () => WorldPlan>> = {
  thrushford,
  gannetholm,
  'high-gentian': highGentian,
}
