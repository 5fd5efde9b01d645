import { type Client, Room, ServerError, validate } from '@colyseus/core'
import { z } from 'zod'
import type { RiderId } from '#protocol/ids'
import { CHAT_LENGTH_MAX, REMEMBERED_PER_RIDER, ROOM_RIDERS_MAX } from '#protocol/limits'
import { type Notice, notice } from '#protocol/notices'
import type { Sky, SkySpell } from '#physics/sky'
import type { Weather, WeatherSpell } from '#physics/weather'
import type { Clock } from '../clock.ts'
import { AppError } from '../errors.ts'
import { joinOptions, type EventPhase } from '../http/shapes.ts'
import { RateLimit } from '../http/rate-limit.ts'
import type { Log } from '../log.ts'
import type { Histogram } from '../metrics.ts'
import type { Aead } from '../net/aead.ts'
import type { Sessions } from '../net/sessions.ts'
import type { RiderLook } from './looks.ts'
import { Companions } from './companions.ts'
import { cleanLine, cleanName } from './names.ts'
import type { HouseWorld } from './worlds.ts'
import { Onlookers } from './onlookers.ts'
import { Pulse } from './pulse.ts'
import { Ride } from './ride.ts'
import type { Where, NewRider, RideSecond, Seated, TickTimes } from './ride-options.ts'
import { BestEffort, BoardRow, createRosterRider, type RosterRider, RoomState } from './room-state.ts'
import type { Changes } from '../sky-changes.ts'
import { tellSky } from './sky.ts'
import { SkyKeeper } from './sky-keeper.ts'
import type { Blocks } from './blocks.ts'
import { personKeys } from './persons.ts'
import { REPORT_REASONS } from './report.ts'
import type { Reports } from './reports.ts'
import { QUICK_MESSAGES, Social } from './social.ts'
import { tellWeather } from './weather.ts'
import { authOfSeat, dropSeats, MESSAGES_PER_S_MAX, SEAT_TTL_S, takePermit } from './seats.ts'

/** What a room is made of, and where it reports; handed over by the house, never by a client. */
export interface RideRoomPlan {
  readonly kind: 'free' | 'event' | 'meet'
  /** The road one is on who asks for none. */
  readonly isPermanent: boolean
  /** Where a newcomer who asks for no route begins; without it where the map says. */
  readonly whereToBegin?: ((rider: NewRider) => Where) | undefined
  readonly world: HouseWorld
  readonly seed: number
  readonly leaveAfterS: number
  readonly viewRiders: number
  readonly weather: Weather
  readonly sky: Sky
  /** What of the sky changes by itself. */
  readonly changes: Changes
  readonly clock: Clock
  readonly randomBytes: (count: number) => Uint8Array
  readonly tokenKey: Uint8Array
  readonly aead: Aead
  readonly log: Log
  /** Of the house: what riders report of one another, and whom they avoid. */
  readonly reports: Reports
  readonly blocks: Blocks
  /** The longest tick of each second; and each tick. */
  readonly tickMs: Histogram
  readonly onTick?: (times: Readonly<TickTimes>) => void
  readonly openJournal: (roomId: string) => Journal
  readonly switchboard: { add(roomId: string, sessions: Sessions): void; remove(roomId: string): void }
  readonly onSecond?: (room: RideRoom, second: RideSecond) => void
  /** A rider has ridden a segment whole. */
  readonly onEffort?: (room: RideRoom, riderId: RiderId, segmentId: string, ms: number) => void
  /** The room is no more; `error` when an assertion ended it. */
  readonly onEnded: (room: RideRoom, error?: unknown) => void
}

export interface Journal {
  readonly name: string
  write(line: string): void
  /** What a film needs beside the ride itself: who it was, and what the sky did. */
  tell(fact: SlowFact): void
  /** What was written is handed to the operating system; after every tick. */
  flush(): void
  /** Calls back with every line up to that very moment. */
  withLines<T>(use: (lines: readonly string[]) => T): Promise<T>
  /** Everything is with the operating system. */
  close(): Promise<void>
}

/** A line beside the journal (`server/replay/slow-facts.ts` reads it). */
export type SlowFact =
  | readonly ['rider', tick: number, rider: Readonly<Record<string, string | number | boolean>>]
  | readonly ['left', tick: number, riderId: number]
  | readonly ['weather', tick: number, spell: WeatherSpell]
  | readonly ['sky', tick: number, spells: readonly SkySpell[]]

/** A person as the door heard it. */
export type SeatFacts =
  | { readonly as: 'rider'; readonly rider: NewRider; readonly routeId: string; readonly beside: number }
  | { readonly as: 'listener'; readonly secret?: string }

/** Turns and routes of one rider: a few at once, then two a second. */
const WISH_RATE = { burst: 8, perS: 2 }
const DEFAULT_RIDER = { massKg: 75, heightM: 1.78 }
/** A phone is told no more than this at once, characters of JSON. */
const PHONE_CHARS_MAX = 8000
const otherRider = z.int().min(1).max(0xffffffff)
/** Bodies of riders remembered for entering a race; like seats of a ride, the oldest go first. */
const BODIES_MAX = ROOM_RIDERS_MAX * REMEMBERED_PER_RIDER

type RideClient = Client<{ auth: SeatFacts }>

/** The Colyseus room: join, leave, roster, chat. A thin shell around one Ride, which knows nothing of it. */
export class RideRoom extends Room<{ state: RoomState; client: RideClient }> {
  override state = new RoomState()
  override maxClients = ROOM_RIDERS_MAX
  override autoDispose = false
  override patchRate = 200
  override maxMessagesPerSecond = MESSAGES_PER_S_MAX
  override seatReservationTimeout = SEAT_TTL_S
  override messages = {
    chat: validate(z.object({ text: z.string().max(CHAT_LENGTH_MAX * 4) }), (client: RideClient, { text }) =>
      this.#say(client, (riderId) => this.social.chat(riderId, text)),
    ),
    quick: validate(
      z.object({
        quick: z
          .int()
          .min(0)
          .max(QUICK_MESSAGES - 1),
      }),
      (client: RideClient, { quick }) => this.#say(client, (riderId) => this.social.quick(riderId, quick)),
    ),
    'ride-on': validate(z.object({ riderId: otherRider }), (client: RideClient, { riderId: to }) =>
      this.#say(client, (riderId) => this.social.rideOn(riderId, to as RiderId)),
    ),
    avoid: validate(
      z.object({ riderId: otherRider, kind: z.enum(['block', 'mute']), isOn: z.boolean() }),
      (client: RideClient, { riderId: about, kind, isOn }) =>
        this.#say(client, async (riderId) => await this.social.avoid(riderId, about as RiderId, kind, isOn)),
    ),
    'hear-again': validate(z.object({ id: z.uuid() }), (client: RideClient, { id }) =>
      this.#say(client, async (riderId) => await this.social.hearAgain(riderId, id)),
    ),
    marks: (client: RideClient) => this.#say(client, (riderId) => this.social.marks(riderId)),
    report: validate(
      z.object({ riderId: otherRider, reason: z.enum(REPORT_REASONS), words: z.string().max(CHAT_LENGTH_MAX * 4) }),
      (client: RideClient, { riderId: about, reason, words }) =>
        this.#say(client, async (riderId) => await this.social.report(riderId, about as RiderId, reason, words)),
    ),
    // A phone says whose it is, asks, and is told by its ride page (companions.ts).
    companion: validate(z.object({ key: z.string().max(64) }), (client: RideClient, { key }) => {
      const riderId = this.companions.enter(client.sessionId, key)
      if (riderId === undefined) return client.send('companion-out', {})
      client.send('companion-in', { riderId, name: this.ride.facts(riderId)?.name ?? '' })
      this.#tell(riderId, 'companions', { count: [...this.companions.of(riderId)].length })
    }),
    remote: validate(
      z.object({
        action: z.string().max(24),
        value: z.number().min(-1e6).max(1e6).optional(),
        text: z
          .string()
          .max(CHAT_LENGTH_MAX * 4)
          .optional(),
      }),
      (client: RideClient, wish) => {
        const riderId = this.companions.mayAsk(client.sessionId)
        if (riderId === undefined) return client.send('companion-out', {})
        if (riderId !== 'much') this.#tell(riderId, 'remote', wish)
      },
    ),
    phone: validate(z.object({ json: z.string().max(PHONE_CHARS_MAX) }), (client: RideClient, told) => {
      const riderId = this.#redeemed.get(client.sessionId)
      if (riderId === undefined || !this.companions.mayTell(riderId)) return
      const phones = new Set(this.companions.of(riderId))
      for (const other of this.clients) if (phones.has(other.sessionId)) other.send('phone', told)
    }),
    'companions-out': (client: RideClient) => {
      const riderId = this.#redeemed.get(client.sessionId)
      if (riderId === undefined) return
      const gone = new Set(this.companions.revoke(riderId))
      for (const other of this.clients) if (gone.has(other.sessionId)) other.send('companion-out', {})
      client.send('companions', { count: 0 })
    },
    // A wish must arrive, and seldom comes: it goes beside chat, not into the datagrams.
    turn: validate(z.object({ turn: z.int().min(0).max(4) }), (client: RideClient, { turn }) =>
      this.#wish(client, (riderId) => this.ride.wish(riderId, turn)),
    ),
    route: validate(z.object({ routeId: z.string().max(64) }), (client: RideClient, { routeId }) =>
      this.#wish(client, (riderId) => this.ride.takeRoute(riderId, routeId)),
    ),
    rest: validate(z.object({ isOn: z.boolean() }), (client: RideClient, { isOn }) =>
      this.#wish(client, (riderId) => this.ride.rest(riderId, isOn)),
    ),
  }
  plan!: RideRoomPlan
  ride!: Ride
  journal!: Journal
  /** Who may change the sky of this room, and how. */
  skies!: SkyKeeper
  social!: Social
  /** Who looks on without a rider. */
  onlookers!: Onlookers
  companions!: Companions
  /** How this room's last two minutes went. */
  readonly pulse = new Pulse()
  readonly #bodies = new Map<RiderId, NewRider & { readonly uuid: string }>()
  /** Seats that became riders: each does once. */
  readonly #redeemed = new Map<string, RiderId>()
  #wishRate!: RateLimit
  #isBroken = false
  #finished: Promise<void> | undefined

  /** Before a seat is reserved. Answers what the seat will be, cleaned. */
  static override async onAuth(_token: unknown, options: unknown): Promise<SeatFacts> {
    const parsed = joinOptions.safeParse(options ?? {})
    if (!parsed.success) {
      const [issue] = parsed.error.issues
      throw new ServerError(400, `A seat needs name, massKg and heightM: "${issue?.path.join('.')}" ${issue?.message}.`)
    }
    const {
      name = '',
      massKg = DEFAULT_RIDER.massKg,
      heightM = DEFAULT_RIDER.heightM,
      secret,
      isSpectator,
      look,
      routeId = '',
      with: beside = 0,
      guest,
    } = parsed.data
    if (secret !== undefined) return { as: 'listener', secret }
    if (isSpectator === true) return { as: 'listener' }
    const guestKey = guest === undefined ? undefined : personKeys.guest(guest)
    return { as: 'rider', rider: { name: cleanName(name), massKg, heightM, look, guestKey }, routeId, beside }
  }

  override onCreate(options: unknown): void {
    this.plan = takePermit<RideRoomPlan>(options)
    const { plan, roomId, state } = this
    const { map, course, network, mapHash, spawnM } = plan.world
    this.#wishRate = new RateLimit(WISH_RATE, plan.clock)
    this.companions = new Companions(
      plan.randomBytes,
      plan.clock,
      (riderId) => this.ride.world.rowOf(riderId) !== undefined,
    )
    this.social = new Social({
      ...{ roomId, clock: plan.clock, reports: plan.reports, blocks: plan.blocks },
      newId: () => crypto.randomUUID(),
      nameOf: (riderId) => this.ride.facts(riderId)?.name,
      personOf: (riderId) => this.#bodies.get(riderId)?.uuid,
      persons: () => this.riding(),
      tell: (riderId, kind, message) => this.#tell(riderId, kind, message),
      listeners: () => new Set(this.#redeemed.values()),
    })
    this.journal = plan.openJournal(roomId)
    this.ride = new Ride({
      clock: plan.clock,
      randomBytes: plan.randomBytes,
      tokenKey: plan.tokenKey,
      aead: plan.aead,
      roomId,
      mapId: map.id,
      mapHash,
      course,
      network,
      spawnM,
      seed: plan.seed,
      riderCapacity: ROOM_RIDERS_MAX,
      leaveAfterS: plan.leaveAfterS,
      viewRiders: plan.viewRiders,
      journal: (line) => this.journal.write(line),
      weather: plan.weather,
      onWeather: (spell, tick) => {
        tellWeather(state, spell, tick)
        this.journal.tell(['weather', tick, spell])
      },
      onJoined: (rider) =>
        this.#enrol(createRosterRider({ ...rider, id: rider.riderId }, this.#bodies.get(rider.riderId)?.look)),
      onLeft: (riderId) => {
        state.riders.delete(String(riderId))
        this.journal.tell(['left', this.#tick, riderId])
      },
      sky: plan.sky,
      onSky: (spells) => {
        tellSky(state, spells)
        this.journal.tell(['sky', this.#tick, spells])
      },
      zones: plan.world.zoneSites,
      onZonePoses: (zone, bytes) => this.#showZone(zone, bytes),
      onEffort: (riderId, segmentId, ms) => this.#noteEffort(riderId, segmentId, ms),
      onRoadEnd: (riderId) => this.#tell(riderId, 'notice', notice('road-ends')),
      onRefusal: (riderId, why) => this.#tell(riderId, 'notice', why),
      onSecond: (second) => this.#second(second),
      onTick: (times) => {
        this.journal.flush()
        this.onlookers.tick(this.ride.world.tick)
        plan.onTick?.(times)
      },
      onBroken: (error) => this.#broken(error),
    })
    this.skies = new SkyKeeper(this.ride, plan)
    this.onlookers = new Onlookers(this)
    state.mapId = map.id
    state.mapHash = mapHash
    state.phase = 'free'
    state.eventId = ''
    state.eventTitle = ''
    state.laps = 0
    state.startTick = 0
    state.meetId = ''
    state.meetStartTick = 0
    state.isTogether = false
    plan.switchboard.add(roomId, this.ride.sessions)
    // Races are entered through their event, other roads by their id, never by whoever happens to join.
    if (!plan.isPermanent) void this.setPrivate(true)
    this.ride.start()
  }

  override onJoin(client: RideClient, _options: unknown, auth?: SeatFacts): void {
    if (auth?.as !== 'listener' || auth.secret === undefined) return
    const riderId = this.ride.riderOfSecret(auth.secret)
    if (riderId !== undefined) this.#redeemed.set(client.sessionId, riderId)
  }

  override onLeave(client: RideClient): void {
    // The rider stays: whose page is closed coasts, and comes back with the secret.
    this.#redeemed.delete(client.sessionId)
    this.companions.leave(client.sessionId)
  }

  /** Ends the ride and writes its journal to the end; a second time it only waits for the first. */
  async finish(): Promise<void> {
    this.ride.stop()
    this.onlookers.end()
    this.plan.switchboard.remove(this.roomId)
    this.#finished ??= this.journal.close()
    await this.#finished
  }

  /** Closes the room for good. */
  async end(): Promise<void> {
    await this.finish()
    dropSeats(this)
    await this.disconnect()
  }

  override async onDispose(): Promise<void> {
    await this.finish()
    if (!this.#isBroken) this.plan.onEnded(this)
  }

  override onUncaughtException(error: Error, method: string): void {
    this.plan.log.error(
      { room: this.roomId, method, err: { message: error.message, stack: error.stack } },
      'A room’s handler failed.',
    )
  }

  /** A seat becomes a rider, once. */
  redeemSeat(sessionId: string): Seated {
    this.#forgetSeats()
    const seat = authOfSeat(this, sessionId) as SeatFacts | undefined
    if (seat === undefined || this.#redeemed.has(sessionId)) {
      throw new AppError('ERR_SEAT_UNKNOWN', 'This seat is unknown, used, or was not taken in time; join again.')
    }
    if (seat.as !== 'rider')
      throw new AppError('ERR_SEAT_UNKNOWN', 'This is a listener’s seat; join with a name to ride.')
    const { routes } = this.plan.world.network
    if (seat.routeId !== '' && !routes.some(({ id }) => id === seat.routeId)) {
      const names = routes.map(({ id }) => id).join(', ')
      throw new AppError('ERR_MAP_INVALID', `There is no route "${seat.routeId}" on this road; it has ${names}.`)
    }
    // Whom one came for may have gone on, or stand in a pen: then one begins as everybody does.
    const beside = this.#mayComeBeside(seat.rider, seat.beside as RiderId)
      ? this.ride.whereBeside(seat.beside as RiderId)
      : undefined
    const isFree = seat.routeId === '' || this.plan.kind === 'meet'
    const where = beside ?? (isFree ? this.plan.whereToBegin?.(seat.rider) : undefined)
    const seated = this.admit(seat.rider, where ?? { routeId: seat.routeId })
    this.#redeemed.set(sessionId, seated.riderId)
    return seated
  }

  /** Whom somebody has blocked does not come up to them. */
  #mayComeBeside({ guestKey }: NewRider, besideId: RiderId): boolean {
    const beside = this.#bodies.get(besideId)?.uuid
    return besideId !== 0 && !(guestKey !== undefined && this.plan.blocks.isKeyBlocked(beside, guestKey))
  }

  /** A new rider on the road, whatever brought it here. */
  admit(rider: NewRider, where?: Where, uuid: string = crypto.randomUUID(), secret?: string): Seated {
    const seated = this.ride.join(rider, where, secret)
    this.#bodies.set(seated.riderId, { ...rider, uuid })
    this.plan.blocks.come(uuid, rider.guestKey)
    if (rider.look !== undefined) this.dress(seated.riderId, rider.look)
    if (this.#bodies.size > BODIES_MAX) this.#bodies.delete(this.#bodies.keys().next().value!)
    return seated
  }

  /** Where people are, by their UUID. */
  *places(): Generator<readonly [uuid: string, where: Where]> {
    for (const [riderId, { uuid }] of this.#bodies) {
      const where = this.ride.whereOf(riderId)
      if (where !== undefined) yield [uuid, where]
    }
  }

  /** Everybody on the road who is a person. */
  *riding(): Generator<{ readonly uuid: string; readonly riderId: RiderId }> {
    for (const [riderId, { uuid }] of this.#bodies) {
      if (this.ride.world.rowOf(riderId) !== undefined) yield { uuid, riderId }
    }
  }

  /** Another look, from now on and for everybody. */
  dress(riderId: RiderId, look: RiderLook): void {
    const body = this.#bodies.get(riderId)
    if (body !== undefined) this.#bodies.set(riderId, { ...body, look })
    const rider = this.state.riders.get(String(riderId))
    if (rider !== undefined) this.#enrol(Object.assign(rider, look))
  }

  /** The person farthest back on the road; undefined when nobody rides. */
  lastPerson(): RiderId | undefined {
    let last: { riderId: RiderId; distanceM: number } | undefined
    for (const riderId of this.#bodies.keys()) {
      const { distanceM } = this.ride.whereOf(riderId) ?? {}
      if (distanceM !== undefined && (last === undefined || distanceM < last.distanceM)) last = { riderId, distanceM }
    }
    return last?.riderId
  }

  /** As the rider came in; undefined for bots. */
  bodyOf(riderId: RiderId): (NewRider & { readonly uuid: string }) | undefined {
    return this.#bodies.get(riderId)
  }

  showEvent(event: { id: string; title: string; laps: number; phase: EventPhase; startTick: number }): void {
    const { state } = this
    state.eventId = event.id
    state.eventTitle = event.title
    state.laps = event.laps
    state.phase = event.phase
    state.startTick = event.startTick
  }

  showBoard(
    rows: readonly { place: number; riderId: number; lap: number; gapMs: number; finishedMs: number | null }[],
  ): void {
    const { board } = this.state
    while (board.length > rows.length) board.pop()
    for (const [index, row] of rows.entries()) {
      if (index >= board.length) board.push(new BoardRow())
      // Equal values are not sent again: the schema compares.
      Object.assign(board[index]!, {
        ...row,
        gapMs: Math.round(row.gapMs),
        finishedMs: Math.round(row.finishedMs ?? 0),
      })
    }
  }

  #enrol(rider: RosterRider): void {
    this.state.riders.set(String(rider.id), rider)
    this.journal.tell(['rider', this.#tick, rider.toJSON() as Record<string, string | number | boolean>])
  }

  /** Of the ride; 0 while it is being made. */
  get #tick(): number {
    return this.ride?.world.tick ?? 0
  }

  /** What a rider asks of the road; what cannot be is answered by a notice. */
  #wish(client: RideClient, ask: (riderId: RiderId) => Notice | undefined): void {
    const riderId = this.#redeemed.get(client.sessionId)
    if (riderId === undefined) return
    const refusal = this.#wishRate.take(client.sessionId) ? ask(riderId) : notice('too-many-turns')
    if (refusal !== undefined) client.send('notice', refusal)
  }

  /** What the organiser says to everybody here. */
  announce(said: string): void {
    const text = cleanLine(said, CHAT_LENGTH_MAX)
    if (text !== '') this.broadcast('announcement', { text })
  }

  /** A button at a rider's handlebar, to that rider's own pages. */
  press(riderId: RiderId, button: object): void {
    this.#tell(riderId, 'button', button)
  }

  /** `undefined`: those who listen without a rider. */
  #tell(riderId: RiderId | undefined, kind: string, message: unknown): void {
    for (const client of this.clients) if (this.#redeemed.get(client.sessionId) === riderId) client.send(kind, message)
  }

  /** Everybody hears of a segment ridden; the best of this ride stay in the state. */
  #noteEffort(riderId: RiderId, segmentId: string, ms: number): void {
    const name = this.ride.facts(riderId)?.name ?? ''
    this.plan.onEffort?.(this, riderId, segmentId, ms)
    const { efforts } = this.state
    const best = efforts.get(segmentId)
    const isBest = best === undefined || ms < best.ms
    if (isBest) {
      const effort = best ?? new BestEffort()
      Object.assign(effort, { riderId, name, ms })
      if (best === undefined) efforts.set(segmentId, effort)
    }
    this.broadcast('effort', { riderId, name, segmentId, ms, isBest })
  }

  /** What a rider says to others; a refusal is a notice. */
  #say(client: RideClient, say: (riderId: RiderId) => Notice | undefined | Promise<Notice | undefined>): void {
    const riderId = this.#redeemed.get(client.sessionId)
    const answer = riderId === undefined ? undefined : say(riderId)
    const refuse = (refusal: Notice | undefined): void => {
      if (refusal !== undefined) client.send('chat-refused', refusal)
    }
    if (!(answer instanceof Promise)) return refuse(answer)
    answer.then(refuse, (error: unknown) => {
      this.plan.log.error({ room: this.roomId, cause: String(error) }, 'What a rider asked for could not be done.')
      refuse(notice('not-now'))
    })
  }

  /** To everybody near, and to who looks on without a rider. */
  #showZone(zone: number, bytes: Uint8Array): void {
    for (const client of this.clients) {
      const riderId = this.#redeemed.get(client.sessionId)
      if (riderId === undefined || this.ride.isNearZone(riderId, zone)) client.sendBytes('zone', bytes)
    }
  }

  #second(second: RideSecond): void {
    this.skies.second(second.tick)
    this.plan.tickMs.observe(second.stepMaxMs)
    this.pulse.take(second)
    this.onlookers.second()
    this.#tellMiddle()
    this.plan.log.info({
      kind: 'room-second',
      room: this.roomId,
      map: this.ride.mapId,
      listeners: this.clients.length,
      ...second,
      stepMaxMs: Number(second.stepMaxMs.toFixed(3)),
      lateMaxMs: Number(second.lateMaxMs.toFixed(3)),
    })
    this.plan.onSecond?.(this, second)
  }

  /** Pages that ride by themselves are to be moved by the same law as here. [S16] */
  #tellMiddle(): void {
    const { middle } = this.ride.world
    if (middle.route !== 0) this.broadcast('middle', middle)
  }

  /** An assertion ends its room, never the process: the journal is closed, riders are told, the others ride on. */
  #broken(error: unknown): void {
    this.#isBroken = true
    const { log } = this.plan
    const { message, stack } = error instanceof Error ? error : { message: String(error), stack: undefined }
    log.error({ room: this.roomId, err: { message, stack } }, 'A room broke and was closed; the others ride on.')
    this.broadcast('room-closed', notice('room-broken'))
    this.end().catch((cause: unknown) =>
      log.error({ room: this.roomId, cause: String(cause) }, 'A broken room could not be closed.'),
    )
    this.plan.onEnded(this, error)
  }

  #forgetSeats(): void {
    for (const sessionId of this.#redeemed.keys()) {
      if (authOfSeat(this, sessionId) === undefined) this.#redeemed.delete(sessionId)
    }
  }
}
