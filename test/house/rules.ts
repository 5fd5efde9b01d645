import { oneDoor } from './doors.ts'
import type { Rule } from './house.ts'
import {
  declaredPackages,
  direction,
  importForm,
  jsxPlaces,
  noBarrels,
  noCycles,
  noRoomCycles,
  projects,
} from './imports.ts'
import { determinism, purity } from './purity.ts'
import { everythingParses, noLeftovers, noSilentTests, noStrays, nothingOfThisMachine, type Machine } from './texts.ts'
import { noBareWords, noProse } from './words.ts'

/** Every rule of docs/HOUSE.md that the compiler does not enforce, and some that it does. */
export function houseRules(machine: Machine): readonly Rule[] {
  return [
    everythingParses,
    direction,
    projects,
    purity,
    determinism,
    noCycles,
    noRoomCycles,
    declaredPackages,
    oneDoor,
    importForm,
    noBarrels,
    jsxPlaces,
    nothingOfThisMachine(machine),
    noLeftovers,
    noStrays,
    noSilentTests,
    noBareWords,
    noProse,
  ]
}
