import { expect, test } from 'vitest'
import { VirtualClock } from '#cli/sim/virtual-clock'
import { KeptDevice, type KeptState } from './kept-device.ts'
import type { WebGattLink } from './web-gatt.ts'

/** A device of the browser, as far as keeping it goes: what `connect` does is said by each test. */
class FakeDevice extends EventTarget {
  readonly id = 'x'
  readonly name = 'Turbo'
  readonly connects: number[] = []
  readonly hangUps: number[] = []
  isWatched = false
  isConnected = false
  answer: 'yes' | 'no' | 'never' = 'yes'
  hasServices = true
  late: PromiseWithResolvers<unknown> | undefined
  readonly #clock: VirtualClock
  readonly gatt = {
    connect: (): Promise<unknown> => {
      this.connects.push(this.#clock.nowMs())
      if (this.answer === 'no') return Promise.reject(new Error('unreachable'))
      if (this.answer === 'never') {
        this.late = Promise.withResolvers()
        return this.late.promise
      }
      this.isConnected = true
      return Promise.resolve(this.gatt)
    },
    disconnect: (): void => {
      this.hangUps.push(this.#clock.nowMs())
      this.isConnected = false
    },
    getPrimaryServices: async (): Promise<unknown[]> => {
      if (!this.hasServices) throw new Error('GATT server is disconnected')
      return [{ uuid: 's', getCharacteristics: async () => [{ uuid: 'c' }] }]
    },
  }
  constructor(clock: VirtualClock) {
    super()
    this.#clock = clock
    Object.defineProperty(this.gatt, 'connected', { get: () => this.isConnected })
  }
  watchAdvertisements({ signal }: { signal: AbortSignal }): Promise<void> {
    this.isWatched = true
    signal.addEventListener('abort', () => (this.isWatched = false))
    return Promise.resolve()
  }
  drop(): void {
    this.isConnected = false
    this.dispatchEvent(new Event('gattserverdisconnected'))
  }
  advertise(): void {
    if (this.isWatched) this.dispatchEvent(new Event('advertisementreceived'))
  }
}

function setUp() {
  const clock = new VirtualClock()
  const device = new FakeDevice(clock)
  const links: WebGattLink[] = []
  const states: KeptState[] = []
  const kept = new KeptDevice({
    ...{ id: 'ble:x', name: 'Turbo', clock, device: device as unknown as BluetoothDevice },
    hooks: { onLink: (link) => links.push(link), onState: (state) => states.push(state) },
  })
  const run = async (ms: number): Promise<void> => {
    const endMs = clock.nowMs() + ms
    do {
      for (let i = 0; i < 20; i++) await Promise.resolve()
      clock.runUntil(Math.min(endMs, clock.nowMs() + 10))
    } while (clock.nowMs() < endMs)
    for (let i = 0; i < 20; i++) await Promise.resolve()
  }
  return { clock, device, links, states, kept, run }
}

test('[B69] a lost device is tried at once, and then ten times a second while the loss is young', async () => {
  const { clock, device, links, kept, run } = setUp()
  kept.open()
  await run(10)
  expect(links).toHaveLength(1)
  let closed = 0
  links[0]!.onClosed = () => closed++
  device.answer = 'no'
  const lostMs = clock.nowMs()
  device.drop()
  await run(1000)
  expect(closed).toBe(1)
  expect(device.connects[1]! - lostMs).toBeLessThanOrEqual(10)
  expect(device.connects.length).toBeGreaterThanOrEqual(9)
  await run(300_000)
  const { length } = device.connects
  await run(60_000)
  expect(device.connects.length - length).toBeLessThanOrEqual(13) // A device that is away for long is looked for every five seconds.
  device.answer = 'yes'
  await run(5100)
  expect(links).toHaveLength(2)
  expect(kept.state).toEqual({ state: 'linked' })
})

test('[B69] a connection that never answers is given up and begun anew; an advertisement ends the waiting', async () => {
  const { device, links, kept, run } = setUp()
  device.answer = 'never'
  kept.open()
  await run(10_050)
  expect(device.hangUps).toHaveLength(1)
  await run(100)
  expect(device.connects).toHaveLength(2)
  expect(device.isWatched).toBe(true)
  await run(2500)
  device.answer = 'yes'
  device.advertise()
  await run(150)
  expect(links).toHaveLength(1)
  expect(device.isWatched).toBe(false)
})

test('[B69] a half-open link is closed before the next try, and one that comes after the end is hung up', async () => {
  const { device, links, kept, run } = setUp()
  device.hasServices = false
  kept.open()
  await run(20)
  expect([device.hangUps.length, device.isConnected, links.length]).toEqual([1, false, 0])
  device.answer = 'never'
  await run(200)
  kept.close()
  await run(10)
  const before = device.hangUps.length
  device.isConnected = true
  device.late!.resolve(device.gatt)
  await run(10)
  expect([device.hangUps.length - before, device.isConnected]).toEqual([1, false])
  await run(20_000)
  expect(links).toEqual([])
})
