import type { Figure } from '../measured.ts'

/** A figure, its limit, and what part of the limit it takes. */
export function limited(name: string, value: number, unit: string, atMost: number): Record<string, Figure> {
  return {
    [name]: { value: rounded(value), unit, atMost, pass: value <= atMost },
    [`${name}.ofLimit`]: { value: rounded(value / atMost), unit: '×' },
  }
}

/** Not a number, if there is none. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b)
  return rounded(sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN)
}

const rounded = (value: number): number => Math.round(value * 1000) / 1000
