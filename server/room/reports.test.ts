import { expect, test } from 'vitest'
import type { NewReport } from '../store/safety.ts'
import { Reports } from './reports.ts'
import { memorySafety } from './testing.ts'

let ids = 0
function reportOf(byKey: string, aboutKey: string): NewReport {
  const person = (name: string) => ({ riderId: 1, name })
  return {
    ...{ id: `report-${++ids}`, wallMs: ids, room: 'r', reason: 'rude' as const, words: '', lines: [] },
    ...{ by: person(byKey), about: person(aboutKey), byKey, aboutKey },
  }
}

test('[A51] thousands of reports push out none that is there: one reporter has 20, one rider 50, the house 2000', async () => {
  const safety = memorySafety()
  const reports = new Reports(() => safety, { wallMs: () => 0 })
  const first = reportOf('ada', 'bo')
  expect(await reports.take(first)).toBeUndefined()
  const said = new Map<string, number>()
  const flood = async (byKey: string, aboutKey: string) => {
    const refusal = (await reports.take(reportOf(byKey, aboutKey)))?.code ?? 'taken'
    said.set(refusal, (said.get(refusal) ?? 0) + 1)
  }
  for (let k = 0; k < 40; k++) await flood('flooder', `rider ${k}`)
  for (let k = 0; k < 60; k++) await flood(`friend ${k}`, 'victim')
  expect([...said.values()]).toEqual([70, 20, 10])
  for (let k = 0; k < 2100; k++) await flood(`guest ${k}`, `somebody ${k}`)
  const { reports: shown, count } = await reports.list()
  expect([shown.length, count]).toEqual([200, 2000])
  await reports.settle(first.id) // Still there, under all of it.
  expect((await reports.list()).count).toBe(1999)
  expect([...said.keys()]).toEqual(['taken', 'reported-enough', 'reported-often', 'reports-full'])
})

test('[A50] a report that the store does not take is shown and told, and is there when the store is back', async () => {
  const safety = memorySafety()
  const reports = new Reports(() => safety, { wallMs: () => 0 })
  safety.isAway = true
  for (let k = 0; k < 3; k++) expect(await reports.take(reportOf('ada', `rider ${k}`))).toBeUndefined()
  expect((await reports.take(reportOf('ada', 'one more')))?.code).toBe('reported-enough')
  await expect(reports.again()).rejects.toThrow(/away/)
  safety.isAway = false
  const waiting = (await reports.list()).reports
  expect(waiting).toHaveLength(3)
  await reports.settle(waiting[0]!.id, true)
  expect((await safety.settledReports(10)).length).toBe(3)
  expect((await reports.list()).reports).toEqual([])
})
