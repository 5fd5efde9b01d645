import type { AntPage, AntSender } from '../core/ant-page.ts'
import type { BridgeClock } from '../core/clock.ts'
import type { DeviceLink, TrainerAbilities } from '../core/devices.ts'
import { encodeControls } from '../core/pages/controls.ts'
import { remoteSerialOf } from './buttons.ts'
import type { AntChannel, ChannelEvents } from './channel.ts'
import { AntDevice } from './device.ts'
import { ANT_KINDS, type AntKind, antId, readAntId } from './kinds.ts'

export interface SlotOptions {
  readonly clock: BridgeClock
  readonly devices?: readonly string[] | undefined
  readonly kinds?: readonly number[] | undefined
  readonly ourNumber: number
  readonly riderMassKg?: number | undefined
  readonly bikeMassKg?: number | undefined
}

export interface SlotEvents {
  onDevice(device: DeviceLink): void
  onState(sentence: string): void
  onFound(slot: Slot): void
}

const BIKE_MASS_KG = 9
const TRANSMITTED = 3
/** Between pages of what we are, one of who made us and one of which one we are (as the profile asks, every 65th). */
const BACKGROUND_EVERY = 65
/** More handlebars than one rider has; whoever sits near may send any number. */
const REMOTES_MAX = 8
/** 255 stands for nobody in particular. */
const NOBODY = 255
const OUR_PAGE = encodeControls({ page: 2, takesGeneric: 1, takesKeys: 1 })
const OUR_BACKGROUND = [
  encodeControls({ page: 80, hardware: 1, manufacturer: NOBODY, model: 1 }),
  encodeControls({ page: 81, software: 1 }),
]

/** One for each kind, or for each device of a kind that was named. */
export function slotsFor(options: SlotOptions, events: SlotEvents): readonly Slot[] {
  const named = (options.devices ?? []).flatMap((text) => readAntId(text) ?? [])
  return ANT_KINDS.filter(({ type }) => options.kinds?.includes(type) ?? true).flatMap((kind) => {
    if (kind.isOurs === true) return [new Slot(kind, options.ourNumber, options, events)]
    const numbers = new Set(named.filter(({ type }) => type === kind.type).map(({ number }) => number))
    if (numbers.size === 0) return [new Slot(kind, undefined, options, events)]
    return [...numbers].map((number) => new Slot(kind, number, options, events))
  })
}

/** What is looked for, on whichever channel of whichever stick: a kind, the number once it is known, the device while it is heard. */
export class Slot {
  readonly kind: AntKind
  readonly #options: SlotOptions
  readonly #events: SlotEvents
  #number: number | undefined
  #channel: AntChannel | undefined
  #device: AntDevice | undefined
  /** What the device said it can, for when it comes back. */
  #abilities: TrainerAbilities | undefined
  /** Remotes come to us, any number of them. */
  readonly #remotes = new Map<number, AntDevice>()
  /** By number: forgotten, told to go, or the trainer under another name. Not brought again. */
  readonly #unwanted = new Map<number, AntSender>()
  readonly #isNamed: boolean
  #isOff = false
  #transmissionType = 0
  #transmitted = 0

  constructor(kind: AntKind, number: number | undefined, options: SlotOptions, events: SlotEvents) {
    this.kind = kind
    this.#number = number
    this.#isNamed = number !== undefined
    this.#options = options
    this.#events = events
  }

  get number(): number | undefined {
    return this.#number
  }
  get id(): string | undefined {
    return this.#number === undefined ? undefined : antId(this.kind.type, this.#number)
  }
  get channel(): AntChannel | undefined {
    return this.#channel
  }

  /** A channel is free for it. */
  take(make: (events: ChannelEvents) => AntChannel): void {
    this.#channel = make({
      onFound: (number, transmissionType) => this.#found(number, transmissionType),
      onPage: (page, atMs) => this.#page(page, atMs),
      onLost: () => this.#lost(),
      onTransfer: (result) => this.#device?.takeTransfer(result),
      onState: (sentence) => this.#events.onState(sentence),
    })
    this.#channel.open()
  }

  /** Its stick is gone: another may take it. */
  drop(): void {
    const channel = this.#channel
    this.#channel = undefined
    channel?.drop()
    this.#gone()
    for (const remote of this.#remotes.values()) remote.gone()
    this.#remotes.clear()
  }

  /** Devices of this kind that the search passes by. */
  get unwanted(): readonly AntSender[] {
    return [...this.#unwanted.values()]
  }

  /** Nobody is looked for any more. */
  get isOff(): boolean {
    return this.#isOff
  }

  /** The rider does not want this device. If it was named nobody comes instead, else any other may. */
  forget(): void {
    this.#abilities = undefined
    if (!this.#isNamed) return this.#passBy()
    this.#isOff = true
    this.#gone()
    this.#channel?.close()
  }

  release(done: (isFree: boolean) => void): void {
    if (this.#device === undefined) done(true)
    else this.#device.release(done)
  }

  takePage(page: AntPage, atMs: number): void {
    this.#channel?.takePage(page, atMs)
  }

  takeEvent(code: number): void {
    if (code === TRANSMITTED && this.kind.isOurs === true) this.#transmit()
    this.#channel?.takeEvent(code)
  }

  #found(number: number, transmissionType: number): void {
    this.#number = number
    this.#transmissionType = transmissionType
    this.#events.onFound(this)
    // Passed by just now; or found again by a stick that cannot pass it by, and then the channel stays with it.
    if (this.#unwanted.has(number)) return
    const device = this.#make(number)
    this.#device = device
    this.#events.onState(`ANT+: ${this.kind.name} ${number}`)
    device.ask(() => {
      if (this.#device === device) this.#events.onDevice(device)
    })
  }

  /** Many trainers say the same watts again as a power meter of the same number; the trainer's own are enough. */
  passByTrainer(trainerNumber: number): void {
    if (this.#number !== trainerNumber || this.#unwanted.has(trainerNumber)) return
    this.#events.onState(`ANT+: power meter ${trainerNumber} is the trainer itself`)
    this.#passBy()
  }

  /** Away from the device of now. Who was named is not replaced by whoever is near. */
  #passBy(): void {
    const number = this.#number
    this.#gone()
    if (number === undefined || this.#unwanted.has(number)) return
    const transmissionType = this.#transmissionType
    this.#unwanted.set(number, { deviceNumber: number, deviceType: this.kind.type, transmissionType })
    if (this.#isNamed) return
    this.#number = undefined
    this.#channel?.want(undefined)
  }

  #page(page: Uint8Array, atMs: number): void {
    if (this.kind.isOurs === true) this.#remote(page)?.takePage(page, atMs)
    else this.#device?.takePage(page, atMs)
  }

  #lost(): void {
    if (this.#device !== undefined)
      this.#events.onState(`ANT+: ${this.kind.name} ${this.#number} is out of reach; searching for it`)
    this.#gone()
  }

  #gone(): void {
    this.#abilities = this.#device?.abilities ?? this.#abilities
    this.#device?.gone()
    this.#device = undefined
  }

  /** Who pressed a button; a remote that was not known yet becomes a device with it. */
  #remote(page: Uint8Array): AntDevice | undefined {
    const serial = remoteSerialOf(page)
    if (serial === undefined) return undefined
    const known = this.#remotes.get(serial)
    if (known !== undefined || this.#remotes.size >= REMOTES_MAX) return known
    const remote = this.#make(serial)
    this.#remotes.set(serial, remote)
    this.#events.onState(`ANT+: ${this.kind.name} ${serial}`)
    this.#events.onDevice(remote)
    return remote
  }

  /** What is heard of us between presses. */
  #transmit(): void {
    const turn = this.#transmitted++
    const background = OUR_BACKGROUND[Math.floor(turn / BACKGROUND_EVERY) % OUR_BACKGROUND.length]!
    this.#channel?.send(turn % BACKGROUND_EVERY === BACKGROUND_EVERY - 1 ? background : OUR_PAGE)
  }

  #make(number: number): AntDevice {
    const { clock, riderMassKg, bikeMassKg = BIKE_MASS_KG } = this.#options
    const device: AntDevice = new AntDevice({
      ...{ kind: this.kind, number, clock, riderMassKg, bikeMassKg, abilities: this.#abilities },
      transmit: (page) => this.#channel?.send(page),
      onClose: () => {
        device.release(() => {
          if (this.#device === device) this.forget()
        })
      },
    })
    return device
  }
}
