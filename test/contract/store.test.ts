import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { RiderId, Tick } from '#protocol/ids'
import { PROFILE_DEFAULT } from '#server/account/profile'
import { summarise } from '#server/activity/summary'
import type { Crossing, Decision } from '#server/event/model'
import { findEngine, openEmbedded } from '#server/store/embedded'
import { openPglite } from '#server/store/pglite'
import { openPostgres } from '#server/store/postgres'
import type { NewRide } from '#server/store/people'
import type { NewEntry, NewEvent, Store, StoredRun } from '#server/store/store'

/** One suite, every kind of store (STYLE 23). */
const folder = await mkdtemp(join(tmpdir(), 'gruppetto-store-'))
await chmod(folder, 0o711) // Under root the database runs as `nobody`, who must be able to pass.
const engine = await findEngine(join(folder, 'postgres'))
const kinds: Record<string, () => Promise<Store>> = { PGlite: async () => await openPglite() }
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
      ...{ id: older!.head.id, head: older!.head, summary: older!.summary, isPublic: false },
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

  if (kind !== 'PGlite') {
    test('what was written is there after closing and opening again', async () => {
      const event = await store.createEvent(RACE)
      await store.close()
      store = await kinds[kind]!()
      expect(await store.event(event.id)).toEqual(event)
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
  return { head, summary: summarise({ rows: [], marks: [] }), bytes: Uint8Array.of(0, 255, 7) }
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
