import { ByteReader, ByteWriter, KIND_BYTES } from './bytes.ts'
import { type Decoded, decoded, refused } from './decoded.ts'
import { type Field, readFields, writeFields } from './fields.ts'

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

export function decodeOperation<T extends readonly Operation[]>(table: T, bytes: Uint8Array): Decoded<Message<T>> {
  if (bytes.length === 0) return refused('too-short')
  const row = table.find((r) => r.code === bytes[0])
  if (row === undefined) return refused('unknown-kind')
  const isShort = row.short !== undefined && bytes.length === 1 + lengthOf(row.short)
  const r = new ByteReader(bytes, 1)
  const values = readFields(isShort ? row.short : row.fields, r, 0)
  if (r.isOverrun) return refused('too-short')
  if (r.remaining > 0) return refused('too-long')
  return decoded({ op: row.op, ...values } as unknown as Message<T>)
}

export function encodeOperation<T extends readonly Operation[]>(table: T, message: Message<T>): Uint8Array {
  const { op, ...values } = message as { op: string } & Record<string, number>
  const row = table.find((r) => r.op === op)
  const w = new ByteWriter()
  if (row === undefined) return w.bytes()
  w.write('u8', row.code)
  writeFields(row.fields, w, 0, values as unknown as Record<string, number>)
  return w.bytes()
}

const lengthOf = (fields: readonly Field[]): number => fields.reduce((sum, f) => sum + KIND_BYTES[f.kind], 0)
