import type { Decoded } from '#protocol/decoded'
import { BitWriter } from '#protocol/writer'
import { hex } from './vector-file.ts'

/** What JSON can say of a decoded value: bytes as hex, nothing for what is not there. */
export function meaning(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value, (_key, each: unknown) => (each instanceof Uint8Array ? hex(each) : each)))
}

export function written(write: (w: BitWriter) => void): Uint8Array {
  const w = new BitWriter(4096)
  write(w)
  return w.finish()
}

/** A vector shows what is right; a case of ours that is refused is a mistake of ours. */
export function valueOf<T>(read: Decoded<T, string>): T {
  if (!read.ok) throw new Error(`our own bytes are refused: ${read.error}`)
  return read.value
}
