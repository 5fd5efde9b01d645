import { mkdir, mkdtemp, readdir, rm, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { keptUntilMs, Retention } from './retention.ts'

const folder = await mkdtemp(join(tmpdir(), 'gruppetto-retention-'))
afterAll(async () => await rm(folder, { recursive: true }))
const films = join(folder, 'films')
const DAY_MS = 24 * 3600_000
const NOW_MS = Date.UTC(2026, 10, 22)

function swept(guestRidesDays: number, change: { unknownFromMs?: number } = {}) {
  const asked: [string, number, (readonly string[])?][] = []
  const left = { rides: 1200, guests: 3 }
  const drop = (kind: 'rides' | 'guests') => async (beforeMs: number, most: number, except?: readonly string[]) => {
    asked.push(except === undefined ? [kind, beforeMs] : [kind, beforeMs, except])
    const gone = Math.min(most, left[kind])
    left[kind] -= gone
    return gone
  }
  const errors: unknown[] = []
  const retention = new Retention({
    store: {
      ...{ dropGuestRides: drop('rides'), dropGuests: drop('guests') },
      journalsInUse: async () => ({ names: new Set(['kept.jsonl']), unknownFromMs: change.unknownFromMs }),
    },
    ...{
      journalFolder: folder,
      filmFolder: films,
      openJournals: () => ['open.jsonl'],
      guestRidesDays,
      riding: () => ['ana'],
    },
    clock: { wallMs: () => NOW_MS, after: () => () => {} },
    alike: [async () => Promise.reject(new Error('no'))],
    onError: (error) => errors.push(error),
  })
  return { retention, asked, errors }
}

async function journals(): Promise<void> {
  for (const name of ['old', 'kept', 'open', 'young']) {
    const days = name === 'young' ? 3 : 400
    await mkdir(join(films, '1-p1', name), { recursive: true })
    for (const ending of ['jsonl', 'facts', 'minutes']) {
      const path = join(folder, `${name}.${ending}`)
      await writeFile(path, '{}\n')
      await utimes(path, (NOW_MS - days * DAY_MS) / 1000, (NOW_MS - days * DAY_MS) / 1000)
    }
  }
}

test('[A57] a journal goes with what lies beside it when its days are over and no race, no kept ride and no room needs it', async () => {
  await journals()
  const { retention, asked, errors } = swept(365)
  expect(await retention.sweep()).toEqual({ rides: 1200, guests: 3, journals: 1 })
  expect((await readdir(folder)).filter((name) => name !== 'films').toSorted()).toEqual(
    ['kept', 'open', 'young'].flatMap((name) => ['facts', 'jsonl', 'minutes'].map((ending) => `${name}.${ending}`)),
  )
  expect((await readdir(join(films, '1-p1'))).toSorted()).toEqual(['kept', 'open', 'young'])
  expect(new Set(asked.map(([, beforeMs]) => beforeMs))).toEqual(new Set([NOW_MS - 365 * DAY_MS]))
  expect(errors).toHaveLength(1) // One sweep that fails keeps no other from its work.
})

test('[A57] what a ride of before may be in stays', async () => {
  await journals()
  expect((await swept(365, { unknownFromMs: NOW_MS - 500 * DAY_MS }).retention.sweep()).journals).toBe(0)
  expect((await swept(365, { unknownFromMs: NOW_MS - 399 * DAY_MS }).retention.sweep()).journals).toBe(1)
})

test('[A56] zero days are for ever, and until when a ride is kept is said', async () => {
  await journals()
  const { retention, asked } = swept(0)
  expect(await retention.sweep()).toEqual({ rides: 0, guests: 0, journals: 0 })
  expect([asked, keptUntilMs(NOW_MS, 0), keptUntilMs(NOW_MS, 365)]).toEqual([[], null, Date.UTC(2027, 10, 22)])
})

test('[A67] who is on a road just now is not taken away beneath their ride, though they came when nobody knows any more', async () => {
  await journals()
  const { retention, asked } = swept(365)
  await retention.sweep()
  expect(asked.at(-1)).toEqual(['guests', NOW_MS - 365 * DAY_MS, ['ana']])
})
