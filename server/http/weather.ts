import type { FastifyInstance, FastifyRequest } from 'fastify'
import { AppError } from '../errors.ts'
import type { RideRoom } from '../room/ride-room.ts'
import { parseBody } from './app.ts'
import type { Doors } from './doors.ts'
import type { OrganiserCheck } from './events.ts'
import { weatherBody, type RoomWeatherAnswer, type WeatherChanged } from './shapes.ts'

type RoomRequest = FastifyRequest<{ Params: { id: string } }>

/**
 * What riders who listen to no room need to carry others as the server does: pages have the same from the room's state.
 * A change is announced WEATHER_AHEAD_TICKS before it holds, so whoever asks every two seconds knows in time. The
 * organiser says what the weather shall be.
 */
export function addWeather(app: FastifyInstance, doors: Doors, organise: OrganiserCheck): void {
  const roomOf = (request: RoomRequest): RideRoom | undefined =>
    doors.rides.rooms.find(({ roomId }) => roomId === request.params.id)

  app.get('/api/rooms/:id/weather', async (request: RoomRequest, reply) => {
    const room = roomOf(request)
    if (room === undefined) return reply.callNotFound()
    const spells = [...room.state.weather].map((spell) => ({
      ...{ fromTick: spell.fromTick, windEastMps: spell.windEastMps, windNorthMps: spell.windNorthMps },
      ...{ gustShare: spell.gustShare, seaLevelC: spell.seaLevelC, isWet: spell.isWet },
    }))
    const skies = room.ride.world.skies.map(({ fromTick, easeTicks, sky }) => ({ fromTick, easeTicks, ...sky }))
    return { tick: room.ride.world.tick, spells, skies } satisfies RoomWeatherAnswer
  })

  app.post('/api/rooms/:id/weather', async (request: RoomRequest): Promise<WeatherChanged> => {
    organise(request)
    const wish = parseBody(weatherBody, request.body)
    const room = roomOf(request)
    if (room === undefined) throw new AppError('ERR_BAD_REQUEST', 'There is no such room; GET /api/worlds lists them.')
    return { fromTick: room.skies.set(wish) }
  })
}
