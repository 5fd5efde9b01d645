import { ByteReader, KIND_BYTES, type NumberKind, scaled } from '../bytes.ts'
import { type Decoded, decoded, refused } from '../decoded.ts'

/**
 * An ANT+ page is eight bytes; the first says which. A row names a field, its byte, and where it shares bytes with others
 * the bits it has. Reader and writer walk the same rows.
 */
export interface PageField {
  readonly name: string
  readonly at: number
  readonly kind: NumberKind
  readonly step: number
  readonly shift?: number
  readonly bits?: number
  readonly zero?: number
  /** The count, after masking, that says "no value". */
  readonly none?: number
  /** The same for the whole bytes, before masking. */
  readonly noneRaw?: number
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

export function decodePage<T extends readonly PageLayout[]>(table: T, bytes: Uint8Array): Decoded<Page<T>> {
  if (bytes.length < PAGE_BYTES) return refused('too-short')
  if (bytes.length > PAGE_BYTES) return refused('too-long')
  const layout = table.find((row) => row.page === bytes[0])
  if (layout === undefined) return refused('unknown-kind')
  return decoded({ page: layout.page, ...readPageFields(layout.fields, bytes) } as unknown as Page<T>)
}

export function encodePage<T extends readonly PageLayout[]>(table: T, value: Page<T>): Uint8Array {
  const { page, ...values } = value as { page: number } & Record<string, number>
  const layout = table.find((row) => row.page === page)
  const bytes = new Uint8Array(PAGE_BYTES).fill(layout?.fill ?? 0xff)
  bytes[0] = page
  if (layout !== undefined) writePageFields(layout.fields, bytes, values as unknown as Record<string, number>)
  return bytes
}

export function readPageFields(fields: readonly PageField[], bytes: Uint8Array): Record<string, number> {
  const values: Record<string, number> = {}
  for (const field of fields) {
    const raw = new ByteReader(bytes, field.at).read(field.kind)
    if (raw === field.noneRaw) continue
    const count = field.bits === undefined ? raw : (raw >>> (field.shift ?? 0)) & ((1 << field.bits) - 1)
    if (count === field.none) continue
    const value = scaled(count, field.step)
    values[field.name] = field.zero === undefined ? value : Number((value + field.zero).toPrecision(12))
  }
  return values
}

export function writePageFields(
  fields: readonly PageField[],
  bytes: Uint8Array,
  values: Readonly<Record<string, number | undefined>>,
): void {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  for (const field of fields) {
    const size = KIND_BYTES[field.kind]
    const width = field.bits ?? size * 8
    const isSigned = field.kind === 's8' || field.kind === 's16'
    const min = isSigned ? -(2 ** (width - 1)) : 0
    const max = 2 ** width - 1 + min
    const value = values[field.name]
    const none =
      field.none ?? (field.noneRaw === undefined ? 0 : (field.noneRaw >>> (field.shift ?? 0)) & (2 ** width - 1))
    const wanted = value === undefined ? none : Math.round((value - (field.zero ?? 0)) / field.step)
    const count = Math.min(Math.max(Number.isFinite(wanted) ? wanted : 0, min), max)
    writeBits(view, field, size, count & (width === 32 ? -1 : 2 ** width - 1), width)
  }
}

/** Puts the count into its bits and leaves the others as they are. */
function writeBits(view: DataView, field: PageField, size: number, count: number, width: number): void {
  const isBig = field.kind === 'u16be'
  const shift = field.shift ?? 0
  for (let i = 0; i < size; i++) {
    const byteShift = (isBig ? size - 1 - i : i) * 8
    const mask = width === 32 ? 0xff : (((2 ** width - 1) << shift) >>> byteShift) & 0xff
    const part = width === 32 ? (count >>> byteShift) & 0xff : ((count << shift) >>> byteShift) & 0xff
    view.setUint8(field.at + i, (view.getUint8(field.at + i) & ~mask) | (part & mask))
  }
}
