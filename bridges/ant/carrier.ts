import type { AntPage } from '../core/ant-page.ts'
import type { BridgeClock } from '../core/clock.ts'
import type { DeviceLink } from '../core/devices.ts'
import type { GattCarrier } from '../core/gatt.ts'
import { BICYCLE_POWER_TYPE } from '../core/pages/bicycle-power.ts'
import { FITNESS_EQUIPMENT_TYPE } from '../core/pages/fitness-equipment.ts'
import { AntChannel } from './channel.ts'
import { stickFault } from './faults.ts'
import { AntSerial, type StickAbilities } from './serial.ts'
import { Slot, slotsFor } from './slots.ts'
import { type AntStick, openStick } from './stick.ts'
import { antDevices, type AntDriver, placeOf, productOf, type UsbDevice } from './usb.ts'

export interface AntCarrierOptions {
  readonly clock: BridgeClock
  readonly driver: AntDriver
  readonly networkKey: Uint8Array
  /** A device was found. After it was lost and found again it comes as a new link with the same id. */
  readonly onDevice: (device: DeviceLink) => void
  readonly onState: (sentence: string) => void
  /** Named or remembered, as `readAntId` reads them: these and no others of their kind. Other kinds: the first heard. */
  readonly devices?: readonly string[] | undefined
  /** Only these kinds; all, if not said. */
  readonly kinds?: readonly number[] | undefined
  /** Only this stick: its place (`1-2.3`) or product (`1009`). */
  readonly stick?: string | undefined
  /** Under which number remotes find us. */
  readonly ourNumber: number
  /** Stands between a stick and us: the recorder. */
  readonly wrapStick?: ((stick: AntStick) => AntStick) | undefined
  readonly riderMassKg?: number | undefined
  readonly bikeMassKg?: number | undefined
}

interface Host {
  readonly device: UsbDevice
  readonly stick: AntStick
  readonly serial: AntSerial
  abilities: StickAbilities | undefined
  /** It has found somebody by the search it uses. */
  hasFound: boolean
  cancelDoubt: (() => void) | undefined
  /** By number of the channel. */
  readonly slots: Map<number, Slot>
}

/** Sticks are looked for so often: pulled out and plugged in again, one is found within it. */
const LOOK_MS = 1000
/** A trainer that does not confirm the flat is not waited for. */
const RELEASE_MS = 1900
const CHANNELS_MAX = 8
/** A stick that has found nobody quietly for so long searches the usual way for so long, in turns. */
const QUIET_MS = 20_000
const LOUD_MS = 6000

/**
 * All ANT+ sticks of this machine and what they find. Each kind of device gets a channel, most wanted first; when a stick
 * has no more, the next stick takes the rest. What was found once is looked for by its number ever after, on whichever
 * stick: a neighbour's strap is never taken.
 */
export class AntCarrier implements GattCarrier {
  readonly #options: AntCarrierOptions
  readonly #hosts = new Set<Host>()
  /** Sticks that are being closed: not to be opened before they are. */
  readonly #closing = new Set<UsbDevice>()
  readonly #slots: readonly Slot[]
  readonly #complaints = new Map<string, string>()
  #cancelLook: (() => void) | undefined
  #state: 'idle' | 'running' | 'closing' = 'idle'

  constructor(options: AntCarrierOptions) {
    this.#options = options
    this.#slots = slotsFor(options, {
      onDevice: (device) => options.onDevice(device),
      onState: (sentence) => options.onState(sentence),
      onFound: (slot) => this.#found(slot),
    })
  }

  /** How sticks and channels stand, for those who look into it. */
  get sticks(): readonly { readonly place: string; readonly channels: readonly (readonly [string, string])[] }[] {
    return [...this.#hosts].map(({ stick, slots }) => ({
      place: stick.place,
      channels: [...slots.values()].map(({ kind, channel }) => [kind.name, channel?.state ?? 'off'] as const),
    }))
  }

  start(): void {
    if (this.#state !== 'idle') return
    this.#state = 'running'
    this.#look()
  }

  /** Lets a device go, and does not look for it any more. */
  forget(id: string): void {
    for (const slot of this.#slots) if (slot.id === id) slot.forget()
  }

  /** The trainer is set to the flat, channels and sticks are closed. */
  async close(): Promise<void> {
    this.#state = 'closing'
    this.#cancelLook?.()
    await Promise.all(this.#slots.map((slot) => this.#released(slot)))
    const hosts = [...this.#hosts]
    this.#hosts.clear()
    for (const slot of this.#slots) slot.drop()
    await Promise.all(
      hosts.map(({ serial, stick }) => {
        // Closes all its channels, and makes it forget the key.
        serial.reset()
        serial.close()
        return stick.close()
      }),
    )
  }

  #released(slot: Slot): Promise<void> {
    return new Promise((resolve) => {
      const cancel = this.#options.clock.after(RELEASE_MS, resolve)
      slot.release(() => {
        cancel()
        resolve()
      })
    })
  }

  #look(): void {
    const { clock, driver, stick: named } = this.#options
    const devices = antDevices(driver.bus)
    const taken = new Set([...this.#hosts].map(({ device }) => device))
    for (const device of devices) {
      const isWanted = named === undefined || named === placeOf(device) || named === productOf(device)
      if (isWanted && !taken.has(device) && !this.#closing.has(device))
        this.#open(
          device,
          devices.filter((other) => other !== device),
        )
    }
    if (devices.length === 0) this.#complain('', 'ANT+: no stick is plugged in; waiting for one')
    else this.#complaints.delete('')
    this.#cancelLook = clock.after(LOOK_MS, () => this.#look())
  }

  #open(device: UsbDevice, others: readonly UsbDevice[]): void {
    const { driver, networkKey, clock } = this.#options
    const place = placeOf(device)
    const opened = openStick(driver, device, others)
    if (!opened.ok) {
      const { words, remedy } = stickFault(opened.trouble, `A stick is there (at ${place})`, process.platform)
      this.#complain(place, `ANT+: ${words} ${remedy}`)
      return
    }
    this.#complaints.delete(place)
    const stick = this.#options.wrapStick?.(opened.stick) ?? opened.stick
    const serial = new AntSerial({
      ...{ stick, networkKey, clock },
      events: {
        onReady: (abilities) => this.#ready(host, abilities),
        onReset: () => this.#empty(host),
        onDeaf: () => {
          this.#complain(place, 'ANT+: the stick does not answer; opening it again')
          this.#lose(host)
          this.#closing.add(device)
          void stick.close().then(() => this.#closing.delete(device))
        },
        onPage: (page, atMs) => this.#route(host, page)?.takePage(page, atMs),
        onEvent: (channel, code) => host.slots.get(channel)?.takeEvent(code),
        onTransferRefused: (channel, code) => host.slots.get(channel)?.channel?.takeRefusal(code),
        onChannelId: (channel, number, transmissionType) =>
          host.slots.get(channel)?.channel?.takeChannelId(number, transmissionType),
      },
    })
    const host: Host = {
      device,
      stick,
      serial,
      abilities: undefined,
      hasFound: false,
      cancelDoubt: undefined,
      slots: new Map(),
    }
    this.#hosts.add(host)
    stick.onGone = () => {
      this.#options.onState('ANT+: the stick was pulled out; plug it in again')
      this.#lose(host)
    }
  }

  #ready(host: Host, abilities: StickAbilities): void {
    host.abilities = abilities
    host.hasFound = false
    if (abilities.hasQuietSearch) host.cancelDoubt = this.#options.clock.after(QUIET_MS, () => this.#doubt(host))
    const { place } = host.stick
    this.#options.onState(`ANT+: the stick at ${place} is ready, ${abilities.channels} channels`)
    this.#share()
  }

  /**
   * Not every chip that knows the quiet search may find by it, and while nobody is tracked the usual one disturbs nobody: in
   * turns, until somebody is found. That turn's search is the one that stays.
   */
  #doubt(host: Host): void {
    if (host.hasFound || host.abilities === undefined) return
    const hasQuietSearch = !host.abilities.hasQuietSearch
    host.abilities = { ...host.abilities, hasQuietSearch }
    for (const slot of host.slots.values()) slot.channel?.searchAnew()
    host.cancelDoubt = this.#options.clock.after(hasQuietSearch ? QUIET_MS : LOUD_MS, () => this.#doubt(host))
  }

  /** Gives every kind without a channel one, on the first stick that has one left. */
  #share(): void {
    if (this.#state !== 'running') return
    for (const slot of this.#slots) {
      if (slot.channel !== undefined || slot.isOff) continue
      const host = [...this.#hosts].find((one) => freeChannel(one) !== undefined)
      if (host === undefined) return
      const channel = freeChannel(host)!
      host.slots.set(channel, slot)
      const { clock } = this.#options
      slot.take(
        (events) =>
          new AntChannel({
            serial: host.serial,
            channel,
            kind: slot.kind,
            abilities: () => host.abilities ?? NOTHING_MORE,
            unwanted: () => slot.unwanted,
            number: slot.number,
            clock,
            events,
          }),
      )
    }
  }

  /** Whose page it is: the channel says, unless the sender is of another kind (a recording of a stick that scanned). */
  #route(host: Host, { channel, sender }: AntPage): Slot | undefined {
    const slot = host.slots.get(channel)
    if (sender === undefined || slot?.kind.isOurs === true || slot?.kind.type === sender.deviceType) return slot
    return [...host.slots.values()].find(({ kind }) => kind.type === sender.deviceType)
  }

  #found(found: Slot): void {
    for (const host of this.#hosts) if ([...host.slots.values()].includes(found)) host.hasFound = true
    this.#passByTrainer()
  }

  /** A trainer that was found, or its likeness as a power meter: the trainer is enough. */
  #passByTrainer(): void {
    const of = (type: number) => this.#slots.filter(({ kind }) => kind.type === type)
    for (const { number } of of(FITNESS_EQUIPMENT_TYPE))
      if (number !== undefined) for (const slot of of(BICYCLE_POWER_TYPE)) slot.passByTrainer(number)
  }

  #empty(host: Host): void {
    host.abilities = undefined
    host.cancelDoubt?.()
    for (const slot of host.slots.values()) slot.drop()
    host.slots.clear()
  }

  #lose(host: Host): void {
    host.serial.close()
    this.#hosts.delete(host)
    this.#empty(host)
    this.#share()
  }

  #complain(about: string, sentence: string): void {
    if (this.#complaints.get(about) === sentence) return
    this.#complaints.set(about, sentence)
    this.#options.onState(sentence)
  }
}

const NOTHING_MORE = { hasQuietSearch: false, hasSearchList: false } as const

function freeChannel({ abilities, slots }: Host): number | undefined {
  const count = Math.min(abilities?.channels ?? 0, CHANNELS_MAX)
  for (let channel = 0; channel < count; channel++) if (!slots.has(channel)) return channel
  return undefined
}
