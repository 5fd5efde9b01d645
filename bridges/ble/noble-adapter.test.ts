import { EventEmitter } from 'node:events'
import { expect, test } from 'vitest'
import { GATT } from '../core/gatt.ts'
import type { BlePeripheral } from './adapter.ts'
import type { Noble } from './noble.ts'
import { fullUuid, NobleAdapter, shortUuid } from './noble-adapter.ts'

/** As much of the package as the adapter asks of it, with its habits: old listeners stay, states are events. */
class FakeNoble extends EventEmitter {
  state = 'poweredOn'
  readonly calls: string[] = []
  readonly characteristic = Object.assign(new EventEmitter(), {
    uuid: '2ad2',
    properties: ['notify'],
    readAsync: async () => Buffer.from([1]),
    writeAsync: async (bytes: Buffer, isQuick: boolean) =>
      void this.calls.push(`write ${bytes.toString('hex')} ${isQuick}`),
    subscribeAsync: async () => {},
  })
  readonly peripheral = Object.assign(new EventEmitter(), {
    id: 'aabb',
    state: 'disconnected',
    advertisement: { localName: 'Turbo', serviceUuids: ['1826'] },
    connectAsync: async () => void (this.peripheral.state = 'connected'),
    cancelConnect: () => this.calls.push('cancel'),
    disconnectAsync: async () => void this.calls.push('disconnect'),
    discoverAllServicesAndCharacteristicsAsync: async () => ({
      services: [{ uuid: '1826', characteristics: [this.characteristic] }],
    }),
  })
  async startScanningAsync(services: string[]): Promise<void> {
    this.calls.push(`scan ${services.join()}`)
    this.emit('discover', this.peripheral)
  }
  async stopScanningAsync(): Promise<void> {}
  async waitForPoweredOnAsync(): Promise<void> {}
  async connectAsync(id: string): Promise<unknown> {
    this.calls.push(`connect ${id}`)
    return this.peripheral
  }
  cancelConnect(id: string): void {
    this.calls.push(`cancel ${id}`)
  }
  reset(): void {}
  stop(): void {}
}

const setUp = () => {
  const noble = new FakeNoble()
  return { noble, adapter: new NobleAdapter(noble as unknown as Noble) }
}

test('[B62] a second subscription takes the place of the first: noble would tell each value twice', async () => {
  const { noble, adapter } = setUp()
  const seen: BlePeripheral[] = []
  await adapter.scan([GATT.fitnessMachine], (peripheral) => seen.push(peripheral))
  expect(noble.calls).toEqual(['scan 1826'])
  expect(seen[0]).toMatchObject({ id: 'aabb', name: 'Turbo', services: [GATT.fitnessMachine] })
  await seen[0]!.connect()
  const [service] = await seen[0]!.discover()
  const [characteristic] = service!.characteristics
  const heard: number[][] = []
  for (let i = 0; i < 2; i++) await characteristic!.subscribe((bytes) => heard.push([...bytes]))
  noble.characteristic.emit('data', Buffer.from([7, 8]))
  expect(heard).toEqual([[7, 8]])
  await characteristic!.write(Uint8Array.of(5))
  expect(noble.calls.at(-1)).toBe('write 05 true') // It has no acknowledged write.
})

test('[B63] giving up a connection cancels it, hanging up disconnects', async () => {
  const { noble, adapter } = setUp()
  await adapter.recall('ccdd').disconnect()
  let found: BlePeripheral | undefined
  await adapter.scan([], (peripheral) => (found = peripheral))
  noble.peripheral.state = 'connecting'
  await found!.disconnect()
  noble.peripheral.state = 'connected'
  await found!.disconnect()
  expect(noble.calls.filter((call) => !call.startsWith('scan'))).toEqual(['cancel ccdd', 'cancel', 'disconnect'])
})

test('[B64] states of the system are told in our words, and what was known before a switch is not used after it', async () => {
  const { noble, adapter } = setUp()
  const powers: string[] = []
  adapter.onPower = (power) => powers.push(power)
  await adapter.scan([], () => {})
  for (const state of ['poweredOff', 'resetting', 'unauthorized', 'unsupported', 'poweredOn'])
    noble.emit('stateChange', state)
  expect(powers).toEqual(['off', 'unknown', 'no-permission', 'no-adapter', 'on'])
  await adapter.recall('aabb').connect()
  expect(noble.calls.at(-1)).toBe('connect aabb')
  await adapter.close()
  expect(noble.listenerCount('stateChange') + noble.listenerCount('discover')).toBe(0)
})

test('UUIDs go to the radio short and come back in full', () => {
  expect(shortUuid(GATT.fitnessMachine)).toBe('1826')
  expect(fullUuid('1826')).toBe(GATT.fitnessMachine)
  const own = 'a026e005-0a7d-4ab3-97fa-f1500f9feb8b'
  expect(fullUuid(shortUuid(own))).toBe(own)
})
