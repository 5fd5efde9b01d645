/** What this browser remembers. Everything read back is checked: storage is the outside. */

export interface Profile {
  readonly name: string
  readonly massKg: number
  readonly heightM: number
}

export const PROFILE_DEFAULT: Profile = { name: '', massKg: 75, heightM: 1.78 }
/** Same bounds as the server's door. */
export const MASS_KG = { min: 30, max: 200 } as const
export const HEIGHT_M = { min: 1, max: 2.5 } as const

const PROFILE_KEY = 'gruppetto.profile'
const RIDER_KEY = 'gruppetto.rider'
const WATCH_KEY = 'gruppetto.watched'
const TOKEN_KEY = 'gruppetto.organiser'
const ROAD_KEY = 'gruppetto.road'
const COMPANY_KEY = 'gruppetto.company'
const MEETS_KEY = 'gruppetto.meets'
const RELOADED_KEY = 'gruppetto.reloaded'
const MEETS_KEPT = 40

export function readProfile(): Profile {
  const stored = parse(read(localStorage, PROFILE_KEY))
  return {
    name: typeof stored['name'] === 'string' ? stored['name'].slice(0, 64) : PROFILE_DEFAULT.name,
    massKg: within(stored['massKg'], MASS_KG) ?? PROFILE_DEFAULT.massKg,
    heightM: within(stored['heightM'], HEIGHT_M) ?? PROFILE_DEFAULT.heightM,
  }
}

/** Weight and height were asked once, and answered: by riding with them. */
export function hasBody(): boolean {
  const stored = parse(read(localStorage, PROFILE_KEY))
  return stored['isAsked'] !== false && within(stored['massKg'], MASS_KG) !== undefined
}

export const writeProfile = (profile: Profile, isAsked: boolean = hasBody()): void =>
  write(localStorage, PROFILE_KEY, JSON.stringify({ ...profile, isAsked }))

/** Where one rode last: a road by name, for rooms change with every start of the server. */
export interface RoadChoice {
  readonly mapId: string
  /** '': free. */
  readonly routeId: string
}

export function readRoad(): RoadChoice | undefined {
  const { mapId, routeId } = parse(read(localStorage, ROAD_KEY))
  return typeof mapId === 'string' && typeof routeId === 'string' ? { mapId, routeId } : undefined
}

export const writeRoad = (road: RoadChoice | undefined): void =>
  write(localStorage, ROAD_KEY, road === undefined ? undefined : JSON.stringify(road))

/** Whom one wants to come up to: in this tab, and only now. */
export interface Company {
  readonly roomId: string
  readonly riderId: number
  readonly name: string
}

export function readCompany(): Company | undefined {
  const { roomId, riderId, name } = parse(read(sessionStorage, COMPANY_KEY))
  return typeof roomId === 'string' && typeof riderId === 'number' && typeof name === 'string'
    ? { roomId, riderId, name }
    : undefined
}

export const writeCompany = (company: Company | undefined): void =>
  write(sessionStorage, COMPANY_KEY, company === undefined ? undefined : JSON.stringify(company))

/** Keys of meet-ups made here, which call them off; the newest ones. */
export function readMeetKey(id: string): string | undefined {
  const key = parse(read(localStorage, MEETS_KEY))[id]
  return typeof key === 'string' ? key : undefined
}

export function writeMeetKey(id: string, key: string): void {
  const kept = Object.entries(parse(read(localStorage, MEETS_KEY))).slice(1 - MEETS_KEPT)
  write(localStorage, MEETS_KEY, JSON.stringify({ ...Object.fromEntries(kept), [id]: key }))
}

/** After an update the files a page was made of may be gone: the new page has them. Once, or it would turn in circles. */
export function reloadOnce(): void {
  if (read(sessionStorage, RELOADED_KEY) === location.pathname) return
  write(sessionStorage, RELOADED_KEY, location.pathname)
  location.reload()
}

/** The rider of this tab: a reload comes back as the same one. */
export interface SavedRider {
  readonly secret: string
  readonly name: string
  /** The ride was on when the page went away. */
  readonly isRiding: boolean
  /** A bridge or another page has the legs: a reload must not take them away. */
  readonly isFollowing?: boolean
  /** Sensors gave the watts, not sliders: a reload looks for them again. */
  readonly hasDevices?: boolean
}

export function readRider(): SavedRider | undefined {
  const stored = parse(read(sessionStorage, RIDER_KEY))
  const { secret, name } = stored
  return typeof secret === 'string' && typeof name === 'string'
    ? {
        ...{ secret, name, isRiding: stored['isRiding'] === true, isFollowing: stored['isFollowing'] === true },
        hasDevices: stored['hasDevices'] === true,
      }
    : undefined
}

export const writeRider = (rider: SavedRider): void => write(sessionStorage, RIDER_KEY, JSON.stringify(rider))

/** Who was watched by a code in this tab: the code works once, a reload comes later. */
export function readWatched(code: string): string | undefined {
  const { code: forCode, watchKey } = parse(read(sessionStorage, WATCH_KEY))
  return forCode === code && typeof watchKey === 'string' ? watchKey : undefined
}

export const writeWatched = (code: string, watchKey: string): void =>
  write(sessionStorage, WATCH_KEY, JSON.stringify({ code, watchKey }))

export const readAdminToken = (): string => read(sessionStorage, TOKEN_KEY) ?? ''
export const writeAdminToken = (token: string): void => write(sessionStorage, TOKEN_KEY, token || undefined)

function read(storage: Storage, key: string): string | null {
  try {
    return storage.getItem(key)
  } catch {
    return null // Storage switched off: the page works, it only forgets.
  }
}

function write(storage: Storage, key: string, value: string | undefined): void {
  try {
    if (value === undefined) storage.removeItem(key)
    else storage.setItem(key, value)
  } catch {
    // Storage full or switched off: the page works, it only forgets.
  }
}

function parse(text: string | null): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text ?? '{}')
    return typeof value === 'object' && value !== null ? { ...value } : {}
  } catch {
    return {} // Not ours: start afresh.
  }
}

function within(value: unknown, range: { min: number; max: number }): number | undefined {
  return typeof value === 'number' && value >= range.min && value <= range.max ? value : undefined
}
