import { afterEach, describe, expect, test } from 'vitest'
import { AntBench, OUR_NUMBER, steadyTrainer } from '#test/support/ant-bench'
import { toHex } from '../core/bytes.ts'
import { FakeRemote, fakeCadence, fakePowerMeter, fakeShifters, fakeSpeedCadence, fakeStrap } from './fake/sensors.ts'

const benches: AntBench[] = []
function bench(): AntBench {
  const one = new AntBench()
  benches.push(one)
  return one
}
afterEach(async () => {
  for (const one of benches.splice(0)) await one.close()
})

describe('a stick', () => {
  test('finds', () => {
    const b = bench()
    const stick = b.stick()
    const { trainer } = steadyTrainer(34211)
    b.air.add(trainer)
    b.air.add(fakeStrap(77, { heartRateBpm: 140, batteryPercent: 80 }))
    b.start()
    b.run(5000)
    console.log(b.said, [...b.heard.keys()])
    console.log(stick.chip.frames.slice(0, 20).map((f) => `${f.id.toString(16)} ${toHex(f.content)}`))
    console.log(b.of('ant:17.34211').readings.slice(0, 5), b.of('ant:120.77').batteries)
    expect(OUR_NUMBER && FakeRemote && fakeCadence && fakePowerMeter && fakeShifters && fakeSpeedCadence).toBeTruthy()
  })
})
