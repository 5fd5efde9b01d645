import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { Accounts } from '../account/accounts.ts'
import { AppError } from '../errors.ts'
import type { ReelManifest } from '../replay/manifest.ts'
import type { Replays } from '../replay/replays.ts'
import { limit, refuseUntilReady } from './api.ts'
import type { Doors } from './doors.ts'
import { peerAddress } from './peer-address.ts'
import { RateLimit } from './rate-limit.ts'
import { Slots } from './slots.ts'
import { ownerOf, secretsOf, whoAsks } from './who.ts'

/** A film an hour long has sixty chunks; who scrubs through it asks for a few at once. */
const ASK_RATE = { burst: 120, perS: 8 }
/** Minutes that are being shot: in all, and for one address. */
const ORDERS_MAX = { all: 60, each: 8 }

type FilmRequest = FastifyRequest<{ Params: { id: string; tick?: string } }>

/** GET /api/replays/:id, and /api/replays/:id/:tick for a minute of it. [S7] */
export function addReplays(app: FastifyInstance, doors: Doors, accounts: Accounts, replays: () => Replays): void {
  const asks = new RateLimit(ASK_RATE, doors.clock)
  const open = (request: FastifyRequest): void => {
    limit(asks, request)
    refuseUntilReady(doors)
  }

  const orders = new Slots(ORDERS_MAX)
  const underWay = new Set<string>()
  /** The thread has one line for all: nobody stands in it sixty times. Who asks for what is under way stands in none. [A65] */
  async function alone<T>(request: FastifyRequest, order: string, shoot: () => Promise<T>): Promise<T> {
    if (underWay.has(order)) return await shoot()
    const back = orders.take(peerAddress(request.raw))
    if (back === undefined)
      throw new AppError(
        'ERR_TOO_MANY',
        'Other minutes of films are being shot for you just now; try again in a moment.',
      )
    underWay.add(order)
    try {
      return await shoot()
    } finally {
      underWay.delete(order)
      back()
    }
  }

  /** By cookie, or by the secrets of a guest's rides. */
  const askerOf = (request: FastifyRequest) => async () => ownerOf(await whoAsks(accounts, request), secretsOf(request))

  app.get('/api/replays/:id', async (request: FilmRequest, reply): Promise<ReelManifest> => {
    open(request)
    void reply.header('cache-control', 'no-cache')
    return await replays().manifest(request.params.id, askerOf(request))
  })

  app.get('/api/replays/:id/:tick', async (request: FilmRequest, reply) => {
    open(request)
    const { id, tick = '' } = request.params
    if (!/^\d{1,10}$/.test(tick)) throw new AppError('ERR_BAD_REQUEST', `"${tick.slice(0, 40)}" is no tick.`)
    const bytes = await alone(request, `${id} ${Number(tick)}`, async () =>
      replays().chunk(id, Number(tick), askerOf(request)),
    )
    void reply.header('cache-control', 'no-cache').type('application/octet-stream')
    return await reply.send(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength))
  })
}
