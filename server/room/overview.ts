import type { EventDesk } from './event-desk.ts'
import type { Overview } from './lobby-room.ts'
import type { RideDirectory } from './ride-directory.ts'

/** Who is on a road: people, and bots. */
export function presentIn(riders: Iterable<{ readonly isBot: boolean }>): { riders: number; bots: number } {
  const all = [...riders]
  const bots = all.filter(({ isBot }) => isBot).length
  return { riders: all.length - bots, bots }
}

/** What is on, and where, for the lobby. */
export function overviewOf(rides: RideDirectory, desk: EventDesk): Overview {
  return {
    rides: rides.rooms.map(({ roomId, plan, state }) => {
      const { id: mapId, name: mapName } = plan.world.map
      return { roomId, kind: plan.kind, mapId, mapName, ...presentIn(state.riders.values()) }
    }),
    events: desk.list().map(({ id, title, mapId, laps, phase, roomId, entries, startsAt }) => ({
      ...{ id, title, mapId, laps, phase, roomId: roomId ?? '', entries: entries.length },
      startsAtMs: startsAt === null ? 0 : Date.parse(startsAt),
    })),
  }
}
