import { expect, test } from 'vitest'
import type { Reading } from '#bridges/core/sample'
import { SimulatedTrainer } from './simulated-trainer.ts'

interface Heard {
  readonly reading: Reading
  readonly atMs: number
}

function listen(trainer: SimulatedTrainer): Heard[] {
  const heard: Heard[] = []
  trainer.start({
    reading: (reading, atMs) => void heard.push({ reading, atMs }),
    answered: () => {},
    controlLost: () => {},
    battery: () => {},
    gone: () => {},
  })
  return heard
}

test('[I1] it notifies four times a second, as trainers do, however often it is asked', () => {
  const trainer = new SimulatedTrainer({ powerW: 200, cadenceRpm: 90 })
  const heard = listen(trainer)
  for (let nowMs = 0; nowMs < 1000; nowMs += 50) trainer.tick(nowMs)
  expect(heard.map(({ atMs }) => atMs)).toEqual([0, 250, 500, 750])
})

test('[I2] its watts come through the bytes of a real trainer: whole watts, half revolutions', () => {
  const trainer = new SimulatedTrainer({ powerW: 247.4, cadenceRpm: 90.6 })
  const heard = listen(trainer)
  trainer.tick(0)
  expect(heard[0]!.reading).toEqual({ source: 'trainer', powerW: 247, cadenceRpm: 90.5 })
})

test('[I3] once closed it is silent', () => {
  const trainer = new SimulatedTrainer({ powerW: 200, cadenceRpm: 90 })
  const heard = listen(trainer)
  trainer.close()
  trainer.tick(1000)
  expect(heard).toEqual([])
})
