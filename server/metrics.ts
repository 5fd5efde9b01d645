/** Counters and histograms, printed as Prometheus reads them (text format 0.0.4). Counting allocates nothing. */

export interface Counter {
  add(count?: number): void
  readonly value: number
}
export interface Histogram {
  observe(value: number): void
}

/** Upper ends in ms: a tick has 50, and should take 5. */
export const TICK_BUCKETS_MS = [0.1, 0.25, 0.5, 1, 2.5, 5, 10, 25, 50, 100]

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
      lines: () =>
        Object.entries(read()).map(([key, value]) => `${name}{${label}="${key.replace(/["\\\n]/g, '_')}"} ${value}`),
    })
  }

  histogram(name: string, help: string, upperEnds: readonly number[]): Histogram {
    const counts = new Float64Array(upperEnds.length + 1)
    let sum = 0
    this.#metrics.set(name, {
      help,
      type: 'histogram',
      lines: () => {
        let below = 0
        const buckets = upperEnds.map((end, i) => `${name}_bucket{le="${end}"} ${(below += counts[i]!)}`)
        const all = below + counts[upperEnds.length]!
        return [...buckets, `${name}_bucket{le="+Inf"} ${all}`, `${name}_sum ${sum}`, `${name}_count ${all}`]
      },
    })
    return {
      observe(value) {
        let bucket = 0
        while (bucket < upperEnds.length && value > upperEnds[bucket]!) bucket++
        counts[bucket]!++
        sum += value
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
