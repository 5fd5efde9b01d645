/** The only dice in the house: a seeded generator (sfc32, C. Doty-Humphrey, PractRand), integers only, same everywhere. */
export interface Random {
  /** A whole number, 0 … 2³² − 1. */
  u32(): number
  /** A fraction, 0 ≤ x < 1, in steps of 2⁻³². */
  fraction(): number
}

export function createRandom(seed: number): Random {
  let a = seed | 0
  let b = 0x9e3779b9 | 0
  let c = 0x243f6a88 | 0
  let counter = 1
  const u32 = (): number => {
    const sum = (((a + b) | 0) + counter) | 0
    counter = (counter + 1) | 0
    a = b ^ (b >>> 9)
    b = (c + (c << 3)) | 0
    c = (((c << 21) | (c >>> 11)) + sum) | 0
    return sum >>> 0
  }
  for (let i = 0; i < 15; i++) u32()
  return { u32, fraction: () => u32() / 4294967296 }
}
