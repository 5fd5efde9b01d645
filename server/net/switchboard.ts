import { Allowance } from '#protocol/allowance'
import { type Datagram, decodeDatagram } from '#protocol/datagram'
import { TOKEN_OPENINGS_AT_ONCE_MAX, TOKEN_OPENINGS_PER_S } from '#protocol/limits'
import type { Clock } from '../clock.ts'
import { TokenSealer } from './token-sealer.ts'
import { Counts, type DatagramSink, keyOfConnection, type Peer } from './peers.ts'
import type { Sessions } from './sessions.ts'

/** One port, many rooms: gives each datagram to the room it belongs to. Carriers are attached to it. */
export class Switchboard implements DatagramSink {
  readonly #rooms = new Map<string, Sessions>()
  readonly #tokens: TokenSealer
  readonly #clock: Pick<Clock, 'nowMs'>
  readonly #openings: Allowance
  readonly #counts = new Counts()

  constructor({ tokenKey, clock }: { readonly tokenKey: Uint8Array; readonly clock: Pick<Clock, 'nowMs'> }) {
    this.#tokens = new TokenSealer(tokenKey, () => new Uint8Array(12)) // Only opens.
    this.#clock = clock
    this.#openings = new Allowance(TOKEN_OPENINGS_AT_ONCE_MAX, clock.nowMs())
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
    const read = decodeDatagram(datagram)
    if (!read.ok) return this.#counts.add(read.error)
    const room = this.#roomOf(peer, read.value)
    if (typeof room === 'string') this.#counts.add(room)
    else room.take(peer, datagram.length, read.value)
  }

  gone(peer: Peer): void {
    for (const sessions of this.#rooms.values()) sessions.gone(peer)
  }

  #roomOf(peer: Peer, datagram: Datagram): Sessions | string {
    switch (datagram.kind) {
      case 'up':
        return this.#roomOfConnection(datagram.connectionId) ?? 'unknown-connection'
      case 'upChannel':
        return this.#roomOfPeer(peer) ?? 'unknown-connection'
      case 'connect':
        return this.#roomOfToken(datagram.token)
      // A session that lives goes before what the token says: nobody takes its id into another room.
      case 'response':
        return this.#roomOfConnection(datagram.connectionId) ?? this.#roomOfToken(datagram.token)
      case 'token':
        return this.#roomOfPeer(peer) ?? this.#roomOfToken(datagram.token)
      case 'challenge':
      case 'down':
        return 'reflected'
    }
  }
  #roomOfConnection(connectionId: Uint8Array): Sessions | undefined {
    const key = keyOfConnection(connectionId)
    for (const sessions of this.#rooms.values()) if (sessions.knows(key)) return sessions
    return undefined
  }

  #roomOfPeer(peer: Peer): Sessions | undefined {
    for (const sessions of this.#rooms.values()) if (sessions.knowsPeer(peer)) return sessions
    return undefined
  }

  /** Rooms remember what they gave out; what none of them knows is opened to say why it is refused, and not without end. [D121] */
  #roomOfToken(token: Uint8Array): Sessions | string {
    if (!this.#tokens.isMarked(token)) return 'token-forged'
    for (const sessions of this.#rooms.values()) if (sessions.knowsToken(token)) return sessions
    const isGranted = this.#openings.take(1, TOKEN_OPENINGS_PER_S, TOKEN_OPENINGS_AT_ONCE_MAX, this.#clock.nowMs())
    if (isGranted === 0) return 'busy'
    const open = this.#tokens.open(token)
    if (!open.ok) return open.error
    return this.#rooms.get(open.value.roomId) ?? 'room-unknown'
  }
}
