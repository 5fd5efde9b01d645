import { signal } from '@preact/signals'
import { type Fitness, readFitness, writeFitness } from '../pages/own-memory.ts'

/** What a rider set of the screen, and remembered in this browser. Everything read back is checked: storage is the outside. */

export const PANELS = [
  'power',
  'effort',
  'ride',
  'riders',
  'segment',
  'laps',
  'profile',
  'map',
  'talk',
  'lines',
] as const
export type PanelId = (typeof PANELS)[number]
export const SIZES = ['large', 'small', 'off'] as const
export type PanelSize = (typeof SIZES)[number]
export const MAPS = ['near', 'north', 'whole'] as const
export type MapKind = (typeof MAPS)[number]

export interface HudSettings {
  readonly panels: Readonly<Record<PanelId, PanelSize>>
  /** For who sits two metres away. */
  readonly isFar: boolean
  readonly map: MapKind
  /** Other keys than the table's, by action. */
  readonly keys: Readonly<Record<string, string>>
  /** What a button at the handlebar does, by device and button. */
  readonly buttons: Readonly<Record<string, string>>
  readonly criticalW: number | undefined
  readonly wPrimeJ: number | undefined
  /** Names a guest rides with. */
  readonly friends: readonly string[]
}

const KEY = 'gruppetto.hud'
const NAMES_MAX = 200
/** The newest, when somebody has tried every bar of the shop. */
const BUTTONS_MAX = 100
const LARGE: Record<PanelId, PanelSize> = {
  ...{ power: 'large', effort: 'large', ride: 'large', riders: 'large', segment: 'large', laps: 'small' },
  ...{ profile: 'large', map: 'large', talk: 'large', lines: 'large' },
}

export const HUD_DEFAULT: HudSettings = {
  ...{ panels: LARGE, isFar: false, map: 'near', keys: {}, buttons: {} },
  ...{ criticalW: undefined, wPrimeJ: undefined },
  friends: [],
}
/** Beyond these a number is a slip of the finger. */
export const CRITICAL_W = { min: 50, max: 600 } as const
export const W_PRIME_J = { min: 2000, max: 60_000 } as const

export const hudSettings = signal<HudSettings>(parseSettings(stored()))

/** FTP and highest heart rate are the profile's: told there or on the ride screen, they are the same. */
export const fitness = signal<Fitness>(readFitness())

export function setFitness(change: Partial<Fitness>): void {
  fitness.value = { ...fitness.value, ...change }
  writeFitness(fitness.value)
}

export function setHud(change: Partial<HudSettings>): void {
  hudSettings.value = { ...hudSettings.value, ...change }
  try {
    localStorage.setItem(KEY, JSON.stringify(hudSettings.value))
  } catch {
    // Storage full or switched off: the screen is as it was set, until it is closed.
  }
}

export function setPanel(id: PanelId, size: PanelSize): void {
  setHud({ panels: { ...hudSettings.value.panels, [id]: size } })
}

export function toggleName(list: 'friends', name: string): boolean {
  const names = hudSettings.value[list]
  const isOn = !names.includes(name)
  setHud({ [list]: isOn ? [...names, name].slice(-NAMES_MAX) : names.filter((other) => other !== name) })
  return isOn
}

export function parseSettings(text: string | null): HudSettings {
  const read = objectOf(text)
  const panels = objectOf(read['panels'])
  const keys = objectOf(read['keys'])
  return {
    panels: Object.fromEntries(PANELS.map((id) => [id, oneOf(SIZES, panels[id]) ?? LARGE[id]])) as typeof LARGE,
    isFar: read['isFar'] === true,
    map: oneOf(MAPS, read['map']) ?? 'near',
    keys: Object.fromEntries(Object.entries(keys).filter((pair): pair is [string, string] => isKey(pair[1]))),
    buttons: buttonsOf(read['buttons']),
    criticalW: within(read['criticalW'], CRITICAL_W),
    wPrimeJ: within(read['wPrimeJ'], W_PRIME_J),
    friends: names(read['friends']),
  }
}

function buttonsOf(value: unknown): Readonly<Record<string, string>> {
  const given = Object.entries(objectOf(value)).filter(
    (pair): pair is [string, string] => pair[0].length <= 240 && isKey(pair[1]),
  )
  return Object.fromEntries(given.slice(-BUTTONS_MAX))
}

const isKey = (key: unknown): boolean => typeof key === 'string' && /^\w{1,24}$/.test(key)

function stored(): string | null {
  try {
    return globalThis.localStorage?.getItem(KEY) ?? null
  } catch {
    return null // Storage switched off: the page works, it only forgets.
  }
}

function objectOf(value: unknown): Record<string, unknown> {
  try {
    const read: unknown = typeof value === 'string' ? JSON.parse(value) : value
    return typeof read === 'object' && read !== null ? { ...read } : {}
  } catch {
    return {} // Not ours: start afresh.
  }
}

function oneOf<T extends string>(list: readonly T[], value: unknown): T | undefined {
  return list.find((entry) => entry === value)
}

function within(value: unknown, range: { readonly min: number; readonly max: number }): number | undefined {
  return typeof value === 'number' && value >= range.min && value <= range.max ? value : undefined
}

function names(value: unknown): readonly string[] {
  if (!Array.isArray(value)) return []
  return value.filter((name): name is string => typeof name === 'string' && name.length <= 256).slice(-NAMES_MAX)
}
