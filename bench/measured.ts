import type { Spread } from './measure.ts'

/** One measured number as a command prints it. */
export interface Figure {
  readonly value: number | string
  readonly unit: string
  readonly atMost?: number
  readonly atLeast?: number
  readonly pass?: boolean
}

/** What a part of the bench answers: its figures, and how they were come by in a sentence or two. */
export interface Measured {
  readonly method: string
  readonly figures: Readonly<Record<string, Figure>>
}

/** The median under its name, smallest and largest beside it. A target holds for the median. */
export function spreadFigures(
  name: string,
  { median, min, max }: Spread,
  unit: string,
  target?: { readonly atMost?: number; readonly atLeast?: number },
): Record<string, Figure> {
  const isHit = median <= (target?.atMost ?? Infinity) && median >= (target?.atLeast ?? -Infinity)
  const hit = target === undefined ? {} : { ...target, pass: isHit }
  return {
    [name]: { value: median, unit, ...hit },
    [`${name}.min`]: { value: min, unit },
    [`${name}.max`]: { value: max, unit },
  }
}
