import type { FastifyInstance, FastifyRequest } from 'fastify'
import { AppError } from '../errors.ts'
import type { ReelManifest } from '../replay/manifest.ts'
import type { Replays } from '../replay/replays.ts'
import { limit, refuseUntilReady } from './api.ts'
import type { Doors } from './doors.ts'
import { RateLimit } from './rate-limit.ts'

/** A film an hour long has sixty chunks; who scrubs through it asks for a few at once. */
const ASK_RATE = { burst: 120, perS: 8 }

type FilmRequest = FastifyRequest<{ Params: { id: string; tick?: string } }>

/** GET /api/replays/:id, and /api/replays/:id/:tick for a minute of it. [S7] */
export function addReplays(app: FastifyInstance, doors: Doors, replays: () => Replays): void {
  const asks = new RateLimit(ASK_RATE, doors.clock)
  const open = (request: FastifyRequest): void => {
    limit(asks, request)
    refuseUntilReady(doors)
  }

  app.get('/api/replays/:id', async (request: FilmRequest, reply): Promise<ReelManifest> => {
    open(request)
    void reply.header('cache-control', 'no-cache')
    return await replays().manifest(request.params.id, secretOf(request))
  })

  app.get('/api/replays/:id/:tick', async (request: FilmRequest, reply) => {
    open(request)
    const { id, tick = '' } = request.params
    if (!/^\d{1,10}$/.test(tick)) throw new AppError('ERR_BAD_REQUEST', `"${tick.slice(0, 40)}" is no tick.`)
    const bytes = await replays().chunk(id, Number(tick), secretOf(request))
    void reply.header('cache-control', 'no-cache').type('application/octet-stream')
    return await reply.send(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength))
  })
}

/** A rider's secret, for films that are theirs alone. */
function secretOf(request: FastifyRequest): string | undefined {
  return /^Bearer ([A-Za-z0-9_-]{43})$/.exec(request.headers.authorization ?? '')?.[1]
}
