import { commandOf } from './buttons.ts'
import type { ControlLoop } from './control-loop.ts'
import type { ButtonName } from './profiles/open-bike-control.ts'
import type { CalibrationState, DeviceLink, DeviceState, LegsCommand, LegsState, Press, Quantity } from './devices.ts'
import { GEAR_FIRST } from './gears.ts'
import { LEGS_WORDS, type LegsWords } from './legs-words.ts'
import { controlCode, type ControlRequest } from './profiles/control-point.ts'
import type { RoadSample, RoadTold } from './road-ahead.ts'
import { type Reading, type Sample, Sampler, type Source, type SourceChange } from './sample.ts'
import { SPIN_DOWN_IGNORE, SPIN_DOWN_START, SpinDown } from './spin-down.ts'
import { TrainerDriver } from './trainer-driver.ts'
import type { Workout, WorkoutNow } from './workout.ts'

/**
 * Everything between a rider's devices and the server, without either: devices in, samples out; the road in, resistance out.
 * The bridge and the page hold one each, so that both have one law. Needs no server. Time is an argument, on one steady clock.
 */
export interface LegsOptions {
  /** Share of the road's grade that reaches the legs, 0 … 1. */
  readonly difficulty?: number
  /** Rider and bicycle. */
  readonly massKg?: number | undefined
  /** Where a resumed session goes on. */
  readonly firstSequence?: number
  /** A device said something: a sample may be due. */
  readonly onReading?: (reading: Reading, atMs: number) => void
  /** A button of the page's: cameras, bars. */
  readonly onButton?: (button: Extract<Press, { readonly press: 'button' }>, deviceId: string) => void
  /** True: its rider has given this button of the legs to something else, which `onButton` hears of. */
  readonly isTaken?: (name: ButtonName, deviceId: string) => boolean
  /** Another device gives a quantity than before. */
  readonly onSource?: (change: SourceChange) => void
  /** The trainer that is held now: whoever lets it go when this end cannot must know it. */
  readonly onTrainer?: (trainer: DeviceLink | undefined) => void
  /** In the language of whoever reads them; without, in English. */
  readonly words?: LegsWords
  /** What goes on, in words. */
  readonly onWords?: (sentence: string) => void
}

/** How often `tick` is to be called, ms; oftener is fine. */
export const LEGS_TICK_MS = 50

interface Device {
  readonly link: DeviceLink
  batteryPercent: number | undefined
}

export class Legs<S extends number = number> {
  readonly #options: LegsOptions
  readonly #words: LegsWords
  readonly #sampler: Sampler<S>
  readonly #driver: TrainerDriver
  readonly #devices = new Map<string, Device>()
  #trainer: DeviceLink | undefined
  #spinDown: { readonly run: SpinDown; readonly deviceId: string } | undefined

  constructor(options: LegsOptions = {}) {
    this.#options = options
    this.#words = options.words ?? LEGS_WORDS
    this.#sampler = new Sampler<S>(options.firstSequence ?? 0)
    this.#driver = new TrainerDriver({
      difficulty: options.difficulty ?? 1,
      massKg: options.massKg,
      words: this.#words.trainer,
    })
  }

  /** What is asked of the trainer. For carriers that drive it themselves; a DeviceLink needs none of it. */
  get loop(): ControlLoop {
    return this.#driver.loop
  }
  /** Road, watts, gears. */
  get driver(): TrainerDriver {
    return this.#driver
  }
  /** A trainer does what this end says. */
  get isDriving(): boolean {
    return this.#driver.loop.state.state === 'in-control'
  }

  /** A device's link is up. The same id again takes the place of the link that was. */
  add(link: DeviceLink, nowMs: number): void {
    const before = this.#devices.get(link.id)
    const device: Device = { link, batteryPercent: before?.batteryPercent }
    if (before !== undefined) this.#gone(before)
    this.#devices.set(link.id, device)
    link.start({
      reading: (reading, atMs) => this.#read(device, reading, atMs),
      answered: (answer, atMs) => {
        if (this.#trainer !== link) return
        if (answer.requestCode === controlCode('spin-down')) this.#spinDown?.run.answered(answer, atMs)
        this.#driver.loop.answered(answer, atMs)
        this.#drive(atMs)
      },
      controlLost: (atMs) => {
        if (this.#trainer !== link) return
        this.#driver.loop.controlLost(atMs)
        this.#drive(atMs)
      },
      battery: (percent) => (device.batteryPercent = percent),
      calibration: (event, atMs) => {
        if (this.#spinDown?.deviceId === link.id) this.#spinDown.run.told(event, atMs)
      },
      pressed: (press, atMs) => this.press(press, atMs, link.id),
      // A shift is a lever's word: where watts are held it moves them.
      command: (command, atMs) =>
        command.ask === 'shift' ? this.press({ press: 'shift', by: command.by }, atMs) : this.#told(command, atMs),
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

  /** Every LEGS_TICK_MS or oftener: writes what is due, repeats what was not answered, ends what takes too long. */
  tick(nowMs: number): void {
    for (const change of this.#sampler.takeChanges(nowMs)) this.#options.onSource?.(change)
    this.#calibrate(nowMs)
    this.#drive(nowMs)
  }

  /** The road under the wheels and the air on it, as the server tells it. Newest wins. */
  road(road: RoadTold, nowMs: number): void {
    this.#driver.tellRoad(road, nowMs)
    this.#drive(nowMs)
  }

  /** The road from here on: for the time when the server is silent. */
  roadAhead(samples: readonly RoadSample[]): void {
    this.#driver.tellAhead(samples)
  }

  /** A workout takes the trainer until it is over, or another mode is asked for; undefined ends it. */
  workout(workout: Workout | undefined): void {
    this.#driver.setWorkout(workout)
  }
  get workoutNow(): WorkoutNow | undefined {
    return this.#driver.workoutNow
  }
  /** From its being set on; false when it has ended or another mode was asked for. */
  get isInWorkout(): boolean {
    return this.#driver.isInWorkout
  }

  /** What a rider asks; a sentence, if it cannot be done. */
  ask(command: LegsCommand, nowMs: number): string | undefined {
    const complaint = this.#obey(command, nowMs)
    if (complaint === undefined) this.#drive(nowMs)
    return complaint
  }

  /** A button at the handlebar. */
  press(press: Press, nowMs: number, deviceId = ''): void {
    const { onButton, isTaken } = this.#options
    if (press.press === 'button') return onButton?.(press, deviceId)
    const { name } = press
    if (name !== undefined && isTaken?.(name, deviceId) === true) {
      // Of the legs' buttons only their going down is told.
      onButton?.({ press: 'button', name, isDown: true, value: 1 }, deviceId)
      return onButton?.({ press: 'button', name, isDown: false, value: 1 }, deviceId)
    }
    const { mode, targetW, gear = GEAR_FIRST } = this.#driver
    this.#told(commandOf(press, { mode, targetW, gear }), nowMs)
  }

  /** The ride is over: the flat, at once. */
  release(nowMs: number): void {
    this.#driver.release()
    this.#drive(nowMs)
  }
  get isReleased(): boolean {
    return this.#driver.loop.isReleased
  }

  close(): void {
    for (const { link } of this.#devices.values()) link.close()
  }

  sourceOf(quantity: Quantity, nowMs: number): Source | undefined {
    return this.#sampler.sourceOf(quantity, nowMs)
  }

  state(nowMs: number): LegsState {
    return {
      devices: [...this.#devices.values()].map((device) => this.#deviceState(device, nowMs)),
      sources: this.#sampler.sources(nowMs),
      trainer: this.#trainer === undefined ? undefined : this.#driver.state,
      calibration: this.#calibrationState(),
    }
  }

  #obey(command: LegsCommand, nowMs: number): string | undefined {
    const driver = this.#driver
    switch (command.ask) {
      case 'mode':
        driver.setWorkout(undefined)
        driver.setMode(command.mode, nowMs)
        return undefined
      case 'target':
        driver.setTarget(command.targetW)
        return undefined
      case 'resistance':
        driver.setResistance(command.share)
        return undefined
      case 'difficulty':
        driver.difficulty = command.share
        return undefined
      case 'shift':
        driver.shift(command.by, nowMs)
        return undefined
      case 'gears':
        driver.setGear(command.isOn ? (driver.gear ?? GEAR_FIRST) : undefined, nowMs)
        return undefined
      case 'source':
        if (command.deviceId !== undefined && !this.#devices.has(command.deviceId))
          return this.#words.unknownDevice(command.deviceId)
        this.#sampler.choose(command.quantity, command.deviceId, nowMs)
        return undefined
      case 'calibrate':
        return this.#startCalibration(command.deviceId, nowMs)
      case 'stop-calibrating':
        this.#spinDown?.run.stop()
        this.#calibrate(nowMs)
        this.#spinDown = undefined
        return undefined
      case 'forget':
        return this.#forget(command.deviceId)
    }
  }

  #told(command: LegsCommand, nowMs: number): void {
    const complaint = this.ask(command, nowMs)
    if (complaint !== undefined) this.#options.onWords?.(complaint)
  }

  #read({ link }: Device, said: Reading, atMs: number): void {
    const reading = numbersOf(said)
    const named = { ...reading, deviceId: link.id }
    const isTrainers = this.#trainer === link && reading.source === 'trainer'
    if (isTrainers) this.#driver.heardTrainer(reading, atMs)
    if (isTrainers && reading.speedMps !== undefined) this.#spinDown?.run.rolls(reading.speedMps, atMs)
    this.offer(named, atMs)
    const isMeter = reading.source === 'power-meter' && this.#sampler.deviceOf('powerW', atMs) === link.id
    if (isMeter && reading.powerW !== undefined) this.#driver.heardMeter(reading.powerW, atMs)
  }

  #gone(device: Device): void {
    if (this.#devices.get(device.link.id) === device) this.#devices.delete(device.link.id)
    if (this.#spinDown?.deviceId === device.link.id) this.#spinDown.run.gone()
    if (this.#trainer !== device.link) return
    this.#trainer = undefined
    this.#driver.unlinked()
  }

  #take(link: DeviceLink, nowMs: number): void {
    if (link.trainer === undefined) return
    this.#trainer = link
    this.#options.onTrainer?.(link)
    this.#driver.linked(link.trainer.abilities, nowMs)
    this.#drive(nowMs)
  }

  #forget(deviceId: string): string | undefined {
    const device = this.#devices.get(deviceId)
    if (device === undefined) return this.#words.unknownDevice(deviceId)
    this.#sampler.forget(deviceId)
    // What is forgotten is left as it was found: on the flat.
    if (this.#trainer === device.link) this.#trainer.trainer!.send(FLAT)
    this.#gone(device)
    device.link.close()
    return undefined
  }

  /** Without a trainer the plan goes on all the same: the next one finds it. */
  #drive(nowMs: number): void {
    const of = (quantity: 'powerW' | 'cadenceRpm'): number | undefined => {
      const deviceId = this.#sampler.deviceOf(quantity, nowMs)
      return deviceId === undefined ? undefined : this.#sampler.freshOf(deviceId, nowMs)[quantity]
    }
    this.#driver.beat({ powerW: of('powerW'), cadenceRpm: of('cadenceRpm') }, nowMs)
    const trainer = this.#trainer?.trainer
    const request = trainer === undefined ? undefined : this.#driver.loop.next(nowMs)
    if (request !== undefined) trainer!.send(request)
  }

  #startCalibration(deviceId: string, nowMs: number): string | undefined {
    const device = this.#devices.get(deviceId)
    if (device === undefined) return this.#words.unknownDevice(deviceId)
    const { link } = device
    if (this.#trainer !== link || link.trainer?.abilities.spinDown !== true) return this.#words.noCalibration(link.name)
    this.#spinDown = { run: new SpinDown(nowMs, this.#words.spinDown), deviceId }
    this.#driver.loop.request(SPIN_DOWN_START, { isPaused: true })
    return undefined
  }

  #calibrate(nowMs: number): void {
    const run = this.#spinDown?.run
    if (run === undefined || !this.#driver.loop.isPaused) return
    run.step(nowMs)
    if (!run.isOver) return
    const isLeft = run.state.state === 'failed' && run.state.why !== 'trainer'
    this.#driver.loop.request(isLeft ? SPIN_DOWN_IGNORE : undefined, { isPaused: false })
  }

  #calibrationState(): CalibrationState | undefined {
    if (this.#spinDown === undefined) return undefined
    const { run, deviceId } = this.#spinDown
    return { deviceId, step: run.state.state, ...run.words, targetKmh: run.targetKmh, speedKmh: run.speedKmh }
  }

  #bringsWords(brings: readonly string[]): string {
    const { nothingUseful, brings: called } = this.#words
    return brings.length === 0 ? nothingUseful : brings.map((what) => called[what] ?? what).join(', ')
  }

  #deviceState({ link, batteryPercent }: Device, nowMs: number): DeviceState {
    const brings = link.brings ?? []
    const { id, name, carrier, source } = link
    return {
      ...{ id, name, carrier, source, batteryPercent },
      level: brings.length === 0 ? 'bad' : 'good',
      words: this.#bringsWords(brings),
      brings,
      isTrainer: link.trainer !== undefined,
      canCalibrate: link.trainer?.abilities.spinDown ?? false,
      ...this.#sampler.freshOf(id, nowMs),
    }
  }
}

/** What is no number is not said: one of them in a mean stays there for ever. [B142] */
function numbersOf(reading: Reading): Reading {
  const { powerW = 0, cadenceRpm = 0, heartRateBpm = 0, speedMps = 0 } = reading
  if (Number.isFinite(powerW + cadenceRpm + heartRateBpm + speedMps)) return reading
  const number = (value: number | undefined): number | undefined => (Number.isFinite(value) ? value : undefined)
  return {
    ...reading,
    powerW: number(reading.powerW),
    cadenceRpm: number(reading.cadenceRpm),
    heartRateBpm: number(reading.heartRateBpm),
    speedMps: number(reading.speedMps),
  }
}

const FLAT: ControlRequest = { op: 'set-simulation', windMps: 0, gradeFraction: 0, crr: 0.004, cwKgpm: 0.51 }
