import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Clock } from '../clock.ts'

/** Nothing said for so long: a comment, so that proxies and browsers know that the line is alive. */
const BEAT_MS = 15_000
/** Who reads slower than this falls behind is let go; a browser comes again by itself. */
const WAITING_BYTES_MAX = 512 * 1024
const RETRY_MS = 2000

/** One answer that goes on: server-sent events (WHATWG HTML, 9.2). */
export interface EventStream {
  /** `data` without line breaks: JSON or base64. */
  send(event: string, data: string): void
  readonly isOpen: boolean
  close(): void
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
    send: (event, data) => {
      if (!isOpen) return
      if (raw.writableLength > WAITING_BYTES_MAX) raw.destroy()
      else raw.write(`event: ${event}\ndata: ${data}\n\n`)
    },
    close: () => {
      raw.end()
      closed()
    },
  }
}
