import { AppError } from '../errors.ts'
import { draftEvent, type RaceEvent } from '../event/event.ts'
import type { RaceRules } from '../event/model.ts'
import { raceRules } from '../event/rules.ts'
import type { EntryCreated, EventPhase } from '../http/shapes.ts'
import type { StoredEvent } from '../store/store.ts'
import type { RideRoom } from './ride-room.ts'
import type { HouseWorld } from './worlds.ts'

/** One event of the house: what is stored, what the race's own state machine says, and its room while it has one. */
export interface Desk {
  readonly stored: StoredEvent
  race: RaceEvent
  phase: EventPhase
  room: RideRoom | undefined
  /** In the race's room: the number and the secret of each person who entered. */
  readonly seats: Map<string, EntryCreated>
  /** One thing after another: bibs, decisions and revisions are numbered. */
  queue: Promise<unknown>
}

export function newDesk(stored: StoredEvent, world: HouseWorld): Desk {
  const { id: eventId, title, phase } = stored
  const race = draftEvent({ eventId, title, rules: rulesOf(stored, world) })
  return { stored, race, phase, room: undefined, seats: new Map(), queue: Promise.resolve() }
}

/** Maps change between two runs of a server: is the route of an event still there? */
export function isRidable(
  { laps, routeId }: { readonly laps: number; readonly routeId: string },
  world: HouseWorld,
): boolean {
  return raceRules(world, { laps, routeId }).ok
}

/** How a race of so many laps is ridden on this road. */
export function rulesOf(
  { laps, routeId }: { readonly laps: number; readonly routeId?: string | undefined },
  world: HouseWorld,
): RaceRules {
  const made = raceRules(world, { laps, routeId })
  if (!made.ok) throw new AppError('ERR_MAP_INVALID', made.error)
  return made.rules
}

/** The next thing begins when this one is done, and also when it failed. */
export async function inTurn<T>(desk: Desk, work: () => Promise<T>): Promise<T> {
  const turn = desk.queue.then(work, work)
  desk.queue = turn.catch(() => {}) // The caller of that turn has heard of it.
  return await turn
}
