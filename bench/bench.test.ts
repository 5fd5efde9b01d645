import { expect, it } from 'vitest'
import { benchJoin } from './join.ts'
import { measure, spread } from './measure.ts'
import { spreadFigures } from './measured.ts'
import { benchPhysics } from './physics.ts'
import { benchNet } from './net.ts'
import { benchReplay } from './replay.ts'
import { benchWorld } from './world.ts'
import { benchWritten } from './written.ts'
import { benchZone } from './zone.ts'

const ONCE = { rounds: 1, warmUps: 0, workShare: 0.05 }

it('[N1] the middle of an even count lies between the two in the middle; smallest and largest stand beside it', () => {
  expect(spread([4, 1, 3, 2])).toEqual({ median: 2.5, min: 1, max: 4, rounds: 4 })
  expect(spread([3, 1, 2])).toEqual({ median: 2, min: 1, max: 3, rounds: 3 })
})

it('[N1] a target holds for the median', () => {
  const figures = spreadFigures('tick', { median: 4, min: 1, max: 9, rounds: 3 }, 'ms', { atMost: 5 })
  expect(figures['tick']).toEqual({ value: 4, unit: 'ms', atMost: 5, pass: true })
  expect(figures['tick.max']).toEqual({ value: 9, unit: 'ms' })
})

it('[N2] cases take turns, and the warm-up is thrown away', async () => {
  const order: string[] = []
  const one = (name: string) => ({ name, run: () => order.push(name) })
  const spreads = await measure([one('a'), one('b')], { rounds: 2, warmUps: 1 })
  expect(order.join('')).toBe('ababab')
  expect(spreads.map(({ min, max, rounds }) => [min, max, rounds])).toEqual([
    [3, 5, 2],
    [4, 6, 2],
  ])
})

it.each([
  [
    'world',
    benchWorld,
    ['world.100.perRiderTick', 'world.1000.perRiderTick', 'world.5000.perRiderTick', 'world.1000.tick'],
  ],
  ['physics', benchPhysics, ['physics.open.5000.tick', 'physics.bunch.1000.tick', 'physics.open.flatness']],
  ['zone', benchZone, ['zone.bodies', 'zone.riding.tick', 'zone.wild.tick']],
  ['net', benchNet, ['net.composePerClientTick', 'net.downPerClientTick', 'net.upPerClientTick']],
  ['join', benchJoin, ['join.tokenToFirstRiders']],
  ['replay', benchReplay, ['replay.overRealTime']],
  ['written', benchWritten, ['written.recorder.second', 'written.journal.tick', 'written.lookedOn.share']],
])('[N3] %s measures what it says, and says how', { timeout: 60_000 }, async (_name, bench, names) => {
  const { method, figures } = await bench(ONCE)
  expect(method.length).toBeGreaterThan(80)
  for (const name of names) expect(figures[name]?.value).toBeGreaterThan(0)
})
