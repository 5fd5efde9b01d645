import type { RiderId } from '#protocol/ids'
import type { RiderNow } from '../http/shapes.ts'
import type { MeetDesk } from '../meet/meet-desk.ts'
import type { EventDesk } from './event-desk.ts'
import type { Overview } from './lobby-room.ts'
import type { RideDirectory } from './ride-directory.ts'
import type { RideRoom } from './ride-room.ts'

/** Who is on a road: people, and bots. */
export function presentIn(riders: Iterable<{ readonly isBot: boolean }>): { riders: number; bots: number } {
  const all = [...riders]
  const bots = all.filter(({ isBot }) => isBot).length
  return { riders: all.length - bots, bots }
}

/** Named at once. */
const WHO_MAX = 24

/** Whom one may join: people first, and how hard they ride now. */
export function whoIn(room: RideRoom): readonly RiderNow[] {
  const { riders } = room.ride.world
  const all = [...room.state.riders.values()].map(({ id, name, isBot, massKg }) => {
    const row = room.ride.world.rowOf(id as RiderId)
    const powerW = row === undefined ? 0 : riders.powerW[row]!
    return { id, name, isBot, wattsPerKg: Math.round((10 * powerW) / Math.max(massKg, 1)) / 10 }
  })
  return all.toSorted((a, b) => Number(a.isBot) - Number(b.isBot)).slice(0, WHO_MAX)
}

/** What is on, and where, for the lobby. */
export function overviewOf(rides: RideDirectory, desk: EventDesk, meets: MeetDesk): Overview {
  return {
    rides: rides.rooms.map(({ roomId, plan, state }) => {
      const { id: mapId, name: mapName } = plan.world.map
      return { roomId, kind: plan.kind, mapId, mapName, ...presentIn(state.riders.values()) }
    }),
    riders: rides.rooms.flatMap((room) =>
      room.plan.kind === 'free' ? whoIn(room).map((rider) => ({ ...rider, roomId: room.roomId })) : [],
    ),
    meets: meets.list().map(({ id, title, mapName, startsAt, isTogether, phase, roomId, riderCount }) => ({
      ...{ id, title, mapName, isTogether, phase, roomId: roomId ?? '', riders: riderCount },
      startsAtMs: Date.parse(startsAt),
    })),
    events: desk.list().map(({ id, title, mapId, laps, phase, roomId, entries, startsAt }) => ({
      ...{ id, title, mapId, laps, phase, roomId: roomId ?? '', entries: entries.length },
      startsAtMs: startsAt === null ? 0 : Date.parse(startsAt),
    })),
  }
}
