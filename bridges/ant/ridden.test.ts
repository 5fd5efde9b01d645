import { afterEach, describe, expect, test } from 'vitest'
import { AntBench } from '#test/support/ant-bench'
import { Legs, LEGS_TICK_MS } from '../core/legs.ts'
import { AntTrainer } from '../trainer-sim/ant-pages.ts'
import { CalibratingRider, type LegsModel, SteadyRider } from '../trainer-sim/legs-models.ts'
import { SimulatedTrainer } from '../trainer-sim/trainer.ts'
import { mastersOf } from './fake/simulated.ts'

const benches: AntBench[] = []
afterEach(async () => {
  for (const one of benches.splice(0)) await one.close()
})

const STEP_MS = 10
const ID = 'ant:17.34211'

/** The trainer as physics, a rider on it, the air, the stick, the published package, and the law of the legs, in virtual time. */
function ridden(rider: LegsModel) {
  const b = new AntBench()
  benches.push(b)
  b.stick()
  const trainer = new SimulatedTrainer()
  const masters = mastersOf(new AntTrainer(trainer))
  for (const master of masters) b.air.add(master)
  const legs = new Legs({
    onReading: () => {
      while (legs.take(b.clock.nowMs()) !== undefined); // Nobody listens.
    },
  })
  let grade = 0
  b.start({ onDevice: (link) => legs.add(link, b.clock.nowMs()) })
  const each = (everyMs: number, what: () => void): void => {
    const turn = (): void => {
      what()
      b.clock.after(everyMs, turn)
    }
    turn()
  }
  each(STEP_MS, () => trainer.step(rider, STEP_MS / 1000))
  each(LEGS_TICK_MS, () => {
    legs.road({ gradeFraction: grade }, b.clock.nowMs())
    legs.tick(b.clock.nowMs())
  })
  return {
    ...{ b, trainer, masters, legs },
    climb: (gradeFraction: number) => (grade = gradeFraction),
    ask: (command: Parameters<Legs['ask']>[0]) => legs.ask(command, b.clock.nowMs()),
  }
}

describe('the simulated trainer, over the stick', () => {
  test('[B54] feels the road, holds watts, takes a share of its brake, and is one device and not two', () => {
    const { b, trainer, legs, climb, ask } = ridden(new SteadyRider({ powerW: 200 }))
    climb(0.04)
    b.run(10_000)
    expect(trainer.target).toMatchObject({ mode: 'simulation', gradeFraction: 0.04 })
    expect(legs.state(b.clock.nowMs()).devices.map(({ id }) => id)).toEqual([ID])
    ask({ ask: 'target', targetW: 240 })
    ask({ ask: 'mode', mode: 'erg' })
    b.run(20_000)
    expect(trainer.target).toEqual({ mode: 'power', powerW: 240 })
    const { powerW } = legs.state(b.clock.nowMs()).devices[0]!
    expect(Math.abs(powerW! - 240)).toBeLessThan(12)
    ask({ ask: 'mode', mode: 'resistance' })
    ask({ ask: 'resistance', share: 0.25 })
    b.run(5000)
    expect(trainer.target).toEqual({ mode: 'resistance', share: 0.25 })
  })

  test('[B54] under watts is out of reach for six seconds, and holds them again when it is back', () => {
    const { b, trainer, masters, ask } = ridden(new SteadyRider({ powerW: 200 }))
    b.run(5000)
    ask({ ask: 'target', targetW: 220 })
    ask({ ask: 'mode', mode: 'erg' })
    b.run(10_000)
    for (const master of masters) b.air.remove(master)
    b.run(6000)
    // Somebody else has used it meanwhile.
    trainer.desk.obey({ op: 'set-target-resistance', resistanceLevel: 5 })
    for (const master of masters) b.air.add(master)
    b.run(8000)
    expect(trainer.target).toEqual({ mode: 'power', powerW: 220 })
  })

  test('[B56] is led through a spin-down and has its road back', () => {
    const { b, trainer, legs, climb, ask } = ridden(new CalibratingRider())
    climb(0.02)
    b.run(8000)
    expect(ask({ ask: 'calibrate', deviceId: ID })).toBeUndefined()
    const words: string[] = []
    for (let i = 0; i < 900; i++) {
      b.run(100)
      const now = legs.state(b.clock.nowMs()).calibration?.words
      if (now !== undefined && now !== words.at(-1)) words.push(now)
    }
    expect(words.at(-1)).toMatch(/^The trainer is calibrated\. It rolled for \d+\.\d s\.$/)
    expect(words).toContain('Pedal faster to 30 km/h.')
    expect(trainer.target).toMatchObject({ mode: 'simulation', gradeFraction: 0.02 })
  })
})
