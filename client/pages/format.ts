import { common } from '../words/common.ts'
import { locale } from '../words/language.ts'
import { numberText } from '../words/units.ts'

/** Numbers as people read them. */

export const km = (m: number, digits = 1): string => (m / 1000).toFixed(digits)

/** 4:07, 1:04:07. */
export function clockText(ms: number): string {
  const total = Math.max(0, Math.floor(ms / 1000))
  const seconds = String(total % 60).padStart(2, '0')
  const minutes = Math.floor(total / 60) % 60
  const hours = Math.floor(total / 3600)
  return hours > 0 ? `${hours}:${String(minutes).padStart(2, '0')}:${seconds}` : `${minutes}:${seconds}`
}

const decimalMark = (): string => numberText(0.5, 1).charAt(1)

/** 4:07.213, in German 4:07,213: a result is told to the millisecond it was measured in. */
export function resultText(ms: number): string {
  const whole = Math.max(0, Math.round(ms))
  return `${clockText(whole)}${decimalMark()}${String(whole % 1000).padStart(3, '0')}`
}

export const gapText = (ms: number): string => (ms <= 0 ? '' : `+${numberText(ms / 1000, 1)}`)

/** “today 19:30”, “Tue 24 Nov 19:30”, in the reader's own zone. */
export function whenText(iso: string, wallMs: number): string {
  const at = new Date(iso)
  const time = at.toLocaleTimeString(locale(), { hour: 'numeric', minute: '2-digit' })
  const isToday = at.toDateString() === new Date(wallMs).toDateString()
  if (isToday) return common.today(time)
  return `${at.toLocaleDateString(locale(), { weekday: 'short', day: 'numeric', month: 'short' })} ${time}`
}
