import { connect, type Socket } from 'node:net'
import type { BridgeClock } from '../core/clock.ts'
import type { GattCarrier, GattCarrierEvents } from '../core/gatt.ts'
import { DirconLink } from './link.ts'

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
