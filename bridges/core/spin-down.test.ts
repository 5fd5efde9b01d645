import { describe, expect, test } from 'vitest'
import { CalibratingRider, SteadyRider } from '#bridges/trainer-sim/legs-models'
import { legsBench } from '#cli/sim/legs-bench'
import type { CalibrationEvent } from './devices.ts'
import { SpinDown } from './spin-down.ts'

const none = new Uint8Array(0)
const ok = { result: 'success', parameters: Uint8Array.of(0xe8, 0x03, 0xb8, 0x0b) } as const // 10.00 and 30.00 km/h

/** Rides on a road, then asks for a spin-down. */
function calibrating(legs: CalibratingRider | SteadyRider) {
  const bench = legsBench({ legs, spec: { driftW: 12 } })
  bench.legs.road({ gradeFraction: 0.02 }, 0)
  bench.run(10, (_, atMs) => bench.legs.road({ gradeFraction: 0.02 }, atMs))
  expect(bench.legs.ask({ ask: 'calibrate', deviceId: bench.link.id }, bench.nowMs)).toBeUndefined()
  const words: string[] = []
  const ride = (seconds: number) =>
    bench.run(seconds, (_, atMs) => {
      bench.legs.road({ gradeFraction: 0.02 }, atMs)
      const now = bench.legs.state(atMs).calibration?.words
      if (now !== undefined && now !== words.at(-1)) words.push(now)
    })
  return { bench, words, ride }
}

describe('a spin-down on the simulated trainer', () => {
  test('[B92] leads through speed, coasting and success; no target is written meanwhile, and then the road is back', () => {
    const { bench, words, ride } = calibrating(new CalibratingRider())
    ride(90)
    expect(words.slice(0, 3)).toEqual([
      'Asking the trainer for a spin-down …',
      'Pedal faster to 30 km/h.',
      'Stop pedalling and let the wheel roll to rest.',
    ])
    expect(words[3]).toMatch(/^The trainer is calibrated\. It rolled for \d+\.\d s\.$/)
    expect(bench.legs.state(bench.nowMs).calibration).toMatchObject({ level: 'good' })
    const ops = bench.written.map(({ request }) => request.op)
    const asked = ops.indexOf('spin-down')
    expect(ops[asked + 1]).toBe('set-simulation')
    const quietMs = bench.written[asked + 1]!.atMs - bench.written[asked]!.atMs
    expect(quietMs).toBeGreaterThan(5000)
    expect(bench.model.model.target).toMatchObject({ mode: 'simulation', gradeFraction: 0.02 })
  })

  test('[B92] legs that do not stop fail it, in words that say what to do', () => {
    const { bench, words, ride } = calibrating(new CalibratingRider({ isDeaf: true }))
    ride(60)
    expect(words.at(-1)).toContain('Stop pedalling at once')
    expect(bench.legs.state(bench.nowMs).calibration).toMatchObject({ level: 'bad' })
  })

  test('[B92] stopped half-way the trainer is told so and has its road again', () => {
    const { bench, ride } = calibrating(new SteadyRider({ powerW: 60 }))
    ride(5)
    bench.legs.ask({ ask: 'stop-calibrating' }, bench.nowMs)
    ride(1)
    const last = bench.written.slice(-2).map(({ request }) => request)
    expect(last[0]).toEqual({ op: 'spin-down', startOrIgnore: 2 })
    expect(last[1]).toMatchObject({ op: 'set-simulation', gradeFraction: 0.02 })
    expect(bench.legs.state(bench.nowMs).calibration).toBeUndefined()
  })

  test('[B92] a trainer that has none is a sentence', () => {
    const bench = legsBench({ legs: new SteadyRider(), without: ['spinDown'] })
    expect(bench.legs.ask({ ask: 'calibrate', deviceId: bench.link.id }, 0)).toContain('has no calibration')
    expect(bench.legs.ask({ ask: 'calibrate', deviceId: 'ble:9' }, 0)).toContain('No device ble:9')
  })
})

describe('every wait ends', () => {
  const begun = (...steps: ((run: SpinDown, atMs: number) => void)[]) => {
    const run = new SpinDown(0)
    for (const [i, step] of steps.entries()) step(run, i * 100)
    return run
  }
  const waits = (run: SpinDown, fromMs: number, ms: number) => {
    run.step(fromMs + ms - 50)
    const before = run.isOver
    run.step(fromMs + ms)
    return [before, run.isOver]
  }
  const accept = (run: SpinDown, atMs: number) => run.answered(ok, atMs)
  const tell = (event: CalibrationEvent) => (run: SpinDown, atMs: number) => run.told(event, atMs)

  test('[B92] asked and not answered: 2 s; the speed not reached: 2 min; no result: 1 min', () => {
    expect(waits(begun(), 0, 2000)).toEqual([false, true])
    expect(waits(begun(accept), 0, 120_000)).toEqual([false, true])
    expect(waits(begun(accept, tell({ event: 'stop-pedalling' })), 100, 60_000)).toEqual([false, true])
  })

  test('[B92] a trainer that does not say "stop" hears of it by its own speed', () => {
    const run = begun(accept)
    for (let atMs = 200; atMs < 1400; atMs += 100) {
      run.rolls(31 / 3.6, atMs)
      run.step(atMs)
    }
    expect(run.state.state).toBe('coasting')
    expect(run.targetKmh).toEqual({ low: 10, high: 30 })
  })

  test('[B92] refused, not known, gone, or told again after its end: each is one word and stays so', () => {
    const why = (run: SpinDown) => (run.state.state === 'failed' ? run.state.why : run.state.state)
    expect(why(begun((run, atMs) => run.answered({ result: 'not-supported', parameters: none }, atMs)))).toBe(
      'not-supported',
    )
    expect(why(begun((run, atMs) => run.answered({ result: 'failed', parameters: none }, atMs)))).toBe('refused')
    expect(why(begun(accept, (run) => run.gone()))).toBe('gone')
    const done = begun(accept, tell({ event: 'success', spinDownMs: 14_200 }), tell({ event: 'failure' }), (run) =>
      run.stop(),
    )
    expect(done.state).toEqual({ state: 'succeeded', spinDownMs: 14_200 })
    expect(done.words.words).toBe('The trainer is calibrated. It rolled for 14.2 s.')
  })
})
