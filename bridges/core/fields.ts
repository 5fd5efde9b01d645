import { type ByteWriter, KIND_BYTES, KIND_RANGE, type NumberKind } from './bytes.ts'

/**
 * A layout is a table, one row per field in the order of the bytes, and reader and writer walk the same table.
 * `bit` is the flag that announces the field (none: always there); `step` the unit per count (1), `zero` the value of count 0;
 * `none` the count that says "no value"; counts above `countMax` have no meaning, so they are no value either.
 */
export interface Field {
  readonly name: string
  readonly kind: NumberKind
  readonly step?: number
  readonly bit?: number
  readonly zero?: number
  readonly none?: number
  readonly countMax?: number
}

export type Values<T extends readonly Field[]> = { -readonly [K in T[number]['name']]?: number }

/** A table made ready: every row has every member, in one order, so that the engine knows one shape and looks nothing up. */
export interface FieldTable<T extends readonly Field[] = readonly Field[]> {
  readonly rows: T
  readonly ready: readonly ReadyRow[]
}

interface ReadyRow {
  readonly name: string
  readonly kind: NumberKind
  /** The flag's bit; 0: always there. */
  readonly mask: number
  readonly bytes: number
  readonly isBigEndian: boolean
  /** One more than the largest count where the first half of the counts is positive and the rest negative; else 0. */
  readonly wrap: number
  readonly none: number
  readonly countMax: number
  readonly scale: Scale
}

/** value = (count × times + zeroCount) / per: whole numbers until the one division, so 2241 hundredths are 22.41. */
export interface Scale {
  readonly times: number
  readonly per: number
  readonly zeroCount: number
}

/** No field counts that far down. */
const NO_COUNT = -0x100000

export function fieldTable<const T extends readonly Field[]>(rows: T): FieldTable<T> {
  const ready = rows.map((field) => ({
    name: field.name,
    kind: field.kind,
    mask: field.bit === undefined ? 0 : 1 << field.bit,
    bytes: KIND_BYTES[field.kind],
    isBigEndian: field.kind === 'u16be',
    wrap: KIND_RANGE[field.kind][0] < 0 ? 2 ** (8 * KIND_BYTES[field.kind]) : 0,
    none: field.none ?? NO_COUNT,
    countMax: field.countMax ?? Infinity,
    scale: scaleOf(field.step, field.zero),
  }))
  return { rows, ready }
}

/** A decimal step as a quotient of whole numbers: 0.01 is 1 / 100, 0.03 is 3 / 100, 1/32768 is itself. */
export function scaleOf(step = 1, zero = 0): Scale {
  let per = 1
  if (step < 1) {
    per = Math.round(1 / step)
    if (Math.abs(per * step - 1) > 1e-9) for (per = 1; !isWhole(step * per);) per *= 10
  }
  return { times: Math.round(step * per), per, zeroCount: Math.round(zero * per) }
}

const isWhole = (number: number): boolean => Math.abs(number - Math.round(number)) < 1e-9

/** Sets the values of the fields that `flags` announces; answers where it ended, or −1 when the bytes end before that. */
export function readFields(
  into: Record<string, number>,
  table: FieldTable,
  bytes: Uint8Array,
  at: number,
  flags: number,
): number {
  const { ready } = table
  for (let i = 0; i < ready.length; i++) {
    const row = ready[i]!
    if (row.mask !== 0 && (flags & row.mask) === 0) continue
    const end = at + row.bytes
    if (end > bytes.length) return -1
    let count = row.isBigEndian ? (bytes[at]! << 8) | bytes[at + 1]! : readLittle(bytes, at, row.bytes)
    if (row.wrap !== 0 && count >= row.wrap / 2) count -= row.wrap
    at = end
    if (count === row.none || count > row.countMax) continue
    const { times, per, zeroCount } = row.scale
    into[row.name] = (count * times + zeroCount) / per
  }
  return at
}

/** A count of one to four bytes, lowest first, without a sign. */
export function readLittle(bytes: Uint8Array, at: number, size: number): number {
  const low = bytes[at]!
  if (size === 1) return low
  const two = low | (bytes[at + 1]! << 8)
  if (size === 2) return two
  const three = two | (bytes[at + 2]! << 16)
  return size === 3 ? three : three + bytes[at + 3]! * 0x1000000
}

/** The flags that the values present ask for: a field's bit is set when any field of that bit has a value. */
export function flagsFor(table: FieldTable, values: Readonly<Record<string, number | undefined>>): number {
  let flags = 0
  for (const row of table.ready) if (values[row.name] !== undefined) flags |= row.mask
  return flags
}

/** A value that is missing or no number is written as "no value", and where there is no such count as nought. */
export function writeFields(
  table: FieldTable,
  w: ByteWriter,
  flags: number,
  values: Readonly<Record<string, number | undefined>>,
): void {
  for (const { name, kind, mask, none, scale } of table.ready) {
    if (mask !== 0 && (flags & mask) === 0) continue
    const value = values[name]
    const isValue = value !== undefined && Number.isFinite(value)
    w.write(kind, isValue || none === NO_COUNT ? countOf(isValue ? value : 0, scale) : none)
  }
}

/** Not rounded yet. Nought is not count 0 where counts begin below it: a grade of no number must be the flat, not −200 %. */
export const countOf = (value: number, { times, per, zeroCount }: Scale): number => (value * per - zeroCount) / times

/** How many bytes the fields announced take. */
export function lengthOf(table: FieldTable, flags: number): number {
  let bytes = 0
  for (const row of table.ready) if (row.mask === 0 || (flags & row.mask) !== 0) bytes += row.bytes
  return bytes
}
