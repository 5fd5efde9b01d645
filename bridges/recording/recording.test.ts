import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { createRandom } from '#physics/random'
import { AntBench, steadyTrainer } from '#test/support/ant-bench'
import { fakePowerMeter, fakeStrap } from '../ant/fake/sensors.ts'
import { toHex } from '../core/bytes.ts'
import type { BridgeClock } from '../core/clock.ts'
import type { DeviceLink } from '../core/devices.ts'
import { GATT } from '../core/gatt.ts'
import { Legs } from '../core/legs.ts'
import { encodeCyclingPower } from '../core/profiles/cycling-power.ts'
import { encodeIndoorBikeData } from '../core/profiles/indoor-bike-data.ts'
import { Recorder } from '../core/recording/recorder.ts'
import type { RawRecord } from '../core/recording/record.ts'
import type { Sample } from '../core/sample.ts'
import { RideBridge, type UplinkEvents } from '../ride-bridge.ts'
import { FileMemory } from '../rider-memory.ts'
import { loadRecording, openRecording } from './files.ts'
import { PlayedCarrier } from './played-carrier.ts'

const folder = mkdtempSync(join(tmpdir(), 'gruppetto-recording-'))
afterAll(() => rmSync(folder, { recursive: true }))

function ridden(clock: BridgeClock) {
  const samples: Sample[] = []
  const names: string[] = []
  const legs: Legs = new Legs({
    onReading: (_reading, atMs) => {
      for (let sample = legs.take(atMs); sample !== undefined; sample = legs.take(atMs)) samples.push(sample)
    },
  })
  const onDevice = (device: DeviceLink): void => {
    names.push(device.id)
    legs.add(device, clock.nowMs())
  }
  return { legs, samples, names, onDevice }
}

async function played(records: readonly RawRecord[]) {
  const carrier = new PlayedCarrier({ records })
  const rider = ridden(carrier.clock)
  const said: string[] = []
  carrier.hear({ onDevice: rider.onDevice, onLink: () => {}, onState: (sentence) => said.push(sentence) }).start()
  await carrier.ended()
  return { ...rider, said }
}

function load(path: string): readonly RawRecord[] {
  const got = loadRecording(path)
  if (!got.ok) throw new Error(got.sentence)
  return got.value.records
}

describe('a stick, kept and played', () => {
  test('[B107] trainer, power meter and strap over ANT+, with losses, control and a meter that is away for a while: the same samples bit for bit', async () => {
    const path = join(folder, 'ant.jsonl')
    const file = openRecording(path, () => {})
    if (!file.ok) throw new Error(file.sentence)
    const bench = new AntBench()
    bench.run(1234.5)
    const recorder = new Recorder({ nowMs: () => bench.clock.nowMs(), write: (line) => file.write(line) })
    bench.stick()
    const { trainer, report } = steadyTrainer(34_211)
    const meter = fakePowerMeter(4711, { powerW: 210, cadenceRpm: 90 })
    bench.air.add(trainer)
    bench.air.add(meter)
    bench.air.add(fakeStrap(77, { heartRateBpm: 141 }))
    const { fraction } = createRandom(5)
    bench.air.isLost = () => fraction() < 0.05
    const rider = ridden(bench.clock)
    bench.start({ onDevice: rider.onDevice, wrapStick: (stick) => recorder.stick(stick, `ant:${stick.place}`) })
    for (let second = 0; second < 90; second++) {
      report.powerW = Math.round(180 + 60 * fraction())
      meter.now.powerW = report.powerW - 7
      if (second === 40) bench.air.remove(meter)
      if (second === 60) bench.air.add(meter)
      rider.legs.road({ gradeFraction: second / 1000, draftFactor: 1 }, bench.clock.nowMs())
      for (let i = 0; i < 10; i++) {
        rider.legs.tick(bench.clock.nowMs())
        bench.run(100)
      }
    }
    file.close()
    const samples = [...rider.samples]
    await bench.close()
    expect(rider.names.toSorted()).toEqual(['ant:11.4711', 'ant:11.4711', 'ant:120.77', 'ant:17.34211'])
    expect(samples.length).toBeGreaterThan(200)
    expect(samples.some(({ heartRateBpm }) => heartRateBpm === 141)).toBe(true)
    const text = readFileSync(path, 'utf8')
    // The bench's key begins 01 02 03: in no line, in no letter case.
    expect(text.toLowerCase()).not.toContain('0102030405')
    expect(text.split('\n').filter((line) => line.includes('"out"')).length).toBeGreaterThan(50)
    const again = await played(load(path))
    expect(again.names).toEqual(rider.names)
    expect(again.samples).toEqual(samples)
  })

  test.skipIf(!existsSync('../shared/data/captures/456.cap'))(
    '[B107] captures of real sensors play through channels, decoders and legs to the work that their meters summed (needs ../shared/data/captures)',
    async () => {
      for (const [name, watts] of [
        ['123', 9550 / 36],
        ['456', 12_043 / 45],
      ] as const) {
        const { names, samples, said } = await played(load(`../shared/data/captures/${name}.cap`))
        expect(names.some((id) => id.startsWith('ant:11.'))).toBe(true)
        expect(said.some((sentence) => sentence.includes('stumble') || sentence.includes('not answer'))).toBe(false)
        const workJ = samples
          .slice(0, -1)
          .reduce((sum, s, i) => sum + (s.powerW * (samples[i + 1]!.atMs - s.atMs)) / 1000, 0)
        const ridS = (samples.at(-1)!.atMs - samples[0]!.atMs) / 1000
        expect(samples.length).toBeGreaterThan(30)
        expect(workJ / ridS / watts).toBeGreaterThan(0.9)
        expect(workJ / ridS / watts).toBeLessThan(1.1)
      }
    },
  )
})

describe('a bridge that rides a recording', () => {
  test('[B100] tells the server which kind of device gives the watts within a second of a change, and its rider which device', async () => {
    const link = (id: string, service: string, at: string): RawRecord[] => [
      { ms: 0, id, is: 'link', name: id, carrier: 'bluetooth', services: { [service]: [at] } },
      { ms: 1, id, is: 'listen', at, ok: true },
    ]
    const records = [
      ...link('my trainer', GATT.fitnessMachine, GATT.indoorBikeData),
      ...link('my pedals', GATT.cyclingPower, GATT.powerMeasurement),
    ]
    for (let ms = 1000; ms <= 40_000; ms += 500) {
      // The pedals are not heard from 10 to 20 s.
      const isHeard = ms < 10_000 || ms >= 20_000
      if (isHeard)
        records.push({
          ms,
          id: 'my pedals',
          is: 'in',
          at: GATT.powerMeasurement,
          hex: toHex(encodeCyclingPower({ powerW: 200 + (ms % 7) })),
        })
      const hex = toHex(encodeIndoorBikeData({ speedKmh: 30, powerW: 210 }))
      records.push({ ms: ms + 100, id: 'my trainer', is: 'in', at: GATT.indoorBikeData, hex })
    }
    const carrier = new PlayedCarrier({ records })
    const told: [number, string][] = []
    const said: string[] = []
    let events: UplinkEvents | undefined
    const nobody = { ok: false, isUnknown: false, sentence: 'nobody is here' } as const
    const bridge = new RideBridge({
      clock: carrier.clock,
      door: {
        origin: 'http://nowhere',
        ...{
          seat: async () => nobody,
          token: async () => nobody,
          pair: async () => nobody,
          press: async () => {},
          routes: async () => undefined,
        },
      },
      memory: new FileMemory(join(folder, 'nobody.json')),
      ...{ newcomer: {}, difficulty: 1, onOver: () => {}, say: (sentence) => said.push(sentence) },
      makeCarriers: (heard) => [carrier.hear(heard)],
      makeUplink: (heard) => {
        events = heard
        return {
          start: () => {},
          send: () => {},
          close: async () => {},
          wish: (wish) => {
            if (wish.kind === 'sources' && told.at(-1)?.[1] !== wish.power)
              told.push([carrier.clock.nowMs(), wish.power])
          },
        }
      },
    })
    bridge.start()
    events!.onState('connected', 'here')
    await carrier.ended()
    expect(told.map(([, power]) => power)).toEqual(['none', 'power-meter', 'trainer', 'power-meter'])
    const [, , silent, back] = told.map(([atMs]) => atMs)
    // Heard last at 9.5 s, fresh until 12.5; again at 20, and believed after five seconds.
    expect(silent! - 12_500).toBeLessThan(1000)
    expect(silent! - 12_500).toBeGreaterThanOrEqual(0)
    expect(back! - 25_000).toBeLessThan(1000)
    expect(back! - 25_000).toBeGreaterThanOrEqual(0)
    expect(said).toContain('power: from my trainer; my pedals is silent')
    expect(said).toContain('power: from my pedals, which is better than my trainer')
  })
})

describe('the file of a recording', () => {
  test('[B108] is not written over, is its owner’s alone, and has each line before the next byte is read', () => {
    const path = join(folder, 'lines.jsonl')
    const file = openRecording(path, () => {})
    expect(file.ok).toBe(true)
    if (!file.ok) return
    file.write('one')
    file.write('two')
    expect(readFileSync(path, 'utf8')).toBe('one\ntwo\n')
    expect(statSync(path).mode & 0o077).toBe(0)
    const beside = [openRecording(path, () => {}), openRecording(path, () => {})]
    expect(beside.map((one) => one.ok && one.path)).toEqual([
      join(folder, 'lines-2.jsonl'),
      join(folder, 'lines-3.jsonl'),
    ])
    for (const one of beside) if (one.ok) one.close()
    expect(readFileSync(path, 'utf8')).toBe('one\ntwo\n')
    expect(openRecording(join(folder, 'nowhere', 'x'), () => {})).toMatchObject({ ok: false })
    file.close()
    file.write('three')
    expect(readFileSync(path, 'utf8')).toBe('one\ntwo\n')
  })

  test('[B108] what is none says what is wrong with it', () => {
    const path = join(folder, 'none.txt')
    writeFileSync(path, 'watts\n')
    expect(loadRecording(path)).toEqual({
      ok: false,
      sentence: `${path} is no recording: its first line does not say that it is a recording of trainer bytes.`,
    })
    expect(loadRecording(join(folder, 'nowhere'))).toMatchObject({ ok: false })
    expect(loadRecording(folder)).toMatchObject({ ok: false })
  })
})
