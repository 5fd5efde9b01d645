import { afterEach, describe, expect, test } from 'vitest'
import { AntBench, OUR_NUMBER } from '#test/support/ant-bench'
import { encodeBicyclePower } from '../core/pages/bicycle-power.ts'
import { FakeRemote, fakeCadence, fakeShifters, fakeSpeedCadence, fakeStrap } from './fake/sensors.ts'
import { readerFor } from './readers.ts'

const benches: AntBench[] = []
function bench(): AntBench {
  const one = new AntBench()
  one.stick()
  benches.push(one)
  return one
}
afterEach(async () => {
  for (const one of benches.splice(0)) await one.close()
})

describe('sensors', () => {
  test('[B51] cadence of both kinds of sensor is that of the crank, and zero when it stands', () => {
    const b = bench()
    const both = fakeSpeedCadence(5, { cadenceRpm: 88 })
    const crank = fakeCadence(6, { cadenceRpm: 92 })
    b.air.add(both)
    b.air.add(crank)
    b.start()
    b.run(10_000)
    const last = (id: string) => b.of(id).readings.at(-1)!.reading.cadenceRpm
    expect(last('ant:121.5')).toBeCloseTo(88, 0)
    expect(last('ant:122.6')).toBeCloseTo(92, 0)
    both.now.cadenceRpm = 0
    crank.now.cadenceRpm = 0
    b.run(3000)
    expect([last('ant:121.5'), last('ant:122.6')]).toEqual([0, 0])
  })

  test('[B51] counters begin anew with each link: no speed comes from a drop-out', () => {
    const b = bench()
    const crank = fakeCadence(6, { cadenceRpm: 90 })
    b.air.add(crank)
    b.start({ kinds: [122] })
    b.run(5000)
    b.air.remove(crank)
    b.run(5000)
    // The same sensor with a new battery counts from nothing.
    b.air.add(fakeCadence(6, { cadenceRpm: 90 }))
    b.run(10_000)
    const rpm = b.of('ant:122.6').readings.map(({ reading }) => reading.cadenceRpm!)
    expect([Math.min(...rpm) > 85, Math.max(...rpm) < 95]).toEqual([true, true])
  })

  test('[B51] a strap that feels no heart says nothing', () => {
    const b = bench()
    b.air.add(fakeStrap(7, { heartRateBpm: 0, batteryPercent: 50 }))
    b.start({ kinds: [120] })
    b.run(3000)
    expect(b.of('ant:120.7').readings).toEqual([])
  })

  test('[B51] a meter that measures torque says watts and cadence of the crank, over the roll of its counters', () => {
    const reader = readerFor(11)!
    // 30 Nm at 90 rpm is 282.7 W: each turn adds 2/3 s and, in 1/32 Nm, 960.
    const page = (turn: number) =>
      encodeBicyclePower({
        ...{ page: 0x12, eventCount: (250 + turn) & 0xff, ticks: (250 + turn) & 0xff },
        ...{
          period2048: Math.round(64_000 + (turn * 4096) / 3) & 0xffff,
          accumulatedTorque32: (65_000 + turn * 960) & 0xffff,
        },
      })
    const got = Array.from({ length: 10 }, (_, turn) => reader.read(page(turn), turn * 667))
    expect(got[0]).toBeUndefined()
    for (const reading of got.slice(1)) {
      expect(reading!.powerW).toBeCloseTo(282.7, 0)
      expect(reading!.cadenceRpm).toBeCloseTo(90, 0)
    }
    expect(reader.read(page(9), 7000)).toBeUndefined()
  })

  test('[B51] a meter that measures a frequency says cadence, and watts once it was set to zero', () => {
    const reader = readerFor(11)!
    // 90 rpm and 875 Hz: three turns take two seconds, in which the gauge swings 1750 times.
    const page = (turn: number) =>
      encodeBicyclePower({
        ...{ page: 0x20, eventCount: turn, slopeNmPerHz: 12.5 },
        ...{ time2000: Math.round((turn * 4000) / 3), torqueTicks: Math.round((turn * 2 * 875) / 3) },
      })
    expect(reader.read(page(0), 0)).toBeUndefined()
    expect(reader.read(page(3), 2000)).toEqual({ source: 'power-meter', powerW: undefined, cadenceRpm: 90 })
    // 500 Hz at rest, the high byte first: 01 f4.
    reader.read(Uint8Array.of(0x01, 0x10, 0x01, 0xff, 0xff, 0xff, 0x01, 0xf4), 2500)
    const { powerW } = reader.read(page(6), 4000)!
    // (875 − 500) Hz ÷ 12.5 Hz/Nm = 30 Nm at 1.5 turns a second.
    expect(powerW).toBeCloseTo(2 * Math.PI * 1.5 * 30, 0)
  })
})

describe('buttons', () => {
  test('[B57] a remote finds us by our number; up and down shift, a press said twice counts once', () => {
    const b = bench()
    b.start()
    b.run(1000)
    const remote = new FakeRemote(b.air, 4711, OUR_NUMBER)
    expect(remote.press('up')).toBe(true)
    remote.again('up')
    remote.press('up')
    remote.press('down')
    remote.press('lap')
    const heard = b.of('ant:16.4711')
    expect(heard.link).toMatchObject({ name: 'ANT+ remote 4711', source: 'controls' })
    expect(heard.commands).toEqual([
      { ask: 'shift', by: 1 },
      { ask: 'shift', by: 1 },
      { ask: 'shift', by: -1 },
    ])
    expect(new FakeRemote(b.air, 4711, OUR_NUMBER + 1).press('up')).toBe(false)
  })

  test('[B57] of remotes that somebody makes up, eight are listened to', () => {
    const b = bench()
    b.start({ kinds: [16] })
    b.run(1000)
    for (let serial = 1; serial <= 500; serial++) new FakeRemote(b.air, serial, OUR_NUMBER).press('up')
    expect([...b.heard.keys()]).toEqual(Array.from({ length: 8 }, (_, i) => `ant:16.${i + 1}`))
  })

  test('[B57] between presses it hears what we are, and every 65th page who made us', () => {
    const b = new AntBench()
    benches.push(b)
    const stick = b.stick()
    b.start({ kinds: [16] })
    const pages = new Set<number>()
    for (let i = 0; i < 200; i++) {
      b.run(250)
      pages.add(stick.chip.broadcastOf(0)?.[0] ?? -1)
    }
    expect([2, 80, 81].every((page) => pages.has(page))).toBe(true)
    expect(stick.chip.broadcastOf(0)![7]! & 0x10).toBe(0x10)
  })

  test('[B57] gears of the bicycle shift as far as they moved; more is harder behind and in front', () => {
    const b = bench()
    const gears = fakeShifters(9, { rearGear: 5, frontGear: 0 })
    b.air.add(gears)
    b.start()
    b.run(2000)
    gears.now.rearGear = 7
    b.run(1000)
    gears.now.rearGear = 6
    b.run(1000)
    gears.now.frontGear = 1
    b.run(1000)
    expect(b.of('ant:34.9').commands).toEqual([
      { ask: 'shift', by: 2 },
      { ask: 'shift', by: -1 },
      { ask: 'shift', by: 1 },
    ])
  })
})
