import type { Clock } from '../clock.ts'
import type { DatagramSink } from './sessions.ts'

export interface WebRtcCarrier {
  /** off: the package is missing (`reason` says so); down: restarting. */
  readonly state: 'ready' | 'starting' | 'down' | 'off'
  readonly reason: string | undefined
  readonly port: number | undefined
  /** The child's process id while it lives. */
  readonly pid: number | undefined
  /** Browser's offer in, our answer out; undefined when WebRTC is off or down, or the offer is nonsense. */
  answer(offerSdp: string): Promise<string | undefined>
  close(): Promise<void>
}
export declare function openWebRtc(options: {
  host: string
  port: number
  sink: DatagramSink
  clock: Clock
  say: (sentence: string) => void
}): Promise<WebRtcCarrier>
