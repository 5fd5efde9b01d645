import { createHash } from 'node:crypto'
import type { RiderId, Row } from '#protocol/ids'
import { PAIRING_TTL_S, REMEMBERED_PER_RIDER, TICK_HZ, TICK_MS } from '#protocol/limits'
import { type Notice, notice } from '#protocol/notices'
import type { Course } from '#physics/course'
import { homeLineM } from '#physics/lanes'
import { shapeRider } from '#physics/rider-shape'
import { RIDER_FLAG } from '#physics/riders'
import type { ZoneSite } from '#physics/zone-site'
import type { Sky, SkySpell } from '#physics/sky'
import { CALM, type Weather, type WeatherSpell } from '#physics/weather'
import type { Network } from '#maps/network'
import { placeOnRoute } from '#maps/routes'
import type { Clock } from '../clock.ts'
import { AppError } from '../errors.ts'
import type { Aead } from '../net/aead.ts'
import { Sessions, type IssuedToken, type SessionUse } from '../net/sessions.ts'
import { Bots, racerScript } from '../world/bots.ts'
import type { Fact } from '../world/facts.ts'
import { heedWish } from '../world/heed.ts'
import { startJournal } from '../world/journal.ts'
import { Strain } from '../world/strain.ts'
import { Ticker } from '../world/ticker.ts'
import { World } from '../world/world.ts'
import { Zones } from '../world/zones.ts'
import type { RiderLook } from './looks.ts'
import { Pairings } from './pairing.ts'

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

interface Seat extends RiderFacts {
  readonly secretHash: string
  /** With bike and kit. */
  readonly massKg: number
  readonly cdaM2: number
  /** Road behind the rider when last seen, where that was, and the route ('': none). */
  distanceM: number
  placeM: number
  routeId: string
  lateralM: number
  /** Tick of the last sign of life: joining, resuming, or a sample. */
  heardTick: number
  /** A session of this rider was seen, or a sample. */
  hasCome: boolean
  /** The page said that it was closed, at this tick; undefined once anything was heard again. */
  awayTick: number | undefined
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

/** Ticks given in one call at most; a process that slept longer drops the rest and says so. */
const TICKS_AT_ONCE_MAX = 10
/** Packets are made for so long, then the sockets are read. */
const SLICE_MS = 2
/** So many late ticks in a row may have no packets of their own. */
const UNTOLD_TICKS_MAX = 3
/** Turns of the loop between two late ticks; each reads some thirty datagrams. */
const BREATHS = 8
/** Who took a seat and never came is not waited for as long: one address must not fill a road with riders who are not there. */
const NEVER_CAME_S = 60
/** Whose page was closed stands there no longer than this: a reload is back in time, and nobody rides around a ghost. */
const CLOSED_PAGE_S = 20
/** Poses of a free-ride zone go out ten times a second, to who is nearer to it than this, m. */
const ZONE_TICKS = 2
const ZONE_SEEN_M = 350
/** A change of weather is told this far ahead: it has then arrived wherever riders are carried when it holds. */
export const WEATHER_AHEAD_TICKS = 5 * TICK_HZ
/** Who drops in beside a rider comes so far behind them, then farther and farther back until there is room, m. */
const BESIDE_M = 6
const BESIDE_STEP_M = 3
const BESIDE_MAX_M = 90
/** Room for a bicycle and a moment, before and behind, m. */
const FREE_M = 2.5
/** Not faster than this: whoever is put into a descent has to look first. */
const BESIDE_MPS_MAX = 15
const NOT_ON_THE_ROAD = RIDER_FLAG.held | RIDER_FLAG.zone
/** Samples of a closing page may arrive after its last word. */
const CLOSING_S = 2

/**
 * One ride: a world, its sessions, its journal and its ticker. Clock, chance, sink and road are handed in, so the server
 * and the simulator run the same thing; a Colyseus room is a thin shell around it.
 */
export class Ride {
  readonly world: World
  readonly zones: Zones | undefined
  readonly sessions: Sessions
  readonly roomId: string
  readonly mapId: string
  readonly mapHash: string
  readonly #options: RideOptions
  readonly #bots: Bots
  readonly #pairings: Pairings
  readonly #ticker: Ticker
  readonly #seats = new Map<RiderId, Seat>()
  readonly #riderOfSecret = new Map<string, RiderId>()
  readonly #riderOfWatchKey = new Map<string, RiderId>()
  #nextRiderId = 1
  #stepMaxMs = 0
  #lateMaxMs = 0
  #ticksLate = 0
  readonly #strain = new Strain()
  #ticksSparing = 0
  /** Ticks owed and not given yet, and when the newest of them was due. */
  #owed = 0
  #newestDueMs = 0
  /** Ticks of which packets are still to tell, oldest first. */
  #untold: TickTimes[] = []
  #cancelTimer: (() => void) | undefined
  #isOver = false

  constructor(options: RideOptions) {
    this.#options = options
    const { roomId, mapId, mapHash, seed, riderCapacity, course, network, clock } = options
    this.roomId = roomId
    this.mapId = mapId
    this.mapHash = mapHash
    const room = { mapId, mapHash, seed, roomId, riderCapacity }
    const { journal } = options
    this.world = new World({
      course,
      ...(network === undefined ? {} : { network }),
      riderCapacity,
      onEffort: ({ row, segment, fromTicks, toTicks }) => {
        const { id } = this.world.network.segments[segment]!
        options.onEffort?.(this.world.riders.id[row]! as RiderId, id, (toTicks - fromTicks) * TICK_MS)
      },
      onRoadEnd: (row) => options.onRoadEnd?.(this.world.riders.id[row]! as RiderId),
      onRefusal: (row, why) => options.onRefusal?.(this.world.riders.id[row]! as RiderId, why),
      ...(journal === undefined ? {} : { journal: startJournal(room, journal) }),
    })
    if (options.zones !== undefined && options.zones.length > 0) {
      this.zones = new Zones(options.zones)
      this.world.zones = this.zones
    }
    this.#bots = new Bots(seed)
    this.world.source = this.#bots
    this.#pairings = new Pairings(options.randomBytes)
    this.#ticker = new Ticker({ tickMs: TICK_MS, ticksMax: TICKS_AT_ONCE_MAX, nowMs: clock.nowMs() })
    this.sessions = new Sessions({
      clock,
      randomBytes: options.randomBytes,
      tokenKey: options.tokenKey,
      aead: options.aead,
      viewRiders: options.viewRiders,
      roomId,
      host: this.world,
      onBroken: options.onBroken === undefined ? undefined : (error) => this.#break(error),
      ...(options.processId && { processId: options.processId }),
    })
    const { weather = CALM, onWeather } = options
    if (weather !== CALM) this.world.decide({ kind: 'weather', weather, fromTick: 0 })
    onWeather?.({ weather, fromTick: 0 }, 0)
    if (options.sky !== undefined) this.#decideSky({ fromTick: 0, easeTicks: 0, sky: options.sky })
  }

  /**
   * Lets time run: ticks come by themselves until `stop`. Where the clock can wait for the sockets (`soon`), a tick's
   * packets are made in slices, and ticks that are late follow each other no faster than what came meanwhile is read:
   * a server that is too busy to hear acks would tell everybody everything anew, and never recover.
   */
  start(): void {
    if (this.#options.clock.soon === undefined) {
      this.advance()
      this.#wait(() => this.start())
    } else if (this.#owe() === 0) this.#wait(() => this.start())
    else {
      this.#guarded(() => this.#step())
      this.#send()
    }
  }

  #wait(run: () => void): void {
    const { clock } = this.#options
    if (!this.#isOver) this.#cancelTimer = clock.after(this.#ticker.untilNextMs(clock.nowMs()), run)
  }

  /** A slice of the packets, then what came meanwhile is read; then the next tick, when it is due. */
  #send(): void {
    if (this.#owed > 0 && this.#untold.length <= UNTOLD_TICKS_MAX) {
      // The next tick is due already: its packets tell of this one too.
      this.#guarded(() => this.#closeTick())
      return this.#breathe(BREATHS)
    }
    if (this.#guarded(() => this.#sendSlice())) this.#cancelTimer = this.#options.clock.soon!(() => this.#send())
    else if (this.#owed > 0) this.#breathe(BREATHS)
    else this.#wait(() => this.start())
  }

  #breathe(turns: number): void {
    if (this.#isOver) return
    if (turns === 0) this.start()
    else this.#cancelTimer = this.#options.clock.soon!(() => this.#breathe(turns - 1))
  }

  /** Gives the ticks that are due now, at once; answers how many. */
  advance(): number {
    const ticks = this.#owe()
    this.#guarded(() => {
      while (this.#owed > 0) {
        this.#step()
        while (this.#sendSlice());
      }
      return false
    })
    return ticks
  }

  /** Ticks that are owed now. */
  #owe(): number {
    if (this.#isOver) return 0
    const nowMs = this.#options.clock.nowMs()
    const ticks = this.#ticker.due(nowMs)
    if (ticks > 0) {
      const { lateMs, overdueMs, ticksMax } = this.#ticker
      this.#lateMaxMs = Math.max(this.#lateMaxMs, lateMs)
      this.#ticksLate += Math.min(ticks, Math.floor(lateMs / TICK_MS))
      this.#newestDueMs = nowMs - overdueMs
      this.#owed += ticks
      if (this.#owed > ticksMax) {
        this.#ticker.droppedTicks += this.#owed - ticksMax
        this.#owed = ticksMax
      }
    }
    return this.#owed
  }

  /** False, and the ride is over, when something in it broke. */
  #guarded(work: () => boolean | void): boolean {
    if (this.#isOver) return false
    try {
      return work() === true
    } catch (error) {
      this.#break(error)
      return false
    }
  }

  /** A broken world must not ride on: this room ends, the process and the other rooms do not (docs/STYLE.md). */
  #break(error: unknown): void {
    if (this.#isOver) return
    this.stop()
    if (this.#options.onBroken === undefined) throw error
    this.#options.onBroken(error)
  }

  /** Ends the ride and its journal. */
  stop(): void {
    if (this.#isOver) return
    this.#isOver = true
    this.#cancelTimer?.()
    this.sessions.close()
    this.world.end()
  }

  /** A new rider on the road, with a secret that is theirs already or a new one. Throws ERR_ROOM_FULL. */
  join(rider: NewRider, where: Where = {}, secret?: string): Seated {
    return this.#seat(rider, { isBot: false, where, secret })
  }

  /** A rider by script. */
  addBot(rider: NewRider & { readonly wattsPerKg: number; readonly isRacer?: boolean }, where: Where = {}): Seated {
    const seated = this.#seat(rider, { isBot: true, where })
    const { massKg, wattsPerKg } = rider
    this.#bots.add(
      seated.row,
      rider.isRacer
        ? racerScript(massKg, wattsPerKg, this.#options.seed, seated.riderId)
        : { kind: 'pacer', bodyKg: massKg, wattsPerKg },
    )
    return seated
  }

  /** Who holds this secret; undefined when nobody of this ride does. */
  riderOfSecret(secret: string): RiderId | undefined {
    return this.#riderOfSecret.get(hashOf(secret))
  }

  /** Lets its holder see this rider again, and nothing else: made of the secret, which it does not give away. */
  watchKey(riderId: RiderId): string | undefined {
    const seat = this.#seats.get(riderId)
    return seat && watchKeyOf(seat)
  }

  riderOfWatchKey(key: string): RiderId | undefined {
    return this.#riderOfWatchKey.get(key)
  }

  /** The rider's page was closed. Who is heard from again, from wherever, has not gone away. */
  away(riderId: RiderId): void {
    const seat = this.#seats.get(riderId)
    if (seat !== undefined) seat.awayTick = this.world.tick
  }

  /** The same rider again: on the same row, or, having left the road, back on it where the wheels stopped. Throws ERR_SEAT_UNKNOWN, ERR_ROOM_FULL. */
  resume(riderId: RiderId): RiderFacts & { readonly row: Row } {
    const seat = this.#seats.get(riderId)
    if (seat === undefined) throw new AppError('ERR_SEAT_UNKNOWN', 'This rider is not of this ride; join again.')
    seat.heardTick = this.world.tick
    seat.awayTick = undefined
    const row = this.world.rowOf(riderId) ?? this.#place(seat, { held: false })
    return { riderId, name: seat.name, isBot: seat.isBot, bodyKg: seat.bodyKg, row }
  }

  leave(riderId: RiderId): void {
    const row = this.world.rowOf(riderId)
    const seat = this.#seats.get(riderId)
    if (row === undefined || seat === undefined) return
    Object.assign(seat, this.#whereIs(row))
    this.#bots.remove(row)
    this.world.leave(row)
    this.sessions.dismiss(riderId)
    this.#options.onLeft?.(riderId)
  }

  /** Where this rider is on the road, to be put back there; undefined when they are not. */
  whereOf(riderId: RiderId): Where | undefined {
    const row = this.world.rowOf(riderId)
    return row === undefined ? undefined : this.#whereIs(row)
  }

  #whereIs(row: Row): { distanceM: number; placeM: number; routeId: string; lateralM: number } {
    const { riders, ledger, network } = this.world
    const distanceM = riders.distanceM[row]!
    const route = riders.leg[row] === 0 ? undefined : network.routes[ledger.route[row]! - 1]
    return {
      ...{ distanceM, placeM: distanceM + riders.offsetM[row]! },
      ...{ routeId: route?.id ?? '', lateralM: riders.lateralM[row]! },
    }
  }

  /** As if this rider had never been here; their secret leads nowhere in this room. */
  forget(riderId: RiderId): void {
    this.leave(riderId)
    const seat = this.#seats.get(riderId)
    if (seat === undefined) return
    this.#seats.delete(riderId)
    this.#riderOfSecret.delete(seat.secretHash)
    this.#riderOfWatchKey.delete(watchKeyOf(seat))
    this.#pairings.forget(riderId)
  }

  /**
   * On the road just behind this rider, at their speed, where nobody is; undefined when nobody may be put there: the
   * rider is away, waits in a pen, is in a race or in a free-ride zone.
   */
  whereBeside(riderId: RiderId): Where | undefined {
    const row = this.world.rowOf(riderId)
    const { riders, ledger, network, course } = this.world
    if (row === undefined || (riders.flags[row]! & NOT_ON_THE_ROAD) !== 0 || this.world.isBound(row)) return undefined
    const placeM = riders.distanceM[row]! + riders.offsetM[row]!
    const route = riders.leg[row] === 0 ? undefined : network.routes[ledger.route[row]! - 1]
    // Off every route there is nothing before the first metre of a way.
    const roomM = route === undefined ? placeM - course.wayStartM(riders.way[row]!) : riders.distanceM[row]!
    for (let backM = BESIDE_M; backM <= BESIDE_MAX_M && backM <= roomM; backM += BESIDE_STEP_M) {
      const distanceM = riders.distanceM[row]! - backM
      const atM = route === undefined ? placeM - backM : placeOnRoute(network, route, distanceM).placeM
      if (!this.#isFree(atM)) continue
      const speedMps = Math.min(riders.speedMps[row]!, BESIDE_MPS_MAX)
      const lateralM = riders.lateralM[row]!
      return { routeId: route?.id ?? '', distanceM, placeM: atM, lateralM, speedMps }
    }
    return undefined
  }

  #isFree(atM: number): boolean {
    const { riders } = this.world
    for (let row = 0; row < riders.count; row++) {
      if (riders.id[row] === 0) continue
      const apartM = riders.distanceM[row]! + riders.offsetM[row]! - atM
      if (apartM > -FREE_M && apartM < FREE_M) return false
    }
    return true
  }

  /** A token for a session of this rider; `ride` brings the rider back to the road, and its stamps begin anew. */
  issueToken(riderId: RiderId, use: SessionUse): IssuedToken {
    if (use === 'ride') this.resume(riderId)
    return this.sessions.issueToken({ riderId, use })
  }

  /** A code by which another device may speak for this rider. */
  pair(riderId: RiderId): { code: string; expiresInS: number } {
    if (!this.#seats.has(riderId)) throw new AppError('ERR_SEAT_UNKNOWN', 'This rider is not of this ride; join again.')
    return { code: this.#pairings.create(riderId, this.#options.clock.nowMs()), expiresInS: PAIRING_TTL_S }
  }

  /** Whose code this is; each works once. */
  redeem(code: string): RiderId | undefined {
    return this.#pairings.redeem(code, this.#options.clock.nowMs())
  }

  facts(riderId: RiderId): RiderFacts | undefined {
    return this.#seats.get(riderId)
  }

  decide(fact: Fact): void {
    this.world.decide(fact)
  }

  /** Announces a weather; it holds a few seconds later, everywhere in the same tick. Answers from which. */
  setWeather(weather: Weather, notBeforeTick = 0): number {
    const { tick } = this.world
    const fromTick = Math.max(notBeforeTick, this.aheadTick)
    this.world.decide({ kind: 'weather', weather, fromTick })
    this.#options.onWeather?.({ weather, fromTick }, tick)
    return fromTick
  }

  /** Announces a sky, which comes by and by over `easeTicks`. Answers from which tick. */
  setSky(sky: Sky, easeTicks: number): number {
    const fromTick = this.aheadTick
    this.#decideSky({ fromTick, easeTicks, sky })
    return fromTick
  }

  #decideSky(spell: SkySpell): void {
    this.world.decide({ kind: 'sky', ...spell })
    this.#options.onSky?.(this.world.skies)
  }

  /** When what is announced now holds. */
  get aheadTick(): number {
    const { tick } = this.world
    return tick === 0 ? 0 : tick + WEATHER_AHEAD_TICKS
  }

  /** What this rider wishes for at the next junction; a word when that cannot be. */
  wish(riderId: RiderId, turn: number): Notice | undefined {
    const row = this.world.rowOf(riderId)
    return row === undefined ? notice('not-here') : heedWish(this.world, row, { kind: 'turn', turn })
  }

  /** From here on along a route, or along none (''); a word when that cannot be. */
  takeRoute(riderId: RiderId, routeId: string): Notice | undefined {
    const row = this.world.rowOf(riderId)
    return row === undefined ? notice('not-here') : heedWish(this.world, row, { kind: 'route', routeId })
  }

  /** A pause, or its end; a word when that cannot be. */
  rest(riderId: RiderId, isOn: boolean): Notice | undefined {
    const row = this.world.rowOf(riderId)
    if (row === undefined) return notice('not-here')
    if (isOn && !this.world.mayRest(row)) return notice('no-pause')
    this.world.decide({ kind: 'rest', riderId, isOn })
    return undefined
  }

  /** One step of the world; its packets follow. */
  #step(): void {
    const { clock } = this.#options
    const fromMs = clock.nowMs()
    const dueMs = this.#newestDueMs - --this.#owed * TICK_MS
    this.world.step()
    const steppedMs = clock.nowMs()
    const { isSparing } = this.#strain
    this.sessions.isSparing = isSparing
    if (isSparing) this.#ticksSparing++
    this.sessions.openTick()
    this.#showZones()
    const worldMs = steppedMs - fromMs
    const packetsMs = clock.nowMs() - steppedMs
    this.#untold.push({ dueMs, lateMs: fromMs - dueMs, doneMs: 0, worldMs, packetsMs, isSparing })
  }

  /** Some of this tick's packets; true while there are more. The last ones close the tick. */
  #sendSlice(): boolean {
    const { clock, onTick } = this.#options
    const newest = this.#untold.at(-1)!
    const fromMs = clock.nowMs()
    const isMore = this.sessions.sendSome(fromMs + SLICE_MS)
    const nowMs = clock.nowMs()
    newest.packetsMs += nowMs - fromMs
    if (isMore) return true
    // Ticks that one packet tells of were held up together: that counts once.
    this.#strain.note(nowMs - this.#untold[0]!.dueMs)
    for (const times of this.#untold) {
      times.doneMs = nowMs - times.dueMs
      this.#stepMaxMs = Math.max(this.#stepMaxMs, times.worldMs + times.packetsMs)
      onTick?.(times)
    }
    this.#untold = []
    this.#closeTick()
    return false
  }

  /** Once a second: who is there, who has gone. */
  #closeTick(): void {
    const { onSecond } = this.#options
    if (this.world.tick % TICK_HZ !== 0) return
    this.#sendHome()
    const { counters, tick } = this.world
    onSecond?.({
      tick,
      riders: this.#options.riderCapacity - this.world.freeRows,
      sessions: this.sessions.size,
      samplesTaken: counters.samplesTaken,
      samplesRefused: counters.samplesRefused,
      stampExcessMs: counters.stampExcessMs,
      droppedTicks: this.#ticker.droppedTicks,
      stepMaxMs: this.#stepMaxMs,
      lateMaxMs: this.#lateMaxMs,
      ticksLate: this.#ticksLate,
      ticksSparing: this.#ticksSparing,
    })
    this.#stepMaxMs = 0
    this.#lateMaxMs = 0
    this.#ticksLate = 0
    this.#ticksSparing = 0
  }

  /** True for who rides in the zone or in sight of it. */
  isNearZone(riderId: RiderId, zone: number): boolean {
    const { riders, course } = this.world
    const row = this.world.rowOf(riderId)
    const site = this.zones?.places[zone]?.site
    if (row === undefined || site === undefined) return false
    const placeM = riders.distanceM[row]! + riders.offsetM[row]!
    const eastM = course.xAt(placeM) - site.originX
    const northM = course.yAt(placeM) - site.originY
    return eastM * eastM + northM * northM < ZONE_SEEN_M * ZONE_SEEN_M
  }

  #showZones(): void {
    const { tick } = this.world
    const { onZonePoses } = this.#options
    if (this.zones === undefined || onZonePoses === undefined || tick % ZONE_TICKS !== 0) return
    for (let zone = 0; zone < this.zones.places.length; zone++) {
      const bytes = this.zones.poses(zone, tick, tick % TICK_HZ === 0)
      if (bytes !== undefined) onZonePoses(zone, bytes)
    }
  }

  /** Riders nobody hears from leave the road; in the pen one may stand and wait. */
  #sendHome(): void {
    const { world } = this
    const { leaveAfterS } = this.#options
    const present = this.sessions.riderIds()
    for (const seat of this.#seats.values()) {
      const row = world.rowOf(seat.riderId)
      if (row === undefined || seat.isBot || world.isHeld(row)) continue
      seat.hasCome ||= present.has(seat.riderId) || world.ackedSequence(row) !== undefined
      const heardTick = Math.max(seat.heardTick, world.riders.sampleTick[row]!)
      const { awayTick } = seat
      if (awayTick !== undefined && !this.#isBack(seat, heardTick)) {
        if (world.tick - awayTick >= CLOSED_PAGE_S * TICK_HZ) this.leave(seat.riderId)
        continue
      }
      const patienceS = seat.hasCome ? leaveAfterS : Math.min(leaveAfterS, NEVER_CAME_S)
      if (world.tick - heardTick >= patienceS * TICK_HZ) this.leave(seat.riderId)
    }
  }

  /** Another page or a bridge rides on; what a closing page had under way does not count. */
  #isBack({ riderId, awayTick }: Seat, heardTick: number): boolean {
    return this.sessions.hasInput(riderId) || heardTick > awayTick! + CLOSING_S * TICK_HZ
  }

  #seat(rider: NewRider, as: { isBot: boolean; where: Where; secret?: string | undefined }): Seated {
    this.#forgetOldSeats()
    const secret = as.secret ?? Buffer.from(this.#options.randomBytes(32)).toString('base64url')
    const riderId = this.#nextRiderId as RiderId
    const { course, spawnM } = this.#options
    const { network } = this.world
    const route = network.routes.find(({ id }) => id === as.where.routeId)
    const distanceM = as.where.distanceM ?? (route === undefined ? spawnM : 0)
    const placeM = route === undefined ? (as.where.placeM ?? distanceM) : placeOnRoute(network, route, distanceM).placeM
    const lateralM = as.where.lateralM ?? homeLineM(riderId, course.widthAt(placeM))
    const seat: Seat = {
      riderId,
      name: rider.name,
      isBot: as.isBot,
      bodyKg: rider.massKg,
      ...shapeRider(rider),
      secretHash: hashOf(secret),
      distanceM,
      placeM,
      routeId: route?.id ?? '',
      lateralM,
      heardTick: this.world.tick,
      hasCome: false,
      awayTick: undefined,
    }
    const row = this.#place(seat, { held: as.where.held ?? false, speedMps: as.where.speedMps ?? 0 })
    this.#nextRiderId++
    this.#seats.set(riderId, seat)
    this.#riderOfSecret.set(seat.secretHash, riderId)
    this.#riderOfWatchKey.set(watchKeyOf(seat), riderId)
    return { riderId, name: seat.name, isBot: seat.isBot, bodyKg: seat.bodyKg, row, secret }
  }

  #place(seat: Seat, { held, speedMps = 0 }: { held: boolean; speedMps?: number }): Row {
    if (this.world.isFull) {
      throw new AppError('ERR_ROOM_FULL', `The road is full: ${this.#options.riderCapacity} riders. Try again later.`)
    }
    const { riderId, massKg, cdaM2, distanceM, placeM, routeId, lateralM, isBot } = seat
    const row = this.world.join({ riderId, massKg, cdaM2, distanceM, placeM, routeId, lateralM, isBot, held, speedMps })
    this.#options.onJoined?.(seat)
    return row
  }

  #forgetOldSeats(): void {
    if (this.#seats.size < this.#options.riderCapacity * REMEMBERED_PER_RIDER) return
    for (const riderId of this.#seats.keys()) {
      if (this.world.rowOf(riderId) === undefined) return this.forget(riderId)
    }
  }
}

const hashOf = (secret: string): string => createHash('sha256').update(secret).digest('base64url')
const watchKeyOf = ({ secretHash }: Seat): string => hashOf(`watch ${secretHash}`)
