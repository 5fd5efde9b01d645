import type { Socket } from 'node:net'
import { type BridgeClock, inTime } from '../core/clock.ts'
import type { GattLink } from '../core/gatt.ts'
import {
  DIRCON_RESULT,
  DIRCON_TYPE,
  type DirconFrame,
  DirconFramer,
  encodeDirconFrame,
  UUID_BYTES,
  uuidFromBytes,
  uuidToBytes,
} from './frame.ts'

const ANSWER_MS = 1500
/** A trainer that says nothing for this long is asked something; no answer closes the link. */
const SILENCE_MS = 2000
const WATCH_MS = 250
/** A frame comes whole or in pieces close together: a rest that does not follow says that the stream is out of step. */
const PARTIAL_MS = 400
/** A short echo at the end of a stream is taken as it is after this. */
const FLUSH_MS = 50
const QUEUE_MAX = 32
const SILENT = 'it has fallen silent'
const SERVICES_MAX = 32

interface Waiting {
  readonly type: number
  readonly sequence: number
  /** What an answer begins with; undefined: anything. */
  readonly head: Uint8Array | undefined
  readonly resolve: (frame: DirconFrame | undefined) => void
}

/** One connection's life: requests with their answers, notifications to whoever subscribed. */
export class DirconLink implements GattLink {
  readonly id: string
  readonly carrier = 'network'
  readonly name: string
  readonly services = new Map<string, readonly string[]>()
  onClosed: (() => void) | undefined
  readonly #socket: Socket
  readonly #clock: BridgeClock
  readonly #framer = new DirconFramer()
  /** The question that is out. */
  #waiting: Waiting | undefined
  #turn: Promise<unknown> = Promise.resolve()
  #queued = 0
  readonly #listeners = new Map<string, (bytes: Uint8Array) => void>()
  #sequence = 0
  #lastHeardMs: number
  #cancelWatch: (() => void) | undefined
  #cancelFlush: (() => void) | undefined
  /** Ends the wait for the rest of a frame. */
  #cancelPartial: (() => void) | undefined
  /** Why this end closed it; undefined: the other did. */
  whyClosed: string | undefined

  constructor(socket: Socket, clock: BridgeClock, device: { readonly id: string; readonly name: string }) {
    this.#socket = socket
    this.#clock = clock
    this.name = device.name
    this.id = device.id
    this.#lastHeardMs = clock.nowMs()
    socket.on('data', (chunk) => this.#heard(chunk))
    this.#watch()
  }

  async discover(): Promise<boolean> {
    const services = await this.#request(DIRCON_TYPE.services, new Uint8Array(0))
    if (services === undefined) return false
    const count = Math.min(Math.floor(services.length / UUID_BYTES), SERVICES_MAX)
    for (let i = 0; i < count; i++) {
      const uuid = uuidFromBytes(services, i * UUID_BYTES)
      const body = await this.#request(DIRCON_TYPE.characteristics, uuidToBytes(uuid), uuidToBytes(uuid))
      if (body === undefined) continue
      const characteristics: string[] = []
      for (let at = UUID_BYTES; at + UUID_BYTES < body.length; at += UUID_BYTES + 1)
        characteristics.push(uuidFromBytes(body, at))
      this.services.set(uuid, characteristics)
    }
    return this.services.size > 0
  }

  async read(characteristic: string): Promise<Uint8Array | undefined> {
    const uuid = uuidToBytes(characteristic)
    return (await this.#request(DIRCON_TYPE.read, uuid, uuid))?.slice(UUID_BYTES)
  }

  async write(characteristic: string, bytes: Uint8Array): Promise<boolean> {
    return (await this.#request(DIRCON_TYPE.write, joined(uuidToBytes(characteristic), bytes))) !== undefined
  }

  async subscribe(characteristic: string, onValue: (bytes: Uint8Array) => void): Promise<boolean> {
    // Before the answer: the first notification may come right behind it.
    this.#listeners.set(characteristic, onValue)
    const body = joined(uuidToBytes(characteristic), Uint8Array.of(1))
    const isOn = (await this.#request(DIRCON_TYPE.subscribe, body)) !== undefined
    if (!isOn) this.#listeners.delete(characteristic)
    return isOn
  }

  close(): void {
    this.#socket.destroy()
  }

  /** The socket has closed. */
  gone(): void {
    this.#cancelWatch?.()
    this.#cancelFlush?.()
    this.#isWhole()
    this.#waiting?.resolve(undefined)
    this.#listeners.clear()
    const { onClosed } = this
    this.onClosed = undefined
    onClosed?.()
  }

  /**
   * The body of a good answer; undefined for a refusal, or none in time. `head`: what its body has to begin with. One
   * after the other: there are devices that read one question from each segment, and lose the one behind it.
   */
  async #request(type: number, body: Uint8Array, head?: Uint8Array): Promise<Uint8Array | undefined> {
    if (this.#queued >= QUEUE_MAX) return undefined
    this.#queued++
    const turn = this.#turn.then(() => this.#ask(type, body, head))
    this.#turn = turn
    const answer = await turn
    this.#queued--
    return answer
  }

  async #ask(type: number, body: Uint8Array, head: Uint8Array | undefined): Promise<Uint8Array | undefined> {
    if (this.#socket.destroyed) return undefined
    this.#sequence = (this.#sequence + 1) & 0xff
    const sequence = this.#sequence
    const answer = new Promise<DirconFrame | undefined>((resolve) => {
      this.#waiting = { type, sequence, head, resolve }
    })
    this.#socket.write(encodeDirconFrame({ type, sequence, result: 0, body }))
    const frame = await inTime(this.#clock, ANSWER_MS, answer)
    this.#waiting = undefined
    // A question is a probe too.
    if (frame === undefined && this.#silentMs() >= SILENCE_MS) this.#destroy(SILENT)
    return frame?.result === DIRCON_RESULT.ok ? frame.body : undefined
  }

  #silentMs(): number {
    return this.#clock.nowMs() - this.#lastHeardMs
  }

  #heard(chunk: Uint8Array): void {
    const nowMs = this.#clock.nowMs()
    this.#cancelFlush?.()
    const frames = this.#framer.push(chunk)
    if (frames.length > 0) {
      // Bytes that never make a frame are no sign of life.
      this.#lastHeardMs = nowMs
      this.#isWhole()
    }
    for (const frame of frames) this.#take(frame)
    if (this.#framer.isBroken) return this.#destroy('what it says is not DIRCON')
    if (this.#framer.waitingBytes === 0) return
    this.#cancelPartial ??= this.#clock.after(PARTIAL_MS, () => this.#destroy('half a frame, and no more of it'))
    this.#cancelFlush = this.#clock.after(FLUSH_MS, () => {
      const flushed = this.#framer.flush()
      if (flushed.length > 0) this.#isWhole()
      for (const frame of flushed) this.#take(frame)
    })
  }

  #isWhole(): void {
    this.#cancelPartial?.()
    this.#cancelPartial = undefined
  }

  #take(frame: DirconFrame): void {
    if (frame.type === DIRCON_TYPE.notification) {
      if (frame.body.length >= UUID_BYTES)
        this.#listeners.get(uuidFromBytes(frame.body))?.(frame.body.slice(UUID_BYTES))
      return
    }
    const waiting = this.#waiting
    // An answer to nothing, to something else, or to what is waited for no longer, is nobody's.
    if (waiting === undefined || waiting.sequence !== frame.sequence || waiting.type !== frame.type) return
    if (frame.result === DIRCON_RESULT.ok && !beginsWith(frame.body, waiting.head)) return
    waiting.resolve(frame)
  }

  #watch(): void {
    this.#cancelWatch = this.#clock.after(WATCH_MS, () => {
      if (this.#silentMs() >= SILENCE_MS) void this.#probe()
      this.#watch()
    })
  }

  async #probe(): Promise<void> {
    // What is out already asks as well.
    if (this.#queued > 0) return
    const answer = await this.#request(DIRCON_TYPE.services, new Uint8Array(0))
    if (answer === undefined) this.#destroy(SILENT)
  }

  #destroy(why: string): void {
    this.whyClosed ??= why
    this.#socket.destroy()
  }
}

function beginsWith(bytes: Uint8Array, head: Uint8Array | undefined): boolean {
  return head === undefined || (bytes.length >= head.length && head.every((byte, i) => bytes[i] === byte))
}

function joined(a: Uint8Array, b: Uint8Array): Uint8Array {
  const both = new Uint8Array(a.length + b.length)
  both.set(a)
  both.set(b, a.length)
  return both
}
