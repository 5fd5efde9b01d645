/**
 * The desktop's radio, as far as a bridge needs it. UUIDs in full, lower case. noble-adapter.ts makes one of the package
 * noble; fake-radio.ts is one that does in virtual time what real radios do.
 */
export interface BleAdapter {
  readonly power: RadioPower
  /** Set by whoever holds the adapter. */
  onPower: ((power: RadioPower) => void) | undefined
  /** Calls back for every advertisement of a peripheral that offers one of the services, until the scan is stopped. */
  scan(services: readonly string[], onSeen: (peripheral: BlePeripheral) => void): Promise<void>
  stopScan(): Promise<void>
  /** A peripheral of another day by its id, to be connected to without having been seen; undefined: this system cannot. */
  recall(id: string): BlePeripheral | undefined
  /** Begins anew with the hardware, where that is possible: links are lost by it. */
  reset(): void
  close(): Promise<void>
}

/** `unknown`: not said yet. */
export type RadioPower = 'on' | 'off' | 'no-adapter' | 'no-permission' | 'unknown'

export interface BlePeripheral {
  /** The system's: an address, or a number that it made up. */
  readonly id: string
  readonly name: string
  /** As advertised; a radio that does not say leaves it empty. */
  readonly services: readonly string[]
  connect(): Promise<void>
  /** Hangs up, or gives up a connection that is being made. */
  disconnect(): Promise<void>
  discover(): Promise<readonly BleService[]>
  /** Calls back once, when the link that is up now is gone. */
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
  /** The newest listener is the only one. */
  subscribe(onValue: (bytes: Uint8Array) => void): Promise<void>
}
