/** What every decoder answers: a checked value, or the reason there is none. Decoders never throw. */
export type Decoded<T, E extends string = DecodeError> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly error: E }

/** Reasons a datagram is refused; each has its own counter. */
export type DecodeError = 'wrong-kind' | 'truncated-or-trailing' | 'too-long' | 'out-of-range' | 'not-canonical'

export const decoded = <T>(value: T): { ok: true; value: T } => ({ ok: true, value })
export const refused = <E extends string>(error: E): { ok: false; error: E } => ({ ok: false, error })
