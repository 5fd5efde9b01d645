/** A value, or every reason there is none, each a sentence that says where. */
export type Checked<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly error: readonly string[] }

export const checked = <T>(value: T): Checked<T> => ({ ok: true, value })
export const complaints = <T = never>(...error: readonly string[]): Checked<T> => ({ ok: false, error })
