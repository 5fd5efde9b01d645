import type { FastifyInstance } from 'fastify'
import type { Doors } from './doors.ts'
import type { RoomWeatherAnswer } from './shapes.ts'

/**
 * What riders who listen to no room need to carry others as the server does: pages have the same from the room's state.
 * A change is announced WEATHER_AHEAD_TICKS before it holds, so whoever asks every two seconds knows in time.
 */
export function addWeather(app: FastifyInstance, doors: Doors): void {
  app.get<{ Params: { id: string } }>('/api/rooms/:id/weather', async (request, reply) => {
    const room = doors.rides.rooms.find(({ roomId }) => roomId === request.params.id)
    if (room === undefined) return reply.callNotFound()
    const spells = [...room.state.weather].map((spell) => ({
      ...{ fromTick: spell.fromTick, windEastMps: spell.windEastMps, windNorthMps: spell.windNorthMps },
      ...{ gustShare: spell.gustShare, seaLevelC: spell.seaLevelC, isWet: spell.isWet },
    }))
    return { tick: room.ride.world.tick, spells } satisfies RoomWeatherAnswer
  })
}
