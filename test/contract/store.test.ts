import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { RiderId, Tick } from '#protocol/ids'
import { PROFILE_DEFAULT } from '#server/account/profile'
import { summarise } from '#server/activity/summary'
import type { Crossing, Decision } from '#server/event/model'
import { findEngine, openEmbedded } from '#server/store/embedded'
import { layPglite } from '#server/store/laid-pglite'
import { openPglite } from '#server/store/pglite'
import { openPostgres } from '#server/store/postgres'
import type { NewRide } from '#server/store/people'
import type { NewReport } from '#server/store/safety'
import type { NewEntry, NewEvent, Store, StoredRun } from '#server/store/store'

/** One suite, every kind of store (STYLE 23). */
const folder = await mkdtemp(join(tmpdir(), 'gruppetto-store-'))
await chmod(folder, 0o711) // Under root the database runs as `nobody`, who must be able to pass.
const engine = await findEngine(join(folder, 'postgres'))
const kinds: Record<string, () => Promise<Store>> = {
  PGlite: async () => {
    await layPglite(join(folder, 'pglite'))
    return await openPglite(join(folder, 'pglite'))
  },
}
if (engine.ok) kinds['embedded PostgreSQL'] = async () => await openEmbedded(join(folder, 'postgres'), engine)
const url = process.env['DATABASE_URL']
if (url !== undefined) kinds['DATABASE_URL'] = async () => await openPostgres(url)

afterAll(async () => await rm(folder, { recursive: true }))

test('embedded PostgreSQL is held to the contract, or stands out for one of the reasons we know', () => {
  if (engine.ok) expect(Object.keys(kinds)).toContain('embedded PostgreSQL')
  else expect(engine.why).toMatch(/not yet supported on Windows|no PostgreSQL binaries for|who may not enter \//)
})

const RACE: NewEvent = {
  title: 'Thursday on the saddle “Õ”',
  mapId: 'first-road',
  mapHash: 'ab'.repeat(32),
  routeId: 'round-the-square',
  laps: 3,
  startsAtMs: Date.UTC(2026, 10, 22, 18, 0, 0),
  bots: 2,
}

describe.each(Object.keys(kinds))('the store over %s', (kind) => {
  let store: Store
  beforeAll(async () => {
    store = await kinds[kind]!()
  }, 60_000)
  afterAll(async () => await store.close())

  test('a setting is put once; whoever comes second is told and changes nothing', async () => {
    const key = `key-${crypto.randomUUID()}`
    expect(await store.setting(key)).toBeUndefined()
    expect(await store.putSettingOnce(key, 'one')).toBe(true)
    expect(await store.putSettingOnce(key, 'two')).toBe(false)
    expect(await store.setting(key)).toBe('one')
    await store.putSetting(key, 'three')
    expect(await store.setting(key)).toBe('three')
  })

  test('a rider is found by the hash of the secret, and saved again under a new name', async () => {
    const rider = { id: crypto.randomUUID(), name: 'Ana', massKg: 61.5, heightM: 1.7, secretHash: crypto.randomUUID() }
    await store.saveRider(rider)
    await store.saveRider({ ...rider, name: "Robert'); drop table rider;--" })
    expect(await store.riderBySecret(rider.secretHash)).toEqual({ ...rider, name: "Robert'); drop table rider;--" })
    expect(await store.riderBySecret('nobody')).toBeUndefined()
  })

  test('an event comes back as it was given, times to the millisecond', async () => {
    const made = await store.createEvent({ ...RACE, startsAtMs: RACE.startsAtMs! + 7 })
    expect(made).toEqual({ ...RACE, startsAtMs: RACE.startsAtMs! + 7, id: made.id, phase: 'planned' })
    expect(await store.event(made.id)).toEqual(made)
    await store.setEventPhase(made.id, 'racing')
    expect((await store.event(made.id))!.phase).toBe('racing')
    expect((await store.createEvent({ ...RACE, startsAtMs: null })).startsAtMs).toBeNull()
  })

  test('an id that is none is an unknown event, not an error of the database', async () => {
    expect(await store.event("x' or '1'='1")).toBeUndefined()
    expect(await store.event(crypto.randomUUID())).toBeUndefined()
  })

  test('events are listed newest first, and no more than asked for', async () => {
    const older = await store.createEvent(RACE)
    const newer = await store.createEvent(RACE)
    expect((await store.events(2)).map((event) => event.id)).toEqual([newer.id, older.id])
  })

  test('bibs count up without gaps and without doubles when everybody enters at once', async () => {
    const event = await store.createEvent(RACE)
    const bots = Array.from({ length: 20 }, (_, n) => store.createEntry(entryOf(event.id, { name: `bot ${n}` })))
    await Promise.all(bots)
    const bibs = (await store.entries(event.id)).map((entry) => entry.bib)
    expect(bibs).toEqual(Array.from({ length: 20 }, (_, n) => n + 1))
  })

  test('a rider who enters twice has one entry', async () => {
    const event = await store.createEvent(RACE)
    const rider = { id: crypto.randomUUID(), name: 'Ana', massKg: 60, heightM: 1.7, secretHash: crypto.randomUUID() }
    await store.saveRider(rider)
    const mine = entryOf(event.id, { riderUuid: rider.id, isBot: false })
    const [first, second] = await Promise.all([store.createEntry(mine), store.createEntry(mine)])
    expect(second).toEqual(first)
    expect(await store.entries(event.id)).toEqual([first])
  })

  test('an entry to an event that is not there is refused', async () => {
    await expect(store.createEntry(entryOf(crypto.randomUUID(), {}))).rejects.toThrow()
  })

  test('a run keeps a seed of 32 bits, and how it ended', async () => {
    const run = await startRun(store)
    expect(await store.runOf(run.eventId)).toEqual(run)
    const end = { endedAtMs: run.startedAtMs + 60_000, endTick: 4_294_967_295, stateHash: '0123456789abcdef' }
    await store.endRun(run.id, end)
    expect(await store.runOf(run.eventId)).toEqual({ ...run, ...end })
  })

  test('crossings are facts: written twice they are there once, in order of time, to the last bit', async () => {
    const run = await startRun(store)
    const crossings: Crossing[] = [
      { tick: 812 as Tick, fraction: 0.1 + 0.2, riderId: 2 as RiderId, lineId: 'start', lap: 1 },
      { tick: 812 as Tick, fraction: 5e-324, riderId: 3 as RiderId, lineId: 'start', lap: 1 },
      { tick: 811 as Tick, fraction: 1, riderId: 1 as RiderId, lineId: 'start', lap: 1 },
    ]
    await store.addCrossings(run.id, crossings)
    await store.addCrossings(run.id, [{ ...crossings[0]!, tick: 1 as Tick }])
    await store.addCrossings(run.id, [])
    expect(await store.crossings(run.id)).toEqual(crossings.toReversed())
  })

  test('decisions come back as they were taken, in their order; an id is used once', async () => {
    const run = await startRun(store)
    const common = { riderId: 4 as RiderId, reason: 'rode off “the” road', by: 'organiser' }
    const taken: Decision[] = [
      { id: 1, ...common, action: { kind: 'time-penalty', penaltyMs: 5000 } },
      { id: 2, ...common, action: { kind: 'dq' } },
      { id: 3, ...common, action: { kind: 'revert', decisionId: 2 } },
      { id: 4, ...common, action: { kind: 'note' } },
    ]
    for (const decision of taken) await store.addDecision(run.id, decision, RACE.startsAtMs!)
    expect(await store.decisions(run.id)).toEqual(taken)
    await expect(store.addDecision(run.id, taken[0]!, 0)).rejects.toThrow()
  })

  test('results are revisions: a correction stands beside the old one, and the newest is read', async () => {
    const run = await startRun(store)
    expect(await store.results(run.id)).toEqual({ revision: 0, rows: [] })
    const winner = {
      ...{ place: 1, status: 'finished' as const, riderId: 7 as RiderId, bib: 1, name: 'Ana', isBot: false },
      ...{ timeMs: 1_234_567.890123, gapMs: 0, penaltyMs: 0, laps: 3, notes: ['a "note"'] },
    }
    expect(await store.addResults(run.id, [winner])).toBe(1)
    const out = { ...winner, place: null, status: 'dq' as const, timeMs: null, gapMs: null }
    expect(await store.addResults(run.id, [out])).toBe(2)
    expect(await store.results(run.id)).toEqual({ revision: 2, rows: [out] })
  })

  test('[A37] a ride is kept once, bytes and all; a guest’s opens by the secret until an account claims it', async () => {
    const { people } = store
    const secretHash = crypto.randomUUID()
    const rider = { id: crypto.randomUUID(), name: 'Ana', massKg: 60, heightM: 1.7, secretHash }
    await store.saveRider(rider)
    const [older, newer] = [1, 2].map((day) => rideOf(rider.id, Date.UTC(2026, 10, day)))
    for (const ride of [older!, newer!, older!]) await people.keepRide(ride)
    const guest = { secretHashes: [secretHash] }
    const page = { beforeMs: Date.UTC(2027, 0, 1), limit: 10 }
    expect((await people.rides(guest, page)).map(({ id }) => id)).toEqual([newer!.head.id, older!.head.id])
    expect((await people.rides(guest, { ...page, beforeMs: newer!.head.startMs })).map(({ id }) => id)).toEqual([
      older!.head.id,
    ])
    expect(await people.rideBytes(older!.head.id)).toSatisfy((bytes: Uint8Array) => [...bytes].join() === '0,255,7')
    expect(await people.ride(older!.head.id)).toEqual({
      ...{ id: older!.head.id, head: older!.head, summary: older!.summary, isPublic: false, isGuests: true },
    })
    const profile = { ...PROFILE_DEFAULT, areRidesPublic: true }
    const name = crypto.randomUUID()
    const account = (await people.createAccount({ name, nameKey: name, phrase: 'p', profile }))!
    expect(await people.createAccount({ name, nameKey: name, phrase: 'q', profile })).toBeUndefined()
    expect(await people.claim(account.id, [secretHash, 'unknown'])).toBe(2)
    expect(await people.claim(account.id, [secretHash])).toBe(0)
    expect(await people.rides(guest, page)).toEqual([])
    expect(await people.owns({ accountId: account.id, secretHashes: [] }, older!.head.id)).toBe(true)
    expect(await people.rides({ secretHashes: [] }, page)).toEqual([])
    // Who shares by default shares from then on.
    const shared = rideOf(rider.id, Date.UTC(2026, 10, 3))
    await people.keepRide(shared)
    expect((await people.ride(shared.head.id))!.isPublic).toBe(true)
    expect(await people.ride("x' or '1'='1")).toBeUndefined()
    expect(await people.accountsOf([rider.id, crypto.randomUUID()])).toEqual(new Map([[rider.id, account.id]]))
    expect(await people.deleteAccount(account.id, 'Nobody')).toEqual([rider.id])
    expect(await people.ride(older!.head.id)).toBeUndefined()
  })

  test('[A23] a session is found by its hash until it is too old or ended, a recovery code is spent once', async () => {
    const { people } = store
    const name = crypto.randomUUID()
    const { id } = (await people.createAccount({ name, nameKey: name, phrase: 'p', profile: PROFILE_DEFAULT }))!
    for (const token of ['a', 'b', 'c']) await people.addSession(name + token, id, 1_000_000)
    expect((await people.sessionOf(`${name}a`, 999_999))!.account).toMatchObject({ id, name, profile: PROFILE_DEFAULT })
    expect(await people.sessionOf(`${name}a`, 1_000_000)).toBeUndefined()
    await people.touchSession(`${name}a`, 2_000_000)
    expect((await people.sessionOf(`${name}a`, 1_500_000))!.seenMs).toBe(2_000_000)
    await people.endSession(`${name}b`)
    await people.endSessions(id, `${name}c`)
    const isOpen = async (token: string) => (await people.sessionOf(name + token, 0)) !== undefined
    expect([await isOpen('a'), await isOpen('b'), await isOpen('c')]).toEqual([false, false, true])
    await people.setRecoveryCodes(id, ['x', 'y'])
    const spend = async (code: string) => await people.spendRecoveryCode(id, code)
    expect([await spend('x'), await spend('x'), await spend('z'), await spend('y')]).toEqual([true, false, false, true])
  })

  test('[A50] a report is there once until it is dealt with; all of one reporter’s go at once, and what is dealt with goes later', async () => {
    const { safety } = store
    const [by, about] = [crypto.randomUUID(), crypto.randomUUID()]
    const [first, second, third] = [1, 2, 3].map((n) => reportOf(by, about, n))
    for (const report of [first!, second!, third!, first!]) await safety.addReport(report)
    await safety.addReport(reportOf('another', about, 4))
    const counts = { byThem: 3, aboutThem: 4, ofPair: 3 }
    expect(await safety.countReports(by, about)).toMatchObject(counts)
    const { reports, count } = await safety.openReports(2)
    expect([reports.length, reports[1]!.ofReporter, count]).toEqual([2, 3, 4])
    const { byKey: _by, aboutKey: _about, ...told } = third!
    expect(reports[1]).toEqual({ ...told, ofReporter: 3 })
    expect((await safety.reportsBy(by)).map(({ id }) => id)).toEqual([first!.id, second!.id, third!.id])
    expect(await safety.settleReport(first!.id, 5000, false)).toBe(1)
    expect(await safety.settleReport(first!.id, 5000, false)).toBe(0)
    expect(await safety.settleReport("x' or '1'='1", 5000, false)).toBe(0)
    expect(await safety.settleReport(second!.id, 6000, true)).toBe(2)
    expect((await safety.settledReports(10)).map(({ id }) => id)).toContain(first!.id)
    expect(await safety.countReports(by, about)).toMatchObject({ byThem: 0, aboutThem: 1 })
    await safety.dropSettled(6000)
    expect((await safety.settledReports(10)).map(({ id }) => id)).not.toContain(first!.id)
  })

  test('[A52] [A54] whom a guest avoids, and who avoids them, comes along when an account claims; a block ends friendship', async () => {
    const { safety, people } = store
    const account = async () => {
      const name = crypto.randomUUID()
      return (await people.createAccount({ name, nameKey: name, phrase: 'p', profile: PROFILE_DEFAULT }))!.id
    }
    const [ada, bo] = [await account(), await account()]
    const [guest, other] = [`g:${crypto.randomUUID()}`, `g:${crypto.randomUUID()}`]
    const secretHash = crypto.randomUUID()
    const rider = { id: crypto.randomUUID(), name: 'Ana', massKg: 60, heightM: 1.7, secretHash, guestKey: guest }
    await store.saveRider(rider)
    expect(await store.riderBySecret(secretHash)).toEqual(rider)
    const mark = { kind: 'block' as const, markId: crypto.randomUUID(), name: "Bo'); drop table avoided;--" }
    await safety.avoid([{ byKey: guest, aboutKey: `a:${bo}`, ...mark }])
    await safety.avoid([{ byKey: guest, aboutKey: `a:${bo}`, ...mark, name: 'again' }])
    await safety.avoid([{ byKey: other, aboutKey: guest, ...mark }])
    expect(await safety.avoidedBy([guest])).toEqual([{ byKey: guest, aboutKey: `a:${bo}`, ...mark }])
    await people.claim(ada, [secretHash])
    expect(await safety.avoidedBy([`a:${ada}`])).toEqual([{ byKey: `a:${ada}`, aboutKey: `a:${bo}`, ...mark }])
    expect((await safety.avoidedBy([other])).map(({ aboutKey }) => aboutKey).toSorted()).toEqual([`a:${ada}`, guest])
    await people.addFriend(ada, bo)
    await people.addFriend(bo, ada)
    await safety.avoid([{ byKey: `a:${ada}`, aboutKey: `a:${bo}`, ...mark, kind: 'mute' }])
    expect(await people.friends(ada)).toHaveLength(1)
    await safety.avoid([{ byKey: `a:${bo}`, aboutKey: `a:${ada}`, ...mark }])
    expect([await people.friends(ada), await people.friends(bo)]).toEqual([[], []])
    await safety.hearAgain([`a:${ada}`], mark.markId)
    expect(await safety.avoidedBy([`a:${ada}`])).toEqual([])
    // Of guests who stay away it goes, of accounts never.
    await safety.touchAvoided([guest], 1_000_000)
    await safety.dropAvoided(2_000_000)
    expect([await safety.avoidedBy([guest]), (await safety.avoidedBy([`a:${bo}`])).length]).toEqual([[], 1])
    await safety.addReport(reportOf(`a:${bo}`, other, 1))
    await people.deleteAccount(bo, 'Nobody')
    expect([await safety.avoidedBy([`a:${bo}`]), (await safety.countReports(`a:${bo}`, other)).byThem]).toEqual([[], 0])
  })

  test('[A56] rides of guests go when their days are over, and their riders; what an account has claimed never', async () => {
    const { people, retention } = store
    const long = Date.UTC(1999, 0, 1)
    const [guest, claimed, racer] = ['guest', 'claimed', 'racer'].map(() => ({
      ...{ id: crypto.randomUUID(), name: 'Ana', massKg: 60, heightM: 1.7, secretHash: crypto.randomUUID() },
    }))
    for (const rider of [guest!, claimed!, racer!]) await store.saveRider(rider)
    const old = rideOf(guest!.id, long)
    const younger = rideOf(guest!.id, Date.UTC(2026, 10, 1))
    const kept = { ...rideOf(claimed!.id, long), journals: ['kept.jsonl'] }
    const unknown = { ...rideOf(crypto.randomUUID(), long) } // Whose rider never came into the store.
    for (const ride of [old, younger, kept, unknown]) await people.keepRide(ride)
    const event = await store.createEvent(RACE)
    await store.createEntry(entryOf(event.id, { riderUuid: racer!.id, isBot: false }))
    const name = crypto.randomUUID()
    const account = (await people.createAccount({ name, nameKey: name, phrase: 'p', profile: PROFILE_DEFAULT }))!
    await people.claim(account.id, [claimed!.secretHash])
    expect(await retention.dropGuestRides(long, 10)).toBe(0)
    expect(await retention.dropGuestRides(long + 1, 1)).toBe(1)
    expect(await retention.dropGuestRides(long + 1, 10)).toBe(1)
    const left = [old, younger, kept, unknown].map(async ({ head }) => (await people.ride(head.id))?.isGuests)
    expect(await Promise.all(left)).toEqual([undefined, true, false, undefined])
    const { names, unknownFromMs } = await retention.journalsInUse()
    expect([names.has('kept.jsonl'), names.has('a.jsonl'), unknownFromMs]).toEqual([true, true, undefined])
    await people.deleteRide(younger.head.id)
    // Who rides just now, or whose ride waits for the store, is somebody of whom something will be kept. [A67]
    await retention.dropGuests(Date.now() + 60_000, 1000, [guest!.id])
    expect(await store.riderBySecret(guest!.secretHash)).toBeDefined()
    await retention.dropGuests(Date.now() + 60_000, 1000, [])
    const there = [guest!, claimed!, racer!].map(async ({ secretHash }) => await store.riderBySecret(secretHash))
    expect((await Promise.all(there)).map((rider) => rider !== undefined)).toEqual([false, true, true])
  })

  test('[A56] a claim and a sweep in the same moment: what the claim has answered for stays', async () => {
    const { people, retention } = store
    for (let turn = 0; turn < 12; turn++) {
      const secretHash = crypto.randomUUID()
      const rider = { id: crypto.randomUUID(), name: 'Ana', massKg: 60, heightM: 1.7, secretHash }
      await store.saveRider(rider)
      const startMs = Date.UTC(1998, 0, 1) + turn
      for (let n = 0; n < 3; n++) await people.keepRide(rideOf(rider.id, startMs))
      const name = crypto.randomUUID()
      const account = (await people.createAccount({ name, nameKey: name, phrase: 'p', profile: PROFILE_DEFAULT }))!
      const sweep = async () => await retention.dropGuestRides(startMs + 1, 10)
      const claim = async () => await people.claim(account.id, [secretHash])
      const [claimed, gone] =
        turn % 2 === 0
          ? await Promise.all([claim(), sweep()])
          : await Promise.all([sweep(), claim()]).then(([swept, taken]) => [taken, swept] as const)
      const page = { beforeMs: Date.UTC(2027, 0, 1), limit: 10 }
      const there = await people.rides({ accountId: account.id, secretHashes: [] }, page)
      expect([there.length, claimed + gone]).toEqual([claimed, 3])
      await people.deleteAccount(account.id, 'Nobody')
    }
  })

  if (kind !== 'PGlite') {
    test('what was written is there after closing and opening again', async () => {
      const event = await store.createEvent(RACE)
      const report = reportOf('by', crypto.randomUUID(), 1)
      await store.safety.addReport(report)
      await store.close()
      store = await kinds[kind]!()
      expect(await store.event(event.id)).toEqual(event)
      expect((await store.safety.openReports(1000)).reports.map(({ id }) => id)).toContain(report.id)
    })
  }

  test('a meet-up comes back as it was made until it is over', async () => {
    const meet = {
      ...{
        id: 'AbC-_9',
        title: 'Our hill “Õ”',
        mapId: 'track-0123',
        mapHash: 'cd'.repeat(32),
        routeId: 'whole',
        laps: 2,
      },
      ...{ startsAtMs: Date.UTC(2026, 10, 22, 19), paceWkg: { low: 2, high: 2.7 }, isTogether: true, isListed: false },
      ...{ madeBy: 'Ada', keyHash: 'ef'.repeat(32) },
    }
    const open = { ...meet, id: 'later', startsAtMs: meet.startsAtMs + 1000, paceWkg: null }
    await store.createMeet(open)
    await store.createMeet(meet)
    expect(await store.openMeets(10)).toEqual([meet, open])
    await store.endMeet(meet.id, meet.startsAtMs)
    expect(await store.openMeets(10)).toEqual([open])
  })
})

function entryOf(eventId: string, change: Partial<NewEntry>): NewEntry {
  return { eventId, riderUuid: null, name: 'bot', massKg: 70, heightM: 1.8, isBot: true, ...change }
}

function reportOf(byKey: string, aboutKey: string, wallMs: number): NewReport {
  return {
    ...{ id: crypto.randomUUID(), wallMs, room: 'r', reason: 'rude' as const, words: "'); drop table report;--" },
    ...{
      by: { riderId: 1, name: 'Ana' },
      about: { riderId: 2, name: 'Bo\u202e' },
      lines: [{ wallMs: 1, text: '“<b>”' }],
    },
    ...{ byKey, aboutKey },
  }
}

function rideOf(riderUuid: string, startMs: number): NewRide {
  const facts = {
    riderUuid,
    name: 'Ana',
    massKg: 60,
    mapId: 'm',
    mapName: 'M',
    mapHash: 'h',
    eventId: '',
    eventTitle: '',
  }
  const head = { id: crypto.randomUUID(), ...facts, anchor: { latDeg: 1, lonDeg: 2 }, startMs }
  return { head, summary: summarise({ rows: [], marks: [] }), bytes: Uint8Array.of(0, 255, 7), journals: ['a.jsonl'] }
}

async function startRun(store: Store): Promise<StoredRun> {
  const event = await store.createEvent(RACE)
  const run = {
    ...{ id: crypto.randomUUID(), eventId: event.id, roomId: 'room', seed: 0xffff_fffe, physicsVersion: 'p1' },
    ...{ mapHash: RACE.mapHash, journal: `${event.id}.journal`, startedAtMs: RACE.startsAtMs!, startTick: 800 },
  }
  await store.createRun(run)
  return run
}
