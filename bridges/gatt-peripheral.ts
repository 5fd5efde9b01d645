/** The other side of GATT: what a simulated trainer offers, whichever carrier brings it to an app. */
export interface PeripheralCharacteristic {
  readonly uuid: string
  /** PROPERTY bits of dircon/frame.ts: 1 read, 2 write, 4 notify, 8 indicate. */
  readonly properties: number
  /** What a read answers. */
  value: Uint8Array
}

export interface PeripheralService {
  readonly uuid: string
  readonly characteristics: readonly PeripheralCharacteristic[]
}

export class GattPeripheral {
  readonly services: readonly PeripheralService[]
  /** Set by the carrier: sends a value to everyone who subscribed. */
  onNotify: ((uuid: string, bytes: Uint8Array) => void) | undefined
  /** Set by the owner: a subscription came or went. */
  onSubscriptions: (() => void) | undefined
  /** Set by the owner: somebody wrote. */
  onWrite: ((uuid: string, bytes: Uint8Array) => void) | undefined
  /** Set by the owner: the last app has gone. */
  onLeft: (() => void) | undefined

  constructor(services: readonly PeripheralService[]) {
    this.services = services
  }

  find(uuid: string): PeripheralCharacteristic | undefined {
    for (const service of this.services)
      for (const characteristic of service.characteristics) if (characteristic.uuid === uuid) return characteristic
    return undefined
  }

  notify(uuid: string, bytes: Uint8Array): void {
    this.onNotify?.(uuid, bytes)
  }
  written(uuid: string, bytes: Uint8Array): void {
    this.onWrite?.(uuid, bytes)
  }
  left(): void {
    this.onLeft?.()
  }
}
