import { expect, test } from 'vitest'
import { type OverLine, placesAt, winnerAt } from './film-places.ts'

const FINISH = new Set(['line'])
const over = (tick: number, riderId: number, lap: number, fraction = 0.5, lineId = 'line'): OverLine => ({
  ...{ tick, riderId, lap, fraction, lineId },
})
const winner = (marks: readonly OverLine[], tick: number, finished: readonly number[]) =>
  winnerAt(placesAt(marks, tick, FINISH), tick, 50, (id) => finished.includes(id))

// Two laps: 3 leads after one, 5 passes, 7 is at the end of the start list and comes with 5 within one tick.
const RACE = [
  over(1000, 3, 1),
  over(1004, 5, 1),
  over(1004, 7, 1, 0.2),
  over(1900, 9, 9, 0.5, 'sprint'),
  over(2000, 5, 2, 0.9),
  over(2000, 7, 2, 0.4),
  over(2003, 3, 2),
]

test('[S18] who won is the first over the line of the last lap, inside one tick by its fraction', () => {
  expect([...placesAt(RACE, 2100, FINISH).keys()]).toEqual([7, 5, 3])
  expect(winner(RACE, 2020, [5, 7, 3])).toEqual({ riderId: 7, agoS: 1 })
})

test('[S18] who leads and has not finished has not won, nor has anybody when one winds back before the line', () => {
  expect([...placesAt(RACE, 1950, FINISH).keys()]).toEqual([3, 7, 5])
  expect(winner(RACE, 1950, [])).toBeUndefined()
  expect(winner(RACE, 999, [])).toBeUndefined()
})

test('[S18] who comes later, or over another line, does not take it from the winner', () => {
  const later = [...RACE, over(2900, 8, 2), over(2950, 8, 5, 0.5, 'sprint')]
  expect(winner(later, 3000, [3, 5, 7, 8])).toEqual({ riderId: 7, agoS: 50 })
})
