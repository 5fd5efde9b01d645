import type { FastifyInstance, FastifyRequest } from 'fastify'
import { PROTOCOL_VERSION } from '#protocol/limits'
import { AppError } from '../errors.ts'
import { datagramAddress, limit, refuseUntilReady } from './api.ts'
import type { Doors } from './doors.ts'
import type { OrganiserCheck } from './events.ts'
import { senderAddress } from './peer-address.ts'
import { RateLimit } from './rate-limit.ts'
import type { PulseAnswer, ReachAnswer, SessionsAnswer } from './shapes.ts'

const ASK_RATE = { burst: 60, perS: 4 }

/** What is seen of connections: how a room's ticks went, what there is to reach, and for the organiser who is on the line. */
export function addLines(app: FastifyInstance, doors: Doors, organise: OrganiserCheck): void {
  const asks = new RateLimit(ASK_RATE, doors.clock)

  app.get('/api/pulse', async (request: FastifyRequest<{ Querystring: { room?: string } }>): Promise<PulseAnswer> => {
    limit(asks, request)
    refuseUntilReady(doors)
    const { room: asked } = request.query
    const room = asked === undefined ? doors.rides.permanent : doors.rides.rooms.find(({ roomId }) => roomId === asked)
    if (room === undefined) throw new AppError('ERR_SEAT_UNKNOWN', 'There is no such room.')
    return { room: room.roomId, tick: room.ride.world.tick, seconds: room.pulse.seconds }
  })

  app.get('/api/reach', async (request): Promise<ReachAnswer> => {
    limit(asks, request)
    refuseUntilReady(doors)
    const { config, version, clock } = doors
    const { state, reason = '', port, peers } = doors.webrtc()
    return {
      ...{ version, protocol: PROTOCOL_VERSION, wallMs: clock.wallMs(), you: senderAddress(request.raw) },
      datagram: { ...datagramAddress(doors, request.host), isSet: config.advertisedHost !== undefined },
      webrtc: { state, reason, port: config.advertisedWebrtcPort ?? port, peers },
      isLocal: config.host === '127.0.0.1' || config.host === '::1' || config.host === 'localhost',
    }
  })

  app.get('/api/sessions', async (request): Promise<SessionsAnswer> => {
    organise(request)
    const atMs = doors.clock.nowMs()
    const sessions = doors.rides.rooms.flatMap(({ ride, roomId }) =>
      ride.sessions.list(atMs).map((row) => ({
        ...{ room: roomId, mapId: ride.mapId, name: ride.facts(row.riderId)?.name ?? '' },
        ...row,
      })),
    )
    return { atMs, sessions }
  })
}
