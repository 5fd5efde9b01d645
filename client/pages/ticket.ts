import type { Profile } from './memory.ts'

/** How one comes onto the road. (docs/ARCHITECTURE.md, Identity) */
export type Ticket =
  /** Without a road the permanent one; without a route free. */
  | {
      readonly kind: 'new'
      readonly profile: Profile
      readonly roomId?: string
      readonly routeId?: string
      /** Beside this rider of that room, where that can be. */
      readonly besideId?: number
    }
  | { readonly kind: 'again'; readonly secret: string; readonly name: string }
  /** My own rider, whose legs are elsewhere. */
  | { readonly kind: 'follow'; readonly secret: string; readonly name: string }
  | { readonly kind: 'code'; readonly code: string }
  /** A rider once seen by a code. */
  | { readonly kind: 'watch'; readonly watchKey: string }

/** Whose legs: sliders, or the devices of this page. */
export type SensorChoice =
  | { readonly kind: 'simulated'; readonly powerW?: number; readonly cadenceRpm?: number }
  | { readonly kind: 'devices' }

export interface Departure {
  readonly ticket: Ticket
  /** undefined: watch only; the watts come from a bridge. */
  readonly sensor: SensorChoice | undefined
  /** A ride that was on is taken up again: the door is asked until it opens. */
  readonly isReturn?: boolean
}

/** What a ride came to. */
export interface RideEnd {
  /** Why it never began; the rest is then empty. */
  readonly error?: string
  readonly name: string
  readonly distanceM: number
  readonly climbM: number
  readonly durationS: number
  readonly workJ: number
  /** What brakes, and what touching others, took of it. */
  readonly brakeJ: number
  readonly contactJ: number
  readonly powerMaxW: number
  /** Whose legs this page gave: opens the ride as the server has kept it. */
  readonly secret?: string
  /** The road as it was last seen. */
  readonly picture?: Promise<Blob | undefined>
  /** The race it was, where it was one. */
  readonly eventId?: string
}
