import { ControlLoop, type RoadWish } from '#bridges/core/control-loop'
import { decodeControlAnswer, encodeControlRequest } from '#bridges/core/profiles/control-point'
import { decodeCyclingPower } from '#bridges/core/profiles/cycling-power'
import { decodeHeartRate } from '#bridges/core/profiles/heart-rate'
import { decodeIndoorBikeData } from '#bridges/core/profiles/indoor-bike-data'
import { decodeMachineStatus } from '#bridges/core/profiles/machine-status'
import { CRANK_OPTIONS, Revolutions } from '#bridges/core/revolutions'
import type { Reading } from '#bridges/core/sample'
import { GattDevice, listen, serviceOf } from './gatt-device.ts'
import type { SensorListener, SensorSource, SensorState } from './sensor-source.ts'

/** Assigned numbers of the Bluetooth SIG. */
const FITNESS_MACHINE = 0x1826
const INDOOR_BIKE_DATA = 0x2ad2
const CONTROL_POINT = 0x2ad9
const MACHINE_STATUS = 0x2ada
const CYCLING_POWER = 0x1818
const POWER_MEASUREMENT = 0x2a63
const HEART_RATE = 0x180d
const HEART_RATE_MEASUREMENT = 0x2a37

export type Paired =
  | { readonly ok: true; readonly value: SensorSource }
  | { readonly ok: false; readonly message: string }

/** Asks the rider to choose a trainer or a power meter. Call it from a click: browsers ask for one. */
export function pairTrainer(onState: (state: SensorState) => void): Promise<Paired> {
  return pair(onState, {
    filters: [{ services: [FITNESS_MACHINE] }, { services: [CYCLING_POWER] }],
    optionalServices: [FITNESS_MACHINE, CYCLING_POWER, HEART_RATE],
  })
}

/** A heart-rate strap beside the trainer. */
export function pairStrap(onState: (state: SensorState) => void): Promise<Paired> {
  return pair(onState, { filters: [{ services: [HEART_RATE] }] })
}

async function pair(onState: (state: SensorState) => void, options: RequestDeviceOptions): Promise<Paired> {
  const missing = whyUnavailable()
  if (missing !== undefined) return { ok: false, message: missing }
  try {
    const device = await navigator.bluetooth.requestDevice(options)
    const sensor = new BluetoothSensor(device, onState)
    await sensor.open()
    return { ok: true, value: sensor }
  } catch (error) {
    return { ok: false, message: sentence(error) } // Every refusal of the browser has a remedy; the rider reads that.
  }
}

function whyUnavailable(): string | undefined {
  if (!isSecureContext) {
    return 'Browsers allow Bluetooth only on secure pages: open this address with https, or as localhost on the server itself.'
  }
  if (!('bluetooth' in navigator)) {
    return 'This browser has no Bluetooth for pages: use Chrome or Edge, or pair the trainer with “gruppetto bridge”.'
  }
  return undefined
}

function sentence(error: unknown): string {
  const name = error instanceof DOMException ? error.name : ''
  if (name === 'NotFoundError') return 'No device was chosen. Wake the trainer by pedalling, then pair again.'
  if (name === 'SecurityError') return 'The browser was told not to use Bluetooth here: allow it for this page.'
  if (name === 'TimeoutError')
    return 'The device did not answer in time. Is another app holding it? Close that one and pair again.'
  if (name === 'NetworkError')
    return 'The device did not answer. Come closer, close other apps that use it, and pair again.'
  return 'Pairing failed. Switch the device off and on, and pair again.'
}

/** Whatever services the device has, its bytes become readings; where it is a trainer it feels the road. */
class BluetoothSensor implements SensorSource {
  readonly kind = 'bluetooth'
  readonly #link: GattDevice
  readonly #loop = new ControlLoop()
  readonly #crank = new Revolutions(CRANK_OPTIONS)
  readonly #onPairing: (state: SensorState) => void
  #controlPoint: BluetoothRemoteGATTCharacteristic | undefined
  #listener: SensorListener | undefined
  #now: SensorState = { level: 'working', words: 'Connecting' }

  constructor(device: BluetoothDevice, onPairing: (state: SensorState) => void) {
    this.#onPairing = onPairing
    this.#link = new GattDevice(device, {
      onLink: (server) => this.#subscribe(server),
      onLost: () => this.#lost(),
      onRetry: (attempt) => this.#say({ level: 'bad', words: `${this.#link.name} is gone, trying again (${attempt})` }),
    })
  }

  get state(): SensorState {
    return this.#now
  }

  get isDriven(): boolean {
    return this.#loop.state.state === 'in-control'
  }

  async open(): Promise<void> {
    this.#say({ level: 'working', words: `Connecting to ${this.#link.name} …` })
    await this.#link.open()
  }

  start(listener: SensorListener): void {
    this.#listener = listener
    listener.onState(this.#now)
  }

  setRoad(road: RoadWish): void {
    this.#loop.wish(road)
  }

  tick(nowMs: number): void {
    const request = this.#controlPoint && this.#loop.next(nowMs)
    if (!request) return
    // A write that fails is one that is never answered: the loop sends it again.
    this.#controlPoint!.writeValueWithResponse(encodeControlRequest(request) as Uint8Array<ArrayBuffer>).catch(() => {})
  }

  close(): void {
    this.#listener = undefined
    this.#link.close()
  }

  async #subscribe(server: BluetoothRemoteGATTServer): Promise<void> {
    this.#crank.reset()
    const brings: string[] = []
    const machine = await serviceOf(server, FITNESS_MACHINE)
    if (machine && (await listen(machine, INDOOR_BIKE_DATA, this.#bike))) brings.push('power')
    // A trainer's own power service says the same watts again; only a pedal or crank has better ones.
    const power = brings.length === 0 ? await serviceOf(server, CYCLING_POWER) : undefined
    if (power && (await listen(power, POWER_MEASUREMENT, this.#power))) brings.push('power')
    const heart = await serviceOf(server, HEART_RATE)
    if (heart && (await listen(heart, HEART_RATE_MEASUREMENT, this.#heart))) brings.push('heart rate')
    if (brings.length === 0) throw new DOMException('Nothing to ride with.', 'NotSupportedError')
    if (machine && (await this.#takeControl(machine))) brings.push('resistance')
    this.#say({ level: 'good', words: `${this.#link.name}: ${brings.join(', ')}` })
  }

  async #takeControl(machine: BluetoothRemoteGATTService): Promise<boolean> {
    this.#controlPoint = await listen(machine, CONTROL_POINT, (bytes, atMs) => {
      const answer = decodeControlAnswer(bytes)
      if (answer.ok) this.#loop.answered(answer.value, atMs)
    })
    await listen(machine, MACHINE_STATUS, (bytes, atMs) => {
      const status = decodeMachineStatus(bytes)
      if (status.ok && status.value.op === 'control-lost') this.#loop.controlLost(atMs)
    })
    if (this.#controlPoint) this.#loop.linked(0)
    return this.#controlPoint !== undefined
  }

  readonly #bike = (bytes: Uint8Array, atMs: number): void => {
    const read = decodeIndoorBikeData(bytes)
    if (!read.ok) return
    const { powerW, cadenceRpm, heartRateBpm } = read.value
    this.#read({ source: 'trainer', powerW, cadenceRpm, heartRateBpm }, atMs)
  }

  readonly #power = (bytes: Uint8Array, atMs: number): void => {
    const read = decodeCyclingPower(bytes)
    if (!read.ok) return
    const { powerW, crankRevolutions, crankTime1024 } = read.value
    const ratePerS =
      crankRevolutions === undefined || crankTime1024 === undefined
        ? undefined
        : this.#crank.offer(crankRevolutions, crankTime1024, atMs)
    this.#read({ source: 'power-meter', powerW, cadenceRpm: ratePerS === undefined ? undefined : ratePerS * 60 }, atMs)
  }

  readonly #heart = (bytes: Uint8Array, atMs: number): void => {
    const read = decodeHeartRate(bytes)
    if (read.ok) this.#read({ source: 'strap', heartRateBpm: read.value.heartRateBpm }, atMs)
  }

  #read(reading: Reading, atMs: number): void {
    this.#listener?.onReading(reading, atMs)
  }

  #lost(): void {
    this.#controlPoint = undefined
    this.#loop.unlinked()
  }

  #say(state: SensorState): void {
    this.#now = state
    this.#onPairing(state)
    this.#listener?.onState(state)
  }
}
