import { createServer, request, type IncomingHttpHeaders, type Server } from 'node:http'
import { type AddressInfo, connect, createServer as createTcpServer, type Socket } from 'node:net'
import { afterEach, expect, test } from 'vitest'
import { WebSocket, WebSocketServer } from 'ws'
import { until } from '#test/support/until'
import { PageProxy } from './page-proxy.ts'

const cleanups: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).toReversed()) await cleanup()
})

interface Heard {
  readonly method: string
  readonly url: string
  readonly headers: IncomingHttpHeaders
  readonly body: string
}

/** A server far away, what it heard, and the proxy before it. */
async function open() {
  const heard: Heard[] = []
  const server: Server = createServer((asked, answer) => {
    let body = ''
    asked.on('data', (chunk) => (body += String(chunk)))
    asked.on('end', () => {
      heard.push({ method: asked.method ?? '', url: asked.url ?? '', headers: asked.headers, body })
      if (asked.url === '/moved') answer.writeHead(302, { location: `http://127.0.0.1:${farPort}/there` })
      else answer.writeHead(200, { 'content-type': 'text/plain', 'strict-transport-security': 'max-age=1' })
      answer.end(`you asked ${asked.url}`)
    })
  })
  const sockets = new WebSocketServer({ server })
  sockets.on('connection', (socket, asked) => {
    heard.push({ method: 'WS', url: asked.url ?? '', headers: asked.headers, body: '' })
    socket.on('message', (data: Buffer) => socket.send(`heard ${data.toString()}`))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()))
  const farPort = (server.address() as AddressInfo).port
  const closeServer = (): Promise<unknown> =>
    new Promise((resolve) => {
      for (const socket of sockets.clients) socket.terminate()
      server.close(resolve)
      server.closeAllConnections()
    })
  cleanups.push(closeServer)
  const proxy = new PageProxy(new URL(`http://127.0.0.1:${farPort}`))
  const base = await proxy.open(0)
  cleanups.push(() => proxy.close())
  return { heard, base, port: Number(new URL(base).port), farPort, closeServer }
}

function ask(port: number, path: string, headers: Record<string, string> = {}, body?: string) {
  return new Promise<{ status: number; headers: IncomingHttpHeaders; text: string }>((resolve, reject) => {
    const method = body === undefined ? 'GET' : 'POST'
    const sent = request({ host: '127.0.0.1', port, path, method, headers, agent: false }, (answer) => {
      let text = ''
      answer.on('data', (chunk) => (text += String(chunk)))
      answer.on('end', () => resolve({ status: answer.statusCode ?? 0, headers: answer.headers, text }))
    })
    sent.on('error', reject)
    sent.end(body)
  })
}

test('[B120] the page, its API and its answers pass; to the server it is its own page', async () => {
  const { heard, base, port, farPort } = await open()
  const far = `127.0.0.1:${farPort}`
  const body = 'x'.repeat(100_000)
  const answer = await ask(
    port,
    '/api/token?a=1',
    { origin: base, referer: `${base}/`, 'content-type': 'text/x' },
    body,
  )
  expect([answer.status, answer.text]).toEqual([200, 'you asked /api/token?a=1'])
  expect(answer.headers['strict-transport-security']).toBeUndefined()
  expect(heard[0]).toMatchObject({ method: 'POST', url: '/api/token?a=1', body })
  expect(heard[0]!.headers).toMatchObject({ host: far, origin: `http://${far}`, 'content-type': 'text/x' })
  expect(heard[0]!.headers.referer).toBeUndefined()
  expect((await ask(port, '/moved')).headers.location).toBe('/there')
  // Not another host, whatever it looks like.
  await ask(port, '//evil.example/x')
  expect(heard.at(-1)).toMatchObject({ url: '//evil.example/x', headers: { host: far } })
})

test('[B120] what another page or another name asks never reaches the server', async () => {
  const { heard, port } = await open()
  const foreign: [Record<string, string>, number][] = [
    [{ origin: 'https://evil.example' }, 403],
    [{ origin: 'null' }, 403],
    [{ 'sec-fetch-site': 'cross-site' }, 403],
    [{ host: `evil.example:${port}` }, 421],
    [{ host: `evil.example:${port}`, origin: `http://evil.example:${port}` }, 421],
  ]
  for (const [headers, status] of foreign) expect((await ask(port, '/api/worlds', headers)).status).toBe(status)
  expect(heard).toEqual([])
  // The bridge's own page leads here: another port is another page.
  const link = { 'sec-fetch-site': 'same-site', 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'document' }
  expect((await ask(port, '/?code=K7RM2P', link)).status).toBe(200)
})

test('[B120] sockets of the page pass both ways, those of another page do not', async () => {
  const { heard, base, farPort } = await open()
  const socket = new WebSocket(`${base.replace('http', 'ws')}/datagrams`, { origin: base })
  const said = new Promise<string>((resolve, reject) => {
    socket.on('message', (data: Buffer) => resolve(data.toString()))
    socket.on('error', reject)
  })
  await new Promise((resolve) => socket.on('open', resolve))
  socket.send('hello')
  expect(await said).toBe('heard hello')
  socket.terminate()
  expect(heard[0]).toMatchObject({
    method: 'WS',
    url: '/datagrams',
    headers: { origin: `http://127.0.0.1:${farPort}` },
  })

  const foreign = new WebSocket(`${base.replace('http', 'ws')}/datagrams`, { origin: 'https://evil.example' })
  const refused = await new Promise<string>((resolve) => {
    foreign.on('unexpected-response', (_request, answer) => resolve(`refused with ${answer.statusCode}`))
    foreign.on('error', (error) => resolve(error.message))
    foreign.on('open', () => resolve('open'))
  })
  expect(refused).toBe('refused with 403')
  foreign.terminate()
  expect(heard).toHaveLength(1)
})

test('a server that has gone is one sentence, and the page goes on when it is back', async () => {
  const { port, farPort, closeServer } = await open()
  await closeServer()
  const answer = await ask(port, '/')
  expect(answer.status).toBe(502)
  expect(answer.text).toMatch(new RegExp(`^http://127\\.0\\.0\\.1:${farPort} does not answer`))
})

/** A server that answers whatever it is told to, and the proxy before it. */
async function openBefore(answerOf: (head: string) => string) {
  const held = new Set<Socket>()
  const server = createTcpServer((socket) => {
    held.add(socket)
    socket.on('close', () => held.delete(socket)).on('error', () => {})
    socket.once('data', (head) => {
      const answer = answerOf(String(head))
      if (answer !== '') socket.end(Buffer.from(answer, 'latin1'))
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()))
  cleanups.push(() => new Promise((resolve) => server.close(resolve)))
  const proxy = new PageProxy(new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}`))
  const port = Number(new URL(await proxy.open(0)).port)
  cleanups.push(() => proxy.close())
  return { port, held }
}

test('[B140] whatever a server answers, the ride lives: a status that is none, a protocol nobody asked for, half a head', async () => {
  let answer = ''
  const { port } = await openBefore(() => answer)
  for (const [said, status] of [
    ['HTTP/1.1 099 x\r\ncontent-length: 0\r\n\r\n', 502],
    ['HTTP/1.1 000 x\r\ncontent-length: 0\r\n\r\n', 502],
    ['HTTP/1.1 999 x\r\ncontent-length: 0\r\n\r\n', 502],
    ['HTTP/1.1 101 x\r\nupgrade: y\r\nconnection: upgrade\r\n\r\n', 502],
    ['HTTP/1.1 200 ok\r\nx: a\u0001b\r\ncontent-length: 0\r\n\r\n', 502],
    ['HTTP/1.1 200', 502],
    ['\u0016\u0003\u0001', 502],
    ['HTTP/1.1 103 e\r\nlink: </x>\r\n\r\nHTTP/1.1 200 ok\r\ncontent-length: 0\r\n\r\n', 200],
  ] as const) {
    answer = said
    expect(`${JSON.stringify(said)}: ${(await ask(port, '/')).status}`).toBe(`${JSON.stringify(said)}: ${status}`)
  }
})

test('[B140] a socket that its page leaves before the server answered is left at the server, too', async () => {
  const { port, held } = await openBefore(() => '')
  const near = connect(port, '127.0.0.1')
  near.write(`GET /datagrams HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n`)
  await until('the server to be asked', () => held.size === 1)
  near.destroy()
  await until('the server to be left', () => held.size === 0)
})

test('[B141] what belongs to this machine stays here: no cookie goes to the server, none is set or cleared, no worker stays', async () => {
  const heads: string[] = []
  const { port } = await openBefore((head) => {
    heads.push(head)
    return [
      'HTTP/1.1 200 ok',
      'set-cookie: session=evil; path=/',
      'clear-site-data: "*"',
      'alt-svc: h2="evil.example:443"',
      "content-security-policy: script-src 'none'",
      'content-length: 0\r\n\r\n',
    ].join('\r\n')
  })
  const { status, headers } = await ask(port, '/', { cookie: 'notebook=secret' })
  expect(status).toBe(200)
  expect(heads[0]).not.toContain('notebook')
  for (const name of ['set-cookie', 'clear-site-data', 'alt-svc']) expect(headers[name]).toBeUndefined()
  // Both policies hold: the server's own, and that its page speaks to its server alone, not to other programs here.
  expect(headers['content-security-policy']).toMatch(/^script-src 'none', default-src 'self'.*connect-src 'self'/)
  expect((await ask(port, '/worker.js', { 'service-worker': 'script' })).status).toBe(403)
  expect(heads).toHaveLength(1)
})
