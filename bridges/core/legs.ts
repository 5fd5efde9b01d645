import { ControlLoop, type RoadWish } from './control-loop.ts'
import type { DeviceLink, DeviceState, LegsCommand, LegsState, Quantity, TrainerState } from './devices.ts'
import { type Reading, type Sample, Sampler, type Source } from './sample.ts'

/**
 * Everything between a rider's devices and the server, without either: devices in, samples out; the road in, resistance out.
 * The bridge and the page hold one each, so that both have one law. Needs no server. Time is an argument, on one steady clock.
 */
export interface LegsOptions {
  /** Share of the road's grade that reaches the legs, 0 … 1. */
  readonly difficulty?: number
  /** Where a resumed session goes on. */
  readonly firstSequence?: number
  /** A device said something: a sample may be due. */
  readonly onReading?: (reading: Reading, atMs: number) => void
  /** What goes on, in words. */
  readonly onWords?: (sentence: string) => void
}

/** How often `tick` is to be called, ms; oftener is fine. */
export const LEGS_TICK_MS = 50
const FRESH_MS = 3000

interface Device {
  readonly link: DeviceLink
  readonly newest: Map<Quantity, { readonly value: number; readonly atMs: number }>
  batteryPercent: number | undefined
}

export class Legs<S extends number = number> {
  readonly #options: LegsOptions
  readonly #sampler: Sampler<S>
  readonly #loop: ControlLoop
  readonly #devices = new Map<string, Device>()
  readonly #difficulty: number
  #trainer: DeviceLink | undefined

  constructor(options: LegsOptions = {}) {
    this.#options = options
    this.#difficulty = Math.min(Math.max(options.difficulty ?? 1, 0), 1)
    this.#sampler = new Sampler<S>(options.firstSequence ?? 0)
    this.#loop = new ControlLoop({ difficulty: this.#difficulty })
  }

  /** For carriers that drive a trainer themselves; a DeviceLink needs none of it. */
  get loop(): ControlLoop {
    return this.#loop
  }
  /** A trainer does what this end says. */
  get isDriving(): boolean {
    return this.#loop.state.state === 'in-control'
  }

  /** A device's link is up. The same id again takes the place of the link that was. */
  add(link: DeviceLink, nowMs: number): void {
    const before = this.#devices.get(link.id)
    const device: Device = { link, newest: new Map(), batteryPercent: before?.batteryPercent }
    if (before !== undefined) this.#gone(before)
    this.#devices.set(link.id, device)
    link.start({
      reading: (reading, atMs) => this.#read(device, reading, atMs),
      answered: (answer, atMs) => {
        if (this.#trainer !== link) return
        this.#loop.answered(answer, atMs)
        this.#drive(atMs)
      },
      controlLost: (atMs) => {
        if (this.#trainer !== link) return
        this.#loop.controlLost(atMs)
        this.#drive(atMs)
      },
      battery: (percent) => (device.batteryPercent = percent),
      calibration: () => {},
      gone: () => this.#gone(device),
    })
    if (this.#devices.get(link.id) === device && this.#trainer === undefined) this.#take(link, nowMs)
  }

  /** What no device said: keys, bars. */
  offer(reading: Reading, atMs: number): void {
    this.#sampler.offer(reading, atMs)
    this.#options.onReading?.(reading, atMs)
  }

  /** The sample that is due; call it until there is none. */
  take(nowMs: number): Sample<S> | undefined {
    return this.#sampler.take(nowMs)
  }

  /** Every LEGS_TICK_MS or oftener: writes what is due, repeats what was not answered. */
  tick(nowMs: number): void {
    this.#drive(nowMs)
  }

  /** The road under the wheels and the air on it. Newest wins. */
  road(road: RoadWish, nowMs: number): void {
    this.#loop.wish(road)
    this.#drive(nowMs)
  }

  /** What a rider asks; a sentence, if it cannot be done. */
  ask(command: LegsCommand, _nowMs: number): string | undefined {
    return `This end cannot do that yet: ${command.ask}.`
  }

  /** The ride is over: the flat, at once. */
  release(nowMs: number): void {
    this.#loop.release()
    this.#drive(nowMs)
  }
  get isReleased(): boolean {
    return this.#loop.isReleased
  }

  close(): void {
    for (const { link } of this.#devices.values()) link.close()
  }

  sourceOf(quantity: Quantity, nowMs: number): Source | undefined {
    return this.#sampler.sourceOf(quantity, nowMs)
  }

  state(nowMs: number): LegsState {
    const quantities = ['powerW', 'cadenceRpm', 'heartRateBpm'] as const
    return {
      devices: [...this.#devices.values()].map((device) => deviceState(device, nowMs)),
      sources: quantities.map((quantity) => ({ quantity, deviceId: this.#deviceOf(quantity, nowMs) })),
      trainer: this.#trainer === undefined ? undefined : this.#trainerState(),
    }
  }

  #read(device: Device, reading: Reading, atMs: number): void {
    for (const quantity of ['powerW', 'cadenceRpm', 'heartRateBpm'] as const) {
      const value = reading[quantity]
      if (value !== undefined && Number.isFinite(value)) device.newest.set(quantity, { value, atMs })
    }
    this.offer(reading, atMs)
  }

  #gone(device: Device): void {
    if (this.#devices.get(device.link.id) === device) this.#devices.delete(device.link.id)
    if (this.#trainer !== device.link) return
    this.#trainer = undefined
    this.#loop.unlinked()
  }

  #take(link: DeviceLink, nowMs: number): void {
    if (link.trainer === undefined) return
    this.#trainer = link
    this.#loop.linked(nowMs)
    this.#drive(nowMs)
  }

  #drive(nowMs: number): void {
    const trainer = this.#trainer?.trainer
    const request = trainer === undefined ? undefined : this.#loop.next(nowMs)
    if (request !== undefined) trainer!.send(request)
  }

  #deviceOf(quantity: Quantity, nowMs: number): string | undefined {
    const source = this.#sampler.sourceOf(quantity, nowMs)
    for (const { link, newest } of this.#devices.values()) {
      const held = newest.get(quantity)
      if (link.source === source && held !== undefined && nowMs - held.atMs < FRESH_MS) return link.id
    }
    return undefined
  }

  #trainerState(): TrainerState {
    const { state } = this.#loop.state
    const level = state === 'in-control' ? 'good' : state === 'unsupported' ? 'bad' : 'working'
    return { mode: 'sim', words: 'the road', level, difficulty: this.#difficulty }
  }
}

function deviceState({ link, newest, batteryPercent }: Device, nowMs: number): DeviceState {
  const fresh = (quantity: Quantity): number | undefined => {
    const held = newest.get(quantity)
    return held !== undefined && nowMs - held.atMs < FRESH_MS ? held.value : undefined
  }
  const brings = link.brings ?? []
  return {
    id: link.id,
    name: link.name,
    carrier: link.carrier,
    source: link.source,
    level: brings.length === 0 ? 'bad' : 'good',
    words: brings.length === 0 ? 'nothing of a bicycle on it' : brings.join(', '),
    isTrainer: link.trainer !== undefined,
    canCalibrate: link.trainer?.abilities.spinDown ?? false,
    batteryPercent,
    powerW: fresh('powerW'),
    cadenceRpm: fresh('cadenceRpm'),
    heartRateBpm: fresh('heartRateBpm'),
  }
}
