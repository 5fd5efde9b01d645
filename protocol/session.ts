import type { RiderId, Sequence, Tick } from './ids.ts'
import type { InputSample } from './input.ts'
import type { RiderRecord } from './rider-stream.ts'

/** Seals and opens datagrams. DTLS and TLS carriers hand in `openSealer`: they seal themselves. */
export interface Sealer {
  /** Bytes it adds. */
  readonly overhead: number
  seal(packetNumber: number, header: Uint8Array, body: Uint8Array): Uint8Array
  /** undefined: not from who it claims to be. */
  open(packetNumber: number, header: Uint8Array, sealed: Uint8Array): Uint8Array | undefined
}

export const openSealer: Sealer = { overhead: 0, seal: (_n, _h, body) => body, open: (_n, _h, sealed) => sealed }

export type CloseReason =
  | 'left'
  | 'timed-out'
  | 'refused'
  | 'replaced'
  | 'room-closed'
  | 'rider-gone'

/** The rider's own state as the server decided it, at `tick`, after the inputs up to `ackedSequence`. */
export interface OwnState {
  readonly tick: Tick
  /** Newest sample in it; undefined until the first. */
  readonly ackedSequence: Sequence | undefined
  readonly distanceM: number
  readonly speedMps: number
  readonly lateralM: number
  readonly lateralMps: number
  readonly powerW: number
  readonly cadenceRpm: number
  readonly heartRateBpm: number
  readonly draftFactor: number
  /** Rise over run under the wheels, a fraction: for bridges, which have no map. */
  readonly gradeFraction: number
  /** All work credited so far, J. */
  readonly workJ: number
  /** RIDER_FLAG bits. */
  readonly flags: number
}

export type ClientEvent =
  | { readonly kind: 'connected'; readonly tick: Tick; readonly riderId: RiderId }
  /** News of riders; `tick` is the packet's, also when there is no record. */
  | { readonly kind: 'riders'; readonly tick: Tick; readonly records: readonly RiderRecord[] }
  | { readonly kind: 'own'; readonly state: OwnState }
  | { readonly kind: 'closed'; readonly reason: CloseReason }

export type ClientState = 'connecting' | 'connected' | 'closed'

export interface ClientOptions {
  /** Sealed token as the server gave it. */
  readonly token: Uint8Array
  readonly sealer: Sealer
  /** udp: bare datagrams, address to be proven. channel: WebRTC or WebSocket, where the carrier has done that. */
  readonly path: 'udp' | 'channel'
  readonly randomBytes: (count: number) => Uint8Array
  readonly nowMs: number
}

/** The client's end of a connection: no socket, no clock, no crypto. Call `poll` about every 10 ms and after `offer`. */
export declare class ClientSession {
  constructor(options: ClientOptions)
  readonly state: ClientState
  /** Smallest round trip lately, ms. */
  readonly rttMs: number
  receive(datagram: Uint8Array, nowMs: number): readonly ClientEvent[]
  /** Sends this sample, with the three before it, at the next `poll`. */
  offer(sample: InputSample): void
  /** The next datagram to send now; call until undefined. */
  poll(nowMs: number): Uint8Array | undefined
  /** What `poll` cannot send: the session found itself timed out. */
  expire(nowMs: number): readonly ClientEvent[]
  /** Says goodbye at the next `poll`. */
  close(): void
  /** Tick over there now, with its fraction. */
  tickAt(nowMs: number): number
}
