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

/** An operating error: expected, named, safe to show. Broken code uses `assert`. */
export class AppError extends Error {
  override readonly name = 'AppError'
  readonly code: ErrorCode

  constructor(code: ErrorCode, message: string, options?: { cause?: unknown }) {
    super(message, options)
    this.code = code
  }
}
