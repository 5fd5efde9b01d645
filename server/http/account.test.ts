import { randomBytes, randomUUID } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { InjectOptions } from 'fastify'
import FitParser from 'fit-file-parser'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { VirtualClock } from '#cli/sim/virtual-clock'
import { Accounts } from '../account/accounts.ts'
import { anchorOf } from '../activity/anchor.ts'
import type { Activity, ActivityRow } from '../activity/model.ts'
import type { Recorder } from '../activity/recorder.ts'
import { packRide } from '../activity/ride-text.ts'
import { workHere } from '../activity/ride-work.ts'
import { summarise } from '../activity/summary.ts'
import { readConfig } from '../config.ts'
import { createLog } from '../log.ts'
import { layPglite } from '../store/laid-pglite.ts'
import { openPglite } from '../store/pglite.ts'
import { hashSecret, type Store } from '../store/store.ts'
import { addAccount } from './account.ts'
import { createApp } from './app.ts'
import type { Doors } from './doors.ts'
import { addRides } from './rides.ts'
import type {
  AccountAnswer,
  AccountCreated,
  FriendsAnswer,
  RideAnswer,
  RideRowsAnswer,
  RidesAnswer,
} from './shapes-rides.ts'

const HOST = 'house.example'
const PAGE = { host: HOST, origin: `https://${HOST}`, 'x-forwarded-proto': 'https', 'x-forwarded-for': '198.51.100.7' }
const folder = await mkdtemp(join(tmpdir(), 'gruppetto-account-'))
const PHRASE = 'three wet lanes'
const clock = new VirtualClock()
const names = { next: 0 }
/** Of the house, as long as a test puts some there. */
const rooms: unknown[] = []

let store: Store
let app: ReturnType<typeof createApp>
beforeAll(async () => {
  await layPglite(join(folder, 'pglite'))
  store = await openPglite(join(folder, 'pglite'))
  app = createApp(createLog('silent'))
  const recorder = {
    end: async () => ({ state: 'none' }),
    lap: () => false,
    forget: async () => {},
  } as unknown as Recorder
  const doors = {
    ...{ config: readConfig({}), clock, waitingFor: () => '' },
    riderBySecret: async (hash: string) => await store.riderBySecret(hash),
    blocks: { claimed: async () => {} },
    meets: () => ({ list: () => [{ id: 'listed' }] }),
    rides: { rooms, personOf: async () => undefined, uuidOf: () => undefined, dress: () => {} },
  } as unknown as Doors
  const accounts = new Accounts({
    ...{ store: () => store.people, clock, randomBytes },
    cost: { log2N: 4, r: 1, p: 1 },
  })
  const rideDoors = {
    people: () => store.people,
    safety: () => store.safety,
    accounts,
    recorder: () => recorder,
    work: workHere,
  }
  addRides(app, doors, rideDoors)
  addAccount(app, doors, rideDoors)
}, 60_000)
afterAll(async () => {
  await store.close()
  await rm(folder, { recursive: true })
})

/** A browser: a cookie jar and an address. */
function browser(address = `203.0.113.${++names.next % 250}`) {
  let cookie = ''
  return {
    get cookie() {
      return cookie
    },
    async ask(method: 'GET' | 'POST', url: string, payload?: unknown, headers: Record<string, string> = {}) {
      const answer = await app.inject({
        ...{ method, url, headers: { ...PAGE, 'x-forwarded-for': address, ...(cookie && { cookie }), ...headers } },
        ...(payload === undefined ? {} : { payload: payload as NonNullable<InjectOptions['payload']> }),
      })
      const set = answer.headers['set-cookie']
      if (typeof set === 'string') cookie = set.split(';', 1)[0]!
      clock.runUntil(clock.nowMs() + 20_000)
      return answer
    },
  }
}
type Browser = ReturnType<typeof browser>

const newName = (): string => `Rider ${++names.next}`
const newSecret = (): string => randomBytes(32).toString('base64url')

async function signUp(page: Browser, name = newName(), more: object = {}): Promise<AccountCreated> {
  const answer = await page.ask('POST', '/api/account', { name, phrase: PHRASE, ...more })
  expect(answer.statusCode, answer.body).toBe(201)
  return answer.json()
}

/** A guest's ride in the store; answers its id and the secret that opens it. */
async function guestRide(startMs = Date.UTC(2026, 10, 22, 18)): Promise<{ id: string; secret: string; uuid: string }> {
  const [id, uuid, secret] = [randomUUID(), randomUUID(), newSecret()]
  const rows = Array.from({ length: 300 }, (_, i): ActivityRow => ({
    ...{ atS: i + 1, powerW: 200, cadenceRpm: 90, heartRateBpm: 143, speedMps: 9, distanceM: 9 * (i + 1), placeM: 0 },
    ...{ way: 0, heightM: 100, gradeFraction: 0, savedW: 12, temperatureC: 15, xM: i, yM: 0 },
  }))
  const facts = { riderUuid: uuid, name: 'Guest', massKg: 61.5, mapId: 'ring', mapName: 'Ring', mapHash: 'h' }
  const head = { id, ...facts, anchor: anchorOf({ id: 'ring', scenery: {} }), eventId: '', eventTitle: '', startMs }
  const ride: Activity = { head, rows, marks: [] }
  await store.saveRider({ id: uuid, name: 'Guest', massKg: 61.5, heightM: 1.7, secretHash: hashSecret(secret) })
  await store.people.keepRide({ head, summary: summarise(ride), bytes: packRide(ride), journals: [] })
  await store.people.keepRide({ head, summary: summarise(ride), bytes: packRide(ride), journals: [] }) // Handed over twice, there once.
  return { id, secret, uuid }
}
const bySecret = (...secrets: string[]) => ({ authorization: `Rider ${secrets.join(',')}` })

test('[A20] an account is a name and a passphrase; its cookie is for this page alone, and the store knows neither', async () => {
  const page = browser()
  const name = newName()
  const { account, codes } = await signUp(page, name)
  expect(codes).toHaveLength(8)
  expect(codes[0]).toMatch(/^([A-Z2-9]{4}-){3}[A-Z2-9]{4}$/)
  const answer = await page.ask('POST', '/api/account/session', { name: name.toUpperCase(), phrase: PHRASE })
  expect(answer.headers['set-cookie']).toMatch(
    /^__Host-gruppetto=[\w-]{43}; Path=\/; HttpOnly; SameSite=Strict; Max-Age=5184000; Secure$/,
  )
  expect((await page.ask('GET', '/api/account')).json<AccountAnswer>()).toEqual({ account, whyNot: '' })
  const kept = (await store.people.accountByName(name.toLowerCase()))!
  expect(kept.phrase).toMatch(/^scrypt\$4\$1\$1\$[\w-]{22}\$[\w-]{43}$/)
  expect(await store.people.sessionOf(page.cookie.split('=')[1]!, 0)).toBeUndefined()
  // Another of the same phrase has another salt.
  const twin = newName()
  await signUp(browser(), twin)
  expect((await store.people.accountByName(twin.toLowerCase()))!.phrase).not.toBe(kept.phrase)
})

test('[A21] one click, and all rides of this browser are the account’s; their secrets open them no more', async () => {
  const [one, two] = [await guestRide(), await guestRide(Date.UTC(2026, 10, 23, 18))]
  const guest = browser()
  const list = await guest.ask('GET', '/api/rides', undefined, bySecret(one.secret, two.secret))
  expect(list.json<RidesAnswer>().rides.map(({ id }) => id)).toEqual([two.id, one.id])
  const made = await signUp(guest, newName(), { secrets: [one.secret, two.secret] })
  expect(made.ridesClaimed).toBe(2)
  expect((await guest.ask('GET', '/api/rides')).json<RidesAnswer>().rides).toHaveLength(2)
  const stranger = browser()
  expect((await stranger.ask('GET', '/api/rides', undefined, bySecret(one.secret))).json<RidesAnswer>().rides).toEqual(
    [],
  )
  expect((await stranger.ask('GET', `/api/rides/${one.id}`, undefined, bySecret(one.secret))).statusCode).toBe(404)
  // Nobody claims what is claimed.
  await signUp(stranger)
  const again = await stranger.ask('POST', '/api/account/claim', { secrets: [one.secret] })
  expect(again.json()).toEqual({ ridesClaimed: 0 })
})

test('[A30] a stranger sees no private ride, of a shared one neither weight nor heartbeat, and gets no file', async () => {
  const { id, secret } = await guestRide()
  const owner = bySecret(secret)
  const page = browser()
  const own = (await page.ask('GET', `/api/rides/${id}`, undefined, owner)).json<RideAnswer>()
  expect([own.isMine, own.massKg, own.summary.averageBpm]).toEqual([true, 61.5, 143])
  const file = await page.ask('GET', `/api/rides/${id}/fit`, undefined, owner)
  const parsed = await new FitParser({ mode: 'list' }).parseAsync(file.rawPayload as Buffer<ArrayBuffer>)
  expect(parsed.records).toHaveLength(300)
  const doors = [`/api/rides/${id}`, `/api/rides/${id}/rows`, `/api/rides/${id}/fit`]
  const absent = await page.ask('GET', `/api/rides/${randomUUID()}`)
  for (const door of doors) {
    const answer = await page.ask('GET', door)
    // Not to be told from a ride that is not there.
    expect([answer.statusCode, answer.body]).toEqual([404, absent.body])
  }
  for (const door of ['share', 'delete']) {
    const answer = await page.ask('POST', `/api/rides/${id}/${door}`, door === 'share' ? { isPublic: true } : {})
    expect(answer.statusCode).toBe(404)
  }
  expect((await page.ask('POST', `/api/rides/${id}/share`, { isPublic: true }, owner)).statusCode).toBe(204)
  const shared = await page.ask('GET', `/api/rides/${id}`)
  expect(shared.json<RideAnswer>()).toMatchObject({ isMine: false, massKg: null, name: 'Guest' })
  expect((await page.ask('GET', `/api/rides/${id}/rows`)).json<RideRowsAnswer>().heartRateBpm).toBeNull()
  expect(shared.body).not.toMatch(/\b143\b|61\.5|riderUuid|secret/)
  expect((await page.ask('GET', `/api/rides/${id}/fit`)).statusCode).toBe(404)
  expect((await page.ask('POST', `/api/rides/${id}/delete`, {}, owner)).statusCode).toBe(204)
  expect((await page.ask('GET', `/api/rides/${id}`, undefined, owner)).statusCode).toBe(404)
})

test('[A22] who guesses names learns none: the same words, the same work, and an end after some tries', async () => {
  const name = newName()
  await signUp(browser(), name)
  const page = browser()
  const known = await page.ask('POST', '/api/account/session', { name, phrase: 'not this one at all' })
  const unknown = await page.ask('POST', '/api/account/session', {
    name: 'Nobody at all',
    phrase: 'not this one at all',
  })
  expect([known.statusCode, known.body]).toEqual([unknown.statusCode, unknown.body])
  expect(known.statusCode).toBe(401)
  const wrongCode = { name, code: 'AAAA-AAAA-AAAA-AAAA', phrase: 'a whole new phrase' }
  const codes = await Promise.all(
    [wrongCode, { ...wrongCode, name: 'Nobody at all' }].map(
      async (body) => await page.ask('POST', '/api/account/recover', body),
    ),
  )
  expect(codes.map(({ body }) => body)).toEqual([known.body, known.body])
  // A name under siege is closed to guesses from everywhere, and who is signed in rides on.
  const inside = browser()
  await inside.ask('POST', '/api/account/session', { name, phrase: PHRASE })
  const statuses: number[] = []
  for (let i = 0; i < 30; i++) {
    const answer = await browser().ask('POST', '/api/account/session', { name, phrase: `wrong guess ${i}` })
    statuses.push(answer.statusCode)
  }
  expect(statuses.at(-1)).toBe(429)
  expect((await inside.ask('GET', '/api/me')).statusCode).toBe(200)
  // Nor does it keep them from what needs the passphrase again; their own guesses do.
  expect((await inside.ask('POST', '/api/account/codes', { phrase: PHRASE })).statusCode).toBe(200)
  clock.runUntil(clock.nowMs() + 1_800_000)
  expect((await page.ask('POST', '/api/account/session', { name, phrase: PHRASE })).statusCode).toBe(200)
})

test('[A22] one address has a few guesses, however many names it tries', async () => {
  const headers = { ...PAGE, 'x-forwarded-for': '192.0.2.44' }
  const statuses = await Promise.all(
    Array.from({ length: 25 }, async (_, i) => {
      const payload = { name: `Somebody ${i}`, phrase: 'wrong wrong wrong' }
      return (await app.inject({ method: 'POST', url: '/api/account/session', headers, payload })).statusCode
    }),
  )
  expect(statuses.filter((status) => status === 401).length).toBe(15)
  expect(statuses.filter((status) => status === 429).length).toBe(10)
})

test('[A22] who asks with codes from paper, again and again, keeps nobody else from signing in', async () => {
  const name = newName()
  await signUp(browser(), name)
  const headers = { ...PAGE, 'x-forwarded-for': '192.0.2.45' }
  const flood = Array.from({ length: 40 }, async (_, i) => {
    const payload = { name: `Somebody ${i}`, code: 'AAAA-AAAA-AAAA-AAAA', phrase: 'a whole new phrase' }
    return (await app.inject({ method: 'POST', url: '/api/account/recover', headers, payload })).json<{
      message: string
    }>()
  })
  const answer = await browser().ask('POST', '/api/account/session', { name, phrase: PHRASE })
  expect(answer.statusCode).toBe(200)
  const said = (await Promise.all(flood)).map(({ message }) => message)
  // Guesses beyond the fifteenth cost no work at all.
  expect(said.filter((message) => message.startsWith('Name and passphrase')).length).toBe(15)
  expect(said.filter((message) => message === 'Too many wrong guesses; wait a minute.').length).toBe(25)
})

test('[A24] a cookie alone changes nothing: another page, or none, is refused at every door that changes', async () => {
  const page = browser()
  await signUp(page)
  const doors = [
    ['/api/account', { name: 'x', phrase: PHRASE }],
    ['/api/account/session', { name: 'x', phrase: PHRASE }],
    ['/api/account/recover', { name: 'x', code: 'x', phrase: PHRASE }],
    ['/api/account/session/end', {}],
    ['/api/account/sessions/end', {}],
    ['/api/account/phrase', { phrase: PHRASE, newPhrase: PHRASE }],
    ['/api/account/codes', { phrase: PHRASE }],
    ['/api/account/delete', { phrase: PHRASE }],
    ['/api/account/claim', { secrets: [] }],
    ['/api/me', { name: 'Mallory' }],
    ['/api/me/friends', { id: randomUUID() }],
    ['/api/me/friends/remove', { id: randomUUID() }],
    [`/api/rides/${randomUUID()}/share`, { isPublic: true }],
    [`/api/rides/${randomUUID()}/delete`, {}],
  ] as const
  for (const [door, body] of doors) {
    const headers = { ...PAGE, cookie: page.cookie }
    const { origin: _origin, ...without } = headers
    for (const wrong of [without, { ...headers, origin: 'https://evil.example' }, { ...headers, origin: 'null' }]) {
      const answer = await app.inject({ method: 'POST', url: door, headers: wrong, payload: body })
      expect([door, answer.statusCode, answer.json<{ error: string }>().error]).toEqual([door, 403, 'ERR_FORBIDDEN'])
    }
    clock.runUntil(clock.nowMs() + 20_000)
  }
  expect((await page.ask('GET', '/api/me')).statusCode).toBe(200)
})

test('[A25] a passphrase is not heard over a line that others read, and the page is told why', async () => {
  const plain = { host: '192.168.1.20:8214', origin: 'http://192.168.1.20:8214', 'x-forwarded-for': '192.168.1.30' }
  const why = await app.inject({ method: 'GET', url: '/api/account', headers: plain })
  expect(why.json<AccountAnswer>()).toEqual({
    account: null,
    whyNot: expect.stringMatching(/^Passphrases need a secure page: .*\.$/) as string,
  })
  const body = { name: newName(), phrase: PHRASE }
  const refused = await app.inject({ method: 'POST', url: '/api/account', headers: plain, payload: body })
  expect([refused.statusCode, refused.json<{ error: string }>().error]).toEqual([403, 'ERR_INSECURE'])
  // A cookie without Secure is none where the page is secure: the line could have put it there.
  const page = browser()
  await signUp(page)
  const weak = page.cookie.replace('__Host-gruppetto', 'gruppetto')
  expect((await browser().ask('GET', '/api/me', undefined, { cookie: weak })).statusCode).toBe(401)
})

test('[A23] sign out everywhere, a new passphrase and a code from paper end the other sessions; a code works once', async () => {
  const [here, there] = [browser(), browser()]
  const name = newName()
  const { codes } = await signUp(here, name)
  const signIn = async (page: Browser, phrase: string) =>
    (await page.ask('POST', '/api/account/session', { name, phrase })).statusCode
  const isIn = async (page: Browser) => (await page.ask('GET', '/api/me')).statusCode === 200
  await signIn(there, PHRASE)
  const changed = await here.ask('POST', '/api/account/phrase', { phrase: PHRASE, newPhrase: 'another three words' })
  expect([changed.statusCode, await isIn(here), await isIn(there)]).toEqual([204, true, false])
  expect([await signIn(there, PHRASE), await signIn(there, 'another three words')]).toEqual([401, 200])
  await here.ask('POST', '/api/account/sessions/end', {})
  expect([await isIn(here), await isIn(there)]).toEqual([false, false])
  const recover = async () =>
    (await here.ask('POST', '/api/account/recover', { name, code: codes[3]!.toLowerCase(), phrase: 'found on paper' }))
      .statusCode
  expect([await recover(), await isIn(here), await recover()]).toEqual([200, true, 401])
  await here.ask('POST', '/api/account/session/end', {})
  expect(await isIn(here)).toBe(false)
  // A session nobody used for sixty days is over.
  await signIn(there, 'found on paper')
  clock.runUntil(clock.nowMs() + 61 * 86_400_000)
  expect(await isIn(there)).toBe(false)
})

test('[A27] an account that is deleted leaves no trace of the person: rides, riders and sessions are gone, results stay under no name', async () => {
  const page = browser()
  const ride = await guestRide()
  const marker = newName()
  const { account } = await signUp(page, marker, { secrets: [ride.secret] })
  await store.saveRider({
    id: ride.uuid,
    name: marker,
    massKg: 61.5,
    heightM: 1.7,
    secretHash: hashSecret(ride.secret),
  })
  const event = await store.createEvent({
    ...{ title: 'Race', mapId: 'ring', mapHash: 'h', routeId: '', laps: 1, startsAtMs: null, bots: 0 },
  })
  const entry = await store.createEntry({
    ...{ eventId: event.id, riderUuid: ride.uuid, name: marker, massKg: 61.5, heightM: 1.7, isBot: false },
  })
  const runId = randomUUID()
  const run = { id: runId, eventId: event.id, roomId: 'r', seed: 1, physicsVersion: 'p', mapHash: 'h', journal: 'j' }
  await store.createRun({ ...run, startedAtMs: 0, startTick: 0 })
  const row = {
    place: 1,
    status: 'finished' as const,
    riderId: 3 as never,
    name: marker,
    isBot: false,
    timeMs: 1,
    gapMs: 0,
  }
  await store.addResults(runId, [{ ...row, bib: entry.bib, penaltyMs: 0, laps: 1, notes: [] }])
  expect((await page.ask('POST', '/api/account/delete', { phrase: 'not my passphrase' })).statusCode).toBe(401)
  expect((await page.ask('POST', '/api/account/delete', { phrase: PHRASE })).statusCode).toBe(204)
  expect(await store.people.account(account.id)).toBeUndefined()
  expect(await store.people.ride(ride.id)).toBeUndefined()
  expect(await store.riderBySecret(hashSecret(ride.secret))).toBeUndefined()
  expect((await store.results(runId)).rows.map(({ name, place }) => [name, place])).toEqual([['Withdrawn rider', 1]])
  const [left] = await store.entries(event.id)
  expect(left).toMatchObject({ riderUuid: null, name: 'Withdrawn rider', massKg: 75 })
  expect((await page.ask('POST', '/api/account/session', { name: marker, phrase: PHRASE })).statusCode).toBe(401)
  // The name is free again.
  await signUp(browser(), marker)
})

test('[A28] everything that is kept of me comes out as one archive: JSON, and every ride as FIT', async () => {
  const page = browser()
  const ride = await guestRide()
  await signUp(page, newName(), { secrets: [ride.secret] })
  const answer = await page.ask('GET', '/api/account/export')
  const archive = answer.rawPayload
  const names: string[] = []
  const files = new Map<string, Buffer>()
  for (let at = 0; archive.readUInt32LE(at) === 0x04034b50;) {
    const [size, nameBytes] = [archive.readUInt32LE(at + 18), archive.readUInt16LE(at + 26)]
    const name = archive.toString('utf8', at + 30, at + 30 + nameBytes)
    names.push(name)
    files.set(name, archive.subarray(at + 30 + nameBytes, at + 30 + nameBytes + size))
    at += 30 + nameBytes + size
  }
  expect(names).toEqual(['account.json', `rides/2026-11-22-18-00-${ride.id.slice(0, 8)}.fit`, 'rides.json'])
  expect(archive.readUInt16LE(archive.length - 12)).toBe(3)
  expect(JSON.parse(files.get('rides.json')!.toString())).toMatchObject([{ id: ride.id, massKg: 61.5 }])
  const fit = await new FitParser({ mode: 'list' }).parseAsync(Buffer.from(files.get(names[1]!)!))
  expect(fit.records).toHaveLength(300)
  expect((await browser().ask('GET', '/api/account/export')).statusCode).toBe(401)
})

test('[A26] friends are named by their public id, and seen where they ride only if they like', async () => {
  const [one, other] = [browser(), browser()]
  await signUp(one)
  const friend = (await signUp(other, newName())).account
  expect((await one.ask('POST', '/api/me/friends', { id: friend.id })).statusCode).toBe(204)
  expect((await one.ask('POST', '/api/me/friends', { id: friend.id })).statusCode).toBe(204)
  const listed = await one.ask('GET', '/api/me/friends')
  expect(listed.json()).toEqual({ friends: [{ id: friend.id, name: friend.name, riding: null }] })
  expect((await one.ask('POST', '/api/me/friends', { id: randomUUID() })).statusCode).toBe(404)
  expect((await one.ask('POST', '/api/me/friends/remove', { id: friend.id })).statusCode).toBe(204)
  expect((await one.ask('GET', '/api/me/friends')).json()).toEqual({ friends: [] })
})

test('[A26] who rides in a meet-up that is not listed is not told of: its link is for those who have it', async () => {
  const [one, other] = [browser(), browser()]
  const { id: rideId, secret, uuid } = await guestRide()
  expect(rideId).not.toBe('')
  await signUp(one)
  const mine = (await one.ask('GET', '/api/account')).json<{ account: { id: string } }>().account
  const friend = (await signUp(other, newName(), { secrets: [secret] })).account
  await one.ask('POST', '/api/me/friends', { id: friend.id })
  const seenIn = async (kind: string, meetId: string) => {
    const plan = { kind, world: { map: { id: 'ring', name: 'Ring' } } }
    rooms.splice(0, rooms.length, { roomId: 'there', plan, state: { meetId }, riding: () => [{ uuid, riderId: 7 }] })
    const { friends } = (await one.ask('GET', '/api/me/friends')).json<FriendsAnswer>()
    rooms.length = 0
    return friends[0]!.riding?.roomId
  }
  // Not before they have named one another.
  expect(await seenIn('free', '')).toBeUndefined()
  expect((await other.ask('POST', '/api/me/friends', { id: mine.id })).statusCode).toBe(204)
  expect(await seenIn('free', '')).toBe('there')
  expect(await seenIn('meet', 'listed')).toBe('there')
  expect(await seenIn('meet', 'by link alone')).toBeUndefined()
})

test('[A29] hostile bodies are refused in a sentence at every door, and nothing is taken over that nobody asked for', async () => {
  const page = browser()
  const { account } = await signUp(page)
  const hostile: readonly [string, unknown][] = [
    ['/api/account', { name: 'x', phrase: 'short' }],
    ['/api/account', { name: 'x', phrase: 'aaaaaaaaaaaaaaaaaa' }],
    ['/api/account', { name: 'x', phrase: PHRASE, isAdmin: true }],
    ['/api/account', { name: 'x'.repeat(5000), phrase: PHRASE }],
    ['/api/account', { name: '   ', phrase: PHRASE }],
    ['/api/account', { name: ['x'], phrase: { $gt: '' } }],
    ['/api/account/session', { name: 'x' }],
    ['/api/account/claim', { secrets: Array.from({ length: 101 }, newSecret) }],
    ['/api/account/claim', { secrets: ["' or 1=1 --"] }],
    ['/api/me', { profile: { ...account.profile, massKg: 1e9 } }],
    ['/api/me', { profile: { ...account.profile, id: account.id } }],
    ['/api/me', { look: { jersey: -1 } }],
    [
      '/api/look',
      {
        secret: newSecret(),
        look: { jersey: 1, accent: 1, shorts: 1, helmet: 1, frame: 1, skin: 1, pattern: 99, bike: 0, number: 0 },
      },
    ],
    ['/api/me/friends', { id: 'me' }],
    ['/api/rides/end', { secret: 'x' }],
  ]
  for (const [door, body] of hostile) {
    const answer = await page.ask('POST', door, body)
    expect([door, JSON.stringify(body).slice(0, 60), answer.statusCode]).toEqual([
      door,
      JSON.stringify(body).slice(0, 60),
      400,
    ])
    expect(answer.json<{ message: string }>().message).toMatch(/[.!?]$/)
  }
  for (const id of ["x' or '1'='1", '..%2f..%2fetc', '%00', 'ä'.repeat(300)]) {
    const answer = await page.ask('GET', `/api/rides/${encodeURIComponent(id)}`)
    expect([400, 404]).toContain(answer.statusCode)
  }
  expect((await page.ask('GET', '/api/rides?before=1e999')).statusCode).toBe(200)
  expect(
    (
      await page.ask('GET', '/api/rides', undefined, { authorization: `Rider ${'x,'.repeat(3000)}` })
    ).json<RidesAnswer>().rides,
  ).toEqual([])
  // A name is one line, as others see it.
  const odd = await page.ask('POST', '/api/me', { name: 'Ro\u202ebin\n<b>' })
  expect(odd.json()).toMatchObject({ name: 'Robin <b>' })
  // One signs in by the name one has now, and nobody takes another's.
  const other = browser()
  const taken = (await signUp(other)).account.name
  expect((await page.ask('POST', '/api/me', { name: taken })).statusCode).toBe(409)
  expect((await other.ask('POST', '/api/account/session', { name: 'robin <B>', phrase: PHRASE })).statusCode).toBe(200)
})
