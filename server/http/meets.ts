import type { FastifyInstance, FastifyRequest } from 'fastify'
import { routeTotals } from '#maps/routes'
import { AppError } from '../errors.ts'
import { TRACK_BYTES_MAX, trackId } from '../meet/track-shop.ts'
import { cleanLine } from '../room/names.ts'
import { limit, refuseUntilReady } from './api.ts'
import { parseBody } from './app.ts'
import type { Doors } from './doors.ts'
import type { OrganiserCheck } from './events.ts'
import { planOf } from './plan.ts'
import { peerAddress } from './peer-address.ts'
import { RateLimit } from './rate-limit.ts'
import { meetBody, meetRemoveBody, type MeetAnswer, type PlanAnswer, type TrackAnswer } from './shapes.ts'
import { Slots } from './slots.ts'

type OneRequest = FastifyRequest<{ Params: { id: string } }>

const ASK_RATE = { burst: 200, perS: 20 }
/** A household plans its week; a script that fills the list is slowed down. */
const MAKE_RATE = { burst: 12, perS: 1 / 60 }
/** Making a road costs seconds of a core. */
const TRACK_RATE = { burst: 8, perS: 1 / 60 }
/** Files that are on their way here at once, 16 MB each in memory: in all, and from one address. */
const UPLOADS_MAX = { all: 8, each: 2 }
const PLANS_MAX = 64

/** Meet-ups: anybody makes one, who has the link rides, who made it calls it off. Docs/meet.md. */
export function addMeets(app: FastifyInstance, doors: Doors, organise: OrganiserCheck): void {
  const asks = new RateLimit(ASK_RATE, doors.clock)
  const makes = new RateLimit(MAKE_RATE, doors.clock)
  const tracks = new RateLimit(TRACK_RATE, doors.clock)
  const uploads = new Slots(UPLOADS_MAX)
  const plans = new Map<string, PlanAnswer>()
  const open = (request: FastifyRequest): void => {
    limit(asks, request)
    refuseUntilReady(doors)
  }

  app.get('/api/meets', async (request) => {
    open(request)
    return { meets: doors.meets().list() }
  })
  app.get('/api/meets/:id', async (request: OneRequest): Promise<MeetAnswer> => {
    open(request)
    return doors.meets().get(request.params.id)
  })
  app.post('/api/meets', async (request, reply) => {
    open(request)
    const body = parseBody(meetBody, request.body)
    limit(makes, request)
    return await reply.code(201).send(await doors.meets().create(body, peerAddress(request.raw)))
  })
  app.post('/api/meets/:id/remove', async (request: OneRequest, reply) => {
    open(request)
    const { key } = parseBody(meetRemoveBody, request.body)
    const isOrganiser = request.headers.authorization !== undefined
    if (isOrganiser) organise(request)
    limit(makes, request) // Keys of 192 bits are not guessed; who tries is slowed down all the same.
    await doors.meets().remove(request.params.id, { key, isOrganiser })
    return await reply.code(204).send()
  })

  // The file as it is: what it holds decides, not its name or its type.
  app.addContentTypeParser('application/octet-stream', { parseAs: 'buffer' }, (_request, body, done) =>
    done(null, body),
  )
  app.post<{ Querystring: { name?: unknown } }>(
    '/api/tracks',
    {
      bodyLimit: TRACK_BYTES_MAX,
      // Before the first byte of it is read: what is refused afterwards was in memory all the same. [A46]
      onRequest: async (request, reply) => {
        open(request)
        limit(tracks, request)
        const back = uploads.take(peerAddress(request.raw))
        if (back === undefined)
          throw new AppError('ERR_TOO_MANY', 'Other files are on their way here just now; try again in a moment.', {
            reason: 'tracks-busy',
          })
        reply.raw.once('close', back)
      },
    },
    async (request, reply): Promise<TrackAnswer> => {
      if (!Buffer.isBuffer(request.body) || request.body.length === 0)
        throw new AppError('ERR_TRACK_INVALID', 'There is nothing in this file.')
      const bytes = request.body
      const fileName = cleanLine(String(request.query.name ?? ''), 80) || 'the file'
      const id = trackId(bytes)
      const shelf = doors.shelf()
      let repairs: readonly string[] = []
      // A road that was torn by a power cut is made again of the same bytes.
      if (await shelf.holds(id)) await shelf.touch(id)
      else {
        const road = await doors.tracks.make({ bytes, fileName, id })
        repairs = road.repairs
        await shelf.put(id, road, doors.meets().mapsInUse())
      }
      const world = await shelf.world(id)
      const route = world?.network.routes[0]
      if (world === undefined || route === undefined)
        throw new AppError('ERR_TRACK_INVALID', `${fileName} could not be made into a road.`)
      void reply.code(201)
      const { id: mapId, name } = world.map
      return { mapId, name, routeId: route.id, ...routeTotals(route, 1), isLap: route.isLap, repairs }
    },
  )

  app.get('/api/worlds/:id/plan', async (request: OneRequest): Promise<PlanAnswer> => {
    open(request)
    const { id } = request.params
    const world = doors.worlds.get(id) ?? (await doors.shelf().world(id))
    if (world === undefined) throw new AppError('ERR_MAP_INVALID', 'There is no such road here.')
    const known = plans.get(world.mapHash)
    if (known !== undefined) return known
    const plan = planOf(world)
    plans.set(world.mapHash, plan)
    if (plans.size > PLANS_MAX) plans.delete(plans.keys().next().value!)
    return plan
  })
}
