import { createServer, type Server as HttpServer } from 'node:http'
import { matchMaker, type Room, Server, ServerError } from '@colyseus/core'
import { WebSocketTransport } from '@colyseus/ws-transport'
import type { Log } from '../log.ts'

/**
 * Everything of Colyseus that its documentation does not promise, in one file (checked against core 0.18.17 and
 * ws-transport 0.18.4): how it is mounted behind our own front door, how its permissive defaults are closed, and how a
 * reserved seat is looked up.
 */

/** Time between a reservation and its WebSocket or its token; long enough for a phone on a bad network. */
export const SEAT_TTL_S = 15
/** A WebSocket of a room carries a chat line now and then, nothing else. */
export const MESSAGES_PER_S_MAX = 10

export interface Rooms {
  /** Takes `request` and `upgrade` events from the front door; never listens. */
  readonly server: HttpServer
  close(): Promise<void>
}

/** What a client may call: not `create`, because rooms are the house's to make. */
const EXPOSED_METHODS = ['joinOrCreate', 'join', 'joinById', 'reconnect'] as const

export async function openRooms(rooms: Readonly<Record<string, new () => Room>>, log: Log): Promise<Rooms> {
  closeDefaults()
  const server = createServer()
  const transport = new BehindTheFront({ noServer: true, maxPayload: 4096 })
  transport.attachToServer(server)
  const colyseus = new Server({ transport, greet: false, gracefullyShutdown: false, logger: quiet(log) })
  for (const [name, klass] of Object.entries(rooms)) colyseus.define(name, klass)
  await colyseus.listen(0)
  return {
    server,
    async close() {
      for (const { roomId } of await matchMaker.query()) dropSeats(matchMaker.getLocalRoomById(roomId))
      await colyseus.gracefullyShutdown(false)
      transport.stop()
    },
  }
}

/** Colyseus wants to listen by itself; the front door does that, and hands over what is for rooms. */
class BehindTheFront extends WebSocketTransport {
  override listen(_port: number, _hostname?: unknown, _backlog?: unknown, onListening?: (error?: Error) => void): this {
    onListening?.()
    return this
  }

  /** The timer it starts in `attachToServer` ends only with a server that listened. */
  stop(): void {
    const { pingInterval } = this as unknown as { pingInterval?: NodeJS.Timeout }
    clearInterval(pingInterval)
    this.wss.close()
  }
}

/** By default its router reflects any Origin and allows credentials with it. The front door decides; here nothing is said. */
function closeDefaults(): void {
  const { controller } = matchMaker
  for (const name of Object.keys(controller.DEFAULT_CORS_HEADERS)) {
    delete (controller.DEFAULT_CORS_HEADERS as Record<string, string>)[name]
  }
  controller.getCorsHeaders = () => ({})
  controller.exposedMethods = [...EXPOSED_METHODS]
}

/** Its own words are for developers of rooms: errors are ours to log, the rest is not. */
function quiet(log: Log): Console {
  const drop = () => {}
  const error = (...words: unknown[]) => log.error({ from: 'colyseus' }, words.map(String).join(' '))
  return { ...console, debug: drop, info: drop, log: drop, trace: drop, warn: drop, error }
}

interface SeatTable {
  /** sessionId → [options, auth data, consumed, waiting for reconnection] */
  readonly _reservedSeats: Record<string, readonly [unknown, unknown, boolean, boolean]>
  readonly _reservedSeatTimeouts: Record<string, NodeJS.Timeout>
}

/** What `onAuth` answered for this seat, whether its WebSocket is still to come or is here; undefined: no such seat. */
export function authOfSeat(room: Room, sessionId: string): unknown {
  const client = room.clients.get(sessionId)
  if (client !== undefined) return client.auth as unknown
  const seats = (room as unknown as SeatTable)._reservedSeats
  return Object.hasOwn(seats, sessionId) ? seats[sessionId]![1] : undefined
}

/** A room that is to end waits for every seat that was reserved and not taken, up to SEAT_TTL_S: it need not. */
export function dropSeats(room: Room | undefined): void {
  if (room === undefined) return
  const { _reservedSeats: seats, _reservedSeatTimeouts: timeouts } = room as unknown as SeatTable
  for (const sessionId of Object.keys(seats)) {
    clearTimeout(timeouts[sessionId])
    delete timeouts[sessionId]
    delete seats[sessionId]
  }
}

/**
 * Whoever calls `joinOrCreate` while no room has a free seat makes Colyseus create one. Only the house may: it leaves a
 * value here under a key nobody can guess, and `onCreate` fetches it.
 */
const permits = new Map<string, unknown>()

/** Makes a room of a kind, with a value for its `onCreate` that never left this process. */
export async function createRoom<R extends Room>(kind: string, value: unknown, key: string): Promise<R> {
  permits.set(key, value)
  try {
    const { roomId } = await matchMaker.createRoom(kind, { permit: key })
    return matchMaker.getLocalRoomById(roomId) as unknown as R
  } finally {
    permits.delete(key)
  }
}

export function takePermit<T>(options: unknown): T {
  const key = (options as { permit?: unknown } | undefined)?.permit
  if (typeof key !== 'string' || !permits.has(key)) {
    throw new ServerError(409, 'Every room is full; try again later.')
  }
  return permits.get(key) as T
}
