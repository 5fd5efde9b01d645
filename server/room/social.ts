import type { RiderId } from '#protocol/ids'
import { CHAT_LENGTH_MAX, ROOM_RIDERS_MAX } from '#protocol/limits'
import { type Notice, notice } from '#protocol/notices'
import { AppError } from '../errors.ts'
import type { Clock } from '../clock.ts'
import { RateLimit } from '../http/rate-limit.ts'
import { cleanLine } from './names.ts'

/** A line now, two more at once, then one every two seconds. */
const CHAT_RATE = { burst: 3, perS: 0.5 }
const RIDE_ON_RATE = { burst: 10, perS: 0.5 }
const BLOCK_RATE = { burst: 20, perS: 0.5 }
const REPORT_RATE = { burst: 3, perS: 1 / 30 }
/** The same two riders: once in a while is kind, ever again is not. */
const RIDE_ON_AGAIN_MS = 20_000
/** Lines kept, so that a report can show the last of them. */
const LINES_MAX = 400
const EVIDENCE_LINES = 20
const REPORTS_MAX = 200
/** Blocked by one rider. */
const BLOCKS_MAX = 200
/** Quick messages are told by number; the reader's page has the words (client/words/social.en.ts). */
export const QUICK_MESSAGES = 8
export const REPORT_REASONS = ['rude', 'spam', 'riding', 'name', 'other'] as const
export type ReportReason = (typeof REPORT_REASONS)[number]

/** What the organiser reads. */
export interface Report {
  readonly id: number
  readonly wallMs: number
  readonly room: string
  readonly by: { readonly riderId: number; readonly name: string }
  readonly about: { readonly riderId: number; readonly name: string }
  readonly reason: ReportReason
  readonly words: string
  /** The last lines of whom it is about. */
  readonly lines: readonly { readonly wallMs: number; readonly text: string }[]
}

/** Reports of the whole house, newest last, until the organiser has dealt with them or the server ends. */
export class Reports {
  readonly #list: Report[] = []
  #nextId = 1

  add(report: Omit<Report, 'id'>): Report {
    const full = { id: this.#nextId++, ...report }
    this.#list.push(full)
    if (this.#list.length > REPORTS_MAX) this.#list.shift()
    return full
  }

  list(): readonly Report[] {
    return this.#list
  }

  settle(id: number): void {
    const index = this.#list.findIndex((report) => report.id === id)
    if (index < 0) throw new AppError('ERR_EVENT_UNKNOWN', 'There is no such report; somebody may have settled it.')
    this.#list.splice(index, 1)
  }
}

export interface SocialRoom {
  readonly roomId: string
  readonly clock: Clock
  readonly reports: Reports
  nameOf(riderId: RiderId): string | undefined
  /** To every page of a rider; to each listener without a rider where `riderId` is undefined. */
  tell(riderId: RiderId | undefined, kind: string, message: unknown): void
  /** Riders who have a page. */
  listeners(): Iterable<RiderId>
}

type Refusal = Notice | undefined

/**
 * What riders say to one another: lines, quick messages, ride-ons; and what protects them: blocks, which the server
 * holds both ways, and reports. Lines have ids, so that a page can take one of them and hide it.
 */
export class Social {
  readonly #room: SocialRoom
  readonly #chatRate: RateLimit
  readonly #rideOnRate: RateLimit
  readonly #blockRate: RateLimit
  readonly #reportRate: RateLimit
  readonly #lines: { readonly riderId: RiderId; readonly wallMs: number; readonly text: string }[] = []
  readonly #blocks = new Map<RiderId, Set<RiderId>>()
  readonly #rideOns = new Map<RiderId, number>()
  readonly #lastRideOn = new Map<string, number>()
  #nextLine = 1

  constructor(room: SocialRoom) {
    this.#room = room
    this.#chatRate = new RateLimit(CHAT_RATE, room.clock)
    this.#rideOnRate = new RateLimit(RIDE_ON_RATE, room.clock)
    this.#blockRate = new RateLimit(BLOCK_RATE, room.clock)
    this.#reportRate = new RateLimit(REPORT_RATE, room.clock)
  }

  chat(riderId: RiderId, said: string): Refusal {
    const text = cleanLine(said, CHAT_LENGTH_MAX)
    if (text === '') return undefined
    if (!this.#chatRate.take(String(riderId))) return notice('too-many-lines')
    this.#keep(riderId, text)
    this.#tellAll(riderId, 'chat', { text })
    return undefined
  }

  quick(riderId: RiderId, quick: number): Refusal {
    if (!this.#chatRate.take(String(riderId))) return notice('too-many-lines')
    this.#keep(riderId, `quick ${quick}`)
    this.#tellAll(riderId, 'quick', { quick })
    return undefined
  }

  /** `toId` 0: whoever it is for has to be named. */
  rideOn(riderId: RiderId, toId: RiderId): Refusal {
    const name = this.#room.nameOf(toId)
    if (name === undefined || toId === riderId) return notice('rider-gone')
    if (!this.#rideOnRate.take(String(riderId))) return notice('too-many')
    const pair = `${riderId} ${toId}`
    const nowMs = this.#room.clock.nowMs()
    if (nowMs - (this.#lastRideOn.get(pair) ?? -Infinity) < RIDE_ON_AGAIN_MS) return undefined
    this.#lastRideOn.delete(pair)
    this.#lastRideOn.set(pair, nowMs)
    if (this.#lastRideOn.size > LINES_MAX) this.#lastRideOn.delete(this.#lastRideOn.keys().next().value!)
    if (this.isBlocked(riderId, toId)) return undefined // Who is blocked is not told so.
    const count = (this.#rideOns.get(toId) ?? 0) + 1
    this.#rideOns.delete(toId) // To the end: the newest.
    this.#rideOns.set(toId, count)
    if (this.#rideOns.size > 4 * ROOM_RIDERS_MAX) this.#rideOns.delete(this.#rideOns.keys().next().value!)
    this.#room.tell(toId, 'ride-on', { riderId, name: this.#room.nameOf(riderId) ?? '', count })
    this.#room.tell(riderId, 'ride-on-given', { riderId: toId, name })
    return undefined
  }

  /** From now on neither hears of the other; `isOn` false takes it back. */
  block(riderId: RiderId, otherId: RiderId, isOn: boolean): Refusal {
    if (!this.#blockRate.take(String(riderId))) return notice('too-many')
    const blocked = this.#blocks.get(riderId) ?? new Set()
    this.#blocks.set(riderId, blocked)
    if (!isOn) blocked.delete(otherId)
    else if (blocked.size < BLOCKS_MAX && otherId !== riderId) blocked.add(otherId)
    if (this.#blocks.size > 4 * ROOM_RIDERS_MAX) this.#blocks.delete(this.#blocks.keys().next().value!)
    return undefined
  }

  isBlocked(a: RiderId, b: RiderId): boolean {
    return this.#blocks.get(a)?.has(b) === true || this.#blocks.get(b)?.has(a) === true
  }

  report(riderId: RiderId, aboutId: RiderId, reason: ReportReason, words: string): Refusal {
    const name = this.#room.nameOf(aboutId)
    if (aboutId === riderId) return notice('yourself')
    const lines = this.#lines.filter((line) => line.riderId === aboutId).slice(-EVIDENCE_LINES)
    if (name === undefined && lines.length === 0) return notice('rider-unknown')
    if (!this.#reportRate.take(String(riderId))) return notice('reported-enough')
    this.#room.reports.add({
      ...{
        wallMs: this.#room.clock.wallMs(),
        room: this.#room.roomId,
        reason,
        words: cleanLine(words, CHAT_LENGTH_MAX),
      },
      by: { riderId, name: this.#room.nameOf(riderId) ?? '' },
      about: { riderId: aboutId, name: name ?? '' },
      lines: lines.map(({ wallMs, text }) => ({ wallMs, text })),
    })
    this.#room.tell(riderId, 'reported', { riderId: aboutId, name: name ?? '' })
    return undefined
  }

  #keep(riderId: RiderId, text: string): void {
    this.#lines.push({ riderId, wallMs: this.#room.clock.wallMs(), text })
    if (this.#lines.length > LINES_MAX) this.#lines.shift()
  }

  /** To everybody, but to nobody whom a block parts from the speaker. */
  #tellAll(riderId: RiderId, kind: string, what: object): void {
    const message = { id: this.#nextLine++, riderId, name: this.#room.nameOf(riderId) ?? '', ...what }
    for (const other of this.#room.listeners())
      if (!this.isBlocked(riderId, other)) this.#room.tell(other, kind, message)
    this.#room.tell(undefined, kind, message)
  }
}
