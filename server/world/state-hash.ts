import { RIDER_COLUMNS, type Riders } from '#physics/riders'
import { Hash64 } from './hash.ts'
import { LEDGER_COLUMNS, type Ledger } from './ledger.ts'

/** Every column of every row in use, the count and the tick. Bits, not numbers: −0 is not 0 here. */
export function hashState(riders: Riders, ledger: Ledger, tick: number): string {
  const hash = new Hash64()
  hash.word(tick)
  hash.word(riders.count)
  for (const column of RIDER_COLUMNS) hashCells(hash, riders[column], 0, riders.count)
  for (const column of LEDGER_COLUMNS) hashCells(hash, ledger[column], 0, riders.count)
  return hash.digest()
}

export function hashRow(riders: Riders, ledger: Ledger, row: number): string {
  const hash = new Hash64()
  for (const column of RIDER_COLUMNS) hashCells(hash, riders[column], row, row + 1)
  for (const column of LEDGER_COLUMNS) hashCells(hash, ledger[column], row, row + 1)
  return hash.digest()
}

/** A column as 32-bit words, low word first: every machine that runs Node or a browser today stores it so. */
function hashCells(hash: Hash64, column: Float64Array | Uint32Array, from: number, to: number): void {
  const words = column.BYTES_PER_ELEMENT / 4
  hash.words(new Uint32Array(column.buffer, column.byteOffset + from * 4 * words, (to - from) * words))
}
