import { expect, test } from 'vitest'
import { groupsOf, type RaceRow } from './race-stream.ts'

const row = (riderId: number, gapMs: number, finishedMs: number | null = null): RaceRow => ({
  ...{ place: riderId, riderId, bib: riderId, name: `R${riderId}`, lap: 1, distanceM: 0 },
  ...{ gapMs, finishedMs, speedKmh: 40, powerW: 250, wattsPerKg: 3.5 },
})

test('[S13] groups are told from the front: who is within two seconds of the one before rides along, who has finished does not', () => {
  const groups = groupsOf([row(1, 0, 900), row(2, 5000), row(3, 6500), row(4, 8400), row(5, 30_000), row(6, 31_000)])
  expect(groups.map(({ gapMs, rows }) => [gapMs, rows.map(({ riderId }) => riderId)])).toEqual([
    [0, [2, 3, 4]],
    [25_000, [5, 6]],
  ])
  expect(groupsOf([])).toEqual([])
})
