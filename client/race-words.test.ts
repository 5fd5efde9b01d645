import { expect, test } from 'vitest'
import { raceWords } from './race-words.ts'
import type { RoomFacts } from './room.ts'

const place = (riderId: number, lap: number, finishedMs = 0) => ({ riderId, place: riderId, lap, finishedMs })
const facts = (phase: string): RoomFacts =>
  ({
    ...{ eventId: 'e1', eventTitle: 'Tuesday', phase, startTick: 200, laps: 3, meetId: '' },
    board: [place(1, 1), place(2, 2, 99_000)],
  }) as unknown as RoomFacts

test('what is said of a race follows its phase, and nothing is said where there is none', () => {
  expect(raceWords({ ...facts('racing'), eventId: '' }, 1, 0)).toEqual({})
  expect(raceWords(facts('open'), 1, 0)).toEqual({ race: 'Lap 2 of 3', banner: 'Tuesday: waiting for the start' })
  expect(raceWords(facts('countdown'), 1, 101)).toEqual({ race: 'Lap 2 of 3', banner: 'Start in 5' })
  expect(raceWords(facts('racing'), 1, 201)).toEqual({ race: 'Lap 2 of 3 · place 1 of 2', banner: 'Go!' })
  expect(raceWords(facts('racing'), 1, 300)).toEqual({ race: 'Lap 2 of 3 · place 1 of 2' })
  expect(raceWords(facts('racing'), 2, 300).banner).toBe('Finished: place 2 of 2')
  // Who has come after the start is of no lap and no place.
  expect(raceWords(facts('racing'), 9, 300)).toEqual({ race: 'Lap 1 of 3' })
  expect(raceWords(facts('provisional'), 1, 900).banner).toBe('The race is over')
})

test('[U57] a meet-up says its name, that its riders are kept together, and how long until it begins', () => {
  const meet = {
    ...facts('free'),
    eventId: '',
    meetId: 'abc',
    eventTitle: 'Our hill',
    isTogether: true,
    meetStartTick: 5000,
  }
  expect(raceWords(meet, 1, 0)).toEqual({ race: 'Our hill · Kept together', banner: 'Starts in 4:10' })
  expect(raceWords(meet, 1, 5010)).toEqual({ race: 'Our hill · Kept together', banner: 'Go!' })
  expect(raceWords({ ...meet, isTogether: false }, 1, 6000)).toEqual({ race: 'Our hill' })
})
