/**
 * Two 32-bit lanes over 32-bit words: integer operators only, the same in every engine. Each step is a bijection of the
 * lane for a given word and of the word for a given lane, so one changed bit in one place is always another hash. Not
 * cryptographic: against a forger stands the signature (server/event-signing.ts), against accident this.
 */
export class Hash64 {
  #a = 0x9e3779b9 | 0
  #b = 0x243f6a88 | 0

  word(word: number): void {
    const a = Math.imul(this.#a ^ word, 0x85ebca6b)
    this.#a = ((a << 13) | (a >>> 19)) + 0x52dce729
    const b = Math.imul(this.#b ^ ((word << 16) | (word >>> 16)), 0xc2b2ae35)
    this.#b = ((b << 15) | (b >>> 17)) + 0x38495ab5
  }

  words(words: Uint32Array): void {
    for (let i = 0; i < words.length; i++) this.word(words[i]!)
  }

  /** 16 hex digits. */
  digest(): string {
    return hex8(avalanche(this.#a)) + hex8(avalanche(this.#b))
  }
}

/** Folds one number into a running 32-bit hash. */
export function fold(hash: number, word: number): number {
  const mixed = Math.imul((hash ^ word) | 0, 0x85ebca6b)
  return (((mixed << 13) | (mixed >>> 19)) + 0x52dce729) >>> 0
}

export function foldText(hash: number, text: string): number {
  let h = fold(hash, text.length)
  for (let i = 0; i < text.length; i++) h = fold(h, text.charCodeAt(i))
  return h
}

/** Murmur3's finaliser (A. Appleby, public domain): every bit reaches every other. */
function avalanche(word: number): number {
  let h = word | 0
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b)
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35)
  return (h ^ (h >>> 16)) >>> 0
}

const hex8 = (word: number): string => word.toString(16).padStart(8, '0')
