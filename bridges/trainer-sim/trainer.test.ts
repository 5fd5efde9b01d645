import { describe, expect, test } from 'vitest'
import { toHex } from '../core/bytes.ts'
import { GATT } from '../core/gatt.ts'
import { type ControlRequest, decodeControlAnswer, encodeControlRequest } from '../core/profiles/control-point.ts'
import { decodeCyclingPower } from '../core/profiles/cycling-power.ts'
import { decodeIndoorBikeData } from '../core/profiles/indoor-bike-data.ts'
import { decodeMachineFeature, decodeResistanceRange } from '../core/profiles/machine-feature.ts'
import { decodeMachineStatus } from '../core/profiles/machine-status.ts'
import { type FaultName, FAULTS, parseFault } from './faults.ts'
import { CalibratingRider, SteadyRider } from './legs-models.ts'
import { BATTERY_LEVEL } from './services.ts'
import { SimulatedTrainer, type TrainerOptions } from './trainer.ts'

interface Heard {
  readonly atS: number
  readonly uuid: string
  readonly bytes: Uint8Array
  readonly only: number | undefined
}

function heardFrom(options: TrainerOptions) {
  const trainer = new SimulatedTrainer(options)
  const heard: Heard[] = []
  trainer.peripheral.onNotify = (uuid, bytes, { only }) => {
    heard.push({ atS: trainer.model.atS, uuid, bytes, only })
  }
  const of = (uuid: string): readonly Heard[] => heard.filter((h) => h.uuid === uuid)
  const bike = () =>
    of(GATT.indoorBikeData).map(({ atS, bytes }) => {
      const got = decodeIndoorBikeData(bytes)
      if (!got.ok) throw new Error(got.error)
      return { atS, ...got.value }
    })
  const ask = (request: ControlRequest, client = 1): void =>
    trainer.peripheral.written(GATT.controlPoint, encodeControlRequest(request), client)
  const answers = () =>
    of(GATT.controlPoint).map(({ atS, bytes }) => {
      const got = decodeControlAnswer(bytes)
      return { atS, result: got.ok ? got.value.result : got.error }
    })
  return { trainer, heard, of, bike, ask, answers }
}

function ridden(said: readonly string[], seconds: number, watts = 200) {
  const faults = said.map((text) => {
    const fault = parseFault(text)
    if (typeof fault === 'string') throw new Error(fault)
    return fault
  })
  const bench = heardFrom({ faults, spec: { startMps: 8 } })
  const legs = new SteadyRider({ powerW: watts })
  bench.trainer.step(legs, seconds)
  return { ...bench, legs }
}

/** One check for each name of the table: a fault without one does not compile. */
const CHECKS: Readonly<Record<FaultName, () => void>> = {
  dropout() {
    const { bike, ask, answers } = ridden(['dropout:5s@10s'], 20)
    expect(bike().filter(({ atS }) => atS >= 10 && atS < 15)).toEqual([])
    expect(bike().length).toBe(4 * 15 + 1)
    ask({ op: 'request-control' })
    expect(answers()).toMatchObject([{ result: 'success' }])
  },
  mute() {
    const { trainer, legs, ask, answers, bike } = ridden(['mute:5s@10s'], 12)
    ask({ op: 'request-control' })
    expect(answers()).toEqual([])
    expect(trainer.peripheral.presence).toBe('mute')
    trainer.step(legs, 8)
    expect(bike().filter(({ atS }) => atS >= 10 && atS < 15)).toEqual([])
    expect(bike().some(({ atS }) => atS > 16)).toBe(true)
  },
  disconnect() {
    const { trainer, legs } = ridden(['disconnect:5s@10s'], 12)
    expect(trainer.peripheral.presence).toBe('away')
    trainer.step(legs, 4)
    expect(trainer.peripheral.presence).toBe('here')
  },
  lossy() {
    const share = ridden(['lossy:30%'], 250).bike().length / 1001
    expect(share).toBeGreaterThan(0.65)
    expect(share).toBeLessThan(0.75)
  },
  duplicates() {
    const data = ridden(['duplicates'], 10).of(GATT.indoorBikeData)
    expect(data.length).toBe(82)
    for (let i = 0; i < data.length; i += 2) expect(data[i]!.bytes).toEqual(data[i + 1]!.bytes)
  },
  bursts() {
    const moments = ridden(['bursts:2s'], 10)
      .bike()
      .map(({ atS }) => Math.round(atS * 100) / 100)
    expect([...new Set(moments)]).toEqual([2, 4, 6, 8, 10])
  },
  stuck() {
    const rows = ridden(['stuck:5s@10s'], 20).bike()
    const during = rows.filter(({ atS }) => atS >= 10 && atS < 15)
    expect(new Set(during.map((r) => `${r.powerW} ${r.cadenceRpm}`))).toEqual(new Set(['200 0']))
    expect(rows.at(-1)!.cadenceRpm).toBeGreaterThan(80)
  },
  frozen() {
    const { of } = ridden(['frozen:5s@4s'], 12)
    const during = of(GATT.indoorBikeData).filter(({ atS }) => atS >= 4 && atS < 9)
    expect(new Set(during.map(({ bytes }) => toHex(bytes))).size).toBe(1)
    const crank = of(GATT.powerMeasurement).filter(({ atS }) => atS >= 4 && atS < 9)
    expect(new Set(crank.map(({ bytes }) => toHex(bytes))).size).toBe(1)
  },
  spike() {
    const rows = ridden(['spike:3900W'], 30).bike()
    expect(rows.filter((r) => r.powerW === 3900).length).toBe(3)
  },
  'no-cadence'() {
    const { bike, of } = ridden(['no-cadence'], 10)
    expect(bike().every((r) => r.cadenceRpm === undefined)).toBe(true)
    expect(decodeCyclingPower(of(GATT.powerMeasurement).at(-1)!.bytes)).toEqual({ ok: true, value: { powerW: 200 } })
  },
  'heart-zero'() {
    expect(ridden(['heart-zero'], 2).bike().at(-1)!.heartRateBpm).toBe(0)
  },
  'more-data'() {
    const rows = ridden(['more-data'], 2).bike()
    expect(rows.slice(-2).map((r) => [r.speedKmh === undefined, r.powerW === undefined])).toEqual([
      [true, false],
      [false, true],
    ])
  },
  'resistance-s16'() {
    const { ask, bike, trainer, legs } = ridden(['resistance-s16'], 1)
    ask({ op: 'request-control' })
    ask({ op: 'set-target-resistance', resistanceLevel: 42 })
    trainer.step(legs, 1)
    expect(bike().at(-1)).toMatchObject({ resistanceLevel: 42 })
  },
  'resistance-u8'() {
    const { bike, trainer } = ridden(['resistance-u8'], 1)
    expect(bike().at(-1)).toMatchObject({ resistanceRawU8: 0 })
    const range = trainer.peripheral.find(GATT.resistanceRange)!.value
    expect(decodeResistanceRange(range)).toMatchObject({ ok: true, value: { maxRawU8: 250 } })
  },
  'no-power-service'() {
    const { trainer, of } = ridden(['no-power-service'], 1)
    expect(trainer.peripheral.services.map((s) => s.uuid)).toEqual([GATT.fitnessMachine, GATT.heartRate])
    expect(of(GATT.powerMeasurement)).toEqual([])
  },
  'no-heart-service'() {
    expect(ridden(['no-heart-service'], 1).trainer.peripheral.find(GATT.heartRateMeasurement)).toBeUndefined()
  },
  'no-control'() {
    expect(ridden(['no-control'], 1).trainer.peripheral.find(GATT.controlPoint)).toBeUndefined()
  },
  'no-ranges'() {
    const { peripheral } = ridden(['no-ranges'], 1).trainer
    expect([peripheral.find(GATT.powerRange), peripheral.find(GATT.resistanceRange)]).toEqual([undefined, undefined])
  },
  'services-reversed'() {
    const uuids = (t: SimulatedTrainer) =>
      t.peripheral.services.flatMap((s) => [s.uuid, ...s.characteristics.map((c) => c.uuid)])
    const reversed = ridden(['services-reversed'], 1).trainer
    expect(reversed.peripheral.services[0]!.uuid).toBe(GATT.cyclingPower)
    expect(uuids(reversed).toSorted()).toEqual(uuids(new SimulatedTrainer()).toSorted())
  },
  battery() {
    expect(ridden(['battery:7%'], 1).trainer.peripheral.find(BATTERY_LEVEL)!.value).toEqual(Uint8Array.of(7))
  },
  'control-lost'() {
    const { ask, of, trainer, legs } = ridden(['control-lost@5s'], 1)
    ask({ op: 'request-control' }, 7)
    trainer.step(legs, 6)
    const told = of(GATT.machineStatus).map(({ bytes, only }) => [decodeMachineStatus(bytes), only])
    expect(told).toEqual([[{ ok: true, value: { op: 'control-lost' } }, 7]])
    expect(trainer.isControlled).toBe(false)
  },
  'refuse-control'() {
    const { ask, answers } = ridden(['refuse-control'], 1)
    ask({ op: 'request-control' })
    expect(answers()).toMatchObject([{ result: 'not-permitted' }])
  },
  'refuse-start'() {
    refused('refuse-start', { op: 'start-or-resume' }, 'failed')
  },
  'refuse-sim'() {
    const request = { op: 'set-simulation', windMps: 0, gradeFraction: 0.05, crr: 0.004, cwKgpm: 0.51 } as const
    refused('refuse-sim', request, 'not-supported')
    expect(featuresOf('refuse-sim').has('set-simulation')).toBe(false)
  },
  'refuse-erg'() {
    refused('refuse-erg', { op: 'set-target-power', powerW: 200 }, 'not-supported')
    expect(featuresOf('refuse-erg').has('set-power')).toBe(false)
  },
  'no-answers'() {
    const { ask, answers, trainer } = ridden(['no-answers'], 1)
    ask({ op: 'request-control' })
    ask({ op: 'set-target-power', powerW: 222 })
    expect(answers()).toEqual([])
    expect(trainer.target).toEqual({ mode: 'power', powerW: 222 })
  },
  'slow-answers'() {
    const { ask, answers, trainer, legs } = ridden(['slow-answers:2s'], 1)
    ask({ op: 'request-control' })
    trainer.step(legs, 1.75)
    expect(answers()).toEqual([])
    trainer.step(legs, 0.5)
    expect(answers()).toMatchObject([{ result: 'success' }])
  },
  'keeps-target'() {
    for (const [said, mode] of [
      [[], 'simulation'],
      [['keeps-target'], 'power'],
    ] as const) {
      const { ask, trainer } = ridden(said, 1)
      ask({ op: 'request-control' }, 3)
      ask({ op: 'set-target-power', powerW: 300 }, 3)
      trainer.peripheral.left(2)
      expect(trainer.target.mode).toBe('power')
      trainer.peripheral.left(3)
      expect(trainer.target.mode).toBe(mode)
    }
  },
  'no-spin-down'() {
    refused('no-spin-down', { op: 'spin-down', startOrIgnore: 1 }, 'not-supported')
    expect(featuresOf('no-spin-down').has('spin-down')).toBe(false)
  },
  'spin-down-fails'() {
    const { ask, of, trainer } = ridden(['spin-down-fails'], 1)
    ask({ op: 'request-control' })
    ask({ op: 'spin-down', startOrIgnore: 1 })
    trainer.step(new CalibratingRider(), 100)
    const told = of(GATT.machineStatus).map(({ bytes }) => bytes[1])
    expect(told).toEqual([1, 3])
  },
  // Proved where the frames are, in ant-pages.test.ts.
  'bad-crc'() {
    expect(ridden(['bad-crc:10'], 1).trainer.faults.value('bad-crc')).toBe(10)
  },
  bias() {
    expect(ridden(['bias:-5%'], 30).bike().at(-1)!.powerW).toBe(190)
  },
  drift() {
    const { trainer, bike } = ridden(['drift:20W'], 900)
    expect(bike().at(-1)!.powerW! - trainer.model.report().legsW).toBeGreaterThan(8)
  },
  noise() {
    const rows = ridden(['noise:3%'], 300).bike().slice(40)
    const mean = rows.reduce((sum, r) => sum + r.powerW!, 0) / rows.length
    const sd = Math.sqrt(rows.reduce((sum, r) => sum + (r.powerW! - mean) ** 2, 0) / rows.length)
    expect(Math.abs(mean - 200)).toBeLessThan(1)
    expect(sd).toBeGreaterThan(5)
    expect(sd).toBeLessThan(7)
  },
  'cadence-off'() {
    const { bike, trainer } = ridden(['cadence-off:12rpm'], 30)
    expect(bike().at(-1)!.cadenceRpm! - trainer.model.report().cadenceRpm).toBeCloseTo(12, 0)
  },
  'erg-lag'() {
    const heldW = (said: readonly string[]): number => {
      const { ask, trainer, legs } = ridden(said, 30)
      ask({ op: 'request-control' })
      ask({ op: 'set-target-power', powerW: 350 })
      trainer.step(legs, 2)
      const { brakeN, speedMps } = trainer.model.report()
      return brakeN * speedMps
    }
    expect(heldW([]) - heldW(['erg-lag:5s'])).toBeGreaterThan(40)
  },
}

function refused(name: FaultName, request: ControlRequest, result: string): void {
  const { ask, answers } = ridden([name], 1)
  ask({ op: 'request-control' })
  ask(request)
  expect(answers()).toMatchObject([{ result: 'success' }, { result }])
}
function featuresOf(name: FaultName): ReadonlySet<string> {
  const got = decodeMachineFeature(ridden([name], 1).trainer.peripheral.find(GATT.machineFeature)!.value)
  if (!got.ok) throw new Error(got.error)
  return got.value.names
}

describe('[B77] every fault is what its name says', () => {
  test.each(FAULTS.map((f) => f.name))('%s', (name) => CHECKS[name]())

  test('a fault that is none is told in a sentence, with the names there are', () => {
    expect(parseFault('bla')).toMatch(/^no fault is called bla; there are dropout, mute, /)
    expect(parseFault('dropout:5W')).toBe('dropout takes a value like 20s, not 5W')
    expect(parseFault('no-cadence:3')).toBe('no-cadence takes no value, not 3')
    expect(parseFault('dropout@soon')).toMatch(/^no fault is called/)
    expect(parseFault('dropout@5m3')).toEqual({ name: 'dropout', value: 20, fromS: 303, toS: 323 })
    expect(parseFault('bias:-3%@1m-2m')).toEqual({ name: 'bias', value: -3, fromS: 60, toS: 120 })
    expect(parseFault('bias:1.2.3')).toMatch(/no number/)
  })
})

describe('several apps at one trainer', () => {
  test('[B73] one controls; the next that asks takes over, and only the one before hears that control is lost', () => {
    const { ask, answers, of, trainer } = heardFrom({})
    ask({ op: 'request-control' }, 1)
    ask({ op: 'set-target-power', powerW: 150 }, 2)
    ask({ op: 'request-control' }, 2)
    ask({ op: 'set-target-power', powerW: 160 }, 2)
    ask({ op: 'set-target-power', powerW: 170 }, 1)
    expect(answers().map((a) => a.result)).toEqual(['success', 'not-permitted', 'success', 'success', 'not-permitted'])
    expect(of(GATT.controlPoint).map((h) => h.only)).toEqual([1, 2, 2, 2, 1])
    const lost = of(GATT.machineStatus).filter(({ bytes }) => bytes[0] === 0xff)
    expect(lost.map((h) => h.only)).toEqual([1])
    expect(trainer.target).toEqual({ mode: 'power', powerW: 160 })
  })
})

describe('[B78] the same ride again', () => {
  const bytesOf = (seed: number): string => {
    const faults = ['lossy:10%', 'noise:3%', 'drift:10W', 'duplicates:5%'].map((text) => parseFault(text))
    const options = { seed, faults: faults.filter((f) => typeof f !== 'string'), speaks: ['trainer', 'power'] as const }
    const { trainer, heard } = heardFrom(options)
    trainer.step(new SteadyRider({ powerW: 230 }), 60)
    return heard.map(({ uuid, bytes }) => `${uuid.slice(4, 8)} ${toHex(bytes)}`).join('\n')
  }

  test('the same seed gives the same bytes, another seed others', () => {
    expect(bytesOf(8214)).toBe(bytesOf(8214))
    expect(bytesOf(8214)).not.toBe(bytesOf(8215))
  })
})
