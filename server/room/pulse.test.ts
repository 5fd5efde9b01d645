import { expect, test } from 'vitest'
import { Pulse } from './pulse.ts'

const second = (tick: number, droppedTicks = 0) => ({
  ...{ tick, riders: 3, sessions: 2, samplesTaken: 0, samplesRefused: 0, stampExcessMs: 0, droppedTicks },
  ...{ stepMaxMs: 3.1428, lateMaxMs: 1.26, ticksLate: 0, ticksSparing: 4 },
})

test('[D170] a room remembers its last two minutes, and what it dropped in each second alone', () => {
  const pulse = new Pulse()
  pulse.take(second(20, 5))
  pulse.take(second(40, 5))
  pulse.take(second(60, 12))
  expect(pulse.seconds.map(({ droppedTicks }) => droppedTicks)).toEqual([5, 0, 7])
  expect(pulse.seconds[0]).toEqual({
    ...{
      tick: 20,
      riders: 3,
      sessions: 2,
      stepMaxMs: 3.1,
      lateMaxMs: 1.3,
      ticksLate: 0,
      ticksSparing: 4,
      droppedTicks: 5,
    },
  })
  for (let i = 4; i <= 200; i++) pulse.take(second(i * 20, 12))
  expect(pulse.seconds).toHaveLength(120)
  expect(pulse.seconds.at(-1)!.tick).toBe(4000)
})
