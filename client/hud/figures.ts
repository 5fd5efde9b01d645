import { locale } from '../words/language.ts'
import { M_PER_MI, type Units, units } from '../words/units.ts'
import type { HudSample } from './hud-types.ts'

/** Numbers as the instruments write them. */

export const UNKNOWN = '–'

const FT_PER_M = 3.28084
/** A page has one language and one set of units; another wish loads it anew. */
let known: { readonly mark: string; readonly units: Units } | undefined
const now = (): NonNullable<typeof known> =>
  (known ??= { mark: (0.5).toLocaleString(locale()).charAt(1), units: units() })

export const isMiles = (): boolean => now().units.road === 'mi'

/** A decimal as the page's language writes it; ten times a second, so without `Intl`. */
export function fixed(value: number, digits: number): string {
  const text = value.toFixed(digits)
  const { mark } = now()
  return mark === '.' ? text : text.replace('.', mark)
}

export const speedUnit = (miles = isMiles()): string => (miles ? 'mph' : 'km/h')
export const roadUnit = (miles = isMiles()): string => (miles ? 'mi' : 'km')
export const heightUnit = (miles = isMiles()): string => (miles ? 'ft' : 'm')
export const speedOf = (mps: number, miles = isMiles()): number => mps * (miles ? 3600 / M_PER_MI : 3.6)
export const roadOf = (m: number, miles = isMiles()): number => m / (miles ? M_PER_MI : 1000)
export const heightOf = (m: number, miles = isMiles()): number => (miles ? m * FT_PER_M : m)
/** How far the grade is told ahead: near and far, with the words for it. */
export const aheadOf = (miles = isMiles()): readonly (readonly [m: number, far: string])[] =>
  miles
    ? [
        [M_PER_MI / 4, '¼ mi'],
        [M_PER_MI / 2, '½ mi'],
      ]
    : [
        [500, '500 m'],
        [1000, '1 km'],
      ]

/** Wind, shelter and losses as shown; '' and 0: nothing to say. */
export interface AirFigures {
  readonly windKmh: string
  /** Where the wind goes, degrees clockwise; 0: with the rider. */
  readonly windDeg: number
  readonly savedW: string
  /** Of the most that a bunch can save, %. */
  readonly savedPercent: number
  readonly brakeW: string
  readonly contactW: string
}

export function whole(value: number): string {
  return Math.round(value).toFixed(0)
}

export function perKg(powerW: number, massKg: number | undefined): string {
  return massKg === undefined || massKg <= 0 ? UNKNOWN : fixed(powerW / massKg, 1)
}

export function percent(gradeFraction: number): string {
  const tenths = Math.round(gradeFraction * 1000) + 0 // No −0.
  return fixed(tenths / 10, 1).replace('-', '−')
}

export function clock(seconds: number): string {
  const all = Math.max(0, Math.floor(seconds))
  const hours = Math.floor(all / 3600)
  const minutes = Math.floor(all / 60) % 60
  return hours > 0 ? `${hours}:${two(minutes)}:${two(all % 60)}` : `${minutes}:${two(all % 60)}`
}

function two(value: number): string {
  return String(value).padStart(2, '0')
}

/** 240 m, 5.3 km; 800 ft, 3.3 mi. */
export function lengthText(lengthM: number, miles = isMiles()): string {
  if (miles) {
    const ft = lengthM * FT_PER_M
    return ft < 1000 ? `${Math.ceil(ft / 50) * 50} ft` : `${fixed(lengthM / M_PER_MI, 1)} mi`
  }
  return lengthM < 995 ? `${Math.ceil(lengthM / 10) * 10} m` : `${fixed(lengthM / 1000, 1)} km`
}

/** −2.3, +1:04. */
export function gapText(seconds: number): string {
  const size = Math.abs(seconds)
  const text = size < 59.95 ? fixed(size, 1) : clock(Math.round(size))
  if (size < 0.05) return text // Side by side is neither ahead nor behind.
  return `${seconds < 0 ? '−' : '+'}${text}`
}

/** Against a best: −0.4, +12.0. */
export function deltaText(seconds: number | undefined): string {
  return seconds === undefined ? '' : gapText(seconds)
}

/** Less than this is not worth a rider's eye, W and km/h or mph. */
const SHOWN_MIN_W = 5
const SHOWN_MIN_KMH = 1
/** An arrow that trembles is no arrow. */
const WIND_STEP_DEG = 15

export function airFigures(forces: HudSample['forces']): AirFigures {
  if (forces === undefined) return { windKmh: '', windDeg: 0, savedW: '', savedPercent: 0, brakeW: '', contactW: '' }
  const watts = (value: number): string => (value >= SHOWN_MIN_W ? whole(value) : '')
  const { headMps, crossMps, savedW, savedShare, brakeW, contactW } = forces
  const kmh = speedOf(Math.hypot(headMps, crossMps))
  const goesDeg = (Math.atan2(-crossMps, -headMps) * 180) / Math.PI
  return {
    windKmh: kmh >= SHOWN_MIN_KMH ? whole(kmh) : '',
    windDeg: kmh >= SHOWN_MIN_KMH ? Math.round(goesDeg / WIND_STEP_DEG) * WIND_STEP_DEG : 0,
    savedW: watts(savedW),
    savedPercent: Math.round((savedShare ?? 0) * 20) * 5,
    brakeW: watts(brakeW),
    contactW: watts(contactW),
  }
}
