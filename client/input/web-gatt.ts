import { type BridgeClock, inTime } from '#bridges/core/clock'
import type { GattLink } from '#bridges/core/gatt'
import { GattQueue } from '#bridges/core/gatt-queue'

/** Services of real devices are told late: up to seven seconds were seen. */
const DISCOVER_MS = 10_000
const OPERATION_MS = 3000

/** A connected device of the browser as any carrier offers it: services in whatever order, one operation at a time. */
export class WebGattLink implements GattLink {
  readonly id: string
  readonly carrier = 'bluetooth'
  readonly name: string
  readonly services: ReadonlyMap<string, readonly string[]>
  onClosed: (() => void) | undefined
  readonly #characteristics: ReadonlyMap<string, BluetoothRemoteGATTCharacteristic>
  readonly #listening = new Map<BluetoothRemoteGATTCharacteristic, (event: Event) => void>()
  readonly #queue: GattQueue
  readonly #hangUp: () => void
  #isGone = false

  constructor(options: {
    readonly id: string
    readonly name: string
    readonly services: ReadonlyMap<string, readonly string[]>
    readonly characteristics: ReadonlyMap<string, BluetoothRemoteGATTCharacteristic>
    readonly clock: BridgeClock
    readonly hangUp: () => void
  }) {
    this.id = options.id
    this.name = options.name
    this.services = options.services
    this.#characteristics = options.characteristics
    this.#queue = new GattQueue({ clock: options.clock, budgetMs: OPERATION_MS, onLate: () => this.close() })
    this.#hangUp = options.hangUp
  }

  async read(uuid: string): Promise<Uint8Array | undefined> {
    const found = this.#characteristics.get(uuid)
    const value = found && (await this.#queue.do(() => found.readValue()))
    return value && bytesOf(value)
  }

  async write(uuid: string, bytes: Uint8Array): Promise<boolean> {
    const found = this.#characteristics.get(uuid)
    if (found === undefined) return false
    const value = bytes as Uint8Array<ArrayBuffer>
    return (
      (await this.#queue.do(async () => {
        // A device says how it wants to be written; some take only the quick kind.
        if (found.properties.write) await found.writeValueWithResponse(value)
        else await found.writeValueWithoutResponse(value)
        return true
      })) === true
    )
  }

  async subscribe(uuid: string, onValue: (bytes: Uint8Array, atMs?: number) => void): Promise<boolean> {
    const found = this.#characteristics.get(uuid)
    if (found === undefined) return false
    const before = this.#listening.get(found)
    if (before) found.removeEventListener('characteristicvaluechanged', before)
    const listener = (event: Event): void => {
      const { value } = found
      // What arrives after the link has gone belongs to nobody: the next link counts anew.
      // The event's stamp is when the bytes came, on the page's steady clock.
      if (value && !this.#isGone) onValue(bytesOf(value), event.timeStamp)
    }
    this.#listening.set(found, listener)
    found.addEventListener('characteristicvaluechanged', listener)
    return (await this.#queue.do(() => found.startNotifications())) !== undefined
  }

  close(): void {
    this.#hangUp()
  }

  /** The browser says so: nobody is called any more. */
  gone(): void {
    if (this.#isGone) return
    this.#isGone = true
    this.#queue.close()
    for (const [characteristic, listener] of this.#listening)
      characteristic.removeEventListener('characteristicvaluechanged', listener)
    this.#listening.clear()
    const { onClosed } = this
    this.onClosed = undefined
    onClosed?.()
  }
}

/** Asks a connected device for everything it has that we may see; undefined: it does not say in time, or has nothing. */
export async function discover(
  gatt: BluetoothRemoteGATTServer,
  { id, name }: { readonly id: string; readonly name: string },
  clock: BridgeClock,
): Promise<WebGattLink | undefined> {
  const found = await inTime(clock, DISCOVER_MS, everything(gatt))
  if (found === undefined || found.size === 0) return undefined
  const characteristics = new Map<string, BluetoothRemoteGATTCharacteristic>()
  const services = new Map<string, readonly string[]>()
  for (const [service, its] of found) {
    services.set(
      service,
      its.map(({ uuid }) => uuid),
    )
    for (const characteristic of its) characteristics.set(characteristic.uuid, characteristic)
  }
  return new WebGattLink({ id, name, services, characteristics, clock, hangUp: () => gatt.disconnect() })
}

type Found = Map<string, readonly BluetoothRemoteGATTCharacteristic[]>

async function everything(gatt: BluetoothRemoteGATTServer): Promise<Found | undefined> {
  try {
    const services = await gatt.getPrimaryServices()
    const lists = await Promise.all(
      services.map((service) =>
        // A service without characteristics is one we cannot use, not a reason to lose the others.
        service.getCharacteristics().catch(() => []),
      ),
    )
    return new Map(services.map(({ uuid }, i) => [uuid, lists[i]!]))
  } catch {
    return undefined // Gone while it was asked: the link is tried again.
  }
}

const bytesOf = (value: DataView): Uint8Array => new Uint8Array(value.buffer, value.byteOffset, value.byteLength)
