import type { BitReader } from './reader.ts'
import type { BitWriter } from './writer.ts'

/**
 * Exp-Golomb codes: short for small numbers, never long for large ones. Of order k: n ≥ 0 is (n >> k) + 1 = m, with L
 * bits after its leading one; sent are L ones and a zero, then those L bits of m, then the low k bits of n. Every number
 * has exactly one code. Differences fold to n first: 0, −1, 1, −2, 2 … are 0, 1, 2, 3, 4.
 */

/** Longer than any number we send; a reader stops here, and a stream of ones costs nothing. */
const LENGTH_MAX = 24

export function writeGolomb(w: BitWriter, n: number, k: number): void {
  const m = (n >>> k) + 1
  const length = 31 - Math.clz32(m)
  const ones = (1 << length) - 1
  if (2 * length + 1 + k <= 32) {
    // All in one: the ones and the zero, m without its leading one, the low bits of n.
    w.bits(ones | (((m & ones) | ((n & ((1 << k) - 1)) << length)) << (length + 1)), 2 * length + 1 + k)
    return
  }
  w.bits(ones, length + 1)
  w.bits(m - (1 << length), length)
  w.bits(n & ((1 << k) - 1), k)
}

export function readGolomb(r: BitReader, k: number): number {
  let length = 0
  while (r.flag()) {
    if (++length > LENGTH_MAX) {
      r.fail()
      return 0
    }
  }
  const m = (1 << length) + r.bits(length)
  return (((m - 1) << k) >>> 0) + r.bits(k)
}

export function golombBits(n: number, k: number): number {
  return 2 * (31 - Math.clz32((n >>> k) + 1)) + 1 + k
}

export function writeSigned(w: BitWriter, value: number, k: number): void {
  writeGolomb(w, value < 0 ? -2 * value - 1 : 2 * value, k)
}

export function readSigned(r: BitReader, k: number): number {
  const n = readGolomb(r, k)
  return n % 2 === 1 ? -(n + 1) / 2 : n / 2
}
