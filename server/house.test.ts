import { randomBytes } from 'node:crypto'
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { request as httpRequest } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { WebSocket } from 'ws'
import { ColyseusSDK, type Room } from '@colyseus/sdk'
import { NAME_LENGTH_MAX, PROTOCOL_VERSION } from '#protocol/limits'
import { decodeReelChunk } from '#protocol/reel'
import { judgeRun } from './world/run-file.ts'
import { verifySignature } from './event-signing.ts'
import { readConfig } from './config.ts'
import type {
  BoardAnswer,
  EntryCreated,
  ErrorAnswer,
  EventAnswer,
  Health,
  PulseAnswer,
  ReachAnswer,
  ResultsAnswer,
  SessionsAnswer,
  TokenAnswer,
  WorldsAnswer,
} from './http/shapes.ts'
import { type House, openHouse } from './main.ts'
import type { ReelManifest } from './replay/manifest.ts'
import { layPglite } from './store/laid-pglite.ts'

/** The whole house in this process, with PGlite and a page of one line: doors, seats, races. */
let house: House
let base: string
let organiser: string
const folder = await mkdtemp(join(tmpdir(), 'gruppetto-house-'))
const said: string[] = []

beforeAll(async () => {
  const page = join(folder, 'page')
  await layPglite(join(folder, 'data', 'pglite'))
  house = await openHouse({
    config: readConfig({
      GRUPPETTO_DATA_DIR: join(folder, 'data'),
      GRUPPETTO_PORT: '0',
      GRUPPETTO_WEBRTC_PORT: '0',
      GRUPPETTO_STORE: 'pglite',
      GRUPPETTO_LOG: 'silent',
      GRUPPETTO_ORIGINS: 'https://club.example',
    }),
    version: '0.0.0-test',
    say: (line) => said.push(line),
    build: {
      folder: page,
      isFresh: async () => false,
      async build() {
        await mkdir(join(page, 'assets'), { recursive: true })
        await writeFile(join(page, 'index.html'), '<!doctype html><title>page</title>')
        await writeFile(join(page, 'assets', 'a-1234.js'), 'export {}')
      },
    },
  })
  base = `http://127.0.0.1:${house.port}`
  organiser = said.map((line) => /Organiser.*: (\S+)$/.exec(line)?.[1]).find((token) => token !== undefined)!
}, 30_000)
afterAll(async () => {
  await house.close()
  await rm(folder, { recursive: true })
})

interface Answer<T> {
  readonly status: number
  readonly headers: Headers
  readonly body: T
}

async function ask<T>(path: string, init: RequestInit = {}): Promise<Answer<T>> {
  const response = await fetch(base + path, init)
  const text = await response.text()
  const isJson = response.headers.get('content-type')?.includes('json') === true
  return { status: response.status, headers: response.headers, body: (isJson ? JSON.parse(text) : text) as T }
}

async function post<T>(path: string, body: unknown, headers: Record<string, string> = {}): Promise<Answer<T>> {
  const init = {
    method: 'POST',
    body: JSON.stringify(body),
    headers: { 'content-type': 'application/json', ...headers },
  }
  return await ask<T>(path, init)
}

const asOrganiser = () => ({ authorization: `Bearer ${organiser}` })

interface Seat {
  readonly roomId: string
  readonly sessionId: string
}

async function takeSeat(options: object = { name: 'Ana', massKg: 61, heightM: 1.7 }): Promise<Seat> {
  const { status, body } = await post<Seat>('/matchmake/joinOrCreate/ride', options)
  expect(status).toBe(200)
  return { roomId: body.roomId, sessionId: body.sessionId }
}

async function rider(name = 'Ana'): Promise<TokenAnswer & { rider: { secret: string } }> {
  const seat = await takeSeat({ name, massKg: 61, heightM: 1.7 })
  const { status, body } = await post<TokenAnswer>('/api/token', { protocol: PROTOCOL_VERSION, seat })
  expect(status).toBe(200)
  return body as TokenAnswer & { rider: { secret: string } }
}

describe('doors', () => {
  test('the page, its parts and every path of its own are served; what is not there is not', async () => {
    for (const path of ['/', '/organise', '/events/abc']) {
      expect(await ask(path)).toMatchObject({ status: 200, body: '<!doctype html><title>page</title>' })
    }
    const asset = await ask('/assets/a-1234.js')
    expect(asset.status).toBe(200)
    expect(asset.headers.get('cache-control')).toContain('immutable')
    expect((await ask('/assets/gone.js')).status).toBe(404)
    expect((await ask('/api/nothing')).body).toEqual({
      error: 'ERR_BAD_REQUEST',
      message: 'There is nothing at GET /api/nothing.',
    })
  })

  test('[D170] how a room’s ticks went is told to anybody, room by room', async () => {
    const { status, body } = await ask<PulseAnswer>('/api/pulse')
    expect(status).toBe(200)
    expect(body.room).toBe(house.rides.permanent!.roomId)
    expect(body.tick).toBeGreaterThanOrEqual(body.seconds.at(-1)?.tick ?? 0)
    for (const room of house.rides.rooms)
      expect((await ask<PulseAnswer>(`/api/pulse?room=${room.roomId}`)).body.room).toBe(room.roomId)
    expect((await ask('/api/pulse?room=nowhere')).status).toBe(404)
  })

  test('[D177] what there is to reach, and as whom one is seen', async () => {
    const { body } = await ask<ReachAnswer>('/api/reach')
    expect(body).toMatchObject({
      ...{ protocol: PROTOCOL_VERSION, you: '127.0.0.1', isLocal: true },
      datagram: { host: '127.0.0.1', port: house.udpPort, isSet: false },
    })
    expect(Math.abs(body.wallMs - Date.now())).toBeLessThan(60_000)
    expect(body.webrtc.port).toBeGreaterThan(0) // Port 0 of the settings was chosen.
  })

  test('[D174] a test of the line looks on from a pacer’s wheel, and from nobody else’s', async () => {
    const pacers = new Set(
      [...house.rides.permanent!.state.riders.values()].filter(({ isBot }) => isBot).map(({ id }) => id),
    )
    for (let i = 0; i < 4; i++) {
      const { status, body } = await post<TokenAnswer>('/api/token', { protocol: PROTOCOL_VERSION, lookOn: '' })
      expect(status).toBe(200)
      expect(pacers.has(body.rider.id)).toBe(true)
      expect(body.rider.secret).toBeUndefined()
    }
    const nowhere = await post<ErrorAnswer>('/api/token', { protocol: PROTOCOL_VERSION, lookOn: 'nowhere' })
    expect(nowhere).toMatchObject({ status: 404, body: { error: 'ERR_SEAT_UNKNOWN' } })
  })

  test('[D179] who is on the line is for the organiser alone', async () => {
    expect((await ask('/api/sessions')).status).toBe(403)
    expect((await ask('/api/sessions', { headers: { authorization: 'Bearer wrong' } })).status).toBe(403)
    const { status, body } = await ask<SessionsAnswer>('/api/sessions', { headers: asOrganiser() })
    expect(status).toBe(200)
    expect(body.sessions).toEqual([]) // Nobody has opened a line in this test.
    expect(body.atMs).toBeGreaterThan(0)
  })

  test('no path leads out of the page’s folder', async () => {
    for (const path of [
      '/../data/keys/judge.key',
      '/assets/../../data/server.pid',
      '/%2e%2e/data/server.pid',
      '/assets/..%2f..%2fdata%2fserver.pid',
      '/maps/..%2f..%2f..%2f/package.json',
      '/maps/sorrelmere/..%2f..%2f..%2f..%2fpackage.json',
    ]) {
      const status = await rawStatus(path)
      expect(status, path).toBeGreaterThanOrEqual(400)
      expect(status, path).toBeLessThan(500)
    }
  })

  test('every answer carries the policy: no inline script, no frame, no guessing of types', async () => {
    for (const path of ['/', '/health', '/api/nothing', '/maps/sorrelmere/map.json']) {
      const { headers } = await ask(path)
      expect(headers.get('content-security-policy'), path).toContain("script-src 'self';")
      expect(headers.get('content-security-policy'), path).toContain("frame-ancestors 'none'")
      expect(headers.get('x-content-type-options'), path).toBe('nosniff')
      expect(headers.get('x-powered-by'), path).toBeNull()
      expect(headers.get('server'), path).toBeNull()
    }
    const { headers } = await post('/matchmake/joinOrCreate/ride', {})
    expect(headers.get('content-security-policy')).toContain("default-src 'none'")
  })

  test('/health says what is being waited for, and that is nothing now', async () => {
    const { body } = await ask<Health>('/health')
    expect(body).toMatchObject({ isReady: true, waitingFor: '', protocol: PROTOCOL_VERSION, version: '0.0.0-test' })
  })

  test('[V12] /api/worlds lists the roads and who rides there; their files are the ones that were hashed', async () => {
    const { body } = await ask<WorldsAnswer>('/api/worlds')
    const world = body.worlds[0]!
    expect(world.roadM).toBeGreaterThanOrEqual(8000)
    expect(world.highestM).toBeGreaterThan(world.lowestM)
    expect(world.routes.length).toBeGreaterThan(0)
    expect(world.rooms.filter((room) => room.kind === 'free')).toMatchObject([{ riders: expect.any(Number) }])
    // Pacers are no riders: nobody is promised company that is a machine.
    expect(world.rooms[0]!.bots).toBe(3)
    expect((await ask(`/maps/${world.mapId}/course.bin`)).status).toBe(200)
    expect((await ask<{ id: string }>(`/maps/${world.mapId}/map.json`)).body.id).toBe(world.mapId)
    for (const { mapId } of body.worlds) {
      for (const drawing of ['map.svg', 'profile.svg', 'profile.svg?route=nothing']) {
        const { status, headers } = await ask(`/maps/${mapId}/${drawing}`)
        expect([mapId, drawing, status, headers.get('content-type')]).toEqual([
          ...[mapId, drawing, 200],
          'image/svg+xml; charset=utf-8',
        ])
      }
    }
    expect((await ask(`/maps/elsewhere/map.svg`)).status).toBe(404)
    expect((await ask(`/maps/${world.mapId}/licence.txt`)).status).toBe(404)
    expect((await ask(`/maps/elsewhere/map.json`)).status).toBe(404)
  })

  test('/metrics answers where both ends are this machine', async () => {
    const { body, status } = await ask<string>('/metrics')
    expect(status).toBe(200)
    expect(body).toContain('gruppetto_rooms')
    expect((await ask('/metrics', { headers: { 'x-forwarded-for': '203.0.113.7' } })).status).toBe(404)
  })

  test('a body that is none, too long or wrong is one sentence, and never a stack', async () => {
    const wrong = { method: 'POST', headers: { 'content-type': 'application/json' } }
    for (const body of [
      '{',
      '[]',
      'null',
      `{"protocol":${PROTOCOL_VERSION},"seat":{"roomId":1}}`,
      JSON.stringify({ secret: 'x'.repeat(100_000) }),
    ]) {
      const answer = await ask<{ error: string; message: string }>('/api/token', { ...wrong, body })
      expect([400, 413], body.slice(0, 40)).toContain(answer.status)
      expect(answer.body.error).toBe('ERR_BAD_REQUEST')
      expect(answer.body.message).not.toMatch(/\n|node_modules| at /)
    }
  })
})

describe('Colyseus, its permissive defaults closed', () => {
  test('no origin is reflected, no credentials are allowed, to nobody', async () => {
    for (const path of ['/matchmake/joinOrCreate/ride', '/health']) {
      const evil = await ask<unknown>(path, {
        method: path === '/health' ? 'GET' : 'POST',
        body: path === '/health' ? null : '{}',
        headers: { origin: 'http://evil.example' },
      })
      expect(evil.status, path).toBe(403)
      expect(evil.headers.get('access-control-allow-origin'), path).toBeNull()
      expect(evil.headers.get('access-control-allow-credentials'), path).toBeNull()
      const preflight = await ask(path, {
        method: 'OPTIONS',
        headers: { origin: 'http://evil.example', 'access-control-request-method': 'POST' },
      })
      expect(preflight.status, path).toBe(403)
      expect(
        [...preflight.headers.keys()].filter((name) => name.startsWith('access-control')),
        path,
      ).toEqual([])
    }
    expect((await ask('/health', { headers: { origin: 'null' } })).status).toBe(403)
  })

  test('an origin on the list, and the page’s own, may; still without credentials', async () => {
    for (const origin of ['https://club.example', base]) {
      const answer = await post('/matchmake/joinOrCreate/ride', {}, { origin })
      expect(answer.status, origin).toBe(200)
      expect(answer.headers.get('access-control-allow-origin'), origin).toBe(origin)
      expect(answer.headers.get('access-control-allow-credentials'), origin).toBeNull()
      expect(answer.headers.get('vary'), origin).toBe('Origin')
    }
  })

  test('a WebSocket of a foreign page is refused before it is one, for rooms and for datagrams', async () => {
    const seat = await takeSeat()
    for (const path of [`/x/${seat.roomId}?sessionId=${seat.sessionId}`, '/datagrams']) {
      expect(await upgradeStatus(path, 'http://evil.example'), path).toBe(403)
      expect(await upgradeStatus(path, base), path).toBe(101)
    }
  })

  test('clients do not create rooms, nor call what is not exposed', async () => {
    for (const method of ['create', 'createRoom', 'query', 'remoteRoomCall', 'disconnectAll', '__proto__']) {
      const { status, body } = await post<{ error?: string }>(`/matchmake/${method}/ride`, {})
      expect(status, `${method} ${JSON.stringify(body)}`).toBeGreaterThanOrEqual(400)
    }
    const joined = await post<{ error: string }>('/matchmake/joinOrCreate/lobby', { permit: 'x' })
    expect(joined.status).toBe(200) // The one there is; not a second.
    const { body } = await ask<WorldsAnswer>('/api/worlds')
    expect(body.worlds.map((world) => world.rooms.length)).toEqual(body.worlds.map(() => 1)) // A free road each.
  })

  test('there is no monitor and no playground', async () => {
    for (const path of ['/colyseus', '/monitor', '/playground', '/colyseus/api']) {
      expect((await ask(path)).body, path).toBe('<!doctype html><title>page</title>')
    }
    expect((await ask('/matchmake/')).status).toBeGreaterThanOrEqual(400)
  })

  test('a seat’s options are checked before a seat is kept, and its body is short', async () => {
    for (const options of [{ massKg: 5 }, { massKg: 'x' }, { name: 7 }, { heightM: 12 }, { isAdmin: true }]) {
      const { status, body } = await post<{ error: string }>('/matchmake/joinOrCreate/ride', options)
      expect(status, JSON.stringify(options)).toBe(400)
      expect(body.error).toMatch(/^A seat needs name, massKg and heightM: /)
    }
    expect((await post('/matchmake/joinOrCreate/ride', { name: 'x'.repeat(10_000) })).status).toBe(413)
  })

  test('who sends too many messages is thrown out of the room', async () => {
    const room: Room = await new ColyseusSDK(base).joinOrCreate('ride', { name: 'Loud' })
    room.onMessage('*', () => {})
    room.reconnection.enabled = false
    const left = new Promise<number>((resolve) => room.onLeave((code) => resolve(code)))
    for (let i = 0; i < 50; i++) room.send('chat', { text: `line ${i}` })
    expect(await left).toBeGreaterThanOrEqual(4000)
  })
})

describe('seats, secrets and codes', () => {
  test('a seat is worth one rider: a token, keys, an address for datagrams, a secret', async () => {
    const seat = await takeSeat({ name: '  \u202eAna\u0000 ', massKg: 61, heightM: 1.7 })
    const { body } = await post<TokenAnswer>('/api/token', { protocol: PROTOCOL_VERSION, seat })
    expect(body).toMatchObject({
      token: expect.stringMatching(/^[\w-]+$/),
      keys: { up: expect.stringMatching(/^[\w-]{43}$/), down: expect.stringMatching(/^[\w-]{43}$/) },
      datagram: { host: '127.0.0.1', port: house.udpPort },
      rider: { id: expect.any(Number), name: 'Ana', secret: expect.stringMatching(/^[\w-]{43}$/) },
      room: {
        id: seat.roomId,
        mapId: 'sorrelmere',
        mapHash: expect.stringMatching(/^[0-9a-f]{64}$/),
        tick: expect.any(Number),
      },
    })
    const again = await post<{ error: string }>('/api/token', { protocol: PROTOCOL_VERSION, seat })
    expect(again).toMatchObject({ status: 404, body: { error: 'ERR_SEAT_UNKNOWN' } })
  })

  test('a route that the road does not have is a sentence with those it has, and nobody rides', async () => {
    for (const routeId of ['nowhere', '__proto__']) {
      const seat = await takeSeat({ name: 'Ana', routeId })
      const { status, body } = await post<{ error: string; message: string }>('/api/token', {
        protocol: PROTOCOL_VERSION,
        seat,
      })
      expect([status, body.error]).toEqual([404, 'ERR_MAP_INVALID'])
      expect(body.message).toBe(`There is no route "${routeId}" on this road; it has round-the-mere.`)
    }
    const seat = await takeSeat({ name: 'Ana', routeId: 'round-the-mere' })
    expect((await post('/api/token', { protocol: PROTOCOL_VERSION, seat })).status).toBe(200)
  })

  test('a seat nobody took is none, in any room', async () => {
    for (const seat of [
      { roomId: 'x', sessionId: 'y' },
      { roomId: (await takeSeat()).roomId, sessionId: '__proto__' },
    ]) {
      expect(await post('/api/token', { protocol: PROTOCOL_VERSION, seat })).toMatchObject({
        status: 404,
        body: { error: 'ERR_SEAT_UNKNOWN' },
      })
    }
  })

  test('the secret brings the same rider again, and is not told again', async () => {
    const first = await rider()
    const { body } = await post<TokenAnswer>('/api/token', { protocol: PROTOCOL_VERSION, secret: first.rider.secret })
    expect(body.rider).toEqual({ id: first.rider.id, name: 'Ana' })
    expect(body.token).not.toBe(first.token)
  })

  test('a pairing code works once, for a session of the rider who made it, and tells no secret', async () => {
    const { rider: me } = await rider('Bo')
    const { body } = await post<{ code: string; expiresInS: number }>('/api/pair', { secret: me.secret })
    expect(body).toEqual({ code: expect.stringMatching(/^[A-Z2-9]{6}$/), expiresInS: 300 })
    const exchange = { protocol: PROTOCOL_VERSION, code: body.code, use: 'watch' }
    const watch = await post<TokenAnswer>('/api/token', exchange)
    expect(watch.body.rider).toEqual({ id: me.id, name: 'Bo', watchKey: expect.stringMatching(/^[\w-]{43}$/) })
    expect(watch.body.rider.watchKey).not.toBe(me.secret)
    expect(await post('/api/token', exchange)).toMatchObject({ status: 404, body: { error: 'ERR_CODE_UNKNOWN' } })
    // The key of a watcher opens nothing but the view of the same rider again.
    const again = { protocol: PROTOCOL_VERSION, watchKey: watch.body.rider.watchKey }
    expect((await post<TokenAnswer>('/api/token', again)).body.rider.id).toBe(me.id)
    expect((await post('/api/token', { ...again, use: 'ride' })).status).toBe(400)
    expect((await post('/api/pair', { secret: watch.body.rider.watchKey })).status).toBe(404)
  })

  test('a page says that it closes, whether its secret is known or not; anything else is refused', async () => {
    const { rider: me } = await rider('Cy')
    const say = async (body: string) =>
      (await fetch(`${base}/api/away`, { method: 'POST', headers: { 'content-type': 'application/json' }, body }))
        .status
    expect(await say(JSON.stringify({ secret: me.secret }))).toBe(204)
    expect(await say(JSON.stringify({ secret: 'A'.repeat(43) }))).toBe(204)
    expect(await say('{"secret":"short"}')).toBe(400)
  })

  test.each([
    ['an older page or bridge', PROTOCOL_VERSION - 1, 'reload the page, or update the bridge.'],
    ['a newer one', PROTOCOL_VERSION + 1, 'update this server.'],
  ])('%s hears which side to update, whatever else it sends', async (_who, protocol, remedy) => {
    const given = { protocol, secret: 'A'.repeat(43) }
    expect(await post<{ error: string; message: string }>('/api/token', given)).toMatchObject({
      status: 409,
      body: {
        error: 'ERR_PROTOCOL_VERSION',
        message: `This server speaks protocol ${PROTOCOL_VERSION}, you speak ${protocol}; ${remedy}`,
      },
    })
  })
})

describe('slow facts', () => {
  test('a rider is on the roster with a name and colours, a class of weight, and leaves nothing when the page closes', async () => {
    const room: Room = await new ColyseusSDK(base).joinOrCreate('ride', { name: 'Cleo', massKg: 61, heightM: 1.7 })
    room.onMessage('*', () => {})
    const { body } = await post<TokenAnswer>('/api/token', {
      protocol: PROTOCOL_VERSION,
      seat: { roomId: room.roomId, sessionId: room.sessionId },
    })
    const me = await until(room, () =>
      (room.state as { riders?: Map<string, object> }).riders?.get(String(body.rider.id)),
    )
    expect(me).toMatchObject({ id: body.rider.id, name: 'Cleo', isBot: false, massKg: 60, jersey: expect.any(Number) })
    expect((room.state as { phase: string }).phase).toBe('free')
    await room.leave()
  })

  test('a line of chat is heard with the rider’s name, cleaned; who has no rider is not heard; a flood is refused', async () => {
    const sdk = new ColyseusSDK(base)
    const talker: Room = await sdk.joinOrCreate('ride', { name: 'Dora' })
    const seat = { roomId: talker.roomId, sessionId: talker.sessionId }
    const listener: Room = await sdk.joinById(talker.roomId, { isSpectator: true })
    const lines: unknown[] = []
    const refusals: unknown[] = []
    talker.onMessage('chat-refused', (message) => refusals.push(message))
    talker.onMessage('chat', () => {})
    listener.onMessage('chat', (line) => lines.push(line))
    listener.send('chat', { text: 'a listener says nothing' })
    talker.send('chat', { text: 'nor does a seat that is no rider yet' })
    await until(talker, () => talker.state)
    const { body } = await post<TokenAnswer>('/api/token', { protocol: PROTOCOL_VERSION, seat })
    for (const text of ['hello \u202eworld\n!', ' ', 'two', 'three', 'four']) talker.send('chat', { text })
    await until(talker, () => refusals.length > 0)
    await until(listener, () => lines.length >= 3)
    const said = ['hello world !', 'two', 'three']
    expect(lines).toEqual(said.map((text, i) => ({ id: i + 1, riderId: body.rider.id, name: 'Dora', text })))
    await Promise.all([talker.leave(), listener.leave()])
  })

  test('[A50] [A52] a guest who was blocked and comes anew under another name is blocked still; a report is the organiser’s until it is dealt with', async () => {
    const browser = () => randomBytes(32).toString('base64url')
    const come = async (name: string, guest: string) => {
      const sdk = new ColyseusSDK(base)
      const room = await sdk.joinOrCreate('ride', { name, massKg: 61, heightM: 1.7, guest })
      const seat = { roomId: room.roomId, sessionId: room.sessionId }
      const { body } = await post<TokenAnswer>('/api/token', { protocol: PROTOCOL_VERSION, seat })
      const heard: string[] = []
      const marks: { marks: { id: string; name: string }[]; here: { riderId: number }[] }[] = []
      const codes: string[] = []
      room.onMessage('chat', ({ text }: { text: string }) => heard.push(text))
      room.onMessage('marks', (told: (typeof marks)[number]) => marks.push(told))
      room.onMessage('chat-refused', ({ code }: { code: string }) => codes.push(code))
      room.onMessage('reported', () => codes.push('reported'))
      return { room, heard, marks, codes, id: body.rider.id }
    }
    const [mine, theirs] = [browser(), browser()]
    const ada = await come('Ada', mine)
    const bo = await come("Bo'); drop table avoided;--", theirs)
    ada.room.send('avoid', { riderId: bo.id, kind: 'block', isOn: true })
    await expect.poll(() => ada.marks.at(-1)?.here).toEqual([{ riderId: bo.id, kind: 'block' }])
    await bo.room.leave()
    // Another name and another rider, the same browser: nothing comes through, one way or the other.
    const zed = await come('Zed', theirs)
    const cy = await come('Cy', browser())
    await expect
      .poll(() => (ada.room.send('marks', {}), ada.marks.at(-1)?.here))
      .toContainEqual({
        ...{ riderId: zed.id, kind: 'block' },
      })
    zed.room.send('chat', { text: 'you cannot hide' })
    ada.room.send('chat', { text: 'is he gone?' })
    await expect.poll(() => cy.heard.toSorted()).toEqual(['is he gone?', 'you cannot hide'])
    expect([ada.heard, zed.heard]).toEqual([['is he gone?'], ['you cannot hide']])
    // Marks of others, numbers of nobody, and what is no wish at all.
    const [mark] = ada.marks.at(-1)!.marks
    zed.room.send('hear-again', { id: mark!.id })
    zed.room.send('avoid', { riderId: 4_000_000_000, kind: 'block', isOn: true })
    zed.room.send('report', { riderId: zed.id, reason: 'rude', words: '' })
    await expect.poll(() => zed.codes).toEqual(['rider-gone', 'yourself'])
    cy.room.send('report', { riderId: zed.id, reason: 'rude', words: '<img src=x onerror=alert(1)>' })
    await expect.poll(() => cy.codes).toEqual(['reported'])
    const { body } = await ask<{ reports: { id: string; about: { name: string }; lines: unknown[] }[] }>(
      '/api/reports',
      {
        headers: asOrganiser(),
      },
    )
    expect(body.reports.map(({ about, lines }) => [about.name, lines.length])).toEqual([['Zed', 1]])
    expect(JSON.stringify(body)).not.toMatch(/[agr]:[0-9a-f]{8}/)
    const door = `/api/reports/${body.reports[0]!.id}`
    expect((await ask(door, { method: 'DELETE' })).status).toBe(403)
    expect((await ask(door, { method: 'DELETE', headers: asOrganiser() })).status).toBe(204)
    expect((await ask(door, { method: 'DELETE', headers: asOrganiser() })).status).toBe(404)
    ada.room.send('marks', {})
    await expect.poll(() => ada.marks.at(-1)?.marks.length).toBe(1)
    for (const { room } of [ada, zed, cy]) await room.leave()
  })

  test('[U108] a bridge’s button comes to its rider’s pages, by the secret or by the key of a pairing code; a stranger’s to nobody', async () => {
    const page: Room = await new ColyseusSDK(base).joinOrCreate('ride', { name: 'Bea' })
    page.onMessage('*', () => {})
    const heard: unknown[] = []
    page.onMessage('button', (button) => heard.push(button))
    const seat = { roomId: page.roomId, sessionId: page.sessionId }
    const { body: mine } = await post<TokenAnswer>('/api/token', { protocol: PROTOCOL_VERSION, seat })
    const { secret } = mine.rider
    const { body: pair } = await post<{ code: string }>('/api/pair', { secret })
    const { body: lent } = await post<TokenAnswer>('/api/token', {
      ...{ protocol: PROTOCOL_VERSION, code: pair.code, use: 'ride' },
    })
    const button = { device: 'ble:1', name: 'camera', isDown: true, value: 2 }
    const press = async (who: object): Promise<number> =>
      (
        await fetch(`${base}/api/press`, {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify({ ...who, ...button }),
        })
      ).status
    expect(await press({ secret })).toBe(204)
    expect(await press({ key: lent.rider.buttonKey })).toBe(204)
    expect(await press({ secret: 'A'.repeat(43) })).toBe(404)
    expect(await press({ key: 'B'.repeat(32) })).toBe(404)
    expect(await press({ secret, key: lent.rider.buttonKey })).toBe(400)
    await until(page, () => heard.length >= 2)
    expect(heard).toEqual([button, button])
    await page.leave()
  })

  test('names are cut at their limit', async () => {
    const { rider: me } = await rider('🚴'.repeat(NAME_LENGTH_MAX))
    expect([...me.name]).toHaveLength(NAME_LENGTH_MAX)
  })

  test('the lobby says what is on', async () => {
    const lobby: Room = await new ColyseusSDK(base).joinOrCreate('lobby', {})
    const rides = await until(
      lobby,
      () => (lobby.state as { rides?: Map<string, { kind: string; bots: number }> }).rides,
    )
    expect(rides.size).toBeGreaterThan(0)
    for (const ride of rides.values()) expect(ride).toMatchObject({ kind: 'free', bots: 3 })
    await lobby.leave()
  })
})

describe('a race', () => {
  const plan = { title: 'Thursday, "fast"', mapId: 'sorrelmere', laps: 1 }

  test('only the organiser plans, opens, starts, judges and exports', async () => {
    const { body } = await post<EventAnswer>('/api/events', plan, asOrganiser())
    for (const path of [
      '/api/events',
      `/api/events/${body.id}/open`,
      `/api/events/${body.id}/start`,
      `/api/events/${body.id}/close`,
      `/api/events/${body.id}/decisions`,
    ]) {
      expect(await post(path, plan, { authorization: 'Bearer guess' }), path).toMatchObject({
        status: 403,
        body: { error: 'ERR_FORBIDDEN' },
      })
    }
    expect((await ask(`/api/events/${body.id}/export`)).status).toBe(403)
    expect((await post(`/api/events/${body.id}/entries`, { bots: 1 })).status).toBe(403)
  })

  test('a planned start comes by itself', async () => {
    const startsAt = new Date(Date.now() + 1000).toISOString()
    const { body: event } = await post<EventAnswer>('/api/events', { ...plan, bots: 1, startsAt }, asOrganiser())
    expect(event.startsAt).toBe(startsAt)
    const { body: open } = await post<EventAnswer>(`/api/events/${event.id}/open`, {}, asOrganiser())
    const room = house.rides.rooms.find((each) => each.roomId === open.roomId)!
    await waitFor(() => room.state.phase === 'racing')
    await post(`/api/events/${event.id}/close`, {}, asOrganiser())
  }, 10_000)

  test('what cannot be is refused in a sentence: a road, a state, an event that is not', async () => {
    expect(await post('/api/events', { ...plan, mapId: 'moon' }, asOrganiser())).toMatchObject({
      status: 404,
      body: { error: 'ERR_MAP_INVALID' },
    })
    expect(await post('/api/events', { ...plan, laps: 0 }, asOrganiser())).toMatchObject({
      status: 400,
      body: { error: 'ERR_BAD_REQUEST' },
    })
    expect((await ask('/api/events/none')).status).toBe(404)
    const { body } = await post<EventAnswer>('/api/events', plan, asOrganiser())
    expect(await post(`/api/events/${body.id}/start`, {}, asOrganiser())).toMatchObject({
      status: 409,
      body: { error: 'ERR_EVENT_STATE' },
    })
    const { rider: me } = await rider()
    expect(await post(`/api/events/${body.id}/entries`, { secret: me.secret })).toMatchObject({
      status: 409,
      body: { error: 'ERR_EVENT_STATE' },
    })
  })

  /** The race that was ridden. */
  const shown = { eventId: '' }

  test('sign up, pen, countdown, gun, board, decision, result, CSV, and a file that a judge believes', async () => {
    const { body: event } = await post<EventAnswer>('/api/events', { ...plan, bots: 2 }, asOrganiser())
    expect(event).toMatchObject({ phase: 'planned', roomId: null, entries: [] })
    const at = `/api/events/${event.id}`
    const { body: open } = await post<EventAnswer>(`${at}/open`, {}, asOrganiser())
    expect(open).toMatchObject({
      phase: 'open',
      roomId: expect.any(String),
      entries: [
        { bib: 1, isBot: true },
        { bib: 2, isBot: true },
      ],
    })

    const { rider: me } = await rider('Eve')
    const { body: entry } = await post<EntryCreated>(`${at}/entries`, { secret: me.secret })
    expect(entry).toMatchObject({ bib: 3, name: 'Eve', isBot: false, roomId: open.roomId })
    expect((await post<EntryCreated>(`${at}/entries`, { secret: me.secret })).body).toEqual(entry)
    const token = await post<TokenAnswer>('/api/token', { protocol: PROTOCOL_VERSION, secret: entry.secret })
    expect(token.body).toMatchObject({ rider: { id: entry.riderId, name: 'Eve' }, room: { id: open.roomId } })

    const room: Room = await new ColyseusSDK(base).joinById(open.roomId!, { secret: entry.secret })
    room.onMessage('*', () => {})
    const { body: counting } = await post<EventAnswer>(`${at}/start`, { inS: 1 }, asOrganiser())
    expect(counting.phase).toBe('countdown')
    const early = await post(`${at}/entries`, { secret: (await rider('Late')).rider.secret })
    expect(early.status).toBe(409)
    const state = await until(room, () => {
      const now = room.state as { phase: string; startTick: number; board: { length: number } }
      return now.phase === 'racing' && now.board.length === 3 ? now : undefined
    })
    expect(state.startTick).toBeGreaterThan(0)

    const { body: board } = await ask<BoardAnswer>(`${at}/board`)
    expect(board).toMatchObject({ phase: 'racing', rows: [{ place: 1 }, { place: 2 }, { place: 3, name: 'Eve' }] })
    expect(board.clockMs).toBeGreaterThanOrEqual(0)

    expect(
      (
        await post(
          `${at}/decisions`,
          { kind: 'penalty', riderId: entry.riderId, penaltyMs: 5000, reason: 'left the pen' },
          asOrganiser(),
        )
      ).status,
    ).toBe(200)
    expect(
      (await post(`${at}/decisions`, { kind: 'disqualify', riderId: entry.riderId, reason: 'engine' }, asOrganiser()))
        .status,
    ).toBe(200)
    expect(
      (await post(`${at}/decisions`, { kind: 'disqualify', riderId: 999, reason: 'nobody' }, asOrganiser())).status,
    ).toBe(409)

    const file = await ask<object>(`${at}/export`, { headers: asOrganiser() })
    expect(file.headers.get('content-disposition')).toBe('attachment; filename="thursday-fast.race.json"')
    const judged = judgeRun(JSON.stringify(file.body), verifySignature)
    expect(judged).toMatchObject({ failures: [], isSignatureGood: true })
    expect(judged.results.find((row) => row.riderId === entry.riderId)).toMatchObject({ status: 'dq', penaltyMs: 5000 })

    const { body: closed } = await post<EventAnswer>(`${at}/close`, {}, asOrganiser())
    expect(closed).toMatchObject({ phase: 'closed', roomId: null })
    const { body: results } = await ask<ResultsAnswer>(`${at}/results`)
    expect(results).toMatchObject({ isProvisional: false, revision: 1 })
    expect(results.rows.map((row) => row.status)).toEqual(expect.arrayContaining(['DSQ']))
    const csv = await ask<string>(`${at}/results.csv`)
    expect(csv.headers.get('content-type')).toBe('text/csv; charset=utf-8')
    expect(csv.body.split('\r\n')).toHaveLength(5)
    const kept = await ask<object>(`${at}/export`, { headers: asOrganiser() })
    expect(judgeRun(JSON.stringify(kept.body), verifySignature).failures).toEqual([])
    shown.eventId = event.id
  }, 15_000)

  test('[S7] a race is a film afterwards, for everybody: who rode, from the pen to the end; a race that is planned is none', async () => {
    const { body: film } = await ask<ReelManifest>(`/api/replays/${shown.eventId}`)
    expect(film).toMatchObject({ format: 'gruppetto-reel', mapId: 'sorrelmere', fromTick: 0, title: plan.title })
    expect(film.riders.map(({ name }) => name)).toContain('Eve')
    expect(film.toTick).toBeGreaterThan(film.startTick)
    const answer = await fetch(`${base}/api/replays/${shown.eventId}/0`)
    const ticks = decodeReelChunk(new Uint8Array(await answer.arrayBuffer()))
    if (!ticks.ok) throw new Error(ticks.error)
    const filmed = new Set(ticks.value.flatMap(({ records }) => records.map(({ riderId }) => Number(riderId))))
    expect([...filmed].toSorted((a, b) => a - b)).toEqual(film.riders.map(({ id }) => id).toSorted((a, b) => a - b))
    for (const [path, status] of [
      [`/api/replays/${shown.eventId}/12000`, 404],
      [`/api/replays/${shown.eventId}/7`, 404],
      [`/api/replays/${shown.eventId}/first`, 400],
      ['/api/replays/none', 404],
    ] as const)
      expect((await ask(path)).status).toBe(status)
    const { body: event } = await post<EventAnswer>('/api/events', plan, asOrganiser())
    expect((await ask(`/api/replays/${event.id}`)).status).toBe(404)
  })
})

describe('who looks on', () => {
  test('[S10] hears a road from any page: who rides, then a second at a time, and no heart; a race is told as JSON; other doors stay shut', async () => {
    const origin = { origin: 'https://elsewhere.example' }
    const room = house.rides.permanent!
    const stream = await fetch(`${base}/api/public/rooms/${room.roomId}/stream`, { headers: origin })
    expect(stream.headers.get('access-control-allow-origin')).toBe('*')
    expect(stream.headers.get('content-type')).toBe('text/event-stream; charset=utf-8')
    const heard = await eventsOf(stream, (events) => events.filter(({ event }) => event === 'piece').length >= 2)
    const facts = JSON.parse(heard.find(({ event }) => event === 'facts')!.data) as { riders: object; mapId: string }
    expect(facts).toMatchObject({ mapId: 'sorrelmere', phase: 'free' })
    // Names and looks once, and not each second anew. [A47]
    expect(heard.filter(({ event }) => event === 'facts').length).toBe(1)
    expect(facts).not.toHaveProperty('board')
    expect(JSON.parse(heard.find(({ event }) => event === 'places')!.data)).toEqual([])
    const piece = decodeReelChunk(Buffer.from(heard.find(({ event }) => event === 'piece')!.data, 'base64'))
    if (!piece.ok) throw new Error(piece.error)
    const whole = piece.value[0]!.records.flatMap((record) => (record.kind === 'absolute' ? [record] : []))
    expect(whole.length).toBe(Object.keys(facts.riders).length)
    expect(whole.every(({ state }) => state.heartRateBpm === 0)).toBe(true)
    const races = await ask<{ events: { id: string }[] }>('/api/public/events', { headers: origin })
    expect(races.status).toBe(200)
    const race = await ask<object>(`/api/public/events/${races.body.events[0]!.id}`, { headers: origin })
    expect(race.body).toMatchObject({ event: { id: races.body.events[0]!.id }, rows: expect.any(Array) })
    expect((await ask('/api/public/events/none', { headers: origin })).status).toBe(404)
    expect((await ask('/api/public/rooms/none/stream', { headers: origin })).status).toBe(404)
    expect((await ask('/api/events', { headers: origin })).status).toBe(403)
    expect((await ask('/api/public/events', { method: 'POST', headers: origin })).status).toBe(403)
  })
})

/** Reads server-sent events until there are enough, and goes. */
async function eventsOf(
  answer: Response,
  areEnough: (events: readonly { event: string; data: string }[]) => boolean,
): Promise<readonly { event: string; data: string }[]> {
  const events: { event: string; data: string }[] = []
  const reader = answer.body!.pipeThrough(new TextDecoderStream()).getReader()
  let text = ''
  while (!areEnough(events)) {
    const { value, done } = await reader.read()
    if (done) break
    text += value
    for (let end = text.indexOf('\n\n'); end >= 0; end = text.indexOf('\n\n')) {
      const found = /^event: (\w+)\ndata: (.*)$/s.exec(text.slice(0, end))
      if (found) events.push({ event: found[1]!, data: found[2]! })
      text = text.slice(end + 2)
    }
  }
  await reader.cancel()
  return events
}

describe('an assertion', () => {
  test('ends its room, never the process: riders are told, the journal is closed, other rooms ride on, the road is opened again', async () => {
    const { body: event } = await post<EventAnswer>(
      '/api/events',
      { title: 'Bystander', mapId: 'sorrelmere', laps: 1 },
      asOrganiser(),
    )
    const { body: open } = await post<EventAnswer>(`/api/events/${event.id}/open`, {}, asOrganiser())
    const bystander = house.rides.rooms.find((each) => each.roomId === open.roomId)!
    const broken = house.rides.permanent!
    const client: Room = await new ColyseusSDK(base).joinById(broken.roomId, { isSpectator: true })
    client.reconnection.enabled = false
    client.onMessage('*', () => {})
    const told = new Promise<{ message: string }>((resolve) => client.onMessage('room-closed', resolve))
    const left = new Promise((resolve) => client.onLeave(resolve))
    broken.ride.world.source = {
      post() {
        throw new Error('planted by a test')
      },
    }
    expect((await told).message).toContain('Join again')
    await left
    const tick = bystander.ride.world.tick
    const replaced = await waitFor(() => (house.rides.permanent === broken ? undefined : house.rides.permanent))
    expect(replaced.roomId).not.toBe(broken.roomId)
    expect((await rider('After')).room.id).toBe(replaced.roomId)
    await waitFor(() => bystander.ride.world.tick > tick)
    const lines = (await readFile(join(folder, 'data', 'journals', broken.journal.name), 'utf8')).trimEnd().split('\n')
    expect(lines.at(-1)).toMatch(/^\["end",/)
  })
})

async function waitFor<T>(read: () => T | undefined | false): Promise<T> {
  for (;;) {
    const value = read()
    if (value !== undefined && value !== false) return value
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
}

test('while the house closes, who asks for their rider hears "wait" and never "unknown"', async () => {
  const closing = house.close()
  const asked = await post('/api/token', { protocol: PROTOCOL_VERSION, secret: 'A'.repeat(43) }).catch(() => undefined)
  // The door may be gone before the question arrives: to a page that is the same.
  expect([503, undefined]).toContain(asked?.status)
  await closing
})

/** Slow facts arrive by themselves; this asks after each. */
async function until<T>(room: Room, read: () => T | undefined | false): Promise<NonNullable<T>> {
  return await new Promise((resolve) => {
    const look = () => {
      const value = room.state === undefined ? undefined : read()
      if (value === undefined || value === false || value === null) return
      clearInterval(timer)
      resolve(value as NonNullable<T>)
    }
    const timer = setInterval(look, 20)
    look()
  })
}

/** `fetch` tidies paths up before it sends them; a stranger does not. */
async function rawStatus(path: string): Promise<number> {
  return await new Promise((resolve, reject) => {
    const asked = httpRequest({ host: '127.0.0.1', port: house.port, path }, (response) => {
      response.resume()
      resolve(response.statusCode ?? 0)
    })
    asked.on('error', reject).end()
  })
}

async function upgradeStatus(path: string, origin: string): Promise<number> {
  const socket = new WebSocket(`ws://127.0.0.1:${house.port}${path}`, { origin })
  return await new Promise((resolve) => {
    socket.on('unexpected-response', (_request, response) => {
      resolve(response.statusCode ?? 0)
      socket.terminate()
    })
    socket.on('open', () => {
      resolve(101)
      socket.terminate()
    })
    socket.on('error', () => resolve(-1))
  })
}
