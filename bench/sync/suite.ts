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

/** What the rows share: traces are ridden once, packages loaded once. */
export class Suite {
  readonly options: SyncOptions
  readonly #traces = new Map<Variant, Trace>()
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

/** In the order of the table in issue 4, point 5; each is loaded when it is asked for. */
export const PARTS: Readonly<Record<string, { readonly summary: string; readonly load: () => Promise<Part> }>> = {
  riders: {
    summary: 'bits for each rider in view, bytes on the wire, and how true the picture is; ours and the peers',
    load: async () => (await import('./riders.ts')).benchRiders,
  },
  cpu: {
    summary: 'what telling costs for each rider in each view; ours and schema views',
    load: async () => (await import('./cpu.ts')).benchCpu,
  },
  live: {
    summary: 'processor time for each client and tick over real sockets, sealed; ours and Colyseus',
    load: async () => (await import('./live-rows.ts')).benchLive,
  },
  growth: {
    summary: 'how the cost grows with riders, and with riders in view',
    load: async () => (await import('./cpu.ts')).benchGrowth,
  },
  own: {
    summary: 'corrections of the own rider; what legs give, and when it counts',
    load: async () => (await import('./own.ts')).benchOwn,
  },
  join: {
    summary: 'from the token to the session and to everybody in view; after an address change',
    load: async () => (await import('./join.ts')).benchJoin,
  },
  terrible: {
    summary: 'whether everything is right under, and a second after, a terrible link',
    load: async () => (await import('./terrible.ts')).benchTerrible,
  },
  hostile: {
    summary: 'datagrams that nobody of ours has made (--hostile N)',
    load: async () => (await import('./hostile.ts')).benchHostile,
  },
  memory: {
    summary: 'memory of one UDP connection',
    load: async () => (await import('./memory.ts')).benchMemory,
  },
  curve: {
    summary: 'rate against error, also of peers with fewer patches a second',
    load: async () => (await import('./curve.ts')).benchCurve,
  },
}
