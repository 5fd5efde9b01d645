import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Crossing } from '#server/event/model'
import { AppError } from '../errors.ts'
import type { Onlooker } from '../room/onlookers.ts'
import type { RideRoom } from '../room/ride-room.ts'
import { limit, refuseUntilReady } from './api.ts'
import type { Doors } from './doors.ts'
import { type EventStream, frameOf, openEventStream } from './event-stream.ts'
import { peerAddress } from './peer-address.ts'
import { RaceStreams } from './race-streams.ts'
import { RateLimit } from './rate-limit.ts'
import type { BoardAnswer, EventAnswer } from './shapes.ts'
import { Slots } from './slots.ts'

const ASK_RATE = { burst: 60, perS: 6 }
/** Lines that stay open: a club behind one address, and a server that has other things to do. */
const LINES_MAX = { all: 1000, each: 60 }

type RoomRequest = FastifyRequest<{ Params: { id: string } }>

/** A rider of a race as everybody may know them: no weight, no heart. */
export interface PublicRow {
  readonly place: number
  readonly riderId: number
  readonly bib: number
  readonly name: string
  readonly isBot: boolean
  readonly lap: number
  /** Along the race, m. */
  readonly distanceM: number
  readonly gapMs: number
  readonly finishedMs: number | null
  readonly speedKmh: number
  readonly powerW: number
  /** From watts and the weight class that the roster tells. */
  readonly wattsPerKg: number
}

/** GET /api/public/events/:id, and each `board` of its stream. */
export interface PublicRace {
  readonly event: Pick<EventAnswer, 'id' | 'title' | 'mapId' | 'routeId' | 'laps' | 'phase' | 'startsAt' | 'roomId'>
  /** Counts down before the gun, then up. */
  readonly clockMs: number
  readonly tick: number
  readonly rows: readonly PublicRow[]
}

/**
 * What is told to everybody, from any page: races as JSON and as server-sent events, and rooms for who looks on. Nothing
 * can be done here, no cookie and no secret is read.
 */
export function addPublic(app: FastifyInstance, doors: Doors): void {
  const asks = new RateLimit(ASK_RATE, doors.clock)
  const lines = new Slots(LINES_MAX)
  const races = new RaceStreams({
    clock: doors.clock,
    now: (id) => raceNow(doors, id),
    crossings: (id) => crossingsOf(doors, id),
  })
  const open = (request: FastifyRequest): void => {
    limit(asks, request)
    refuseUntilReady(doors)
  }

  app.get('/api/public/events', async (request) => {
    open(request)
    return { events: doors.events().list().map(outline) }
  })

  app.get('/api/public/events/:id', async (request: RoomRequest): Promise<PublicRace> => {
    open(request)
    return raceNow(doors, request.params.id)
  })

  app.get('/api/public/events/:id/stream', (request: RoomRequest, reply) => {
    open(request)
    races.add(request.params.id, (onClosed) => stream(request, reply, onClosed))
  })

  app.get('/api/public/rooms/:id/stream', (request: RoomRequest, reply) => {
    open(request)
    const room = doors.rides.rooms.find(({ roomId }) => roomId === request.params.id)
    if (room === undefined || !isShown(room))
      throw new AppError('ERR_SEAT_UNKNOWN', 'There is no such room to look at.')
    const events = stream(request, reply, () => room.onlookers.leave(onlooker))
    const onlooker: Onlooker = {
      onPiece: (bytes) => events.send(pieceFrame(bytes)),
      onFacts: (json) => events.send(textFrame('facts', json)),
      onPlaces: (json) => events.send(textFrame('places', json)),
      onEnded: () => {
        events.send(END)
        events.close()
      },
    }
    if (!room.onlookers.come(onlooker)) {
      events.send(frameOf('full', '{}'))
      events.close()
    }
  })

  /** Refuses before anything is said, so that a browser hears a status. */
  function stream(request: FastifyRequest, reply: FastifyReply, onClosed: () => void): EventStream {
    const back = lines.take(peerAddress(request.raw))
    if (back === undefined)
      throw new AppError('ERR_TOO_MANY', 'Too many look on from one address, or in all; close another page of it.', {
        reason: 'onlookers-full',
      })
    return openEventStream(request, reply, doors.clock, () => {
      back()
      onClosed()
    })
  }
}

const END = frameOf('end', '{}')

/** One text for all who listen: they are told one after another, so that the last ones made are the ones asked for. */
const PIECES = new WeakMap<Uint8Array, Uint8Array>()
function pieceFrame(bytes: Uint8Array): Uint8Array {
  const known = PIECES.get(bytes)
  if (known !== undefined) return known
  const frame = frameOf('piece', Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64'))
  PIECES.set(bytes, frame)
  return frame
}

let lastText = { event: '', json: '', frame: END }
function textFrame(event: string, json: string): Uint8Array {
  if (lastText.event !== event || lastText.json !== json) lastText = { event, json, frame: frameOf(event, json) }
  return lastText.frame
}

/** Roads that are always open, and races; a meet-up is among friends. */
function isShown({ plan }: RideRoom): boolean {
  return plan.kind === 'free' || plan.kind === 'event'
}

function outline({ id, title, mapId, routeId, laps, phase, startsAt, roomId }: EventAnswer): PublicRace['event'] {
  return { id, title, mapId, routeId, laps, phase, startsAt, roomId }
}

function raceNow(doors: Doors, id: string): PublicRace {
  const event = doors.events().get(id)
  const { rows, clockMs, tick } = doors.events().board(id)
  const room = roomOf(doors, event.roomId)
  const bibs = new Map(event.entries.map((entry) => [entry.riderId, entry.bib]))
  return { event: outline(event), clockMs, tick, rows: rows.map((row) => publicRow(row, bibs, room)) }
}

function publicRow(
  row: BoardAnswer['rows'][number],
  bibs: ReadonlyMap<number | null, number>,
  room: RideRoom | undefined,
): PublicRow {
  const { riderId } = row
  const riders = room?.ride.world.riders
  const at = room?.ride.world.rowOf(riderId as never)
  const powerW = riders === undefined || at === undefined ? 0 : riders.powerW[at]!
  const speedMps = riders === undefined || at === undefined ? 0 : riders.speedMps[at]!
  const massKg = room?.state.riders.get(String(riderId))?.massKg ?? 0
  return {
    ...row,
    bib: bibs.get(riderId) ?? 0,
    distanceM: Math.round(row.distanceM * 10) / 10,
    gapMs: Math.round(row.gapMs),
    speedKmh: Math.round(speedMps * 36) / 10,
    powerW: Math.round(powerW),
    wattsPerKg: massKg > 0 ? Math.round((10 * powerW) / massKg) / 10 : 0,
  }
}

function crossingsOf(doors: Doors, id: string): readonly Crossing[] {
  const { roomId } = doors.events().get(id)
  return roomOf(doors, roomId)?.ride.world.crossings ?? []
}

function roomOf(doors: Doors, roomId: string | null): RideRoom | undefined {
  return roomId === null ? undefined : doors.rides.rooms.find((room) => room.roomId === roomId)
}
