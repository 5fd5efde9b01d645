import { Readable } from 'node:stream'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { nameKeyOf, type Who } from '../account/accounts.ts'
import type { RideWork } from '../activity/ride-work.ts'
import { AppError } from '../errors.ts'
import { cleanName } from '../room/names.ts'
import { personKeys } from '../room/persons.ts'
import type { RideRoom } from '../room/ride-room.ts'
import type { Account, PeopleStore } from '../store/people.ts'
import type { SafetyStore } from '../store/safety.ts'
import { hashSecret } from '../store/store.ts'
import { limit, refuseUntilReady } from './api.ts'
import { parseBody } from './app.ts'
import { setSession } from './cookies.ts'
import type { Doors } from './doors.ts'
import { createOriginCheck } from './origins.ts'
import { peerAddress } from './peer-address.ts'
import { RateLimit } from './rate-limit.ts'
import { fileDate, type RideDoors } from './rides.ts'
import {
  accountBody,
  type AccountAnswer,
  type AccountCreated,
  claimBody,
  emptyBody,
  friendBody,
  type FriendsAnswer,
  meBody,
  type MeAnswer,
  phraseBody,
  proofBody,
  recoverBody,
  riderLookBody,
  type SignedInAnswer,
  signInBody,
  unfriendBody,
} from './shapes-rides.ts'
import { mustBeOurPage, mustBeSomebody, whoAsks, whyNoPhrase } from './who.ts'
import { type ZipEntry, zipOf } from './zip.ts'

const ASK_RATE = { burst: 60, perS: 2 }
/** Everything one ever rode, in one file: now and then. */
const EXPORT_RATE = { burst: 3, perS: 1 / 120 }
const PAGE = 100
const FRIENDS_MAX = 500

/** Who somebody is: accounts, profile, look, friends. A passphrase is only heard on a secure page. */
export function addAccount(app: FastifyInstance, doors: Doors, rideDoors: RideDoors): void {
  const { people, safety, accounts, recorder, work } = rideDoors
  const asks = new RateLimit(ASK_RATE, doors.clock)
  const exports = new RateLimit(EXPORT_RATE, doors.clock)
  const isOriginAllowed = createOriginCheck(doors.config.origins)
  const isPlainAllowed = doors.config.plainPasswords
  /** Before anything is changed: not too often, from our own page. */
  const change = (request: FastifyRequest): void => {
    limit(asks, request)
    refuseUntilReady(doors)
    mustBeOurPage(request, isOriginAllowed)
  }
  const hearPhrase = (request: FastifyRequest): string => {
    change(request)
    const whyNot = whyNoPhrase(request, isPlainAllowed)
    if (whyNot !== '') throw new AppError('ERR_INSECURE', whyNot)
    return peerAddress(request.raw)
  }
  const claim = async ({ id }: Account, secrets: readonly string[] = []): Promise<number> => {
    // Who rides just now is written down first.
    for (const secret of secrets) await doors.rides.personOf(secret)
    const ridesClaimed = await people().claim(id, secrets.map(hashSecret))
    const riding = secrets.map((secret) => doors.rides.uuidOf(secret)).filter((uuid) => uuid !== undefined)
    await doors.blocks.claimed(riding)
    return ridesClaimed
  }

  app.get('/api/account', async (request): Promise<AccountAnswer> => {
    limit(asks, request)
    refuseUntilReady(doors)
    const who = await whoAsks(accounts, request)
    return { account: who === undefined ? null : meOf(who.account), whyNot: whyNoPhrase(request, isPlainAllowed) }
  })

  app.post('/api/account', async (request, reply): Promise<AccountCreated> => {
    const address = hearPhrase(request)
    const { secrets, look, profile, ...given } = parseBody(accountBody, request.body)
    const made = await accounts.create({ ...given, profile: definedOf(profile) }, address)
    if (look !== undefined) await people().setLook(made.account.id, look)
    setSession(request, reply, made.token)
    void reply.code(201)
    const ridesClaimed = await claim(made.account, secrets)
    return { account: meOf({ ...made.account, look }), codes: made.codes, ridesClaimed }
  })

  app.post('/api/account/session', async (request, reply): Promise<SignedInAnswer> => {
    const address = hearPhrase(request)
    const { secrets, ...given } = parseBody(signInBody, request.body)
    const { account, token } = await accounts.signIn(given, address)
    setSession(request, reply, token)
    return { account: meOf(account), ridesClaimed: await claim(account, secrets) }
  })

  app.post('/api/account/recover', async (request, reply): Promise<SignedInAnswer> => {
    const address = hearPhrase(request)
    const { account, token } = await accounts.recover(parseBody(recoverBody, request.body), address)
    setSession(request, reply, token)
    return { account: meOf(account), ridesClaimed: 0 }
  })

  app.post('/api/account/session/end', async (request, reply) => {
    change(request)
    parseBody(emptyBody, request.body)
    const who = await whoAsks(accounts, request)
    if (who !== undefined) await accounts.signOut(who)
    setSession(request, reply, undefined)
    return await reply.code(204).send()
  })

  app.post('/api/account/sessions/end', async (request, reply) => {
    change(request)
    parseBody(emptyBody, request.body)
    await accounts.signOutEverywhere(await mustBeSomebody(accounts, request))
    setSession(request, reply, undefined)
    return await reply.code(204).send()
  })

  app.post('/api/account/phrase', async (request, reply) => {
    const address = hearPhrase(request)
    await accounts.changePhrase(await mustBeSomebody(accounts, request), parseBody(phraseBody, request.body), address)
    return await reply.code(204).send()
  })

  app.post('/api/account/codes', async (request) => {
    const address = hearPhrase(request)
    const who = await mustBeSomebody(accounts, request)
    return { codes: await accounts.renewCodes(who, parseBody(proofBody, request.body).phrase, address) }
  })

  app.post('/api/account/delete', async (request, reply) => {
    const address = hearPhrase(request)
    const who = await mustBeSomebody(accounts, request)
    const riders = await accounts.delete(who, parseBody(proofBody, request.body).phrase, address)
    for (const uuid of riders) await recorder().forget(uuid)
    setSession(request, reply, undefined)
    return await reply.code(204).send()
  })

  app.post('/api/account/claim', async (request) => {
    change(request)
    const { account } = await mustBeSomebody(accounts, request)
    return { ridesClaimed: await claim(account, parseBody(claimBody, request.body).secrets) }
  })

  app.get('/api/account/export', async (request, reply) => {
    limit(exports, request)
    refuseUntilReady(doors)
    const who = await mustBeSomebody(accounts, request)
    const name = `gruppetto-${fileDate(doors.clock.wallMs())}.zip`
    void reply.type('application/zip').header('content-disposition', `attachment; filename="${name}"`)
    return await reply.send(
      Readable.from(zipOf(everythingOf({ people: people(), safety: safety(), work }, who, doors.clock.wallMs()))),
    )
  })

  app.get('/api/me', async (request): Promise<MeAnswer> => {
    limit(asks, request)
    refuseUntilReady(doors)
    return meOf((await mustBeSomebody(accounts, request)).account)
  })

  app.post('/api/me', async (request): Promise<MeAnswer> => {
    change(request)
    const { account } = await mustBeSomebody(accounts, request)
    const given = parseBody(meBody, request.body)
    const name = given.name === undefined ? account.name : cleanName(given.name)
    const profile = given.profile ?? account.profile
    if (!(await people().setProfile(account.id, { name, nameKey: nameKeyOf(name), profile })))
      throw new AppError('ERR_NAME_TAKEN', 'Somebody else has an account by this name; take another one.')
    if (given.look !== undefined) await people().setLook(account.id, given.look)
    return meOf({ ...account, name, profile, look: given.look ?? account.look })
  })

  /** A look chosen while riding, a guest's too. */
  app.post('/api/look', async (request, reply) => {
    limit(asks, request)
    refuseUntilReady(doors)
    const { secret, look } = parseBody(riderLookBody, request.body)
    doors.rides.dress(secret, look)
    const rider = await doors.riderBySecret(hashSecret(secret))
    if (rider !== undefined) await people().setRiderLook(rider.id, look)
    return await reply.code(204).send()
  })

  app.get('/api/me/friends', async (request): Promise<FriendsAnswer> => {
    limit(asks, request)
    refuseUntilReady(doors)
    const { account } = await mustBeSomebody(accounts, request)
    const riding = new Map<string, NonNullable<FriendsAnswer['friends'][number]['riding']>>()
    const places = new Map(
      doors.rides.rooms.filter(isForAnybody).flatMap((room) =>
        [...room.riding()].map(({ uuid, riderId }) => {
          const { id: mapId, name: mapName } = room.plan.world.map
          return [uuid, { roomId: room.roomId, riderId: Number(riderId), mapId, mapName }] as const
        }),
      ),
    )
    for (const [uuid, accountId] of await people().accountsOf([...places.keys()])) {
      riding.set(accountId, places.get(uuid)!)
    }
    const friends = []
    for (const { id, name } of await people().friends(account.id)) {
      const place = riding.get(id)
      // Both sides have to name the other: nobody is followed by who merely saw them on the road.
      const isSeen =
        place !== undefined &&
        (await people().account(id))?.profile.isSeenByFriends === true &&
        (await people().friends(id)).some((theirs) => theirs.id === account.id)
      friends.push({ id, name, riding: isSeen ? place : null })
    }
    return { friends }
  })

  app.post('/api/me/friends', async (request, reply) => {
    change(request)
    const { account } = await mustBeSomebody(accounts, request)
    const given = parseBody(friendBody, request.body)
    const friendId = 'id' in given ? given.id : await accountOnRoad(given.roomId, given.riderId)
    if ((await people().friends(account.id)).length >= FRIENDS_MAX)
      throw new AppError('ERR_TOO_MANY', `A list of friends has at most ${FRIENDS_MAX} names.`, {
        reason: 'friends-full',
      })
    const isThere = friendId !== undefined && friendId !== account.id
    if (!isThere || !(await people().addFriend(account.id, friendId)))
      throw new AppError('ERR_RIDER_UNKNOWN', 'This rider has no account here (guests have none), or is yourself.')
    return await reply.code(204).send()
  })

  app.post('/api/me/friends/remove', async (request, reply) => {
    change(request)
    const { account } = await mustBeSomebody(accounts, request)
    await people().removeFriend(account.id, parseBody(unfriendBody, request.body).id)
    return await reply.code(204).send()
  })

  /** Who met by a link met among themselves: it is not for us to tell others of their road. */
  function isForAnybody({ plan, state }: RideRoom): boolean {
    return (
      plan.kind !== 'meet' ||
      doors
        .meets()
        .list()
        .some(({ id }) => id === state.meetId)
    )
  }

  async function accountOnRoad(roomId: string, riderId: number): Promise<string | undefined> {
    const room = doors.rides.rooms.find((one) => one.roomId === roomId)
    const there = room === undefined ? [] : [...room.riding()]
    const uuid = there.find((one) => Number(one.riderId) === riderId)?.uuid
    return uuid === undefined ? undefined : (await people().accountsOf([uuid])).get(uuid)
  }
}

function meOf({ id, name, profile, look }: Account): MeAnswer {
  return { id, name, profile, look: look ?? null }
}

/** All that is kept of a person, for taking away. [A28] */
async function* everythingOf(
  { people, safety, work }: { people: PeopleStore; safety: SafetyStore; work: RideWork },
  { account }: Who,
  nowMs: number,
): AsyncGenerator<ZipEntry> {
  const json = (name: string, value: unknown): ZipEntry => ({
    ...{ name, atMs: nowMs },
    bytes: Buffer.from(`${JSON.stringify(value, undefined, 2)}\n`),
  })
  const key = personKeys.account(account.id)
  yield json('account.json', {
    ...{ ...meOf(account), friends: await people.friends(account.id) },
    avoided: (await safety.avoidedBy([key])).map(({ name, kind }) => ({ name, kind })),
    reported: await safety.reportsBy(key),
  })
  const owner = { accountId: account.id, secretHashes: [] }
  const rides: unknown[] = []
  for (let beforeMs = Date.UTC(9000, 0, 1); ;) {
    const page = await people.rides(owner, { beforeMs, limit: PAGE })
    for (const { id, head, summary, isPublic } of page) {
      rides.push({ ...head, isPublic, summary })
      const bytes = await people.rideBytes(id)
      if (bytes === undefined) continue // Erased meanwhile.
      const fit = await work.fit(bytes, summary)
      yield { name: `rides/${fileDate(head.startMs)}-${id.slice(0, 8)}.fit`, bytes: fit, atMs: head.startMs }
    }
    if (page.length < PAGE) break
    beforeMs = page.at(-1)!.head.startMs
  }
  yield json('rides.json', rides)
}

function definedOf<T extends object>(part: T | undefined): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(part ?? {}).filter(([, value]) => value !== undefined)) as never
}
