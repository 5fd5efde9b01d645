import type { InputSample } from '#protocol/input'
import type { CloseReason } from '#protocol/session'
import type { StreamBuffer } from './stream-buffer.ts'

/** Answer of POST /api/token: docs/ARCHITECTURE.md. Byte strings are base64url. */
export interface TokenAnswer {
  readonly token: string
  readonly keys: { readonly up: string; readonly down: string }
  readonly datagram: { readonly host: string; readonly port: number }
  readonly rider: { readonly id: number; readonly name: string; readonly secret?: string }
  readonly room: { readonly id: string; readonly mapId: string; readonly mapHash: string; readonly tick: number }
}

/** For people: what the connection is doing. */
export type ConnectionState =
  | { readonly state: 'connecting'; readonly carrier: 'webrtc' | 'websocket'; readonly words: string }
  | { readonly state: 'riding'; readonly carrier: 'webrtc' | 'websocket'; readonly words: string }
  | { readonly state: 'reconnecting'; readonly words: string }
  | { readonly state: 'closed'; readonly reason: CloseReason; readonly words: string }

export declare class Connection {
  constructor(options: {
    /** Asks the server for a (new) token: a seat the first time, the resume secret after. */
    requestToken: () => Promise<TokenAnswer>
    onState: (state: ConnectionState) => void
    /** Origin of the server; the page's own by default. */
    origin?: string
    webrtc?: 'auto' | 'off'
  })
  readonly buffer: StreamBuffer
  readonly state: ConnectionState
  start(): void
  offer(sample: InputSample): void
  /** Fractional server tick now (performance.now() clock). */
  tickAt(nowMs: number): number
  readonly rttMs: number
  close(): void
}

// Colyseus' one door in the browser (docs/HOUSE.md); what is done with it stands in client/room.ts.
export { Client as ColyseusClient, type Room as ColyseusRoom } from '@colyseus/sdk'
