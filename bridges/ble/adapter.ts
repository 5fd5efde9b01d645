import type { BridgeClock } from '../core/clock.ts'
import { inTime } from '../core/clock.ts'
import type { GattCarrier, GattCarrierEvents, GattLink } from '../core/gatt.ts'
import { GATT } from '../core/gatt.ts'

/** The desktop's radio, as far as a bridge needs it. UUIDs in full, lower case. ble/main.ts makes one of noble; tests make a fake. */
export interface BleAdapter {
  /** Calls back for every peripheral that offers one of the services, until the scan is stopped. */
  scan(services: readonly string[], onFound: (peripheral: BlePeripheral) => void): Promise<void>
  stopScan(): Promise<void>
  close(): Promise<void>
}

export interface BlePeripheral {
  readonly id: string
  readonly name: string
  connect(): Promise<void>
  disconnect(): Promise<void>
  discover(): Promise<readonly BleService[]>
  onDisconnected(callback: () => void): void
}

export interface BleService {
  readonly uuid: string
  readonly characteristics: readonly BleCharacteristic[]
}

export interface BleCharacteristic {
  readonly uuid: string
  read(): Promise<Uint8Array>
  write(bytes: Uint8Array): Promise<void>
  subscribe(onValue: (bytes: Uint8Array) => void): Promise<void>
}

export interface BleCarrierOptions extends GattCarrierEvents {
  readonly adapter: BleAdapter
  readonly clock: BridgeClock
  /** Only peripherals whose name contains this. */
  readonly name?: string | undefined
}

const SERVICES = [GATT.fitnessMachine, GATT.cyclingPower, GATT.speedCadence, GATT.heartRate]
/** Radios hang: every step has its own limit, and what hangs is given up and begun again. */
const CONNECT_MS = 10_000
const DISCOVER_MS = 10_000
const OPERATION_MS = 3000
const RETRY_MS = [500, 1000, 2000, 5000] as const
/** A trainer, a strap, a power meter, a cadence sensor. */
const PERIPHERALS_MAX = 4

/** Finds trainers and sensors in the air, keeps them, and finds them again. */
export class BleCarrier implements GattCarrier {
  readonly #options: BleCarrierOptions
  readonly #held = new Set<string>()
  #isClosed = false
  #tries = 0
  #cancelRetry: (() => void) | undefined

  constructor(options: BleCarrierOptions) {
    this.#options = options
  }

  start(): void {
    this.#options.onState('looking for trainers and sensors in the air')
    void this.#scan()
  }

  async close(): Promise<void> {
    this.#isClosed = true
    this.#cancelRetry?.()
    await this.#options.adapter.close()
  }

  async #scan(): Promise<void> {
    if (this.#isClosed) return
    const { adapter, onState, name } = this.#options
    const isFine = await succeeds(
      adapter.scan(SERVICES, (peripheral) => {
        const isWanted = name === undefined || peripheral.name.toLowerCase().includes(name.toLowerCase())
        if (!isWanted || this.#held.has(peripheral.id) || this.#held.size >= PERIPHERALS_MAX) return
        this.#held.add(peripheral.id)
        void this.#take(peripheral)
      }),
    )
    if (isFine) return
    onState('the radio does not scan; is Bluetooth switched on?')
    this.#later()
  }

  async #take(peripheral: BlePeripheral): Promise<void> {
    const { clock, onState, onLink, adapter } = this.#options
    const label = peripheral.name === '' ? peripheral.id : peripheral.name
    onState(`${label}: connecting`)
    // Most radios cannot connect while they scan.
    await succeeds(adapter.stopScan())
    const isConnected = (await inTime(clock, CONNECT_MS, succeeds(peripheral.connect()))) === true
    const services = isConnected ? await inTime(clock, DISCOVER_MS, valueOf(peripheral.discover())) : undefined
    if (services === undefined) {
      onState(`${label}: ${isConnected ? 'does not say what it has' : 'does not connect'}; trying again`)
      await succeeds(peripheral.disconnect())
      this.#held.delete(peripheral.id)
      this.#later()
      return
    }
    this.#tries = 0
    const link = new BleLink(peripheral, label, services, clock)
    peripheral.onDisconnected(() => {
      this.#held.delete(peripheral.id)
      onState(`${label}: gone`)
      link.gone()
      this.#later()
    })
    onLink(link)
    // On for the others: a strap beside the trainer.
    void this.#scan()
  }

  #later(): void {
    if (this.#isClosed) return
    const delayMs = RETRY_MS[Math.min(this.#tries, RETRY_MS.length - 1)]!
    this.#tries++
    this.#cancelRetry?.()
    this.#cancelRetry = this.#options.clock.after(delayMs, () => void this.#scan())
  }
}

class BleLink implements GattLink {
  readonly id: string
  readonly carrier = 'bluetooth'
  readonly name: string
  readonly services: ReadonlyMap<string, readonly string[]>
  onClosed: (() => void) | undefined
  readonly #peripheral: BlePeripheral
  readonly #clock: BridgeClock
  readonly #characteristics: ReadonlyMap<string, BleCharacteristic>

  constructor(peripheral: BlePeripheral, name: string, services: readonly BleService[], clock: BridgeClock) {
    this.name = name
    this.id = `ble:${peripheral.id}`
    this.#peripheral = peripheral
    this.#clock = clock
    this.services = new Map(services.map((s) => [s.uuid, s.characteristics.map((c) => c.uuid)]))
    this.#characteristics = new Map(services.flatMap((s) => s.characteristics.map((c) => [c.uuid, c] as const)))
  }

  async read(characteristic: string): Promise<Uint8Array | undefined> {
    const found = this.#characteristics.get(characteristic)
    return found === undefined ? undefined : inTime(this.#clock, OPERATION_MS, valueOf(found.read()))
  }

  async write(characteristic: string, bytes: Uint8Array): Promise<boolean> {
    const found = this.#characteristics.get(characteristic)
    if (found === undefined) return false
    return (await inTime(this.#clock, OPERATION_MS, succeeds(found.write(bytes)))) === true
  }

  async subscribe(characteristic: string, onValue: (bytes: Uint8Array) => void): Promise<boolean> {
    const found = this.#characteristics.get(characteristic)
    if (found === undefined) return false
    return (await inTime(this.#clock, OPERATION_MS, succeeds(found.subscribe(onValue)))) === true
  }

  close(): void {
    void succeeds(this.#peripheral.disconnect())
  }

  gone(): void {
    const { onClosed } = this
    this.onClosed = undefined
    onClosed?.()
  }
}

/** Radios reject for many reasons and none of them is actionable here: it worked, or it is tried again. */
async function succeeds(step: Promise<unknown>): Promise<boolean> {
  try {
    await step
    return true
  } catch {
    return false
  }
}

async function valueOf<T>(step: Promise<T>): Promise<T | undefined> {
  try {
    return await step
  } catch {
    return undefined
  }
}
