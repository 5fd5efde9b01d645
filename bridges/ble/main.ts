import type { BleAdapter, BleCharacteristic, BlePeripheral, BleService } from './adapter.ts'
import type { Noble, NoblePeripheral } from './noble.ts'

/** The real radio, through noble: an optional package, loaded only when asked for. */
export type BleOpened =
  | { readonly ok: true; readonly adapter: BleAdapter }
  | { readonly ok: false; readonly sentence: string }

const POWERED_MS = 5000

export async function openRadio(): Promise<BleOpened> {
  let noble: Noble
  try {
    // A name the compiler does not follow: the package may not be there.
    const name: string = '@stoprocent/noble'
    const loaded = (await import(name)) as { default: Noble }
    noble = loaded.default
  } catch {
    const sentence =
      'Bluetooth needs the optional package @stoprocent/noble, which is not installed here: npm install @stoprocent/noble@2.8.0, or use --dircon.'
    return { ok: false, sentence }
  }
  try {
    await noble.waitForPoweredOnAsync(POWERED_MS)
  } catch {
    noble.stop()
    const sentence = `Bluetooth is "${noble.state}": switch the adapter on, and on Linux let this user use it (setcap cap_net_raw+eip on node), or use --dircon.`
    return { ok: false, sentence }
  }
  return { ok: true, adapter: new NobleAdapter(noble) }
}

class NobleAdapter implements BleAdapter {
  readonly #noble: Noble
  #onDiscover: ((peripheral: NoblePeripheral) => void) | undefined

  constructor(noble: Noble) {
    this.#noble = noble
  }

  async scan(services: readonly string[], onFound: (peripheral: BlePeripheral) => void): Promise<void> {
    if (this.#onDiscover !== undefined) this.#noble.removeListener('discover', this.#onDiscover)
    this.#onDiscover = (peripheral) => onFound(peripheralOf(peripheral))
    this.#noble.on('discover', this.#onDiscover)
    await this.#noble.startScanningAsync(services.map(shortUuid), false)
  }

  stopScan(): Promise<void> {
    return this.#noble.stopScanningAsync()
  }

  async close(): Promise<void> {
    await this.#noble.stopScanningAsync().catch(() => {}) // It may not be scanning.
    this.#noble.stop()
  }
}

function peripheralOf(peripheral: NoblePeripheral): BlePeripheral {
  return {
    id: peripheral.id,
    name: peripheral.advertisement?.localName ?? '',
    connect: () => peripheral.connectAsync(),
    disconnect: () => peripheral.disconnectAsync(),
    onDisconnected: (callback) => peripheral.once('disconnect', callback),
    async discover(): Promise<readonly BleService[]> {
      const { services } = await peripheral.discoverAllServicesAndCharacteristicsAsync()
      return services.map((service) => ({
        uuid: fullUuid(service.uuid),
        characteristics: service.characteristics.map((c): BleCharacteristic => ({
          uuid: fullUuid(c.uuid),
          read: () => c.readAsync(),
          write: (bytes) => c.writeAsync(Buffer.from(bytes), !c.properties.includes('write')),
          async subscribe(onValue) {
            // After a reconnection noble keeps old listeners: each value would come twice.
            c.removeAllListeners('data')
            c.on('data', (data) => onValue(new Uint8Array(data)))
            await c.subscribeAsync()
          },
        })),
      }))
    },
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
