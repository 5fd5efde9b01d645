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

/** Who of several apps a value is for; empty: for all that subscribed. */
export interface Addressees {
  readonly only?: number
}

/** Mute: the link stands and nothing comes of it. Away: no link, and none can be made. */
export type Presence = 'here' | 'mute' | 'away'

/** Apps are numbered by their carrier; a carrier that has but one calls it 0. */
export class GattPeripheral {
  readonly services: readonly PeripheralService[]
  #presence: Presence = 'here'
  /** Set by the carrier: sends a value to everyone who subscribed, or to one of them. */
  onNotify: ((uuid: string, bytes: Uint8Array, to: Addressees) => void) | undefined
  /** Set by the carrier: the peripheral falls silent, goes away, or is back. */
  onPresence: ((presence: Presence) => void) | undefined
  /** Set by the owner: a subscription came or went. */
  onSubscriptions: (() => void) | undefined
  /** Set by the owner: somebody wrote. */
  onWrite: ((uuid: string, bytes: Uint8Array, client: number) => void) | undefined
  /** Set by the owner: an app has gone. */
  onLeft: ((client: number) => void) | undefined

  constructor(services: readonly PeripheralService[]) {
    this.services = services
  }

  get presence(): Presence {
    return this.#presence
  }
  set presence(presence: Presence) {
    if (presence === this.#presence) return
    this.#presence = presence
    this.onPresence?.(presence)
  }

  find(uuid: string): PeripheralCharacteristic | undefined {
    for (const service of this.services)
      for (const characteristic of service.characteristics) if (characteristic.uuid === uuid) return characteristic
    return undefined
  }

  notify(uuid: string, bytes: Uint8Array, to: Addressees = {}): void {
    if (this.#presence === 'here' && this.find(uuid) !== undefined) this.onNotify?.(uuid, bytes, to)
  }
  written(uuid: string, bytes: Uint8Array, client = 0): void {
    this.onWrite?.(uuid, bytes, client)
  }
  left(client = 0): void {
    this.onLeft?.(client)
  }
}
