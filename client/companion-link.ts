import type { PhoneNews } from './ride-deck.ts'
import type { RemoteWish } from './room.ts'
import { RoomSocket } from './slow-plane/room-socket.ts'

export interface CompanionListener {
  /** The key was good: this phone is a handlebar. */
  onIn(name: string): void
  onNews(news: PhoneNews): void
  /** The rider has let this phone go, or the key is good no longer. */
  onOut(): void
  onLost(): void
}

/** A phone's place in the room of its rider's page: it asks, and is told; nothing of the ride comes here by itself. */
export class CompanionLink {
  readonly #room: RoomSocket

  private constructor(room: RoomSocket) {
    this.#room = room
  }

  static async join(roomId: string): Promise<CompanionLink | undefined> {
    try {
      return new CompanionLink(await RoomSocket.join(location.origin, 'joinById', roomId, { isSpectator: true }))
    } catch {
      return undefined // The room is over, or the server is away: the page says so.
    }
  }

  enter(key: string, listener: CompanionListener): void {
    this.#room.onMessage('companion-in', ({ name }: { name: string }) => listener.onIn(name))
    this.#room.onMessage('companion-out', () => listener.onOut())
    this.#room.onMessage('phone', ({ json }: { json: string }) => {
      const news = newsOf(json)
      if (news !== undefined) listener.onNews(news)
    })
    this.#room.onMessage('*', () => {})
    this.#room.onLeave(() => listener.onLost())
    this.#room.send('companion', { key })
  }

  ask(wish: RemoteWish): void {
    this.#room.send('remote', { ...wish })
  }

  leave(): void {
    void this.#room.leave().catch(() => {}) // Gone already.
  }
}

/** From the rider's own page, through the server: another version's news is not shown. */
function newsOf(json: string): PhoneNews | undefined {
  try {
    const read = JSON.parse(json) as Partial<PhoneNews> | null
    const isWhole = [read?.near, read?.places, read?.turns, read?.talk].every((list) => Array.isArray(list))
    return isWhole && typeof read?.figures === 'object' && typeof read.trainer === 'object'
      ? (read as PhoneNews)
      : undefined
  } catch {
    return undefined
  }
}
