/** Counters and histograms, printed as Prometheus reads them (text format 0.0.4). Counting allocates nothing. */

export interface Counter {
  add(count?: number): void
  readonly value: number
}
export interface Histogram {
  observe(value: number): void
}

/** Upper ends in ms: a tick has 50, and should take 5. Fine enough to read a percentile between two of them. */
export const TICK_BUCKETS_MS = [
  ...[
    0.1, 0.2, 0.35, 0.5, 0.75, 1, 1.5, 2, 3, 4, 5, 6, 7, 8, 10, 12, 14, 16, 18, 20, 22, 24, 26, 28, 30, 33, 36, 40, 45,
  ],
  ...[50, 55, 60, 70, 80, 100, 125, 150, 200, 300, 500, 1000, 2000, 5000],
]
/** Of the collector's pauses. */
export const PAUSE_BUCKETS_MS = [0.5, 1, 2, 3, 4, 6, 8, 10, 15, 20, 30, 50, 100, 200]

type Metric = { readonly help: string; readonly type: 'counter' | 'gauge' | 'histogram'; lines(name: string): string[] }

export class Metrics {
  readonly #metrics = new Map<string, Metric>()

  counter(name: string, help: string): Counter {
    let value = 0
    this.#metrics.set(name, { help, type: 'counter', lines: () => [`${name} ${value}`] })
    return {
      add: (count = 1) => void (value += count),
      get value() {
        return value
      },
    }
  }

  /** Asked when printed. */
  gauge(name: string, help: string, read: () => number): void {
    this.#metrics.set(name, { help, type: 'gauge', lines: () => [`${name} ${read()}`] })
  }

  /** Counters that somebody else keeps, by the value of one label. */
  family(name: string, help: string, label: string, read: () => Readonly<Record<string, number>>): void {
    this.#metrics.set(name, {
      help,
      type: 'counter',
      lines: () => Object.entries(read()).map(([key, value]) => `${name}{${label}="${plain(key)}"} ${value}`),
    })
  }

  histogram(name: string, help: string, upperEnds: readonly number[]): Histogram {
    return this.histograms(name, help, { label: '', upperEnds }).of('')
  }

  /** One histogram for each value of a label; asked for again it is the same. */
  histograms(
    name: string,
    help: string,
    { label, upperEnds }: { readonly label: string; readonly upperEnds: readonly number[] },
  ): { of(value: string): Histogram } {
    const all = new Map<string, Buckets>()
    const lines = (): string[] =>
      [...all].flatMap(([value, buckets]) => buckets.lines(name, label === '' ? '' : `${label}="${plain(value)}"`))
    this.#metrics.set(name, { help, type: 'histogram', lines })
    return {
      of(value) {
        const known = all.get(value) ?? new Buckets(upperEnds)
        all.set(value, known)
        return known
      },
    }
  }

  text(): string {
    const blocks = [...this.#metrics].map(([name, metric]) =>
      [`# HELP ${name} ${metric.help}`, `# TYPE ${name} ${metric.type}`, ...metric.lines(name)].join('\n'),
    )
    return `${blocks.join('\n')}\n`
  }
}

class Buckets implements Histogram {
  readonly #upperEnds: readonly number[]
  readonly #counts: Float64Array
  #sum = 0

  constructor(upperEnds: readonly number[]) {
    this.#upperEnds = upperEnds
    this.#counts = new Float64Array(upperEnds.length + 1)
  }

  observe(value: number): void {
    let bucket = 0
    while (bucket < this.#upperEnds.length && value > this.#upperEnds[bucket]!) bucket++
    this.#counts[bucket]!++
    this.#sum += value
  }

  lines(name: string, labelled: string): string[] {
    let below = 0
    const before = labelled === '' ? '' : `${labelled},`
    const braces = labelled === '' ? '' : `{${labelled}}`
    const buckets = this.#upperEnds.map(
      (end, i) => `${name}_bucket{${before}le="${end}"} ${(below += this.#counts[i]!)}`,
    )
    const all = below + this.#counts[this.#upperEnds.length]!
    return [
      ...buckets,
      `${name}_bucket{${before}le="+Inf"} ${all}`,
      `${name}_sum${braces} ${this.#sum}`,
      `${name}_count${braces} ${all}`,
    ]
  }
}

function plain(label: string): string {
  return label.replace(/["\\\n]/g, '_')
}
