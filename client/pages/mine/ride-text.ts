import { language } from '../../words/language.ts'
import { heightText, M_PER_MI, numberText, units } from '../../words/units.ts'

/** Numbers of rides as people read them, in their units. */

export { heightText, numberText }

export interface Told {
  readonly value: string
  readonly unit: string
}

export function roadTold(m: number, digits = 1): Told {
  const isMiles = units().road === 'mi'
  return { value: numberText(m / (isMiles ? M_PER_MI : 1000), digits), unit: isMiles ? 'mi' : 'km' }
}

export function heightTold(m: number): Told {
  const [value = '', unit = ''] = heightText(m).split(' ')
  return { value, unit }
}

export function speedTold(mps: number, digits = 1): Told {
  const isMiles = units().road === 'mi'
  return { value: numberText((mps * 3600) / (isMiles ? M_PER_MI : 1000), digits), unit: isMiles ? 'mph' : 'km/h' }
}

/** The unit a road is cut in. */
export const roadUnit = (): 'km' | 'mi' => units().road

/** The page's language, as the reader's own region writes it. */
function locale(): string {
  const own = navigator.languages.find((wish) => wish.startsWith(language()))
  return own ?? language()
}

export function dayText(ms: number): string {
  return new Date(ms).toLocaleDateString(locale(), {
    weekday: 'short',
    day: 'numeric',
    month: 'long',
    year: 'numeric',
  })
}

export function dateText(ms: number): string {
  return new Date(ms).toLocaleDateString(locale(), { day: 'numeric', month: 'long', year: 'numeric' })
}

export function clockOfDay(ms: number): string {
  return new Date(ms).toLocaleTimeString(locale(), { hour: '2-digit', minute: '2-digit' })
}

export function monthText(key: string): string {
  const [year = 0, month = 1] = key.split('-').map(Number)
  return new Date(year, month - 1, 1).toLocaleDateString(locale(), { month: 'long', year: 'numeric' })
}

/** By the reader's own calendar: 2026-11. */
export function monthOf(ms: number): string {
  const at = new Date(ms)
  return `${at.getFullYear()}-${String(at.getMonth() + 1).padStart(2, '0')}`
}

/** 5 s, 1 min, 20 min, 1 h. */
export function lengthText(s: number): string {
  return s < 60 ? `${s} s` : s < 3600 ? `${s / 60} min` : `${s / 3600} h`
}

export function fileNameOf({ startMs, mapId }: { readonly startMs: number; readonly mapId: string }): string {
  return `${new Date(startMs).toISOString().slice(0, 16).replace(/[T:]/g, '-')}-${mapId.replace(/[^\w-]/g, '')}.fit`
}
