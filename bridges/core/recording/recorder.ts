import { toHex } from '../bytes.ts'
import type { GattLink } from '../gatt.ts'
import { type RawRecord, RECORDING_HEADER } from './record.ts'

export interface RecorderOptions {
  readonly nowMs: () => number
  /** One line, without its end. Kept before this returns, or a crash loses it. */
  readonly write: (line: string) => void
  /** Letters of all lines together; the recording ends there. */
  readonly lettersMax?: number
}

/** About ten hours of a dozen sensors. */
const LETTERS_MAX = 256 * 1024 * 1024
/** ANT+ messages that carry a network key (0x46, and 0x76 for long ones): they are secrets, and no part of a recording. */
const KEY_MESSAGES: ReadonlySet<number> = new Set([0x46, 0x76])
const ANT_SYNC = 0xa4

/** A stick as far as bytes go. */
export interface ByteStick {
  write(bytes: Uint8Array): void
  onData: ((chunk: Uint8Array, atMs?: number) => void) | undefined
}

/** Stands between carriers and whoever listens, and writes down what passes. */
export class Recorder {
  readonly #options: RecorderOptions
  #letters = 0
  #isFull = false

  constructor(options: RecorderOptions) {
    this.#options = options
    this.#line(RECORDING_HEADER)
  }

  /** The same link; what is read, heard and written through it is in the recording. */
  link(link: GattLink): GattLink {
    const { id, name, carrier, services } = link
    this.#record({ is: 'link', id, name, carrier, services: Object.fromEntries(services) })
    const recorded: GattLink = {
      id,
      name,
      carrier,
      services,
      onClosed: undefined,
      read: async (at) => {
        const bytes = await link.read(at)
        this.#record({ is: 'read', id, at, hex: bytes === undefined ? null : toHex(bytes) })
        return bytes
      },
      write: (at, bytes) => {
        this.#record({ is: 'out', id, at, hex: toHex(bytes) })
        return link.write(at, bytes)
      },
      subscribe: async (at, onValue) => {
        const ok = await link.subscribe(at, (bytes, atMs) => {
          const ms = this.#record({
            is: 'in',
            id,
            at,
            hex: toHex(bytes),
            ...(atMs === undefined ? {} : { stampMs: atMs }),
          })
          // The very number that is in the recording: played back, it makes the same stamps.
          onValue(bytes, atMs ?? ms)
        })
        this.#record({ is: 'listen', id, at, ok })
        return ok
      },
      close: () => link.close(),
    }
    link.onClosed = () => {
      this.#record({ is: 'gone', id })
      recorded.onClosed?.()
    }
    return recorded
  }

  /** Puts itself between a stick and its listener. Call it before anybody listens; `id` names the stick. */
  stick<Stick extends ByteStick>(stick: Stick, id: string): Stick {
    let onData: ByteStick['onData']
    stick.onData = (chunk) => {
      const ms = this.#record({ is: 'in', id, hex: toHex(chunk) })
      onData?.(chunk, ms)
    }
    return new Proxy(stick, {
      get: (target, name) => {
        if (name === 'onData') return onData
        if (name === 'write') return (bytes: Uint8Array) => this.#written(target, id, bytes)
        const value: unknown = Reflect.get(target, name)
        return typeof value === 'function' ? value.bind(target) : value
      },
      set: (target, name, value) => {
        if (name !== 'onData') return Reflect.set(target, name, value)
        onData = value as ByteStick['onData']
        return true
      },
    })
  }

  #written(stick: ByteStick, id: string, bytes: Uint8Array): void {
    if (!hasKey(bytes)) this.#record({ is: 'out', id, hex: toHex(bytes) })
    stick.write(bytes)
  }

  /** Answers with the moment it was given. */
  #record(record: DistributiveOmit<RawRecord, 'ms'>): number {
    const ms = this.#options.nowMs()
    this.#line(JSON.stringify({ ms, ...record }))
    return ms
  }

  #line(line: string): void {
    if (this.#isFull) return
    this.#letters += line.length + 1
    this.#isFull = this.#letters > (this.#options.lettersMax ?? LETTERS_MAX)
    this.#options.write(this.#isFull ? JSON.stringify({ ms: this.#options.nowMs(), id: '', is: 'full' }) : line)
  }
}

/** Wherever in what is written such a message begins, none of it is kept. */
function hasKey(bytes: Uint8Array): boolean {
  return bytes.some((byte, i) => byte === ANT_SYNC && KEY_MESSAGES.has(bytes[i + 2] ?? 0))
}

type DistributiveOmit<T, K extends PropertyKey> = T extends unknown ? Omit<T, K> : never
