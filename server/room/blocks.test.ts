import { expect, test } from 'vitest'
import { Blocks } from './blocks.ts'
import { personKeys } from './persons.ts'
import { memorySafety } from './testing.ts'

/** A house whose riders and accounts come and go; `restart` forgets what only memory knew. */
function house() {
  const safety = memorySafety()
  const accounts = new Map<string, string>()
  const errors: unknown[] = []
  const here = new Set<string>()
  let ids = 0
  const open = () =>
    new Blocks({
      ...{ store: () => safety, clock: { wallMs: () => 1000 }, newId: () => `mark-${++ids}` },
      accountsOf: async (uuids) => new Map([...accounts].filter(([uuid]) => uuids.includes(uuid))),
      onError: (error) => errors.push(error),
      here: () => here,
    })
  return { safety, accounts, errors, here, open }
}
const settled = async () => await new Promise((resolve) => setImmediate(resolve))
const guest = (browser: string) => personKeys.guest(browser)

test('[A52] who is blocked stays blocked under another name, as another rider, after a restart, and both ways', async () => {
  const { open } = house()
  const before = open()
  before.come('ada-1', guest('ada'))
  before.come('bo-1', guest('bo'))
  await settled()
  expect(await before.avoid('ada-1', { uuid: 'bo-1', name: 'Bo' }, 'block')).toBeUndefined()
  expect([before.areParted('ada-1', 'bo-1'), before.areParted('bo-1', 'ada-1')]).toEqual([true, true])
  const after = open()
  after.come('bo-2', guest('bo'))
  after.come('ada-2', guest('ada'))
  after.come('cy', guest('cy'))
  await settled()
  expect(after.marksOf('ada-2')).toEqual([{ id: 'mark-1', name: 'Bo', kind: 'block' }])
  expect(after.marksOf('bo-2')).toEqual([]) // Who is blocked is told nothing.
  expect([after.hears('bo-2', 'ada-2'), after.hears('ada-2', 'bo-2'), after.hears('cy', 'bo-2')]).toEqual([
    ...[false, false, true],
  ])
  expect([after.isKeyBlocked('ada-2', guest('bo')), after.isKeyBlocked('ada-2', guest('cy'))]).toEqual([true, false])
})

test('[A53] a mark holds at once though the store is away, is written when it is back, and can be taken back', async () => {
  const { safety, errors, open } = house()
  safety.isAway = true
  const blocks = open()
  blocks.come('ada', guest('ada'))
  blocks.come('bo', guest('bo'))
  await settled()
  expect(await blocks.avoid('ada', { uuid: 'bo', name: 'Bo' }, 'block')).toBeUndefined()
  expect(blocks.areParted('ada', 'bo')).toBe(true)
  expect(errors.length).toBeGreaterThan(0)
  await expect(blocks.again()).rejects.toThrow(/away/)
  expect(blocks.areParted('ada', 'bo')).toBe(true)
  safety.isAway = false
  await blocks.again()
  expect(await safety.avoidedBy([guest('ada')])).toHaveLength(1)
  await blocks.hearAgain('bo', 'mark-1') // It is not theirs.
  expect(blocks.areParted('ada', 'bo')).toBe(true)
  await blocks.hearAgain('ada', 'mark-1')
  expect([blocks.areParted('ada', 'bo'), await safety.avoidedBy([guest('ada')])]).toEqual([false, []])
})

test('[A53] nobody avoids themselves, and nobody fills the store: 200 marks are the most of one person', async () => {
  const { open } = house()
  const blocks = open()
  blocks.come('ada-1', guest('ada'))
  blocks.come('ada-2', guest('ada'))
  await settled()
  expect((await blocks.avoid('ada-1', { uuid: 'ada-2', name: 'Ada' }, 'block'))?.code).toBe('yourself')
  expect((await blocks.avoid('nobody', { uuid: 'ada-2', name: 'Ada' }, 'block'))?.code).toBe('yourself')
  for (let k = 0; k < 200; k++) await blocks.avoid('ada-1', { uuid: `x${k}`, name: '<b>' }, k % 2 ? 'block' : 'mute')
  expect((await blocks.avoid('ada-2', { uuid: 'y', name: 'y' }, 'block'))?.code).toBe('avoid-full')
  expect(blocks.marksOf('ada-2')).toHaveLength(200)
})

test('[A54] what a guest avoids holds for their account, on every road they are on', async () => {
  const { accounts, safety, open } = house()
  const blocks = open()
  blocks.come('ada', guest('ada'))
  blocks.come('bo', guest('bo'))
  await settled()
  accounts.set('bo', 'bo-account')
  await blocks.claimed(['bo'])
  await blocks.avoid('ada', { uuid: 'bo', name: 'Bo' }, 'block')
  // By account and by browser: signing out, or another browser, is no way round.
  expect((await safety.avoidedBy([guest('ada')])).map(({ aboutKey }) => aboutKey)).toEqual([
    'a:bo-account',
    guest('bo'),
  ])
  blocks.come('bo-2', guest('another browser'))
  blocks.come('bo-3', guest('bo'))
  accounts.set('bo-2', 'bo-account')
  await blocks.claimed(['bo-2'])
  expect([blocks.areParted('ada', 'bo-2'), blocks.areParted('ada', 'bo-3')]).toEqual([true, true])
})

test('[A68] a flood of newcomers makes nobody forgotten who is on a road: who is blocked is not heard again through it', async () => {
  const { open, here } = house()
  const blocks = open()
  for (const [uuid, browser] of [
    ['ada', 'ada'],
    ['bo', 'bo'],
  ] as const) {
    blocks.come(uuid, guest(browser))
    here.add(uuid)
  }
  await settled()
  await blocks.avoid('ada', { uuid: 'bo', name: 'Bo' }, 'block')
  for (let k = 0; k < 20_100; k++) blocks.come(`flood-${k}`)
  expect(blocks.areParted('ada', 'bo')).toBe(true)
  expect(blocks.size).toBeLessThanOrEqual(20_000)
})
