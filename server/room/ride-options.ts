import type { RiderId, Row } from '#protocol/ids'
import type { Notice } from '#protocol/notices'
import type { Course } from '#physics/course'
import type { Sky, SkySpell } from '#physics/sky'
import type { Weather, WeatherSpell } from '#physics/weather'
import type { ZoneSite } from '#physics/zone-site'
import type { Network } from '#maps/network'
import type { Clock } from '../clock.ts'
import type { Aead } from '../net/aead.ts'
import type { RiderLook } from './looks.ts'

/** A second of a ride, for logs and metrics. */
export interface RideSecond {
  readonly tick: number
  readonly riders: number
  readonly sessions: number
  readonly samplesTaken: number
  readonly samplesRefused: number
  readonly stampExcessMs: number
  readonly droppedTicks: number
  /** The longest tick of this second: world and packets. */
  readonly stepMaxMs: number
  /** How late ticks of this second began, at most, and how many began more than a tick late. */
  readonly lateMaxMs: number
  readonly ticksLate: number
  /** Ticks of this second in which packets were spared. [D200] */
  readonly ticksSparing: number
}

/** One tick, in ms. */
export interface TickTimes {
  readonly dueMs: number
  /** From when the tick was due until it began, and until everybody's packet with news of it was handed over. */
  readonly lateMs: number
  doneMs: number
  /** The world's step, and the packets'. */
  readonly worldMs: number
  packetsMs: number
  /** Packets were spared in it. */
  readonly isSparing: boolean
}

export interface RideOptions {
  readonly clock: Clock
  readonly randomBytes: (count: number) => Uint8Array
  /** 32 bytes, of this process. */
  readonly tokenKey: Uint8Array
  /** Who seals; node:crypto unless said. */
  readonly aead?: Aead
  readonly roomId: string
  readonly mapId: string
  readonly mapHash: string
  readonly course: Course
  /** What lies along the course; without it a road of one way. */
  readonly network?: Network | undefined
  /** Where a rider appears, metre of tape. */
  readonly spawnM: number
  readonly seed: number
  readonly riderCapacity: number
  /** A rider nobody has heard from for so long leaves the road. */
  readonly leaveAfterS: number
  /** Riders a viewer is shown at most; absent: VIEW_RIDERS. */
  readonly viewRiders?: number | undefined
  /** Gets the journal, line by line. */
  readonly journal?: (line: string) => void
  readonly onSecond?: (second: RideSecond) => void
  /** Another process than this one, for its tokens: only where the same bytes must come out again. */
  readonly processId?: Uint8Array
  /** How long every tick took; for metrics. */
  readonly onTick?: (times: Readonly<TickTimes>) => void
  /** The weather the ride begins with; calm unless said. */
  readonly weather?: Weather
  /** The weather, and every change of it when it is announced: for the room's state. */
  readonly onWeather?: (spell: WeatherSpell, tick: number) => void
  /** The sky the ride begins with; none is told of unless given. */
  readonly sky?: Sky | undefined
  /** Everything that holds of the sky, and what was announced, when it changes: for the room's state. */
  readonly onSky?: (spells: readonly SkySpell[]) => void
  /** A rider is on the road, or is no more: for the roster. */
  readonly onJoined?: (rider: RiderFacts) => void
  readonly onLeft?: (riderId: RiderId) => void
  /** Free-ride zones beside the road. */
  readonly zones?: readonly ZoneSite[]
  /** Ten times a second, when there is something to see: for those near (`isNearZone`). */
  readonly onZonePoses?: (zone: number, bytes: Uint8Array) => void
  /** A rider has ridden a segment whole, for so long. */
  readonly onEffort?: (riderId: RiderId, segmentId: string, ms: number) => void
  /** A rider stands where a road ends and nothing leads on. */
  readonly onRoadEnd?: (riderId: RiderId) => void
  /** A wish of this rider's session cannot be: why. */
  readonly onRefusal?: (riderId: RiderId, why: Notice) => void
  /** An assertion failed in a tick: the ride has stopped, its journal is closed. */
  readonly onBroken?: (error: unknown) => void
}

export interface RiderFacts {
  readonly riderId: RiderId
  readonly name: string
  readonly isBot: boolean
  /** The rider alone. */
  readonly bodyKg: number
}

export interface NewRider {
  readonly name: string
  /** The rider alone. */
  readonly massKg: number
  readonly heightM: number
  /** What was chosen in the garage; a ride asks nothing of it. */
  readonly look?: RiderLook | undefined
  /** Who this guest is from one ride to the next (persons.ts); a ride asks nothing of it either. */
  readonly guestKey?: string | undefined
}

export interface Seated extends RiderFacts {
  readonly row: Row
  /** 256 bits, base64url; held by the rider's page or bridge, here only its hash. */
  readonly secret: string
}

/** Where a rider comes onto the road: on a route at one of its metres, else at a metre of tape; the spawn without. */
export interface Where {
  readonly routeId?: string | undefined
  readonly distanceM?: number | undefined
  /** Off every route, where road ridden and place are two numbers. */
  readonly placeM?: number | undefined
  readonly lateralM?: number | undefined
  readonly speedMps?: number | undefined
  readonly held?: boolean
}
