import type { HudSample } from './hud-types.ts'

/** Numbers as the instruments write them. */

export const UNKNOWN = '–'

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
  return massKg === undefined || massKg <= 0 ? UNKNOWN : (powerW / massKg).toFixed(1)
}

export function percent(gradeFraction: number): string {
  const text = (gradeFraction * 100).toFixed(1)
  return text === '-0.0' ? '0.0' : text.replace('-', '−')
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

/** 240 m, 5.3 km. */
export function lengthText(lengthM: number): string {
  return lengthM < 995 ? `${Math.ceil(lengthM / 10) * 10} m` : `${(lengthM / 1000).toFixed(1)} km`
}

/** −2.3, +1:04. */
export function gapText(seconds: number): string {
  const size = Math.abs(seconds)
  const text = size < 59.95 ? size.toFixed(1) : clock(Math.round(size))
  if (text === '0.0') return text // Side by side is neither ahead nor behind.
  return `${seconds < 0 ? '−' : '+'}${text}`
}

/** Against a best: −0.4, +12.0. */
export function deltaText(seconds: number | undefined): string {
  return seconds === undefined ? '' : gapText(seconds)
}

/** Less than this is not worth a rider's eye, W and km/h. */
const SHOWN_MIN_W = 5
const SHOWN_MIN_KMH = 1
/** An arrow that trembles is no arrow. */
const WIND_STEP_DEG = 15

export function airFigures(forces: HudSample['forces']): AirFigures {
  if (forces === undefined) return { windKmh: '', windDeg: 0, savedW: '', savedPercent: 0, brakeW: '', contactW: '' }
  const watts = (value: number): string => (value >= SHOWN_MIN_W ? whole(value) : '')
  const { headMps, crossMps, savedW, savedShare, brakeW, contactW } = forces
  const kmh = Math.hypot(headMps, crossMps) * 3.6
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
