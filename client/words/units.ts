import { locale } from './language.ts'

/** Stored is always metric; shown is what the rider knows. Miles go with pounds and feet, but not where only roads are in miles. */
export interface Units {
  readonly road: 'km' | 'mi'
  readonly body: 'metric' | 'imperial'
}

export const UNITS_KEY = 'gruppetto.units'
export const METRIC: Units = { road: 'km', body: 'metric' }
export const IMPERIAL: Units = { road: 'mi', body: 'imperial' }
/** Miles on the road, kilograms on the scale. */
const BRITISH: Units = { road: 'mi', body: 'metric' }

export const M_PER_MI = 1609.344
const M_PER_FT = 0.3048
const KG_PER_LB = 0.45359237
const IN_PER_FT = 12

/** What a region measures in. */
export function unitsOfRegion(region: string | undefined): Units {
  if (region === 'US' || region === 'LR' || region === 'MM') return IMPERIAL
  return region === 'GB' ? BRITISH : METRIC
}

/** What the rider chose, else what the browser's own region uses; without a browser metric. */
export function units(): Units {
  const chosen = read()
  if (chosen === 'metric') return METRIC
  if (chosen === 'imperial') return IMPERIAL
  if (!('document' in globalThis)) return METRIC // Node has a navigator, too.
  const [wish] = globalThis.navigator.languages
  return unitsOfRegion(/-([A-Z]{2})\b/.exec(wish ?? '')?.[1])
}

/** For reading: 12.4 km, 7.7 mi. */
export function roadText(m: number, { road }: Units = units(), digits = 1): string {
  return `${numberText(m / (road === 'mi' ? M_PER_MI : 1000), digits)} ${road}`
}

/** 32.4 km/h, 20.1 mph. */
export function speedText(kmh: number, units?: Units, digits = 1): string {
  const { value, unit } = speedIn(kmh, units)
  return `${numberText(value, digits)} ${unit}`
}

export function speedIn(kmh: number, { road }: Units = units()): { readonly value: number; readonly unit: string } {
  return road === 'mi' ? { value: (kmh * 1000) / M_PER_MI, unit: 'mph' } : { value: kmh, unit: 'km/h' }
}

/** Metres climbed, or of height: 320 m, 1,050 ft. */
export function heightText(m: number, { road }: Units = units()): string {
  return road === 'mi' ? `${numberText(m / M_PER_FT, 0)} ft` : `${numberText(m, 0)} m`
}

export function massText(kg: number, { body }: Units = units()): string {
  return body === 'imperial' ? `${numberText(kg / KG_PER_LB, 0)} lb` : `${numberText(kg, kg % 1 === 0 ? 0 : 1)} kg`
}

export function statureText(m: number, { body }: Units = units()): string {
  if (body === 'metric') return `${numberText(m * 100, 0)} cm`
  const { feet, inches } = feetOf(m)
  return `${feet} ft ${inches} in`
}

export const poundsOf = (kg: number): number => kg / KG_PER_LB
export const kgOfPounds = (lb: number): number => lb * KG_PER_LB

export function feetOf(m: number): { readonly feet: number; readonly inches: number } {
  const inches = Math.round((m / M_PER_FT) * IN_PER_FT)
  return { feet: Math.floor(inches / IN_PER_FT), inches: inches % IN_PER_FT }
}

export const metresOfFeet = (feet: number, inches: number): number => (feet + inches / IN_PER_FT) * M_PER_FT

/** A number as the page's language writes it. */
export function numberText(value: number, digits: number): string {
  return value.toLocaleString(locale(), { minimumFractionDigits: digits, maximumFractionDigits: digits })
}

function read(): string | undefined {
  try {
    return globalThis.localStorage?.getItem(UNITS_KEY) ?? undefined
  } catch {
    return undefined // Storage switched off.
  }
}
