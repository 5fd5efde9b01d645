import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { createServer, request as plainRequest, type IncomingMessage } from 'node:http'
import { request as secureRequest } from 'node:https'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { WebSocket, WebSocketServer } from 'ws'
import { newKey, selfSigned } from '#test/support/self-signed'
import { openCertificate } from './certificate.ts'
import { createFront, type Front, listen } from './front.ts'
import { createHostCheck, createOriginCheck } from './origins.ts'
import { peerAddress } from './peer-address.ts'

const NOW_MS = Date.UTC(2026, 10, 22)
const DAY_MS = 24 * 3600_000
const VALID = { fromMs: NOW_MS - DAY_MS, toMs: NOW_MS + 90 * DAY_MS }
const folder = await mkdtemp(join(tmpdir(), 'gruppetto-tls-'))
afterAll(async () => await rm(folder, { recursive: true }))

const tlsCert = join(folder, 'fullchain.pem')
const tlsKey = join(folder, 'key.pem')
async function lay(cert: string, key: string): Promise<void> {
  await Promise.all([writeFile(tlsCert, cert), writeFile(tlsKey, key)])
}

/** A clock whose timers ring when they are told to. */
function handClock() {
  const waiting: (() => void)[] = []
  const clock = {
    nowMs: () => 0,
    wallMs: () => NOW_MS,
    after: (_delayMs: number, callback: () => void) => {
      waiting.push(callback)
      return () => void waiting.splice(waiting.indexOf(callback), 1)
    },
  }
  return { clock, ring: () => waiting.splice(0).forEach((each) => each()), waiting }
}

test('[U70] a certificate that cannot serve is one sentence with the setting, the file and the remedy, before anything opens', async () => {
  const said: string[] = []
  const { clock } = handClock()
  const why = async (paths: { tlsCert: string | undefined; tlsKey: string | undefined }) =>
    await openCertificate(paths, { clock, say: (line) => said.push(line) }).then(
      () => 'opened',
      (error: Error) => error.message.replaceAll(`${folder}/`, ''),
    )
  expect(await why({ tlsCert: undefined, tlsKey: undefined })).toBe('opened')
  expect(await why({ tlsCert, tlsKey: undefined })).toMatch(/TLS_CERT is set and GRUPPETTO_TLS_KEY is not: set both/)
  expect(await why({ tlsCert, tlsKey })).toBe('GRUPPETTO_TLS_CERT: fullchain.pem is not there.')
  const good = selfSigned(VALID)
  await lay('no certificate', good.key)
  expect(await why({ tlsCert, tlsKey })).toMatch(/^GRUPPETTO_TLS_CERT: fullchain.pem holds no certificate/)
  await lay(good.cert, 'no key')
  expect(await why({ tlsCert, tlsKey })).toMatch(/^GRUPPETTO_TLS_KEY: key.pem holds no private key/)
  await lay(good.cert, selfSigned(VALID).key)
  expect(await why({ tlsCert, tlsKey })).toMatch(/key.pem does not belong to the certificate in fullchain.pem/)
  const old = selfSigned({ fromMs: NOW_MS - 9 * DAY_MS, toMs: NOW_MS - DAY_MS })
  await lay(old.cert, old.key)
  expect(await why({ tlsCert, tlsKey })).toMatch(/expired on 2026-11-21; renew it/)
  const early = selfSigned({ fromMs: NOW_MS + DAY_MS, toMs: NOW_MS + 9 * DAY_MS })
  await lay(early.cert, early.key)
  expect(await why({ tlsCert, tlsKey })).toMatch(/not valid before 2026-11-23; look at this machine's clock/)
  await lay(good.cert, good.key)
  expect(await why({ tlsCert, tlsKey })).toBe('opened')
  expect(said).toEqual([])
})

const rooms = createServer()
const sockets = new WebSocketServer({ server: rooms })
sockets.on('connection', (socket) => socket.send('hello'))

/** A front that answers with whom it takes the asker for. */
async function frontWith(more: Partial<Parameters<typeof createFront>[0]>): Promise<{ front: Front; port: number }> {
  const names = { origins: ['https://club.example'], names: ['localhost'] }
  const front = createFront({
    ...{ rooms, isOriginAllowed: createOriginCheck(names.origins), isHostOurs: createHostCheck(names) },
    ...{ maySit: () => true, isForeignUpgrade: () => false, waitingFor: () => '' },
    onRequest: (request, response) => void response.end(peerAddress(request)),
    ...more,
  })
  const port = await listen(front, { host: '127.0.0.1', port: 0 })
  return { front, port }
}

async function stop(
  ...fronts: readonly { close(done: () => void): unknown; closeAllConnections(): void }[]
): Promise<void> {
  for (const front of fronts) {
    front.closeAllConnections()
    await new Promise<void>((resolve) => front.close(() => resolve()))
  }
}

function fingerprintAt(port: number): Promise<string> {
  return new Promise((resolve, reject) => {
    const asked = secureRequest({ port, host: 'localhost', rejectUnauthorized: false, agent: false }, (answer) => {
      answer.resume()
      resolve(
        (answer.socket as unknown as { getPeerCertificate(): { fingerprint256: string } }).getPeerCertificate()
          .fingerprint256,
      )
    })
    asked.on('error', reject)
    asked.end()
  })
}

test('[U71] https and wss from two files; renewed files serve without a restart, and a pair that does not fit leaves the old one', async () => {
  const first = selfSigned(VALID)
  await lay(first.cert, first.key)
  const said: string[] = []
  const { clock, ring, waiting } = handClock()
  const certificate = (await openCertificate({ tlsCert, tlsKey }, { clock, say: (line) => said.push(line) }))!
  await until(() => waiting.length === 1)
  const { front, port } = await frontWith({ certificate })
  const before = await fingerprintAt(port)
  const hello = await new Promise((resolve, reject) => {
    const socket = new WebSocket(`wss://localhost:${port}/room`, { rejectUnauthorized: false })
    socket.on('message', (data: Buffer) => {
      resolve(data.toString())
      socket.terminate()
    })
    socket.on('error', reject)
  })
  expect(hello).toBe('hello')

  await writeFile(tlsCert, selfSigned({ ...VALID, toMs: VALID.toMs + DAY_MS }).cert)
  ring()
  await until(() => said.length === 1 && waiting.length === 1)
  expect(said[0]).toMatch(/does not belong to the certificate.*The certificate that was there before goes on\.$/)
  expect(await fingerprintAt(port)).toBe(before)

  const next = selfSigned({ ...VALID, toMs: VALID.toMs + 2 * DAY_MS }, newKey())
  await lay(next.cert, next.key)
  ring()
  await until(() => waiting.length === 1)
  expect(await fingerprintAt(port)).not.toBe(before)
  expect(said).toHaveLength(1)
  certificate.close()
  await stop(front)
})

test('[U72] behind a proxy that keeps Host and says for whom it asks: its page is ours, its sockets pass, each rider counts alone', async () => {
  const { front, port } = await frontWith({ proxies: [] })
  // What Caddy and nginx do by the recipes of docs/secure.md, in the fewest lines.
  const proxy = createServer((request, response) => {
    const forward = { ...request.headers, 'x-forwarded-for': '203.0.113.9', 'x-forwarded-proto': 'https' }
    const onward = plainRequest(
      { port, path: request.url, method: request.method, headers: forward },
      (answer: IncomingMessage) => {
        response.writeHead(answer.statusCode!, answer.headers)
        answer.pipe(response)
      },
    )
    request.pipe(onward)
  })
  proxy.on('upgrade', (request, socket) => {
    const onward = plainRequest({ port, path: request.url, headers: request.headers })
    onward.on('upgrade', (answer, behind, head) => {
      const lines = answer.rawHeaders.map((text, i) => (i % 2 === 0 ? `${text}: ` : `${text}\r\n`)).join('')
      socket.write(`HTTP/1.1 101 Switching Protocols\r\n${lines}\r\n`)
      socket.write(head)
      behind.pipe(socket).pipe(behind)
    })
    onward.on('response', (answer) => socket.end(`HTTP/1.1 ${answer.statusCode} Refused\r\n\r\n`))
    onward.end()
  })
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve))
  const at = (proxy.address() as AddressInfo).port
  const ask = async (headers: Record<string, string>) =>
    await new Promise<readonly [number, string, string | undefined]>((resolve) => {
      plainRequest({ port: at, path: '/', headers }, (answer) => {
        let body = ''
        answer.on('data', (part) => (body += String(part)))
        answer.on('end', () => resolve([answer.statusCode!, body, answer.headers['access-control-allow-origin']]))
      }).end()
    })
  const ours = { host: 'club.example', origin: 'https://club.example' }
  expect(await ask(ours)).toEqual([200, '203.0.113.9', 'https://club.example'])
  expect((await ask({ host: 'club.example', origin: 'https://evil.example' }))[0]).toBe(403)
  expect((await ask({ host: 'evil.example' }))[0]).toBe(421)
  const open = async (origin: string) =>
    await new Promise((resolve) => {
      const socket = new WebSocket(`ws://127.0.0.1:${at}/room`, { headers: { host: 'club.example', origin } })
      socket.on('message', (data: Buffer) => {
        resolve(data.toString())
        socket.terminate()
      })
      socket.on('error', (error) => resolve(error.message))
    })
  expect(await open('https://club.example')).toBe('hello')
  expect(await open('https://evil.example')).toMatch(/403/)
  await stop(proxy, front)
})

test('[U72] the recipe says what the server asks a proxy for', async () => {
  const recipes = await readFile(new URL('../../docs/secure.md', import.meta.url), 'utf8')
  for (const line of ['Host $host', 'X-Forwarded-For $remote_addr', 'X-Forwarded-Proto $scheme'])
    expect(recipes).toContain(`proxy_set_header ${line};`)
})

test('[U72] a proxy on another machine is believed when the settings name it, and nobody else', () => {
  const headers = { 'x-forwarded-for': '203.0.113.9' }
  const socket = (address: string) => ({ remoteAddress: address, localAddress: '10.0.0.2' }) as never
  const [named, stranger] = [socket('10.0.0.7'), socket('10.0.0.8')]
  const { front } = { front: createFrontFor(['10.0.0.7']) }
  front.emit('connection', named)
  front.emit('connection', stranger)
  expect([peerAddress({ socket: named, headers }), peerAddress({ socket: stranger, headers })]).toEqual([
    '203.0.113.9',
    '10.0.0.8',
  ])
})

/** Only its own ear for new connections, without the HTTP behind it. */
function createFrontFor(proxies: readonly string[]): { emit(event: 'connection', socket: never): void } {
  const front = createFront({
    ...{ rooms, proxies, isOriginAllowed: () => true, isHostOurs: () => true, maySit: () => true },
    ...{ onRequest: () => {}, isForeignUpgrade: () => false, waitingFor: () => '' },
  })
  const ear = front.listeners('connection').at(-1) as (socket: never) => void
  return { emit: (_event, socket) => ear(socket) }
}

async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await new Promise((resolve) => setTimeout(resolve, 5))
}
