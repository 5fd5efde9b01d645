import { TIERS, type Tier } from './world/frame-pace.ts'

/** What a rider wants of the picture, remembered in this browser: by itself, or fixed. */
export interface PictureChoice {
  /** undefined: by the graphics card, and by how long frames take. */
  readonly tier: Tier | undefined
  /** Sides as a share of the screen's; undefined: by how long frames take. */
  readonly share: number | undefined
}

const CHOICE_KEY = 'gruppetto.picture'
const LAST_KEY = 'gruppetto.picture.tier'
export const SHARES = [1, 0.75, 0.5] as const
const listeners = new Set<(choice: PictureChoice) => void>()

/** Storage is the outside: what it says is checked. */
export function readChoice(): PictureChoice {
  const [tier, share] = (recalled(CHOICE_KEY) ?? '').split(' ')
  const number = Number(share)
  return {
    tier: TIERS.find((one) => one === tier),
    share: share !== undefined && number >= 0.5 && number <= 1 ? number : undefined,
  }
}

/** Kept, and said to the ride that is on. */
export function writeChoice(choice: PictureChoice): void {
  remember(CHOICE_KEY, `${choice.tier ?? 'auto'} ${choice.share ?? 'auto'}`)
  for (const listener of listeners) listener(choice)
}

/** Until the answer is called. */
export function onChoice(listener: (choice: PictureChoice) => void): () => void {
  listeners.add(listener)
  return () => void listeners.delete(listener)
}

/** The tier that the last ride ended with. */
export function lastTier(): Tier | undefined {
  const last = recalled(LAST_KEY)
  return TIERS.find((one) => one === last)
}

export function rememberTier(tier: Tier): void {
  remember(LAST_KEY, tier)
}

function recalled(key: string): string | undefined {
  try {
    return localStorage.getItem(key) ?? undefined
  } catch {
    return undefined // Storage switched off: the picture begins by the card's name.
  }
}

function remember(key: string, value: string): void {
  try {
    localStorage.setItem(key, value)
  } catch {
    // Storage switched off: it is found out anew on the next ride.
  }
}
