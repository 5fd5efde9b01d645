import { assert } from './assert.ts'
import { Hash64 } from './hash.ts'

type Column = Float64Array | Uint32Array

/** Every column of every row in use, the count and the tick. Bits, not numbers: −0 is not 0 here. */
export function hashState(columns: readonly Column[], count: number, tick: number): string {
  const hash = new Hash64()
  hash.word(tick)
  hash.word(count)
  for (const column of columns) hashCells(hash, column, 0, count)
  return hash.digest()
}

export function hashRow(columns: readonly Column[], row: number): string {
  const hash = new Hash64()
  for (const column of columns) hashCells(hash, column, row, row + 1)
  return hash.digest()
}

/** Columns are hashed and written down as this machine stores them: low byte first, like every one that runs Node or a browser. */
const isLowByteFirst = new Uint8Array(Uint32Array.of(1).buffer)[0] === 1
assert(isLowByteFirst, 'this machine stores numbers high byte first; hashes and journals would not be those of others')

/** A column as 32-bit words, low word first. */
function hashCells(hash: Hash64, column: Float64Array | Uint32Array, from: number, to: number): void {
  const words = column.BYTES_PER_ELEMENT / 4
  hash.words(new Uint32Array(column.buffer, column.byteOffset + from * 4 * words, (to - from) * words))
}
