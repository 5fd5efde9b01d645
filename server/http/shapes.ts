import { z } from 'zod'
import { NAME_LENGTH_MAX, WEBRTC_OFFER_CHARS_MAX } from '#protocol/limits'
import { lookBody } from '../room/looks.ts'
import type { PulseSecond } from '../room/pulse.ts'

/** What the HTTP doors accept and answer. The browser and the bridge build their own types to these shapes. */

const riderSecret = z.string().regex(/^[A-Za-z0-9_-]{43}$/) // 256 bits, base64url

export const tokenBody = z.union(
  [
    z.strictObject({
      protocol: z.int(),
      seat: z.strictObject({ roomId: z.string().max(64), sessionId: z.string().max(64) }),
      use: z.enum(['ride', 'watch']).optional(),
    }),
    z.strictObject({ protocol: z.int(), secret: riderSecret, use: z.enum(['ride', 'watch']).optional() }),
    z.strictObject({ protocol: z.int(), watchKey: riderSecret }),
    // Looks on from a pacer's wheel: what a test of the line does. '': on the permanent road.
    z.strictObject({ protocol: z.int(), lookOn: z.string().max(64) }),
    z.strictObject({ protocol: z.int(), code: z.string().min(4).max(16), use: z.enum(['ride', 'watch']) }),
  ],
  { error: 'not "protocol" with one of "seat", "secret", "watchKey", "lookOn", or "code" and "use"' },
)
export type TokenBody = z.infer<typeof tokenBody>

export interface TokenAnswer {
  /** Sealed by the server; base64url. */
  readonly token: string
  /** ChaCha20-Poly1305, base64url; used by the UDP carrier. */
  readonly keys: { readonly up: string; readonly down: string }
  readonly datagram: { readonly host: string; readonly port: number }
  /** The secret comes with a new rider only; to a `watch` by code comes a key that is good for watching again. */
  readonly rider: {
    readonly id: number
    readonly name: string
    readonly secret?: string
    /** To a bridge by code: with it buttons at its handlebar reach the rider's pages. */
    readonly buttonKey?: string
    readonly watchKey?: string
  }
  readonly room: { readonly id: string; readonly mapId: string; readonly mapHash: string; readonly tick: number }
}

/** POST /api/away: a page that closes says so; the answer is empty. */
export const awayBody = z.strictObject({ secret: riderSecret })

/** POST /api/press: a button at the handlebar, from the bridge that has it to its rider's pages. */
export const pressBody = z
  .strictObject({
    secret: riderSecret.optional(),
    key: z.string().min(8).max(64).optional(),
    device: z.string().max(200),
    name: z.string().regex(/^[a-z0-9-]{1,24}$/),
    isDown: z.boolean(),
    value: z.int().min(0).max(255),
  })
  .refine(({ secret, key }) => (secret === undefined) !== (key === undefined), 'a secret, or a key')

/** POST /api/companion: a phone pairs by the rider's code; the key is good until the rider takes it back. */
export const companionBody = z.strictObject({ code: z.string().min(4).max(16) })
export interface CompanionAnswer {
  readonly key: string
  readonly rider: { readonly id: number; readonly name: string }
  readonly room: { readonly id: string; readonly mapId: string }
}

/** POST /api/events/:id/notice: the organiser says something to everybody in a race. */
export const noticeBody = z.strictObject({ text: z.string().min(1).max(800) })

export const pairBody = z.strictObject({ secret: riderSecret })
export interface PairAnswer {
  readonly code: string
  readonly expiresInS: number
}

/** What a browser hands to `POST /matchmake/joinOrCreate/ride` or `/matchmake/joinById/:roomId`. */
export const joinOptions = z
  .strictObject({
    /** Cleaned to at most NAME_LENGTH_MAX code points. */
    name: z.string().max(NAME_LENGTH_MAX * 8),
    massKg: z.number().min(30).max(200),
    heightM: z.number().min(1).max(2.5),
  })
  .partial()
  .extend({
    /** Which road; without it the permanent one. */
    mapId: z.string().max(64).optional(),
    /** A route of that road to begin on; without it free, at the usual place. */
    routeId: z.string().max(64).optional(),
    /** As chosen in the garage; without it the house dresses the rider. */
    look: lookBody.optional(),
    /** A rider of that room, by number: one comes onto the road just behind them, where that can be. */
    with: z.int().min(1).max(0xffffffff).optional(),
    /** What this browser keeps for good: blocks hold by it, whatever a guest is called (room/persons.ts). */
    guest: riderSecret.optional(),
    /** Slow facts of a rider who exists already. */
    secret: riderSecret.optional(),
    /** Slow facts only, no rider. */
    isSpectator: z.boolean().optional(),
  })

/** GET /health. `isReady` turns true when the store is open and riders can come; the page draws before. */
export interface Health {
  readonly isReady: boolean
  readonly version: string
  readonly protocol: number
  /** What is being waited for, or ''. */
  readonly waitingFor: string
  readonly uptimeS: number
}

/** GET /api/worlds */
export interface WorldsAnswer {
  readonly worlds: readonly {
    readonly mapId: string
    readonly mapHash: string
    readonly name: string
    readonly roadM: number
    readonly lowestM: number
    readonly highestM: number
    readonly routes: readonly {
      readonly id: string
      readonly name: string
      /** From the pen to the line with one lap, and a lap; the same where there is none. */
      readonly lengthM: number
      readonly lapM: number
      readonly climbM: number
      readonly isLap: boolean
    }[]
    /** Rooms riding there now. */
    readonly rooms: readonly {
      readonly id: string
      readonly kind: 'free' | 'event'
      /** People; bots are counted apart. */
      readonly riders: number
      readonly bots: number
      /** Some of them, people first: whom one may join. Meet-ups tell of themselves, to who has their link. */
      readonly who: readonly RiderNow[]
    }[]
  }[]
}

/** Somebody on a road now. */
export interface RiderNow {
  readonly id: number
  readonly name: string
  readonly isBot: boolean
  /** As measured now, over the weight others may know (to five kilograms). */
  readonly wattsPerKg: number
}

/** GET /api/worlds/:id/plan: what a picker draws of a road. */
export interface PlanAnswer {
  /** Every road from above, m east and north of the lowest of each: x, y, x, y … */
  readonly roads: readonly (readonly number[])[]
  readonly widthM: number
  readonly heightM: number
  readonly routes: readonly {
    readonly id: string
    /** The way it takes, like `roads`; heights at even steps along it, m. */
    readonly line: readonly number[]
    readonly profileM: readonly number[]
    /** The steepest hundred metres up. */
    readonly steepest: number
  }[]
  readonly segments: readonly {
    readonly id: string
    readonly name: string
    readonly kind: string
    readonly lengthM: number
    readonly climbM: number
  }[]
}

/** POST /api/meets: anybody. */
export const meetBody = z.strictObject({
  title: z.string().max(240),
  /** Who makes it, as others read it. */
  name: z.string().max(240),
  mapId: z.string().max(64),
  routeId: z.string().max(64).optional(),
  laps: z.int().min(1).max(50).optional(),
  /** ISO 8601 with zone; without it now. */
  startsAt: z.iso.datetime({ offset: true }).optional(),
  /** W/kg; without it open. */
  paceWkg: z.strictObject({ low: z.number().min(0.5).max(8), high: z.number().min(0.5).max(8) }).optional(),
  isTogether: z.boolean(),
  /** Shown to everybody; else for who has the link. */
  isListed: z.boolean(),
})
export type MeetBody = z.infer<typeof meetBody>

/** POST /api/meets/:id/remove: by the key that came with it, or the organiser's token. */
export const meetRemoveBody = z.strictObject({ key: z.string().max(64).optional() })

/** GET /api/meets (`{ meets }`, those that are listed) and /api/meets/:id. */
export interface MeetAnswer {
  readonly id: string
  readonly title: string
  readonly mapId: string
  readonly mapHash: string
  readonly mapName: string
  readonly routeId: string
  readonly routeName: string
  readonly laps: number
  readonly lengthM: number
  readonly climbM: number
  readonly isLap: boolean
  readonly paceWkg: { readonly low: number; readonly high: number } | null
  readonly isTogether: boolean
  readonly isListed: boolean
  readonly madeBy: string
  readonly startsAt: string
  /** By the server's clock; negative after it began. */
  readonly startsInMs: number
  /** planned: its room is not open yet · waiting: riders stand in the pen · riding */
  readonly phase: 'planned' | 'waiting' | 'riding'
  readonly roomId: string | null
  /** Who is there; some of them by name. */
  readonly riders: readonly string[]
  readonly riderCount: number
}
export interface MeetCreated extends MeetAnswer {
  /** Calls the meet-up off; shown once. */
  readonly key: string
}

/** POST /api/tracks?name=hill.gpx, the file as the body: a road to meet on. */
export interface TrackAnswer {
  readonly mapId: string
  readonly name: string
  readonly routeId: string
  readonly lengthM: number
  readonly climbM: number
  readonly isLap: boolean
  /** What was put right in the recording. */
  readonly repairs: readonly string[]
}

/** GET /api/rooms/:id/weather: what holds now, and what was announced; oldest first. Numbers as in `physics/weather`. */
export interface RoomWeatherAnswer {
  readonly tick: number
  readonly spells: readonly {
    readonly fromTick: number
    readonly windEastMps: number
    readonly windNorthMps: number
    readonly gustShare: number
    readonly seaLevelC: number
    readonly isWet: boolean
  }[]
  /** What the sky is and becomes (`physics/sky`); oldest first. */
  readonly skies: readonly {
    readonly fromTick: number
    readonly easeTicks: number
    readonly hourH: number
    readonly dayPace: number
    readonly cloudShare: number
    readonly hazeShare: number
    readonly rainShare: number
    readonly wetShare: number
    readonly snowLineM: number
  }[]
}

const share = z.number().min(0).max(1)
/** POST /api/rooms/:id/weather, organiser only: what it shall be; what is not named stays. */
export const weatherBody = z
  .strictObject({
    windMps: z.number().min(0).max(20),
    /** 0 north, 90 east. */
    windFromDeg: z.number().min(0).max(360),
    gustShare: share,
    temperatureC: z.number().min(-30).max(50),
    hourH: z.number().min(0).max(24),
    dayPace: z.number().min(0).max(240),
    cloudShare: share,
    hazeShare: share,
    rainShare: share,
    /** Water on the road; without it what the rain makes. */
    wetShare: share,
    /** Without it, where the air has 1 °C. */
    snowLineM: z.number().min(-1000).max(9000),
    /** Sun, clouds and rain change over this time; wind at once. */
    overS: z.number().min(0).max(3600),
  })
  .partial()
export type WeatherBody = z.infer<typeof weatherBody>
/** From this tick on; riders are told ahead of it. */
export interface WeatherChanged {
  readonly fromTick: number
}

/** GET /api/pulse?room=…: how that room's last two minutes went; the permanent road's without `room`. */
export interface PulseAnswer {
  readonly room: string
  readonly tick: number
  readonly seconds: readonly PulseSecond[]
}

/** GET /api/reach: what there is to reach, and who asks as the server sees it. For `gruppetto doctor` and /net. */
export interface ReachAnswer {
  readonly version: string
  readonly protocol: number
  /** ms since 1970. */
  readonly wallMs: number
  /** Address of who asks, as it arrived; a proxy on the server's machine names it. */
  readonly you: string
  /** Where bridges send datagrams. `isSet`: by GRUPPETTO_ADVERTISED_HOST, not made of the name that was asked for. */
  readonly datagram: { readonly host: string; readonly port: number; readonly isSet: boolean }
  readonly webrtc: { readonly state: string; readonly reason: string; readonly port: number; readonly peers: number }
  /** The server listens for this machine only. */
  readonly isLocal: boolean
}

/** GET /api/sessions, organiser only: counters since each session began; who looks twice knows the rate. */
export interface SessionsAnswer {
  readonly atMs: number
  readonly sessions: readonly SessionRow[]
}
export interface SessionRow {
  readonly room: string
  readonly mapId: string
  readonly id: number
  readonly riderId: number
  readonly name: string
  readonly use: 'ride' | 'watch'
  readonly carrier: string
  readonly forS: number
  readonly silentMs: number
  readonly rttMs: number
  readonly inView: number
  /** By the names of protocol/net-stats.ts. */
  readonly counts: Readonly<Record<string, number>>
}

/** POST /api/webrtc */
export const webrtcBody = z.strictObject({ sdp: z.string().max(WEBRTC_OFFER_CHARS_MAX) })
export interface WebrtcAnswer {
  readonly sdp: string
}

/** POST /api/events, organiser only. */
export const eventBody = z.strictObject({
  title: z.string().min(1).max(80),
  mapId: z.string().max(64),
  /** A route of that map; without it its first. */
  routeId: z.string().max(64).optional(),
  laps: z.int().min(1).max(100),
  /** ISO 8601 with zone; the countdown starts by itself. Without it the organiser starts by hand. */
  startsAt: z.iso.datetime({ offset: true }).optional(),
  /** Riders by script who sign up at once. */
  bots: z.int().min(0).max(100).optional(),
})
export type EventBody = z.infer<typeof eventBody>

/** planned: not open yet · open: riders sign up and wait in the pen · countdown · racing · provisional: all in, or stopped · closed */
export type EventPhase = 'planned' | 'open' | 'countdown' | 'racing' | 'provisional' | 'closed'

export interface EventAnswer {
  readonly id: string
  readonly title: string
  readonly mapId: string
  readonly mapHash: string
  readonly routeId: string
  readonly laps: number
  readonly startsAt: string | null
  readonly phase: EventPhase
  /** The race's own ride room; null until it is open, and after it is closed. */
  readonly roomId: string | null
  readonly entries: readonly EntryAnswer[]
}
export interface EntryAnswer {
  readonly id: string
  readonly riderId: number
  readonly name: string
  readonly isBot: boolean
  readonly bib: number
}

/** POST /api/events/:id/entries: the rider's resume secret in the room where she rides now, or a name and body. */
export const entryBody = z.union([
  z.strictObject({ secret: riderSecret }),
  z.strictObject({ bots: z.int().min(1).max(100) }), // organiser only
])
/** The entry, and the secret that makes tokens (and the Colyseus join) in the event's room. */
export interface EntryCreated extends EntryAnswer {
  readonly roomId: string
  readonly secret: string
}

/** POST /api/events/:id/open, organiser only; the weather of the race's room, else that of the house. */
export const openBody = z.strictObject({ weather: weatherBody.optional() })

/** POST /api/events/:id/start, organiser only. */
export const startBody = z.strictObject({ inS: z.int().min(1).max(3600).optional() })

/** POST /api/events/:id/decisions, organiser only. */
export const decisionBody = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('disqualify'), riderId: z.int(), reason: z.string().min(1).max(200) }),
  z.strictObject({
    kind: z.literal('penalty'),
    riderId: z.int(),
    penaltyMs: z.int().min(1).max(3_600_000),
    reason: z.string().min(1).max(200),
  }),
  z.strictObject({ kind: z.literal('reinstate'), riderId: z.int(), reason: z.string().min(1).max(200) }),
])
export type DecisionBody = z.infer<typeof decisionBody>

/** GET /api/events/:id/board: the race now, in order. */
export interface BoardAnswer {
  readonly phase: EventPhase
  readonly tick: number
  /** Counts down before the start, then up. */
  readonly clockMs: number
  readonly rows: readonly {
    readonly place: number
    readonly riderId: number
    readonly name: string
    readonly isBot: boolean
    readonly lap: number
    readonly distanceM: number
    readonly gapMs: number
    readonly finishedMs: number | null
  }[]
}

/** GET /api/events/:id/results */
export interface ResultsAnswer {
  readonly eventId: string
  readonly title: string
  readonly isProvisional: boolean
  readonly revision: number
  readonly mapHash: string
  readonly laps: number
  readonly rows: readonly ResultRow[]
}
export interface ResultRow {
  readonly place: number | null
  readonly status: 'FIN' | 'DNF' | 'DNS' | 'DSQ'
  readonly riderId: number
  readonly bib: number
  readonly name: string
  readonly isBot: boolean
  readonly timeMs: number | null
  readonly gapMs: number | null
  readonly penaltyMs: number
}

/** Every refusal of every door. */
export interface ErrorAnswer {
  readonly error: string
  readonly message: string
  /** Which of the code's sentences it is, for pages in other languages. */
  readonly reason?: string
}
