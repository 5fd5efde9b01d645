import { KIND_BYTES, type NumberKind } from '../bytes.ts'
import { type Decoded, decoded, refused } from '../decoded.ts'
import { countOf, readLittle, type Scale, scaleOf } from '../fields.ts'

/**
 * An ANT+ page is eight bytes; the first says which. A row names a field, its byte, and where it shares bytes with others
 * the bits it has. Reader and writer walk the same rows.
 */
export interface PageField {
  readonly name: string
  readonly at: number
  readonly kind: NumberKind
  /** The unit per count: 1. */
  readonly step?: number
  readonly shift?: number
  readonly bits?: number
  readonly zero?: number
  /** The count, after masking, that says "no value". */
  readonly none?: number
  /** The same for the whole bytes, before masking. */
  readonly noneRaw?: number
  /** Counts above it have no meaning: no value either. */
  readonly countMax?: number
}

export interface PageLayout {
  readonly page: number
  /** What bytes without a field hold. */
  readonly fill: number
  readonly fields: readonly PageField[]
}

/** `{ page: 25, powerW?: number, … }` out of the table, one member per row. */
export type Page<T extends readonly PageLayout[]> = T[number] extends infer R
  ? R extends { page: infer P; fields: infer F extends readonly PageField[] }
    ? { page: P } & { -readonly [K in F[number]['name']]?: number }
    : never
  : never

export const PAGE_BYTES = 8

/** A table made ready: rows by page number, fields as plain numbers, so that a page is read without looking anything up. */
export interface PageTable<T extends readonly PageLayout[]> {
  readonly rows: T
  readonly byPage: readonly (ReadyLayout | undefined)[]
}

interface ReadyLayout {
  readonly page: number
  readonly fill: number
  readonly fields: readonly ReadyField[]
}

/** Every field has every member, in one order: the engine then knows one shape. −1 is no count. */
export interface ReadyField extends Scale {
  readonly name: string
  readonly at: number
  readonly bytes: number
  readonly isBigEndian: boolean
  readonly shift: number
  readonly bits: number
  /** 2 ** bits where the count has a sign, else 0. */
  readonly wrap: number
  readonly none: number
  readonly noneRaw: number
  readonly countMax: number
}

export function pageTable<const T extends readonly PageLayout[]>(rows: T): PageTable<T> {
  const byPage: (ReadyLayout | undefined)[] = Array.from({ length: 256 })
  for (const { page, fill, fields } of rows) byPage[page] = { page, fill, fields: readyFields(fields) }
  return { rows, byPage }
}

export const readyFields = (fields: readonly PageField[]): readonly ReadyField[] => fields.map(readyField)

function readyField(field: PageField): ReadyField {
  const bytes = KIND_BYTES[field.kind]
  const bits = field.bits ?? bytes * 8
  const isSigned = field.kind === 's8' || field.kind === 's16'
  const { times, per, zeroCount } = scaleOf(field.step, field.zero)
  return {
    name: field.name,
    at: field.at,
    bytes,
    isBigEndian: field.kind === 'u16be',
    shift: field.shift ?? 0,
    bits,
    wrap: isSigned ? 2 ** bits : 0,
    // A sign is put on before "no value" is looked for: both are written as a person reads them.
    none: field.none ?? NO_COUNT,
    noneRaw: field.noneRaw ?? NO_COUNT,
    countMax: field.countMax ?? Infinity,
    times,
    per,
    zeroCount,
  }
}

/** No field counts that: signed ones have sixteen bits at most. */
const NO_COUNT = -0x100000

export function decodePage<T extends readonly PageLayout[]>(table: PageTable<T>, bytes: Uint8Array): Decoded<Page<T>> {
  if (bytes.length < PAGE_BYTES) return refused('too-short')
  if (bytes.length > PAGE_BYTES) return refused('too-long')
  const layout = table.byPage[bytes[0]!]
  if (layout === undefined) return refused('unknown-kind')
  const values: Record<string, number> = { page: layout.page }
  readInto(values, layout.fields, bytes)
  return decoded(values as unknown as Page<T>)
}

export function encodePage<T extends readonly PageLayout[]>(table: PageTable<T>, value: Page<T>): Uint8Array {
  const values = value as unknown as Record<string, number | undefined>
  const page = values['page']!
  const layout = table.byPage[page]
  const bytes = new Uint8Array(PAGE_BYTES).fill(layout?.fill ?? 0xff)
  bytes[0] = page
  if (layout !== undefined) writePageFields(layout.fields, bytes, values)
  return bytes
}

/** Sets what the fields say; a field without a value is left out. `bytes` must hold them all. */
export function readInto(values: Record<string, number>, fields: readonly ReadyField[], bytes: Uint8Array): void {
  for (let i = 0; i < fields.length; i++) {
    const field = fields[i]!
    const raw = field.isBigEndian ? readBig(bytes, field.at) : readLittle(bytes, field.at, field.bytes)
    if (raw === field.noneRaw) continue
    let count = field.bits === 32 ? raw : (raw >>> field.shift) & ((1 << field.bits) - 1)
    if (field.wrap !== 0 && count >= field.wrap / 2) count -= field.wrap
    if (count === field.none || count > field.countMax) continue
    values[field.name] = (count * field.times + field.zeroCount) / field.per
  }
}

const readBig = (bytes: Uint8Array, at: number): number => (bytes[at]! << 8) | bytes[at + 1]!

export function writePageFields(
  fields: readonly ReadyField[],
  bytes: Uint8Array,
  values: Readonly<Record<string, number | undefined>>,
): void {
  for (const field of fields) {
    const full = 2 ** field.bits
    const min = field.wrap === 0 ? 0 : -full / 2
    const count = Math.min(Math.max(wantedCount(field, values[field.name]), min), min + full - 1)
    writeBits(bytes, field, count < 0 ? count + full : count)
  }
}

/** As `writeFields` does: no number is no value, else nought. */
function wantedCount(field: ReadyField, value: number | undefined): number {
  if (value !== undefined && Number.isFinite(value)) return Math.round(countOf(value, field))
  if (field.none !== NO_COUNT) return field.none
  if (field.noneRaw !== NO_COUNT) return (field.noneRaw >>> field.shift) & (2 ** field.bits - 1)
  return Math.round(countOf(0, field))
}

/** Puts the count into its bits and leaves the others as they are. */
function writeBits(bytes: Uint8Array, field: ReadyField, count: number): void {
  const mask = 2 ** field.bits - 1
  for (let i = 0; i < field.bytes; i++) {
    // By division, since thirty-two bits with a shift do not fit an int.
    const scale = 2 ** (8 * (field.isBigEndian ? field.bytes - 1 - i : i) - field.shift)
    const at = field.at + i
    const own = byteOf(mask, scale)
    bytes[at] = (bytes[at]! & ~own) | (byteOf(count, scale) & own)
  }
}

const byteOf = (number: number, scale: number): number => Math.floor(number / scale) % 256

/** Of a sensor that says its page in seven bits and turns the eighth with each message; an unknown page has what every page has. */
export function readTurningPage<T>(ready: readonly (readonly ReadyField[])[], bytes: Uint8Array): Decoded<T> {
  if (bytes.length !== PAGE_BYTES) return refused(bytes.length < PAGE_BYTES ? 'too-short' : 'too-long')
  const page = bytes[0]! & 0x7f
  const values: Record<string, number> = { page }
  readInto(values, ready[page] ?? ready[0]!, bytes)
  return decoded(values as T)
}

export function writeTurningPage(
  ready: readonly (readonly ReadyField[])[],
  value: { readonly page: number },
  fill: number,
): Uint8Array {
  const bytes = new Uint8Array(PAGE_BYTES).fill(fill)
  bytes[0] = value.page & 0x7f
  writePageFields(ready[value.page] ?? ready[0]!, bytes, { ...value })
  return bytes
}
