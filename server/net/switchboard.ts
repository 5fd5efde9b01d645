import { decodeDatagram } from '#protocol/datagram'
import { TokenSealer } from './token-sealer.ts'
import { Counts, type DatagramSink, keyOfConnection, type Peer } from './peers.ts'
import type { Sessions } from './sessions.ts'

/** One port, many rooms: gives each datagram to the room it belongs to. Carriers are attached to it. */
export class Switchboard implements DatagramSink {
  readonly #rooms = new Map<string, Sessions>()
  readonly #tokens: TokenSealer
  readonly #counts = new Counts()

  constructor({ tokenKey }: { readonly tokenKey: Uint8Array }) {
    this.#tokens = new TokenSealer(tokenKey, () => new Uint8Array(12)) // Only opens.
  }

  /** Datagrams that belong to no room, by reason. */
  get counts(): Readonly<Record<string, number>> {
    return this.#counts.all
  }

  add(roomId: string, sessions: Sessions): void {
    this.#rooms.set(roomId, sessions)
  }

  remove(roomId: string): void {
    this.#rooms.delete(roomId)
  }

  receive(peer: Peer, datagram: Uint8Array): void {
    if (this.#rooms.size === 1) {
      for (const sessions of this.#rooms.values()) sessions.receive(peer, datagram)
      return
    }
    const room = this.#roomOf(peer, datagram)
    if (typeof room === 'string') this.#counts.add(room)
    else room.receive(peer, datagram)
  }

  gone(peer: Peer): void {
    for (const sessions of this.#rooms.values()) sessions.gone(peer)
  }

  #roomOf(peer: Peer, bytes: Uint8Array): Sessions | string {
    const read = decodeDatagram(bytes)
    if (!read.ok) return read.error
    const datagram = read.value
    switch (datagram.kind) {
      case 'up': {
        const key = keyOfConnection(datagram.connectionId)
        for (const sessions of this.#rooms.values()) if (sessions.knows(key)) return sessions
        return 'unknown-connection'
      }
      case 'upChannel':
        for (const sessions of this.#rooms.values()) if (sessions.knowsPeer(peer)) return sessions
        return 'unknown-connection'
      case 'connect':
      case 'response':
      case 'token': {
        const token = this.#tokens.open(datagram.token)
        if (!token.ok) return token.error
        return this.#rooms.get(token.value.roomId) ?? 'room-unknown'
      }
      case 'challenge':
      case 'down':
        return 'reflected'
    }
  }
}
