/**
 * Which device gives one quantity. The rider's choice comes first, then the better kind, then who gives it now; only
 * devices that were heard lately count. Who fell silent and comes back must speak for a while before it takes the place
 * of one that speaks, longer after every fall, so that a dying battery changes sources less and less.
 */
export interface ArbiterRule<Kind extends string> {
  /** Best first; a kind that is missing never gives this quantity. */
  readonly kinds: readonly Kind[]
  /** A reading counts so long. */
  readonly freshMs: number
}

/** Between speaking again and being believed again, doubled with every further fall … */
export const RETURN_MS = 5000
const RETURN_MAX_MS = 60_000
/** … and forgotten after so long without one. */
const LAPSES_FORGOTTEN_MS = 300_000
/** A rider has no more devices for one quantity; the stalest goes. */
const DEVICES_MAX = 16

interface Held<Kind extends string> {
  kind: Kind
  value: number
  atMs: number
  /** Falls silent so far, and since when it speaks without one. */
  lapses: number
  steadySinceMs: number
}

export class Arbiter<Kind extends string> {
  readonly #rule: ArbiterRule<Kind>
  readonly #held = new Map<string, Held<Kind>>()
  #chosenId: string | undefined
  #currentId: string | undefined

  constructor(rule: ArbiterRule<Kind>) {
    this.#rule = rule
  }

  get chosenId(): string | undefined {
    return this.#chosenId
  }

  /** The rider's own choice holds at once while that device is heard; without one the best gives. */
  choose(deviceId: string | undefined, atMs: number): void {
    this.#chosenId = deviceId
    const held = deviceId === undefined ? undefined : this.#held.get(deviceId)
    if (held !== undefined) held.lapses = 0
    this.#currentId = this.winner(atMs) ?? this.#currentId
  }

  /** True: this device is the one that gives, now that it said this. */
  offer(deviceId: string, kind: Kind, value: number, atMs: number): boolean {
    if (!this.#rule.kinds.includes(kind)) return false
    const held = this.#held.get(deviceId)
    if (held === undefined) {
      this.#makeRoom()
      this.#held.set(deviceId, { kind, value, atMs, lapses: 0, steadySinceMs: -Infinity })
    } else {
      const isFresh = this.#isFresh(held, atMs)
      // One device, two services: the better one speaks for it while it does.
      if (isFresh && this.#rule.kinds.indexOf(held.kind) < this.#rule.kinds.indexOf(kind)) return false
      if (!isFresh) {
        held.lapses = atMs - held.steadySinceMs > LAPSES_FORGOTTEN_MS ? 1 : held.lapses + 1
        held.steadySinceMs = atMs
      }
      held.kind = kind
      held.value = value
      held.atMs = atMs
    }
    const winnerId = this.winner(atMs)
    this.#currentId = winnerId ?? this.#currentId
    return winnerId === deviceId
  }

  /** Who gives at this moment; undefined: nobody is heard. */
  winner(atMs: number): string | undefined {
    let best: string | undefined
    let bestRank = Infinity
    for (const [id, held] of this.#held) {
      if (!this.#isFresh(held, atMs)) continue
      const rank = this.#rank(id, held, atMs)
      if (rank < bestRank) {
        best = id
        bestRank = rank
      }
    }
    return best
  }

  isFresh(deviceId: string, atMs: number): boolean {
    const held = this.#held.get(deviceId)
    return held !== undefined && this.#isFresh(held, atMs)
  }

  /** The newest of a device, fresh or not. */
  valueOf(deviceId: string): number | undefined {
    return this.#held.get(deviceId)?.value
  }

  kindOf(deviceId: string): Kind | undefined {
    return this.#held.get(deviceId)?.kind
  }

  /** The device is no longer one of the rider's. */
  forget(deviceId: string): void {
    this.#held.delete(deviceId)
    if (this.#currentId === deviceId) this.#currentId = undefined
    if (this.#chosenId === deviceId) this.#chosenId = undefined
  }

  /** Smaller is better: believed before returning, chosen before best, better kind, then who gives it now. */
  #rank(id: string, held: Held<Kind>, atMs: number): number {
    const isCurrent = id === this.#currentId
    const waitMs = held.lapses === 0 ? 0 : Math.min(RETURN_MS * 2 ** (held.lapses - 1), RETURN_MAX_MS)
    const isReturning = !isCurrent && atMs - held.steadySinceMs < waitMs
    const kinds = this.#rule.kinds.length
    const kindRank = id === this.#chosenId ? 0 : 1 + this.#rule.kinds.indexOf(held.kind)
    return (isReturning ? 2 * (kinds + 1) : 0) + 2 * kindRank + (isCurrent ? 0 : 1)
  }

  #isFresh(held: Held<Kind>, atMs: number): boolean {
    return atMs - held.atMs < this.#rule.freshMs
  }

  #makeRoom(): void {
    if (this.#held.size < DEVICES_MAX) return
    let stalest: string | undefined
    let stalestMs = Infinity
    for (const [id, { atMs }] of this.#held)
      if (atMs < stalestMs && id !== this.#chosenId) {
        stalest = id
        stalestMs = atMs
      }
    if (stalest !== undefined) this.#held.delete(stalest)
  }
}
