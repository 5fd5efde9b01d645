import { Room } from '@colyseus/core'
import { schema, type SchemaType, t } from '@colyseus/schema'
import type { EventPhase } from '../http/shapes.ts'
import { MESSAGES_PER_S_MAX, SEAT_TTL_S, takePermit } from './seats.ts'

const LobbyRide = schema(
  {
    roomId: t.string(),
    kind: t.string(),
    mapId: t.string(),
    mapName: t.string(),
    riders: t.uint16(),
    bots: t.uint16(),
  },
  'LobbyRide',
)
const LobbyEvent = schema(
  {
    id: t.string(),
    title: t.string(),
    mapId: t.string(),
    laps: t.uint16(),
    phase: t.string(),
    roomId: t.string(),
    entries: t.uint16(),
    /** ms since 1970; 0: by hand. */
    startsAtMs: t.float64(),
  },
  'LobbyEvent',
)
/** Somebody on a road that is always open. */
const LobbyRider = schema(
  {
    roomId: t.string(),
    id: t.uint32(),
    name: t.string(),
    isBot: t.boolean(),
    wattsPerKg: t.float32(),
  },
  'LobbyRider',
)
/** A meet-up that everybody may see. */
const LobbyMeet = schema(
  {
    id: t.string(),
    title: t.string(),
    mapName: t.string(),
    isTogether: t.boolean(),
    phase: t.string(),
    roomId: t.string(),
    riders: t.uint16(),
    /** ms since 1970. */
    startsAtMs: t.float64(),
  },
  'LobbyMeet',
)
export const LobbyState = schema(
  { rides: t.map(LobbyRide), events: t.map(LobbyEvent), riders: t.map(LobbyRider), meets: t.map(LobbyMeet) },
  'LobbyState',
)
export type LobbyState = SchemaType<typeof LobbyState>

/** What is on, and where. */
export interface Overview {
  readonly rides: readonly {
    readonly roomId: string
    readonly kind: 'free' | 'event' | 'meet'
    readonly mapId: string
    readonly mapName: string
    readonly riders: number
    readonly bots: number
  }[]
  readonly events: readonly {
    readonly id: string
    readonly title: string
    readonly mapId: string
    readonly laps: number
    readonly phase: EventPhase
    readonly roomId: string
    readonly entries: number
    readonly startsAtMs: number
  }[]
  /** On roads that are always open; not all where there are many. */
  readonly riders: readonly {
    readonly roomId: string
    readonly id: number
    readonly name: string
    readonly isBot: boolean
    readonly wattsPerKg: number
  }[]
  readonly meets: readonly {
    readonly id: string
    readonly title: string
    readonly mapName: string
    readonly isTogether: boolean
    readonly phase: string
    readonly roomId: string
    readonly riders: number
    readonly startsAtMs: number
  }[]
}

export interface LobbyPlan {
  overview(): Overview
}

/** Listeners only; once a second it says what has changed. */
export class LobbyRoom extends Room<{ state: LobbyState }> {
  override state = new LobbyState()
  override maxClients = 5000
  override autoDispose = false
  override patchRate = 1000
  override maxMessagesPerSecond = MESSAGES_PER_S_MAX
  override seatReservationTimeout = SEAT_TTL_S
  plan!: LobbyPlan

  override onCreate(options: unknown): void {
    this.plan = takePermit<LobbyPlan>(options)
    this.refresh()
    this.clock.setInterval(() => this.refresh(), 1000)
  }

  refresh(): void {
    const { rides, events, riders, meets } = this.plan.overview()
    sync(
      this.state.rides,
      rides,
      (ride) => ride.roomId,
      () => new LobbyRide(),
    )
    sync(
      this.state.events,
      events,
      (event) => event.id,
      () => new LobbyEvent(),
    )
    sync(
      this.state.riders,
      riders,
      ({ roomId, id }) => `${roomId} ${id}`,
      () => new LobbyRider(),
    )
    sync(
      this.state.meets,
      meets,
      (meet) => meet.id,
      () => new LobbyMeet(),
    )
  }
}

/** Makes the map hold exactly these, touching only what differs. */
function sync<S extends object, V extends object>(
  map: {
    get(key: string): S | undefined
    set(key: string, value: S): unknown
    delete(key: string): unknown
    keys(): Iterable<string>
  },
  values: readonly V[],
  keyOf: (value: V) => string,
  create: () => S,
): void {
  const wanted = new Set(values.map(keyOf))
  for (const key of [...map.keys()]) if (!wanted.has(key)) map.delete(key)
  for (const value of values) {
    const known = map.get(keyOf(value))
    const entry = Object.assign(known ?? create(), value)
    if (known === undefined) map.set(keyOf(value), entry)
  }
}
