import { expect, test } from 'vitest'
import { rideRace } from '#cli/sim/race'
import { results } from '#server/event/results'
import { smallMap } from '#test/sim/small-map'
import { racePapers } from './race-papers.ts'

test('a journal cut anywhere gives the result of the crossings that are in it; whole, the result itself', () => {
  const { world, lines, startTick } = rideRace({ map: smallMap(), seed: 4, riders: 3, laps: 1 })
  if (world.run.phase !== 'finished') throw new Error('not ridden to its end')
  const { run } = world.run
  const whole = racePapers(lines, run.runId)
  expect(whole).toEqual({ run, startTick, crossings: world.crossings })
  const last = lines.findLastIndex((line) => line.startsWith('["crossing"'))
  const cut = racePapers([...lines.slice(0, last), lines[last]!.slice(0, -5)], run.runId)!
  expect(cut.crossings).toEqual(world.crossings.slice(0, -1))
  expect(results({ ...cut, decisions: [] }).map((row) => row.status)).toEqual(['finished', 'finished', 'dnf'])
})

test('a journal of another run, or of a race that did not start, gives nothing', () => {
  const { lines } = rideRace({ map: smallMap(), seed: 4, riders: 1, laps: 1, onTick: () => false })
  expect(racePapers(lines, 'another')).toBeUndefined()
  expect(
    racePapers(
      lines.filter((line) => !line.includes('"start"')),
      'run-4',
    ),
  ).toBeUndefined()
  expect(racePapers([], 'run-4')).toBeUndefined()
})
