/** Tokens that opened a session, until they expire: a token opens one. */
export class SpentTokens {
  readonly #expiry = new Map<string, number>()
  #lookedAtMs = 0

  /** By nonce: it was used for one token. */
  add(nonce: string, expiresAtMs: number): void {
    this.#expiry.set(nonce, expiresAtMs)
  }

  has(nonce: string): boolean {
    return this.#expiry.has(nonce)
  }

  /** Forgets what has expired, every ten seconds. */
  forget(wallMs: number): void {
    if (wallMs - this.#lookedAtMs < 10_000) return
    this.#lookedAtMs = wallMs
    for (const [id, expiresAtMs] of this.#expiry) if (expiresAtMs < wallMs) this.#expiry.delete(id)
  }
}
