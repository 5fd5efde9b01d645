import type { Notice } from '#protocol/notices'
import { errorWords } from './words/errors.ts'
import { language } from './words/language.ts'
import { noticeText } from './words/notices.ts'
import type { Sky, SkySpell } from '#physics/sky'
import type { Middle } from '#physics/together'
import type { Weather, WeatherSpell } from '#physics/weather'
import { RoomSocket } from './slow-plane/room-socket.ts'
import type { RosterEntry } from './world/scene-riders.ts'

/** Slow facts of a room, as plain values. They come over Colyseus and never in a datagram. */
export interface RoomFacts {
  readonly roster: readonly RosterEntry[]
  /** 'free', or the phase of the room's event. */
  readonly phase: string
  readonly eventId: string
  readonly eventTitle: string
  readonly laps: number
  /** The gun; 0 before it is set. */
  readonly startTick: number
  /** The meet-up this room belongs to, ''; when it begins; whether the law of docs/meet.md keeps its riders together. */
  readonly meetId: string
  readonly meetStartTick: number
  readonly isTogether: boolean
  /** Best first; empty where there is no race. */
  readonly board: readonly RacePlace[]
  /** The fastest over each segment since this ride began. */
  readonly bests: readonly {
    readonly segmentId: string
    readonly riderId: number
    readonly name: string
    readonly ms: number
  }[]
  /** What weather holds, and what was announced, oldest first. */
  readonly weather: readonly WeatherSpell[]
  /** What the sky is and becomes, oldest first; none of servers that know no sky. */
  readonly sky: readonly SkySpell[]
}

export interface RacePlace {
  readonly place: number
  readonly riderId: number
  /** Laps behind the rider. */
  readonly lap: number
  /** From the gun; 0 while riding. */
  readonly finishedMs: number
}

/** What somebody said: a line, or a quick message by its number. Without `riderId` it is the road that speaks. */
export interface ChatLine {
  readonly id?: number
  readonly riderId?: number
  readonly name: string
  readonly text?: string
  readonly quick?: number
}

/** A phone's wish for its ride page; checked there, against the actions there are. */
export interface RemoteWish {
  readonly action: string
  readonly value?: number
  readonly text?: string
}

export interface RideOn {
  readonly riderId: number
  readonly name: string
  /** How often this rider was cheered in this room. */
  readonly count: number
}

/** Whom my rider avoids: as they were called then; and who of them is on this road, whatever they are called now. */
export interface Avoided {
  readonly marks: readonly { readonly id: string; readonly name: string; readonly kind: 'block' | 'mute' }[]
  readonly here: readonly { readonly riderId: number; readonly kind: 'block' | 'mute' }[]
}

/** Somebody has ridden a segment whole. */
export interface SegmentTime {
  readonly riderId: number
  readonly name: string
  readonly segmentId: string
  readonly ms: number
  readonly isBest: boolean
}

export interface RoomListener {
  onFacts(facts: RoomFacts): void
  onChat(line: ChatLine): void
  /** A sentence for this rider alone. */
  onNotice(text: string): void
  /** The organiser, to everybody. */
  onAnnouncement?(text: string): void
  onRideOn?(rideOn: RideOn): void
  /** Mine has arrived. */
  onRideOnGiven?(to: { readonly riderId: number; readonly name: string }): void
  onReported?(about: { readonly riderId: number; readonly name: string }): void
  onMarks?(marks: Avoided): void
  onRemote?(wish: RemoteWish): void
  /** A button at the handlebar that a bridge has. */
  onButton?(button: BridgeButton): void
  /** Phones that are my handlebars now. */
  onCompanions?(count: number): void
  onEffort(effort: SegmentTime): void
  /** Poses of a free-ride zone (protocol/zone-poses.ts). */
  onZone(bytes: Uint8Array): void
  /** Where the middle of those who are kept together was, once a second. */
  onMiddle?(middle: Readonly<Middle>): void
  /** The slow plane is gone for good; the fast one may ride on. */
  onLost(): void
}

interface BestOnWire {
  readonly riderId: number
  readonly name: string
  readonly ms: number
}

type WeatherOnWire = Weather & Pick<WeatherSpell, 'fromTick'>
type SkyOnWire = Sky & Pick<SkySpell, 'fromTick' | 'easeTicks'>

/** Shape of server/room/room-state.ts as it arrives. */
interface StateOnWire {
  readonly phase?: string
  readonly eventId?: string
  readonly eventTitle?: string
  readonly laps?: number
  readonly startTick?: number
  readonly meetId?: string
  readonly meetStartTick?: number
  readonly isTogether?: boolean
  readonly weather?: { forEach(visit: (spell: WeatherOnWire) => void): void }
  readonly sky?: { forEach(visit: (spell: SkyOnWire) => void): void }
  readonly board?: { forEach(visit: (row: RacePlace) => void): void }
  readonly efforts?: { forEach(visit: (best: BestOnWire, segmentId: string) => void): void }
  readonly riders?: { forEach(visit: (rider: RosterEntry) => void): void }
}

export interface BridgeButton {
  readonly device: string
  readonly name: string
  readonly isDown: boolean
  readonly value: number
}

export type Joined<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly message: string }

/** A place in a room of Colyseus: the seat that buys a token, the roster, the phase, the line of chat. */
export class RoomLink {
  readonly roomId: string
  readonly sessionId: string
  private readonly room: RoomSocket

  private constructor(room: RoomSocket) {
    this.room = room
    this.roomId = room.roomId
    this.sessionId = room.sessionId
  }

  /** A new rider on the permanent road, or on the room's. */
  static async join(options: Readonly<Record<string, unknown>>, roomId?: string): Promise<Joined<RoomLink>> {
    try {
      const room = await (roomId === undefined
        ? RoomSocket.join(location.origin, 'joinOrCreate', 'ride', options)
        : RoomSocket.join(location.origin, 'joinById', roomId, options))
      return { ok: true, value: new RoomLink(room) }
    } catch (error) {
      return { ok: false, message: sentence(error) } // Refused, or a dead line.
    }
  }

  listen(listener: RoomListener): void {
    // The first state has come with the seat, before anybody listened.
    listener.onFacts(factsOf(this.room.state as StateOnWire))
    this.room.onStateChange((state: StateOnWire) => listener.onFacts(factsOf(state)))
    this.room.onMessage('chat', (line: ChatLine) => listener.onChat(line))
    this.room.onMessage('quick', (line: ChatLine) => listener.onChat(line))
    this.room.onMessage('chat-refused', (notice: Notice) => listener.onNotice(noticeText(notice)))
    this.room.onMessage('announcement', ({ text }: { text: string }) => listener.onAnnouncement?.(text))
    this.room.onMessage('ride-on', (rideOn: RideOn) => listener.onRideOn?.(rideOn))
    this.room.onMessage('ride-on-given', (to: RideOn) => listener.onRideOnGiven?.(to))
    this.room.onMessage('reported', (about: RideOn) => listener.onReported?.(about))
    this.room.onMessage('marks', (marks: Avoided) => listener.onMarks?.(marks))
    this.room.onMessage('remote', (wish: RemoteWish) => listener.onRemote?.(wish))
    this.room.onMessage('button', (button: BridgeButton) => listener.onButton?.(button))
    this.room.onMessage('companions', ({ count }: { count: number }) => listener.onCompanions?.(count))
    this.room.onMessage('notice', (notice: Notice) => listener.onNotice(noticeText(notice)))
    this.room.onMessage('effort', (effort: SegmentTime) => listener.onEffort(effort))
    this.room.onMessage('middle', (middle: Middle) => listener.onMiddle?.(middle))
    this.room.onMessage('zone', (bytes: Uint8Array) => listener.onZone(bytes))
    this.room.onLeave(() => listener.onLost())
  }

  /** A wish for the next junction, and a route from here on; what cannot be is answered by a notice. */
  turn(turn: number): void {
    this.room.send('turn', { turn })
  }

  takeRoute(routeId: string): void {
    this.room.send('route', { routeId })
  }

  /** A pause, or its end. */
  rest(isOn: boolean): void {
    this.room.send('rest', { isOn })
  }

  say(text: string): void {
    this.room.send('chat', { text })
  }

  quick(quick: number): void {
    this.room.send('quick', { quick })
  }

  rideOn(riderId: number): void {
    this.room.send('ride-on', { riderId })
  }

  /** Blocked: neither hears of the other. Muted: I do not hear them. The server sees to it, and tells `onMarks`. */
  avoid(riderId: number, kind: 'block' | 'mute', isOn: boolean): void {
    this.room.send('avoid', { riderId, kind, isOn })
  }

  /** Takes back what a list shows. */
  hearAgain(id: string): void {
    this.room.send('hear-again', { id })
  }

  askMarks(): void {
    this.room.send('marks', {})
  }

  report(riderId: number, reason: string, words: string): void {
    this.room.send('report', { riderId, reason, words })
  }

  /** To my phones, as their page reads it. */
  tellPhones(json: string): void {
    this.room.send('phone', { json })
  }

  /** No phone is a handlebar of mine any more. */
  dropPhones(): void {
    this.room.send('companions-out', {})
  }

  async leave(): Promise<void> {
    try {
      await this.room.leave()
    } catch {
      // Gone already: that is what we wanted.
    }
  }
}

/** Plain values out of the state as it arrives. */
export function factsOf(state: StateOnWire = {}): RoomFacts {
  const roster: RosterEntry[] = []
  state.riders?.forEach((rider) => {
    const { id, name, isBot, massKg, jersey, accent, shorts, helmet, frame, skin, pattern, bike, number } = rider
    roster.push({ id, name, isBot, massKg, jersey, accent, shorts, helmet, frame, skin, pattern, bike, number })
  })
  const board: RacePlace[] = []
  state.board?.forEach(({ place, riderId, lap, finishedMs }) => board.push({ place, riderId, lap, finishedMs }))
  const bests: { segmentId: string; riderId: number; name: string; ms: number }[] = []
  state.efforts?.forEach(({ riderId, name, ms }, segmentId) => bests.push({ segmentId, riderId, name, ms }))
  const weather: WeatherSpell[] = []
  state.weather?.forEach(({ fromTick, windEastMps, windNorthMps, gustShare, seaLevelC, isWet }) => {
    weather.push({ fromTick, weather: { windEastMps, windNorthMps, gustShare, seaLevelC, isWet } })
  })
  const sky: SkySpell[] = []
  state.sky?.forEach((spell) => {
    // Field by field: what arrives has getters, which a copy would lose.
    const { fromTick, easeTicks, hourH, dayPace, cloudShare, hazeShare, rainShare, wetShare, snowLineM } = spell
    sky.push({ fromTick, easeTicks, sky: { hourH, dayPace, cloudShare, hazeShare, rainShare, wetShare, snowLineM } })
  })
  return {
    roster,
    board,
    bests,
    weather,
    sky,
    phase: state.phase ?? 'free',
    eventId: state.eventId ?? '',
    eventTitle: state.eventTitle ?? '',
    laps: state.laps ?? 0,
    startTick: state.startTick ?? 0,
    meetId: state.meetId ?? '',
    meetStartTick: state.meetStartTick ?? 0,
    isTogether: state.isTogether ?? false,
  }
}

/** The same of a state that came as JSON, where a map is an object. */
export function factsFromJson(json: Readonly<Record<string, unknown>>): RoomFacts {
  const plain = Object.entries(json).map(([key, value]) => {
    const isMap = typeof value === 'object' && value !== null && !Array.isArray(value)
    return [key, isMap ? new Map(Object.entries(value)) : value]
  })
  return factsOf(Object.fromEntries(plain) as StateOnWire)
}

function sentence(error: unknown): string {
  const message = error instanceof Error ? error.message : ''
  return language() === 'en' && /[.!?]$/.test(message) ? message : errorWords.noSeat
}
