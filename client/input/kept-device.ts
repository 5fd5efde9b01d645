import { type BridgeClock, inTime } from '#bridges/core/clock'
import { discover, type WebGattLink } from './web-gatt.ts'
import { sensorWords } from '../words/sensors.ts'

/**
 * One Bluetooth device of the browser, kept: connected with patience but not without end, and connected again when it is
 * lost. A plain `gatt.connect()` was seen to hang for a minute on real radios, so each step has its budget, a half-open link
 * is closed before the next try, and where the browser can watch for advertisements it is woken by the first one.
 */
export type KeptState =
  | { readonly state: 'connecting'; readonly attempt: number }
  | { readonly state: 'linked' }
  /** Since when, on the page's clock. */
  | { readonly state: 'lost'; readonly sinceMs: number; readonly attempt: number }
  | { readonly state: 'closed' }

export interface KeptHooks {
  /** The link is up and its services are known. */
  onLink(link: WebGattLink): void
  onState(state: KeptState): void
}

const CONNECT_MS = 10_000
/** A device that advertises while we wait for it this long is one we wait for in vain: begin again. */
const STALE_CONNECT_MS = 2000
/** How long after a try that failed the next one begins, by how long the device has been looked for. The first is immediate. */
const PACES = [
  { untilMs: 30_000, pauseMs: 100 },
  { untilMs: 300_000, pauseMs: 1000 },
  { untilMs: Infinity, pauseMs: 5000 },
] as const

export class KeptDevice {
  /** As the app knows it on every day; the browser's own id may change. */
  readonly id: string
  readonly device: BluetoothDevice
  readonly #name: string
  readonly #clock: BridgeClock
  readonly #hooks: KeptHooks
  #state: KeptState = { state: 'closed' }
  #link: WebGattLink | undefined
  #isKeeping = false
  /** Ends the pause or the step that is under way. */
  #wake: (() => void) | undefined
  #connectingSinceMs: number | undefined
  #watch: AbortController | undefined

  constructor(options: {
    readonly id: string
    /** As it was called on another day; '' where there was none. */
    readonly name: string
    readonly device: BluetoothDevice
    readonly clock: BridgeClock
    readonly hooks: KeptHooks
  }) {
    this.id = options.id
    this.#name = options.name
    this.device = options.device
    this.#clock = options.clock
    this.#hooks = options.hooks
  }

  get state(): KeptState {
    return this.#state
  }

  get name(): string {
    // Browsers that give a device back without a chooser may not know its name until it is seen.
    return this.device.name || this.#name || sensorWords.links.nameless
  }

  /** From now on it is kept. */
  open(): void {
    if (this.#state.state !== 'closed') return
    this.device.addEventListener('gattserverdisconnected', this.#onDisconnected)
    this.device.addEventListener('advertisementreceived', this.#onAdvertisement)
    this.#be({ state: 'connecting', attempt: 1 })
    void this.#keep()
  }

  close(): void {
    if (this.#state.state === 'closed') return
    this.device.removeEventListener('gattserverdisconnected', this.#onDisconnected)
    this.device.removeEventListener('advertisementreceived', this.#onAdvertisement)
    this.#be({ state: 'closed' })
    this.#wake?.()
    this.#stopWatching()
    this.device.gatt?.disconnect()
    this.#dropLink()
  }

  /** Something changed: Bluetooth was switched on, the rider asks. The next try is now. */
  retryNow(): void {
    if (this.#state.state === 'connecting' || this.#state.state === 'lost') this.#wake?.()
  }

  readonly #onDisconnected = (): void => {
    // While a link is being made, the step under way fails by itself.
    if (this.#state.state !== 'linked') return
    this.#be({ state: 'lost', sinceMs: this.#clock.nowMs(), attempt: 0 })
    this.#dropLink()
    void this.#keep()
  }

  readonly #onAdvertisement = (): void => {
    const sinceMs = this.#connectingSinceMs
    if (sinceMs === undefined || this.#clock.nowMs() - sinceMs > STALE_CONNECT_MS) this.retryNow()
  }

  async #keep(): Promise<void> {
    if (this.#isKeeping) return
    this.#isKeeping = true
    const sinceMs = this.#clock.nowMs()
    for (let attempt = 1; this.#isWanted(); attempt++) {
      if (attempt > 1) {
        this.#startWatching()
        await this.#pause(sinceMs)
        if (!this.#isWanted()) break
        this.#be(this.#state.state === 'lost' ? { ...this.#state, attempt } : { state: 'connecting', attempt })
      }
      const link = await this.#tryOnce()
      if (link === undefined) continue
      this.#stopWatching()
      this.#link = link
      this.#isKeeping = false
      this.#be({ state: 'linked' })
      this.#hooks.onLink(link)
      return
    }
    this.#isKeeping = false
  }

  async #tryOnce(): Promise<WebGattLink | undefined> {
    const { gatt } = this.device
    if (gatt === undefined) return undefined
    const isConnected = await this.#connect(gatt)
    const link = isConnected && this.#isWanted() ? await discover(gatt, this, this.#clock) : undefined
    if (link !== undefined && gatt.connected && this.#isWanted()) return link
    // A half-open link would answer nothing and block the next try.
    gatt.disconnect()
    return undefined
  }

  async #connect(gatt: BluetoothRemoteGATTServer): Promise<boolean> {
    const woken = Promise.withResolvers<boolean>()
    this.#wake = () => woken.resolve(false)
    this.#connectingSinceMs = this.#clock.nowMs()
    const connected = gatt.connect().then(
      () => {
        // Too late: nobody wants it any more, and a link that nobody holds keeps every other app out.
        if (!this.#isWanted()) gatt.disconnect()
        return true
      },
      () => false, // Out of range, asleep, or held by another program: it is tried again, and the rider reads so.
    )
    const isConnected = await inTime(this.#clock, CONNECT_MS, Promise.race([connected, woken.promise]))
    this.#connectingSinceMs = undefined
    this.#wake = undefined
    return isConnected === true
  }

  async #pause(sinceMs: number): Promise<void> {
    const lookedForMs = this.#clock.nowMs() - sinceMs
    const { pauseMs } = PACES.find(({ untilMs }) => lookedForMs < untilMs)!
    await new Promise<void>((resolve) => {
      const cancel = this.#clock.after(pauseMs, resolve)
      this.#wake = () => {
        cancel()
        resolve()
      }
    })
    this.#wake = undefined
  }

  /** Where the browser has it: an advertisement ends the waiting. */
  #startWatching(): void {
    if (this.#watch !== undefined || typeof this.device.watchAdvertisements !== 'function') return
    const watch = new AbortController()
    this.#watch = watch
    // Refused (a switched-off radio, a system without it): the tries go on by the clock.
    this.device.watchAdvertisements({ signal: watch.signal }).catch(() => {})
  }

  #stopWatching(): void {
    this.#watch?.abort()
    this.#watch = undefined
  }

  #isWanted(): boolean {
    return this.#state.state !== 'closed'
  }

  #dropLink(): void {
    const link = this.#link
    this.#link = undefined
    link?.gone()
  }

  #be(state: KeptState): void {
    this.#state = state
    this.#hooks.onState(state)
  }
}
