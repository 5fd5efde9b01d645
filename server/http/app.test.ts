import { expect, test } from 'vitest'
import { createLog } from '../log.ts'
import { createApp } from './app.ts'

test('every refusal has one shape, also of a path that cannot be decoded, a body that is no JSON, and one too long', async () => {
  const app = createApp(createLog('silent'))
  app.post('/take', async () => 'taken')
  const json = { 'content-type': 'application/json' }
  const answers = await Promise.all([
    app.inject({ method: 'GET', url: '/%' }),
    app.inject({ method: 'GET', url: '/nothing?secret=1' }),
    app.inject({ method: 'POST', url: '/take', headers: json, payload: '{' }),
    app.inject({ method: 'POST', url: '/take', headers: json, payload: '{"__proto__":{"a":1}}' }),
    app.inject({ method: 'POST', url: '/take', headers: json, payload: `"${'x'.repeat(70_000)}"` }),
  ])
  expect(answers.map(({ statusCode }) => statusCode)).toEqual([400, 404, 400, 400, 413])
  for (const answer of answers) {
    const body = JSON.parse(answer.body) as Record<string, unknown>
    expect(Object.keys(body)).toEqual(['error', 'message'])
    expect(body['message']).toMatch(/[.!?]$/)
    expect(answer.body).not.toContain('secret')
  }
})

test('a database that is away is a sentence of its own, not a bad request', async () => {
  const app = createApp(createLog('silent'))
  const broken = (code: string, message: string) => Object.assign(new Error(message), { code })
  app.get('/refused', async () => Promise.reject(broken('ECONNREFUSED', 'connect ECONNREFUSED /x/.s.PGSQL.5432')))
  app.get('/stopping', async () =>
    Promise.reject(broken('57P01', 'terminating connection due to administrator command')),
  )
  app.get('/cut', async () => Promise.reject(new Error('Connection terminated unexpectedly')))
  app.get('/other', async () => Promise.reject(broken('23505', 'duplicate key value')))
  const statusOf = async (url: string) => (await app.inject({ method: 'GET', url })).statusCode
  expect(await Promise.all(['/refused', '/stopping', '/cut', '/other'].map(statusOf))).toEqual([503, 503, 503, 500])
  const said = (await app.inject({ method: 'GET', url: '/refused' })).json<{ error: string; message: string }>()
  expect(said).toEqual({
    error: 'ERR_NOT_READY',
    message: 'The database does not answer; rides go on. Try again in a moment.',
  })
})
