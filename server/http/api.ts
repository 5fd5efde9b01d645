import type { FastifyInstance, FastifyRequest } from 'fastify'
import { PROTOCOL_VERSION } from '#protocol/limits'
import { routeTotals } from '#maps/routes'
import { presentIn, whoIn } from '../room/overview.ts'
import { AppError } from '../errors.ts'
import type { Found } from '../room/ride-directory.ts'
import { parseBody } from './app.ts'
import type { Doors } from './doors.ts'
import { isOwnMachine, peerAddress } from './peer-address.ts'
import { RateLimit } from './rate-limit.ts'
import {
  awayBody,
  type Health,
  type PairAnswer,
  pairBody,
  type TokenAnswer,
  type TokenBody,
  tokenBody,
  type WebrtcAnswer,
  webrtcBody,
  type WorldsAnswer,
} from './shapes.ts'

/** A household behind one address reconnects at once; a script that asks without end is slowed down. */
const ASK_RATE = { burst: 300, perS: 30 }
/** Wrong codes and secrets: guessing six characters at this rate takes centuries. */
export const WRONG_RATE = { burst: 20, perS: 0.2 }

/** What riders ask: is it there, where can I ride, let me in. */
export function addApi(app: FastifyInstance, doors: Doors): void {
  const { clock } = doors
  const asks = new RateLimit(doors.askRate ?? ASK_RATE, clock)
  const looks = new RateLimit(doors.askRate ?? ASK_RATE, clock)
  const wrongs = new RateLimit(WRONG_RATE, clock)
  const startedMs = clock.nowMs()

  app.get('/health', async (): Promise<Health> => {
    const waitingFor = doors.waitingFor()
    const uptimeS = Math.round((clock.nowMs() - startedMs) / 1000)
    return { isReady: waitingFor === '', version: doors.version, protocol: PROTOCOL_VERSION, waitingFor, uptimeS }
  })

  app.get('/api/worlds', async (request): Promise<WorldsAnswer> => {
    limit(looks, request)
    return {
      worlds: [...doors.worlds.values()].map(({ map, network, mapHash, roadM, lowestM, highestM }) => ({
        mapId: map.id,
        mapHash,
        name: map.name,
        roadM,
        lowestM,
        highestM,
        routes: network.routes.map((route) => ({
          ...{ id: route.id, name: route.name, isLap: route.isLap },
          ...{ lapM: route.isLap ? route.lapM : routeTotals(route, 1).lengthM, ...routeTotals(route, 1) },
        })),
        rooms: doors.rides.rooms
          // A meet-up tells of itself, to who has its link.
          .filter((room) => room.ride.mapId === map.id && room.plan.kind !== 'meet')
          .map((room) => ({
            ...{ id: room.roomId, kind: room.plan.kind as 'free' | 'event' },
            ...{ ...presentIn(room.state.riders.values()), who: whoIn(room) },
          })),
      })),
    }
  })

  app.post('/api/token', async (request): Promise<TokenAnswer> => {
    limit(asks, request)
    refuseOtherProtocol(request.body)
    const body = parseBody(tokenBody, request.body)
    refuseUntilReady(doors)
    const found = await guarded(wrongs, request, async () => await findRider(doors, body))
    const use = 'watchKey' in body || 'lookOn' in body ? 'watch' : (body.use ?? 'ride')
    return answer(doors, found, { use, isGuest: 'code' in body, host: request.host })
  })

  app.post('/api/pair', async (request): Promise<PairAnswer> => {
    limit(asks, request)
    const { secret } = parseBody(pairBody, request.body)
    refuseUntilReady(doors)
    const { room, riderId } = await guarded(wrongs, request, async () => await doors.rides.bySecret(secret))
    return room.ride.pair(riderId)
  })

  app.post('/api/away', async (request, reply) => {
    limit(asks, request)
    const { secret } = parseBody(awayBody, request.body)
    doors.rides.away(secret)
    return await reply.code(204).send()
  })

  app.post('/api/webrtc', async (request): Promise<WebrtcAnswer> => {
    limit(asks, request)
    const { sdp } = parseBody(webrtcBody, request.body)
    const carrier = doors.webrtc()
    const answerSdp = await carrier.answer(sdp)
    if (answerSdp !== undefined) return { sdp: answerSdp }
    if (carrier.state === 'ready')
      throw new AppError('ERR_BAD_REQUEST', 'This is no offer that WebRTC could answer; use the WebSocket.')
    throw new AppError(
      'ERR_NOT_READY',
      `WebRTC is ${carrier.state} (${carrier.reason ?? 'it comes back by itself'}); use the WebSocket.`,
    )
  })

  // Numbers about a server are for who runs it: only where both ends are this machine, and no proxy between.
  app.get('/metrics', async (request, reply) => {
    if (!isOwnMachine(request.raw)) return reply.callNotFound()
    return await reply.type('text/plain; version=0.0.4; charset=utf-8').send(doors.metrics.text())
  })
}

export function limit(rate: RateLimit, request: FastifyRequest): void {
  if (!rate.take(peerAddress(request.raw))) throw tooMany()
}

export function refuseUntilReady(doors: Doors): void {
  const waitingFor = doors.waitingFor()
  if (waitingFor === '') return
  throw new AppError('ERR_NOT_READY', `The server is not ready (${waitingFor}); try again in a second.`)
}

function tooMany(): AppError {
  return new AppError('ERR_TOO_MANY', 'Too many requests from one address; wait a few seconds.')
}

/** Whoever keeps guessing is turned away before the next guess is looked at. */
export async function guarded<T>(wrongs: RateLimit, request: FastifyRequest, find: () => Promise<T>): Promise<T> {
  if (wrongs.isSpent(peerAddress(request.raw))) throw tooMany()
  try {
    return await find()
  } catch (error) {
    if (error instanceof AppError && (error.code === 'ERR_CODE_UNKNOWN' || error.code === 'ERR_SEAT_UNKNOWN')) {
      limit(wrongs, request)
    }
    throw error
  }
}

/** Said before anything else is looked at: an old client should hear why, not that its body is wrong. */
function refuseOtherProtocol(body: unknown): void {
  const protocol = (body as { protocol?: unknown } | null)?.protocol
  if (typeof protocol !== 'number' || protocol === PROTOCOL_VERSION) return
  const remedy = protocol < PROTOCOL_VERSION ? 'reload the page, or update the bridge' : 'update this server'
  throw new AppError(
    'ERR_PROTOCOL_VERSION',
    `This server speaks protocol ${PROTOCOL_VERSION}, you speak ${protocol}; ${remedy}.`,
  )
}

async function findRider(doors: Doors, body: TokenBody): Promise<Found> {
  if ('seat' in body) return doors.rides.bySeat(body.seat.roomId, body.seat.sessionId)
  if ('secret' in body) return await doors.rides.bySecret(body.secret)
  if ('lookOn' in body) return doors.rides.byPacer(body.lookOn)
  if ('watchKey' in body) return doors.rides.byWatchKey(body.watchKey)
  return doors.rides.byCode(body.code)
}

function answer(
  doors: Doors,
  { room, riderId, secret }: Found,
  as: { use: 'ride' | 'watch'; isGuest: boolean; host: string },
): TokenAnswer {
  const { ride } = room
  const { token, keys } = ride.issueToken(riderId, as.use)
  const watchKey = as.isGuest && as.use === 'watch' ? ride.watchKey(riderId) : undefined
  const named = { id: riderId, name: ride.facts(riderId)?.name ?? '' }
  // Good once: a code makes one key, and the rider takes all of them back at once.
  const key = as.isGuest && as.use === 'ride' ? room.companions.pair(riderId) : undefined
  const rider = { ...named, ...(watchKey && { watchKey }), ...(key && { buttonKey: key }) }
  return {
    token: base64url(token),
    keys: { up: base64url(keys.up), down: base64url(keys.down) },
    datagram: datagramAddress(doors, as.host),
    // A code lends the rider for one session; the secret would give the rider away.
    rider: secret === undefined || as.isGuest ? rider : { ...rider, secret },
    room: { id: ride.roomId, mapId: ride.mapId, mapHash: ride.mapHash, tick: ride.world.tick },
  }
}

/** Where datagrams go: what the settings say; else the name under which the asker came here, and our own port. */
export function datagramAddress({ config, udpPort }: Doors, host: string): { host: string; port: number } {
  return { host: config.advertisedHost ?? hostName(host), port: config.advertisedPort ?? udpPort() }
}

/** The name in the address bar, without its port; an IPv6 address without its brackets. */
function hostName(host: string): string {
  const url = `http://${host}`
  return URL.canParse(url) ? new URL(url).hostname.replace(/^\[|\]$/g, '') : ''
}

function base64url(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('base64url')
}
