import { expect, test } from 'vitest'
import { TICK_HZ } from '#protocol/limits'
import { allocatedPerTick } from './allocated.ts'
import { fieldOf, inABunch, longRoad, pedalOn } from './physics.ts'

const RIDERS = 100
/** As many ticks as engines need to have compiled all of it, as far as they will. */
const WARM_TICKS = 4000

test('[P90] a tick makes nothing: half a number for each rider in a bunch would be seen', () => {
  const world = fieldOf(longRoad(), RIDERS, inABunch)
  for (let tick = 0; tick < TICK_HZ; tick++) world.step() // Everybody's first sample.
  pedalOn(world)
  for (let tick = 0; tick < WARM_TICKS; tick++) world.step()
  expect(world.riders.powerW[3]).toBeGreaterThan(100)
  // A number that is boxed takes 16 bytes.
  expect(allocatedPerTick(() => world.step()) / RIDERS).toBeLessThan(8)
})

test('[P90] and what is made is seen', () => {
  const kept: { atMs: number }[] = []
  let tick = 0
  const step = () => {
    for (let i = 0; i < RIDERS; i++) kept[i] = { atMs: ++tick + 0.5 }
  }
  for (let i = 0; i < WARM_TICKS; i++) step()
  expect(allocatedPerTick(step) / RIDERS).toBeGreaterThan(16)
})
