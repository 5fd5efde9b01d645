import type { BridgeClock } from '#bridges/core/clock'
import { GATT, type GattLink } from '#bridges/core/gatt'
import type { Source } from '#bridges/core/sample'
import { choiceByName, choiceOf, type SensorKind } from './bluetooth-services.ts'
import { type SensorState, lineOf, notChosenOf, WORDS_OFF, wordsOf } from './bluetooth-words.ts'
import { KeptDevice, type KeptState } from './kept-device.ts'
import type { TroubleId } from './trouble-names.ts'
import { type DeviceStorage, type RememberedDevice, RememberedDevices } from './remembered-devices.ts'
import { sensorWords } from '../words/sensors.ts'

/** A sensor as this browser knows it: held now, or paired on another day. */
export interface BluetoothSensor extends SensorState {
  readonly id: string
  readonly name: string
  /** By what it had when it was linked last. */
  readonly source: Source
  readonly isLinked: boolean
  /** Paired earlier, and the browser wants a click before it may be used again. */
  readonly needsClick: boolean
}

export type Paired =
  | { readonly ok: true; readonly id: string }
  | { readonly ok: false; readonly why: TroubleId; readonly message: string }

/** What came of asking for all devices of last time. */
export type Reconnected =
  | { readonly state: 'done' }
  /** The browser opens one chooser a click, and this is the next device's. */
  | { readonly state: 'click'; readonly name: string; readonly left: number }

export interface BluetoothDevicesOptions {
  readonly bluetooth: Bluetooth | undefined
  readonly clock: BridgeClock
  readonly storage: DeviceStorage | undefined
  /** The rider has clicked a moment ago: the browser would open a chooser. */
  readonly isClicked: () => boolean
  readonly onLink: (link: GattLink) => void
  readonly onChange: () => void
}

/** The Bluetooth devices of this page: chosen once, kept while the page is there, remembered for the next time. */
export class BluetoothDevices {
  readonly #options: BluetoothDevicesOptions
  readonly #memory: RememberedDevices
  readonly #kept = new Map<string, KeptDevice>()
  #isOff = false

  constructor(options: BluetoothDevicesOptions) {
    this.#options = options
    this.#memory = new RememberedDevices(options.storage)
    options.bluetooth?.addEventListener('availabilitychanged', (event) => this.#switched(event))
  }

  /** The radio is switched off. */
  get isOff(): boolean {
    return this.#isOff
  }

  /** How the link of each device that is held stands. */
  get links(): ReadonlyMap<string, KeptState> {
    return new Map([...this.#kept.values()].map(({ id, state }) => [id, state]))
  }

  /** Held ones first, then those that wait for a click. */
  get sensors(): readonly BluetoothSensor[] {
    const nowMs = this.#options.clock.nowMs()
    const held = [...this.#kept.values()].map(({ id, name, state }): BluetoothSensor => {
      const isLinked = state.state === 'linked'
      const words =
        this.#isOff && !isLinked ? ({ level: 'bad', words: WORDS_OFF } as const) : wordsOf(state, { name, nowMs })
      return { id, name, source: this.#sourceOf(id), isLinked, needsClick: false, ...words }
    })
    const waiting = this.#missing().map(({ id, name }): BluetoothSensor => {
      const words = sensorWords.links.pairedEarlier(name)
      const source = this.#sourceOf(id)
      return { id, name, source, isLinked: false, needsClick: true, level: 'working', words }
    })
    return [...held, ...waiting]
  }

  /** Opens the browser's chooser: call it from a click. The device is kept from then on. */
  async pair(kind: SensorKind): Promise<Paired> {
    return await this.#choose(choiceOf(kind))
  }

  /** When the page begins: what the browser lets us use again without a click is connected. */
  async resume(): Promise<void> {
    const { bluetooth } = this.#options
    if (bluetooth === undefined || this.#memory.all.length === 0) return
    void this.#lookForSwitch(bluetooth)
    // Behind a flag in most browsers; without it a click is needed.
    if (typeof bluetooth.getDevices !== 'function') return
    const devices = await bluetooth.getDevices().catch(() => [])
    for (const known of this.#memory.all) {
      const device = devices.find(({ id }) => id === known.browserId)
      if (device !== undefined) this.#keep(device, known)
    }
  }

  /** One click for all: choosers in sequence, only for devices that the browser does not let us use yet. */
  async reconnect(): Promise<Reconnected> {
    const { isClicked } = this.#options
    const missing = this.#missing()
    for (const [i, { name }] of missing.entries()) {
      // A click serves a few seconds; a chooser refused for want of one would read like a fault.
      if (!isClicked()) return { state: 'click', name, left: missing.length - i }
      await this.#choose(choiceByName(name)) // Not chosen: it stays among those that wait.
    }
    return { state: 'done' }
  }

  /** Let go, and not looked for any more. */
  forget(id: string): void {
    const kept = this.#kept.get(id)
    this.#kept.delete(id)
    this.#memory.forget(id)
    kept?.close()
    // Newer browsers take the permission back, too.
    if (typeof kept?.device.forget === 'function') kept.device.forget().catch(() => {})
    this.#options.onChange()
  }

  /** The rider is impatient: every device that is looked for is tried now. */
  retryNow(): void {
    for (const kept of this.#kept.values()) kept.retryNow()
  }

  close(): void {
    for (const kept of this.#kept.values()) kept.close()
    this.#kept.clear()
  }

  async #choose(choice: RequestDeviceOptions): Promise<Paired> {
    try {
      const device = await this.#options.bluetooth!.requestDevice(choice)
      const known = this.#knownAs(device)
      this.#keep(device, known)
      return { ok: true, id: known.id }
    } catch (error) {
      const why = notChosenOf(error)
      return { ok: false, why, message: lineOf(why) }
    }
  }

  /** The same device under another number of the browser: as it is called, if no other one of that name is held. */
  #knownAs(device: BluetoothDevice): RememberedDevice {
    const name = device.name ?? ''
    const byBrowser = this.#memory.all.find(({ browserId }) => browserId === device.id)
    const byName = this.#missing().find((known) => known.name === name)
    const known = byBrowser ?? byName
    return known === undefined
      ? { id: `ble:${device.id}`, browserId: device.id, name, services: [] }
      : { ...known, browserId: device.id }
  }

  #keep(device: BluetoothDevice, known: RememberedDevice): void {
    const before = this.#kept.get(known.id)
    // Chosen again while it is looked for: the same object, and a click that says "now".
    if (before?.device === device) return before.retryNow()
    before?.close()
    const kept = new KeptDevice({
      id: known.id,
      name: known.name,
      device,
      clock: this.#options.clock,
      hooks: {
        onLink: (link) => {
          this.#memory.remember({ ...known, name: kept.name, services: [...link.services.keys()] })
          this.#options.onLink(link)
          this.#options.onChange()
        },
        onState: (state) => this.#changed(known.id, kept, state),
      },
    })
    this.#kept.set(known.id, kept)
    kept.open()
  }

  #changed(id: string, kept: KeptDevice, state: KeptState): void {
    if (this.#kept.get(id) === kept && state.state !== 'closed') this.#options.onChange()
  }

  #sourceOf(id: string): Source {
    const services = this.#memory.find(id)?.services ?? []
    if (services.includes(GATT.buttons)) return 'controls'
    const isTrainer = services.length === 0 || services.includes(GATT.fitnessMachine) || services.includes(GATT.fec)
    if (isTrainer) return 'trainer'
    if (services.includes(GATT.cyclingPower)) return 'power-meter'
    return services.includes(GATT.speedCadence) ? 'cadence-sensor' : 'strap'
  }

  #missing(): readonly RememberedDevice[] {
    return this.#memory.all.filter(({ id }) => !this.#kept.has(id))
  }

  async #lookForSwitch(bluetooth: Bluetooth): Promise<void> {
    if (typeof bluetooth.getAvailability !== 'function') return
    const isOn = await bluetooth.getAvailability().catch(() => true) // Not said: the first try says it.
    this.#isOff = !isOn
    this.#options.onChange()
  }

  #switched(event: Event): void {
    this.#isOff = (event as Event & { readonly value?: boolean }).value === false
    if (!this.#isOff) this.retryNow()
    this.#options.onChange()
  }
}
