import type { EventDesk } from './event-desk.ts'
import type { Overview } from './lobby-room.ts'
import type { RideDirectory } from './ride-directory.ts'

/** What is on, and where, for the lobby. */
export function overviewOf(rides: RideDirectory, desk: EventDesk): Overview {
  return {
    rides: rides.rooms.map(({ roomId, plan, state }) => {
      let bots = 0
      for (const rider of state.riders.values()) if (rider.isBot) bots++
      const { id: mapId, name: mapName } = plan.world.map
      return { roomId, kind: plan.kind, mapId, mapName, riders: state.riders.size - bots, bots }
    }),
    events: desk.list().map(({ id, title, mapId, laps, phase, roomId, entries, startsAt }) => ({
      ...{ id, title, mapId, laps, phase, roomId: roomId ?? '', entries: entries.length },
      startsAtMs: startsAt === null ? 0 : Date.parse(startsAt),
    })),
  }
}
