import { afterEach, describe, expect, test } from 'vitest'
import { AntBench, steadyTrainer } from '#test/support/ant-bench'
import { encodeAntPage } from '../core/ant-page.ts'
import { toHex } from '../core/bytes.ts'
import { Legs, LEGS_TICK_MS } from '../core/legs.ts'
import { encodeFitnessEquipment } from '../core/pages/fitness-equipment.ts'
import { controlCode, type ControlRequest } from '../core/profiles/control-point.ts'
import { releaseTrainer } from '../release-trainer.ts'
import type { FecSpinDown } from './fake/trainer.ts'
import { FLAT, fecPlan } from '../core/fec-pages.ts'

const benches: AntBench[] = []
function bench(): AntBench {
  const one = new AntBench()
  benches.push(one)
  return one
}
afterEach(async () => {
  for (const one of benches.splice(0)) await one.close()
})

const ID = 'ant:17.34211'
const SENDER = { deviceNumber: 34211, deviceType: 17, transmissionType: 5 }
const PATIENCE_MS = 2000

/** A bench with a trainer that is found, and what it was asked from there on. */
function ridden(more: Parameters<typeof steadyTrainer>[1] = {}, options: Parameters<AntBench['start']>[0] = {}) {
  const b = bench()
  const stick = b.stick()
  const made = steadyTrainer(34211, more)
  b.air.add(made.trainer)
  b.start({ kinds: [17], ...options })
  b.run(4000)
  const heard = b.of(ID)
  made.trainer.taken.length = 0
  const pages = () => made.trainer.taken.map(toHex)
  return { b, stick, heard, pages, send: (request: ControlRequest) => heard.link.trainer!.send(request), ...made }
}

const slope = (gradeFraction: number, more: { cwKgpm?: number; windMps?: number } = {}): ControlRequest => ({
  ...{ op: 'set-simulation', windMps: 0, gradeFraction, crr: 0.004, cwKgpm: 0.51 },
  ...more,
})
const watts = (powerW: number): ControlRequest => ({ op: 'set-target-power', powerW })
/** Pages other than questions. */
const commands = (pages: readonly string[]) => pages.filter((page) => !page.startsWith('46'))
const ASK_71 = '46ffffffff024701'

describe('what is asked of a trainer', () => {
  test('[B55] each request is the page of FE-C that says it', () => {
    const pages = (request: ControlRequest) => fecPlan(request).pages.map(toHex)
    expect(pages(slope(-0.05))).toEqual(['33ffffffff2c4c50', '32ffffffff337f64'])
    // A draft of 0.65 and 7 m/s in the face.
    expect(pages(slope(0.08, { cwKgpm: 0.3315, windMps: 7 }))).toEqual(['33ffffffff405150', '32ffffffff339841'])
    expect(pages(watts(244))).toEqual(['31ffffffffffd003'])
    expect(pages(watts(-5))).toEqual(['31ffffffffff0000'])
    expect(pages({ op: 'set-target-resistance', resistanceLevel: 40 })).toEqual(['30ffffffffffff50'])
    expect(pages({ op: 'set-target-resistance', resistanceLevel: 400 })).toEqual(['30ffffffffffffc8'])
    expect(pages({ op: 'reset' })).toEqual([toHex(FLAT)])
    expect(fecPlan({ op: 'request-control' })).toMatchObject({ pages: [], result: 'success' })
    expect(fecPlan({ op: 'set-target-cadence', cadenceRpm: 90 })).toMatchObject({ pages: [], result: 'not-supported' })
  })

  test('[B55] page 54 says what it can, asked for before the rider has it', () => {
    const { heard } = ridden({ abilities: { resistance: true, power: false, simulation: true } })
    expect(heard.link.trainer!.abilities).toMatchObject({ power: false, simulation: true, resistance: true })
    expect(heard.link.trainer!.abilities.resistanceRange).toEqual({ min: 0, max: 100 })
  })

  test('[B55] one that never says what it can is ridden all the same', () => {
    const b = bench()
    b.stick()
    const { trainer } = steadyTrainer(34211)
    trainer.take = () => true
    b.air.add(trainer)
    b.start({ kinds: [17] })
    b.run(4000)
    expect(b.of(ID).link.trainer!.abilities).toMatchObject({ power: true, simulation: true })
    expect(b.of(ID).readings[0]!.atMs).toBeLessThan(1000)
  })

  test('[B55] one that asks for its rider is told the mass, once it is known', () => {
    expect(ridden({ wantsRider: true }).trainer.rider).toBeUndefined()
    const { trainer } = ridden({ wantsRider: true }, { riderMassKg: 62.5, bikeMassKg: 8 })
    expect(trainer.rider).toMatchObject({ userMassKg: 62.5, bikeMassKg: 8 })
  })
})

describe('a page', () => {
  test('[B51] that tells of no new event is no reading', () => {
    const { b, stick, heard } = ridden()
    b.air.close()
    const before = heard.watts.length
    const page = (eventCount: number) =>
      encodeFitnessEquipment({ page: 25, eventCount, cadenceRpm: 88, accumulatedPowerW: 900, powerW: 211, state: 3 })
    for (const eventCount of [201, 201, 201, 202, 202])
      stick.play(encodeAntPage({ channel: 0, sender: SENDER }, page(eventCount)))
    expect(heard.watts.slice(before)).toEqual([211, 211])
  })
})

describe('a command', () => {
  test('[B54] is written at once, told by the radio, then confirmed by page 71, and answered within two seconds', () => {
    const { b, stick, heard, pages, send } = ridden()
    const sentMs = b.clock.nowMs()
    stick.written.length = 0
    send(slope(-0.05))
    // On USB before any time has passed.
    expect(stick.written.map(toHex)).toEqual([toHex(frameOf('a4094f0033ffffffff2c4c50'))])
    b.run(PATIENCE_MS)
    expect(pages()).toEqual(['33ffffffff2c4c50', ASK_71, '32ffffffff337f64'])
    expect(heard.answers).toHaveLength(1)
    expect(heard.answers[0]!.answer).toMatchObject({ requestCode: 0x11, result: 'success' })
    expect(heard.answers[0]!.atMs - sentMs).toBeLessThanOrEqual(1500)
  })

  test('[B54] that the trainer did not take is told as not taken', () => {
    for (const [says, told] of [
      ['not-supported', 'not-supported'],
      ['failed', 'failed'],
      ['invalid-parameter', 'failed'],
    ] as const) {
      const { b, heard, results, send } = ridden()
      results.next = says
      send(watts(250))
      b.run(PATIENCE_MS)
      expect(heard.answers.map(({ answer }) => answer)).toMatchObject([
        { requestCode: controlCode('set-target-power'), result: told },
      ])
    }
  })

  test('[B54] lost by the radio is said again until it is there', () => {
    const { b, stick, heard, pages, send } = ridden()
    stick.chip.transfersLost = 3
    send(watts(250))
    b.run(PATIENCE_MS)
    expect(commands(pages())).toEqual(['31ffffffffffe803'])
    expect(heard.answers.map(({ answer }) => answer.result)).toEqual(['success'])
  })

  test('[B54] that never gets through is an error within two seconds, and the next one is tried anew', () => {
    const { b, stick, heard, send } = ridden()
    const sentMs = b.clock.nowMs()
    stick.chip.transfersLost = 1000
    send(watts(250))
    b.run(PATIENCE_MS)
    expect(heard.answers.map(({ answer }) => answer.result)).toEqual(['failed'])
    expect(heard.answers[0]!.atMs - sentMs).toBeLessThanOrEqual(2000)
    stick.chip.transfersLost = 0
    send(watts(251))
    b.run(PATIENCE_MS)
    expect(heard.answers.at(-1)!.answer.result).toBe('success')
  })

  test('[B54] overtaken by a newer one before it was written is never written', () => {
    const { b, heard, asked, send } = ridden()
    for (const powerW of [200, 210, 220, 230]) send(watts(powerW))
    b.run(PATIENCE_MS)
    expect(asked.map((request) => (request.op === 'set-target-power' ? request.powerW : request.op))).toEqual([
      200, 230,
    ])
    expect(heard.answers.map(({ answer }) => answer.result)).toEqual(['success', 'success'])
  })

  test('[B54] overtaken while the radio fails gives way to the newer one', () => {
    const { b, stick, asked, send } = ridden()
    stick.chip.transfersLost = 1
    send(watts(200))
    send(watts(230))
    b.run(PATIENCE_MS)
    expect(asked).toEqual([watts(230)])
  })

  test('[B54] refused because another is under way goes out behind it, and that one’s end is not taken for its own', () => {
    const { b, stick, heard, asked, send } = ridden()
    // The stick is busy with a page that nobody waits for.
    stick.chip.take(frameOf('a4094f0031ffffffffff9001'))
    send(watts(300))
    b.run(PATIENCE_MS)
    expect(asked).toEqual([watts(100), watts(300)])
    expect(heard.answers.map(({ answer }) => answer.result)).toEqual(['success'])
  })

  test('[B54] to a trainer without page 71 is answered by the radio’s word', () => {
    const { b, heard, asked, send } = ridden({ hasStatusPage: false })
    send(watts(250))
    b.run(PATIENCE_MS)
    send(watts(260))
    b.run(600)
    expect(asked).toEqual([watts(250), watts(260)])
    expect(heard.answers.map(({ answer }) => answer.result)).toEqual(['success', 'success'])
  })

  test('[B54] to a trainer that is lost is an error within two seconds, and nothing more is written to it', () => {
    const { b, stick, heard, trainer, send } = ridden()
    const { link } = heard
    b.air.remove(trainer)
    send(watts(250))
    b.run(5000)
    expect([heard.gone, ...heard.answers.map(({ answer }) => answer.result)]).toEqual([1, 'failed'])
    stick.written.length = 0
    link.trainer!.send(watts(260))
    b.run(1000)
    expect(stick.written).toEqual([])
  })
})

describe('a road', () => {
  test('[B55] takes its air along when that changes, and only then', () => {
    const { b, pages, send } = ridden()
    for (const request of [
      slope(0.01),
      slope(0.02),
      slope(0.03, { cwKgpm: 0.3315 }),
      slope(0.04, { cwKgpm: 0.3315 }),
    ]) {
      send(request)
      b.run(1200)
    }
    expect(pages().filter((page) => page.startsWith('32'))).toEqual(['32ffffffff337f64', '32ffffffff337f41'])
  })

  test('[B54] that changes all the time costs one turn of the radio each; the last is asked after when it is quiet', () => {
    const { b, heard, pages, send } = ridden()
    send(slope(0))
    b.run(PATIENCE_MS)
    const before = pages().length
    for (let i = 1; i <= 8; i++) {
      send(slope(i / 100))
      b.run(500)
    }
    b.run(PATIENCE_MS)
    const since = pages().slice(before)
    expect(heard.answers.filter(({ answer }) => answer.result === 'success')).toHaveLength(9)
    expect(since.filter((page) => page === ASK_71).length).toBeLessThanOrEqual(2)
    expect(since.at(-1)).toBe(ASK_71)
  })

  test('[B54] that was answered by the radio and then turns out not to be taken is asked for again', () => {
    const { b, heard, results, send } = ridden()
    send(slope(0))
    b.run(PATIENCE_MS)
    results.next = 'failed'
    send(slope(0.05))
    b.run(PATIENCE_MS)
    expect(heard.controlLost).toBe(1)
  })

  test('[B54] through the law of the legs reaches the pedals, and is written again within a second of the trainer being back', () => {
    const b = bench()
    b.stick()
    const { trainer, asked } = steadyTrainer(34211)
    b.air.add(trainer)
    const legs = new Legs()
    b.start({ onDevice: (link) => legs.add(link, b.clock.nowMs()) })
    const tick = (): void => {
      legs.road({ gradeFraction: 0.03 }, b.clock.nowMs())
      legs.tick(b.clock.nowMs())
      b.clock.after(LEGS_TICK_MS, tick)
    }
    tick()
    b.run(8000)
    const grades = () => asked.flatMap((request) => (request.op === 'set-simulation' ? [request.gradeFraction] : []))
    const held = grades().at(-1)!
    expect(held).toBe(0.03)
    b.air.remove(trainer)
    b.run(5000)
    const before = grades().length
    b.air.add(trainer)
    // Found again at its first page, after at most a period; then the road, which is taken at its next.
    b.run(1000)
    expect(grades().slice(before)[0]).toBe(held)
  })
})

describe('closing', () => {
  test('[B58] sets a trainer to the flat that was told anything else, before the stick is closed', async () => {
    const { b, pages, asked, send } = ridden()
    send(watts(250))
    b.run(PATIENCE_MS)
    await b.close()
    expect(commands(pages()).at(-1)).toBe(toHex(FLAT))
    expect(asked.at(-1)).toMatchObject({ op: 'set-simulation', gradeFraction: 0 })
  })

  test('[B58] writes nothing to a trainer of which nothing was asked', async () => {
    const { b, pages } = ridden()
    await b.close()
    expect(commands(pages())).toEqual([])
  })

  test('[B58] takes back a target that is still on its way', async () => {
    const { b, asked, send } = ridden()
    send(watts(400))
    await b.close()
    expect(asked.at(-1)).toMatchObject({ op: 'set-simulation', gradeFraction: 0 })
  })
})

describe('a trainer that somebody held and cannot let go any more', () => {
  test('[B58] is put on the flat within two seconds, stick and search included', async () => {
    const b = bench()
    b.stick()
    const { trainer, asked } = steadyTrainer(34211)
    b.air.add(trainer)
    const state: { isFree?: boolean; atMs?: number } = {}
    void releaseTrainer({
      clock: b.clock,
      makeCarrier: ({ onDevice }) => b.start({ kinds: [17], devices: [ID], onDevice }),
      deviceId: ID,
      limitMs: 2000,
    }).then((isFree) => Object.assign(state, { isFree }))
    for (let i = 0; i < 1000 && asked.length === 0; i++) {
      b.run(10)
      await new Promise((resolve) => setImmediate(resolve))
    }
    expect(b.clock.nowMs()).toBeLessThan(2000)
    expect(asked).toMatchObject([{ op: 'set-simulation', gradeFraction: 0 }])
    for (let i = 0; i < 1000 && state.isFree === undefined; i++) {
      b.run(10)
      await new Promise((resolve) => setImmediate(resolve))
    }
    expect(state.isFree).toBe(true)
  })
})

describe('a spin-down', () => {
  test('[B56] is asked by page 1, guided by page 2 and ended by page 1, each step told once', () => {
    const spinDown: { -readonly [K in keyof FecSpinDown]: FecSpinDown[K] } = { state: 'idle' }
    const { b, heard, pages, report, send } = ridden()
    report.spinDown = spinDown
    send({ op: 'spin-down', startOrIgnore: 1 })
    b.run(500)
    expect(pages()).toEqual(['018000ffffffffff'])
    expect(heard.answers.map(({ answer }) => answer)).toMatchObject([{ requestCode: 0x13, result: 'success' }])
    Object.assign(spinDown, { state: 'accelerate', targetMps: 30 / 3.6 })
    b.run(3000)
    spinDown.state = 'coast'
    b.run(3000)
    Object.assign(spinDown, { state: 'passed', spinDownMs: 7300 })
    b.run(2000)
    expect(heard.calibrations).toEqual([
      { event: 'speed-up', targetKmh: { low: expect.closeTo(30, 1) as number, high: expect.closeTo(30, 1) as number } },
      { event: 'stop-pedalling' },
      { event: 'success', spinDownMs: 7300 },
    ])
  })

  test('[B56] that fails says so; pages of one that nobody asked for say nothing', () => {
    const { b, heard, report, send } = ridden()
    report.spinDown = { state: 'accelerate' }
    b.run(2000)
    expect(heard.calibrations).toEqual([])
    send({ op: 'spin-down', startOrIgnore: 1 })
    b.run(2000)
    report.spinDown = { state: 'failed' }
    b.run(2000)
    expect(heard.calibrations).toEqual([{ event: 'speed-up' }, { event: 'failure' }])
  })
})

function checksumOf(hex: string): string {
  return toHex(Uint8Array.of(Buffer.from(hex, 'hex').reduce((sum, byte) => sum ^ byte, 0)))
}
function frameOf(hex: string): Uint8Array {
  return new Uint8Array(Buffer.from(hex + checksumOf(hex), 'hex'))
}
