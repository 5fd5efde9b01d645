import { afterAll, expect, test } from 'vitest'
import { VirtualClock } from '#cli/sim/virtual-clock'
import type { Accounts } from '../account/accounts.ts'
import { createLog } from '../log.ts'
import type { Replays } from '../replay/replays.ts'
import { createApp } from './app.ts'
import type { Doors } from './doors.ts'
import { addReplays } from './replays.ts'

const app = createApp(createLog('silent'))
afterAll(async () => await app.close())

test('[A65] one address has no more than a few minutes shot at once; others are shown theirs meanwhile', async () => {
  const shooting: (() => void)[] = []
  const replays = {
    chunk: async (_id: string, tick: number) => {
      if (tick !== 9) await new Promise<void>((resolve) => shooting.push(resolve))
      return Uint8Array.of(tick)
    },
  } as unknown as Replays
  const doors = { clock: new VirtualClock(), waitingFor: () => '' } as unknown as Doors
  addReplays(app, doors, {} as Accounts, () => replays)
  const ask = async (tick: number, remoteAddress: string): Promise<number> =>
    (await app.inject({ method: 'GET', url: `/api/replays/a/${tick}`, remoteAddress })).statusCode
  const mine = Array.from({ length: 8 }, async (_, k) => await ask(10 + k, '203.0.113.1'))
  await expect.poll(() => shooting.length).toBe(8)
  expect([await ask(9, '203.0.113.1'), await ask(9, '203.0.113.2')]).toEqual([429, 200])
  // Who wants a minute that is being shot costs nothing.
  const clubmate = ask(10, '203.0.113.1')
  await expect.poll(() => shooting.length).toBe(9)
  for (const shot of shooting) shot()
  expect(await clubmate).toBe(200)
  expect(new Set(await Promise.all(mine))).toEqual(new Set([200]))
  expect(await ask(9, '203.0.113.1')).toBe(200)
})
