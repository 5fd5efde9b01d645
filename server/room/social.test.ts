import { expect, test } from 'vitest'
import type { RiderId } from '#protocol/ids'
import { Companions } from './companions.ts'
import { Blocks } from './blocks.ts'
import { Reports } from './reports.ts'
import { Social } from './social.ts'
import { memorySafety } from './testing.ts'

const [ada, bo, cy] = [1, 2, 3] as RiderId[] as [RiderId, RiderId, RiderId]
const NAMES = new Map<RiderId, string>([
  [ada, 'Ada'],
  [bo, 'Bo'],
  [cy, 'Cy'],
])

function room() {
  const told: [RiderId | undefined, string, Record<string, unknown>][] = []
  let nowMs = 0
  let ids = 0
  const clock = { nowMs: () => nowMs, wallMs: () => 1000 + nowMs, after: () => () => {} }
  const safety = memorySafety()
  const reports = new Reports(() => safety, clock)
  const newId = () => `00000000-0000-0000-0000-${String(++ids).padStart(12, '0')}`
  const blocks = new Blocks({
    ...{ store: () => safety, clock, newId, accountsOf: async () => new Map(), here: () => new Set<string>() },
    onError: (error) => expect.fail(String(error)),
  })
  for (const id of NAMES.keys()) blocks.come(`uuid-${id}`)
  const social = new Social({
    ...{ roomId: 'r', clock, reports, blocks, newId },
    nameOf: (id) => NAMES.get(id),
    personOf: (id) => (NAMES.has(id) ? `uuid-${id}` : undefined),
    persons: () => [ada, bo, cy].map((riderId) => ({ riderId, uuid: `uuid-${riderId}` })),
    tell: (id, kind, message) => told.push([id, kind, message as Record<string, unknown>]),
    listeners: () => [ada, bo, cy],
  })
  return { social, reports, clock, told, wait: (ms: number) => (nowMs += ms) }
}

test('[U31] who is blocked and who blocks hear nothing of one another, and neither is told', async () => {
  const { social, told, wait } = room()
  await social.avoid(ada, bo, 'block', true)
  expect(told.splice(0)).toEqual([
    [ada, 'marks', { marks: [expect.objectContaining({ name: 'Bo' })], here: [{ riderId: bo, kind: 'block' }] }],
  ])
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
  await social.avoid(ada, bo, 'block', false)
  wait(20_000)
  social.rideOn(bo, ada)
  expect(told.at(-2)).toEqual([ada, 'ride-on', { riderId: bo, name: 'Bo', count: 1 }])
})

test('[A52] a mute spares one the other’s lines and no more: who mutes is still heard', async () => {
  const { social, told } = room()
  await social.avoid(ada, bo, 'mute', true)
  told.length = 0
  social.chat(bo, 'hello')
  social.chat(ada, 'still here')
  expect(told.map(([to]) => to)).toEqual([bo, cy, undefined, ada, bo, cy, undefined])
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

test('[U33] a report reaches the organiser with the last twenty lines of whom it is about', async () => {
  const { social, reports, told, wait } = room()
  for (let k = 0; k < 25; k++) {
    social.chat(bo, `line ${k}`)
    social.chat(cy, 'other')
    wait(2000)
  }
  expect(await social.report(ada, bo, 'rude', ' he  said\n so ')).toBeUndefined()
  expect(told.at(-1)).toEqual([ada, 'reported', { riderId: bo, name: 'Bo' }])
  const [report] = (await reports.list()).reports
  expect(report).toMatchObject({ by: { name: 'Ada' }, about: { name: 'Bo' }, reason: 'rude', words: 'he said so' })
  expect(report!.lines.map(({ text }) => text)).toEqual(Array.from({ length: 20 }, (_, k) => `line ${k + 5}`))
  expect(JSON.stringify(report)).not.toContain('uuid') // By whom it was is the store's to know.
  expect((await social.report(ada, ada, 'rude', ''))?.code).toBe('yourself')
  expect((await social.report(ada, 99 as RiderId, 'rude', ''))?.code).toBe('rider-unknown')
  await social.report(ada, bo, 'spam', '')
  await social.report(ada, bo, 'spam', '')
  expect((await social.report(ada, bo, 'spam', ''))?.code).toBe('reported-enough')
  await reports.settle(report!.id)
  const list = await reports.list()
  expect([list.reports.length, list.count, list.settled.map(({ id }) => id)]).toEqual([2, 2, [report!.id]])
  await expect(reports.settle(report!.id)).rejects.toThrow(/no such report/)
})

test('[U35] a phone speaks for its rider only by a key, and no longer than the rider wants', () => {
  let byte = 0
  const companions = new Companions(
    (count) => new Uint8Array(count).fill(++byte),
    { nowMs: () => 0 },
    () => true,
  )
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
  const companions = new Companions(
    (count) => new Uint8Array(count).fill(++byte),
    { nowMs: () => 0 },
    () => true,
  )
  const keys = Array.from({ length: 5 }, () => companions.pair(ada))
  expect(companions.enter('a', keys[0]!)).toBeUndefined()
  expect(companions.enter('b', keys[1]!)).toBe(ada)
})

test('[A69] riders who come, pair and go take nobody’s phone away who is on the road', () => {
  let number = 0
  const bytes = (count: number) => Buffer.from(String(++number).padStart(count))
  const companions = new Companions(bytes, { nowMs: () => 0 }, (riderId) => riderId === ada)
  const key = companions.pair(ada)
  companions.enter('phone', key)
  for (let rider = 10; rider < 14_000; rider++) companions.pair(rider as RiderId)
  expect([companions.riderOf(key), companions.mayAsk('phone')]).toEqual([ada, ada])
})
