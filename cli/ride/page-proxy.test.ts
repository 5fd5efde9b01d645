import { createServer, request, type IncomingHttpHeaders, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, expect, test } from 'vitest'
import { WebSocket, WebSocketServer } from 'ws'
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
