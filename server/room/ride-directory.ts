import type { RiderId } from '#protocol/ids'
import { AppError } from '../errors.ts'
import { hashSecret, type Store, type StoredRider } from '../store/store.ts'
import type { RiderLook } from './looks.ts'
import { meetOf, type Places } from './places.ts'
import type { NewRider } from './ride-options.ts'
import type { RideRoom } from './ride-room.ts'

/** A rider in a room of this house, as a door found them. `secret` only when it is new. */
export interface Found {
  readonly room: RideRoom
  readonly riderId: RiderId
  readonly secret?: string
}

export interface DirectoryOptions {
  /** Undefined until it is open. */
  readonly store: () => Store | undefined
  readonly onSaveFailed: (error: unknown) => void
  /** Where people were when the server stopped. */
  readonly places?: Pick<Places, 'of'>
}

/** The rides of this house, and whose secret or code leads to whom. */
export class RideDirectory {
  readonly #rooms = new Map<string, RideRoom>()
  readonly #options: DirectoryOptions
  /** By UUID: whom the store has not taken yet. Without them their rides could not be kept either. */
  readonly #unsaved = new Map<string, StoredRider>()
  #looks = 0

  constructor(options: DirectoryOptions) {
    this.#options = options
  }

  get rooms(): readonly RideRoom[] {
    return [...this.#rooms.values()]
  }

  /** The road that is always there; undefined until it is. */
  get permanent(): RideRoom | undefined {
    return this.rooms.find((room) => room.plan.isPermanent)
  }

  add(room: RideRoom): void {
    this.#rooms.set(room.roomId, room)
  }

  remove(room: RideRoom): void {
    this.#rooms.delete(room.roomId)
  }

  bySeat(roomId: string, sessionId: string): Found {
    const room = this.#rooms.get(roomId)
    if (room === undefined) throw new AppError('ERR_SEAT_UNKNOWN', 'There is no such room; join again.')
    // Who only drops in would shelter friends and stand in the way of others.
    if (room.plan.kind === 'event')
      throw new AppError('ERR_FORBIDDEN', 'A race is entered through its event; sign up there, or join to look on.', {
        reason: 'race-entry',
      })
    const { riderId, secret } = room.redeemSeat(sessionId)
    this.#remember(room, riderId, secret)
    return { room, riderId, secret }
  }

  /** To the pages of whose secret or key this is, in every room they are in: their page is in one of them. */
  press(by: { readonly secret: string } | { readonly key: string }, button: object): void {
    let isKnown = false
    for (const room of this.#rooms.values()) {
      const riderId = 'secret' in by ? room.ride.riderOfSecret(by.secret) : room.companions.riderOf(by.key)
      if (riderId === undefined) continue
      room.press(riderId, button)
      isKnown = true
    }
    if (!isKnown) throw new AppError('ERR_SEAT_UNKNOWN', 'This rider is unknown here; join again.')
  }

  /**
   * The same rider; after a restart of the server, the same person as a new rider where they were, or on the
   * permanent road. The secret stays
   * what it was: page and bridge come back side by side, each with the one they know, and must not become two riders.
   */
  async bySecret(secret: string): Promise<Found> {
    const riding = this.#ridingWith(secret)
    if (riding !== undefined) return riding
    const known = await this.#options.store()?.riderBySecret(hashSecret(secret))
    const place = known === undefined ? undefined : await this.#options.places?.of(known.id)
    const there = this.rooms.find(
      (each) => place !== undefined && each.plan.world.mapHash === place.mapHash && meetOf(each) === place.meetId,
    )
    const room = there ?? this.permanent
    if (known === undefined || room === undefined) {
      throw new AppError('ERR_SEAT_UNKNOWN', 'This rider is unknown here; join again with a name.')
    }
    // Somebody else with this secret may have been quicker while the store was asked.
    return (
      this.#ridingWith(secret) ?? { room, riderId: room.admit(known, there && place?.where, known.id, secret).riderId }
    )
  }

  byCode(code: string): Found {
    for (const room of this.#rooms.values()) {
      const riderId = room.ride.redeem(code)
      if (riderId !== undefined) return { room, riderId }
    }
    throw new AppError('ERR_CODE_UNKNOWN', 'This code is unknown, used, or older than five minutes; ask for a new one.')
  }

  /** Whoever watched by a code sees the same rider again. */
  byWatchKey(watchKey: string): Found {
    for (const room of this.#rooms.values()) {
      const riderId = room.ride.riderOfWatchKey(watchKey)
      if (riderId !== undefined) return { room, riderId }
    }
    throw new AppError('ERR_CODE_UNKNOWN', 'The rider you watched is not here any more; ask for a new code.')
  }

  /** A pacer to look on from: nobody's own ride is shown to who only tests a line. */
  byPacer(roomId: string): Found {
    const room = roomId === '' ? this.permanent : this.#rooms.get(roomId)
    if (room === undefined) throw new AppError('ERR_SEAT_UNKNOWN', 'There is no such room.')
    const pacers = [...room.state.riders.values()].filter(({ isBot }) => isBot)
    // Each in turn: a rider has only so many sessions.
    const pacer = pacers[this.#looks++ % pacers.length]
    if (pacer === undefined)
      throw new AppError('ERR_SEAT_UNKNOWN', 'This road has no pacer to look on from; set GRUPPETTO_PACERS, or ride.', {
        reason: 'no-pacer',
      })
    return { room, riderId: pacer.id as RiderId }
  }

  /** The rider's page says that it is being closed; a race waits as long as for anybody who falls silent. */
  away(secret: string): void {
    const riding = this.#ridingWith(secret)
    if (riding !== undefined && riding.room.plan.kind !== 'event') riding.room.ride.away(riding.riderId)
  }

  /** A person and their body, for signing up; saved first, so that an entry can refer to them. */
  async personOf(secret: string): Promise<(NewRider & { readonly uuid: string }) | undefined> {
    for (const room of this.#rooms.values()) {
      const riderId = room.ride.riderOfSecret(secret)
      const body = riderId === undefined ? undefined : room.bodyOf(riderId)
      if (body === undefined) continue
      await this.#save(storedOf(body, secret))
      return body
    }
    return undefined
  }

  /** The person who rides with this secret just now. */
  uuidOf(secret: string): string | undefined {
    const riding = this.#ridingWith(secret)
    return riding?.room.bodyOf(riding.riderId)?.uuid
  }

  /** Another look for who rides with this secret, in every room they are in. */
  dress(secret: string, look: RiderLook): void {
    for (const room of this.#rooms.values()) {
      const riderId = room.ride.riderOfSecret(secret)
      if (riderId !== undefined) room.dress(riderId, look)
    }
  }

  /** Who has entered a race holds one secret in two rooms: the younger is the race, and goes first until it closes. */
  #ridingWith(secret: string): Found | undefined {
    for (const room of this.rooms.toReversed()) {
      const riderId = room.ride.riderOfSecret(secret)
      if (riderId !== undefined) return { room, riderId }
    }
    return undefined
  }

  /** Once more, whom the store did not take; asked every now and then. */
  async saveAgain(): Promise<void> {
    for (const rider of [...this.#unsaved.values()]) await this.#save(rider)
  }

  /** Not waited for: nobody stands at the door because a disk is slow. */
  #remember(room: RideRoom, riderId: RiderId, secret: string): void {
    const body = room.bodyOf(riderId)
    if (body !== undefined) this.#save(storedOf(body, secret)).catch(this.#options.onSaveFailed)
  }

  async #save(rider: StoredRider): Promise<void> {
    this.#unsaved.set(rider.id, rider)
    if (this.#unsaved.size > UNSAVED_MAX) this.#unsaved.delete(this.#unsaved.keys().next().value!)
    await this.#options.store()?.saveRider(rider)
    this.#unsaved.delete(rider.id)
  }
}

/** Newcomers while the store is away. */
const UNSAVED_MAX = 5000

function storedOf(
  { uuid, name, massKg, heightM, look, guestKey }: NewRider & { readonly uuid: string },
  secret: string,
): StoredRider {
  return { id: uuid, name, massKg, heightM, secretHash: hashSecret(secret), look, guestKey }
}
