import type { BitReader } from './reader.ts'
import type { BitWriter } from './writer.ts'

/** One row of a wire table: quantity, bits, unit per count, smallest value. */
export type Field<Name extends string = string> = readonly [name: Name, bits: number, unit: number, min: number]

type Names<T extends readonly Field[]> = T[number][0]
export type Values<T extends readonly Field[]> = { readonly [K in Names<T>]: number }
export type Mutable<T> = { -readonly [K in keyof T]: T[K] }

/** The whole number that stands for `value` on the wire: the nearest, within the field. */
function toCount(value: number, [, bits, unit, min]: Field): number {
  const count = Math.round((value - min) / unit)
  return Math.min(Math.max(count, 0), countMax(bits))
}

export function fromCount(count: number, [, , unit, min]: Field): number {
  return count * unit + min
}

/** The value as the other side will read it. */
export function onGrid(value: number, field: Field): number {
  return fromCount(toCount(value, field), field)
}

export function writeFields<T extends readonly Field[]>(w: BitWriter, table: T, values: Values<T>): void {
  for (const field of table) w.bits(toCount(values[field[0] as Names<T>], field), field[1])
}

/** Fills `into`, so that a reader need not allocate. */
export function readFields<T extends readonly Field[]>(r: BitReader, table: T, into: Mutable<Values<T>>): void {
  for (const field of table) into[field[0] as Names<T>] = fromCount(r.bits(field[1]), field)
}

/** The largest count that fits: 1 … 32 bits. */
export function countMax(bits: number): number {
  return 0xffffffff >>> (32 - bits)
}
