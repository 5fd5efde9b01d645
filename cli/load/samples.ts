/** A reservoir of what was measured: exact below its size, an even sample of everything above. */
export class Samples {
  readonly #values: Float64Array
  #seen = 0
  #dice = 0x9e3779b9
  max = 0

  constructor(size = 20_000) {
    this.#values = new Float64Array(size)
  }

  get count(): number {
    return this.#seen
  }

  add(value: number): void {
    if (value > this.max) this.max = value
    const size = this.#values.length
    let at = this.#seen++
    if (at >= size) {
      this.#dice = (Math.imul(this.#dice, 1664525) + 1013904223) >>> 0
      at = Math.floor((this.#dice / 2 ** 32) * this.#seen)
      if (at >= size) return
    }
    this.#values[at] = value
  }

  clear(): void {
    this.#seen = 0
    this.max = 0
  }

  /** Some of them, to be sent elsewhere. */
  take(most: number): Float64Array {
    const values = this.#values.subarray(0, Math.min(this.#seen, this.#values.length))
    const step = Math.max(1, Math.ceil(values.length / most))
    return values.filter((_value, i) => i % step === 0)
  }
}

/** Of unsorted values; NaN of none. */
export function percentile(values: Float64Array, share: number): number {
  if (values.length === 0) return Number.NaN
  const sorted = values.toSorted()
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))]!
}
