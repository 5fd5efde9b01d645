import { z } from 'zod'
import { profileBody, type Profile } from '../account/profile.ts'
import type { ActivitySummary } from '../activity/model.ts'
import { lookBody, type RiderLook } from '../room/looks.ts'

/** What the doors of rides, riders and accounts accept and answer. */

const riderSecret = z.string().regex(/^[A-Za-z0-9_-]{43}$/) // 256 bits, base64url
/** A browser remembers so many riders; more are asked for in turns. */
export const SECRETS_MAX = 100
const secrets = z.array(riderSecret).max(SECRETS_MAX)
const name = z.string().min(1).max(200)
/** Longer than any passphrase that is taken, so that the sentence about it comes from one place. */
const phrase = z.string().min(1).max(1000)

export const accountBody = z.strictObject({
  name,
  phrase,
  profile: profileBody.partial().optional(),
  look: lookBody.optional(),
  /** Riders of this browser: their rides become the account's. */
  secrets: secrets.optional(),
})
export const signInBody = z.strictObject({ name, phrase, secrets: secrets.optional() })
export const recoverBody = z.strictObject({ name, code: z.string().min(1).max(100), phrase })
export const phraseBody = z.strictObject({ phrase, newPhrase: phrase })
export const proofBody = z.strictObject({ phrase })
export const claimBody = z.strictObject({ secrets })
export const meBody = z.strictObject({
  name: name.optional(),
  profile: profileBody.optional(),
  look: lookBody.optional(),
})
export const riderLookBody = z.strictObject({ secret: riderSecret, look: lookBody })
export const secretBody = z.strictObject({ secret: riderSecret })
/** `agoS`: the button was pressed so long ago. */
export const lapBody = z.strictObject({ secret: riderSecret, agoS: z.int().min(0).max(30).default(0) })
export const shareBody = z.strictObject({ isPublic: z.boolean() })
export const emptyBody = z.strictObject({})
export const friendBody = z.union(
  [z.strictObject({ id: z.uuid() }), z.strictObject({ roomId: z.string().max(64), riderId: z.int().min(1) })],
  { error: 'not "id", or "roomId" and "riderId"' },
)
export const unfriendBody = z.strictObject({ id: z.uuid() })

/** GET /api/account: who this browser is, and whether a passphrase may be typed here. */
export interface AccountAnswer {
  readonly account: MeAnswer | null
  /** '': yes; else one sentence that says why not. */
  readonly whyNot: string
}
export interface MeAnswer {
  /** Public: what a friend is added by. */
  readonly id: string
  readonly name: string
  readonly profile: Profile
  readonly look: RiderLook | null
}
export interface AccountCreated {
  readonly account: MeAnswer
  /** Shown once. */
  readonly codes: readonly string[]
  readonly ridesClaimed: number
}
export interface SignedInAnswer {
  readonly account: MeAnswer
  readonly ridesClaimed: number
}

/** GET /api/rides?before=MS: newest first. */
export interface RidesAnswer {
  readonly rides: readonly RideItem[]
  /** For the next page; null: that was all. */
  readonly before: number | null
}
export interface RideItem {
  readonly id: string
  readonly startMs: number
  readonly mapId: string
  readonly mapName: string
  readonly eventId: string
  readonly eventTitle: string
  readonly isPublic: boolean
  readonly summary: Pick<
    ActivitySummary,
    'distanceM' | 'elapsedS' | 'movingS' | 'workJ' | 'averageW' | 'climbM' | 'bests' | 'weightedW'
  >
}

/** GET /api/rides/:id. To who does not own it: no weight, no heartbeat. */
export interface RideAnswer extends Omit<RideItem, 'summary'> {
  readonly name: string
  readonly mapHash: string
  readonly isMine: boolean
  /** /replay/ID shows it, as long as the journal is kept. */
  readonly hasFilm: boolean
  /** A guest's is taken away then, unless an account claims it; null: never, or not yours to know. */
  readonly keptUntilMs: number | null
  readonly massKg: number | null
  readonly summary: ActivitySummary
}

/** GET /api/rides/:id/rows: columns, at most ROWS_MAX long, each a mean of the seconds it stands for. */
export interface RideRowsAnswer {
  readonly atS: readonly number[]
  readonly distanceM: readonly number[]
  readonly powerW: readonly number[]
  readonly cadenceRpm: readonly number[]
  /** Null: no strap, or not yours to see. */
  readonly heartRateBpm: readonly number[] | null
  readonly speedMps: readonly number[]
  readonly heightM: readonly number[]
  readonly savedW: readonly number[]
  readonly xM: readonly number[]
  readonly yM: readonly number[]
}

/** POST /api/rides/end: what was kept of the ride that has just ended; null: too little of it, or it waits for the disk. */
export interface RideEnded {
  readonly ride: RideAnswer | null
  readonly isWaiting: boolean
}

export interface FriendsAnswer {
  readonly friends: readonly {
    readonly id: string
    readonly name: string
    readonly riding: {
      readonly roomId: string
      readonly riderId: number
      readonly mapId: string
      readonly mapName: string
    } | null
  }[]
}
