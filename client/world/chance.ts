/** 0 … 1, always the same of the same two numbers: what differs from rider to rider, and is nobody's business to be told. */
export function chanceOf(id: number, salt: number): number {
  let h = Math.imul(id + 0x9e37, 0x85ebca6b) ^ Math.imul(salt + 1, 0xc2b2ae35)
  h = Math.imul(h ^ (h >>> 15), 0x2c1b3c6d)
  h = Math.imul(h ^ (h >>> 12), 0x297a2d39)
  return ((h ^ (h >>> 15)) >>> 0) / 4294967296
}
