import { connect } from 'node:net'
import { afterEach, describe, expect, test } from 'vitest'
import { systemClock } from '#server/clock'
import { until } from '#test/support/until'
import { decodeAntFrame } from '../core/ant-frame.ts'
import { AntFramer } from '../core/ant-framer.ts'
import { encodeAntMessage } from '../core/ant-message.ts'
import { decodeAntPage, encodeAntPage } from '../core/ant-page.ts'
import { decodeCommonPage } from '../core/pages/common.ts'
import { decodeBicyclePower } from '../core/pages/bicycle-power.ts'
import {
  decodeFitnessEquipment,
  encodeFitnessEquipment,
  type FitnessEquipmentPage,
} from '../core/pages/fitness-equipment.ts'
import { encodeTacxCommand, TACX_GATT } from '../core/profiles/tacx.ts'
import { AntStream } from './ant-stream.ts'
import { AntTrainer } from './ant-pages.ts'
import { parseFault } from './faults.ts'
import { CalibratingRider, type LegsModel, SteadyRider } from './legs-models.ts'
import { speakTacx } from './tacx.ts'
import { SimulatedTrainer, type TrainerOptions } from './trainer.ts'

const cleanups: (() => Promise<unknown> | void)[] = []
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).toReversed()) await cleanup()
})

function bench(options: TrainerOptions = {}, legs: LegsModel = new SteadyRider({ powerW: 240 })) {
  const trainer = new SimulatedTrainer({ spec: { startMps: 8 }, ...options })
  const ant = new AntTrainer(trainer)
  /** What a receiver hears: a page of each master every quarter of a second. */
  const heard = (seconds: number): readonly FitnessEquipmentPage[] => {
    const pages: FitnessEquipmentPage[] = []
    for (let i = 0; i < seconds * 4; i++) {
      trainer.step(legs, 0.25)
      const got = decodeFitnessEquipment(ant.next())
      if (got.ok) pages.push(got.value)
    }
    return pages
  }
  const tell = (page: FitnessEquipmentPage) => ant.take(encodeFitnessEquipment(page))
  const asked = (requestedPage: number): object => {
    tell({ page: 70, requestedPage, times: 1, command: 1 })
    const page = ant.next()
    const got = requestedPage >= 80 ? decodeCommonPage(page) : decodeFitnessEquipment(page)
    if (!got.ok) throw new Error(got.error)
    return got.value
  }
  return { trainer, ant, heard, tell, asked }
}

describe('[B79] the same trainer as ANT+ masters', () => {
  test('pages 16 and 25 tell what the physics is, and accumulated power is the sum of the reports', () => {
    const { trainer, heard } = bench()
    const pages = heard(60)
    const last25 = pages.findLast((p) => p.page === 25)!
    const last16 = pages.findLast((p) => p.page === 16)!
    const state = trainer.model.report()
    expect(last25).toMatchObject({ powerW: 240, limit: 0, state: 3 })
    expect(Math.abs((last25 as { cadenceRpm: number }).cadenceRpm - state.cadenceRpm)).toBeLessThanOrEqual(1)
    expect(last16).toMatchObject({ equipment: 25, state: 3 })
    expect((last16 as { speedMps: number }).speedMps).toBeCloseTo(state.speedMps, 1)
    const [a, b] = pages.filter((p) => p.page === 25).slice(-8, -6) as unknown as Record<string, number>[]
    const events = (b!['eventCount']! - a!['eventCount']! + 256) % 256
    expect((b!['accumulatedPowerW']! - a!['accumulatedPowerW']! + 65_536) % 65_536).toBe(events * 240)
  })

  test('in 66 slots the common pages come twice each, and power goes as 0x10 and 0x12 that agree', () => {
    const { trainer, ant } = bench()
    const legs = new SteadyRider({ powerW: 240 })
    const numbers: number[] = []
    const torque: { period2048: number; accumulatedTorque32: number }[] = []
    for (let i = 0; i < 66 * 3; i++) {
      trainer.step(legs, 0.25)
      const page = ant.nextPower()
      if (i >= 66 && i < 132) numbers.push(page[0]!)
      const got = decodeBicyclePower(page)
      if (got.ok && got.value.page === 0x12) torque.push(got.value as never)
    }
    expect([numbers.filter((n) => n === 80).length, numbers.filter((n) => n === 81).length]).toEqual([2, 2])
    const [a, b] = torque.slice(-2)
    const deltaTorque = (b!.accumulatedTorque32 - a!.accumulatedTorque32 + 65_536) % 65_536
    const deltaPeriod = (b!.period2048 - a!.period2048 + 65_536) % 65_536
    expect(Math.abs((128 * Math.PI * deltaTorque) / deltaPeriod - 240)).toBeLessThan(3)
  })

  test('control pages reach the legs: watts, slope with wind, resistance; page 71 says what became of each', () => {
    const { trainer, tell, asked } = bench()
    tell({ page: 49, powerW: 250 })
    expect(trainer.target).toEqual({ mode: 'power', powerW: 250 })
    expect(asked(71)).toMatchObject({ page: 71, lastPage: 49, sequence: 0, commandStatus: 0 })
    tell({ page: 50, cwKgpm: 0.4, windKmh: 18, draftFactor: 0.5 })
    tell({ page: 51, gradeFraction: 0.065, crr: 0.004 })
    expect(trainer.target).toMatchObject({ mode: 'simulation', gradeFraction: 0.065, windMps: 5, cwKgpm: 0.2 })
    tell({ page: 48, resistancePercent: 40 })
    expect(trainer.target).toEqual({ mode: 'resistance', share: 0.4 })
    expect(asked(71)).toMatchObject({ lastPage: 48, sequence: 3, commandStatus: 0 })
    tell({ page: 49, powerW: 2500 })
    expect(asked(71)).toMatchObject({ lastPage: 49, sequence: 4, commandStatus: 3 })
    expect(asked(80)).toMatchObject({ manufacturer: 255, model: 1, hardware: 1 })
    expect(asked(81)).toMatchObject({ serial: 34_211, software: 1 })
    expect(asked(54)).toMatchObject({
      hasPowerMode: 1,
      hasSimulationMode: 1,
      hasResistanceMode: 1,
      resistanceMaxN: 300,
    })
  })

  test('bytes that are no page are refused, and change nothing', () => {
    const { trainer, ant } = bench()
    for (const bytes of [[], [49], [49, 1, 2, 3, 4, 5, 6, 7, 8], [250, 0, 0, 0, 0, 0, 0, 0]])
      expect(ant.take(Uint8Array.from(bytes)).ok).toBe(false)
    expect(trainer.target.mode).toBe('simulation')
  })

  test('[B76] a spin-down by pages 1 and 2: target speed while it runs, its time when it has passed', () => {
    const { heard, tell } = bench({ spec: { startMps: 4 } }, new CalibratingRider())
    tell({ page: 1, hasSpinDown: 1 })
    const pages = heard(60)
    const progress = pages.filter((p) => p.page === 2) as unknown as Record<string, number>[]
    expect(progress.length).toBeGreaterThan(10)
    expect(progress[0]).toMatchObject({ isSpinDownPending: 1, speedCondition: 1, targetSpeedMps: 8.333 })
    const done = pages.filter((p) => p.page === 1) as unknown as Record<string, number>[]
    expect(done.length).toBe(4)
    expect(done[0]!['hasSpinDown']).toBe(1)
    expect(Math.abs(done[0]!['spinDownMs']! - progress[0]!['targetSpinDownMs']!)).toBeLessThan(1500)
  })
})

test('[B79] FE-C over Bluetooth: whole frames both ways; a spoiled checksum is spoiled as often as said', () => {
  const fault = parseFault('bad-crc:10')
  const trainer = new SimulatedTrainer({ speaks: ['tacx'], faults: typeof fault === 'string' ? [] : [fault] })
  speakTacx(trainer)
  const right: boolean[] = []
  trainer.peripheral.onNotify = (uuid, bytes) => {
    const got = decodeAntFrame(bytes)
    if (uuid === TACX_GATT.notify && got.ok) right.push(got.value.isChecksumRight)
  }
  trainer.step(new SteadyRider(), 50)
  expect(right.length).toBe(201)
  expect(right.filter((r) => !r).length).toBe(20)
  const page = encodeFitnessEquipment({ page: 49, powerW: 222 })
  trainer.peripheral.written(TACX_GATT.write, encodeTacxCommand(page))
  expect(trainer.target).toEqual({ mode: 'power', powerW: 222 })
  trainer.peripheral.written(TACX_GATT.write, encodeAntPage({ channel: 5 }, page).slice(0, 7))
  expect(trainer.target).toEqual({ mode: 'power', powerW: 222 })
})

test('[B79] over TCP: a stick that answers, pages with their sender, and control that is acknowledged', async () => {
  const { trainer, ant } = bench()
  const stream = new AntStream(trainer, ant, systemClock)
  const port = await stream.listen(0, '127.0.0.1')
  cleanups.push(() => stream.close())
  const socket = connect({ host: '127.0.0.1', port })
  cleanups.push(() => void socket.destroy())
  const framer = new AntFramer()
  const frames: { id: number; content: Uint8Array }[] = []
  socket.on('data', (chunk) => frames.push(...framer.push(chunk)))
  socket.write(encodeAntMessage('reset', { filler: 0 }))
  socket.write(encodeAntMessage('open', { channel: 0 }))
  socket.write(encodeAntMessage('acknowledged', { channel: 0 }, encodeFitnessEquipment({ page: 49, powerW: 233 })))
  await until(
    'answers and pages',
    () => frames.filter((f) => f.id === 0x4e).length >= 3 && frames.some((f) => f.id === 0x6f),
  )
  expect(frames.filter((f) => f.id === 0x40).map((f) => [...f.content])).toEqual([
    [0, 0x4b, 0],
    [0, 1, 5],
  ])
  const senders = frames.filter((f) => f.id === 0x4e).map((f) => decodeAntPage(f))
  expect(senders[0]).toMatchObject({ ok: true, value: { sender: { deviceNumber: 34_211, deviceType: 17 } } })
  expect(trainer.target).toEqual({ mode: 'power', powerW: 233 })
  expect(framer.badChecksums).toBe(0)
})
