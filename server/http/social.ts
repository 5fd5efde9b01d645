import type { FastifyInstance, FastifyRequest } from 'fastify'
import { AppError } from '../errors.ts'
import { guarded, limit, refuseUntilReady, WRONG_RATE } from './api.ts'
import { parseBody } from './app.ts'
import type { Doors } from './doors.ts'
import type { OrganiserCheck } from './events.ts'
import type { ReportList } from '../room/reports.ts'
import { RateLimit } from './rate-limit.ts'
import { companionBody, type CompanionAnswer, noticeBody, pressBody } from './shapes.ts'

const ASK_RATE = { burst: 60, perS: 5 }
/** Two thumbs. */
const PRESS_RATE = { burst: 40, perS: 12 }

/** `?all=reporter`: every open one that the same person made. */
type SettleRequest = FastifyRequest<{ Params: { id: string }; Querystring: { all?: string } }>

/** Phones that pair, reports that the organiser reads, and what the organiser says to a race. */
export function addSocial(app: FastifyInstance, doors: Doors, organise: OrganiserCheck): void {
  const asks = new RateLimit(ASK_RATE, doors.clock)
  const wrongs = new RateLimit(WRONG_RATE, doors.clock)

  app.post('/api/companion', async (request): Promise<CompanionAnswer> => {
    limit(asks, request)
    const { code } = parseBody(companionBody, request.body)
    refuseUntilReady(doors)
    const { room, riderId } = await guarded(wrongs, request, async () => doors.rides.byCode(code))
    const { ride } = room
    return {
      key: room.companions.pair(riderId),
      rider: { id: riderId, name: ride.facts(riderId)?.name ?? '' },
      room: { id: ride.roomId, mapId: ride.mapId },
    }
  })

  const presses = new RateLimit(PRESS_RATE, doors.clock)
  app.post('/api/press', async (request, reply) => {
    limit(presses, request)
    const { secret, key, ...button } = parseBody(pressBody, request.body)
    refuseUntilReady(doors)
    await guarded(wrongs, request, async () =>
      doors.rides.press(secret === undefined ? { key: key! } : { secret }, button),
    )
    return await reply.code(204).send()
  })

  app.get('/api/reports', async (request): Promise<ReportList> => {
    organise(request)
    refuseUntilReady(doors)
    return await doors.reports.list()
  })
  app.delete('/api/reports/:id', async (request: SettleRequest, reply) => {
    organise(request)
    refuseUntilReady(doors)
    await doors.reports.settle(request.params.id, request.query.all === 'reporter')
    return await reply.code(204).send()
  })

  app.post('/api/events/:id/notice', async (request: FastifyRequest<{ Params: { id: string } }>, reply) => {
    organise(request)
    const { text } = parseBody(noticeBody, request.body)
    const room = doors.rides.rooms.find(({ state }) => state.eventId === request.params.id)
    if (room === undefined) {
      throw new AppError('ERR_EVENT_STATE', 'This race has no road yet, or no longer; open it for riders first.')
    }
    room.announce(text)
    return await reply.code(204).send()
  })
}
