/** The sensors this browser was paired with. Everything read back is checked: storage is the outside. */
export interface RememberedDevice {
  /** What the app calls it, on every day. */
  readonly id: string
  /** What the browser called it last; some browsers give another one after each choosing. */
  readonly browserId: string
  readonly name: string
  /** UUIDs in full, as they were found; empty: never linked. */
  readonly services: readonly string[]
}

export interface DeviceStorage {
  getItem(key: string): string | null
  setItem(key: string, value: string): void
}

const KEY = 'gruppetto.sensors'
/** More than anybody has; a list that grows for years would fill the chooser's button. */
const DEVICES_MAX = 16
const TEXT_MAX = 100

/** Something was paired with this browser, which may be worth looking for. */
export function hasRemembered(): boolean {
  try {
    return new RememberedDevices(localStorage).all.length > 0
  } catch {
    return false // Storage switched off: nothing was remembered.
  }
}

export class RememberedDevices {
  readonly #storage: DeviceStorage | undefined
  #devices: readonly RememberedDevice[]

  constructor(storage: DeviceStorage | undefined) {
    this.#storage = storage
    this.#devices = this.#read()
  }

  get all(): readonly RememberedDevice[] {
    return this.#devices
  }

  find(id: string): RememberedDevice | undefined {
    return this.#devices.find((device) => device.id === id)
  }

  /** In the order of pairing; beyond the limit the oldest is forgotten. */
  remember(device: RememberedDevice): void {
    const isKnown = this.find(device.id) !== undefined
    this.#write(
      isKnown
        ? this.#devices.map((one) => (one.id === device.id ? device : one))
        : [...this.#devices, device].slice(-DEVICES_MAX),
    )
  }

  forget(id: string): void {
    this.#write(this.#devices.filter((device) => device.id !== id))
  }

  #write(devices: readonly RememberedDevice[]): void {
    this.#devices = devices
    try {
      this.#storage?.setItem(KEY, JSON.stringify(devices))
    } catch {
      // Storage full or switched off: the page works, it only forgets.
    }
  }

  #read(): readonly RememberedDevice[] {
    try {
      const stored: unknown = JSON.parse(this.#storage?.getItem(KEY) ?? '[]')
      return Array.isArray(stored) ? stored.flatMap(checked).slice(-DEVICES_MAX) : []
    } catch {
      return [] // Not ours, or no storage: start afresh.
    }
  }
}

function checked(value: unknown): RememberedDevice[] {
  if (typeof value !== 'object' || value === null) return []
  const { id, browserId, name, services } = value as Record<string, unknown>
  if (!isText(id) || !isText(browserId) || !isText(name) || !Array.isArray(services)) return []
  return [{ id, browserId, name, services: services.filter(isText).slice(0, DEVICES_MAX) }]
}

const isText = (value: unknown): value is string =>
  typeof value === 'string' && value.length > 0 && value.length <= TEXT_MAX
