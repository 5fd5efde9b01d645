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

export interface DirconAddress {
  readonly host: string
  readonly port: number
}

export interface DirconClientOptions extends GattCarrierEvents, DirconAddress {
  readonly clock: BridgeClock
  /** What it is whatever its address: `dircon:` and a serial number. Unsaid: host and port. */
  readonly id?: string | undefined
  readonly name?: string | undefined
  /** Where it is now, asked when it does not answer where it was; undefined: nobody knows. */
  readonly lookUp?: (() => Promise<DirconAddress | undefined>) | undefined
}

/** A host that is off answers nothing: most tries are short, so that one soon falls after it is back; the fourth bears a slow network. */
const CONNECT_MS = [900, 900, 900, 3000] as const
const ANSWER_MS = 1500
/** A trainer that restarts is back within a second: how long it has been away, and how often it is looked for. */
const RETRY = [
  { awayMs: 10_000, everyMs: 250 },
  { awayMs: 60_000, everyMs: 500 },
  { awayMs: 300_000, everyMs: 1000 },
  { awayMs: Infinity, everyMs: 5000 },
] as const
/** After so many tries that found nobody, and then every so many, it is asked where the trainer is now. */
const LOOK_UP_AFTER = 4
const LOOK_UP_EVERY = 20
/** A trainer that says nothing for this long is asked something; no answer closes the link. */
const SILENCE_MS = 2000
const WATCH_MS = 250
/** A frame comes whole or in pieces close together: a rest that does not follow says that the stream is out of step. */
const PARTIAL_MS = 400
/** A short echo at the end of a stream is taken as it is after this. */
const FLUSH_MS = 50
const WAITING_MAX = 64
const SERVICES_MAX = 32

interface Waiting {
  readonly type: number
  /** What an answer begins with; undefined: anything. */
  readonly head: Uint8Array | undefined
  readonly resolve: (frame: DirconFrame | undefined) => void
}

/** A trainer on the network: connects, asks what it has, and connects again whenever the link is lost. */
export class DirconClient implements GattCarrier {
  readonly #options: DirconClientOptions
  #address: DirconAddress
  #socket: Socket | undefined
  #cancelRetry: (() => void) | undefined
  /** Since the last link. */
  #tries = 0
  #awaySinceMs: number | undefined
  #isClosed = false
  #isLookingUp = false
  /** The network has been asked once whether this is the trainer that is meant. */
  #isAsked = false

  constructor(options: DirconClientOptions) {
    this.#options = options
    this.#address = { host: options.host, port: options.port }
  }

  /** Where it is looked for now. */
  get address(): DirconAddress {
    return this.#address
  }

  start(): void {
    if (this.#isClosed) return
    const { clock, onState, id, name } = this.#options
    const { host, port } = this.#address
    const at = addressText(this.#address)
    if (this.#tries === 0) onState(`looking for ${name === undefined ? 'the trainer' : name} at ${at}`)
    const socket = connect({ host, port, noDelay: true, keepAlive: true, keepAliveInitialDelay: 5000 })
    this.#socket = socket
    const connectMs = CONNECT_MS[this.#tries % CONNECT_MS.length]!
    const giveUp = clock.after(connectMs, () => socket.destroy())
    let link: DirconLink | undefined
    let reason = `no answer within ${connectMs / 1000} s`
    let wasLinked = false
    socket.on('error', (error: NodeJS.ErrnoException) => {
      reason = error.code === 'ECONNREFUSED' ? 'nothing answers there' : (error.code ?? error.message)
    })
    socket.on('close', () => {
      giveUp()
      link?.gone()
      if (this.#socket === socket) this.#socket = undefined
      if (link !== undefined && !wasLinked) reason = 'what answers there is no trainer, or busy with another app'
      this.#retry(wasLinked ? `the trainer is gone (${link?.whyClosed ?? reason})` : this.#missing(reason))
    })
    socket.on('connect', () => {
      giveUp()
      reason = 'it closed the connection'
      link = new DirconLink(socket, clock, { id: id ?? `dircon:${at}`, name: name ?? at })
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
    this.#awaySinceMs = undefined
    this.#options.onLink(link)
    if (!this.#isAsked) void this.#makeSure(link)
    return true
  }

  /** An address of another day may be another trainer's today: the network is asked once, and the right one taken. */
  async #makeSure(link: DirconLink): Promise<void> {
    const { lookUp, onState, name } = this.#options
    this.#isAsked = true
    const found = await lookUp?.()
    if (found === undefined || isSame(found, this.#address) || this.#isClosed) return
    this.#address = found
    onState(`${name ?? 'the trainer'} is at ${addressText(found)}; what answered was another`)
    link.close()
  }

  #missing(reason: string): string {
    const { name } = this.#options
    return `no trainer${name === undefined ? '' : ` ${name}`} at ${addressText(this.#address)} (${reason}); switch it on, or give its address as --dircon`
  }

  #retry(why: string): void {
    if (this.#isClosed) return
    const nowMs = this.#options.clock.nowMs()
    this.#awaySinceMs ??= nowMs
    const awayMs = nowMs - this.#awaySinceMs
    const { everyMs } = RETRY.find((row) => awayMs < row.awayMs)!
    this.#tries++
    if (this.#tries >= LOOK_UP_AFTER && (this.#tries - LOOK_UP_AFTER) % LOOK_UP_EVERY === 0) void this.#lookUp()
    this.#options.onState(`${why}; trying again in ${everyMs / 1000} s`)
    this.#cancelRetry = this.#options.clock.after(everyMs, () => this.start())
  }

  /** A router that gave out new addresses moves a trainer; the tries go on where it was until it is found. */
  async #lookUp(): Promise<void> {
    const { lookUp, onState, name } = this.#options
    if (lookUp === undefined || this.#isLookingUp) return
    this.#isLookingUp = true
    const found = await lookUp()
    this.#isLookingUp = false
    if (found === undefined || isSame(found, this.#address)) return
    if (this.#awaySinceMs === undefined || this.#isClosed) return
    this.#address = found
    onState(`${name ?? 'the trainer'} is at ${addressText(found)} now`)
  }
}

const isSame = (a: DirconAddress, b: DirconAddress): boolean => a.host === b.host && a.port === b.port

/** An address of IPv6 in its brackets. */
export const addressText = ({ host, port }: DirconAddress): string =>
  host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`

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
  /** Ends the wait for the rest of a frame. */
  #cancelPartial: (() => void) | undefined
  #isProbing = false
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
      // One after the other: devices with one buffer lose the second question.
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
    for (const { resolve } of this.#waiting.values()) resolve(undefined)
    this.#waiting.clear()
    this.#listeners.clear()
    const { onClosed } = this
    this.onClosed = undefined
    onClosed?.()
  }

  /** The body of a good answer; undefined for a refusal, or none in time. `head`: what its body has to begin with. */
  async #request(type: number, body: Uint8Array, head?: Uint8Array): Promise<Uint8Array | undefined> {
    if (this.#socket.destroyed || this.#waiting.size >= WAITING_MAX) return undefined
    do this.#sequence = (this.#sequence + 1) & 0xff
    while (this.#waiting.has(this.#sequence))
    const sequence = this.#sequence
    const answer = new Promise<DirconFrame | undefined>((resolve) =>
      this.#waiting.set(sequence, { type, head, resolve }),
    )
    this.#socket.write(encodeDirconFrame({ type, sequence, result: 0, body }))
    const frame = await inTime(this.#clock, ANSWER_MS, answer)
    this.#waiting.delete(sequence)
    return frame?.result === DIRCON_RESULT.ok ? frame.body : undefined
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
    const waiting = this.#waiting.get(frame.sequence)
    // An answer to nothing, or to something else, is nobody's.
    if (waiting === undefined || waiting.type !== frame.type) return
    if (frame.result === DIRCON_RESULT.ok && !beginsWith(frame.body, waiting.head)) return
    waiting.resolve(frame)
  }

  #watch(): void {
    this.#cancelWatch = this.#clock.after(WATCH_MS, () => {
      if (this.#clock.nowMs() - this.#lastHeardMs >= SILENCE_MS) void this.#probe()
      this.#watch()
    })
  }

  async #probe(): Promise<void> {
    if (this.#isProbing || this.services.size === 0) return
    this.#isProbing = true
    const answer = await this.#request(DIRCON_TYPE.services, new Uint8Array(0))
    this.#isProbing = false
    if (answer === undefined) this.#destroy('it has fallen silent')
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
