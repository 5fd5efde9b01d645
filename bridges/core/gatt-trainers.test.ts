import { describe, expect, test } from 'vitest'
import { CalibratingRider, type LegsModel, SteadyRider } from '#bridges/trainer-sim/legs-models'
import { speakTacx } from '#bridges/trainer-sim/tacx'
import { SimulatedTrainer, type TrainerOptions } from '#bridges/trainer-sim/trainer'
import { peripheralLink } from '#test/support/peripheral-link'
import { VirtualClock } from '#test/support/virtual-clock'
import type { GattLink } from './gatt.ts'
import { GATT } from './gatt.ts'
import { gattDevice } from './gatt-rider.ts'
import { Legs, LEGS_TICK_MS } from './legs.ts'
import { toHex } from './bytes.ts'
import { decodeWahooRequest, encodeWahooAnswer, wahooCode } from './profiles/wahoo.ts'
import type { Reading } from './sample.ts'

/** Legs on a link, in virtual time. */
async function ridden(link: GattLink, clock: VirtualClock, each: () => void) {
  const readings: Reading[] = []
  const legs = new Legs({ onReading: (reading) => readings.push(reading) })
  const device = gattDevice(link, clock)
  let since = 0
  let grade: number | undefined
  const pass = (ms: number) =>
    clock.pass(ms, 10, () => {
      each()
      since += 10
      if (grade !== undefined && since % 250 === 0) legs.road({ gradeFraction: grade }, clock.nowMs())
      if (since % LEGS_TICK_MS === 0) legs.tick(clock.nowMs())
    })
  /** From now on the server tells this road. */
  const ride = (gradeFraction: number): void => {
    grade = gradeFraction
    legs.road({ gradeFraction }, clock.nowMs())
  }
  await pass(1700)
  legs.add(await device, clock.nowMs())
  return { legs, readings, pass, ride, device: await device }
}

async function simulated(options: TrainerOptions, rider: LegsModel) {
  const trainer = new SimulatedTrainer(options)
  if (options.speaks?.includes('tacx')) speakTacx(trainer)
  const clock = new VirtualClock()
  const bench = await ridden(peripheralLink(trainer.peripheral), clock, () => trainer.step(rider, 0.01))
  return { trainer, clock, ...bench }
}

describe('FE-C over BLE', () => {
  test('[B93] gives watts and cadence and takes road, watts and brake, also where checksums are wrong', async () => {
    for (const faults of [[], [{ name: 'bad-crc', value: 3, fromS: 0, toS: Infinity }]] as const) {
      const { trainer, legs, readings, pass, ride, device, clock } = await simulated(
        { speaks: ['tacx'], faults: faults as TrainerOptions['faults'] & object },
        new SteadyRider({ powerW: 190 }),
      )
      expect(device.brings).toEqual(['power', 'cadence', 'resistance'])
      expect(device.trainer!.abilities).toMatchObject({ simulation: true, power: true, resistance: true })
      ride(0.05)
      await pass(8000)
      expect(trainer.target).toMatchObject({ mode: 'simulation', gradeFraction: 0.05 })
      expect(legs.loop.trouble).toBeUndefined()
      expect(readings.findLast(({ powerW }) => powerW !== undefined)!.powerW).toBeGreaterThan(150)
      legs.ask({ ask: 'target', targetW: 210 }, clock.nowMs())
      legs.ask({ ask: 'mode', mode: 'erg' }, clock.nowMs())
      await pass(5000)
      expect(trainer.target).toEqual({ mode: 'power', powerW: 210 })
      legs.ask({ ask: 'mode', mode: 'resistance' }, clock.nowMs())
      legs.ask({ ask: 'resistance', share: 0.25 }, clock.nowMs())
      await pass(8000)
      expect(trainer.target).toEqual({ mode: 'resistance', share: 0.25 })
    }
  })

  test('[B93] a spin-down goes by pages 1 and 2, in the same words', async () => {
    const { legs, pass, ride, clock, device } = await simulated({ speaks: ['tacx'] }, new CalibratingRider())
    ride(0)
    await pass(3000)
    legs.ask({ ask: 'calibrate', deviceId: device.id }, clock.nowMs())
    const words = new Set<string>()
    for (let i = 0; i < 60 && ![...words].some((it) => it.includes('calibrated')); i++) {
      await pass(1000)
      words.add(legs.state(clock.nowMs()).calibration!.words)
    }
    expect([...words].some((it) => it.startsWith('Pedal faster'))).toBe(true)
    expect([...words].at(-1)).toMatch(/^The trainer is calibrated/)
  })
})

describe('the extension in the power service', () => {
  /** Answers what `answers` says, later: undefined is never. */
  async function wahoo(answers: (op: string) => boolean | undefined) {
    const clock = new VirtualClock()
    const written: string[] = []
    const ops: string[] = []
    let onValue: (bytes: Uint8Array) => void = () => {}
    const link: GattLink = {
      ...{ id: 'ble:w', carrier: 'bluetooth', name: 'Turbo', onClosed: undefined, close: () => {} },
      services: new Map([[GATT.cyclingPower, [GATT.powerMeasurement, GATT.wahooControl]]]),
      read: () => Promise.resolve(undefined),
      write(_, bytes) {
        const got = decodeWahooRequest(bytes)
        if (!got.ok) return Promise.resolve(false)
        written.push(toHex(bytes))
        ops.push(got.value.op)
        const isOk = answers(got.value.op)
        const code = wahooCode(got.value.op)
        if (isOk !== undefined)
          clock.after(40, () => onValue(encodeWahooAnswer({ requestCode: code, isOk, value: undefined })))
        return Promise.resolve(true)
      },
      subscribe(uuid, call) {
        if (uuid === GATT.wahooControl) onValue = call
        return Promise.resolve(true)
      },
    }
    return { written, ops, clock, ...(await ridden(link, clock, () => {})) }
  }

  test('[B94] is unlocked, told the road in three steps, then only what changes', async () => {
    const { legs, pass, ride, clock, written, ops, device } = await wahoo(() => true)
    expect(device).toMatchObject({ source: 'trainer', brings: ['power', 'resistance'] })
    ride(0.03)
    await pass(2000)
    expect(written[0]).toBe('20eefc')
    expect(ops).toEqual(['unlock', 'set-simulation', 'set-grade', 'set-wind'])
    ride(0.05)
    await pass(1000)
    expect(ops.slice(4)).toEqual(['set-grade'])
    legs.ask({ ask: 'target', targetW: 220 }, clock.nowMs())
    legs.ask({ ask: 'mode', mode: 'erg' }, clock.nowMs())
    await pass(3000)
    expect(written.at(-1)).toBe('42dc00')
    legs.ask({ ask: 'mode', mode: 'sim' }, clock.nowMs())
    await pass(2000)
    expect(ops.slice(ops.lastIndexOf('set-power') + 1, ops.lastIndexOf('set-power') + 4)).toEqual([
      ...['set-simulation', 'set-grade', 'set-wind'],
    ])
  })

  test('[B94] one that answers only the unlock is ridden all the same, and waited for once', async () => {
    const { legs, pass, ride, ops } = await wahoo((op) => (op === 'unlock' ? true : undefined))
    ride(0.03)
    await pass(4000)
    expect(ops).toEqual(['unlock', 'set-simulation', 'set-grade', 'set-wind'])
    expect(legs.loop.trouble).toBeUndefined()
    ride(0.031)
    await pass(100)
    expect(legs.loop.taken).toMatchObject({ gradeFraction: 0.031 })
  })

  test('[B94] one that answers nothing at all is asked on, and one that refuses is a complaint', async () => {
    const silent = await wahoo(() => undefined)
    silent.ride(0.03)
    await silent.pass(5000)
    expect(silent.ops).toContain('set-grade')
    const refusing = await wahoo((op) => op !== 'set-power')
    refusing.legs.ask({ ask: 'mode', mode: 'erg' }, refusing.clock.nowMs())
    await refusing.pass(3000)
    expect(refusing.legs.loop.trouble).toBe('refused')
    expect(refusing.legs.state(refusing.clock.nowMs()).trainer).toMatchObject({ level: 'bad' })
  })
})
