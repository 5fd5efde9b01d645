import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Clock } from '../clock.ts'

/** Nothing said for so long: a comment, so that proxies and browsers know that the line is alive. */
const BEAT_MS = 15_000
/**
 * Who does not read is let go when so much waits; a browser comes again by itself. Who comes to a room of 300 is told
 * some 120 kB at once.
 */
const WAITING_BYTES_MAX = 256 * 1024
const RETRY_MS = 2000

/** One answer that goes on: server-sent events (WHATWG HTML, 9.2). */
export interface EventStream {
  /** Made by `frameOf`: the same bytes for all who listen. */
  send(frame: Uint8Array): void
  readonly isOpen: boolean
  close(): void
}

/** `data` without line breaks: JSON or base64. */
export function frameOf(event: string, data: string): Uint8Array {
  return Buffer.from(`event: ${event}\ndata: ${data}\n\n`)
}

export function openEventStream(
  request: FastifyRequest,
  reply: FastifyReply,
  clock: Clock,
  onClosed: () => void,
): EventStream {
  reply.hijack()
  const { raw } = reply
  raw.writeHead(200, {
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-store',
    // Proxies that gather answers would hold a race back.
    'x-accel-buffering': 'no',
  })
  raw.write(`retry: ${RETRY_MS}\n\n`)
  let isOpen = true
  let cancelBeat = (): void => {}
  const beat = (): void => {
    cancelBeat = clock.after(BEAT_MS, () => {
      raw.write(': \n\n')
      beat()
    })
  }
  const closed = (): void => {
    if (!isOpen) return
    isOpen = false
    cancelBeat()
    onClosed()
  }
  beat()
  request.raw.once('close', closed)
  raw.once('close', closed)
  raw.on('error', closed)
  return {
    get isOpen() {
      return isOpen
    },
    send: (frame) => {
      if (!isOpen) return
      if (raw.writableLength > WAITING_BYTES_MAX) raw.destroy()
      else raw.write(frame)
    },
    close: () => {
      raw.end()
      closed()
    },
  }
}
