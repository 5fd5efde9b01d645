import { connect, type Socket } from 'node:net'
import { type BridgeClock, inTime } from '../core/clock.ts'
import type { GattCarrier, GattCarrierEvents, GattLink } from '../core/gatt.ts'
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

export interface DirconClientOptions extends GattCarrierEvents {
  readonly host: string
  readonly port: number
  readonly clock: BridgeClock
}

const CONNECT_MS = 3000
const ANSWER_MS = 3000
/** First tries come quickly: a trainer that restarts is back within a second. */
const RETRY_MS = [250, 500, 1000, 2000, 5000] as const
/** A trainer that says nothing for this long is asked something; no answer closes the link. */
const SILENCE_MS = 5000
/** A short echo at the end of a stream is taken as it is after this. */
const FLUSH_MS = 50
const WAITING_MAX = 64
const SERVICES_MAX = 32

type Waiting = (frame: DirconFrame | undefined) => void

/** A trainer on the network: connects, asks what it has, and connects again whenever the link is lost. */
export class DirconClient implements GattCarrier {
  readonly #options: DirconClientOptions
  #socket: Socket | undefined
  #cancelRetry: (() => void) | undefined
  #tries = 0
  #isClosed = false

  constructor(options: DirconClientOptions) {
    this.#options = options
  }

  start(): void {
    if (this.#isClosed) return
    const { host, port, clock, onState } = this.#options
    if (this.#tries === 0) onState(`looking for the trainer at ${host}:${port}`)
    const socket = connect({ host, port, noDelay: true, keepAlive: true, keepAliveInitialDelay: 5000 })
    this.#socket = socket
    const giveUp = clock.after(CONNECT_MS, () => socket.destroy())
    let link: DirconLink | undefined
    let reason = `no answer within ${CONNECT_MS / 1000} s`
    let wasLinked = false
    socket.on('error', (error: NodeJS.ErrnoException) => {
      reason = error.code === 'ECONNREFUSED' ? 'nothing answers there' : (error.code ?? error.message)
    })
    socket.on('close', () => {
      giveUp()
      link?.gone()
      if (this.#socket === socket) this.#socket = undefined
      if (link !== undefined && !wasLinked) reason = 'what answers there is no trainer, or busy with another app'
      this.#retry(wasLinked ? `the trainer is gone (${reason})` : this.#missing(reason))
    })
    socket.on('connect', () => {
      giveUp()
      reason = 'it closed the connection'
      link = new DirconLink(socket, clock, `${host}:${port}`)
      void this.#discover(link).then((isLinked) => (wasLinked = isLinked))
    })
  }

  async close(): Promise<void> {
    this.#isClosed = true
    this.#cancelRetry?.()
    const socket = this.#socket
    if (socket === undefined) return
    await new Promise<void>((resolve) => {
      socket.once('close', () => resolve())
      socket.end()
      socket.destroySoon()
    })
  }

  async #discover(link: DirconLink): Promise<boolean> {
    if (!(await link.discover())) {
      link.close()
      return false
    }
    this.#tries = 0
    this.#options.onLink(link)
    return true
  }

  #missing(reason: string): string {
    const { host, port } = this.#options
    return `no trainer at ${host}:${port} (${reason}); switch it on, or give its address as --dircon`
  }

  #retry(why: string): void {
    if (this.#isClosed) return
    const delayMs = RETRY_MS[Math.min(this.#tries, RETRY_MS.length - 1)]!
    this.#tries++
    this.#options.onState(`${why}; trying again in ${delayMs / 1000} s`)
    this.#cancelRetry = this.#options.clock.after(delayMs, () => this.start())
  }
}

/** One connection's life: requests with their answers, notifications to whoever subscribed. */
class DirconLink implements GattLink {
  readonly id: string
  readonly carrier = 'network'
  readonly name: string
  readonly services = new Map<string, readonly string[]>()
  onClosed: (() => void) | undefined
  readonly #socket: Socket
  readonly #clock: BridgeClock
  readonly #framer = new DirconFramer()
  readonly #waiting = new Map<number, Waiting>()
  readonly #listeners = new Map<string, (bytes: Uint8Array) => void>()
  #sequence = 0
  #lastHeardMs: number
  #cancelWatch: (() => void) | undefined
  #cancelFlush: (() => void) | undefined

  constructor(socket: Socket, clock: BridgeClock, name: string) {
    this.#socket = socket
    this.#clock = clock
    this.name = name
    this.id = `dircon:${name}`
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
      // One after the other: devices with one buffer lose the second question.
      const body = await this.#request(DIRCON_TYPE.characteristics, uuidToBytes(uuid))
      if (body === undefined) continue
      const characteristics: string[] = []
      for (let at = UUID_BYTES; at + UUID_BYTES < body.length; at += UUID_BYTES + 1)
        characteristics.push(uuidFromBytes(body, at))
      this.services.set(uuid, characteristics)
    }
    return this.services.size > 0
  }

  async read(characteristic: string): Promise<Uint8Array | undefined> {
    return (await this.#request(DIRCON_TYPE.read, uuidToBytes(characteristic)))?.slice(UUID_BYTES)
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
    for (const resolve of this.#waiting.values()) resolve(undefined)
    this.#waiting.clear()
    this.#listeners.clear()
    const { onClosed } = this
    this.onClosed = undefined
    onClosed?.()
  }

  /** The body of a good answer; undefined for a refusal, or none in time. */
  async #request(type: number, body: Uint8Array): Promise<Uint8Array | undefined> {
    if (this.#socket.destroyed || this.#waiting.size >= WAITING_MAX) return undefined
    do this.#sequence = (this.#sequence + 1) & 0xff
    while (this.#waiting.has(this.#sequence))
    const sequence = this.#sequence
    const answer = new Promise<DirconFrame | undefined>((resolve) => this.#waiting.set(sequence, resolve))
    this.#socket.write(encodeDirconFrame({ type, sequence, result: 0, body }))
    const frame = await inTime(this.#clock, ANSWER_MS, answer)
    this.#waiting.delete(sequence)
    return frame !== undefined && frame.type === type && frame.result === DIRCON_RESULT.ok ? frame.body : undefined
  }

  #heard(chunk: Uint8Array): void {
    this.#lastHeardMs = this.#clock.nowMs()
    this.#cancelFlush?.()
    for (const frame of this.#framer.push(chunk)) this.#take(frame)
    if (this.#framer.isBroken) this.#socket.destroy()
    else if (this.#framer.waitingBytes > 0)
      this.#cancelFlush = this.#clock.after(FLUSH_MS, () => {
        for (const frame of this.#framer.flush()) this.#take(frame)
      })
  }

  #take(frame: DirconFrame): void {
    if (frame.type === DIRCON_TYPE.notification) {
      if (frame.body.length >= UUID_BYTES)
        this.#listeners.get(uuidFromBytes(frame.body))?.(frame.body.slice(UUID_BYTES))
      return
    }
    this.#waiting.get(frame.sequence)?.(frame)
  }

  #watch(): void {
    this.#cancelWatch = this.#clock.after(SILENCE_MS, () => {
      if (this.#clock.nowMs() - this.#lastHeardMs >= SILENCE_MS) void this.#probe()
      this.#watch()
    })
  }

  async #probe(): Promise<void> {
    const answer = await this.#request(DIRCON_TYPE.services, new Uint8Array(0))
    if (answer === undefined) this.#socket.destroy()
  }
}

function joined(a: Uint8Array, b: Uint8Array): Uint8Array {
  const both = new Uint8Array(a.length + b.length)
  both.set(a)
  both.set(b, a.length)
  return both
}
