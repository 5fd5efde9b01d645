import { UNITS_KEY } from '../../words/units.ts'

/** What the rider chose to read; null: whatever the browser's region uses. */
export type OwnUnits = 'metric' | 'imperial' | null

export const unitsOf = (value: string | null): OwnUnits => (value === 'metric' || value === 'imperial' ? value : null)

export function readUnits(): OwnUnits {
  try {
    return unitsOf(localStorage.getItem(UNITS_KEY))
  } catch {
    return null // Storage switched off.
  }
}

export function keepUnits(wish: OwnUnits): void {
  try {
    if (wish === null) localStorage.removeItem(UNITS_KEY)
    else localStorage.setItem(UNITS_KEY, wish)
  } catch {
    // Storage switched off: the page works, it only forgets.
  }
}
