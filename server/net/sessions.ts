import type { RiderId, Row, Tick } from '#protocol/ids'
import type { InputSample } from '#protocol/input'
import type { Course } from '#physics/course'
import type { Riders } from '#physics/riders'
import type { Clock } from '../clock.ts'

export type SessionUse = 'ride' | 'watch'

/** What sessions ask of a world. */
export interface SessionHost {
  readonly tick: Tick
  readonly riders: Riders
  readonly course: Course
  /** undefined when the rider is not on the road (any more). */
  rowOf(riderId: RiderId): Row | undefined
  post(row: Row, sample: InputSample): void
  /** Newest sample the world has taken up for this rider; undefined before the first. */
  ackedSequence(row: Row): number | undefined
}

/** Where datagrams of one peer go. Made by a carrier. */
export interface Peer {
  /** Unique while it lives: carrier and address. */
  readonly key: string
  readonly carrier: 'udp' | 'websocket' | 'webrtc' | 'memory'
  send(datagram: Uint8Array): void
  /** Ends the channel, where there is one. */
  close(): void
}

/** A socket, a WebSocket server, a WebRTC gateway, or a bad network in memory. */
export interface DatagramSink {
  receive(peer: Peer, datagram: Uint8Array): void
  /** The channel is gone; UDP never says so. */
  gone(peer: Peer): void
}

export interface IssuedToken {
  readonly token: Uint8Array
  readonly keys: { readonly up: Uint8Array; readonly down: Uint8Array }
}

export interface SessionsOptions {
  readonly clock: Clock
  readonly randomBytes: (count: number) => Uint8Array
  /** 32 bytes, of this process. */
  readonly tokenKey: Uint8Array
  readonly roomId: string
  readonly host: SessionHost
  /** The rider's last input session fell silent or left: the rider coasts. */
  readonly onInputSilent?: (riderId: RiderId) => void
  readonly onInputHeard?: (riderId: RiderId) => void
}

export declare class Sessions implements DatagramSink {
  constructor(options: SessionsOptions)
  issueToken(grant: { riderId: RiderId; use: SessionUse; ttlMs?: number }): IssuedToken
  receive(peer: Peer, datagram: Uint8Array): void
  gone(peer: Peer): void
  /** After every world.step(): composes and sends one packet per session, and ends silent ones. */
  afterTick(): void
  /** The rider has left the room: its sessions end. */
  dismiss(riderId: RiderId): void
  close(): void
  /** Sessions now, and everything counted by name. */
  readonly counts: Readonly<Record<string, number>>
  readonly size: number
  hasInput(riderId: RiderId): boolean
}
