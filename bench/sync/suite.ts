import { spread, type Spread } from '../measure.ts'
import type { Figure, Measured } from '../measured.ts'
import { peerEntrants, type Entrant } from './contenders.ts'
import { makeTrace, type Trace, type Variant } from './trace.ts'

export interface SyncOptions {
  /** Each with other dice for every link; figures are medians. */
  readonly rounds: number
  /** Datagrams of the hostile row. */
  readonly hostile: number
  readonly progress: (done: number, total: number, label: string) => void
}

/** One dot of the plot of rate against error. */
export interface CurvePoint {
  readonly key: string
  readonly hz: number
  /** On the wire to one client, headers counted. */
  readonly kbitps: number
  readonly bits: number
  /** p99 along the road against the server's now, and at the time that the picture itself claims to show. */
  readonly nowM: number
  readonly ownM: number
  /** p99 sideways against the server's now. */
  readonly sidewaysM: number
  readonly behindMs: number
}

/** What the rows share: traces are ridden once, packages loaded once. */
export class Suite {
  readonly options: SyncOptions
  readonly #traces = new Map<Variant, Trace>()
  /** Kept for the plot. */
  curve: readonly CurvePoint[] | undefined
  #peers: Promise<readonly Entrant[] | undefined> | undefined

  constructor(options: SyncOptions) {
    this.options = options
  }

  trace(variant: Variant): Trace {
    const known = this.#traces.get(variant)
    if (known !== undefined) return known
    const made = makeTrace({ variant })
    this.#traces.set(variant, made)
    return made
  }

  peers(): Promise<readonly Entrant[] | undefined> {
    this.#peers ??= peerEntrants()
    return this.#peers
  }
}

export interface Target {
  readonly atMost?: number
  readonly atLeast?: number
}

/** Rows of one part, growing: a value, or the median of several with smallest and largest beside it. */
export class Rows {
  readonly figures: Record<string, Figure> = {}

  add(name: string, values: number | readonly number[], unit: string, target?: Target): void {
    const all = typeof values === 'number' ? [values] : values
    const { median, min, max }: Spread = spread(all)
    const isHit = median <= (target?.atMost ?? Infinity) && median >= (target?.atLeast ?? -Infinity)
    this.figures[name] = {
      value: short(median),
      unit,
      ...(target === undefined ? {} : { ...target, pass: isHit }),
    }
    if (all.length === 1) return
    this.figures[`${name}.min`] = { value: short(min), unit }
    this.figures[`${name}.max`] = { value: short(max), unit }
  }

  note(name: string, sentence: string): void {
    this.figures[name] = { value: sentence, unit: '' }
  }
}

/** Four digits say all that was measured. */
export function short(value: number): number {
  return Number.isFinite(value) ? Number(value.toPrecision(4)) : value
}

export type Part = (suite: Suite) => Promise<Measured>
