/** Where datagrams of one peer go. Made by a carrier. */
export interface Peer {
  /** Unique while it lives: carrier and address. */
  readonly key: string
  readonly carrier: 'udp' | 'websocket' | 'webrtc' | 'memory'
  /** udp: the address must be proven and packets are sealed. channel: the carrier has done both. */
  readonly path: 'udp' | 'channel'
  send(datagram: Uint8Array): void
  /** Ends the channel, where there is one. */
  close(): void
}

/** Where a carrier hands in what it receives: the sessions of one room, or a switchboard of many. */
export interface DatagramSink {
  receive(peer: Peer, datagram: Uint8Array): void
  /** The channel is gone; UDP never says so. */
  gone(peer: Peer): void
}

/** Counts by name: refused datagrams by reason, packets and bytes each way. */
export class Counts {
  readonly #counts: Record<string, number> = {}

  add(name: string, amount = 1): void {
    this.#counts[name] = (this.#counts[name] ?? 0) + amount
  }

  get all(): Readonly<Record<string, number>> {
    return this.#counts
  }
}
