import type { Random } from '#physics/random'

/** What one direction of a path does to datagrams. Shares are 0 … 1; what is left out does nothing. */
export interface LinkProfile {
  /** One way: half the round trip. */
  readonly delayMs?: number
  /** Standard deviation of what is added on top: |N(0, σ)|. Enough of it overtakes. */
  readonly jitterMs?: number
  /** Lost one by one. */
  readonly lossShare?: number
  /** Lost in bursts (Gilbert and Elliott): chance for each datagram to begin a bad stretch, to end it, and to be lost in it. */
  readonly burst?: { readonly beginShare: number; readonly endShare: number; readonly lossShare: number }
  readonly duplicateShare?: number
  /** Held back by so much more, and so overtaken. */
  readonly reorderShare?: number
  readonly reorderMs?: number
  /** One bit turned over on the way. */
  readonly corruptShare?: number
  /** The narrowest place of the path, headers counted; what waits there beyond `queueBytes` is dropped. */
  readonly rateBps?: number
  readonly queueBytes?: number
}

/** IP and UDP headers, which a narrow place has to carry too. */
export const HEADER_BYTES = 28

/** Both directions alike. Of `far` all targets of issue 4 speak: 150 ms round trip, 5 % loss, 15 ms jitter. */
export const LINKS = {
  clean: {},
  home: { delayMs: 20, jitterMs: 3, lossShare: 0.005 },
  far: { delayMs: 75, jitterMs: 15, lossShare: 0.05 },
  burst: { delayMs: 40, jitterMs: 10, burst: { beginShare: 0.01, endShare: 0.2, lossShare: 0.9 } },
  narrow: { delayMs: 30, jitterMs: 5, rateBps: 64_000, queueBytes: 8000 },
  terrible: {
    delayMs: 200,
    jitterMs: 40,
    lossShare: 0.3,
    duplicateShare: 0.5,
    reorderShare: 0.2,
    reorderMs: 120,
    corruptShare: 0.01,
  },
} as const satisfies Readonly<Record<string, LinkProfile>>

export interface LinkCounts {
  sent: number
  bytes: number
  delivered: number
  lost: number
  dropped: number
  duplicated: number
  reordered: number
  corrupted: number
}

/**
 * One direction of a path, from a seed: says of each datagram when it arrives, how often and how. Knows no clock: in
 * virtual time and between real sockets it decides the same, given the same datagrams in the same order. Each chance has
 * dice of its own and throws them for every datagram, so that one profile with one thing more loses the same datagrams.
 */
export class Link {
  profile: LinkProfile
  readonly counts: LinkCounts = {
    sent: 0,
    bytes: 0,
    delivered: 0,
    lost: 0,
    dropped: 0,
    duplicated: 0,
    reordered: 0,
    corrupted: 0,
  }
  readonly #random: Random
  #isBursting = false
  #isFreeAtMs = -Infinity

  constructor(profile: LinkProfile, random: Random) {
    this.profile = profile
    this.#random = random
  }

  /** `deliver` hears at once when each copy will arrive (not before `nowMs`); a copy is the link's own bytes. */
  send(datagram: Uint8Array, nowMs: number, deliver: (atMs: number, datagram: Uint8Array) => void): void {
    const { profile, counts } = this
    const random = this.#random
    const [lossDie, burstDie, copyDie, reorderDie, corruptDie, bitDie] = Array.from({ length: 6 }, () =>
      random.fraction(),
    ) as [number, number, number, number, number, number]
    const jitters = [Math.abs(normal(random)), Math.abs(normal(random))]
    counts.sent++
    counts.bytes += datagram.length
    const { burst } = profile
    if (burst !== undefined) {
      if (this.#isBursting) this.#isBursting = burstDie >= burst.endShare
      else this.#isBursting = burstDie < burst.beginShare
    }
    if (lossDie < (this.#isBursting ? burst!.lossShare : (profile.lossShare ?? 0))) {
      counts.lost++
      return
    }
    const queuedMs = this.#queueMs(datagram.length + HEADER_BYTES, nowMs)
    if (queuedMs === undefined) {
      counts.dropped++
      return
    }
    const copies = copyDie < (profile.duplicateShare ?? 0) ? 2 : 1
    if (copies === 2) counts.duplicated++
    const isHeldBack = reorderDie < (profile.reorderShare ?? 0)
    if (isHeldBack) counts.reordered++
    const bytes = datagram.slice() // What a sender does with its buffer afterwards is its own business.
    if (bytes.length > 0 && corruptDie < (profile.corruptShare ?? 0)) {
      const bit = Math.floor(bitDie * bytes.length * 8)
      bytes[bit >> 3]! ^= 1 << (bit & 7)
      counts.corrupted++
    }
    for (let copy = 0; copy < copies; copy++) {
      // The copy takes another way: it is held back when the first is not.
      const heldMs = isHeldBack === (copy === 0) ? (profile.reorderMs ?? 0) : 0
      const atMs = nowMs + queuedMs + (profile.delayMs ?? 0) + (profile.jitterMs ?? 0) * jitters[copy]! + heldMs
      counts.delivered++
      deliver(atMs, bytes)
    }
  }

  /** How long this datagram takes through the narrow place; undefined: no room in its queue. */
  #queueMs(bytes: number, nowMs: number): number | undefined {
    const { rateBps, queueBytes = Infinity } = this.profile
    if (rateBps === undefined) return 0
    const beginsAtMs = Math.max(nowMs, this.#isFreeAtMs)
    if (((beginsAtMs - nowMs) * rateBps) / 8000 > queueBytes) return undefined
    this.#isFreeAtMs = beginsAtMs + (bytes * 8000) / rateBps
    return this.#isFreeAtMs - nowMs
  }
}

/** Twelve throws added up lie normally around six, with deviation one: near enough, and the same in every engine. */
function normal(random: Random): number {
  let sum = -6
  for (let i = 0; i < 12; i++) sum += random.fraction()
  return sum
}

/**
 * `far`, or its parts: `delay=75,jitter=15,loss=0.05,duplicate=0.1,reorder=0.1,reorderMs=80,corrupt=0.01,rate=64000,
 * queue=8000`, also behind a name: `far,loss=0.2`. A sentence when it cannot be read.
 */
export function parseLink(text: string): LinkProfile | string {
  const profile: Record<string, unknown> = {}
  for (const [i, part] of text.split(',').entries()) {
    const [key = '', value] = part.split('=')
    if (value === undefined) {
      if (i > 0 || !Object.hasOwn(LINKS, key))
        return `"${key}" is no link: ${Object.keys(LINKS).join(', ')}, or parts like delay=75,jitter=15,loss=0.05`
      Object.assign(profile, LINKS[key as keyof typeof LINKS])
      continue
    }
    const name = Object.hasOwn(PARTS, key) ? PARTS[key as keyof typeof PARTS] : undefined
    if (name === undefined) return `a link has no "${key}": it has ${Object.keys(PARTS).join(', ')}`
    const number = Number(value)
    if (!(number >= 0) || !Number.isFinite(number) || (name.endsWith('Share') && number > 1))
      return `"${part}" of a link is not a number from 0${name.endsWith('Share') ? ' to 1' : ''}`
    profile[name] = number
  }
  return profile
}

const PARTS = {
  delay: 'delayMs',
  jitter: 'jitterMs',
  loss: 'lossShare',
  duplicate: 'duplicateShare',
  reorder: 'reorderShare',
  reorderMs: 'reorderMs',
  corrupt: 'corruptShare',
  rate: 'rateBps',
  queue: 'queueBytes',
} as const satisfies Readonly<Record<string, keyof LinkProfile>>
