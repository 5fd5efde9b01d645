import type { DeviceLink } from '#bridges/core/devices'
import { GATT, type GattLink } from '#bridges/core/gatt'
import { gattDevice } from '#bridges/core/gatt-rider'
import { GattDevice, listenTo, serviceOf, STEP_MS, within } from './gatt-device.ts'
import type { SensorListener, SensorSource, SensorState } from './sensor-source.ts'

/** Assigned numbers of the Bluetooth SIG. */
const FITNESS_MACHINE = 0x1826
const CYCLING_POWER = 0x1818
const HEART_RATE = 0x180d

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

/** The page's steady clock, as events carry it. */
const CLOCK = { nowMs: () => new Event('now').timeStamp }

/** A peripheral behind the browser's radio: its DeviceLink goes to whoever rides, and a new one when it comes back. */
class BluetoothSensor implements SensorSource {
  readonly kind = 'bluetooth'
  readonly #link: GattDevice
  readonly #id: string
  readonly #onPairing: (state: SensorState) => void
  #device: DeviceLink | undefined
  #gatt: GattLink | undefined
  #listener: SensorListener | undefined
  #now: SensorState = { level: 'working', words: 'Connecting' }

  constructor(device: BluetoothDevice, onPairing: (state: SensorState) => void) {
    this.#onPairing = onPairing
    this.#id = `ble:${device.id}`
    this.#link = new GattDevice(device, {
      onLink: (server) => this.#subscribe(server),
      onLost: () => this.#lost(),
      onRetry: (attempt) => this.#say({ level: 'bad', words: `${this.#link.name} is gone, trying again (${attempt})` }),
    })
  }

  get state(): SensorState {
    return this.#now
  }

  async open(): Promise<void> {
    this.#say({ level: 'working', words: `Connecting to ${this.#link.name} …` })
    await this.#link.open()
  }

  start(listener: SensorListener): void {
    this.#listener = listener
    listener.onState(this.#now)
    if (this.#device !== undefined) listener.onDevice(this.#device)
  }

  setRoad(): void {} // The legs write what the road is to a device.
  tick(): void {}

  close(): void {
    this.#listener = undefined
    this.#link.close()
  }

  async #subscribe(server: BluetoothRemoteGATTServer): Promise<void> {
    this.#gatt = await gattLinkOf(server, this.#id, this.#link)
    const device = await gattDevice(this.#gatt, CLOCK)
    const brings = device.brings ?? []
    if (brings.length === 0) throw new DOMException('Nothing to ride with.', 'NotSupportedError')
    this.#device = device
    this.#listener?.onDevice(device)
    this.#say({ level: 'good', words: `${this.#link.name}: ${brings.join(', ')}` })
  }

  #lost(): void {
    this.#device = undefined
    this.#gatt?.onClosed?.()
    this.#gatt = undefined
  }

  #say(state: SensorState): void {
    this.#now = state
    this.#onPairing(state)
    this.#listener?.onState(state)
  }
}

/** What the browser lets this page see of a peripheral, as any carrier shows it. */
async function gattLinkOf(server: BluetoothRemoteGATTServer, id: string, device: GattDevice): Promise<GattLink> {
  const services = new Map<string, readonly string[]>()
  const found = new Map<string, BluetoothRemoteGATTCharacteristic>()
  for (const uuid of [GATT.fitnessMachine, GATT.cyclingPower, GATT.heartRate]) {
    const service = await serviceOf(server, uuid)
    if (service === undefined) continue
    const characteristics = await within(STEP_MS, service.getCharacteristics(), 'looking for characteristics')
    services.set(
      uuid,
      characteristics.map((c) => c.uuid),
    )
    for (const characteristic of characteristics) found.set(characteristic.uuid, characteristic)
  }
  const step = async <T>(uuid: string, doing: string, act: (c: BluetoothRemoteGATTCharacteristic) => Promise<T>) => {
    const characteristic = found.get(uuid)
    if (characteristic === undefined) return undefined
    try {
      return await within(STEP_MS, act(characteristic), doing)
    } catch {
      return undefined // Refused, gone or too late: whoever asked hears that it was not done.
    }
  }
  return {
    id,
    carrier: 'bluetooth',
    name: device.name,
    services,
    onClosed: undefined,
    async read(uuid) {
      const value = await step(uuid, 'reading', (c) => c.readValue())
      return value && new Uint8Array(value.buffer, value.byteOffset, value.byteLength)
    },
    async write(uuid, bytes) {
      const isDone = await step(uuid, 'writing', async (c) => {
        await c.writeValueWithResponse(bytes as Uint8Array<ArrayBuffer>)
        return true
      })
      return isDone === true
    },
    async subscribe(uuid, onValue) {
      const isOn = await step(uuid, 'subscribing', async (c) => {
        await listenTo(c, onValue)
        return true
      })
      return isOn === true
    },
    close: () => device.close(),
  }
}
