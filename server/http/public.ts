import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { Crossing } from '#server/event/model'
import { AppError } from '../errors.ts'
import type { Onlooker } from '../room/onlookers.ts'
import type { RideRoom } from '../room/ride-room.ts'
import { limit, refuseUntilReady } from './api.ts'
import type { Doors } from './doors.ts'
import { openEventStream } from './event-stream.ts'
import { RateLimit } from './rate-limit.ts'
import type { BoardAnswer, EventAnswer } from './shapes.ts'

const ASK_RATE = { burst: 60, perS: 6 }
const BOARD_MS = 1000

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
    const { id } = request.params
    const first = raceNow(doors, id)
    let cancel = (): void => {}
    const stream = openEventStream(request, reply, doors.clock, () => cancel())
    stream.send('board', JSON.stringify(first))
    let told = crossingsOf(doors, id).length
    const next = (): void => {
      cancel = doors.clock.after(BOARD_MS, () => {
        // An event that is taken away in the meantime ends its stream.
        if (
          !doors
            .events()
            .list()
            .some((event) => event.id === id)
        )
          return stream.close()
        const crossings = crossingsOf(doors, id)
        for (const crossing of crossings.slice(told)) stream.send('crossing', JSON.stringify(crossing))
        told = crossings.length
        stream.send('board', JSON.stringify(raceNow(doors, id)))
        next()
      })
    }
    next()
  })

  app.get('/api/public/rooms/:id/stream', (request: RoomRequest, reply) => {
    open(request)
    const room = doors.rides.rooms.find(({ roomId }) => roomId === request.params.id)
    if (room === undefined || !isShown(room))
      throw new AppError('ERR_SEAT_UNKNOWN', 'There is no such room to look at.')
    const stream = openEventStream(request, reply, doors.clock, () => room.onlookers.leave(onlooker))
    const onlooker: Onlooker = {
      onPiece: (bytes) =>
        stream.send('piece', Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64')),
      onFacts: (json) => stream.send('facts', json),
      onEnded: () => {
        stream.send('end', '{}')
        stream.close()
      },
    }
    if (!room.onlookers.come(onlooker)) {
      stream.send('full', '{}')
      stream.close()
    }
  })
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
  return { event: outline(event), clockMs, tick, rows: rows.map((row) => publicRow(row, event, room)) }
}

function publicRow(row: BoardAnswer['rows'][number], { entries }: EventAnswer, room: RideRoom | undefined): PublicRow {
  const { riderId } = row
  const riders = room?.ride.world.riders
  const at = room?.ride.world.rowOf(riderId as never)
  const powerW = riders === undefined || at === undefined ? 0 : riders.powerW[at]!
  const speedMps = riders === undefined || at === undefined ? 0 : riders.speedMps[at]!
  const massKg = room?.state.riders.get(String(riderId))?.massKg ?? 0
  return {
    ...row,
    bib: entries.find((entry) => entry.riderId === riderId)?.bib ?? 0,
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
