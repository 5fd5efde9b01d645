import { BIKES, KIT_PATTERNS, type RiderLook } from '../world/rider-look.ts'

/**
 * What this browser keeps of its own rider for next week: the secrets of guests' rides, the look, the legs. Private to this
 * browser; everything read back is checked.
 */
const SECRETS_KEY = 'gruppetto.my-riders'
const LOOK_KEY = 'gruppetto.look'
const GUEST_KEY = 'gruppetto.guest'
const FITNESS_KEY = 'gruppetto.fitness'
const SIGNED_IN_KEY = 'gruppetto.signed-in'
/** As many as the server looks up at once. */
const SECRETS_MAX = 100
const SECRET = /^[A-Za-z0-9_-]{43}$/

/** Newest first. */
export function riderSecrets(): readonly string[] {
  const stored = parsed(SECRETS_KEY)
  return Array.isArray(stored)
    ? stored.filter((one) => typeof one === 'string' && SECRET.test(one)).slice(0, SECRETS_MAX)
    : []
}

/** A request that says whose this browser is. */
export const asRider = (): RequestInit => {
  const secrets = riderSecrets()
  return secrets.length === 0 ? {} : { headers: { authorization: `Rider ${secrets.join(',')}` } }
}

/** A rider of this browser, to be found again; the oldest is forgotten when there are too many. */
export function keepSecret(secret: string): void {
  write(SECRETS_KEY, [secret, ...riderSecrets().filter((one) => one !== secret)].slice(0, SECRETS_MAX))
}

/** What this browser is known by when it rides as a guest: 256 bits that nobody else has. Blocks hold by it. */
export function guestKey(): string {
  const stored = parsed(GUEST_KEY)
  if (typeof stored === 'string' && SECRET.test(stored)) return stored
  const bytes = crypto.getRandomValues(new Uint8Array(32))
  const made = btoa(String.fromCharCode(...bytes)).replace(/[+/=]/g, (sign) =>
    sign === '+' ? '-' : sign === '/' ? '_' : '',
  )
  write(GUEST_KEY, made)
  return made
}

/** An account has them now. */
export const dropSecrets = (): void => write(SECRETS_KEY, undefined)

/** Somebody has signed in here; whether they still are only the server knows. */
export const isSignedInHere = (): boolean => parsed(SIGNED_IN_KEY) === true
export const setSignedInHere = (isSignedIn: boolean): void => write(SIGNED_IN_KEY, isSignedIn ? true : undefined)

const COLOURS = ['jersey', 'accent', 'shorts', 'helmet', 'frame', 'skin'] as const

/** Undefined: nothing was chosen, the house dresses the rider. */
export function readLook(): RiderLook | undefined {
  const stored = parsed(LOOK_KEY)
  return isLook(stored) ? stored : undefined
}

export const writeLook = (look: RiderLook): void => write(LOOK_KEY, look)

export function isLook(value: unknown): value is RiderLook {
  if (typeof value !== 'object' || value === null) return false
  const part = (name: string, most: number): boolean => {
    const given: unknown = Reflect.get(value, name)
    return typeof given === 'number' && Number.isInteger(given) && given >= 0 && given <= most
  }
  return (
    COLOURS.every((name) => part(name, 0xffffff)) &&
    part('pattern', KIT_PATTERNS.length - 1) &&
    part('bike', BIKES.length - 1) &&
    part('number', 9999)
  )
}

/** What a rider knows of their legs; null: not known. The bounds are the server's. */
export interface Fitness {
  readonly ftpW: number | null
  readonly maxHeartRateBpm: number | null
}
export const FTP_W = { min: 50, max: 600 } as const
export const MAX_BPM = { min: 100, max: 230 } as const

export function readFitness(): Fitness {
  const stored = parsed(FITNESS_KEY)
  const part = (name: string, { min, max }: { min: number; max: number }): number | null => {
    const given: unknown = typeof stored === 'object' && stored !== null ? Reflect.get(stored, name) : undefined
    return typeof given === 'number' && given >= min && given <= max ? given : null
  }
  return { ftpW: part('ftpW', FTP_W), maxHeartRateBpm: part('maxHeartRateBpm', MAX_BPM) }
}

export const writeFitness = (fitness: Fitness): void => write(FITNESS_KEY, fitness)

function parsed(key: string): unknown {
  try {
    return JSON.parse(globalThis.localStorage?.getItem(key) ?? 'null')
  } catch {
    return null // Not ours, or storage is switched off: the page works, it only forgets.
  }
}

function write(key: string, value: unknown): void {
  try {
    if (value === undefined) localStorage.removeItem(key)
    else localStorage.setItem(key, JSON.stringify(value))
  } catch {
    // Storage full or switched off: the page works, it only forgets.
  }
}
