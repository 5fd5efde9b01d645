import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { VirtualClock } from '#cli/sim/virtual-clock'
import { AppError } from '../errors.ts'
import { createLog } from '../log.ts'
import { createApp } from './app.ts'
import { addBench, BENCH_ROWS_MAX, type BenchAnswer, type BenchBody } from './bench.ts'
import type { Doors } from './doors.ts'

const clock = new VirtualClock()
const app = createApp(createLog('silent'))
let dataDir: string
beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'gruppetto-bench-'))
  addBench(app, { clock, config: { dataDir } } as unknown as Doors, ({ headers }) => {
    if (headers.authorization !== 'Bearer token') throw new AppError('ERR_FORBIDDEN', 'Not the organiser.')
  })
})
afterAll(async () => {
  await app.close()
  await rm(dataDir, { recursive: true })
})

const TIER: BenchBody['tiers'][number] = {
  ...{ tier: 'high', frames: 900, p50Ms: 16.6, p95Ms: 17, p99Ms: 21, scriptP50Ms: 0.6, scriptP99Ms: 2 },
  ...{ drawCalls: 31, triangles: 430_000, widthPx: 1920, heightPx: 1080, share: 1 },
}
const BODY: BenchBody = {
  ...{ card: 'ANGLE (Somebody, Card 7 (0x9A60), OpenGL 4.6)', screenWidthPx: 1920, screenHeightPx: 1080 },
  ...{ pixelRatio: 1, world: 'thrushford', tiers: [TIER] },
}

async function send(payload: object, address = '203.0.113.1'): Promise<number> {
  const answer = await app.inject({ method: 'POST', url: '/api/bench', remoteAddress: address, payload })
  return answer.statusCode
}

async function list(
  headers: Record<string, string> = { authorization: 'Bearer token' },
): Promise<BenchAnswer['results']> {
  const answer = await app.inject({ method: 'GET', url: '/api/bench', headers })
  return answer.json<BenchAnswer>().results
}

test('[V94] what a computer can draw is sent in and read by anybody; anything else is refused', async () => {
  expect(await send(BODY)).toBe(204)
  expect(await list()).toEqual([{ ...BODY, atMs: expect.any(Number) as number }])
  expect(await list({})).toHaveLength(1)
  const wrong: object[] = [
    { ...BODY, card: '<script>' },
    { ...BODY, card: 'x'.repeat(201) },
    { ...BODY, who: 'me' },
    { ...BODY, tiers: [] },
    { ...BODY, tiers: [{ ...TIER, p50Ms: -1 }] },
    { ...BODY, tiers: Array.from({ length: 4 }, () => TIER) },
    { ...BODY, world: '../map' },
  ]
  const codes = await Promise.all(wrong.map(async (body, k) => await send(body, `203.0.113.${10 + k}`)))
  expect(codes).toEqual(wrong.map(() => 400))
  expect(await list()).toHaveLength(1)
})

test('[V94] nobody fills the disk: six at once from one address, the newest five hundred of all', async () => {
  const codes = []
  for (let k = 0; k < 8; k++) codes.push(await send(BODY, '203.0.113.99'))
  expect(codes).toEqual([204, 204, 204, 204, 204, 204, 429, 429])
  clock.runUntil(clock.nowMs() + 1799_000)
  expect(await send(BODY, '203.0.113.99')).toBe(429)
  clock.runUntil(clock.nowMs() + 1000)
  expect(await send(BODY, '203.0.113.99')).toBe(204)
  const path = join(dataDir, 'bench.json')
  const rows = Array.from({ length: BENCH_ROWS_MAX + 40 }, (_, k) => ({ ...BODY, atMs: k }))
  await writeFile(path, JSON.stringify(rows))
  // From two at once both are there.
  expect(await Promise.all([send(BODY, '203.0.113.50'), send(BODY, '203.0.113.51')])).toEqual([204, 204])
  const kept = JSON.parse(await readFile(path, 'utf8')) as unknown[]
  expect(kept).toHaveLength(BENCH_ROWS_MAX)
  expect(kept.at(-3)).toMatchObject({ atMs: BENCH_ROWS_MAX + 39 })
})

test('[U107] the newest hundred are shown, the newest first; only the organiser takes one out', async () => {
  const rows = Array.from({ length: 120 }, (_, k) => ({ ...BODY, atMs: k + 1 }))
  await writeFile(join(dataDir, 'bench.json'), JSON.stringify(rows))
  const shown = await list()
  expect([shown.length, shown[0]!.atMs, shown.at(-1)!.atMs]).toEqual([100, 120, 21])
  // When exactly is nobody's business.
  expect(new Set((await list({})).map(({ atMs }) => atMs))).toEqual(new Set([0]))
  const url = '/api/bench/120'
  expect((await app.inject({ method: 'DELETE', url })).statusCode).toBe(403)
  const headers = { authorization: 'Bearer token' }
  expect((await app.inject({ method: 'DELETE', url, headers })).statusCode).toBe(204)
  expect((await list())[0]!.atMs).toBe(119)
})

test('[V94] a file that somebody spoiled is read as far as it is one', async () => {
  await writeFile(join(dataDir, 'bench.json'), JSON.stringify([{ atMs: 1 }, { ...BODY, atMs: 2 }]))
  expect(await list()).toHaveLength(1)
  await writeFile(join(dataDir, 'bench.json'), '{')
  expect(await list()).toEqual([])
  expect(await send(BODY, '203.0.113.200')).toBe(204)
  expect(await list()).toHaveLength(1)
})
