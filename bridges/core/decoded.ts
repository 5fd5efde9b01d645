/**
 * What every decoder of this room answers: the checked value, or one literal reason. Decoders never throw. (The same shape
 * as protocol/decoded.ts; the two rooms do not import each other.)
 */
export type Decoded<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: DecodeError }

const DECODE_ERRORS = [
  'too-short',
  'too-long',
  'unknown-kind',
  'out-of-range',
  'bad-checksum',
  'truncated-frame',
  'odd-pair-list',
  'bad-text',
] as const
export type DecodeError = (typeof DECODE_ERRORS)[number]

type Refused = { readonly ok: false; readonly error: DecodeError }

// One object per reason, made once: whoever sends us nonsense ten thousand times a second fills no memory with it.
const REFUSALS = Object.fromEntries(
  DECODE_ERRORS.map((error) => [error, Object.freeze({ ok: false, error })]),
) as Readonly<Record<DecodeError, Refused>>

export const decoded = <T>(value: T): { ok: true; value: T } => ({ ok: true, value })
export const refused = (error: DecodeError): Refused => REFUSALS[error]
