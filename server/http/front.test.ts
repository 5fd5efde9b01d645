import { createServer } from 'node:http'
import { expect, test } from 'vitest'
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
