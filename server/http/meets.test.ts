import { PassThrough, type Readable } from 'node:stream'
import { expect, test } from 'vitest'
import { VirtualClock } from '#cli/sim/virtual-clock'
import { AppError } from '../errors.ts'
import { createLog } from '../log.ts'
import { createApp } from './app.ts'
import type { Doors } from './doors.ts'
import { addMeets } from './meets.ts'

function door() {
  const app = createApp(createLog('silent'))
  const make = async ({ fileName }: { fileName: string }) => {
    throw new AppError('ERR_TRACK_INVALID', fileName)
  }
  const doors = {
    ...{ clock: new VirtualClock(), waitingFor: () => '', tracks: { make } },
    shelf: () => ({ holds: async () => false }),
  }
  addMeets(app, doors as unknown as Doors, () => {})
  return async (payload: Buffer | Readable, name = '?name=hill.gpx') => {
    const headers = { 'content-type': 'application/octet-stream', 'x-forwarded-for': '203.0.113.5' }
    return await app.inject({ method: 'POST', url: `/api/tracks${name}`, headers, payload })
  }
}

test('[A46] what is sent is counted before its first byte is read: a third file of one address is refused while two are on their way', async () => {
  const send = door()
  const slow = [new PassThrough(), new PassThrough()]
  const answers = slow.map(async (file) => await send(file))
  const refused = await send(new PassThrough())
  expect([refused.statusCode, refused.json<{ error: string }>().error]).toEqual([429, 'ERR_TOO_MANY'])
  for (const file of slow) file.end()
  expect((await Promise.all(answers)).map(({ statusCode }) => statusCode)).toEqual([422, 422])
  expect((await send(Buffer.alloc(0))).statusCode).toBe(422)
  // Eight at once, then one a minute: the ones that were refused count as well.
  for (let i = 4; i < 8; i++) expect((await send(Buffer.alloc(0))).statusCode).toBe(422)
  expect((await send(Buffer.alloc(0))).statusCode).toBe(429)
})

test('[A46] two names of one file are a name, and no fault of the server', async () => {
  const answer = await door()(Buffer.from('x'), '?name=a&name=b')
  expect([answer.statusCode, answer.json<{ message: string }>().message]).toEqual([422, 'a,b'])
})
