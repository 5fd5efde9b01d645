import { expect, test } from 'vitest'
import { HeartBeats } from './heart-beats.ts'
import { decodeHeartRatePage, encodeHeartRatePage } from './pages/heart-rate.ts'

const page = (
  number: number,
  toggle: number,
  beatTime1024: number,
  beatCount: number,
  previousBeatTime1024?: number,
) => {
  const value = { page: number, toggle, beatTime1024, beatCount, heartRateBpm: 72 }
  const bytes = encodeHeartRatePage(previousBeatTime1024 === undefined ? value : { ...value, previousBeatTime1024 })
  const got = decodeHeartRatePage(bytes)
  if (!got.ok) throw new Error(got.error)
  return got.value
}

test('[B24] beats one apart give their interval, across both roll-overs; a beat not heard gives none', () => {
  const beats = new HeartBeats()
  expect(beats.offer(page(0, 0, 65_000, 255), 0)).toBeUndefined()
  expect(beats.offer(page(0, 0, 65_000, 255), 250)).toBeUndefined()
  expect(beats.offer(page(0, 0, (65_000 + 860) & 0xffff, 0), 900)).toBe(860)
  expect(beats.offer(page(0, 0, 2600, 2), 2500)).toBeUndefined()
  expect(beats.offer(page(0, 0, 2600 + 100, 3), 2600)).toBeUndefined()
})

test('[B24] page 4 has the beat before, so that a lost message loses no interval', () => {
  const beats = new HeartBeats()
  beats.offer(page(4, 0, 1000, 1, 100), 0)
  expect(beats.offer(page(4, 1, 3000, 3, 2100), 2000)).toBe(900)
  expect(beats.offer(page(4, 1, 3000, 3, 2100), 2250)).toBeUndefined()
})

test('[B24] a strap whose page bit never turns has no pages: what looks like one is not believed', () => {
  const beats = new HeartBeats()
  beats.offer(page(4, 0, 1000, 1, 0xffff), 0)
  expect(beats.offer(page(4, 0, 1900, 2, 0xffff), 900)).toBe(900)
})

test('[B24] after a silence one beat more may be 257', () => {
  const beats = new HeartBeats()
  beats.offer(page(0, 0, 1000, 1), 0)
  expect(beats.offer(page(0, 0, 1900, 2), 66_000)).toBeUndefined()
})
