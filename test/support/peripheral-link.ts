import type { GattLink } from '#bridges/core/gatt'
import type { GattPeripheral } from '#bridges/gatt-peripheral'

/** An app at a peripheral with nothing between them. */
export function peripheralLink(peripheral: GattPeripheral, id = 'ble:sim'): GattLink & { drop(): void } {
  const listeners = new Map<string, (bytes: Uint8Array) => void>()
  peripheral.onNotify = (uuid, bytes) => listeners.get(uuid)?.(bytes)
  const link: GattLink & { drop(): void } = {
    id,
    carrier: 'bluetooth',
    name: 'Turbo',
    services: new Map(peripheral.services.map((s) => [s.uuid, s.characteristics.map((c) => c.uuid)])),
    onClosed: undefined,
    read: (uuid) => Promise.resolve(peripheral.find(uuid)?.value),
    write(uuid, bytes) {
      peripheral.written(uuid, bytes, 1)
      return Promise.resolve(true)
    },
    subscribe(uuid, onValue) {
      listeners.set(uuid, onValue)
      return Promise.resolve(true)
    },
    close: () => link.drop(),
    drop() {
      peripheral.onNotify = undefined
      peripheral.left(1)
      link.onClosed?.()
      link.onClosed = undefined
    },
  }
  return link
}
