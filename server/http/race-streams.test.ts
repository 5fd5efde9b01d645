import { expect, test } from 'vitest'
import { VirtualClock } from '#cli/sim/virtual-clock'
import { AppError } from '../errors.ts'
import type { EventStream } from './event-stream.ts'
import { RaceStreams } from './race-streams.ts'

function listener() {
  const heard: string[] = []
  let onClosed = (): void => {}
  const stream: EventStream = {
    isOpen: true,
    send: (frame) => void heard.push(Buffer.from(frame).toString().split('\n')[0]!.slice('event: '.length)),
    close: () => onClosed(),
  }
  return { heard, stream, open: (closed: () => void) => ((onClosed = closed), stream) }
}

test('[A47] a race is looked at once a second however many listen, told whole to who comes, and left alone when they have gone', () => {
  const clock = new VirtualClock()
  const held = { looks: 0, crossings: [1, 2], isThere: true }
  const races = new RaceStreams({
    clock,
    now: () => {
      if (!held.isThere) throw new AppError('ERR_EVENT_UNKNOWN', 'There is no such event.')
      return { looks: ++held.looks }
    },
    crossings: () => held.crossings,
  })
  const all = Array.from({ length: 40 }, () => listener())
  for (const one of all) races.add('a', one.open)
  expect(held.looks).toBe(40)
  held.crossings = [1, 2, 3]
  clock.runUntil(3000)
  expect(held.looks).toBe(43)
  expect(all[7]!.heard).toEqual(['board', 'crossing', 'board', 'board', 'board'])
  for (const one of all.slice(1)) one.stream.close()
  expect(races.count).toBe(1)
  held.isThere = false
  expect(() => races.add('a', listener().open)).toThrow('no such event')
  clock.runUntil(4000)
  expect(races.count).toBe(0)
  clock.runUntil(9000)
  expect(held.looks).toBe(43)
})
