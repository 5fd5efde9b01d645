import type { BleAdapter, BleCharacteristic, BlePeripheral, BleService, RadioPower } from './adapter.ts'
import type { Noble, NobleCharacteristic, NoblePeripheral } from './noble.ts'

/** The real radio behind the shape of adapter.ts. What is worked around here was read in the package, version 2.8. */
export class NobleAdapter implements BleAdapter {
  onPower: ((power: RadioPower) => void) | undefined
  readonly #noble: Noble
  readonly #onState = (state: string): void => {
    // Leaving "poweredOn", noble forgets every peripheral; the objects that we hold then answer nothing.
    if (state !== 'poweredOn') this.#live.clear()
    this.onPower?.(powerOf(state))
  }
  /** The objects of this process, by id. */
  readonly #live = new Map<string, NoblePeripheral>()
  #onDiscover: ((peripheral: NoblePeripheral) => void) | undefined

  constructor(noble: Noble) {
    this.#noble = noble
    noble.on('stateChange', this.#onState)
  }

  get power(): RadioPower {
    return powerOf(this.#noble.state)
  }

  async scan(services: readonly string[], onSeen: (peripheral: BlePeripheral) => void): Promise<void> {
    this.#stopListening()
    this.#onDiscover = (peripheral) => {
      this.#live.set(peripheral.id, peripheral)
      onSeen(new Peripheral(this.#noble, peripheral.id, peripheral))
    }
    this.#noble.on('discover', this.#onDiscover)
    await this.#noble.startScanningAsync(services.map(shortUuid), false)
  }

  async stopScan(): Promise<void> {
    this.#stopListening()
    await this.#noble.stopScanningAsync()
  }

  recall(id: string): BlePeripheral {
    return new Peripheral(this.#noble, id, this.#live.get(id))
  }

  reset(): void {
    this.#noble.reset()
  }

  async close(): Promise<void> {
    this.#noble.removeListener('stateChange', this.#onState)
    await this.stopScan().catch(() => {}) // It may not be scanning.
    this.#noble.stop()
  }

  #stopListening(): void {
    if (this.#onDiscover !== undefined) this.#noble.removeListener('discover', this.#onDiscover)
    this.#onDiscover = undefined
  }
}

class Peripheral implements BlePeripheral {
  readonly id: string
  readonly #noble: Noble
  #found: NoblePeripheral | undefined

  constructor(noble: Noble, id: string, found: NoblePeripheral | undefined) {
    this.id = id
    this.#noble = noble
    this.#found = found
  }

  get name(): string {
    return this.#found?.advertisement?.localName ?? ''
  }
  get services(): readonly string[] {
    return (this.#found?.advertisement?.serviceUuids ?? []).map(fullUuid)
  }

  async connect(): Promise<void> {
    // By the object where there is one: noble keeps its state there, and refuses a second connection.
    if (this.#found === undefined) this.#found = await this.#noble.connectAsync(this.id)
    else await this.#found.connectAsync()
  }

  async disconnect(): Promise<void> {
    const state = this.#found?.state ?? 'connecting'
    // A connection under way never ends by itself, and every later one waits behind it.
    if (state === 'connecting') {
      if (this.#found === undefined) this.#noble.cancelConnect(this.id)
      else this.#found.cancelConnect()
    } else if (state === 'connected' || state === 'error') await this.#found?.disconnectAsync()
  }

  onDisconnected(callback: () => void): void {
    this.#found?.once('disconnect', callback)
  }

  async discover(): Promise<readonly BleService[]> {
    const { services = [] } = (await this.#found?.discoverAllServicesAndCharacteristicsAsync()) ?? {}
    return services.map(({ uuid, characteristics }) => ({
      uuid: fullUuid(uuid),
      characteristics: characteristics.map(characteristicOf),
    }))
  }
}

const characteristicOf = (c: NobleCharacteristic): BleCharacteristic => ({
  uuid: fullUuid(c.uuid),
  read: () => c.readAsync(),
  write: (bytes) => c.writeAsync(Buffer.from(bytes), !c.properties.includes('write')),
  async subscribe(onValue) {
    // noble keeps old listeners over a reconnection: each value would come twice.
    c.removeAllListeners('data')
    c.on('data', (data) => onValue(new Uint8Array(data)))
    await c.subscribeAsync()
  },
})

function powerOf(state: string): RadioPower {
  switch (state) {
    case 'poweredOn':
      return 'on'
    case 'poweredOff':
      return 'off'
    case 'unauthorized':
      return 'no-permission'
    case 'unsupported':
      return 'no-adapter'
    default:
      return 'unknown' // Not said yet, or resetting.
  }
}

const BASE = '00001000800000805f9b34fb'

/** noble writes UUIDs without dashes, and those of the standard with four digits. */
export function fullUuid(uuid: string): string {
  const hex = uuid.replaceAll('-', '').toLowerCase()
  const long = hex.length === 4 ? `0000${hex}${BASE}` : hex
  return `${long.slice(0, 8)}-${long.slice(8, 12)}-${long.slice(12, 16)}-${long.slice(16, 20)}-${long.slice(20)}`
}

export function shortUuid(uuid: string): string {
  const hex = uuid.replaceAll('-', '').toLowerCase()
  return hex.startsWith('0000') && hex.endsWith(BASE) ? hex.slice(4, 8) : hex
}
