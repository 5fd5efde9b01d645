import { expect, test } from 'vitest'
import type { RiderId } from '#protocol/ids'
import { Companions } from './companions.ts'
import { Reports, Social } from './social.ts'

const [ada, bo, cy] = [1, 2, 3] as RiderId[] as [RiderId, RiderId, RiderId]
const NAMES = new Map<RiderId, string>([
  [ada, 'Ada'],
  [bo, 'Bo'],
  [cy, 'Cy'],
])

function room() {
  const told: [RiderId | undefined, string, Record<string, unknown>][] = []
  let nowMs = 0
  const clock = { nowMs: () => nowMs, wallMs: () => 1000 + nowMs, after: () => () => {} }
  const reports = new Reports()
  const social = new Social({
    ...{ roomId: 'r', clock, reports },
    nameOf: (id) => NAMES.get(id),
    tell: (id, kind, message) => told.push([id, kind, message as Record<string, unknown>]),
    listeners: () => [ada, bo, cy],
  })
  return { social, reports, clock, told, wait: (ms: number) => (nowMs += ms) }
}

test('[U31] who is blocked and who blocks hear nothing of one another, and neither is told', () => {
  const { social, told, wait } = room()
  social.block(ada, bo, true)
  social.chat(bo, 'hello')
  social.quick(ada, 3)
  expect(social.rideOn(bo, ada)).toBeUndefined()
  expect(social.rideOn(ada, bo)).toBeUndefined()
  expect(told.map(([to, kind]) => [to, kind])).toEqual([
    [bo, 'chat'],
    [cy, 'chat'],
    [undefined, 'chat'],
    [ada, 'quick'],
    [cy, 'quick'],
    [undefined, 'quick'],
  ])
  social.block(ada, bo, false)
  wait(20_000)
  social.rideOn(bo, ada)
  expect(told.at(-2)).toEqual([ada, 'ride-on', { riderId: bo, name: 'Bo', count: 1 }])
})

test('[U31] lines are cleaned, numbered, and a flood is refused in a sentence', () => {
  const { social, told } = room()
  expect(social.chat(ada, ' a\u202eb ')).toBeUndefined()
  expect(told[0]![2]).toEqual({ id: 1, riderId: ada, name: 'Ada', text: 'ab' })
  social.chat(ada, 'two')
  social.quick(ada, 0)
  expect(social.quick(ada, 0)?.message).toMatch(/wait a moment\.$/)
  expect(social.chat(bo, 'mine')).toBeUndefined()
})

test('[U32] a cheer counts once in twenty seconds between the same two', () => {
  const { social, told, wait } = room()
  social.rideOn(ada, bo)
  social.rideOn(ada, bo)
  social.rideOn(cy, bo)
  wait(20_000)
  social.rideOn(ada, bo)
  const counts = told.filter(([, kind]) => kind === 'ride-on').map(([, , { count }]) => count)
  expect(counts).toEqual([1, 2, 3])
  expect(social.rideOn(ada, ada)?.code).toBe('rider-gone')
  expect(social.rideOn(ada, 99 as RiderId)?.code).toBe('rider-gone')
})

test('[U33] a report reaches the organiser with the last twenty lines of whom it is about', () => {
  const { social, reports, wait } = room()
  for (let k = 0; k < 25; k++) {
    social.chat(bo, `line ${k}`)
    social.chat(cy, 'other')
    wait(2000)
  }
  expect(social.report(ada, bo, 'rude', ' he  said\n so ')).toBeUndefined()
  const [report] = reports.list()
  expect(report).toMatchObject({ by: { name: 'Ada' }, about: { name: 'Bo' }, reason: 'rude', words: 'he said so' })
  expect(report!.lines.map(({ text }) => text)).toEqual(Array.from({ length: 20 }, (_, k) => `line ${k + 5}`))
  expect(social.report(ada, ada, 'rude', '')?.code).toBe('yourself')
  expect(social.report(ada, 99 as RiderId, 'rude', '')?.code).toBe('rider-unknown')
  social.report(ada, bo, 'spam', '')
  social.report(ada, bo, 'spam', '')
  expect(social.report(ada, bo, 'spam', '')?.message).toMatch(/enough/)
  reports.settle(report!.id)
  expect(reports.list()).toHaveLength(2)
  expect(() => reports.settle(report!.id)).toThrow(/no such report/)
})

test('[U35] a phone speaks for its rider only by a key, and no longer than the rider wants', () => {
  let byte = 0
  const companions = new Companions((count) => new Uint8Array(count).fill(++byte), { nowMs: () => 0 })
  const key = companions.pair(ada)
  expect(companions.mayAsk('phone')).toBeUndefined()
  expect(companions.enter('phone', 'guessed')).toBeUndefined()
  expect(companions.enter('phone', key)).toBe(ada)
  expect(companions.mayAsk('phone')).toBe(ada)
  expect([...companions.of(bo)]).toEqual([])
  for (let k = 0; k < 11; k++) companions.mayAsk('phone')
  expect(companions.mayAsk('phone')).toBe('much')
  expect(companions.revoke(ada)).toEqual(['phone'])
  expect(companions.mayAsk('phone')).toBeUndefined()
  expect(companions.enter('phone', key)).toBeUndefined()
})

test('[U35] of a rider’s phones the fifth lets the first go', () => {
  let byte = 0
  const companions = new Companions((count) => new Uint8Array(count).fill(++byte), { nowMs: () => 0 })
  const keys = Array.from({ length: 5 }, () => companions.pair(ada))
  expect(companions.enter('a', keys[0]!)).toBeUndefined()
  expect(companions.enter('b', keys[1]!)).toBe(ada)
})
