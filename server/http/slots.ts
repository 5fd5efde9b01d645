/** What may be open at once: in all, and for one address. */
export class Slots {
  readonly #most: { readonly all: number; readonly each: number }
  readonly #open = new Map<string, number>()
  #count = 0

  constructor(most: { readonly all: number; readonly each: number }) {
    this.#most = most
  }

  get count(): number {
    return this.#count
  }

  /** What is answered gives it back, once; undefined: no more just now. */
  take(peer: string): (() => void) | undefined {
    const mine = this.#open.get(peer) ?? 0
    if (this.#count >= this.#most.all || mine >= this.#most.each) return undefined
    this.#count++
    this.#open.set(peer, mine + 1)
    let isOpen = true
    return () => {
      if (!isOpen) return
      isOpen = false
      this.#count--
      const left = this.#open.get(peer)! - 1
      if (left > 0) this.#open.set(peer, left)
      else this.#open.delete(peer)
    }
  }
}
