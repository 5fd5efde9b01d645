import { createServer } from 'node:http'
import { Duplex } from 'node:stream'
import { expect, test } from 'vitest'
import { openWebSockets } from '../net/websocket.ts'
import { createFront, listen } from './front.ts'

test('a seat that is asked for before there are rooms is answered by a sentence, not by the rooms', async () => {
  const held = { waitingFor: 'the database' }
  const rooms = createServer()
  let asked = 0
  rooms.on('request', (_request, response) => {
    asked++
    response.end('{}')
  })
  const front = createFront({
    ...{ rooms, isOriginAllowed: () => true, isHostOurs: () => true, maySit: () => true },
    onRequest: (_request, response) => void response.end(),
    isForeignUpgrade: () => false,
    waitingFor: () => held.waitingFor,
  })
  const port = await listen(front, { host: '127.0.0.1', port: 0 })
  const sit = (): Promise<Response> =>
    fetch(`http://127.0.0.1:${port}/matchmake/joinOrCreate/ride`, { method: 'POST', body: '{}' })
  const early = await sit()
  expect([early.status, await early.json()]).toEqual([
    503,
    { error: 'ERR_NOT_READY', message: 'The server is not ready (the database); try again in a second.' },
  ])
  expect(asked).toBe(0)
  held.waitingFor = ''
  expect((await sit()).status).toBe(200)
  expect(asked).toBe(1)
  front.closeAllConnections()
  await new Promise((resolve) => front.close(resolve))
})

test('[A45] who asks for a WebSocket that is refused, and is gone before the answer, ends no more than their own line', async () => {
  const refusing = { isOriginAllowed: () => false, isHostOurs: () => true }
  const front = createFront({
    ...{ ...refusing, rooms: createServer(), maySit: () => true, waitingFor: () => '' },
    ...{ onRequest: () => {}, isForeignUpgrade: (path) => path === '/datagrams' },
  })
  const sink = { receive: () => {}, gone: () => {} }
  const carrier = openWebSockets({ ...{ server: front, sink }, isOriginAllowed: () => false })
  const gone: unknown[] = []
  for (const url of ['/room', '/datagrams']) {
    const line = new Duplex({
      read: () => {},
      // A line that was reset says so when it is written to.
      write: (_chunk, _encoding, done) => done(new Error('ECONNRESET')),
    })
    front.emit('upgrade', { url, headers: { origin: 'http://evil.example' } }, line, Buffer.alloc(0))
    gone.push(await new Promise((resolve) => line.once('close', () => resolve(line.errored?.message))))
  }
  expect(gone).toEqual(['ECONNRESET', 'ECONNRESET'])
  await carrier.close()
})
