import { expect, test } from 'vitest'
import type { Sequence } from '#protocol/ids'
import { INBOX_SAMPLES_MAX } from '#protocol/limits'
import { Inbox } from './inbox.ts'

const sample = (sequence: number) => ({
  sequence: (sequence & 0xffff) as Sequence,
  atMs: 0,
  powerW: 0,
  cadenceHalfRpm: 0,
  heartRateBpm: 0,
  steer: 0,
})

function emptied(inbox: Inbox): [number, number][] {
  const out: [number, number][] = []
  inbox.empty((row, { sequence }) => out.push([row, sequence]))
  return out
}

test('samples come out row by row, in order of sequence, each once, across the wrap', () => {
  const inbox = new Inbox(3)
  for (const [row, sequence] of [
    [2, 7],
    [0, 1],
    [0, 0xffff],
    [2, 5],
    [0, 0],
    [0, 1],
    [2, 6],
    [0, 0xfffe],
  ] as const)
    inbox.post(row, sample(sequence))
  expect(emptied(inbox)).toEqual([
    [0, 0xfffe],
    [0, 0xffff],
    [0, 0],
    [0, 1],
    [2, 5],
    [2, 6],
    [2, 7],
  ])
  expect(emptied(inbox)).toEqual([])
})

test('a full box loses its oldest samples and counts them', () => {
  const inbox = new Inbox(1)
  for (let i = 0; i < INBOX_SAMPLES_MAX + 5; i++) inbox.post(0, sample(i))
  expect(inbox.overflows).toBe(5)
  expect(emptied(inbox).map(([, sequence]) => sequence)).toEqual(
    Array.from({ length: INBOX_SAMPLES_MAX }, (_, i) => i + 5),
  )
})

test('a cleared box is empty, and the others are not', () => {
  const inbox = new Inbox(2)
  inbox.post(0, sample(1))
  inbox.post(1, sample(2))
  inbox.clear(0)
  expect(emptied(inbox)).toEqual([[1, 2]])
})
