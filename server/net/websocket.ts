import type { Server } from 'node:http'
import type { DatagramSink } from './sessions.ts'

export interface WebSocketCarrier {
  close(): Promise<void>
}
/** Serves upgrades of `/datagrams` on an existing HTTP server and leaves all other paths alone. */
export declare function openWebSockets(options: {
  server: Server
  sink: DatagramSink
  isOriginAllowed: (origin: string | undefined, host: string | undefined) => boolean
}): WebSocketCarrier
