/** Tokens that opened a session, until they expire: a token opens one. */
export class SpentTokens {
  readonly #expiry = new Map<string, number>()
  #lookedAtMs = 0

  add(tokenId: Uint8Array, expiresAtMs: number): void {
    this.#expiry.set(String.fromCharCode(...tokenId), expiresAtMs)
  }

  has(tokenId: Uint8Array): boolean {
    return this.#expiry.has(String.fromCharCode(...tokenId))
  }

  /** Forgets what has expired, every ten seconds. */
  forget(wallMs: number): void {
    if (wallMs - this.#lookedAtMs < 10_000) return
    this.#lookedAtMs = wallMs
    for (const [id, expiresAtMs] of this.#expiry) if (expiresAtMs < wallMs) this.#expiry.delete(id)
  }
}
