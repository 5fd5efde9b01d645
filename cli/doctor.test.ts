import { chmodSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { createServer as createTcp, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, test } from 'vitest'
import { PROTOCOL_VERSION } from '#protocol/limits'
import { closedPort, closeServers, openServer, silentPort } from '#test/support/whole-server'
import { checkLines, type Check, runChecks } from './doctor/check.ts'
import { lookAtServer, serverOf } from './doctor.ts'
import { checkDatabase, checkDataFolder, checkNode, checkPackages, checkPorts } from './doctor/machine.ts'
import { checkAdvertised, checkClock, checkTls, isPrivate } from './doctor/remote.ts'

const closing: (() => unknown)[] = []
afterEach(async () => {
  for (const close of closing.splice(0).toReversed()) await close()
  await closeServers()
})

async function look(server: URL): Promise<Record<string, Check>> {
  const found: Record<string, Check> = {}
  const remote = {
    server,
    version: '1.0.0',
    nowMs: () => performance.now(),
    wallMs: () => Date.now(),
    probes: 5,
    welcomeMs: 700,
  }
  await lookAtServer(remote, (check) => (found[check.name] = check))
  return found
}

const levels = (found: Record<string, Check>) =>
  Object.fromEntries(Object.entries(found).map(([name, { level }]) => [name, level]))

describe('the way to a server', () => {
  test('[D175] where all is well each thing says so, and lines are measured', async () => {
    const { url, sessions } = await openServer()
    const found = await look(url)
    expect(levels(found)).toEqual({
      ...{ http: 'good', version: 'good', tls: 'good', origins: 'good', ipv6: 'none', clock: 'good', address: 'good' },
      ...{ udp: 'good', webrtc: 'warning', websocket: 'good' },
    })
    expect(found['udp']!.words).toMatch(
      /^UDP 127\.0\.0\.1:\d+ answers: \d+\.\d ms there and back, 0 of \d+ packets lost\.$/,
    )
    expect(found['webrtc']!.words).toBe('The server has no WebRTC: it is off (not here).')
    await new Promise((resolve) => setTimeout(resolve, 100))
    expect(sessions.size).toBe(0) // Nobody is left looking on.
  })

  test('[D175] nothing listens, a name that leads nowhere, something else that answers, a proxy without a server', async () => {
    const nobody = await look(new URL(`http://127.0.0.1:${await closedTcpPort()}`))
    expect(nobody['http']).toMatchObject({ level: 'bad', words: expect.stringContaining('Nothing listens') as string })
    expect(Object.keys(nobody)).toEqual(['http', 'ipv6'])
    const nowhere = await look(new URL('http://gruppetto-nowhere.invalid'))
    expect(nowhere['http']!.words).toBe('The name gruppetto-nowhere.invalid leads nowhere.')
    const other = await openServer({ answers: { '/health': () => ({ status: 200, body: { hello: 'world' } }) } })
    expect((await look(other.url))['http']!.words).toContain('it is no Gruppetto (200)')
    const proxy = await openServer({ answers: { '/health': () => ({ status: 502 }) } })
    expect((await look(proxy.url))['http']!.words).toContain('A proxy answers')
    const moved = await openServer({
      answers: { '/health': () => ({ status: 301, headers: { location: 'https://club.example/' } }) },
    })
    expect((await look(moved.url))['http']!.words).toContain('sends on to https://club.example/')
    const foreign = await openServer({ answers: { '/health': () => ({ status: 421 }) } })
    expect((await look(foreign.url))['http']!.remedy).toContain('GRUPPETTO_ORIGINS')
  })

  test('[D175] another protocol ends it there and says who is to be updated', async () => {
    const health = (protocol: number, version = '1.0.0') => ({
      '/health': () => ({ status: 200, body: { isReady: true, version, protocol, waitingFor: '' } }),
    })
    const newer = await look((await openServer({ answers: health(PROTOCOL_VERSION + 1) })).url)
    expect(newer['version']).toMatchObject({ level: 'bad', remedy: 'Update this program.' })
    expect(newer['udp']).toBeUndefined()
    const older = await look((await openServer({ answers: health(PROTOCOL_VERSION - 1) })).url)
    expect(older['version']).toMatchObject({ level: 'bad', remedy: 'Update the server.' })
    const patched = await look((await openServer({ answers: health(PROTOCOL_VERSION, '1.0.1') })).url)
    expect(patched['version']!.level).toBe('warning')
  })

  test('[D175] a server that is starting says what it waits for', async () => {
    const body = { isReady: false, version: '1.0.0', protocol: PROTOCOL_VERSION, waitingFor: 'the database' }
    const refusal = { error: 'ERR_NOT_READY', message: 'The server is not ready.' }
    const { url } = await openServer({
      answers: {
        '/health': () => ({ status: 200, body }),
        '/api/reach': () => ({ status: 503, body: refusal }),
      },
    })
    const found = await look(url)
    expect(found['ready']!.words).toBe('The server is not ready yet: the database.')
    expect(found['reach']!.level).toBe('none')
  })

  test('[D176] a UDP port where nobody listens and one behind a firewall are told apart', async () => {
    const closed = await look((await openServer({ udp: 'closed' })).url)
    expect(closed['udp']).toMatchObject({
      level: 'bad',
      words: expect.stringContaining('Nothing listens on UDP') as string,
    })
    expect(closed['websocket']!.level).toBe('good')
    const silent = await look((await openServer({ udp: 'silent' })).url)
    expect(silent['udp']!.words).toContain('swallows datagrams of 1200 bytes')
    expect(silent['udp']!.remedy).toMatch(/Open UDP \d+ in the firewall/)
  })

  test('[D176] a proxy that passes no WebSockets on is named', async () => {
    const found = await look((await openServer({ hasSockets: false })).url)
    expect(found['websocket']).toMatchObject({ level: 'bad', remedy: expect.stringContaining('upgrades') as string })
    expect(found['udp']!.level).toBe('good')
  })

  test('[D176] a server that lets pages from anywhere in is no good, nor one that refuses its own', async () => {
    const open = await look((await openServer({ isOpen: true })).url)
    expect(open['origins']).toMatchObject({ level: 'bad', words: 'A page from anywhere may use this server.' })
    const shut = await look((await openServer({ answers: { '/api/worlds': () => ({ status: 403 }) } })).url)
    expect(shut['origins']!.remedy).toContain('GRUPPETTO_ORIGINS=http://127.0.0.1')
  })

  test('[D176] without a token no line is tried, and the server’s sentence is passed on', async () => {
    const refusal = { error: 'ERR_SEAT_UNKNOWN', message: 'This road has no pacer to look on from.' }
    const found = await look(
      (await openServer({ answers: { '/api/token': () => ({ status: 404, body: refusal }) } })).url,
    )
    expect(found['token']!.words).toContain('This road has no pacer to look on from.')
    expect(found['udp']).toBeUndefined()
  })

  test('[D177] an address that riders elsewhere cannot use is found, and the setting named', () => {
    const reach = (host: string) => ({
      ...{ wallMs: 0, you: '', webrtc: { state: 'off', reason: '', port: 0 } },
      datagram: { host, port: 8214, isSet: false },
    })
    const at = (server: string) => ({ server: new URL(server), version: '', nowMs: () => 0, wallMs: () => 0 })
    const levelOf = (server: string, host: string) => checkAdvertised(at(server), reach(host)).level
    expect(levelOf('https://club.example', '192.168.1.20')).toBe('bad')
    expect(levelOf('https://club.example', '127.0.0.1')).toBe('bad')
    expect(levelOf('http://192.168.1.20:8214', '127.0.0.1')).toBe('bad')
    expect(levelOf('http://192.168.1.20:8214', '192.168.1.20')).toBe('good')
    expect(levelOf('http://localhost:8214', '127.0.0.1')).toBe('good')
    expect(levelOf('https://club.example', '203.0.113.9')).toBe('good')
    expect(levelOf('https://club.example', '')).toBe('bad')
    const { remedy } = checkAdvertised(at('https://club.example'), reach('172.17.0.2'))
    expect(remedy).toContain('GRUPPETTO_ADVERTISED_HOST=club.example')
    expect(['172.15.0.1', '172.32.0.1', '100.63.0.1', '11.0.0.1', '2001:db8::1'].some(isPrivate)).toBe(false)
    expect(['172.31.0.1', '100.64.0.1', 'fd00::1', 'fe80::1', 'nas.local'].every(isPrivate)).toBe(true)
  })

  test('[D177] a clock that is off and a page without HTTPS are warnings, not faults', () => {
    const reach = {
      wallMs: 100_000,
      you: '',
      datagram: { host: '', port: 1, isSet: false },
      webrtc: { state: '', reason: '', port: 1 },
    }
    expect(checkClock(reach, 100_400, 100_600)).toMatchObject({
      level: 'good',
      words: "The server's clock is 0.5 s behind this one.",
    })
    expect(checkClock(reach, 80_000, 80_000).level).toBe('warning')
    const at = (server: string) => ({ server: new URL(server), version: '', nowMs: () => 0, wallMs: () => 0 })
    expect(checkTls(at('https://club.example')).level).toBe('good')
    expect(checkTls(at('http://localhost:8214')).level).toBe('good')
    expect(checkTls(at('http://192.168.1.20:8214')).level).toBe('warning')
  })
})

async function closedTcpPort(): Promise<number> {
  const server = createTcp()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  await new Promise((resolve) => server.close(resolve))
  return port
}

describe('this machine', () => {
  test('[D178] an old Node and a package that is missing', () => {
    expect(checkNode('22.1.0', false).level).toBe('bad')
    expect(checkNode('24.21.0', true).level).toBe('good')
    const missing = checkPackages([
      { name: 'here', gives: 'this', isThere: true },
      { name: 'away', gives: 'that', isThere: false },
    ])
    expect(missing).toMatchObject({ level: 'warning', words: 'Not installed: away (that).' })
  })

  test('[D178] a data folder that can be made; a disk that is nearly full, and one that is full', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'gruppetto-doctor-'))
    closing.push(() => rmSync(folder, { recursive: true }))
    const path = join(folder, 'not', 'yet')
    const levelsOf = async (freeMb: number) =>
      (await checkDataFolder(path, async () => freeMb * 1024 * 1024)).map(({ name, level }) => [name, level])
    expect(await levelsOf(50_000)).toEqual([
      ['data', 'good'],
      ['disk', 'good'],
    ])
    expect(await levelsOf(900)).toEqual([
      ['data', 'good'],
      ['disk', 'warning'],
    ])
    expect(await levelsOf(90)).toEqual([
      ['data', 'good'],
      ['disk', 'bad'],
    ])
    expect((await checkDataFolder(path)).every(({ words }) => words !== '')).toBe(true)
    // Root may write anywhere; a file where a folder should be stops it, too.
    mkdirSync(join(folder, 'closed'))
    chmodSync(join(folder, 'closed'), 0o500)
    const [closed] = await checkDataFolder(join(folder, 'closed', 'data'))
    expect(closed!.level).toBe(process.getuid?.() === 0 ? 'good' : 'bad')
  })

  test('[D178] ports in use are named with their settings', async () => {
    const tcp = createTcp()
    await new Promise<void>((resolve) => tcp.listen(0, '127.0.0.1', resolve))
    closing.push(() => new Promise((resolve) => tcp.close(resolve)))
    const { port } = tcp.address() as AddressInfo
    const udp = await silentPort()
    const [taken] = await checkPorts({ host: '127.0.0.1', tcp: port, udp, webrtc: await closedPort() })
    expect(taken).toMatchObject({ level: 'bad', words: `Not free: TCP ${port} (in use), UDP ${udp} (in use).` })
    expect(taken!.remedy).toContain('GRUPPETTO_PORT and GRUPPETTO_UDP_PORT')
    const [free] = await checkPorts({
      host: '127.0.0.1',
      tcp: await closedTcpPort(),
      udp: await closedPort(),
      webrtc: await closedPort(),
    })
    expect(free!.level).toBe('good')
  })

  test('[D178] a database that does not answer is broken, one that falls back to PGlite a warning', () => {
    const url = 'postgres://rider:secret@db.example:5432/rides'
    const away = checkDatabase({ kind: 'own', url, canConnect: false })
    expect(away.level).toBe('bad')
    expect(away.words).not.toContain('secret')
    expect(checkDatabase({ kind: 'own', url, canConnect: true }).level).toBe('good')
    expect(checkDatabase({ kind: 'embedded', why: 'no binaries' }).level).toBe('warning')
    expect(checkDatabase({ kind: 'embedded', why: '' }).level).toBe('good')
  })

  test('[D178] a check that breaks is a fault of its own and not the end', async () => {
    const told: Check[] = []
    await runChecks(
      [
        ['first', () => Promise.reject(new Error('boom'))],
        ['second', async () => checkNode('24.21.0', true)],
      ],
      (check) => told.push(check),
    )
    expect(told.map(({ name, level }) => [name, level])).toEqual([
      ['first', 'bad'],
      ['node', 'good'],
    ])
    expect(checkLines(told[0]!)).toHaveLength(2)
    expect(() => serverOf('club.example', { port: 1 })).toThrow('is not an address')
    expect(serverOf(undefined, { port: 8214 }).href).toBe('http://localhost:8214/')
  })
})
