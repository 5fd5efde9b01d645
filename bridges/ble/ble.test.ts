import { afterEach, describe, expect, test } from 'vitest'
import { systemClock } from '#server/clock'
import { until } from '#test/support/until'
import type { Reading } from '../core/sample.ts'
import { GATT, type GattLink } from '../core/gatt.ts'
import { gattDevice } from '../core/gatt-rider.ts'
import { Legs, LEGS_TICK_MS } from '../core/legs.ts'
import { SimulatedTrainer } from '../trainer-sim/trainer.ts'
import { type BleAdapter, BleCarrier, type BlePeripheral } from './adapter.ts'
import { fullUuid, shortUuid } from './main.ts'

const cleanups: (() => Promise<void>)[] = []
afterEach(async () => {
  await Promise.all(cleanups.splice(0).map((cleanup) => cleanup()))
})

/** A radio in memory: one simulated trainer in the air, with the faults of real radios on demand. */
class FakeRadio implements BleAdapter {
  readonly trainer = new SimulatedTrainer()
  connectFailures = 0
  isScanning = false
  #listeners = new Map<string, (bytes: Uint8Array) => void>()
  #onDisconnected: (() => void) | undefined

  constructor() {
    this.trainer.peripheral.onNotify = (uuid, bytes) => this.#listeners.get(uuid)?.(bytes)
  }

  scan(services: readonly string[], onFound: (peripheral: BlePeripheral) => void): Promise<void> {
    this.isScanning = true
    if (services.includes(GATT.fitnessMachine)) queueMicrotask(() => onFound(this.#peripheral()))
    return Promise.resolve()
  }
  stopScan(): Promise<void> {
    this.isScanning = false
    return Promise.resolve()
  }
  close(): Promise<void> {
    return this.stopScan()
  }
  /** Out of reach. */
  drop(): void {
    this.#listeners = new Map()
    this.trainer.peripheral.left()
    this.#onDisconnected?.()
  }

  #peripheral(): BlePeripheral {
    const { peripheral } = this.trainer
    return {
      id: 'aa:bb',
      name: 'Turbo 7',
      connect: () =>
        this.connectFailures-- > 0 ? Promise.reject(new Error('le-connection-abort-by-local')) : Promise.resolve(),
      disconnect: () => Promise.resolve(),
      onDisconnected: (callback) => {
        this.#onDisconnected = callback
      },
      discover: () =>
        Promise.resolve(
          peripheral.services.map((service) => ({
            uuid: service.uuid,
            characteristics: service.characteristics.map((c) => ({
              uuid: c.uuid,
              read: () => Promise.resolve(c.value),
              write: (bytes: Uint8Array) => Promise.resolve(peripheral.written(c.uuid, bytes)),
              subscribe: (onValue: (bytes: Uint8Array) => void) => {
                this.#listeners.set(c.uuid, onValue)
                return Promise.resolve()
              },
            })),
          })),
        ),
    }
  }
}

function ride(radio: FakeRadio, name?: string) {
  const readings: Reading[] = []
  const states: string[] = []
  const links: GattLink[] = []
  const legs = new Legs({ onReading: (reading) => readings.push(reading) })
  const { loop } = legs
  const beat = setInterval(() => legs.tick(systemClock.nowMs()), LEGS_TICK_MS)
  cleanups.push(() => Promise.resolve(clearInterval(beat)))
  const carrier = new BleCarrier({
    adapter: radio,
    clock: systemClock,
    name,
    onState: (sentence) => states.push(sentence),
    onLink(link) {
      links.push(link)
      void gattDevice(link, systemClock).then((device) => legs.add(device, systemClock.nowMs()))
    },
  })
  cleanups.push(() => carrier.close())
  carrier.start()
  return { readings, states, links, loop }
}

describe('a trainer in the air', () => {
  test('is found, listened to and given the grade', async () => {
    const radio = new FakeRadio()
    const { readings, loop } = ride(radio)
    loop.wish({ gradeFraction: 0.06 })
    await until('the grade', () => loop.taken !== undefined)
    expect(radio.trainer.target).toMatchObject({ mode: 'simulation', gradeFraction: 0.06 })
    radio.trainer.show({ powerW: 233, cadenceRpm: 92, heartRateBpm: 144 }, 1)
    expect(readings).toMatchObject([
      { source: 'strap', heartRateBpm: 144 },
      { source: 'trainer', powerW: 233, cadenceRpm: 92, heartRateBpm: 144 },
    ])
  })

  test('that does not connect at first is tried again', async () => {
    const radio = new FakeRadio()
    radio.connectFailures = 1
    const { links, states } = ride(radio)
    await until('a link', () => links.length === 1)
    expect(states).toContain('Turbo 7: does not connect; trying again')
  })

  test('that goes out of reach is found again, and control asked for again', async () => {
    const radio = new FakeRadio()
    const { links, loop } = ride(radio)
    loop.wish({ gradeFraction: 0.02 })
    await until('the grade', () => loop.taken !== undefined)
    radio.drop()
    expect(loop.state.state).toBe('unlinked')
    await until('a second link', () => links.length === 2)
    await until('the grade again', () => loop.taken !== undefined)
  })

  test('with another name is left alone', async () => {
    const radio = new FakeRadio()
    const { links } = ride(radio, 'other')
    await new Promise((resolve) => setTimeout(resolve, 30))
    expect(radio.isScanning).toBe(true)
    expect(links).toEqual([])
  })
})

test('UUIDs go to the radio short and come back in full', () => {
  expect(shortUuid(GATT.fitnessMachine)).toBe('1826')
  expect(fullUuid('1826')).toBe(GATT.fitnessMachine)
  const own = 'a026e005-0a7d-4ab3-97fa-f1500f9feb8b'
  expect(fullUuid(shortUuid(own))).toBe(own)
})
