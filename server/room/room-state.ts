import { schema, type SchemaType, t } from '@colyseus/schema'
import type { RiderLook } from './looks.ts'

/** Slow facts of a room, as Colyseus carries them to its listeners. Nothing here changes with the tick. */

export const RosterRider = schema(
  {
    id: t.uint32(),
    name: t.string(),
    isBot: t.boolean(),
    /** Nobody sees another rider's weight: `massClassKg`. Enough to draw a body. */
    massKg: t.uint8(),
    /** How the rider looks, as `client/world/rider-look.ts`: colours 0xRRGGBB, then small numbers. */
    jersey: t.uint32(),
    accent: t.uint32(),
    shorts: t.uint32(),
    helmet: t.uint32(),
    frame: t.uint32(),
    skin: t.uint32(),
    pattern: t.uint8(),
    bike: t.uint8(),
    /** On the back; 0: none. */
    number: t.uint16(),
  },
  'RosterRider',
)
export type RosterRider = SchemaType<typeof RosterRider>

export const BoardRow = schema(
  {
    place: t.uint16(),
    riderId: t.uint32(),
    lap: t.uint16(),
    gapMs: t.uint32(),
    /** From the gun; 0 while riding. */
    finishedMs: t.uint32(),
  },
  'BoardRow',
)
export type BoardRow = SchemaType<typeof BoardRow>

/** `physics/weather`, and the tick from which it holds. */
export const RoomWeather = schema(
  {
    fromTick: t.uint32(),
    windEastMps: t.float64(),
    windNorthMps: t.float64(),
    gustShare: t.float64(),
    seaLevelC: t.float64(),
    isWet: t.boolean(),
  },
  'RoomWeather',
)
export type RoomWeather = SchemaType<typeof RoomWeather>

/** `physics/sky`, the tick from which it comes, and how long it takes until it is wholly there. */
export const RoomSky = schema(
  {
    fromTick: t.uint32(),
    easeTicks: t.uint32(),
    hourH: t.float64(),
    dayPace: t.float64(),
    cloudShare: t.float64(),
    hazeShare: t.float64(),
    rainShare: t.float64(),
    wetShare: t.float64(),
    snowLineM: t.float64(),
  },
  'RoomSky',
)
export type RoomSky = SchemaType<typeof RoomSky>

/** The fastest over a segment since this ride began. */
export const BestEffort = schema(
  {
    riderId: t.uint32(),
    name: t.string(),
    ms: t.float64(),
  },
  'BestEffort',
)
export type BestEffort = SchemaType<typeof BestEffort>

export const RoomState = schema(
  {
    mapId: t.string(),
    mapHash: t.string(),
    /** 'free', or the phase of the room's event: open, countdown, racing, provisional, closed. */
    phase: t.string(),
    eventId: t.string(),
    eventTitle: t.string(),
    laps: t.uint16(),
    /** The gun, once it is set; 0 before. */
    startTick: t.uint32(),
    /** The meet-up whose room this is, ''; the tick it begins at; whether its riders are kept together (docs/meet.md). */
    meetId: t.string(),
    meetStartTick: t.uint32(),
    isTogether: t.boolean(),
    /** What holds now and what was announced, oldest first (`weather.ts`). */
    weather: t.array(RoomWeather),
    /** What the sky is and becomes, oldest first (`sky.ts`). */
    sky: t.array(RoomSky),
    /** By rider id, in decimal. */
    riders: t.map(RosterRider),
    /** By segment id. */
    efforts: t.map(BestEffort),
    /** Best first; once a second during a race. */
    board: t.array(BoardRow),
  },
  'RoomState',
)
export type RoomState = SchemaType<typeof RoomState>

export interface RosterFacts {
  readonly id: number
  readonly name: string
  readonly isBot: boolean
  /** The rider alone. */
  readonly bodyKg: number
}

/** Dressed by the house, unless a look was chosen. */
export function createRosterRider(facts: RosterFacts, look?: RiderLook): RosterRider {
  const rider = new RosterRider()
  rider.id = facts.id
  rider.name = facts.name
  rider.isBot = facts.isBot
  // A bot has nothing to hide, and its watts per kilogram are its promise.
  rider.massKg = facts.isBot ? Math.round(facts.bodyKg) : massClassKg(facts.bodyKg)
  rider.jersey = pick(JERSEYS, facts.id)
  rider.accent = pick(JERSEYS, facts.id + 5)
  rider.shorts = SHORTS
  rider.helmet = pick(JERSEYS, facts.id + 5)
  rider.frame = pick(FRAMES, Math.floor(facts.id / 3))
  rider.skin = pick(SKINS, facts.id * 5)
  rider.pattern = facts.id % PATTERNS
  rider.bike = 0
  rider.number = 0
  if (look !== undefined) Object.assign(rider, look)
  return rider
}

/** Weight is the rider's own affair; others are told it to the nearest five kilograms, enough for watts per kilogram. */
export function massClassKg(bodyKg: number): number {
  return Math.round(bodyKg / 5) * 5
}

/** Told apart at a hundred metres, against asphalt and grass. */
const JERSEYS = [
  0xe4572e, 0x17809e, 0xf3a712, 0xa8284f, 0x2e5eaa, 0xf2f0e6, 0x6b2d8c, 0xd7263d, 0x1b998b, 0xff8fa3, 0x33415c,
  0xffd23f,
]
const FRAMES = [0x1d1f24, 0xb3202a, 0xe9e9e4, 0x27476e, 0x2f6b4f, 0xd98e04, 0x6a6f78]
const SHORTS = 0x17181c
/** As many as `client/world/rider-look.ts` names. */
const PATTERNS = 8
const SKINS = [0xf1c9a5, 0x8d5524, 0xe0ac69, 0x5b3a21, 0xc68642, 0xf7d9c4]

function pick(colours: readonly number[], index: number): number {
  return colours[index % colours.length]!
}
