import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { Accounts } from '../account/accounts.ts'
import type { Recorder } from '../activity/recorder.ts'
import type { RideWork } from '../activity/ride-work.ts'
import { AppError } from '../errors.ts'
import { hashSecret } from '../store/store.ts'
import type { PeopleStore, StoredRide } from '../store/people.ts'
import type { SafetyStore } from '../store/safety.ts'
import { limit, refuseUntilReady } from './api.ts'
import { parseBody } from './app.ts'
import type { Doors } from './doors.ts'
import { createOriginCheck } from './origins.ts'
import { RateLimit } from './rate-limit.ts'
import { answerOf, itemOf } from './ride-answers.ts'
import {
  lapBody,
  type RideAnswer,
  type RideEnded,
  type RideRowsAnswer,
  type RidesAnswer,
  secretBody,
  shareBody,
} from './shapes-rides.ts'
import { mustBeOurPage, ownerOf, secretsOf, whoAsks } from './who.ts'

const ASK_RATE = { burst: 120, perS: 5 }
/** Files cost work: a list is fetched one by one, an archive has a door of its own. */
const FILE_RATE = { burst: 40, perS: 0.5 }
const PAGE = 200

type RideRequest = FastifyRequest<{ Params: { id: string } }>

export interface RideDoors {
  readonly people: () => PeopleStore
  readonly safety: () => SafetyStore
  readonly accounts: Accounts
  readonly recorder: () => Recorder
  readonly work: RideWork
}

/** Rides: mine by cookie or by the secrets of this browser, others' where they are shared. What is not mine is not there. */
export function addRides(app: FastifyInstance, doors: Doors, { people, accounts, recorder, work }: RideDoors): void {
  const asks = new RateLimit(ASK_RATE, doors.clock)
  const files = new RateLimit(FILE_RATE, doors.clock)
  const isOriginAllowed = createOriginCheck(doors.config.origins)
  const { guestRidesDays } = doors.config
  const open = (request: FastifyRequest, rate = asks): void => {
    limit(rate, request)
    refuseUntilReady(doors)
  }
  const owner = async (request: FastifyRequest) => ownerOf(await whoAsks(accounts, request), secretsOf(request))

  /** The ride, and whether it is the asker's; a private one of others is as unknown as none. [A30] */
  async function seen(request: RideRequest): Promise<{ ride: StoredRide; isMine: boolean }> {
    const { id } = request.params
    const ride = await people().ride(id)
    const isMine = ride !== undefined && (await people().owns(await owner(request), id))
    if (ride === undefined || !(isMine || ride.isPublic)) throw unknownRide()
    return { ride, isMine }
  }
  async function mine(request: RideRequest): Promise<StoredRide> {
    const { ride, isMine } = await seen(request)
    if (!isMine) throw unknownRide()
    return ride
  }

  app.get('/api/rides', async (request: FastifyRequest<{ Querystring: { before?: string } }>): Promise<RidesAnswer> => {
    open(request)
    const before = Number(request.query.before ?? Number.NaN)
    const beforeMs = Number.isSafeInteger(before) && before > 0 ? Math.min(before, FAR_MS) : FAR_MS
    const rides = await people().rides(await owner(request), { beforeMs, limit: PAGE })
    return { rides: rides.map(itemOf), before: rides.length < PAGE ? null : rides.at(-1)!.head.startMs }
  })

  app.get('/api/rides/:id', async (request: RideRequest): Promise<RideAnswer> => {
    open(request)
    const { ride, isMine } = await seen(request)
    const hasFilm = (await work.film(await bytesOf(people(), ride.id))) !== undefined
    return answerOf(ride, { isMine, hasFilm, guestRidesDays })
  })

  app.get('/api/rides/:id/rows', async (request: RideRequest): Promise<RideRowsAnswer> => {
    open(request)
    const { ride, isMine } = await seen(request)
    return await work.rows(await bytesOf(people(), ride.id), isMine)
  })

  // Heartbeats are in it: for the rider only.
  app.get('/api/rides/:id/fit', async (request: RideRequest, reply) => {
    open(request, files)
    const ride = await mine(request)
    const fit = await work.fit(await bytesOf(people(), ride.id), ride.summary)
    const name = `${fileDate(ride.head.startMs)}-${ride.head.mapId.replace(/[^\w-]/g, '')}.fit`
    void reply.type('application/vnd.ant.fit').header('content-disposition', `attachment; filename="${name}"`)
    return await reply.send(Buffer.from(fit))
  })

  app.post('/api/rides/:id/share', async (request: RideRequest, reply) => {
    open(request)
    mustBeOurPage(request, isOriginAllowed)
    const { isPublic } = parseBody(shareBody, request.body)
    await people().setRidePublic((await mine(request)).id, isPublic)
    return await reply.code(204).send()
  })

  app.post('/api/rides/:id/delete', async (request: RideRequest, reply) => {
    open(request)
    mustBeOurPage(request, isOriginAllowed)
    await people().deleteRide((await mine(request)).id)
    return await reply.code(204).send()
  })

  /** The rider has stepped off: the ride is closed now, and not when silence has shown it. */
  app.post('/api/rides/end', async (request): Promise<RideEnded> => {
    open(request)
    const { secret } = parseBody(secretBody, request.body)
    const uuid = await uuidOf(secret)
    const end = await recorder().end(uuid)
    if (end.state !== 'kept') return { ride: null, isWaiting: end.state === 'waiting' }
    const { head, summary, hasFilm } = end.ride
    // An account may share all of its rides; where the store is away nothing is shared yet.
    const stored = await people()
      .ride(head.id)
      .catch(() => undefined)
    const { isPublic, isGuests } = stored ?? { isPublic: false, isGuests: false }
    const ride = { id: head.id, head, summary, isPublic, isGuests }
    return { ride: answerOf(ride, { isMine: true, hasFilm, guestRidesDays }), isWaiting: false }
  })

  app.post('/api/rides/lap', async (request, reply) => {
    open(request)
    const { secret, agoS } = parseBody(lapBody, request.body)
    if (!recorder().lap(await uuidOf(secret), agoS)) throw unknownRide()
    return await reply.code(204).send()
  })

  async function uuidOf(secret: string): Promise<string> {
    const uuid = doors.rides.uuidOf(secret) ?? (await doors.riderBySecret(hashSecret(secret)))?.id
    if (uuid === undefined) throw new AppError('ERR_SEAT_UNKNOWN', 'This rider is unknown here.')
    return uuid
  }
}

/** Later than any ride; a date that PostgreSQL can hold. */
const FAR_MS = Date.UTC(9000, 0, 1)

async function bytesOf(people: PeopleStore, rideId: string): Promise<Uint8Array> {
  const bytes = await people.rideBytes(rideId)
  if (bytes === undefined) throw unknownRide()
  return bytes
}

function unknownRide(): AppError {
  return new AppError('ERR_RIDE_UNKNOWN', 'There is no such ride, or it is not yours to see.')
}

export function fileDate(ms: number): string {
  return new Date(ms).toISOString().slice(0, 16).replace(/[T:]/g, '-')
}
