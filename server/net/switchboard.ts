import type { DatagramSink, Peer, Sessions } from './sessions.ts'

/** One port, many rooms: gives each datagram to the room it belongs to. Carriers are attached to it. */
export declare class Switchboard implements DatagramSink {
  constructor(options: { readonly tokenKey: Uint8Array })
  add(roomId: string, sessions: Sessions): void
  remove(roomId: string): void
  receive(peer: Peer, datagram: Uint8Array): void
  gone(peer: Peer): void
  readonly counts: Readonly<Record<string, number>>
}
