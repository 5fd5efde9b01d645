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
