import type { ActivityHead, ActivitySummary } from '../activity/model.ts'
import type { Profile } from '../account/profile.ts'
import type { RiderLook } from '../room/looks.ts'

/** Riders as persons: accounts, what belongs to them, and rides. Part of the store; one suite holds every kind to it. */
export interface PeopleStore {
  /** Undefined when somebody has that name. */
  createAccount(account: NewAccount): Promise<Account | undefined>
  accountByName(nameKey: string): Promise<Account | undefined>
  account(accountId: string): Promise<Account | undefined>
  setPhrase(accountId: string, phrase: string): Promise<void>
  /** False when somebody else has that name; nothing is changed then. */
  setProfile(
    accountId: string,
    as: { readonly name: string; readonly nameKey: string; readonly profile: Profile },
  ): Promise<boolean>
  setLook(accountId: string, look: RiderLook): Promise<void>
  /**
   * Everything of this person: rides, riders, friends, sessions, whom they avoid, what they reported. What was ridden in races stays, under a name that names
   * nobody. Answers the riders that were theirs.
   */
  deleteAccount(accountId: string, withdrawnName: string): Promise<readonly string[]>

  addSession(tokenHash: string, accountId: string, seenMs: number): Promise<void>
  /** Whose session this is, when it was seen after `sinceMs`. */
  sessionOf(tokenHash: string, sinceMs: number): Promise<{ account: Account; seenMs: number } | undefined>
  touchSession(tokenHash: string, seenMs: number): Promise<void>
  endSession(tokenHash: string): Promise<void>
  /** All of this account's, but one. */
  endSessions(accountId: string, exceptHash?: string): Promise<void>
  dropSessions(beforeMs: number): Promise<void>

  /** Instead of those that were there. */
  setRecoveryCodes(accountId: string, codeHashes: readonly string[]): Promise<void>
  /** True once for each code. */
  spendRecoveryCode(accountId: string, codeHash: string): Promise<boolean>

  /**
   * Riders that nobody has claimed become this account's; answers how many rides came with them. Whom they avoid and who avoids
   * them comes along.
   */
  claim(accountId: string, secretHashes: readonly string[]): Promise<number>
  /** Of these riders, those that belong to an account. */
  accountsOf(riderUuids: readonly string[]): Promise<ReadonlyMap<string, string>>
  setRiderLook(riderUuid: string, look: RiderLook): Promise<void>

  friends(accountId: string): Promise<readonly { readonly id: string; readonly name: string }[]>
  addFriend(accountId: string, friendId: string): Promise<boolean>
  removeFriend(accountId: string, friendId: string): Promise<void>

  /** A ride that is known already is left as it is. */
  keepRide(ride: NewRide): Promise<void>
  /** Newest first. */
  rides(owner: RideOwner, page: { readonly beforeMs: number; readonly limit: number }): Promise<readonly StoredRide[]>
  ride(rideId: string): Promise<StoredRide | undefined>
  /** The whole of it, packed. */
  rideBytes(rideId: string): Promise<Uint8Array | undefined>
  owns(owner: RideOwner, rideId: string): Promise<boolean>
  setRidePublic(rideId: string, isPublic: boolean): Promise<void>
  deleteRide(rideId: string): Promise<void>
}

export interface NewAccount {
  readonly name: string
  readonly nameKey: string
  /** Hash of the passphrase with everything it was made with. */
  readonly phrase: string
  readonly profile: Profile
}
export interface Account extends NewAccount {
  /** Also the rider's public id. */
  readonly id: string
  readonly look: RiderLook | undefined
}

/** By account, or by the hashes of secrets that a browser holds: these open only what no account has claimed. */
export interface RideOwner {
  readonly accountId?: string | undefined
  readonly secretHashes: readonly string[]
}

export interface NewRide {
  readonly head: ActivityHead
  readonly summary: ActivitySummary
  readonly bytes: Uint8Array
  /** File names in `journals/`: there it can be seen again. */
  readonly journals: readonly string[]
}
export interface StoredRide {
  readonly id: string
  readonly head: ActivityHead
  readonly summary: ActivitySummary
  readonly isPublic: boolean
  /** No account has claimed it: it goes after a while. [A56] */
  readonly isGuests: boolean
}
