/** What `GET /metrics` said at one moment: every line by its name and labels. */
export type Scrape = ReadonlyMap<string, number>

export async function scrape(url: string): Promise<Scrape> {
  const response = await fetch(new URL('/metrics', url), { signal: AbortSignal.timeout(10_000) })
  if (!response.ok) {
    throw new Error(`${url} does not tell its numbers (${response.status}): they are told on its own machine only`)
  }
  return parseMetrics(await response.text())
}

export function parseMetrics(text: string): Scrape {
  const values = new Map<string, number>()
  for (const line of text.split('\n')) {
    const at = line.lastIndexOf(' ')
    if (at > 0 && !line.startsWith('#')) values.set(line.slice(0, at), Number(line.slice(at + 1)))
  }
  return values
}

/** From one moment to a later one. */
export class Span {
  readonly #from: Scrape
  readonly #to: Scrape

  constructor(from: Scrape, to: Scrape) {
    this.#from = from
    this.#to = to
  }

  /** How much a counter rose. */
  rise(key: string): number {
    return (this.#to.get(key) ?? 0) - (this.#from.get(key) ?? 0)
  }

  at(key: string): number {
    return this.#to.get(key) ?? 0
  }

  /** A family as it stands at the end, by label. */
  held(name: string): Record<string, number> {
    const found: Record<string, number> = {}
    for (const [key, value] of this.#to) {
      const label = key.startsWith(`${name}{`) ? /="([^"]*)"/.exec(key)?.[1] : undefined
      if (label !== undefined) found[label] = value
    }
    return found
  }

  /** Counters of a family that rose, by label. */
  risen(name: string): Record<string, number> {
    const found: Record<string, number> = {}
    for (const key of this.#to.keys()) {
      const label = key.startsWith(`${name}{`) ? /="([^"]*)"/.exec(key)?.[1] : undefined
      if (label !== undefined && this.rise(key) > 0) found[label] = this.rise(key)
    }
    return found
  }

  histogram(name: string, labelled: string): Distribution {
    const buckets: { end: number; below: number }[] = []
    const before = `${name}_bucket{${labelled}${labelled === '' ? '' : ','}le="`
    for (const key of this.#to.keys()) {
      if (!key.startsWith(before)) continue
      const end = key.slice(before.length, key.indexOf('"', before.length))
      buckets.push({ end: end === '+Inf' ? Infinity : Number(end), below: this.rise(key) })
    }
    const braces = labelled === '' ? '' : `{${labelled}}`
    return new Distribution(buckets, this.rise(`${name}_sum${braces}`))
  }
}

/** What a histogram counted: percentiles between two of its ends on a straight line. */
export class Distribution {
  readonly sum: number
  readonly #buckets: readonly { readonly end: number; readonly below: number }[]

  constructor(buckets: readonly { readonly end: number; readonly below: number }[], sum: number) {
    this.#buckets = buckets
    this.sum = sum
  }

  get count(): number {
    return this.#buckets.at(-1)?.below ?? 0
  }

  get mean(): number {
    return this.sum / this.count
  }

  percentile(share: number): number {
    const wanted = share * this.count
    let fromEnd = 0
    let fromBelow = 0
    for (const { end, below } of this.#buckets) {
      if (below >= wanted && below > fromBelow) {
        return end === Infinity ? fromEnd : fromEnd + ((end - fromEnd) * (wanted - fromBelow)) / (below - fromBelow)
      }
      fromEnd = end
      fromBelow = below
    }
    return Number.NaN
  }

  /** The end of the highest bucket that holds anything: the worst is at most this, or beyond the last end there is. */
  get worst(): number {
    let worst = 0
    let before = 0
    let endBefore = 0
    for (const { end, below } of this.#buckets) {
      if (below > before) worst = end === Infinity ? endBefore : end
      before = below
      endBefore = end
    }
    return worst
  }

  /** Share above one of the ends. */
  above(end: number): number {
    const bucket = this.#buckets.find((each) => each.end === end)
    return bucket === undefined || this.count === 0 ? Number.NaN : 1 - bucket.below / this.count
  }
}
