import type { DatagramSink } from './sessions.ts'

export interface UdpCarrier {
  readonly port: number
  close(): Promise<void>
}
export declare function openUdp(options: { host: string; port: number; sink: DatagramSink }): Promise<UdpCarrier>
