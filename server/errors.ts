/** Codes are part of the API: stable, listed here, explained in docs/operations.md. */
export type ErrorCode =
  | 'ERR_BAD_REQUEST'
  | 'ERR_CONFIG'
  | 'ERR_CODE_UNKNOWN'
  | 'ERR_EVENT_STATE'
  | 'ERR_EVENT_UNKNOWN'
  | 'ERR_FORBIDDEN'
  | 'ERR_INSECURE'
  | 'ERR_MAP_INVALID'
  | 'ERR_NAME_TAKEN'
  | 'ERR_MEET_UNKNOWN'
  | 'ERR_NOT_READY'
  | 'ERR_PROTOCOL_VERSION'
  | 'ERR_RIDE_UNKNOWN'
  | 'ERR_RIDER_UNKNOWN'
  | 'ERR_ROOM_FULL'
  | 'ERR_SEAT_UNKNOWN'
  | 'ERR_SIGN_IN'
  | 'ERR_TOO_MANY'
  | 'ERR_TRACK_INVALID'

/** Which of the sentences of a code it is, where a page has to say more than the code tells. Each has words in every language. */
export const ERROR_REASONS = [
  'account-name',
  'phrase-short',
  'phrase-long',
  'phrase-plain',
  'phrase-wrong',
  'guesses',
  'accounts-new',
  'friends-full',
  'meet-when',
  'meet-pace',
  'meets-full',
  'meets-own',
  'meet-owner',
  'tracks-full',
  'tracks-busy',
  'track-file',
  'track-points',
  'track-broken',
  'track-road',
  'track-slow',
  'race-entry',
  'no-pacer',
  'film-gone',
  'onlookers-full',
] as const
export type ErrorReason = (typeof ERROR_REASONS)[number]

/** An operating error: expected, named, safe to show. Broken code uses `assert`. */
export class AppError extends Error {
  override readonly name = 'AppError'
  readonly code: ErrorCode
  readonly reason: ErrorReason | undefined

  constructor(code: ErrorCode, message: string, options?: { readonly cause?: unknown; readonly reason?: ErrorReason }) {
    super(message, options)
    this.code = code
    this.reason = options?.reason
  }
}

/** What people read ends with a full stop, whoever said it. */
export function sentence(text: string): string {
  return /[.!?]$/.test(text) ? text : `${text}.`
}
