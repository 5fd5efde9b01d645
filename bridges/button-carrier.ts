import { connect, type Socket } from 'node:net'
import { ButtonStream } from './core/button-stream.ts'
import { OpenBikeButtons } from './core/buttons.ts'
import type { BridgeClock } from './core/clock.ts'
import type { DeviceLink, DeviceSink } from './core/devices.ts'
import type { GattCarrier } from './core/gatt.ts'
import { BUTTON_NAMES, encodeAppInformation } from './core/profiles/open-bike-control.ts'

export interface ButtonsAt {
  readonly id: string
  readonly name: string
  readonly host: string
  readonly port: number
}

export interface ButtonCarrierOptions {
  /** Asked before each try: buttons may be at another address than yesterday. undefined: nobody knows yet. */
  readonly find: () => Promise<ButtonsAt | undefined>
  readonly clock: BridgeClock
  readonly onDevice: (device: DeviceLink) => void
  readonly onState: (sentence: string) => void
}

const CONNECT_MS = 3000
const RETRY_MS = [250, 500, 1000, 2000, 5000] as const
/** Whatever a button stands for, here it can be given something to do. */
const BUTTONS_USED = Object.keys(BUTTON_NAMES).map(Number)
const WHO = encodeAppInformation({ kind: 'app', id: 'gruppetto', version: '1', buttonIds: BUTTONS_USED, hints: [] })

/** OpenBikeControl over TCP: buttons on the local network, found again when they were away. */
export class ButtonCarrier implements GattCarrier {
  readonly #options: ButtonCarrierOptions
  #socket: Socket | undefined
  #cancelRetry: (() => void) | undefined
  #tries = 0
  #isClosed = false

  constructor(options: ButtonCarrierOptions) {
    this.#options = options
  }

  start(): void {
    void this.#open()
  }

  async #open(): Promise<void> {
    const at = await this.#options.find()
    if (this.#isClosed) return
    if (at === undefined) return this.#retry('no buttons on this network yet')
    const { clock } = this.#options
    const { host, port } = at
    const socket = connect({ host, port, noDelay: true, keepAlive: true, keepAliveInitialDelay: 5000 })
    this.#socket = socket
    const giveUp = clock.after(CONNECT_MS, () => socket.destroy())
    let link: ButtonLink | undefined
    socket.on('error', () => {}) // `close` follows, and tries again.
    socket.on('connect', () => {
      giveUp()
      this.#tries = 0
      socket.write(WHO)
      link = new ButtonLink(at, socket, clock)
      this.#options.onDevice(link)
    })
    socket.on('data', (chunk) => link?.heard(chunk))
    socket.on('close', () => {
      giveUp()
      link?.gone()
      const where = `at ${host}:${port}`
      this.#retry(link === undefined ? `no buttons ${where} yet` : `the buttons ${where} are gone; looking for them`)
    })
  }

  async close(): Promise<void> {
    this.#isClosed = true
    this.#cancelRetry?.()
    const socket = this.#socket
    if (socket === undefined || socket.closed) return
    await new Promise<void>((resolve) => {
      socket.once('close', () => resolve())
      socket.destroySoon()
    })
  }

  #retry(sentence: string): void {
    if (this.#isClosed) return
    const { onState, clock } = this.#options
    const delayMs = RETRY_MS[Math.min(this.#tries, RETRY_MS.length - 1)]!
    this.#tries++
    onState(sentence)
    this.#cancelRetry = clock.after(delayMs, () => this.start())
  }
}

class ButtonLink implements DeviceLink {
  readonly id: string
  readonly name: string
  readonly carrier = 'network'
  readonly source = 'controls'
  readonly brings = ['buttons']
  readonly #socket: Socket
  readonly #clock: BridgeClock
  readonly #stream = new ButtonStream()
  readonly #buttons = new OpenBikeButtons()
  #sink: DeviceSink | undefined

  constructor({ id, name }: ButtonsAt, socket: Socket, clock: BridgeClock) {
    this.id = id
    this.name = name
    this.#socket = socket
    this.#clock = clock
  }

  start(sink: DeviceSink): void {
    this.#sink = sink
  }
  close(): void {
    this.#socket.destroy()
  }
  gone(): void {
    this.#sink?.gone()
  }

  heard(chunk: Uint8Array): void {
    const sink = this.#sink
    for (const message of this.#stream.push(new Uint8Array(chunk))) {
      if (message.type === 'status' && message.batteryPercent !== undefined) sink?.battery(message.batteryPercent)
      if (message.type !== 'buttons') continue
      for (const press of this.#buttons.take(message.states)) sink?.pressed?.(press, this.#clock.nowMs())
    }
  }
}
