import { createHash } from 'node:crypto'
import type { RiderId } from '#protocol/ids'
import type { RiderFacts } from './ride-options.ts'

/** A rider of a ride, on the road or not. */
export interface Seat extends RiderFacts {
  readonly secretHash: string
  /** With bike and kit. */
  readonly massKg: number
  readonly cdaM2: number
  /** Road behind the rider when last seen, where that was, and the route ('': none). */
  distanceM: number
  placeM: number
  routeId: string
  lateralM: number
  /** Tick of the last sign of life: joining, resuming, or a sample. */
  heardTick: number
  /** A session of this rider was seen, or a sample. */
  hasCome: boolean
  /** The page said that it was closed, at this tick; undefined once anything was heard again. */
  awayTick: number | undefined
}

/** Riders of a ride by number, and by the secrets that lead to them: here are only hashes. */
export class RiderSeats {
  readonly #seats = new Map<RiderId, Seat>()
  readonly #riderOfSecret = new Map<string, RiderId>()
  readonly #riderOfWatchKey = new Map<string, RiderId>()

  get size(): number {
    return this.#seats.size
  }

  /** First come, first told. */
  all(): Iterable<Seat> {
    return this.#seats.values()
  }

  of(riderId: RiderId): Seat | undefined {
    return this.#seats.get(riderId)
  }

  add(seat: Seat): void {
    this.#seats.set(seat.riderId, seat)
    this.#riderOfSecret.set(seat.secretHash, seat.riderId)
    this.#riderOfWatchKey.set(watchKeyOf(seat), seat.riderId)
  }

  drop(seat: Seat): void {
    this.#seats.delete(seat.riderId)
    this.#riderOfSecret.delete(seat.secretHash)
    this.#riderOfWatchKey.delete(watchKeyOf(seat))
  }

  /** Who holds this secret. */
  ofSecret(secret: string): RiderId | undefined {
    return this.#riderOfSecret.get(hashOf(secret))
  }

  ofWatchKey(key: string): RiderId | undefined {
    return this.#riderOfWatchKey.get(key)
  }
}

export const hashOf = (secret: string): string => createHash('sha256').update(secret).digest('base64url')
/** Made of the secret, which it does not give away. */
export const watchKeyOf = ({ secretHash }: Seat): string => hashOf(`watch ${secretHash}`)
