import { ByteWriter } from './bytes.ts'
import { type Decoded, decoded, refused } from './decoded.ts'
import { type Field, fieldTable, type FieldTable, lengthOf, readFields, writeFields } from './fields.ts'

/**
 * Messages that begin with one byte saying what they are (control points and their kin): one row per operation, walked
 * both ways. `short` is a second layout for the same operation, told apart by its length.
 */
export interface Operation {
  readonly op: string
  readonly code: number
  readonly fields: readonly Field[]
  readonly short?: readonly Field[]
}

/** A tagged union out of the table: `{ op: 'set-target-power', powerW: number } | …`. */
export type Message<T extends readonly Operation[]> = T[number] extends infer R
  ? R extends { op: infer O; fields: infer F extends readonly Field[] }
    ? { readonly op: O } & { readonly [K in F[number]['name']]: number }
    : never
  : never

export interface OperationTable<T extends readonly Operation[]> {
  readonly rows: T
  readonly byCode: readonly (ReadyOperation | undefined)[]
  readonly byOp: ReadonlyMap<string, ReadyOperation>
}

interface ReadyOperation {
  readonly op: string
  readonly code: number
  readonly table: FieldTable
  readonly short: FieldTable | undefined
  readonly shortBytes: number
}

export function operationTable<const T extends readonly Operation[]>(rows: T): OperationTable<T> {
  const byCode: (ReadyOperation | undefined)[] = Array.from({ length: 256 })
  const byOp = new Map<string, ReadyOperation>()
  for (const { op, code, fields, short } of rows) {
    const shortTable = short === undefined ? undefined : fieldTable(short)
    const shortBytes = shortTable === undefined ? -1 : 1 + lengthOf(shortTable, 0)
    const ready = { op, code, table: fieldTable(fields), short: shortTable, shortBytes }
    byCode[code] = ready
    byOp.set(op, ready)
  }
  return { rows, byCode, byOp }
}

export function decodeOperation<T extends readonly Operation[]>(
  table: OperationTable<T>,
  bytes: Uint8Array,
): Decoded<Message<T>> {
  if (bytes.length === 0) return refused('too-short')
  const row = table.byCode[bytes[0]!]
  if (row === undefined) return refused('unknown-kind')
  const message: Record<string, unknown> = { op: row.op }
  const layout = row.short !== undefined && bytes.length === row.shortBytes ? row.short : row.table
  const end = readFields(message as Record<string, number>, layout, bytes, 1, 0)
  if (end < 0) return refused('too-short')
  return end < bytes.length ? refused('too-long') : decoded(message as unknown as Message<T>)
}

/** `isShort`: in the second layout, where the operation has one. */
export function encodeOperation<T extends readonly Operation[]>(
  table: OperationTable<T>,
  message: Message<T>,
  options: { readonly isShort?: boolean | undefined } = {},
): Uint8Array {
  const values = message as unknown as { op: string } & Record<string, number>
  const row = table.byOp.get(values.op)
  const w = new ByteWriter()
  if (row === undefined) return w.bytes()
  w.write('u8', row.code)
  writeFields(options.isShort === true ? (row.short ?? row.table) : row.table, w, 0, values)
  return w.bytes()
}
