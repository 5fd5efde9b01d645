import type { RiderLook } from '../../world/rider-look.ts'
import { errorWords, sentenceFor } from '../../words/errors.ts'
import { get, post, type Answer } from '../api.ts'
import { asRider } from '../own-memory.ts'

/** The doors of rides and accounts, as these pages use them; shapes are the server's (test/contract/shapes.ts). */

export interface Stint {
  readonly fromS: number
  readonly toS: number
  readonly movingS: number
  readonly distanceM: number
  readonly averageW: number
  readonly maxW: number
  readonly averageRpm: number
  readonly averageBpm: number | null
  readonly climbM: number
}
export interface Best {
  readonly lengthS: number
  readonly powerW: number
  readonly atS: number
}
export interface Summary {
  readonly distanceM: number
  readonly elapsedS: number
  readonly movingS: number
  readonly workJ: number
  readonly averageW: number
  readonly maxW: number
  readonly weightedW: number
  readonly averageRpm: number
  readonly averageBpm: number | null
  readonly maxBpm: number | null
  readonly averageMps: number
  readonly maxMps: number
  readonly climbM: number
  readonly savedJ: number
  readonly brakeJ: number
  readonly contactJ: number
  readonly bests: readonly Best[]
  readonly splits: readonly Stint[]
  readonly laps: readonly Stint[]
  readonly segments: readonly {
    readonly id: string
    readonly name: string
    readonly ms: number
    readonly atS: number
  }[]
}
interface RideHead {
  readonly id: string
  readonly startMs: number
  readonly mapId: string
  readonly mapName: string
  readonly eventId: string
  readonly eventTitle: string
  readonly isPublic: boolean
}
export interface RideItem extends RideHead {
  readonly summary: Pick<Summary, 'distanceM' | 'movingS' | 'workJ' | 'averageW' | 'climbM' | 'bests'>
}
export interface OneRide extends RideHead {
  readonly name: string
  readonly isMine: boolean
  readonly hasFilm: boolean
  /** Of a guest's: until when, unless an account claims it. */
  readonly keptUntilMs: number | null
  readonly massKg: number | null
  readonly summary: Summary
}
export interface RideRows {
  readonly atS: readonly number[]
  readonly distanceM: readonly number[]
  readonly powerW: readonly number[]
  readonly cadenceRpm: readonly number[]
  readonly heartRateBpm: readonly number[] | null
  readonly speedMps: readonly number[]
  readonly heightM: readonly number[]
  readonly xM: readonly number[]
  readonly yM: readonly number[]
}
export interface Profile {
  readonly massKg: number
  readonly heightM: number
  readonly ftpW: number | null
  readonly maxHeartRateBpm: number | null
  readonly units: 'metric' | 'imperial' | null
  readonly isSeenByFriends: boolean
  readonly areRidesPublic: boolean
}
export interface Me {
  readonly id: string
  readonly name: string
  readonly profile: Profile
  readonly look: RiderLook | null
}
export interface WhoAmI {
  readonly account: Me | null
  readonly whyNot: string
}
export interface Friend {
  readonly id: string
  readonly name: string
  readonly riding: {
    readonly roomId: string
    readonly riderId: number
    readonly mapId: string
    readonly mapName: string
  } | null
}

/** More pages of two hundred than anybody has ridden. */
const PAGES_MAX = 25

const ridePath = (id: string): string => `/api/rides/${encodeURIComponent(id)}`

/** POST with the secrets of this browser, where a door asks whose ride it is. */
async function postAsRider(path: string, body: unknown): Promise<Answer<unknown>> {
  const { headers } = asRider()
  const init = {
    method: 'POST',
    body: JSON.stringify(body),
    headers: { ...headers, 'content-type': 'application/json' },
  }
  return await nothing(await fetch(path, init).catch(() => undefined))
}

/** What answers with nothing at all. */
async function nothing(response: Response | undefined): Promise<Answer<unknown>> {
  if (response?.ok === true) return { ok: true, value: undefined }
  const said: unknown = await response?.json().catch(() => undefined) // Not JSON: no sentence either.
  const part = (name: string): string | undefined => {
    const value: unknown = typeof said === 'object' && said !== null ? Reflect.get(said, name) : undefined
    return typeof value === 'string' ? value : undefined
  }
  return { ok: false, message: sentenceFor(part('error'), part('message'), part('reason')) ?? errorWords.unreachable }
}

const send = async (path: string, body: unknown): Promise<Answer<unknown>> =>
  await nothing(
    await fetch(path, {
      ...{ method: 'POST', body: JSON.stringify(body), headers: { 'content-type': 'application/json' } },
    }).catch(() => undefined),
  )

export const mine = {
  /** All of them, newest first. */
  rides: async (): Promise<Answer<readonly RideItem[]>> => {
    const all: RideItem[] = []
    let before: number | null = null
    for (let page = 0; page < PAGES_MAX; page++) {
      const asked: string = before === null ? '/api/rides' : `/api/rides?before=${before}`
      const answer: Answer<{ rides: readonly RideItem[]; before: number | null }> = await get(asked, asRider())
      if (!answer.ok) return answer
      all.push(...answer.value.rides)
      before = answer.value.before
      if (before === null) break
    }
    return { ok: true, value: all }
  },
  ride: (id: string) => get<OneRide>(ridePath(id), asRider()),
  rows: (id: string) => get<RideRows>(`${ridePath(id)}/rows`, asRider()),
  /** A plain link cannot say whose it is. */
  fit: async (id: string): Promise<Blob | undefined> => {
    const response = await fetch(`${ridePath(id)}/fit`, asRider()).catch(() => undefined)
    return response?.ok === true ? await response.blob() : undefined
  },
  share: (id: string, isPublic: boolean) => postAsRider(`${ridePath(id)}/share`, { isPublic }),
  erase: (id: string) => postAsRider(`${ridePath(id)}/delete`, {}),
  end: (secret: string) => post<{ ride: OneRide | null; isWaiting: boolean }>('/api/rides/end', { secret }),

  who: () => get<WhoAmI>('/api/account'),
  create: (body: {
    name: string
    phrase: string
    profile?: Partial<Profile>
    look?: RiderLook
    secrets: readonly string[]
  }) => post<{ account: Me; codes: readonly string[]; ridesClaimed: number }>('/api/account', body),
  signIn: (body: { name: string; phrase: string; secrets: readonly string[] }) =>
    post<{ account: Me; ridesClaimed: number }>('/api/account/session', body),
  recover: (body: { name: string; code: string; phrase: string }) =>
    post<{ account: Me; ridesClaimed: number }>('/api/account/recover', body),
  signOut: () => send('/api/account/session/end', {}),
  signOutEverywhere: () => send('/api/account/sessions/end', {}),
  changePhrase: (phrase: string, newPhrase: string) => send('/api/account/phrase', { phrase, newPhrase }),
  newCodes: (phrase: string) => post<{ codes: readonly string[] }>('/api/account/codes', { phrase }),
  delete: (phrase: string) => send('/api/account/delete', { phrase }),
  claim: (secrets: readonly string[]) => post<{ ridesClaimed: number }>('/api/account/claim', { secrets }),
  save: (body: { name?: string; profile?: Profile; look?: RiderLook }) => post<Me>('/api/me', body),
  dress: (secret: string, look: RiderLook) => send('/api/look', { secret, look }),
  friends: () => get<{ friends: readonly Friend[] }>('/api/me/friends'),
  befriend: (id: string) => send('/api/me/friends', { id }),
  befriendOnRoad: (roomId: string, riderId: number) => send('/api/me/friends', { roomId, riderId }),
  unfriend: (id: string) => send('/api/me/friends/remove', { id }),
}
