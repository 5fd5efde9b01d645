import { type ByteReader, type ByteWriter, type NumberKind, scaled } from './bytes.ts'

/**
 * A layout is a table, one row per field in the order of the bytes, and reader and writer walk the same table.
 * `bit` is the flag that announces the field (none: always there); `step` the unit per count, `zero` the value of count 0;
 * `none` the count that says "no value".
 */
export interface Field {
  readonly name: string
  readonly kind: NumberKind
  readonly step: number
  readonly bit?: number
  readonly zero?: number
  readonly none?: number
}

export type Values<T extends readonly Field[]> = { -readonly [K in T[number]['name']]?: number }

export function readFields<T extends readonly Field[]>(table: T, r: ByteReader, flags: number): Values<T> {
  const values: Record<string, number> = {}
  for (const field of table) {
    if (field.bit !== undefined && (flags & (1 << field.bit)) === 0) continue
    const count = r.read(field.kind)
    if (count === field.none) continue
    values[field.name] =
      field.zero === undefined ? scaled(count, field.step) : tidy(scaled(count, field.step) + field.zero)
  }
  return values as Values<T>
}

/** The flags that the values present ask for: a field's bit is set when any field of that bit has a value. */
export function flagsFor(table: readonly Field[], values: Readonly<Record<string, number | undefined>>): number {
  let flags = 0
  for (const field of table) if (field.bit !== undefined && values[field.name] !== undefined) flags |= 1 << field.bit
  return flags
}

export function writeFields(
  table: readonly Field[],
  w: ByteWriter,
  flags: number,
  values: Readonly<Record<string, number | undefined>>,
): void {
  for (const field of table) {
    if (field.bit !== undefined && (flags & (1 << field.bit)) === 0) continue
    const value = values[field.name]
    w.write(field.kind, value === undefined ? (field.none ?? 0) : (value - (field.zero ?? 0)) / field.step)
  }
}

/** Takes off the dust of a sum of decimal fractions. */
const tidy = (value: number): number => Number(value.toPrecision(12))
