import { mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { z } from 'zod'
import { limit } from './api.ts'
import { parseBody } from './app.ts'
import type { Doors } from './doors.ts'
import type { OrganiserCheck } from './events.ts'
import { RateLimit } from './rate-limit.ts'

/** What somebody's computer can draw, as its owner sends it in from the page /bench. Nothing of it says who they are. */
const ms = z.number().min(0).max(60_000)
const px = z.int().min(0).max(32_768)
// Letters, figures and what stands between them in the names of cards: a list of them is read by people and tables.
const name = z
  .string()
  .max(200)
  .regex(/^[\p{L}\p{N} .,;:()[\]/+@_®™-]*$/u, 'letters, figures and . , ; : ( ) [ ] / + @ _ - only')
const tier = z.strictObject({
  tier: z.enum(['low', 'medium', 'high']),
  frames: z.int().min(0).max(100_000),
  p50Ms: ms,
  p95Ms: ms,
  p99Ms: ms,
  scriptP50Ms: ms,
  scriptP99Ms: ms,
  drawCalls: z.int().min(0).max(100_000),
  triangles: z.int().min(0).max(100_000_000),
  widthPx: px,
  heightPx: px,
  share: z.number().min(0).max(1),
})
export const benchBody = z.strictObject({
  card: name,
  screenWidthPx: px,
  screenHeightPx: px,
  pixelRatio: z.number().min(0).max(16),
  world: z.string().regex(/^[a-z0-9-]{1,64}$/),
  tiers: z.array(tier).min(1).max(3),
})
export type BenchBody = z.infer<typeof benchBody>

export interface BenchRow extends BenchBody {
  atMs: number
}

export interface BenchAnswer {
  readonly results: readonly BenchRow[]
}

/** A computer is measured now and then: who sends all day takes two days to push out what others sent of those that are shown. */
const SEND_RATE = { burst: 6, perS: 1 / 1800 }
/** The newest so many are kept; each is less than a kilobyte. */
export const BENCH_ROWS_MAX = 500
const FILE = 'bench.json'

/** Read by who looks at the page; a day is enough to know which build it was. */
export const BENCH_SHOWN_MAX = 100
const DAY_MS = 24 * 3600 * 1000
const READ_RATE = { burst: 30, perS: 1 }

/** `POST` and `GET /api/bench` for everybody; `DELETE /api/bench/ATMS` takes one out, for the organiser. */
export function addBench(app: FastifyInstance, doors: Doors, organise: OrganiserCheck): void {
  const sends = new RateLimit(SEND_RATE, doors.clock)
  const path = join(doors.config.dataDir, FILE)
  /** One after the other: each writes the whole file. */
  let last: Promise<unknown> = Promise.resolve()

  app.post('/api/bench', async (request, reply) => {
    limit(sends, request)
    const row: BenchRow = { atMs: doors.clock.wallMs(), ...parseBody(benchBody, request.body) }
    const written = last.then(async () => {
      await write(path, [...(await read(path)), row].slice(-BENCH_ROWS_MAX))
    })
    last = written.catch(() => {}) // Who sent it is told; the next one tries again.
    await written
    return await reply.code(204).send()
  })

  const reads = new RateLimit(READ_RATE, doors.clock)
  app.get('/api/bench', async (request): Promise<BenchAnswer> => {
    limit(reads, request)
    const rows = (await read(path)).slice(-BENCH_SHOWN_MAX).toReversed()
    // To the day for everybody; to the millisecond, which is a row's name, for the organiser.
    if (request.headers.authorization !== undefined) organise(request)
    else for (const row of rows) row.atMs -= row.atMs % DAY_MS
    return { results: rows }
  })

  app.delete('/api/bench/:atMs', async (request: FastifyRequest<{ Params: { atMs: string } }>, reply) => {
    organise(request)
    const atMs = Number(request.params.atMs)
    const written = last.then(async () => {
      await write(
        path,
        (await read(path)).filter((row) => row.atMs !== atMs),
      )
    })
    last = written.catch(() => {}) // Who asked is told.
    await written
    return await reply.code(204).send()
  })
}

/** A file is the outside: rows that are none are left out. */
async function read(path: string): Promise<BenchRow[]> {
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return '[]' // Nobody has sent anything yet.
    throw error // What cannot be read just now must not be written over.
  })
  let rows: unknown
  try {
    rows = JSON.parse(text)
  } catch {
    return []
  }
  const shape = benchBody.extend({ atMs: z.number() })
  return Array.isArray(rows) ? rows.filter((row): row is BenchRow => shape.safeParse(row).success) : []
}

async function write(path: string, rows: readonly BenchRow[]): Promise<void> {
  await mkdir(dirname(path), { recursive: true })
  await writeFile(`${path}.new`, JSON.stringify(rows), { mode: 0o600 })
  await rename(`${path}.new`, path)
}
