import type { ClientEvent, OwnState } from '#protocol/session'
import type { RiderRecord } from '#protocol/rider-stream'

/** Records between the network and the frame: in tick order, each once; says when it runs dry. */
export declare class StreamBuffer {
  accept(event: ClientEvent, nowMs: number): void
  /** Newest tick the server has spoken of; −1 before the first. */
  readonly newestTick: number
  /** Newest own state; undefined before the first. */
  readonly own: OwnState | undefined
  /** Takes every waiting record, oldest tick first. */
  take(): readonly RiderRecord[]
  /** Silence, ms. */
  silentMs(nowMs: number): number
  /** No packet for longer than 250 ms. */
  isDry(nowMs: number): boolean
}
