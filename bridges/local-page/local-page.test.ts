import { request, type IncomingHttpHeaders } from 'node:http'
import { connect } from 'node:net'
import { networkInterfaces } from 'node:os'
import { afterEach, expect, test } from 'vitest'
import { systemClock } from '#server/clock'
import { until } from '#test/support/until'
import type { BridgeState } from '../bridge-state.ts'
import type { BridgeClock } from '../core/clock.ts'
import type { LegsCommand } from '../core/devices.ts'
import { LocalPage } from './local-page.ts'

const TOKEN = 'a-token-of-this-bridge'
const cleanups: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).toReversed()) await cleanup()
})

const STATE: BridgeState = {
  legs: { devices: [], sources: [] },
  riderName: 'Ada',
  server: { level: 'good', words: 'connected' },
  said: [],
}

/** Steady; what waits is called when a test says so. */
class HeldClock implements BridgeClock {
  readonly waiting = new Map<() => void, number>()
  nowMs(): number {
    return systemClock.nowMs()
  }
  after(delayMs: number, callback: () => void): () => void {
    this.waiting.set(callback, delayMs)
    return () => this.waiting.delete(callback)
  }
  fire(delayMs: number): void {
    for (const [callback, at] of this.waiting)
      if (at === delayMs) {
        this.waiting.delete(callback)
        callback()
      }
  }
}

async function open(clock: BridgeClock = systemClock) {
  const commands: LegsCommand[] = []
  const held = { state: STATE, complaint: undefined as string | undefined, watch: undefined as string | undefined }
  const page = new LocalPage({
    clock,
    token: TOKEN,
    port: 0,
    desk: {
      state: () => held.state,
      watchUrl: () => Promise.resolve(held.watch),
      command(command) {
        if (command.ask === 'forget') throw new Error('broken code')
        commands.push(command)
        return held.complaint
      },
    },
  })
  const url = new URL(await page.open())
  cleanups.push(() => page.close())
  return { url, port: Number(url.port), commands, held }
}

interface Asked {
  readonly port: number
  readonly path: string
  readonly method?: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string
}

function ask({ port, path, method = 'GET', headers = {}, body }: Asked) {
  return new Promise<{ status: number; headers: IncomingHttpHeaders; text: string }>((resolve, reject) => {
    const sent = request({ host: '127.0.0.1', port, path, method, headers, agent: false }, (response) => {
      let text = ''
      response.on('data', (chunk) => (text += String(chunk)))
      response.on('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers, text }))
      // A refusal may cut what we still send: the answer is there.
      response.on('error', () => resolve({ status: response.statusCode ?? 0, headers: response.headers, text }))
    })
    sent.on('error', reject)
    sent.end(body)
  })
}

const command = (port: number, headers: Record<string, string> = {}, body = '{"ask":"shift","by":1}') =>
  ask({
    ...{ port, path: '/command', method: 'POST', body },
    headers: { authorization: `Bearer ${TOKEN}`, 'content-type': 'application/json', ...headers },
  })

test('[B110] the page is on loopback alone: no other address of this machine answers', async () => {
  const { port, url } = await open()
  expect(url.hostname).toBe('127.0.0.1')
  const others = Object.values(networkInterfaces())
    .flatMap((rows) => rows ?? [])
    .filter(({ family, address }) => family === 'IPv4' && address !== '127.0.0.1')
  // On Linux the whole of 127/8 is this machine: another address there is refused where no network is.
  for (const host of ['127.0.0.2', ...others.map(({ address }) => address)]) {
    const reached = await new Promise<boolean>((resolve) => {
      const socket = connect({ host, port, timeout: 500 })
      const end = (isThere: boolean) => (): void => {
        socket.destroy()
        resolve(isThere)
      }
      socket.once('connect', end(true)).once('error', end(false)).once('timeout', end(false))
    })
    expect(`${host}: ${reached}`).toBe(`${host}: false`)
  }
})

test('[B111] its own page commands with the token, and reads the state as it changes', async () => {
  const { port, url, commands, held } = await open()
  expect(url.hash).toBe(`#${TOKEN}`)
  const origin = `http://127.0.0.1:${port}`
  expect((await ask({ port, path: '/' })).text).toContain('<title>Gruppetto bridge</title>')
  expect((await command(port, { origin, 'sec-fetch-site': 'same-origin' })).status).toBe(204)
  expect(commands).toEqual([{ ask: 'shift', by: 1 }])
  held.complaint = 'No virtual gears are in use.'
  const refused = await command(port, { origin })
  expect([refused.status, refused.text]).toEqual([409, '{"message":"No virtual gears are in use."}\n'])

  const watch = (): ReturnType<typeof ask> =>
    ask({ port, path: '/watch', method: 'POST', headers: { authorization: `Bearer ${TOKEN}` } })
  expect((await watch()).status).toBe(409)
  held.watch = 'http://club.example/?code=K7RM2P'
  expect(JSON.parse((await watch()).text)).toEqual({ address: 'http://club.example/?code=K7RM2P' })

  const heard: string[] = []
  const stream = request({
    ...{ host: '127.0.0.1', port, path: '/state', agent: false },
    headers: { authorization: `Bearer ${TOKEN}` },
  })
  stream.on('response', (response) => response.on('data', (chunk) => heard.push(String(chunk))))
  stream.on('error', () => {}) // Closed with the page.
  stream.end()
  await until('the first state', () => heard.join('').includes('"Ada"'))
  held.state = { ...STATE, riderName: 'Grace' }
  await until('the next one', () => heard.join('').includes('"Grace"'))
  stream.destroy()
})

test('[B112] a page from elsewhere reads nothing, commands nothing, and is never told that it may', async () => {
  const { port, commands } = await open()
  const own = `127.0.0.1:${port}`
  const foreign: [string, Record<string, string>, number][] = [
    ['a foreign origin', { origin: 'https://evil.example' }, 403],
    ['a page that hides where it is from', { origin: 'null' }, 403],
    ['another port of this machine', { origin: `http://127.0.0.1:${port + 1}` }, 403],
    ['the same host by https', { origin: `https://${own}` }, 403],
    ['a name that leads here (rebinding)', { host: `evil.example:${port}` }, 421],
    ['that name with its own origin', { host: `evil.example:${port}`, origin: `http://evil.example:${port}` }, 421],
    ['our name without the port', { host: '127.0.0.1' }, 421],
    ['a picture, a form, a link', { 'sec-fetch-site': 'cross-site' }, 403],
    ['a page of a sister name', { 'sec-fetch-site': 'same-site' }, 403],
    ['no token', { authorization: '' }, 401],
    ['a wrong token', { authorization: `Bearer ${TOKEN.slice(1)}x` }, 401],
    ['a longer one', { authorization: `Bearer ${TOKEN}x` }, 401],
    ['a form', { 'content-type': 'text/plain' }, 415],
  ]
  for (const [name, headers, status] of foreign) {
    const answer = await command(port, headers)
    expect(`${name}: ${answer.status}`).toBe(`${name}: ${status}`)
    expect(Object.keys(answer.headers).filter((key) => key.startsWith('access-control'))).toEqual([])
  }
  const asked = await ask({
    ...{ port, path: '/command', method: 'OPTIONS' },
    headers: { origin: 'https://evil.example', 'access-control-request-method': 'POST' },
  })
  expect(asked.status).toBe(403)
  expect(asked.headers['access-control-allow-origin']).toBeUndefined()
  expect((await ask({ port, path: '/state' })).status).toBe(401)
  // A link may lead here, a frame may not, and neither with anything done on the way.
  const link = { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'document' }
  expect((await ask({ port, path: '/', headers: link })).status).toBe(200)
  expect((await ask({ port, path: '/', headers: { ...link, 'sec-fetch-dest': 'iframe' } })).status).toBe(403)
  expect((await command(port, link)).status).toBe(403)
  expect(commands).toEqual([])
})

test('[B113] no GET has an effect', async () => {
  const { port, commands } = await open()
  const headers = { authorization: `Bearer ${TOKEN}` }
  for (const method of ['GET', 'HEAD', 'PUT', 'DELETE'])
    for (const path of ['/command', '/watch', '/command?ask=shift&by=1', '/?ask=shift&by=1', '/command/shift'])
      expect([404, 405]).toContain((await ask({ port, path, method, headers })).status)
  expect(commands).toEqual([])
})

test('[B114] a giant body is cut off after the limit and a slow one after two seconds; nothing of either is done', async () => {
  const clock = new HeldClock()
  const { port, commands } = await open(clock)
  const giant = await command(port, {}, `{"ask":"shift","by":1,"x":"${'x'.repeat(4000)}"}`)
  expect(giant.status).toBe(413)
  let answer = ''
  const slow = connect(port, '127.0.0.1')
  slow.on('data', (chunk) => (answer += String(chunk)))
  const closed = new Promise<void>((resolve) => slow.on('close', () => resolve()))
  slow.write(
    `POST /command HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nAuthorization: Bearer ${TOKEN}\r\nContent-Type: application/json\r\nContent-Length: 22\r\n\r\n{"ask"`,
  )
  await until('the wait for the rest', () => [...clock.waiting.values()].includes(2000))
  clock.fire(2000)
  await closed
  expect(answer).toMatch(/^HTTP\/1.1 408 /)
  // A token and no end: the same without a Content-Length.
  const endless = connect(port, '127.0.0.1')
  const cut = new Promise<void>((resolve) => endless.on('close', () => resolve()))
  endless.on('error', () => {}) // Cut off while it writes: that is the point.
  endless.write(
    `POST /command HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nAuthorization: Bearer ${TOKEN}\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n`,
  )
  endless.resume()
  const chunk = `400\r\n${'x'.repeat(1024)}\r\n`
  endless.write(chunk.repeat(64))
  await cut
  expect(commands).toEqual([])
})

test('[B115] what is no command is refused with a sentence: wrong JSON, unknown words, no numbers, ids without end', async () => {
  const { port, commands } = await open()
  const wrong = [
    ...['', 'null', '[]', '{', '"shift"', '{"ask":"explode"}', '{"ask":"shift","by":"1"}', '{"ask":"target"}'],
    ...['{"ask":"target","targetW":1e999}', '{"ask":"mode","mode":"__proto__"}', '{"ask":"forget","deviceId":""}'],
    ...[`{"ask":"forget","deviceId":"${'x'.repeat(300)}"}`, '{"ask":"source","quantity":"steer"}', '{"ask":"gears"}'],
  ]
  for (const body of wrong) {
    const answer = await command(port, {}, body)
    expect(`${body}: ${answer.status}`).toBe(`${body}: 400`)
    expect((JSON.parse(answer.text) as { message: string }).message).toMatch(/\.$/)
  }
  expect(commands).toEqual([])
})

test('[B114] many that connect and say nothing, or never end their heads, are gone in three seconds: the rider gets in', async () => {
  const { port } = await open()
  let gone = 0
  const idle = Array.from({ length: 40 }, (_, index) => {
    const socket = connect(port, '127.0.0.1')
    socket.on('close', () => gone++).on('error', () => {})
    socket.resume()
    if (index % 2 === 0) socket.write(`GET / HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nX: `)
    return socket
  })
  await until('them to be gone', () => gone === idle.length)
  expect((await command(port)).status).toBe(204)
  // Giant heads are none: 16 kB is what Node takes.
  const giant = await ask({ port, path: '/', headers: { x: 'x'.repeat(100_000) } }).catch(() => ({ status: 431 }))
  expect(giant.status).toBe(431)
})

test('[B140] code that breaks over a command breaks one answer, and neither page nor ride', async () => {
  const { port } = await open()
  await expect(command(port, {}, '{"ask":"forget","deviceId":"x"}')).rejects.toThrow('socket hang up')
  expect((await command(port)).status).toBe(204)
})

test('[B112] no other way of writing a request leads in: two hosts, a whole address, another path to the same file', async () => {
  const { port, commands } = await open()
  const raw = (head: string): Promise<string> =>
    new Promise((resolve) => {
      let text = ''
      const socket = connect(port, '127.0.0.1')
      socket.on('data', (chunk) => (text += String(chunk))).on('close', () => resolve(text.split('\r\n')[0]!))
      socket.on('error', () => {})
      socket.end(`${head}\r\n\r\n`)
    })
  const host = `Host: 127.0.0.1:${port}`
  const auth = `Authorization: Bearer ${TOKEN}\r\nContent-Type: application/json\r\nContent-Length: 0\r\nConnection: close`
  for (const [head, status] of [
    [`GET / HTTP/1.1\r\nHost: evil.example\r\n${host}`, /^HTTP\/1.1 4(00|21)/],
    [`GET / HTTP/1.0\r\n`, /^HTTP\/1.1 421/],
    [`POST http://evil.example/command HTTP/1.1\r\n${host}\r\n${auth}`, /^HTTP\/1.1 404/],
    [`POST //command HTTP/1.1\r\n${host}\r\n${auth}`, /^HTTP\/1.1 404/],
    [`POST /x/../command HTTP/1.1\r\n${host}\r\n${auth}`, /^HTTP\/1.1 404/],
    [`POST /%63ommand HTTP/1.1\r\n${host}\r\n${auth}`, /^HTTP\/1.1 404/],
    [`GET /../local-page.ts HTTP/1.1\r\n${host}\r\nConnection: close`, /^HTTP\/1.1 404/],
    [`CONNECT evil.example:80 HTTP/1.1\r\n${host}`, /^$/],
    [`POST /command HTTP/1.1\r\nHost: 127.0.0.1:${port}.\r\n${auth}`, /^HTTP\/1.1 421/],
  ] as const)
    expect(`${head.split('\r\n')[0]} → ${await raw(head)}`).toMatch(new RegExp(` → ${status.source.replace('^', '')}`))
  expect(commands).toEqual([])
})

test('[B114] eight pages may listen, and no ninth', async () => {
  const { port } = await open()
  const headers = { authorization: `Bearer ${TOKEN}` }
  const statuses: (number | undefined)[] = []
  const asked = Array.from({ length: 9 }, () =>
    request({ ...{ host: '127.0.0.1', port, path: '/state', agent: false, headers } }, (answer) => {
      answer.resume().on('error', () => {})
      statuses.push(answer.statusCode)
    }),
  )
  for (const one of asked) one.on('error', () => {}).end()
  await until('nine answers', () => statuses.length === 9)
  expect(statuses.filter((status) => status === 200)).toHaveLength(8)
  expect(statuses.filter((status) => status === 429)).toHaveLength(1)
  for (const one of asked) one.destroy()
})
