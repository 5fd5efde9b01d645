/**
 * What every decoder of this room answers: the checked value, or one literal reason. Decoders never throw. (The same shape
 * as protocol/decoded.ts; the two rooms do not import each other.)
 */
export type Decoded<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: DecodeError }

export type DecodeError =
  | 'too-short'
  | 'too-long'
  | 'unknown-kind'
  | 'out-of-range'
  | 'bad-checksum'
  | 'truncated-frame'
  | 'odd-pair-list'

export const decoded = <T>(value: T): { ok: true; value: T } => ({ ok: true, value })
export const refused = (error: DecodeError): { ok: false; error: DecodeError } => ({ ok: false, error })
