import type { InputSample } from '#protocol/input'
import type { OwnState } from '#protocol/session'

export type UplinkState = 'connecting' | 'connected' | 'reconnecting' | 'closed'

/** What POST /api/token answers, as bytes. */
export interface UplinkGrant {
  readonly token: Uint8Array
  readonly keys: { readonly up: Uint8Array; readonly down: Uint8Array }
  readonly datagram: { readonly host: string; readonly port: number }
}

/** The bridge's session over UDP: reconnects by itself, asking for a new grant each time. */
export declare class Uplink {
  constructor(options: {
    requestGrant: () => Promise<UplinkGrant>
    nowMs: () => number
    onState?: (state: UplinkState, sentence: string) => void
    onOwn?: (own: OwnState) => void
  })
  readonly state: UplinkState
  start(): void
  send(sample: InputSample): void
  close(): Promise<void>
}
