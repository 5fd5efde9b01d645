import type { KeyLimits } from '#protocol/key-ring'
import type { RiderId, Row, Tick } from '#protocol/ids'
import type { InputSample } from '#protocol/input'
import type { OwnGear } from '#protocol/own'
import type { RiderWish } from '#protocol/rider-wish'
import type { Course } from '#physics/course'
import type { Riders } from '#physics/riders'
import type { Conditions } from '#physics/weather'
import type { Network } from '#maps/network'
import type { Clock } from '../clock.ts'
import type { Aead } from './aead.ts'

/** What sessions ask of a world. */
export interface SessionHost {
  readonly tick: Tick
  readonly riders: Riders
  readonly course: Course
  readonly conditions: Conditions
  /** Ways, and which of them lie side by side; absent on a road of one way. */
  readonly network?: Network
  /** The route each rider is on, counted from 1. */
  readonly ledger?: { readonly route: Uint32Array }
  /** undefined when the rider is not on the road (any more). */
  rowOf(riderId: RiderId): Row | undefined
  post(row: Row, sample: InputSample): void
  /** Each wish once, in order. */
  heed?(row: Row, wish: RiderWish): void
  /** The rider's inputs come from another sender from now on: new sequences, a new clock. */
  resume(row: Row): void
  /** The way a row takes at the end of the one it is on. */
  wayAhead?(row: number): number
  /** Newest sample the world has taken up for this rider; undefined before the first. */
  ackedSequence(row: Row): number | undefined
  /** In a race, and so on its route. */
  isBound?(row: Row): boolean
  /** What the session that gives the legs has told of its devices. */
  gear?(row: Row): OwnGear | undefined
}

export interface SessionsOptions {
  readonly clock: Clock
  readonly randomBytes: (count: number) => Uint8Array
  /** 32 bytes, of this process. */
  readonly tokenKey: Uint8Array
  /** Printable ASCII, at most ROOM_ID_BYTES_MAX. */
  readonly roomId: string
  readonly host: SessionHost
  /** Riders a viewer is shown at most, however many it wishes for; absent: VIEW_RIDERS. */
  readonly viewRiders?: number | undefined
  /** Who seals; node:crypto unless said. */
  readonly aead?: Aead | undefined
  /** Something broke while a datagram was read: the room cannot go on. Absent: thrown at whoever handed it in. [D126] */
  readonly onBroken?: ((error: unknown) => void) | undefined
  /** Only for tests: another process, other limits of keys. */
  readonly processId?: Uint8Array
  readonly keyLimits?: KeyLimits
}
