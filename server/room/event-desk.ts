import type { RiderId } from '#protocol/ids'
import { TICK_HZ, TICK_MS } from '#protocol/limits'
import { PHYSICS_VERSION } from '#physics/constants'
import type { Clock } from '../clock.ts'
import { AppError } from '../errors.ts'
import { advance, type EventAction, type RaceEvent, runOf } from '../event/event.ts'
import type { Decision, DecisionAction, Result } from '../event/model.ts'
import { penSlot } from '../event/pen.ts'
import type {
  BoardAnswer,
  DecisionBody,
  EntryAnswer,
  EntryCreated,
  EventAnswer,
  EventBody,
  EventPhase,
  WeatherBody,
} from '../http/shapes.ts'
import type { StoredEvent } from '../store/store.ts'
import { boardRows } from './board.ts'
import { type Desk, inTurn, isRidable, newDesk, rulesOf } from './desk.ts'
import { BOT_NAMES, botBody } from './pacers.ts'
import { RaceFiles, type RaceFilesOptions } from './race-files.ts'
import type { NewRider } from './ride-options.ts'
import type { RideRoom } from './ride-room.ts'
import type { HouseWorld } from './worlds.ts'

/** Events of this house: the organiser's wishes go in, the race's own state machine (server/event) says what is possible. */
export interface DeskOptions extends RaceFilesOptions {
  readonly clock: Clock
  worldOf(mapId: string): HouseWorld | undefined
  openRoom(world: HouseWorld): Promise<RideRoom>
  /** The rider who holds this secret, in whatever room of the house. */
  personOf(secret: string): Promise<(NewRider & { readonly uuid: string }) | undefined>
}

/** Countdown when the organiser gives none, and how early a planned start begins to count. */
const COUNTDOWN_S = 10
/** Events on the list. */
const LISTED_MAX = 100

export class EventDesk {
  readonly #options: DeskOptions
  readonly #files: RaceFiles
  /** Oldest first. */
  readonly #desks = new Map<string, Desk>()

  private constructor(options: DeskOptions) {
    this.#options = options
    this.#files = new RaceFiles(options)
  }

  /** Reads what earlier runs of the server left: a race that was on has lost its room, and says so. */
  static async open(options: DeskOptions): Promise<EventDesk> {
    const desk = new EventDesk(options)
    for (const stored of (await options.store.events(LISTED_MAX)).toReversed()) {
      const world = options.worldOf(stored.mapId)
      // A map or a route that is no longer here: its results stay in the store.
      if (world === undefined || !isRidable(stored, world)) continue
      const isSaved = stored.phase === 'racing' && (await desk.#files.saveInterrupted(stored))
      const phase = isSaved ? 'provisional' : AFTER_RESTART[stored.phase]
      if (phase !== stored.phase) await options.store.setEventPhase(stored.id, phase)
      desk.#desks.set(stored.id, newDesk({ ...stored, phase }, world))
    }
    return desk
  }

  async create(body: EventBody): Promise<EventAnswer> {
    const world = this.#worldOf(body.mapId)
    const { routeId, laps } = rulesOf(body, world) // Refused now, before anything is written down.
    const stored = await this.#options.store.createEvent({
      title: body.title,
      mapId: body.mapId,
      mapHash: world.mapHash,
      routeId,
      laps,
      startsAtMs: body.startsAt === undefined ? null : Date.parse(body.startsAt),
      bots: body.bots ?? 0,
    })
    const desk = newDesk(stored, world)
    this.#desks.set(stored.id, desk)
    return this.#answer(desk)
  }

  /** Newest first. */
  list(): readonly EventAnswer[] {
    return [...this.#desks.values()].map((desk) => this.#answer(desk)).toReversed()
  }

  get(eventId: string): EventAnswer {
    return this.#answer(this.#desk(eventId))
  }

  async openEvent(eventId: string, weather?: WeatherBody): Promise<EventAnswer> {
    const desk = this.#desk(eventId)
    return await inTurn(desk, async () => {
      this.#advance(desk, { kind: 'open' })
      desk.room = await this.#options.openRoom(this.#worldOf(desk.stored.mapId))
      if (weather !== undefined) desk.room.skies.set({ overS: 0, ...weather })
      await this.#setPhase(desk, 'open')
      await this.#addBots(desk, desk.stored.bots)
      return this.#answer(desk)
    })
  }

  async addBots(eventId: string, bots: number): Promise<EventAnswer> {
    const desk = this.#desk(eventId)
    return await inTurn(desk, async () => {
      await this.#addBots(desk, bots)
      return this.#answer(desk)
    })
  }

  /** A rider signs up; asked twice, the same answer twice. */
  async enter(eventId: string, secret: string): Promise<EntryCreated> {
    const desk = this.#desk(eventId)
    return await inTurn(desk, async () => {
      const person = await this.#options.personOf(secret)
      if (person === undefined)
        throw new AppError('ERR_SEAT_UNKNOWN', 'This rider is unknown here; join the ride again, then sign up.')
      const known = desk.seats.get(person.uuid)
      if (known !== undefined) return known
      const { uuid, name, massKg, heightM } = person
      const entry = await this.#enter(desk, { name, massKg, heightM }, { uuid, secret })
      desk.seats.set(uuid, entry)
      return entry
    })
  }

  async start(eventId: string, inS: number = COUNTDOWN_S): Promise<EventAnswer> {
    const desk = this.#desk(eventId)
    return await inTurn(desk, async () => await this.#countDown(desk, inS))
  }

  async decide(eventId: string, body: DecisionBody): Promise<EventAnswer> {
    const desk = this.#desk(eventId)
    return await inTurn(desk, async () => {
      const riderId = body.riderId as RiderId
      for (const action of actionsOf(body, desk.race.decisions)) {
        const race = this.#advance(desk, { kind: 'decide', riderId, action, reason: body.reason, by: 'organiser' })
        const decision = race.decisions.at(-1)!
        const { runId } = this.#run(desk)
        desk.room?.ride.decide({ kind: 'decision', runId, decision })
        // In the order they were taken.
        await this.#options.store.addDecision(runId, decision, this.#options.clock.wallMs())
      }
      if (desk.race.state === 'provisional') {
        await this.#options.store.addResults(desk.race.runId, desk.race.results)
        await this.#files.keep(desk)
      }
      return this.#answer(desk)
    })
  }

  /** The race's room ends; results stay. */
  async closeEvent(eventId: string): Promise<EventAnswer> {
    const desk = this.#desk(eventId)
    return await inTurn(desk, async () => {
      const { room } = desk
      if (desk.phase === 'closed') throw new AppError('ERR_EVENT_STATE', 'The event is closed already.')
      if (desk.race.state === 'racing' || (desk.phase === 'racing' && room !== undefined)) await this.#finish(desk)
      if (desk.race.state === 'provisional') await this.#files.keep(desk)
      desk.room = undefined
      await this.#setPhase(desk, 'closed')
      await room?.end()
      return this.#answer(desk)
    })
  }

  board(eventId: string): BoardAnswer {
    const desk = this.#desk(eventId)
    const tick = desk.room?.ride.world.tick ?? 0
    const startTick = 'startTick' in desk.race ? desk.race.startTick : undefined
    const clockMs = startTick === undefined ? 0 : (tick - startTick) * TICK_MS
    return { phase: desk.phase, tick, clockMs, rows: boardRows(desk) }
  }

  async results(
    eventId: string,
  ): Promise<{ event: StoredEvent; phase: EventPhase; revision: number; rows: readonly Result[] }> {
    const desk = this.#desk(eventId)
    const run = await this.#options.store.runOf(eventId)
    const stored = run === undefined ? { revision: 0, rows: [] } : await this.#options.store.results(run.id)
    return { event: desk.stored, phase: desk.phase, ...stored }
  }

  /** The judge's file: the race as it stands while its room lives, the last word after. */
  async exportFile(eventId: string): Promise<string> {
    const desk = this.#desk(eventId)
    return await inTurn(desk, async () => await this.#files.read(desk))
  }

  /** Once a second, from the room's own tick: planned starts, the gun, the end. */
  onSecond(room: RideRoom): void {
    const desk = [...this.#desks.values()].find((candidate) => candidate.room === room)
    if (desk === undefined) return
    inTurn(desk, async () => await this.#follow(desk)).catch((error: unknown) => {
      this.#options.log.error({ event: desk.stored.id, cause: String(error) }, 'An event could not be followed.')
    })
  }

  /** The room is gone without the organiser's wish: by a fault, or because the server stops. */
  onRoomEnded(room: RideRoom): void {
    for (const desk of this.#desks.values()) if (desk.room === room) desk.room = undefined
  }

  async #follow(desk: Desk): Promise<void> {
    const { room, stored } = desk
    if (room === undefined) return
    const { run } = room.ride.world
    if (desk.phase === 'open' && stored.startsAtMs !== null && desk.race.entries.length > 0) {
      const inS = (stored.startsAtMs - this.#options.clock.wallMs()) / 1000
      if (inS <= COUNTDOWN_S) await this.#countDown(desk, Math.max(1, inS))
    } else if (desk.phase === 'countdown' && run.phase === 'racing') {
      this.#advance(desk, { kind: 'start' })
      await this.#setPhase(desk, 'racing')
    } else if (desk.phase === 'racing' && run.phase === 'finished') {
      await this.#finish(desk)
    }
    if (desk.phase === 'racing' || desk.phase === 'countdown') room.showBoard(boardRows(desk))
  }

  async #countDown(desk: Desk, inS: number): Promise<EventAnswer> {
    const { room } = desk
    if (room === undefined || desk.race.state !== 'open') {
      throw new AppError('ERR_EVENT_STATE', `An event that is ${desk.phase} cannot be started; open it first.`)
    }
    const runId = crypto.randomUUID()
    const startTick = room.ride.world.tick + Math.round(inS * TICK_HZ)
    const countDown: EventAction = { kind: 'count-down', runId, startTick }
    const possible = advance(desk.race, countDown)
    if (!possible.ok) throw new AppError('ERR_EVENT_STATE', possible.error)
    // Written down before anybody counts: a race that no store knows of would have no result.
    await this.#options.store.createRun({
      id: runId,
      eventId: desk.stored.id,
      roomId: room.roomId,
      seed: room.plan.seed,
      physicsVersion: PHYSICS_VERSION,
      mapHash: desk.stored.mapHash,
      journal: room.journal.name,
      startedAtMs: this.#options.clock.wallMs(),
      startTick,
    })
    if (startTick <= room.ride.world.tick) {
      throw new AppError(
        'ERR_NOT_READY',
        'The database answered after the gun; nothing was started. Start the race again.',
      )
    }
    const race = this.#advance(desk, countDown)
    room.ride.decide({ kind: 'pen', run: runOf(race, runId) })
    room.ride.decide({ kind: 'start', runId, startTick })
    await this.#setPhase(desk, 'countdown')
    return this.#answer(desk)
  }

  async #finish(desk: Desk): Promise<void> {
    const { world } = desk.room!.ride
    // Asked again each second while the store is away: the race itself is over once only.
    if (desk.race.state === 'racing') {
      this.#advance(desk, { kind: 'finish', crossings: [...world.crossings] })
      this.#advance(desk, { kind: 'publish' })
    }
    const { race } = desk
    if (race.state !== 'provisional') return
    const { store, clock } = this.#options
    await store.addCrossings(race.runId, race.crossings)
    await store.addResults(race.runId, race.results)
    await store.endRun(race.runId, { endedAtMs: clock.wallMs(), endTick: world.tick, stateHash: world.stateHash() })
    desk.room!.showBoard(boardRows(desk))
    await this.#setPhase(desk, 'provisional')
    await this.#files.keep(desk)
  }

  async #addBots(desk: Desk, count: number): Promise<void> {
    for (let i = 0; i < count; i++) {
      const index = desk.race.entries.length
      const name = BOT_NAMES[index % BOT_NAMES.length]!
      // Bibs in order.
      await this.#enter(desk, { name, ...botBody(index) }, { wattsPerKg: botBody(index).wattsPerKg })
    }
  }

  async #enter(
    desk: Desk,
    rider: NewRider,
    as: { uuid: string; secret: string } | { wattsPerKg: number },
  ): Promise<EntryCreated> {
    const { room, race, stored } = desk
    if (room === undefined || race.state !== 'open') {
      throw new AppError('ERR_EVENT_STATE', `An event that is ${desk.phase} takes no entries.`)
    }
    const isBot = 'wattsPerKg' in as
    const { course, network } = room.plan.world
    const { rules } = race
    const { distanceM } = penSlot(race.entries.length, rules, network, course)
    const where = { held: true, distanceM, routeId: rules.routeId }
    const { name, massKg, heightM } = rider
    const body = { name, massKg, heightM }
    const seated = isBot
      ? room.ride.addBot({ ...body, wattsPerKg: as.wattsPerKg, isRacer: true }, where)
      : room.admit({ ...body, look: rider.look }, where, as.uuid, as.secret)
    try {
      const { entries } = this.#advance(desk, { kind: 'enter', riderId: seated.riderId, name, isBot })
      const { bib } = entries.at(-1)!
      const entry = await this.#options.store.createEntry({
        ...{ eventId: stored.id, riderUuid: isBot ? null : as.uuid, isBot },
        ...body,
      })
      return { id: entry.id, riderId: seated.riderId, name, isBot, bib, roomId: room.roomId, secret: seated.secret }
    } catch (error) {
      room.ride.forget(seated.riderId) // Refused: the place in the pen is free again.
      throw error
    }
  }

  /** The race's own rules decide what is possible; a refusal is their sentence. */
  #advance(desk: Desk, action: EventAction): RaceEvent {
    const advanced = advance(desk.race, action)
    if (!advanced.ok) throw new AppError('ERR_EVENT_STATE', advanced.error)
    desk.race = advanced.event
    return desk.race
  }

  async #setPhase(desk: Desk, phase: EventPhase): Promise<void> {
    desk.phase = phase
    const { stored, race, room } = desk
    const startTick = 'startTick' in race ? race.startTick : 0
    room?.showEvent({ id: stored.id, title: stored.title, laps: stored.laps, phase, startTick })
    await this.#options.store.setEventPhase(stored.id, phase)
  }

  #run(desk: Desk): { runId: string } {
    if (!('runId' in desk.race)) throw new AppError('ERR_EVENT_STATE', 'The race has not been started yet.')
    return desk.race
  }

  #desk(eventId: string): Desk {
    const desk = this.#desks.get(eventId)
    if (desk === undefined) throw new AppError('ERR_EVENT_UNKNOWN', 'There is no such event.')
    return desk
  }

  #worldOf(mapId: string): HouseWorld {
    const world = this.#options.worldOf(mapId)
    if (world === undefined)
      throw new AppError('ERR_MAP_INVALID', `There is no road "${mapId}"; GET /api/worlds lists them.`)
    return world
  }

  #answer({ stored, phase, room, race }: Desk): EventAnswer {
    const { id, title, mapId, mapHash, routeId, laps, startsAtMs } = stored
    const entries: EntryAnswer[] = race.entries.map(({ riderId, name, isBot, bib }) => ({
      ...{ id: `${id}:${bib}`, riderId, name, isBot, bib },
    }))
    const startsAt = startsAtMs === null ? null : new Date(startsAtMs).toISOString()
    return { id, title, mapId, mapHash, routeId, laps, startsAt, phase, roomId: room?.roomId ?? null, entries }
  }
}

/** A room does not survive the process (its journal does): sign-up begins anew, a race that was on is over, with the result its journal gives. */
const AFTER_RESTART: Readonly<Record<EventPhase, EventPhase>> = {
  planned: 'planned',
  open: 'planned',
  countdown: 'planned',
  racing: 'closed',
  provisional: 'closed',
  closed: 'closed',
}

function actionsOf(body: DecisionBody, decisions: readonly Decision[]): readonly DecisionAction[] {
  switch (body.kind) {
    case 'disqualify':
      return [{ kind: 'dq' }]
    case 'penalty':
      return [{ kind: 'time-penalty', penaltyMs: body.penaltyMs }]
    case 'reinstate': {
      const reverted = new Set(decisions.flatMap(({ action }) => (action.kind === 'revert' ? [action.decisionId] : [])))
      const standing = decisions.filter(
        ({ id, riderId, action }) => riderId === body.riderId && action.kind === 'dq' && !reverted.has(id),
      )
      if (standing.length === 0) throw new AppError('ERR_EVENT_STATE', `Rider ${body.riderId} is not disqualified.`)
      return standing.map(({ id }) => ({ kind: 'revert', decisionId: id }))
    }
  }
}
