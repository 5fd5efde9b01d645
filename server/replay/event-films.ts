import type { Store } from '../store/store.ts'
import type { EventDesk } from '../room/event-desk.ts'
import type { FilmSource } from './replays.ts'

/** Before the gun, ticks: the film of a race begins in the pen. */
const BEFORE_TICKS = 30 * 20
/** Phases in which a race may be looked at again. */
const SHOWN = new Set(['racing', 'provisional', 'closed'])

/** A race is everybody's to see, under the id of its event, from half a minute before the gun to its end. */
export function filmsOfEvents(
  desk: Pick<EventDesk, 'list'>,
  store: Pick<Store, 'runOf'>,
): (id: string) => Promise<FilmSource | undefined> {
  return async (id) => {
    const event = desk.list().find((one) => one.id === id)
    if (event === undefined || !SHOWN.has(event.phase)) return undefined
    const run = await store.runOf(id)
    if (run === undefined) return undefined
    const { journal, mapHash, startTick, endTick } = run
    const fromTick = Math.max(0, startTick - BEFORE_TICKS)
    const cut = { title: event.title, mapId: event.mapId, mapHash, startTick, fromTick }
    return { journal, cut: endTick === undefined ? cut : { ...cut, toTick: endTick } }
  }
}
