import { describe, expect, test } from 'vitest'
import { roadN } from './brake.ts'
import { CalibratingRider, FadingRider, SteadyRider, StoppingRider } from './legs-models.ts'
import { TrainerModel, type TrainerState, type TrainerTarget } from './trainer-model.ts'

/** Virtual seconds; what was reported each of them. */
function ridden(model: TrainerModel, legs: ConstructorParameters<typeof StoppingRider>[0], seconds: number) {
  const states: TrainerState[] = []
  for (let i = 0; i < seconds; i++) {
    model.step(legs, 1)
    states.push(model.report())
  }
  return states
}

const CLIMB = { mode: 'simulation', gradeFraction: 0.05, crr: 0.004, cwKgpm: 0.3 } as const satisfies TrainerTarget

describe('[B74] flywheel, brake and legs obey the equations', () => {
  test('on a road the speed settles where force times speed is what the legs push', () => {
    const model = new TrainerModel()
    model.target = CLIMB
    const last = ridden(model, new SteadyRider({ powerW: 240 }), 120).at(-1)!
    expect(last.legsW).toBeCloseTo(240, 0)
    // The trainer takes its own losses off the road's force, so that the sum is the road.
    expect(roadN(CLIMB, 83, last.speedMps) * last.speedMps).toBeCloseTo(240, 0)
    expect(Math.abs(last.cadenceRpm - 90)).toBeLessThan(10)
    expect(last.reportedW).toBeCloseTo(240, 0)
  })

  test('held watts are held at any speed, reached within four seconds and not at once', () => {
    const model = new TrainerModel()
    const legs = new SteadyRider({ powerW: 150 })
    ridden(model, legs, 60)
    const before = model.report().brakeN * model.report().speedMps
    model.target = { mode: 'power', powerW: 250 }
    model.step(legs, 0.3)
    const soon = model.report().brakeN * model.report().speedMps
    expect(soon - before).toBeLessThan(50)
    model.step(legs, 20)
    expect(model.report().reportedW).toBeGreaterThan(240)
    expect(model.report().reportedW).toBeLessThan(260)
    expect(model.report().cadenceRpm).toBeCloseTo(90, 0)
  })

  test('a heavier flywheel rolls longer, and watts end at once when legs stop', () => {
    const coastS = (inertiaKgm2: number): number => {
      const model = new TrainerModel({ inertiaKgm2 })
      const legs = new StoppingRider(new SteadyRider({ powerW: 200 }), { fromS: 60 })
      const states = ridden(model, legs, 200)
      const stopped = states[59]!
      expect(states[63]!.legsW).toBe(0)
      expect(states[64]!.reportedW).toBeLessThan(1)
      expect(states[62]!.reportedRpm).toBe(0)
      return states.findIndex((s) => s.atS > 61 && s.speedMps < stopped.speedMps / 2) - 59
    }
    expect(coastS(9)).toBeGreaterThan(coastS(4.5) * 1.6)
  })

  test('a bias is in the reports and, held watts being reported ones, takes the true ones down', () => {
    const model = new TrainerModel({ biasPercent: 5 })
    model.target = { mode: 'power', powerW: 210 }
    const last = ridden(model, new SteadyRider(), 60).at(-1)!
    expect(last.reportedW).toBeCloseTo(210, 0)
    expect(last.legsW).toBeCloseTo(200, 0)
  })
})

describe('[B75] the spiral of death', () => {
  const held = (legs: FadingRider, powerW: number): readonly TrainerState[] => {
    const model = new TrainerModel()
    ridden(model, legs, 20)
    model.target = { mode: 'power', powerW }
    return ridden(model, legs, 120)
  }

  test('legs that have run out lose their cadence against held watts, faster the slower they turn', () => {
    const states = held(new FadingRider({ criticalPowerW: 220, reserveJ: 3000 }), 320)
    const at = (rpm: number): number => states.findIndex((s, i) => i > 10 && s.cadenceRpm < rpm)
    expect(at(80)).toBeGreaterThan(15)
    expect(at(60)).toBeGreaterThan(at(80))
    expect(at(20)).toBeGreaterThan(at(60))
    expect(at(20) - at(60)).toBeLessThan(8)
    expect(states[at(20)]!.limit).toBe('too-slow')
  })

  test('legs that have enough hold the same watts for as long as they have', () => {
    const states = held(new FadingRider({ criticalPowerW: 340, reserveJ: 3000 }), 320)
    for (const state of states.slice(15)) expect(state.cadenceRpm).toBeGreaterThan(85)
  })
})

describe('[B76] a spin-down', () => {
  const spun = (legs: CalibratingRider, driftW = 20) => {
    const model = new TrainerModel({ driftW })
    ridden(model, legs, 1200)
    const before = model.report()
    model.startSpinDown()
    const states = ridden(model, legs, 130)
    const seen = [...new Set(states.map((s) => s.spinDown.state))]
    ridden(model, legs, 60)
    return { before, seen, after: model.report() }
  }

  test('a rider who speeds up and stops passes, and the drift of a warm trainer is gone', () => {
    const { before, seen, after } = spun(new CalibratingRider({ powerW: 250 }))
    expect(before.reportedW - before.legsW).toBeGreaterThan(10)
    expect(seen).toEqual(['accelerate', 'coast', 'passed'])
    expect(Math.abs(after.reportedW - after.legsW)).toBeLessThan(1)
    expect(after.spinDown).toMatchObject({ state: 'passed' })
  })

  test('a rider who does not stop fails, and the drift stays', () => {
    const { seen, after } = spun(new CalibratingRider({ powerW: 250, isDeaf: true }))
    expect(seen).toEqual(['accelerate', 'coast', 'failed'])
    expect(after.reportedW - after.legsW).toBeGreaterThan(10)
  })
})
