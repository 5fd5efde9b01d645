import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'
import { TICK_HZ } from '#protocol/limits'
import { penSlot } from '../event/pen.ts'
import { routeTotals } from '#maps/routes'
import type { Clock } from '../clock.ts'
import { AppError } from '../errors.ts'
import type { MeetAnswer, MeetBody, MeetCreated } from '../http/shapes.ts'
import { cleanLine, cleanName } from '../room/names.ts'
import { isRidable, rulesOf } from '../room/desk.ts'
import type { RideRoom } from '../room/ride-room.ts'
import type { Where } from '../room/ride-options.ts'
import type { HouseWorld } from '../room/worlds.ts'
import type { Store, StoredMeet } from '../store/store.ts'

export interface MeetOptions {
  readonly store: Pick<Store, 'createMeet' | 'openMeets' | 'endMeet'>
  readonly clock: Clock
  worldOf(mapId: string): Promise<HouseWorld | undefined>
  openRoom(world: HouseWorld, whereToBegin: () => Where): Promise<RideRoom>
  readonly onError: (error: unknown) => void
}

/** A meet-up's room opens so long before its time: whoever comes stands in the pen and sees the others. */
export const OPEN_BEFORE_MS = 15 * 60_000
/** Nobody came, or everybody left: it is over after so long. */
const EMPTY_MS = 10 * 60_000
/** Longer than this nobody rides. */
const LASTS_MS = 8 * 3600_000
/** Planned and on, and open at once. */
const MEETS_MAX = 200
const OPEN_MAX = 20
/** Of one address, as long as this server runs: one that fills the list would keep everybody from meeting for weeks. */
const EACH_MAX = 12
/** Planned so far ahead, and so little behind (clocks differ). */
const AHEAD_MS = 60 * 24 * 3600_000
const BEHIND_MS = 5 * 60_000
const LOOK_MS = 1000
const TITLE_CHARS_MAX = 60

interface Meet {
  readonly stored: StoredMeet
  readonly world: HouseWorld
  /** Where it was asked for; undefined after a restart. */
  readonly address?: string | undefined
  room?: RideRoom
  isOpening?: boolean
  /** Everybody who stood in the pen was let go. */
  hasGone?: boolean
  /** Since when nobody is there. */
  emptySinceMs?: number
  /** Places given in the pen. */
  placed: number
}

/** Meet-ups of riders: planned, waited for in the pen, ridden, over. Rules in docs/meet.md. */
export class MeetDesk {
  readonly #options: MeetOptions
  readonly #meets = new Map<string, Meet>()
  #cancel: (() => void) | undefined
  #isClosed = false

  private constructor(options: MeetOptions) {
    this.#options = options
  }

  /** What an earlier run of the server left: what was on is open again at once. */
  static async open(options: MeetOptions): Promise<MeetDesk> {
    const desk = new MeetDesk(options)
    for (const stored of await options.store.openMeets(MEETS_MAX)) {
      const world = await options.worldOf(stored.mapId)
      // A road that is another now, or gone: its link says that it is over.
      if (world === undefined || world.mapHash !== stored.mapHash || !isRidable(stored, world)) {
        await options.store.endMeet(stored.id, options.clock.wallMs())
      } else desk.#meets.set(stored.id, { stored, world, placed: 0 })
    }
    await desk.#look()
    return desk
  }

  /** Looks once a second from now on. */
  start(): void {
    if (this.#isClosed) return
    this.#cancel = this.#options.clock.after(LOOK_MS, () => {
      this.#look()
        .catch(this.#options.onError)
        .finally(() => this.start())
    })
  }

  close(): void {
    this.#isClosed = true
    this.#cancel?.()
  }

  /** Of those that are listed, the soonest first. */
  list(): readonly MeetAnswer[] {
    return [...this.#meets.values()]
      .filter(({ stored }) => stored.isListed)
      .toSorted((a, b) => a.stored.startsAtMs - b.stored.startsAtMs)
      .map((meet) => this.#answer(meet))
  }

  get(id: string): MeetAnswer {
    return this.#answer(this.#find(id))
  }

  /** Maps that must not go. */
  mapsInUse(): ReadonlySet<string> {
    return new Set([...this.#meets.values()].map(({ stored }) => stored.mapId))
  }

  async create(body: MeetBody, address?: string): Promise<MeetCreated> {
    const { clock, store } = this.#options
    const nowMs = clock.wallMs()
    const startsAtMs = body.startsAt === undefined ? nowMs : Date.parse(body.startsAt)
    if (startsAtMs < nowMs - BEHIND_MS || startsAtMs > nowMs + AHEAD_MS)
      throw new AppError('ERR_BAD_REQUEST', 'A meet-up begins now or within the next 60 days.', { reason: 'meet-when' })
    if (this.#meets.size >= MEETS_MAX)
      throw new AppError('ERR_TOO_MANY', `There are ${MEETS_MAX} meet-ups already; try again when one is over.`, {
        reason: 'meets-full',
      })
    if (
      address !== undefined &&
      [...this.#meets.values()].filter((meet) => meet.address === address).length >= EACH_MAX
    )
      throw new AppError(
        'ERR_TOO_MANY',
        `${EACH_MAX} meet-ups of your network are on or planned; call one off first.`,
        { reason: 'meets-own' },
      )
    const world = await this.#options.worldOf(body.mapId)
    const routeId = body.routeId ?? world?.network.routes[0]?.id ?? ''
    if (world === undefined || !world.network.routes.some(({ id }) => id === routeId))
      throw new AppError('ERR_MAP_INVALID', 'There is no such road or route here; drop the track again.')
    const { low, high } = body.paceWkg ?? { low: 0, high: 0 }
    if (body.paceWkg !== undefined && low > high)
      throw new AppError('ERR_BAD_REQUEST', 'A pace goes from the lower to the higher number.', { reason: 'meet-pace' })
    // A way from A to B is ridden once.
    const laps = world.network.routes.find(({ id }) => id === routeId)!.isLap ? (body.laps ?? 1) : 1
    const key = randomBytes(24).toString('base64url')
    const stored: StoredMeet = {
      ...{ id: randomBytes(9).toString('base64url'), title: cleanLine(body.title, TITLE_CHARS_MAX) || world.map.name },
      ...{ mapId: world.map.id, mapHash: world.mapHash, routeId, laps, startsAtMs },
      ...{ paceWkg: body.paceWkg ?? null, isTogether: body.isTogether, isListed: body.isListed },
      ...{ madeBy: cleanName(body.name), keyHash: hashOf(key) },
    }
    await store.createMeet(stored)
    const meet: Meet = { stored, world, address, placed: 0 }
    this.#meets.set(stored.id, meet)
    await this.#attend(meet)
    return { ...this.#answer(meet), key }
  }

  /** By who made it, or by the organiser. */
  async remove(id: string, by: { readonly key?: string | undefined; readonly isOrganiser: boolean }): Promise<void> {
    const meet = this.#find(id)
    if (!by.isOrganiser && !isKey(by.key, meet.stored.keyHash))
      throw new AppError('ERR_FORBIDDEN', 'Only who made this meet-up can call it off, on the device it was made on.', {
        reason: 'meet-owner',
      })
    await this.#end(meet)
  }

  onRoomEnded(room: RideRoom): void {
    for (const meet of this.#meets.values()) if (meet.room === room) delete meet.room
  }

  #find(id: string): Meet {
    const meet = this.#meets.get(id)
    if (meet === undefined) throw new AppError('ERR_MEET_UNKNOWN', 'This meet-up is over, or its link is not whole.')
    return meet
  }

  async #look(): Promise<void> {
    // One after another: opening a road takes a while, and the next need not wait for nobody.
    // One that cannot be looked after must not keep the others waiting behind it.
    for (const meet of [...this.#meets.values()]) await this.#attend(meet).catch(this.#options.onError)
  }

  /** Opens, lets go, ends: what is due now. */
  async #attend(meet: Meet): Promise<void> {
    const nowMs = this.#options.clock.wallMs()
    const { stored, room } = meet
    if (nowMs > stored.startsAtMs + LASTS_MS) return await this.#end(meet)
    if (room === undefined) {
      if (nowMs >= stored.startsAtMs - OPEN_BEFORE_MS && meet.isOpening !== true) await this.#openRoom(meet)
      return
    }
    if (nowMs >= stored.startsAtMs && meet.hasGone !== true) {
      meet.hasGone = true
      room.ride.decide({ kind: 'go' })
      room.state.meetStartTick = Math.min(room.state.meetStartTick, room.ride.world.tick)
    }
    const isEmpty = ![...room.state.riders.values()].some(({ isBot }) => !isBot)
    if (!isEmpty || nowMs < stored.startsAtMs) delete meet.emptySinceMs
    else meet.emptySinceMs ??= nowMs
    if (meet.emptySinceMs !== undefined && nowMs - meet.emptySinceMs >= EMPTY_MS) await this.#end(meet)
  }

  async #openRoom(meet: Meet): Promise<void> {
    if ([...this.#meets.values()].filter(({ room }) => room !== undefined).length >= OPEN_MAX) return
    const { stored, world } = meet
    meet.isOpening = true
    try {
      const room = await this.#options.openRoom(world, () => this.#whereToBegin(meet))
      const { clock } = this.#options
      meet.room = room
      room.state.meetId = stored.id
      room.state.eventTitle = stored.title
      room.state.laps = stored.laps
      room.state.isTogether = stored.isTogether
      room.state.meetStartTick = Math.max(
        1,
        room.ride.world.tick + Math.round(((stored.startsAtMs - clock.wallMs()) / 1000) * TICK_HZ),
      )
      if (stored.isTogether) room.ride.decide({ kind: 'together', routeId: stored.routeId })
    } finally {
      meet.isOpening = false
    }
  }

  /** Before the time in the pen, held; after it with those who ride, or where everybody began. */
  #whereToBegin(meet: Meet): Where {
    const { stored, world, room } = meet
    const { routeId } = stored
    if (meet.hasGone === true && room !== undefined) {
      const last = room.lastPerson()
      const there = last === undefined ? undefined : room.ride.whereBeside(last)
      if (there !== undefined) return there
    }
    const rules = rulesOf(stored, world)
    const { distanceM, lateralM } = penSlot(meet.placed++ % PEN_PLACES, rules, world.network, world.course)
    return { routeId, distanceM, lateralM, held: meet.hasGone !== true }
  }

  async #end(meet: Meet): Promise<void> {
    const { store, clock } = this.#options
    this.#meets.delete(meet.stored.id)
    await store.endMeet(meet.stored.id, clock.wallMs())
    await meet.room?.end()
  }

  #answer({ stored, world, room, hasGone }: Meet): MeetAnswer {
    const route = world.network.routes.find(({ id }) => id === stored.routeId)!
    const { lengthM, climbM } = routeTotals(route, stored.laps)
    const people = room === undefined ? [] : [...room.state.riders.values()].filter(({ isBot }) => !isBot)
    const { id, title, mapId, mapHash, routeId, laps, paceWkg, isTogether, isListed, madeBy } = stored
    return {
      ...{ id, title, mapId, mapHash, mapName: world.map.name, routeId, routeName: route.name, laps },
      ...{ lengthM, climbM, isLap: route.isLap, paceWkg, isTogether, isListed, madeBy },
      startsAt: new Date(stored.startsAtMs).toISOString(),
      startsInMs: stored.startsAtMs - this.#options.clock.wallMs(),
      phase: room === undefined ? 'planned' : hasGone === true ? 'riding' : 'waiting',
      roomId: room?.roomId ?? null,
      riders: people.map(({ name }) => name).slice(0, NAMES_MAX),
      riderCount: people.length,
    }
  }
}

/** Names on a meet-up's page. */
const NAMES_MAX = 24
/** Places in the pen before they are given again. */
const PEN_PLACES = 80

function hashOf(key: string): string {
  return createHash('sha256').update(key).digest('hex')
}

function isKey(key: string | undefined, hash: string): boolean {
  return key !== undefined && timingSafeEqual(Buffer.from(hashOf(key)), Buffer.from(hash))
}
