/** What arrives later: buckets of a millisecond, emptied as time goes by. */
export class DelayLine {
  readonly #buckets = new Map<number, (() => void)[]>()
  #atMs = Number.NaN

  add(atMs: number, deliver: () => void): void {
    const key = Math.max(Math.ceil(atMs), Number.isNaN(this.#atMs) ? -Infinity : this.#atMs + 1)
    const bucket = this.#buckets.get(key)
    if (bucket === undefined) this.#buckets.set(key, [deliver])
    else bucket.push(deliver)
  }

  /** Delivers everything that was due until `nowMs`, in order of its milliseconds. */
  empty(nowMs: number): void {
    const last = Math.floor(nowMs)
    for (let ms = Number.isNaN(this.#atMs) ? last - 1 : this.#atMs + 1; ms <= last; ms++) {
      this.#atMs = ms
      const bucket = this.#buckets.get(ms)
      if (bucket === undefined) continue
      this.#buckets.delete(ms)
      for (const deliver of bucket) deliver()
    }
    this.#atMs = last
  }
}
