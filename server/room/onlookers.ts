import type { StreamHost } from '#server/world/stream'
import { LiveReel, type LiveListener } from './live-reel.ts'

/** Who looks on hears this late, ticks: enough that nobody rides by it. */
export const LIVE_DELAY_TICKS = 40

/** Somebody who looks on without a rider: pieces of the reel, and what is known slowly. */
export interface Onlooker extends LiveListener {
  /** The state of the room but its board, as JSON; told when it has changed, once a second at most. */
  onFacts(json: string): void
  /** Riders of the board, the first first, as JSON; the same. */
  onPlaces(json: string): void
  onEnded(): void
}

/** What of a room is looked at. */
export interface LookedAt {
  readonly ride: { readonly world: StreamHost & { readonly tick: number } }
  readonly state: { toJSON(): unknown }
}

/** Those who look on in one room. Costs nothing while there are none. */
export class Onlookers {
  readonly #room: LookedAt
  readonly #live: LiveReel
  readonly #all = new Set<Onlooker>()
  #facts = ''
  #places = ''

  constructor(room: LookedAt) {
    this.#room = room
    this.#live = new LiveReel(room.ride.world, LIVE_DELAY_TICKS)
  }

  get count(): number {
    return this.#all.size
  }

  /** False: the room has as many as it can bear. */
  come(onlooker: Onlooker): boolean {
    if (this.#all.size === 0) this.#read()
    onlooker.onFacts(this.#facts)
    onlooker.onPlaces(this.#places)
    if (!this.#live.listen(onlooker)) return false
    this.#all.add(onlooker)
    return true
  }

  leave(onlooker: Onlooker): void {
    this.#all.delete(onlooker)
    this.#live.leave(onlooker)
  }

  tick(tick: number): void {
    this.#live.step(tick)
  }

  second(): void {
    if (this.#all.size === 0) return
    const [facts, places] = [this.#facts, this.#places]
    this.#read()
    if (facts !== this.#facts) for (const onlooker of this.#all) onlooker.onFacts(this.#facts)
    if (places !== this.#places) for (const onlooker of this.#all) onlooker.onPlaces(this.#places)
  }

  end(): void {
    for (const onlooker of [...this.#all]) onlooker.onEnded()
    this.#all.clear()
  }

  /** A board changes each second of a race: it must not take the names and looks of everybody along. */
  #read(): void {
    const { board = [], ...facts } = this.#room.state.toJSON() as { board?: readonly { riderId: number }[] }
    this.#facts = JSON.stringify(facts)
    this.#places = JSON.stringify(board.map(({ riderId }) => riderId))
  }
}
