import { TICK_HZ } from '#protocol/limits'
import { ReelMaker } from '#server/world/reel-maker'
import type { StreamHost } from '#server/world/stream'

/** A piece is a second; every five seconds everybody is told whole, so that who comes waits for nothing. */
const PIECE_TICKS = TICK_HZ
const WHOLE_TICKS = 5 * TICK_HZ
/** In a room, at once. */
export const LIVE_LISTENERS_MAX = 500

export interface LiveListener {
  onPiece(bytes: Uint8Array): void
}

interface Piece {
  readonly dueTick: number
  readonly isWhole: boolean
  readonly bytes: Uint8Array
}

/**
 * A room for who looks on: the records of everybody, a second at a time, `delayTicks` late, the same bytes for each
 * listener. Nobody listening: nothing is made. A race cannot be spied on through it, for the riders are ahead of it.
 */
export class LiveReel {
  readonly #host: StreamHost
  readonly #delayTicks: number
  readonly #listeners = new Set<LiveListener>()
  #maker: ReelMaker | undefined
  /** Not told yet; and told since everybody was whole, for who comes now. */
  #held: Piece[] = []
  #told: Uint8Array[] = []

  constructor(host: StreamHost, delayTicks: number) {
    this.#host = host
    this.#delayTicks = delayTicks
  }

  get count(): number {
    return this.#listeners.size
  }

  /** False: too many already. */
  listen(listener: LiveListener): boolean {
    if (this.#listeners.size >= LIVE_LISTENERS_MAX) return false
    this.#listeners.add(listener)
    for (const bytes of this.#told) listener.onPiece(bytes)
    return true
  }

  leave(listener: LiveListener): void {
    this.#listeners.delete(listener)
    if (this.#listeners.size > 0) return
    this.#maker = undefined
    this.#held = []
    this.#told = []
  }

  /** After `world.step()`. */
  step(tick: number): void {
    if (this.#listeners.size === 0) return
    // The first piece begins with a whole second, so that it is one.
    if (this.#maker === undefined && tick % PIECE_TICKS !== 0) return
    this.#maker ??= this.#make()
    this.#maker.step(tick)
    while (this.#held.length > 0 && this.#held[0]!.dueTick <= tick) this.#tell(this.#held.shift()!)
  }

  #make(): ReelMaker {
    let isFirst = true
    return new ReelMaker(
      this.#host,
      (firstTick, bytes) => {
        const isWhole = isFirst || firstTick % WHOLE_TICKS === 0
        isFirst = false
        this.#held.push({ dueTick: firstTick + PIECE_TICKS + this.#delayTicks, isWhole, bytes })
      },
      { chunkTicks: PIECE_TICKS, wholeTicks: WHOLE_TICKS },
    )
  }

  #tell({ isWhole, bytes }: Piece): void {
    if (isWhole) this.#told = []
    this.#told.push(bytes)
    for (const listener of this.#listeners) listener.onPiece(bytes)
  }
}
