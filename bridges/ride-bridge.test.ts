import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, test } from 'vitest'
import { TOKEN_SEALED_BYTES } from '#protocol/token'
import type { RiderWish } from '#protocol/rider-wish'
import type { InputSample } from '#protocol/input'
import type { OwnState } from '#protocol/session'
import { systemClock } from '#server/clock'
import { peripheralLink } from '#test/support/peripheral-link'
import { until } from '#test/support/until'
import { DirconClient } from './dircon/client.ts'
import { DirconServer } from './dircon/server.ts'
import { type CarrierEvents, RideBridge, type UplinkEvents } from './ride-bridge.ts'
import { FileMemory } from './rider-memory.ts'
import { ServerDoor } from './server-door.ts'
import { SimulatedTrainer } from './trainer-sim/trainer.ts'

const LOOPBACK = '127.0.0.1'
const cleanups: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).toReversed()) await cleanup()
})

const SECRET = 's'.repeat(43)
const GRANT = {
  token: Buffer.alloc(TOKEN_SEALED_BYTES, 1).toString('base64url'),
  keys: { up: Buffer.alloc(32, 2).toString('base64url'), down: Buffer.alloc(32, 3).toString('base64url') },
  datagram: { host: '0.0.0.0', port: 9 },
  rider: { id: 7, name: 'Ada', secret: SECRET },
  room: { id: 'r', mapId: 'm', mapHash: '0', tick: 1 },
}

/** The server's doors, with what was asked of them. */
async function openDoors(known: Set<string>) {
  /** What a server says that was updated meanwhile. */
  const updated = { message: '' }
  const asked: { path: string; body: Record<string, unknown> }[] = []
  const server = createServer((request, response) => {
    let text = ''
    request.on('data', (chunk: Buffer) => (text += chunk.toString()))
    request.on('end', () => {
      const path = request.url ?? ''
      const body = JSON.parse(text) as Record<string, unknown>
      asked.push({ path, body })
      const { status, answer } = answerTo(path, body)
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(answer))
    })
  })
  const answerTo = (path: string, body: Record<string, unknown>): { status: number; answer: object } => {
    if (path.startsWith('/matchmake/')) return { status: 200, answer: { roomId: 'r', sessionId: 's1', name: 'ride' } }
    if (path === '/api/token' && updated.message !== '')
      return { status: 409, answer: { error: 'ERR_PROTOCOL_VERSION', message: updated.message } }
    if (path === '/api/pair') return { status: 200, answer: { code: 'K7RM2P', expiresInS: 300 } }
    if (typeof body['secret'] === 'string' && !known.has(body['secret']))
      return { status: 404, answer: { error: 'ERR_SEAT_UNKNOWN', message: 'Nobody here has this secret.' } }
    known.add(SECRET)
    return { status: 200, answer: GRANT }
  }
  await new Promise<void>((resolve) => server.listen(0, LOOPBACK, () => resolve()))
  cleanups.push(() => new Promise((resolve) => server.close(resolve)))
  const url = new URL(`http://${LOOPBACK}:${(server.address() as AddressInfo).port}`)
  return { url, asked, updated }
}

async function stateFile(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'gruppetto-'))
  cleanups.push(() => rm(folder, { recursive: true }))
  return join(folder, 'deep', 'bridge.json')
}

async function ride(options: { url: URL; state: string; code?: string }) {
  const trainer = new SimulatedTrainer()
  const server = new DirconServer(trainer.peripheral)
  const port = await server.listen(0, LOOPBACK)
  cleanups.push(() => server.close())
  const said: string[] = []
  const sent: InputSample[] = []
  const wishes: RiderWish[] = []
  const holds: boolean[] = []
  let events: UplinkEvents | undefined
  let carrier: CarrierEvents | undefined
  let hosts: string[] = []
  let isClosed = false
  let overs = 0
  const bridge = new RideBridge({
    clock: systemClock,
    door: new ServerDoor(options.url),
    memory: new FileMemory(options.state),
    newcomer: { name: 'Ada', massKg: 62 },
    code: options.code,
    onOver: () => (overs += 1),
    difficulty: 1,
    onTrainer: (held) => void holds.push(held !== undefined),
    makeCarriers: (e) => [new DirconClient({ ...(carrier = e), host: LOOPBACK, port, clock: systemClock })],
    makeUplink(e) {
      events = e
      return {
        start() {
          void e.requestGrant().then((grant) => {
            hosts = [grant.datagram.host]
            e.onState('connected', 'Connected to the server.')
          })
        },
        send: (sample) => void sent.push(sample),
        wish: (wish) => void wishes.push(wish),
        close: () => {
          isClosed = true
          return Promise.resolve()
        },
      }
    },
    say: (sentence) => void said.push(sentence),
  })
  bridge.start()
  let isStopped = false
  const stop = async () => {
    if (!isStopped) await bridge.stop()
    isStopped = true
  }
  cleanups.push(stop)
  await until('the grant', () => hosts.length > 0)
  return {
    trainer,
    bridge,
    said,
    sent,
    wishes,
    holds,
    events: events!,
    carrier: carrier!,
    hosts: () => hosts,
    stop,
    isClosed: () => isClosed,
    overs: () => overs,
  }
}

describe('a bridge', () => {
  test('[D153] says what it does with the trainer and which device gives what', async () => {
    const { url } = await openDoors(new Set())
    const { wishes, events, bridge, trainer } = await ride({ url, state: await stateFile() })
    events.onOwn({ gradeFraction: 0.03, draftFactor: 1 } as OwnState)
    await until('the grade', () => bridge.legs.loop.taken !== undefined)
    trainer.show({ powerW: 247, cadenceRpm: 91, heartRateBpm: 151 }, 1)
    const newest = (kind: RiderWish['kind']) => wishes.findLast((wish) => wish.kind === kind)
    await until('the trainer, and its watts', () => {
      const [trainer, sources] = [newest('trainer'), newest('sources')]
      return (
        trainer?.kind === 'trainer' &&
        trainer.mode === 'road' &&
        sources?.kind === 'sources' &&
        sources.power === 'trainer'
      )
    })
  })

  test('[B63] a link that was lost while it told what it has takes no place from the one that came after it', async () => {
    const { url } = await openDoors(new Set())
    const lost = peripheralLink(new SimulatedTrainer().peripheral)
    const answers = Promise.withResolvers<boolean>()
    const { bridge, carrier } = await ride({ url, state: await stateFile() })
    carrier.onLink({ ...lost, subscribe: () => answers.promise })
    carrier.onLink(peripheralLink(new SimulatedTrainer().peripheral))
    await until('the newer link', () => bridge.state().legs.devices.some(({ id }) => id === lost.id))
    answers.resolve(false)
    await new Promise((resolve) => setTimeout(resolve, 5))
    expect(bridge.state().legs.devices.find(({ id }) => id === lost.id)).toMatchObject({ isTrainer: true })
  })

  test('[B12] takes a seat, remembers its rider for the owner only, and says how to watch', async () => {
    const { url, asked } = await openDoors(new Set())
    const state = await stateFile()
    const { said, hosts } = await ride({ url, state })
    expect(asked.map(({ path }) => path)).toEqual(['/matchmake/joinOrCreate/ride', '/api/token', '/api/pair'])
    expect(asked[0]!.body).toEqual({ name: 'Ada', massKg: 62 })
    expect(asked[1]!.body).toMatchObject({ seat: { roomId: 'r', sessionId: 's1' } })
    expect(JSON.parse(await readFile(state, 'utf8'))).toMatchObject({ secrets: { [url.origin]: SECRET } })
    expect((await stat(state)).mode & 0o777).toBe(0o600)
    expect(said).toContain(`you are Ada; watch yourself at ${url.origin}/?code=K7RM2P`)
    expect(hosts()).toEqual([LOOPBACK])
  })

  test('[B12] started again, it is the same rider', async () => {
    const known = new Set<string>()
    const { url, asked } = await openDoors(known)
    const state = await stateFile()
    await (await ride({ url, state })).stop()
    asked.length = 0
    await ride({ url, state })
    expect(asked[0]).toMatchObject({ path: '/api/token', body: { secret: SECRET } })
  })

  test('[B12] whose rider has left the road starts a new one', async () => {
    const { url, asked } = await openDoors(new Set())
    const state = await stateFile()
    await new FileMemory(state).remember(url.origin, 'x'.repeat(43))
    const { said } = await ride({ url, state })
    expect(asked.map(({ path }) => path).slice(0, 3)).toEqual([
      '/api/token',
      '/matchmake/joinOrCreate/ride',
      '/api/token',
    ])
    expect(said).toContain('the rider of last time has left the road; a new one starts')
  })

  test('with a pairing code is the legs of who made it, for one session, and never a new rider after it', async () => {
    const { url, asked } = await openDoors(new Set())
    const { events, overs } = await ride({ url, state: await stateFile(), code: 'ABC234' })
    expect(asked[0]).toMatchObject({ path: '/api/token', body: { code: 'ABC234', use: 'ride' } })
    await expect(events.requestGrant()).rejects.toThrow('the pairing code served for one session')
    expect(asked.filter(({ path }) => path.startsWith('/matchmake/'))).toEqual([])
    expect(overs()).toBe(1)
  })

  test('[B111] [B116] tells its state, obeys commands, shows where to watch, and forgets a device everywhere', async () => {
    const { url } = await openDoors(new Set())
    const state = await stateFile()
    const { bridge, stop, trainer, said } = await ride({ url, state })
    // What it says before anybody listens is lost.
    await until('the link', () => bridge.state().legs.devices.length > 0)
    trainer.show({ powerW: 247, cadenceRpm: 91, heartRateBpm: 151 }, 1)
    await until('the device', () => bridge.state().legs.devices[0]?.powerW === 247)
    const { legs, riderName, server } = bridge.state()
    expect([riderName, server]).toEqual(['Ada', { level: 'good', words: 'Connected to the server.' }])
    const [device] = legs.devices
    expect(device).toMatchObject({ carrier: 'network', isTrainer: true, cadenceRpm: 91, heartRateBpm: 151 })
    expect(await bridge.watchUrl()).toBe(`${url.origin}/?code=K7RM2P`)
    expect(bridge.command({ ask: 'mode', mode: 'erg' })).toBeUndefined()
    expect(bridge.command({ ask: 'target', targetW: 210 })).toBeUndefined()
    expect(bridge.state().legs.trainer).toMatchObject({ mode: 'erg', targetW: 210 })
    expect(bridge.command({ ask: 'source', quantity: 'powerW', deviceId: 'ble:nobody' })).toMatch(/ble:nobody/)
    const memory = new FileMemory(state)
    const ids = async (): Promise<readonly string[]> => (await memory.devices()).map(({ id }) => id)
    await expect.poll(ids).toEqual([device!.id])
    expect(bridge.command({ ask: 'forget', deviceId: device!.id })).toBeUndefined()
    await expect.poll(ids).toEqual([])
    expect(bridge.state().legs.devices).toEqual([])
    await stop()
    expect(bridge.state().said).toEqual(said.slice(-6))
  })

  test('whose place another one took is over', async () => {
    const { url } = await openDoors(new Set())
    const { events, overs } = await ride({ url, state: await stateFile() })
    events.onState('closed', 'Another bridge or page sends for this rider now; this one stops.')
    expect(overs()).toBe(1)
  })

  test('whose server speaks another version meanwhile ends with the remedy, instead of asking for ever', async () => {
    const { url, updated } = await openDoors(new Set())
    const { events, overs, said } = await ride({ url, state: await stateFile() })
    updated.message = 'This server speaks protocol 4, you speak 3; reload the page, or update the bridge.'
    await expect(events.requestGrant()).rejects.toThrow('update the bridge')
    expect([overs(), said.at(-1)]).toEqual([1, `the server refused: ${updated.message}`])
  })

  test('sends what the trainer says and brings the road to it; at the end the trainer is on the flat', async () => {
    const { url } = await openDoors(new Set())
    const { trainer, sent, events, bridge, stop, isClosed, said, holds } = await ride({ url, state: await stateFile() })
    events.onOwn({ gradeFraction: 0.071 } as OwnState)
    await until('the grade', () => bridge.legs.loop.taken !== undefined)
    expect(trainer.target).toMatchObject({ gradeFraction: 0.071 })
    trainer.show({ powerW: 247, cadenceRpm: 91, heartRateBpm: 151 }, 1)
    await until('the sample', () => sent.length === 1)
    expect(sent[0]).toMatchObject({ sequence: 0, powerW: 247, cadenceHalfRpm: 182, heartRateBpm: 151 })
    await stop()
    expect(said.at(-1)).toBe('the trainer is free again; goodbye')
    expect(holds).toEqual([true, false])
    expect(isClosed()).toBe(true)
  })

  test('[B143] a trainer that does not confirm the flat is still held: who is behind the bridge reaches for it', async () => {
    const { url } = await openDoors(new Set())
    const { trainer, events, bridge, stop, said, holds } = await ride({ url, state: await stateFile() })
    events.onOwn({ gradeFraction: 0.071 } as OwnState)
    await until('the grade', () => bridge.legs.loop.taken !== undefined)
    trainer.peripheral.written = () => {} // Takes it, and says nothing.
    await stop()
    expect(said.at(-1)).toBe('the trainer did not confirm the flat; goodbye')
    expect(holds).toEqual([true])
  })
})

describe('without a server, or with something else there', () => {
  test('one sentence, and no throw', async () => {
    const gone = createServer()
    await new Promise<void>((resolve) => gone.listen(0, LOOPBACK, () => resolve()))
    const { port } = gone.address() as AddressInfo
    await new Promise((resolve) => gone.close(resolve))
    const nobody = new ServerDoor(new URL(`http://${LOOPBACK}:${port}`))
    expect(await nobody.seat({})).toMatchObject({
      ok: false,
      sentence: `http://${LOOPBACK}:${port} cannot be reached (nothing answers there); start the server there, or give its address as --server.`,
    })
    const server = createServer((_request, response) => response.end('<html>hello</html>'))
    await new Promise<void>((resolve) => server.listen(0, LOOPBACK, () => resolve()))
    cleanups.push(() => new Promise((resolve) => server.close(resolve)))
    const other = new ServerDoor(new URL(`http://${LOOPBACK}:${(server.address() as AddressInfo).port}`))
    expect(await other.token({ secret: SECRET })).toMatchObject({
      ok: false,
      isUnknown: false,
      sentence: expect.stringContaining('is it a Gruppetto server of this version? Else give its address as --server.'),
    })
  })

  test('[B146] a server whose answers never end, or whose keys are none, is refused in a sentence and read no further', async () => {
    let sent = 0
    let grant: object | undefined
    const server = createServer((_request, response) => {
      if (grant !== undefined) return response.end(JSON.stringify(grant))
      const chunk = Buffer.alloc(64 * 1024, ' ')
      const more = (): void => {
        while (!response.destroyed && response.write(chunk)) sent += chunk.length
      }
      response.on('drain', more)
      more()
    })
    await new Promise<void>((resolve) => server.listen(0, LOOPBACK, () => resolve()))
    cleanups.push(async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    })
    const door = new ServerDoor(new URL(`http://${LOOPBACK}:${(server.address() as AddressInfo).port}`))
    const strange = { ok: false, isUnknown: false, sentence: expect.stringContaining('something that is not') }
    expect(await door.token({ secret: SECRET })).toMatchObject(strange)
    expect(await door.routes()).toBeUndefined()
    // What the system holds on the way is not ours.
    expect(sent).toBeLessThan(64 * 1024 * 1024)
    for (const wrong of [
      { token: 'AAEC' },
      { keys: { up: 'AQ', down: GRANT.keys.down } },
      { keys: { up: GRANT.keys.up, down: '' } },
      ...[0, 0.5, 70_000, -1].map((port) => ({ datagram: { host: 'x', port } })),
    ]) {
      grant = { ...GRANT, ...wrong }
      expect(await door.token({ secret: SECRET })).toMatchObject(strange)
    }
    grant = GRANT
    expect(await door.token({ secret: SECRET })).toMatchObject({ ok: true })
  })

  test('[B145] what is said is one line of plain words, whatever a server calls its rider', async () => {
    const { url } = await openDoors(new Set())
    const { events, said } = await ride({ url, state: await stateFile() })
    events.onState('reconnecting', 'no\u001b[2Jserver: fine\nlegs: 400 W\u009b')
    expect(said.at(-1)).toBe('server: no [2Jserver: fine legs: 400 W')
  })

  test('a state file that cannot be written is one sentence that names --state, and the ride goes on', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'gruppetto-'))
    cleanups.push(() => rm(folder, { recursive: true }))
    await writeFile(join(folder, 'file'), '')
    const memory = new FileMemory(join(folder, 'file', 'bridge.json'))
    expect(await memory.remember('http://localhost:8214', SECRET)).toMatch(
      /bridge\.json cannot be written \(\w+\).* --state\.$/,
    )
    expect(await memory.recall('http://localhost:8214')).toBe(SECRET)
  })

  test('[B12] a state file that was damaged is a new rider, not an end', async () => {
    const { url, asked } = await openDoors(new Set())
    const folder = await mkdtemp(join(tmpdir(), 'gruppetto-'))
    cleanups.push(() => rm(folder, { recursive: true }))
    const state = join(folder, 'bridge.json')
    await writeFile(state, '{"format":"gruppetto-bri')
    await ride({ url, state })
    expect(asked[0]!.path).toBe('/matchmake/joinOrCreate/ride')
  })
})
