import { describe, expect, test } from 'vitest'
import { machinePeripheral, meterPeripheral, strapPeripheral } from '#cli/emulated-sensors'
import { VirtualClock } from '#cli/sim/virtual-clock'
import { createRandom } from '#physics/random'
import { GATT, type GattLink } from '../core/gatt.ts'
import { gattDevice } from '../core/gatt-rider.ts'
import { Legs, LEGS_TICK_MS } from '../core/legs.ts'
import { decodeControlRequest } from '../core/profiles/control-point.ts'
import { encodeCyclingPower } from '../core/profiles/cycling-power.ts'
import { encodeHeartRate } from '../core/profiles/heart-rate.ts'
import { encodeIndoorBikeData } from '../core/profiles/indoor-bike-data.ts'
import type { GattPeripheral } from '../gatt-peripheral.ts'
import { BleCarrier, type BleCarrierOptions } from './carrier.ts'
import { BAD_HABITS, FakeRadio, type FakeRadioOptions } from './fake-radio.ts'
import { powerFault } from './faults.ts'
import type { KnownPeripheral } from './sensors.ts'

const HOST = { platform: 'linux', execPath: '/opt/node/bin/node' }

/** Timers that are set and neither fired nor cancelled: what is left over after the end is a leak. */
class CountedClock extends VirtualClock {
  pending = 0
  override after(delayMs: number, callback: () => void): () => void {
    let isDone = false
    const done = (): boolean => {
      if (isDone) return false
      isDone = true
      this.pending--
      return true
    }
    this.pending++
    const cancel = super.after(delayMs, () => done() && callback())
    return () => {
      done()
      cancel()
    }
  }
}

/** A radio, a carrier and legs in virtual time. */
function setUp(
  radioOptions: Partial<FakeRadioOptions> & { seed?: number } = {},
  options: Partial<BleCarrierOptions> = {},
) {
  const clock = new CountedClock()
  const random = createRandom(radioOptions.seed ?? 1)
  const radio = new FakeRadio({ clock, random: random.fraction, ...radioOptions })
  const watts: number[] = []
  const beats: number[] = []
  const states: string[] = []
  const known: KnownPeripheral[] = []
  const links: GattLink[] = []
  const legs = new Legs({
    onReading({ powerW, heartRateBpm }) {
      if (powerW !== undefined) watts.push(powerW)
      if (heartRateBpm !== undefined) beats.push(heartRateBpm)
    },
  })
  /** What the server says, again and again. */
  let gradeFraction: number | undefined
  const road = (grade: number): void => void (gradeFraction = grade)
  let stop = (): void => {}
  const beat = (): void => {
    stop = clock.after(LEGS_TICK_MS, beat)
    if (gradeFraction !== undefined) legs.road({ gradeFraction }, clock.nowMs())
    legs.tick(clock.nowMs())
  }
  beat()
  const carrier = new BleCarrier({
    ...{ adapter: radio, clock, host: HOST },
    onState: (sentence) => states.push(sentence),
    onKnown: (one) => known.push(one),
    onLink(link) {
      links.push(link)
      void gattDevice(link, clock).then((device) => legs.add(device, clock.nowMs()))
    },
    ...options,
  })
  const run = async (ms: number, every?: () => void): Promise<void> => {
    const endMs = clock.nowMs() + ms
    while (clock.nowMs() < endMs) {
      every?.()
      clock.runUntil(clock.nowMs() + 10)
      // Chains of promises behind a timer end before the next one.
      for (let i = 0; i < 12; i++) await Promise.resolve()
    }
  }
  const until = async (what: string, isSo: () => boolean, limitMs = 60_000): Promise<number> => {
    const fromMs = clock.nowMs()
    while (!isSo()) {
      if (clock.nowMs() - fromMs > limitMs) throw new Error(`${limitMs} ms in vain for: ${what}. ${states.join(' | ')}`)
      await run(10)
    }
    return clock.nowMs() - fromMs
  }
  const close = async (): Promise<void> => {
    stop()
    const closed = carrier.close()
    await run(8000)
    await closed
  }
  return { road, clock, radio, carrier, legs, watts, beats, states, known, links, run, until, close }
}

const bike = (gatt: GattPeripheral, powerW: number): void =>
  gatt.notify(GATT.indoorBikeData, encodeIndoorBikeData({ speedKmh: 30, cadenceRpm: 90, powerW }))

const grades = (writes: readonly Uint8Array[]): readonly number[] =>
  writes.flatMap((bytes) => {
    const got = decodeControlRequest(bytes)
    return got.ok && got.value.op === 'set-simulation' ? [got.value.gradeFraction] : []
  })

/** Everything written to a machine, in order. */
function machine(): { gatt: GattPeripheral; writes: Uint8Array[] } {
  const gatt = machinePeripheral()
  const writes: Uint8Array[] = []
  const answer = gatt.onWrite!
  gatt.onWrite = (uuid, bytes, client) => {
    writes.push(bytes)
    answer(uuid, bytes, client)
  }
  return { gatt, writes }
}

describe('the desktop’s radio', () => {
  test('[B60] scans or makes one connection, never both: twelve sensors are linked one after the other and heard together', async () => {
    const { radio, carrier, legs, beats, watts, clock, run, until, close } = setUp()
    const trainer = machine()
    radio.add({ id: 'a0', name: 'Turbo', gatt: trainer.gatt })
    const straps = Array.from({ length: 6 }, (_, i) =>
      radio.add({ id: `b${i}`, name: `Strap ${i}`, gatt: strapPeripheral() }),
    )
    const meters = Array.from({ length: 5 }, (_, i) =>
      radio.add({ id: `c${i}`, name: `Meter ${i}`, gatt: meterPeripheral() }),
    )
    carrier.start()
    await until('twelve links', () => radio.linkCount === 12)
    await until('twelve devices', () => legs.state(0).devices.length === 12)
    for (const { gatt } of straps)
      gatt.notify(GATT.heartRateMeasurement, encodeHeartRate({ heartRateBpm: 140, contact: 'detected', rr1024: [] }))
    for (const { gatt } of meters) gatt.notify(GATT.powerMeasurement, encodeCyclingPower({ powerW: 250 }))
    await run(100)
    expect([beats, watts]).toEqual([Array(6).fill(140), Array(5).fill(250)])
    expect(radio.offences).toEqual([])
    await close()
    expect([radio.linkCount, clock.pending]).toEqual([0, 0])
  })

  test('[B61] a trainer that breaks off is linked again within a second, and control and the last target are back', async () => {
    const { radio, carrier, legs, road, until, close } = setUp()
    const trainer = machine()
    const sensor = radio.add({ id: 'a0', name: 'Turbo', gatt: trainer.gatt })
    carrier.start()
    road(0.06)
    await until('the grade', () => grades(trainer.writes).includes(0.06))
    trainer.writes.length = 0
    sensor.drop()
    expect(legs.isDriving).toBe(false)
    expect(await until('a link', () => sensor.linksMade === 2)).toBeLessThan(1000)
    expect(await until('the grade again', () => grades(trainer.writes).at(-1) === 0.06)).toBeLessThan(2000)
    await close()
  })

  test.each([1, 2, 3, 4])(
    '[B62] values late, twice, in bursts and after the end are heard once and in order (seed %i)',
    async (seed) => {
      const { radio, carrier, legs, watts, run, until, close, clock } = setUp({ seed, habits: BAD_HABITS })
      const sensor = radio.add({ id: 'a0', name: 'Turbo', gatt: machine().gatt })
      carrier.start()
      await until('a link', () => sensor.listenerCount > 2)
      let sent = 0
      const ends: { readonly sent: number; readonly heard: number }[] = []
      for (let i = 0; i < 12; i++) {
        let lastMs = -Infinity
        await run(8000, () => {
          if (clock.nowMs() - lastMs < 250) return
          lastMs = clock.nowMs()
          bike(sensor.gatt, ++sent)
        })
        if (legs.state(clock.nowMs()).devices.length === 1) ends.push({ sent, heard: watts.length })
        sensor.drop()
      }
      await run(3000)
      expect(watts.length).toBeGreaterThan(sent / 3)
      expect(watts).toEqual([...new Set(watts)].toSorted((a, b) => a - b))
      // What a link still had in its queue died with it.
      expect(ends.length).toBeGreaterThan(3)
      for (const end of ends) expect(watts[end.heard] ?? Infinity).toBeGreaterThan(end.sent)
      expect(radio.offences).toEqual([])
      await close()
      expect([radio.linkCount, sensor.listenerCount, radio.isScanning]).toEqual([0, 0, false])
    },
  )

  test.each([11, 12, 13])(
    '[B63] whatever hangs is given up: trainer and strap come back after each of forty losses (seed %i)',
    async (seed) => {
      const { radio, carrier, legs, road, clock, run, until, close } = setUp({ seed, habits: BAD_HABITS })
      const trainer = machine()
      const sensors = [
        radio.add({ id: 'a0', name: 'Turbo', gatt: trainer.gatt }),
        radio.add({ id: 'b0', name: 'Strap', gatt: strapPeripheral() }),
      ]
      carrier.start()
      road(0.03)
      for (let i = 0; i < 40; i++) {
        await until(`both, the ${i}th time`, () => radio.linkCount === 2 && legs.state(0).devices.length === 2)
        await until('the road', () => grades(trainer.writes).at(-1) === 0.03 && legs.isDriving)
        trainer.writes.length = 0
        await run(300)
        sensors[i % 2]!.drop()
        if (i % 5 === 4) radio.switch('off')
        await run(50)
        if (i % 5 === 4) radio.switch('on')
      }
      expect(radio.offences).toEqual([])
      await close()
      expect(clock.pending).toBe(0)
    },
  )

  test('[B64] it is switched off and on: the rider reads what to do, and everything goes on by itself', async () => {
    const { radio, carrier, legs, states, run, until, close } = setUp()
    const sensor = radio.add({ id: 'a0', name: 'Turbo', gatt: machine().gatt })
    carrier.start()
    await until('a device', () => legs.state(0).devices.length === 1)
    radio.switch('off')
    await run(20)
    expect(legs.state(0).devices).toEqual([])
    expect(carrier.faults.map(({ fault }) => fault)).toEqual(['off'])
    expect(states.at(-1)).toContain('rfkill unblock bluetooth')
    const { scanCount } = radio
    await run(5000)
    expect(radio.scanCount).toBe(scanCount)
    radio.switch('on')
    expect(await until('a link', () => sensor.linksMade === 2)).toBeLessThan(2000)
    expect(carrier.faults).toEqual([])
    await close()
  })

  test('[B65] a device of another day is linked without a scan, and known by name and services when its number is another', async () => {
    const before: KnownPeripheral = { id: 'ble:a0', peripheralId: 'a0', name: 'Turbo', services: [GATT.fitnessMachine] }
    const first = setUp({}, { known: [before] })
    first.radio.add({ id: 'a0', name: 'Turbo', gatt: machine().gatt })
    first.carrier.start()
    await first.until('a link', () => first.radio.linkCount === 1)
    expect(first.radio.scanCount).toBe(0)
    await first.close()

    const second = setUp({}, { known: [before], takesNew: false })
    second.radio.add({ id: 'ff', name: 'Turbo', gatt: machine().gatt })
    second.radio.add({ id: 'ee', name: 'Turbo', gatt: strapPeripheral() })
    second.radio.add({ id: 'dd', name: 'A neighbour’s', gatt: machine().gatt })
    second.carrier.start()
    await second.until('a link', () => second.links.length === 1)
    await second.run(5000)
    expect(second.links.map(({ id, name }) => [id, name])).toEqual([['ble:a0', 'Turbo']])
    expect(second.known.at(-1)).toMatchObject({ id: 'ble:a0', peripheralId: 'ff' })
    await second.close()
  })

  test('[B66] who sleeps or is held by another program is named, and keeps nobody else waiting', async () => {
    const asleep: KnownPeripheral = { id: 'ble:s', peripheralId: 's', name: 'Sleepy', services: [GATT.heartRate] }
    const { radio, carrier, run, until, close } = setUp({}, { known: [asleep] })
    radio.add({ id: 's', name: 'Sleepy', gatt: strapPeripheral() }).isAwake = false
    radio.add({ id: 'h', name: 'Taken', gatt: machine().gatt }).isHeld = true
    const free = radio.add({ id: 'a0', name: 'Turbo', gatt: machine().gatt })
    carrier.start()
    expect(await until('the free one', () => free.isLinked)).toBeLessThan(6000)
    await run(25_000)
    expect(carrier.faults.map(({ fault, name }) => [fault, name])).toEqual([
      ['asleep', 'Sleepy'],
      ['held', 'Taken'],
    ])
    free.drop()
    expect(await until('the free one again', () => free.isLinked)).toBeLessThan(1000)
    await close()
  })

  test('[B67] a peripheral that says its services have changed is asked for them anew', async () => {
    const { radio, carrier, links, until, close } = setUp()
    const changed = '00002a05-0000-1000-8000-00805f9b34fb'
    const gatt = machinePeripheral()
    const services = [
      ...gatt.services,
      {
        uuid: '00001801-0000-1000-8000-00805f9b34fb',
        characteristics: [{ uuid: changed, properties: 8, value: new Uint8Array(0) }],
      },
    ]
    Object.assign(gatt, { services })
    const sensor = radio.add({ id: 'a0', name: 'Turbo', gatt })
    carrier.start()
    await until('a link', () => sensor.listenerCount > 3)
    Object.assign(gatt, { services: [...services, ...strapPeripheral().services] })
    gatt.notify(changed, Uint8Array.of(1, 0, 255, 255))
    await until('a second link', () => links.length === 2)
    expect(links[1]!.services.has(GATT.heartRate)).toBe(true)
    await close()
  })

  test('with another name is left alone, and who is forgotten is let go', async () => {
    const { radio, carrier, run, until, close } = setUp({}, { name: 'turbo' })
    radio.add({ id: 'b0', name: 'Strap', gatt: strapPeripheral() })
    const sensor = radio.add({ id: 'a0', name: 'Turbo', gatt: machine().gatt })
    carrier.start()
    await until('a link', () => sensor.isLinked)
    await run(8000)
    expect(radio.linkCount).toBe(1)
    carrier.forget('ble:a0')
    await until('let go', () => !sensor.isLinked)
    await close()
  })

  test('faults name the exact remedy', () => {
    expect(powerFault('no-permission', HOST)?.remedy).toBe("sudo setcap cap_net_raw+eip '/opt/node/bin/node'")
    expect(powerFault('no-permission', { platform: 'darwin', execPath: '' })?.remedy).toContain('Privacy & Security')
    expect(powerFault('no-adapter', HOST)?.fault).toBe('no-adapter')
    expect(powerFault('on', HOST)).toBe(undefined)
  })
})
