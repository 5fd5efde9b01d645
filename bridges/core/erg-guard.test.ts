import { describe, expect, test } from 'vitest'
import { FadingRider, SteadyRider, StoppingRider } from '#bridges/trainer-sim/legs-models'
import { legsBench } from '#cli/sim/legs-bench'
import { ErgGuard } from './erg-guard.ts'

/** Rides into it for 20 s, then holds watts. */
function held(legs: Parameters<typeof legsBench>[0]['legs'], targetW: number) {
  const bench = legsBench({ legs })
  bench.legs.road({ gradeFraction: 0 }, 0)
  bench.run(20)
  bench.legs.ask({ ask: 'target', targetW }, bench.nowMs)
  bench.legs.ask({ ask: 'mode', mode: 'erg' }, bench.nowMs)
  return bench
}

describe('legs that fade', () => {
  test('[B86] are let go within three seconds of a cadence below 50, and the watts come back when they turn', () => {
    const bench = held(new FadingRider({ powerW: 200, criticalPowerW: 180, reserveJ: 4000 }), 280)
    let belowMs: number | undefined
    const waits: number[] = []
    let wasReleased = true // The road before the watts.
    let slowest = 90
    bench.run(180, (state, atMs) => {
      const isReleased = bench.model.model.target.mode === 'simulation'
      if (isReleased && !wasReleased) {
        expect(belowMs).toBeDefined()
        waits.push(atMs - belowMs!)
      }
      if (!isReleased && state.cadenceRpm < 50) belowMs ??= atMs
      if (isReleased) belowMs = undefined
      wasReleased = isReleased
      slowest = Math.min(slowest, state.cadenceRpm)
    })
    expect(waits.length).toBeGreaterThan(0)
    expect(Math.max(...waits)).toBeLessThanOrEqual(3000)
    expect(slowest).toBeGreaterThan(20)
    // What they can hold is found: no fall in the minute and a half that follows, and the cadence liked.
    const before = bench.written.length
    bench.run(90, (state) => expect(state.cadenceRpm).toBeGreaterThan(80))
    expect(bench.written.slice(before).every(({ request }) => request.op === 'set-target-power')).toBe(true)
  })

  test('[B86] without the guard they would have stood still: the spiral is real', () => {
    const bench = legsBench({ legs: new FadingRider({ powerW: 200, criticalPowerW: 180, reserveJ: 4000 }) })
    const sink = bench.model.link.trainer!
    bench.run(20)
    sink.send({ op: 'request-control' })
    let slowest = 90
    for (let i = 0; i < 30_000; i++) {
      if (i === 10) sink.send({ op: 'set-target-power', powerW: 280 })
      slowest = Math.min(slowest, bench.model.step(0.01).cadenceRpm)
    }
    expect(slowest).toBeLessThan(20)
  })

  test('[B86] legs that stop are let go too, and start again on a flat road', () => {
    const bench = held(new StoppingRider(new SteadyRider({ powerW: 200 }), { fromS: 40, toS: 60 }), 230)
    bench.run(24)
    expect(bench.model.model.target).toMatchObject({ mode: 'simulation', gradeFraction: 0 })
    expect(bench.legs.state(bench.nowMs).trainer).toMatchObject({ level: 'working' })
    bench.run(46)
    expect(bench.model.model.target).toEqual({ mode: 'power', powerW: 230 })
    expect(bench.state.legsW).toBeGreaterThan(220)
  })
})

test('[B86] where legs hold what is asked the guard is not felt: within 10 W, and one target is all that is said', () => {
  const bench = held(new SteadyRider({ powerW: 200, cadenceRpm: 88 }), 260)
  bench.run(20)
  const before = bench.targets().length
  bench.run(120, (state) => expect(Math.abs(state.legsW - 260)).toBeLessThanOrEqual(10))
  expect(
    new Set(
      bench
        .targets()
        .slice(before)
        .map(({ powerW }) => powerW),
    ),
  ).toEqual(new Set([260]))
})

describe('the guard alone', () => {
  const run = (guard: ErgGuard, fromMs: number, seconds: number, feel: Parameters<ErgGuard['step']>[0]) => {
    let last = guard.step(feel, fromMs)
    for (let atMs = fromMs + 50; atMs <= fromMs + seconds * 1000; atMs += 50) last = guard.step(feel, atMs)
    return last
  }

  test('[B86] legs that have not begun are not released, however slow they begin', () => {
    const guard = new ErgGuard()
    expect(run(guard, 0, 30, { targetW: 200, cadenceRpm: 0, powerW: 0 })).toEqual({ state: 'holding', targetW: 200 })
  })

  test('[B86] without a cadence, power below 60 % for two seconds releases; one that rises is waited for', () => {
    const guard = new ErgGuard()
    run(guard, 0, 10, { targetW: 200, cadenceRpm: undefined, powerW: 200 })
    expect(run(guard, 10_050, 1.9, { targetW: 200, cadenceRpm: undefined, powerW: 110 }).state).toBe('holding')
    expect(run(guard, 12_000, 0.2, { targetW: 200, cadenceRpm: undefined, powerW: 110 }).state).toBe('released')
    const other = new ErgGuard()
    run(other, 0, 10, { targetW: 150, cadenceRpm: undefined, powerW: 150 })
    expect(run(other, 10_050, 4, { targetW: 400, cadenceRpm: undefined, powerW: 160 }).state).toBe('holding')
  })

  test('[B86] legs that fade again within a minute get a tenth less, down to half, and have it back when they hold it', () => {
    const guard = new ErgGuard()
    let atMs = 0
    let targetW = 0
    for (let fall = 0; fall < 8; fall++) {
      run(guard, (atMs += 50), 15, { targetW: 200, cadenceRpm: 90, powerW: 100 })
      expect(run(guard, (atMs += 15_000), 2, { targetW: 200, cadenceRpm: 45, powerW: 100 }).state).toBe('released')
      const back = run(guard, (atMs += 2050), 12, { targetW: 200, cadenceRpm: 90, powerW: 100 })
      targetW = 'targetW' in back ? back.targetW : 0
      atMs += 12_000
    }
    expect(targetW).toBeCloseTo(100, 6)
    const regained = run(guard, atMs + 50, 330, { targetW: 200, cadenceRpm: 90, powerW: 100 })
    expect(regained).toEqual({ state: 'holding', targetW: 200 })
  })
})
