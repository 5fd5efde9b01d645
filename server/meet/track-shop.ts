import { type ChildProcess, fork } from 'node:child_process'
import { createHash } from 'node:crypto'
import { fileURLToPath } from 'node:url'
import { AppError, type ErrorReason, sentence } from '../errors.ts'
import type { Clock } from '../clock.ts'
import type { TrackRoad } from './track-road.ts'

export interface TrackOrder {
  readonly bytes: Uint8Array
  readonly fileName: string
  readonly id: string
}
export type TrackReply =
  | { readonly ok: true; readonly road: TrackRoad }
  | { readonly ok: false; readonly message: string; readonly reason?: ErrorReason }

/** Four hours of FIT at a record a second are 300 kB; a GPX of 200 km with every extension, 12 MB. */
export const TRACK_BYTES_MAX = 16 * 1024 * 1024
/** One at a time; so many wait. */
const WAITING_MAX = 4
const WORK_MS_MAX = 60_000
const HEAP_MB = 512

/** The same file is the same road: its id is its hash. */
export function trackId(bytes: Uint8Array): string {
  return `track-${createHash('sha256').update(bytes).digest('hex').slice(0, 16)}`
}

/** Makes roads of dropped files, one after another, each in a process of its own with an end to its time and memory. */
export class TrackShop {
  readonly #clock: Clock
  #waiting = 0
  #last: Promise<unknown> = Promise.resolve()
  #child: ChildProcess | undefined
  #isClosed = false

  constructor(clock: Clock) {
    this.#clock = clock
  }

  async make(order: TrackOrder): Promise<TrackRoad> {
    if (this.#isClosed) throw new AppError('ERR_NOT_READY', 'The server is being stopped; try again in a moment.')
    if (this.#waiting >= WAITING_MAX)
      throw new AppError('ERR_TOO_MANY', 'Other tracks are being made into roads just now; try again in a minute.', {
        reason: 'tracks-busy',
      })
    this.#waiting++
    const work = this.#last.then(async () => await this.#work(order))
    this.#last = work.catch(() => {}) // Whoever asked hears of it; the next one need not.
    try {
      const reply = await work
      if (!reply.ok) throw new AppError('ERR_TRACK_INVALID', sentence(reply.message), reply)
      return reply.road
    } finally {
      this.#waiting--
    }
  }

  close(): void {
    this.#isClosed = true
    this.#child?.kill('SIGKILL')
  }

  #work(order: TrackOrder): Promise<TrackReply> {
    if (this.#isClosed) return Promise.resolve({ ok: false, message: 'The server is being stopped.' })
    const child = fork(fileURLToPath(new URL('track-process.ts', import.meta.url)), {
      serialization: 'advanced',
      execArgv: [`--max-old-space-size=${HEAP_MB}`],
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    })
    this.#child = child
    return new Promise((resolve) => {
      const cancel = this.#clock.after(WORK_MS_MAX, () => child.kill('SIGKILL'))
      const done = (reply: TrackReply): void => {
        cancel()
        resolve(reply)
      }
      child.once('message', (reply: TrackReply) => done(reply))
      child.once('error', () => {}) // `exit` follows, or the process never was.
      child.once('exit', () =>
        done({ ok: false, message: `${order.fileName} takes too long or too much memory.`, reason: 'track-slow' }),
      )
      child.send(order, () => {}) // Gone already: `exit` says so.
    })
  }
}
