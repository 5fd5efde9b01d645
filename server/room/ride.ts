import type { RiderId, Row } from '#protocol/ids'
import { PAIRING_TTL_S, REMEMBERED_PER_RIDER, TICK_HZ, TICK_MS } from '#protocol/limits'
import { type Notice, notice } from '#protocol/notices'
import { homeLineM } from '#physics/lanes'
import { shapeRider } from '#physics/rider-shape'
import type { Sky, SkySpell } from '#physics/sky'
import { CALM, type Weather } from '#physics/weather'
import { placeOnRoute } from '#maps/routes'
import { AppError } from '../errors.ts'
import { Sessions, type IssuedToken, type SessionUse } from '../net/sessions.ts'
import { Bots, racerScript } from '../world/bots.ts'
import type { Fact } from '../world/facts.ts'
import { heedWish } from '../world/heed.ts'
import { startJournal } from '../world/journal.ts'
import { World } from '../world/world.ts'
import { Zones } from '../world/zones.ts'
import { whereBeside } from './beside.ts'
import { Pairings } from './pairing.ts'
import { type ClockSecond, RideClock } from './ride-clock.ts'
import type { NewRider, RideOptions, RiderFacts, Seated, Where } from './ride-options.ts'
import { hashOf, RiderSeats, type Seat, watchKeyOf } from './rider-seats.ts'

/** Who took a seat and never came is not waited for as long: one address must not fill a road with riders who are not there. */
const NEVER_CAME_S = 60
/** Whose page was closed stands there no longer than this: a reload is back in time, and nobody rides around a ghost. */
const CLOSED_PAGE_S = 20
/** Poses of a free-ride zone go out ten times a second, to who is nearer to it than this, m. */
const ZONE_TICKS = 2
const ZONE_SEEN_M = 350
/** A change of weather is told this far ahead: it has then arrived wherever riders are carried when it holds. */
export const WEATHER_AHEAD_TICKS = 5 * TICK_HZ
/** Samples of a closing page may arrive after its last word. */
const CLOSING_S = 2

/**
 * One ride: a world, its sessions, its journal and its clock. Clock, chance, sink and road are handed in, so the server
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
  readonly #time: RideClock
  readonly #seats = new RiderSeats()
  #nextRiderId = 1
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
    this.#time = new RideClock({
      ...{ clock, world: this.world, sessions: this.sessions, onTick: options.onTick },
      afterStep: () => this.#showZones(),
      onSecond: (second) => this.#second(second),
      onBroken: (error) => this.#break(error),
    })
    const { weather = CALM, onWeather } = options
    if (weather !== CALM) this.world.decide({ kind: 'weather', weather, fromTick: 0 })
    onWeather?.({ weather, fromTick: 0 }, 0)
    if (options.sky !== undefined) this.#decideSky({ fromTick: 0, easeTicks: 0, sky: options.sky })
  }

  /** Lets time run: ticks come by themselves until `stop`. */
  start(): void {
    this.#time.start()
  }

  /** Gives the ticks that are due now, at once; answers how many. */
  advance(): number {
    return this.#time.advance()
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
    this.#time.stop()
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
    return this.#seats.ofSecret(secret)
  }

  /** Lets its holder see this rider again, and nothing else: made of the secret, which it does not give away. */
  watchKey(riderId: RiderId): string | undefined {
    const seat = this.#seats.of(riderId)
    return seat && watchKeyOf(seat)
  }

  riderOfWatchKey(key: string): RiderId | undefined {
    return this.#seats.ofWatchKey(key)
  }

  /** The rider's page was closed. Who is heard from again, from wherever, has not gone away. */
  away(riderId: RiderId): void {
    const seat = this.#seats.of(riderId)
    if (seat !== undefined) seat.awayTick = this.world.tick
  }

  /** The same rider again: on the same row, or, having left the road, back on it where the wheels stopped. Throws ERR_SEAT_UNKNOWN, ERR_ROOM_FULL. */
  resume(riderId: RiderId): RiderFacts & { readonly row: Row } {
    const seat = this.#seats.of(riderId)
    if (seat === undefined) throw new AppError('ERR_SEAT_UNKNOWN', 'This rider is not of this ride; join again.')
    seat.heardTick = this.world.tick
    seat.awayTick = undefined
    const row = this.world.rowOf(riderId) ?? this.#place(seat, { held: false })
    return { riderId, name: seat.name, isBot: seat.isBot, bodyKg: seat.bodyKg, row }
  }

  leave(riderId: RiderId): void {
    const row = this.world.rowOf(riderId)
    const seat = this.#seats.of(riderId)
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
    const seat = this.#seats.of(riderId)
    if (seat === undefined) return
    this.#seats.drop(seat)
    this.#pairings.forget(riderId)
  }

  /** On the road just behind this rider, where there is room; undefined when nobody may be put there. */
  whereBeside(riderId: RiderId): Where | undefined {
    return whereBeside(this.world, riderId)
  }

  /** A token for a session of this rider; `ride` brings the rider back to the road, and its stamps begin anew. */
  issueToken(riderId: RiderId, use: SessionUse): IssuedToken {
    if (use === 'ride') this.resume(riderId)
    return this.sessions.issueToken({ riderId, use })
  }

  /** A code by which another device may speak for this rider. */
  pair(riderId: RiderId): { code: string; expiresInS: number } {
    if (this.#seats.of(riderId) === undefined)
      throw new AppError('ERR_SEAT_UNKNOWN', 'This rider is not of this ride; join again.')
    return { code: this.#pairings.create(riderId, this.#options.clock.nowMs()), expiresInS: PAIRING_TTL_S }
  }

  /** Whose code this is; each works once. */
  redeem(code: string): RiderId | undefined {
    return this.#pairings.redeem(code, this.#options.clock.nowMs())
  }

  facts(riderId: RiderId): RiderFacts | undefined {
    return this.#seats.of(riderId)
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

  /** Who is there, who has gone; what the second was. */
  #second(second: ClockSecond): void {
    this.#sendHome()
    const { counters, tick, freeRows } = this.world
    const { samplesTaken, samplesRefused, stampExcessMs } = counters
    this.#options.onSecond?.({
      ...{ tick, riders: this.#options.riderCapacity - freeRows, sessions: this.sessions.size },
      ...{ samplesTaken, samplesRefused, stampExcessMs, ...second },
    })
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
    for (const seat of this.#seats.all()) {
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
    this.#seats.add(seat)
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
    for (const { riderId } of this.#seats.all()) {
      if (this.world.rowOf(riderId) === undefined) return this.forget(riderId)
    }
  }
}
