import type { Store } from '../store/store.ts'
import type { RideRoom } from './ride-room.ts'
import type { Where } from './ride-options.ts'

/** A place is worth coming back to for so long. */
const KEEP_MS = 3600_000
/** People remembered; the oldest go first. */
const PLACES_MAX = 4000
const SETTING = 'places'

interface Place {
  readonly mapHash: string
  /** '': on the road that is always open. */
  readonly meetId: string
  readonly atMs: number
  readonly where: Where
}

/** Which meet-up a room belongs to: '' a road that is always open, undefined a race. */
export function meetOf({ plan, state }: RideRoom): string | undefined {
  return plan.kind === 'event' ? undefined : plan.kind === 'meet' ? state.meetId : ''
}

/** Where people were on the free roads: a server that was started again puts them back there. */
export class Places {
  readonly #store: () => Store | undefined
  readonly #wallMs: () => number
  readonly #places = new Map<string, Place>()
  #loading: Promise<void> | undefined

  constructor(store: () => Store | undefined, wallMs: () => number) {
    this.#store = store
    this.#wallMs = wallMs
  }

  /** Undefined for who is new, was away too long, or rode a road that is another now. */
  async of(
    uuid: string,
  ): Promise<{ readonly mapHash: string; readonly meetId: string; readonly where: Where } | undefined> {
    await this.#load()
    const place = this.#places.get(uuid)
    return place !== undefined && this.#wallMs() - place.atMs < KEEP_MS ? place : undefined
  }

  /** Notes everybody on these roads, and writes it down. */
  async save(rooms: readonly RideRoom[]): Promise<void> {
    await this.#load()
    const atMs = this.#wallMs()
    for (const room of rooms) {
      const meetId = meetOf(room)
      if (meetId === undefined) continue
      for (const [uuid, where] of room.places()) {
        this.#places.delete(uuid) // To the end: the newest.
        this.#places.set(uuid, { mapHash: room.plan.world.mapHash, meetId, atMs, where })
      }
    }
    for (const [uuid, place] of this.#places) {
      if (this.#places.size <= PLACES_MAX && atMs - place.atMs < KEEP_MS) break
      this.#places.delete(uuid)
    }
    await this.#store()?.putSetting(SETTING, JSON.stringify([...this.#places]))
  }

  async #load(): Promise<void> {
    this.#loading ??= (async () => {
      const text = await this.#store()?.setting(SETTING)
      if (text === undefined) return
      // Written by a server that knew no meet-ups, it has none.
      for (const [uuid, place] of JSON.parse(text) as [string, Place][])
        this.#places.set(uuid, { ...place, meetId: place.meetId ?? '' })
    })()
    await this.#loading
  }
}
