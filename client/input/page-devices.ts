import { type Signal, signal } from '@preact/signals'
import type { BridgeClock } from '#bridges/core/clock'
import type { RoadWish } from '#bridges/core/control-loop'
import type { DeviceState, LegsCommand, LegsState, Quantity } from '#bridges/core/devices'
import type { GattLink } from '#bridges/core/gatt'
import { gattDevice } from '#bridges/core/gatt-rider'
import { Legs, LEGS_TICK_MS } from '#bridges/core/legs'
import type { Reading, Source } from '#bridges/core/sample'
import type { Sequence } from '#protocol/ids'
import type { InputSample } from '#protocol/input'
import type { TrainerMode } from '#protocol/rider-wish'
import { BluetoothDevices, type BluetoothSensor, type Paired, type Reconnected } from './bluetooth-devices.ts'
import type { SensorKind } from './bluetooth-services.ts'
import { lineOf } from './bluetooth-words.ts'
import { sensorWords } from '../words/sensors.ts'
import type { HandlebarButton } from './handlebar.ts'
import { LegsMemory } from './legs-memory.ts'
import type { TroubleId } from './trouble-names.ts'
import type { DeviceStorage } from './remembered-devices.ts'
import type { SimulatedTrainer } from './simulated-trainer.ts'
import { type Trouble, TroubleWatch } from './troubles.ts'

/** What a person sees of the devices of this page: pairing page, ride and menu show the same. */
export interface DevicesState extends LegsState {
  /** Why this browser cannot pair, and what to do instead; undefined: it can. */
  readonly problem?: string | undefined
  /** Paired on another day, and the browser wants a click before it lets us: `reconnect()` asks for them. */
  readonly waiting: readonly { readonly id: string; readonly name: string }[]
  /** What is wrong, the worst first. */
  readonly troubles: readonly Trouble[]
}

export interface PageDevicesOptions {
  readonly clock: BridgeClock
  readonly every: (intervalMs: number, callback: () => void) => () => void
  /** Calendar time, for the first sequence. */
  readonly wallMs: number
  /** Rider and bicycle, as they are when the page begins. */
  readonly massKg?: number | undefined
  readonly bluetooth: Bluetooth | undefined
  readonly unavailable: TroubleId | undefined
  readonly storage: DeviceStorage | undefined
  readonly isClicked: () => boolean
}

/** A ride that has the devices. */
export interface Borrower {
  readonly onPower: () => void
  readonly onButton?: ((button: HandlebarButton, device: string) => void) | undefined
  /** A button of the legs that its rider has given to something else. */
  readonly isTaken?: ((name: string, device: string) => boolean) | undefined
}

/** As often as a person sees numbers change. */
const SHOW_MS = 250

/**
 * The devices of this page, from its beginning to its end: paired once, kept over rides and pages of the app, remembered over
 * a reload. A ride borrows their samples; what it asks of the trainer goes through the law of bridges/core/legs.ts.
 */
export class PageDevices {
  readonly bluetooth: BluetoothDevices
  readonly state: Signal<DevicesState>
  readonly #options: PageDevicesOptions
  readonly #legs: Legs<Sequence>
  readonly #memory: LegsMemory
  readonly #watch = new TroubleWatch()
  /** What each device had when it was here: a tile that lost it goes on saying whose it is. */
  readonly #known = new Map<string, Pick<DeviceState, 'brings' | 'batteryPercent'>>()
  /** What became of the last chooser. */
  #refusal: TroubleId | undefined
  #simulated: SimulatedTrainer | undefined
  #rider: Borrower | undefined
  #stopBeat: (() => void) | undefined
  #shownMs = -Infinity
  /** The newest link of each device. */
  readonly #links = new Map<string, GattLink>()

  constructor(options: PageDevicesOptions) {
    this.#options = options
    this.#memory = new LegsMemory(options.storage)
    this.#legs = new Legs<Sequence>({
      difficulty: this.#memory.liked.difficulty,
      massKg: options.massKg,
      words: sensorWords.legs,
      // A resumed rider must not repeat a sequence the server has seen; the clock of this page is never the same twice.
      firstSequence: Math.floor(options.wallMs / 50) & 0xffff,
      onReading: (reading) => this.#heard(reading),
      onButton: (button, device) => this.#rider?.onButton?.(button, device),
      isTaken: (name, device) => this.#rider?.isTaken?.(name, device) ?? false,
    })
    const { bluetooth, clock, storage, isClicked } = options
    this.bluetooth = new BluetoothDevices({
      ...{ bluetooth, clock, storage, isClicked },
      onLink: (link) => void this.#add(link),
      onChange: () => this.#changed(),
    })
    this.state = signal(this.#look())
    this.#keepBeat()
  }

  /** Opens the browser's chooser: call it from a click. */
  async pair(kind: SensorKind): Promise<Paired> {
    const { unavailable: why } = this.#options
    this.#refusal = undefined
    const paired: Paired =
      why === undefined ? await this.bluetooth.pair(kind) : { ok: false, why, message: lineOf(why) }
    if (!paired.ok) this.#refusal = paired.why
    this.#changed()
    return paired
  }

  /** One click for all that were paired on another day. */
  reconnect(): Promise<Reconnected> {
    return this.bluetooth.reconnect()
  }

  /** What a rider asks of their devices; a sentence, if it cannot be done. */
  ask(command: LegsCommand): string | undefined {
    if (command.ask === 'forget') {
      this.bluetooth.forget(command.deviceId)
      this.#known.delete(command.deviceId)
    }
    const complaint = this.#legs.ask(command, this.#options.clock.nowMs())
    if (complaint === undefined || command.ask === 'forget') this.#memory.heed(command)
    this.#changed()
    return command.ask === 'forget' ? undefined : complaint
  }

  /** A trainer of sliders for who has none at hand; the result takes it away. */
  simulate(trainer: SimulatedTrainer): () => void {
    this.#simulated?.close()
    this.#simulated = trainer
    this.#legs.add(trainer, this.#options.clock.nowMs())
    // Who asked for sliders rides by them, whatever else is linked.
    this.#choose(trainer.id)
    return () => {
      if (this.#simulated !== trainer) return
      this.#simulated = undefined
      trainer.close()
      this.#choose(undefined)
      for (const id of this.#links.keys()) this.#recall(id)
    }
  }

  /** A ride borrows the legs; the result gives them back, and the road under the trainer is flat again. */
  ride(rider: Borrower): () => void {
    this.#drain(this.#options.clock.nowMs())
    this.#rider = rider
    return () => {
      // Another ride has them already.
      if (this.#rider !== rider) return
      this.#rider = undefined
      this.#legs.road({ gradeFraction: 0 }, this.#options.clock.nowMs())
    }
  }

  /** The page goes: the flat, while the browser still takes a write. */
  release(): void {
    this.#legs.release(this.#options.clock.nowMs())
  }

  /** What no device said: keys, bars. */
  offer(reading: Reading, atMs: number): void {
    this.#legs.offer(reading, atMs)
  }

  /** The sample that is due, for the ride that borrowed them. */
  take(nowMs: number): InputSample | undefined {
    this.#simulated?.tick(nowMs)
    this.#legs.tick(nowMs)
    return this.#legs.take(nowMs)
  }

  road(road: RoadWish, nowMs: number): void {
    this.#legs.road(road, nowMs)
  }

  /** What this page does with the trainer. */
  get driven(): { readonly mode: TrainerMode; readonly targetW: number } {
    const { taken } = this.#legs.loop
    if (!this.#legs.isDriving) return { mode: 'off', targetW: 0 }
    return taken !== undefined && 'targetW' in taken
      ? { mode: 'target', targetW: taken.targetW }
      : { mode: 'road', targetW: 0 }
  }

  sourceOf(quantity: Quantity, nowMs: number): Source | undefined {
    return this.#legs.sourceOf(quantity, nowMs)
  }

  async #add(link: GattLink): Promise<void> {
    this.#links.set(link.id, link)
    this.#refusal = undefined
    const device = await gattDevice(link, this.#options.clock)
    // Lost and back while it was asked: the newer link must not give way to this one.
    if (this.#links.get(link.id) !== link) return
    this.#legs.add(device, this.#options.clock.nowMs())
    this.#recall(link.id)
    this.#changed()
  }

  /** For this ride only: what the rider chose among real devices is another matter. */
  #choose(deviceId: string | undefined): void {
    const nowMs = this.#options.clock.nowMs()
    for (const quantity of ['powerW', 'cadenceRpm'] as const)
      this.#legs.ask({ ask: 'source', quantity, deviceId }, nowMs)
    this.#changed()
  }

  /** What this device was chosen for on another day; who rides by sliders goes on doing so. */
  #recall(deviceId: string): void {
    if (this.#simulated !== undefined) return
    const nowMs = this.#options.clock.nowMs()
    for (const quantity of this.#memory.chosenFor(deviceId))
      this.#legs.ask({ ask: 'source', quantity, deviceId }, nowMs) // Gone again meanwhile: then the next link asks.
  }

  #heard({ powerW }: Reading): void {
    if (powerW !== undefined) this.#rider?.onPower()
  }

  #changed(): void {
    this.#keepBeat()
    this.#show()
  }

  /** Only while there is something to drive or to show. */
  #keepBeat(): void {
    const isNeeded = this.bluetooth.sensors.length > 0 || this.#simulated !== undefined
    if (!isNeeded) {
      this.#stopBeat?.()
      this.#stopBeat = undefined
    } else this.#stopBeat ??= this.#options.every(LEGS_TICK_MS, () => this.#beat())
  }

  #beat(): void {
    const nowMs = this.#options.clock.nowMs()
    this.#legs.tick(nowMs)
    // What is said before a ride is nobody's sample.
    if (this.#rider === undefined) this.#drain(nowMs)
    if (nowMs - this.#shownMs >= SHOW_MS) this.#show()
  }

  #drain(nowMs: number): void {
    while (this.#legs.take(nowMs) !== undefined);
  }

  #show(): void {
    this.#shownMs = this.#options.clock.nowMs()
    this.state.value = this.#look()
  }

  #look(): DevicesState {
    const { clock, unavailable } = this.#options
    const nowMs = clock.nowMs()
    const state = this.#legs.state(nowMs)
    const linked = new Map(state.devices.map((device) => [device.id, device]))
    for (const { id, brings, batteryPercent } of linked.values()) this.#known.set(id, { brings, batteryPercent })
    const { sensors } = this.bluetooth
    // In the order of pairing: who is lost and back keeps the place on the screen.
    const held = sensors
      .filter(({ needsClick }) => !needsClick)
      .map((one) => linked.get(one.id) ?? { ...unlinked(one), ...this.#known.get(one.id) })
    const others = state.devices.filter(({ carrier }) => carrier !== 'bluetooth')
    const waiting = sensors.filter(({ needsClick }) => needsClick).map(({ id, name }) => ({ id, name }))
    const shown = { ...state, devices: [...held, ...others] }
    const { isOff, links } = this.bluetooth
    const environment = { unavailable, isOff, refusal: this.#refusal, links, waiting }
    const troubles = this.#watch.look(shown, environment, nowMs)
    return { ...shown, waiting, troubles, problem: unavailable && lineOf(unavailable) }
  }
}

/** Held, but without a link that gives anything. */
function unlinked({ id, name, source, level, words, isLinked }: BluetoothSensor): DeviceState {
  return {
    ...{ id, name, source, carrier: 'bluetooth', isTrainer: source === 'trainer', canCalibrate: false },
    ...(isLinked ? { level: 'working', words: sensorWords.links.asking } : { level, words }),
  }
}
