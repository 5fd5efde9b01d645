import { expect, test } from 'vitest'
import type { ControlAnswer } from '../core/profiles/control-point.ts'
import { Legs } from '../core/legs.ts'
import type { Reading } from '../core/sample.ts'
import { CalibratingRider, SteadyRider } from './legs-models.ts'
import { ModelLink } from './model-link.ts'

function heardFrom(bench: ModelLink) {
  const heard = { readings: [] as Reading[], meter: [] as Reading[], answers: [] as ControlAnswer[], lost: 0, gone: 0 }
  const events: string[] = []
  bench.link.start({
    reading: (reading) => heard.readings.push(reading),
    answered: (answer) => heard.answers.push(answer),
    controlLost: () => heard.lost++,
    battery: () => {},
    gone: () => heard.gone++,
    ...{ calibration: (event: { readonly event: string }) => events.push(event.event) },
  })
  bench.meter.start({
    ...{ answered: () => {}, controlLost: () => {}, battery: () => {}, gone: () => {} },
    reading: (reading) => heard.meter.push(reading),
  })
  return { ...heard, events, count: () => heard }
}

test('[B74] a link of the model answers requests, holds watts and reports four times a second, with no clock', () => {
  const bench = new ModelLink({ legs: new SteadyRider(), spec: { biasPercent: 5 } })
  const heard = heardFrom(bench)
  const { trainer } = bench.link
  trainer!.send({ op: 'set-target-power', powerW: 210 })
  trainer!.send({ op: 'request-control' })
  trainer!.send({ op: 'set-target-power', powerW: 210 })
  for (let i = 0; i < 600; i++) bench.step(0.1)
  expect(heard.answers.map((a) => a.result)).toEqual(['not-permitted', 'success', 'success'])
  expect(heard.readings.length).toBeGreaterThan(199)
  expect(heard.readings.at(-1)!.powerW).toBe(210)
  expect(heard.meter.at(-1)!.powerW).toBe(200)
  bench.desk.loseControl()
  expect(heard.count().lost).toBe(1)
  bench.drop()
  expect(heard.count().gone).toBe(1)
  expect(bench.model.target.mode).toBe('power') // Control was lost before: what was set is not the app's any more.
})

test('[B76] a spin-down is told step by step through the link', () => {
  const bench = new ModelLink({ legs: new CalibratingRider() })
  const heard = heardFrom(bench)
  bench.link.trainer!.send({ op: 'request-control' })
  bench.link.trainer!.send({ op: 'spin-down', startOrIgnore: 1 })
  for (let i = 0; i < 1200; i++) bench.step(0.1)
  expect(heard.events).toEqual(['speed-up', 'stop-pedalling', 'success'])
  // 10.00 and 30.00 km/h.
  expect([...heard.answers[1]!.parameters]).toEqual([0xe8, 0x03, 0xb8, 0x0b])
})

test('[B74] the law of the legs rides it in virtual time: a road, watts held, control lost and regained', () => {
  const bench = new ModelLink({ legs: new SteadyRider({ powerW: 220 }), spec: { startMps: 8 } })
  const legs = new Legs()
  let nowMs = 0
  const pass = (seconds: number): void => {
    for (let i = 0; i < seconds * 20; i++) {
      bench.step(0.05)
      nowMs += 50
      legs.tick(nowMs)
    }
  }
  legs.add(bench.link, nowMs)
  legs.loop.wish({ gradeFraction: 0.06 })
  pass(60)
  expect(bench.model.target).toMatchObject({ mode: 'simulation', gradeFraction: 0.06 })
  const climbing = bench.model.report()
  expect(climbing.legsW).toBeCloseTo(220, 0)
  expect(climbing.speedMps * 3.6).toBeLessThan(16)
  legs.loop.wish({ targetW: 250 })
  pass(40)
  expect(bench.model.target).toEqual({ mode: 'power', powerW: 250 })
  expect(bench.model.report().legsW).toBeCloseTo(250, 0)
  bench.desk.loseControl()
  expect(bench.desk.isControlled).toBe(false)
  pass(2)
  expect(bench.desk.isControlled).toBe(true)
  expect(bench.model.target).toEqual({ mode: 'power', powerW: 250 })
})
