import { expect, test } from 'vitest'
import { createRandom } from '#physics/random'
import type { DeviceLink, DeviceSink, LegsCommand, TrainerAbilities } from './devices.ts'
import { Legs, LEGS_TICK_MS } from './legs.ts'
import { readWorkout } from './workout.ts'
import { controlCode, type ControlResult, type ControlRequest } from './profiles/control-point.ts'

const ALL: TrainerAbilities = { simulation: true, power: true, resistance: true, spinDown: true }
const RESULTS: readonly ControlResult[] = ['success', 'not-supported', 'invalid-parameter', 'failed', 'not-permitted']
const ABSURD = [Number.NaN, Infinity, -Infinity, 1e9, -1e9, 1e308, 99_999, -5, 0, 0.02, 150, 700] as const

/** A trainer that says what it is told to say, and legs on it. */
function bench(abilities: TrainerAbilities = ALL) {
  const written: { readonly request: ControlRequest; readonly atMs: number }[] = []
  let sink: DeviceSink | undefined
  let nowMs = 0
  const held = { isHonest: true }
  const link: DeviceLink = {
    ...{ id: 'x', name: 'X', carrier: 'simulated', source: 'trainer', brings: ['power'] },
    start: (its) => (sink = its),
    close: () => {},
    trainer: {
      abilities,
      send(request) {
        written.push({ request, atMs: nowMs })
        if (!held.isHonest) return
        // Answered in the next turn, as every radio does.
        waiting.push(controlCode(request.op))
      },
    },
  }
  const waiting: number[] = []
  const legs = new Legs()
  legs.add(link, 0)
  return {
    ...{ legs, link, written, held },
    get sink() {
      return sink!
    },
    get nowMs() {
      return nowMs
    },
    run(durationS: number, each: (atMs: number) => void = () => {}) {
      for (const endMs = nowMs + durationS * 1000; nowMs < endMs;) {
        nowMs++
        each(nowMs)
        for (const requestCode of waiting.splice(0))
          sink!.answered({ requestCode, result: 'success', parameters: new Uint8Array(0) }, nowMs)
        if (nowMs % LEGS_TICK_MS === 0) legs.tick(nowMs)
        while (legs.take(nowMs) !== undefined); // Nobody listens.
      }
    },
  }
}

const valueOf = (request: ControlRequest): number | undefined =>
  request.op === 'set-simulation'
    ? request.gradeFraction
    : request.op === 'set-target-power'
      ? request.powerW
      : request.op === 'set-target-resistance'
        ? request.resistanceLevel
        : undefined

test('[B142] a hostile server, page, remote and trainer at once, a thousand words a second: clamped, four writes a second, let go', () => {
  for (const seed of [1, 2, 3]) {
    const { fraction } = createRandom(seed)
    const one = <T>(list: readonly T[]): T => list[Math.floor(fraction() * list.length)]!
    const command = (): LegsCommand => {
      const number = one(ABSURD)
      return one<LegsCommand>([
        { ask: 'mode', mode: one(['sim', 'erg', 'resistance', 'free'] as const) },
        { ask: 'target', targetW: number },
        { ask: 'resistance', share: number },
        { ask: 'difficulty', share: number },
        { ask: 'shift', by: number },
        { ask: 'gears', isOn: fraction() < 0.5 },
        { ask: 'calibrate', deviceId: one(['x', 'y']) },
        { ask: 'stop-calibrating' },
      ])
    }
    const b = bench({
      ...ALL,
      powerRangeW: { min: 1900, max: one([1950, 32_767]) },
      resistanceRange: { min: 30, max: 20 },
    })
    b.held.isHonest = false
    const codes = [0, 4, 5, 7, 17, 19]
    b.run(20, (atMs) => {
      b.legs.road(
        { gradeFraction: one(ABSURD), draftFactor: one(ABSURD), headwindMps: one(ABSURD), speedMps: one(ABSURD) },
        atMs,
      )
      b.legs.ask(command(), atMs)
      b.legs.press(
        one([
          { press: 'shift', by: 1e9 },
          { press: 'watts', by: 1e9 },
          { press: 'gear', gear: -1e9 },
          { press: 'mode' },
        ]),
        atMs,
      )
      const [powerW, cadenceRpm, speedMps] = [one(ABSURD), one(ABSURD), one(ABSURD)]
      b.sink.reading({ source: one(['trainer', 'power-meter'] as const), powerW, cadenceRpm, speedMps }, atMs)
      b.sink.answered({ requestCode: one(codes), result: one(RESULTS), parameters: new Uint8Array(4).fill(255) }, atMs)
      if (fraction() < 0.2) b.sink.controlLost(atMs)
      b.sink.calibration?.({ event: one(['speed-up', 'stop-pedalling', 'success', 'failure'] as const) }, atMs)
      b.sink.battery(one(ABSURD))
    })
    expect(b.written.length).toBeGreaterThan(20)
    const targets = b.written.filter(({ request }) => valueOf(request) !== undefined)
    for (const { request, atMs } of b.written) {
      const within = (list: readonly { atMs: number }[]) => list.filter((w) => w.atMs > atMs - 1000 && w.atMs <= atMs)
      expect(within(targets).length).toBeLessThanOrEqual(4)
      expect(within(b.written).length).toBeLessThanOrEqual(8)
      const value = valueOf(request)
      if (value === undefined) continue
      const [low, high] =
        request.op === 'set-simulation' ? [-0.25, 0.25] : request.op === 'set-target-power' ? [0, 2000] : [0, 100]
      expect(value).toBeGreaterThanOrEqual(low)
      expect(value).toBeLessThanOrEqual(high)
      if (request.op === 'set-simulation')
        expect(Number.isFinite(request.windMps + request.crr + request.cwKgpm)).toBe(true)
    }
    // Nothing of it stays: who answers now is driven again, and let go at once.
    b.held.isHonest = true
    b.legs.ask({ ask: 'stop-calibrating' }, b.nowMs)
    b.legs.ask({ ask: 'gears', isOn: false }, b.nowMs)
    b.legs.ask({ ask: 'difficulty', share: 1 }, b.nowMs)
    b.legs.ask({ ask: 'mode', mode: 'erg' }, b.nowMs)
    b.legs.ask({ ask: 'target', targetW: 180 }, b.nowMs)
    b.run(70, (atMs) => {
      if (atMs % 250 === 0) b.sink.reading({ source: 'trainer', powerW: 180, cadenceRpm: 90, speedMps: 9 }, atMs)
    })
    expect(b.legs.loop.taken).toEqual({ targetW: 180 })
    b.legs.ask({ ask: 'mode', mode: 'sim' }, b.nowMs)
    b.run(5, (atMs) => b.legs.road({ gradeFraction: 0.06 }, atMs))
    expect(b.legs.loop.taken).toMatchObject({ gradeFraction: 0.06 })
    b.legs.release(b.nowMs)
    b.run(1.5)
    expect(b.legs.isReleased).toBe(true)
    expect(b.legs.loop.taken).toEqual({ gradeFraction: 0 })
  }
})

test('[B142] a trainer whose least is 1900 W, or whose range is none, is asked for what the rider asks, and let go with nothing', () => {
  for (const powerRangeW of [
    { min: 1900, max: 2000 },
    { min: 0, max: 0 },
    { min: 400, max: 100 },
    { min: -300, max: -20 },
  ]) {
    // Neither road nor brake: only watts can let its legs go.
    const b = bench({ ...ALL, simulation: false, resistance: false, powerRangeW })
    b.legs.ask({ ask: 'mode', mode: 'erg' }, 0)
    b.legs.ask({ ask: 'target', targetW: 150 }, 0)
    b.run(4, (atMs) => b.sink.reading({ source: 'trainer', powerW: 150, cadenceRpm: 90 }, atMs))
    expect(b.legs.loop.taken).toEqual({ targetW: 150 })
    b.legs.release(b.nowMs)
    b.run(1)
    expect(b.legs.loop.taken).toEqual({ targetW: 0 })
  }
})

test('[B142] a server that goes on telling a grade that is no number is a silent one: fifteen seconds later there is no hill', () => {
  const b = bench()
  b.legs.road({ gradeFraction: 0.1 }, 0)
  const said = (atMs: number): void => b.legs.road({ gradeFraction: Number.NaN, speedMps: Number.NaN }, atMs)
  b.run(1, said)
  expect(b.legs.loop.taken).toMatchObject({ gradeFraction: 0.1 })
  b.run(16, said)
  expect(b.legs.loop.taken).toMatchObject({ gradeFraction: 0 })
})

test('[B142] a calibration that is asked for on the way out keeps nobody on the hill', () => {
  for (const isAskedBefore of [true, false]) {
    const b = bench()
    b.legs.road({ gradeFraction: 0.1 }, 0)
    b.run(1, (atMs) => b.legs.road({ gradeFraction: 0.1 }, atMs))
    if (isAskedBefore) b.legs.ask({ ask: 'calibrate', deviceId: 'x' }, b.nowMs)
    b.legs.release(b.nowMs)
    const before = b.written.length
    if (!isAskedBefore) b.legs.ask({ ask: 'calibrate', deviceId: 'x' }, b.nowMs)
    b.run(1.5, (atMs) => void (isAskedBefore || b.legs.ask({ ask: 'calibrate', deviceId: 'x' }, atMs)))
    expect(b.legs.isReleased).toBe(true)
    expect(b.written.slice(before).map(({ request }) => request.op)).not.toContain('spin-down')
  }
})

test('[B91] a workout is read or refused in a sentence: deep, endless, empty, beyond legs', () => {
  const file = (steps: unknown): string => JSON.stringify({ format: 'gruppetto-workout', version: 1, steps })
  const many = <T>(count: number, step: T): T[] => Array.from({ length: count }, () => step)
  for (const text of [
    ...['', 'null', '['.repeat(100_000), '{"steps":'.repeat(10_000)],
    ...[file([]), file([{ repeat: 100, steps: [] }]), file(many(501, { repeat: 1, steps: [] }))],
    file([{ repeat: 100, steps: many(6, { durationS: 1, targetW: 100 }) }]),
    file([{ repeat: 2, steps: [{ repeat: 2, steps: [{ durationS: 1, targetW: 100 }] }] }]),
    ...[2001, -1, '200', null].map((targetW) => file([{ durationS: 60, targetW }])),
    ...[0, -1, 1e9, null].map((durationS) => file([{ durationS, targetW: 100 }])),
  ]) {
    const read = readWorkout(text)
    expect(read.ok ? text.slice(0, 80) : read.sentence).toMatch(/^The workout cannot be read: .*\.$/s)
  }
})
