/** A Bluetooth peripheral in the browser: connect with patience but not without end, subscribe, write, and come back. */

/** A plain `gatt.connect()` may hang for a minute on real radios; each step has a budget and is tried again. */
const CONNECT_MS = 10_000
export const STEP_MS = 5_000
const RETRY_MS = [500, 1000, 2000, 4000] as const

export interface GattHooks {
  /** Services are known: subscribe. Rejects when the device is not what it said. */
  onLink(server: BluetoothRemoteGATTServer): Promise<void>
  onLost(): void
  /** Connecting again, the how-manieth time. */
  onRetry(attempt: number): void
}

export class GattDevice {
  readonly name: string
  readonly #device: BluetoothDevice
  readonly #hooks: GattHooks
  #isClosed = false
  readonly #lost = (): void => {
    if (this.#isClosed) return
    this.#hooks.onLost()
    void this.#keepTrying()
  }

  constructor(device: BluetoothDevice, hooks: GattHooks) {
    this.#device = device
    this.#hooks = hooks
    this.name = device.name ?? 'Trainer'
  }

  /** The first time; throws with the browser's reason. */
  async open(): Promise<void> {
    await this.#link()
    this.#device.addEventListener('gattserverdisconnected', this.#lost)
  }

  close(): void {
    this.#isClosed = true
    this.#device.removeEventListener('gattserverdisconnected', this.#lost)
    this.#device.gatt?.disconnect()
  }

  async #link(): Promise<void> {
    const { gatt } = this.#device
    if (!gatt) throw new Error('The device offers no services.')
    try {
      await within(CONNECT_MS, gatt.connect(), 'connecting')
      await this.#hooks.onLink(gatt)
    } catch (error) {
      gatt.disconnect() // A half-open link would answer nothing and block the next try.
      throw error
    }
  }

  async #keepTrying(): Promise<void> {
    for (let attempt = 0; !this.#isClosed; attempt++) {
      this.#hooks.onRetry(attempt + 1)
      await pause(RETRY_MS[Math.min(attempt, RETRY_MS.length - 1)]!)
      if (this.#isClosed) return
      try {
        await this.#link()
        return
      } catch {
        // Out of range, asleep, or held by another program: we go on trying, and the rider reads so.
      }
    }
  }
}

/** Each value with when its bytes came. */
export async function listenTo(
  characteristic: BluetoothRemoteGATTCharacteristic,
  onValue: (bytes: Uint8Array, atMs: number) => void,
): Promise<void> {
  characteristic.addEventListener('characteristicvaluechanged', (event) => {
    const { value } = characteristic
    // The event's stamp is on the page's steady clock.
    if (value) onValue(new Uint8Array(value.buffer, value.byteOffset, value.byteLength), event.timeStamp)
  })
  await characteristic.startNotifications()
}

export async function serviceOf(
  server: BluetoothRemoteGATTServer,
  uuid: string,
): Promise<BluetoothRemoteGATTService | undefined> {
  try {
    return await within(STEP_MS, server.getPrimaryService(uuid), 'looking for a service')
  } catch (error) {
    if (error instanceof DOMException && error.name === 'NotFoundError') return undefined
    throw error
  }
}

export async function within<T>(budgetMs: number, promise: Promise<T>, doing: string): Promise<T> {
  const { promise: tooLate, reject } = Promise.withResolvers<never>()
  const timer = setTimeout(() => reject(new DOMException(`No answer while ${doing}.`, 'TimeoutError')), budgetMs)
  try {
    return await Promise.race([promise, tooLate])
  } finally {
    clearTimeout(timer)
  }
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))
