/** Where datagrams of one peer go. Made by a carrier. */
export interface Peer {
  /** Unique while it lives: carrier and address. */
  readonly key: string
  readonly carrier: 'udp' | 'websocket' | 'webrtc' | 'memory'
  /** udp: the address must be proven and packets are sealed. channel: the carrier has done both. */
  readonly path: 'udp' | 'channel'
  /** True: it has taken what it needs when `send` returns, and the bytes may be written over. */
  readonly isPrompt?: boolean
  /** Whether another of the same carrier is at the same place; absent: their keys say it. */
  isAt?(other: Peer): boolean
  send(datagram: Uint8Array): void
  /** Ends the channel, where there is one. */
  close(): void
}

/** Asked for every packet: a datagram's peer is new each time, and its key a string that would be made to be compared. */
export function areOne(a: Peer, b: Peer): boolean {
  return a === b || (a.isAt === undefined ? a.key === b.key : a.isAt(b))
}

/** Where a carrier hands in what it receives: the sessions of one room, or a switchboard of many. */
export interface DatagramSink {
  receive(peer: Peer, datagram: Uint8Array): void
  /** The channel is gone; UDP never says so. */
  gone(peer: Peer): void
}

/** Counts by name: refused datagrams by reason, packets and bytes each way. What is counted a thousand times a tick has a field. */
export class Counts {
  readonly #counts: Record<string, number> = {}
  #datagramsIn = 0
  #bytesIn = 0
  #datagramsOut = 0
  #bytesOut = 0

  add(name: string, amount = 1): void {
    this.#counts[name] = (this.#counts[name] ?? 0) + amount
  }

  received(bytes: number): void {
    this.#datagramsIn++
    this.#bytesIn += bytes
  }

  sent(bytes: number): void {
    this.#datagramsOut++
    this.#bytesOut += bytes
  }

  /** A copy; what never happened is not named. */
  get all(): Readonly<Record<string, number>> {
    const traffic = {
      datagramsIn: this.#datagramsIn,
      bytesIn: this.#bytesIn,
      datagramsOut: this.#datagramsOut,
      bytesOut: this.#bytesOut,
    }
    const happened = Object.entries(traffic).filter(([, count]) => count > 0)
    return { ...Object.fromEntries(happened), ...this.#counts }
  }
}

/** A connection id as a key of a map; no carrier's key begins so. Two bytes a letter, for a flood asks this of every datagram. */
export function keyOfConnection(id: Uint8Array): string {
  return `#${String.fromCharCode(
    id[0]! | (id[1]! << 8),
    id[2]! | (id[3]! << 8),
    id[4]! | (id[5]! << 8),
    id[6]! | (id[7]! << 8),
  )}`
}
