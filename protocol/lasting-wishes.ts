import { encodeWish, type RiderWish, type WishBytes } from './rider-wish.ts'

/** A session's end that can say wishes (ClientSession). */
interface Saying {
  wish(kind: number, body: Uint8Array): void
}

/**
 * What one end wishes, from session to session: devices and views hold as long as the end itself and are said to each new
 * session; a turn or a route is meant for now, and waits for a session only when there is none.
 */
export class LastingWishes {
  readonly #kept = new Map<number, { readonly bytes: WishBytes; readonly isLasting: boolean }>()
  #session: Saying | undefined

  /** The session wishes go to from now on; undefined: none just now. */
  set session(session: Saying | undefined) {
    this.#session = session
    if (session === undefined) return
    for (const [kind, { bytes, isLasting }] of this.#kept) {
      session.wish(kind, bytes.body)
      if (!isLasting) this.#kept.delete(kind)
    }
  }

  /** Said at once, or to the next session. What lasts and is as it was is not said again. */
  wish(wish: RiderWish): void {
    const bytes = encodeWish(wish)
    // A new session tells everybody whole: doubts are of the old one.
    if (wish.kind === 'doubt' && this.#session === undefined) return
    const isLasting = wish.kind !== 'turn' && wish.kind !== 'route' && wish.kind !== 'doubt'
    const before = this.#kept.get(bytes.kind)
    if (isLasting && before !== undefined && isSame(before.bytes, bytes)) return
    if (isLasting || this.#session === undefined) this.#kept.set(bytes.kind, { bytes, isLasting })
    this.#session?.wish(bytes.kind, bytes.body)
  }
}

function isSame(a: WishBytes, b: WishBytes): boolean {
  return a.body.length === b.body.length && a.body.every((byte, i) => byte === b.body[i])
}
