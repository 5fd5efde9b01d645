import type { RiderId } from '#protocol/ids'
import { CHAT_LENGTH_MAX, ROOM_RIDERS_MAX } from '#protocol/limits'
import { type Notice, notice } from '#protocol/notices'
import type { Clock } from '../clock.ts'
import { RateLimit } from '../http/rate-limit.ts'
import type { AvoidKind, Blocks } from './blocks.ts'
import { cleanLine } from './names.ts'
import type { ReportReason } from './report.ts'
import type { Reports } from './reports.ts'

/** A line now, two more at once, then one every two seconds. */
const CHAT_RATE = { burst: 3, perS: 0.5 }
const RIDE_ON_RATE = { burst: 10, perS: 0.5 }
const AVOID_RATE = { burst: 20, perS: 0.5 }
const REPORT_RATE = { burst: 3, perS: 1 / 30 }
/** The same two riders: once in a while is kind, ever again is not. */
const RIDE_ON_AGAIN_MS = 20_000
/** Lines kept, so that a report can show the last of them. */
const LINES_MAX = 400
const EVIDENCE_LINES = 20
/** Quick messages are told by number; the reader's page has the words (client/words/social.en.ts). */
export const QUICK_MESSAGES = 8
export interface SocialRoom {
  readonly roomId: string
  readonly clock: Clock
  readonly reports: Reports
  readonly blocks: Blocks
  readonly newId: () => string
  nameOf(riderId: RiderId): string | undefined
  /** UUID of the person; undefined for bots and strangers. */
  personOf(riderId: RiderId): string | undefined
  /** Persons on the road. */
  persons(): Iterable<{ readonly riderId: RiderId; readonly uuid: string }>
  /** To every page of a rider; to each listener without a rider where `riderId` is undefined. */
  tell(riderId: RiderId | undefined, kind: string, message: unknown): void
  /** Riders who have a page. */
  listeners(): Iterable<RiderId>
}

type Refusal = Notice | undefined

/**
 * What riders say to one another: lines, quick messages, ride-ons; and what protects them: blocks and mutes,
 * which the server holds, and reports. Lines have ids, so that a page can take one of them and hide it.
 */
export class Social {
  readonly #room: SocialRoom
  readonly #chatRate: RateLimit
  readonly #rideOnRate: RateLimit
  readonly #avoidRate: RateLimit
  readonly #reportRate: RateLimit
  readonly #lines: { readonly riderId: RiderId; readonly wallMs: number; readonly text: string }[] = []
  readonly #rideOns = new Map<RiderId, number>()
  readonly #lastRideOn = new Map<string, number>()
  #nextLine = 1

  constructor(room: SocialRoom) {
    this.#room = room
    this.#chatRate = new RateLimit(CHAT_RATE, room.clock)
    this.#rideOnRate = new RateLimit(RIDE_ON_RATE, room.clock)
    this.#avoidRate = new RateLimit(AVOID_RATE, room.clock)
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
    if (!this.#hears(toId, riderId)) return undefined // Who is blocked is not told so.
    const count = (this.#rideOns.get(toId) ?? 0) + 1
    this.#rideOns.delete(toId) // To the end: the newest.
    this.#rideOns.set(toId, count)
    if (this.#rideOns.size > 4 * ROOM_RIDERS_MAX) this.#rideOns.delete(this.#rideOns.keys().next().value!)
    this.#room.tell(toId, 'ride-on', { riderId, name: this.#room.nameOf(riderId) ?? '', count })
    this.#room.tell(riderId, 'ride-on-given', { riderId: toId, name })
    return undefined
  }

  /** Blocked: from now on neither hears of the other. Muted: I do not hear them. `isOn` false takes it back. */
  async avoid(riderId: RiderId, otherId: RiderId, kind: AvoidKind, isOn: boolean): Promise<Refusal> {
    const [mine, theirs] = [this.#room.personOf(riderId), this.#room.personOf(otherId)]
    if (mine === undefined || theirs === undefined) return notice('rider-gone')
    if (!this.#avoidRate.take(String(riderId))) return notice('too-many')
    const { blocks } = this.#room
    const name = this.#room.nameOf(otherId) ?? ''
    const refusal: Refusal | void = isOn
      ? await blocks.avoid(mine, { uuid: theirs, name }, kind)
      : await blocks.hearRiderAgain(mine, theirs, kind)
    this.#tellMarks(riderId, mine)
    return refusal ?? undefined
  }

  /** Takes back what the list shows, though that rider is not here. */
  async hearAgain(riderId: RiderId, markId: string): Promise<Refusal> {
    const mine = this.#room.personOf(riderId)
    if (mine === undefined || !this.#avoidRate.take(String(riderId))) return notice('too-many')
    await this.#room.blocks.hearAgain(mine, markId)
    this.#tellMarks(riderId, mine)
    return undefined
  }

  /** Whom a rider avoids, for the list on their page. */
  marks(riderId: RiderId): Refusal {
    const mine = this.#room.personOf(riderId)
    if (mine !== undefined && this.#avoidRate.take(String(riderId))) this.#tellMarks(riderId, mine)
    return undefined
  }

  #tellMarks(riderId: RiderId, mine: string): void {
    const { blocks } = this.#room
    const marks = blocks.marksOf(mine)
    const here: { riderId: RiderId; kind: AvoidKind }[] = []
    if (marks.length > 0)
      for (const { riderId: other, uuid } of this.#room.persons())
        for (const kind of ['block', 'mute'] as const)
          if (blocks.isMarked(mine, uuid, kind)) here.push({ riderId: other, kind })
    this.#room.tell(riderId, 'marks', { marks, here })
  }

  #hears(listener: RiderId, speaker: RiderId): boolean {
    return this.#room.blocks.hears(this.#room.personOf(listener), this.#room.personOf(speaker))
  }

  async report(riderId: RiderId, aboutId: RiderId, reason: ReportReason, words: string): Promise<Refusal> {
    const { nameOf, personOf, blocks, reports, clock, roomId, newId } = this.#room
    const [name, mine, theirs] = [nameOf(aboutId), personOf(riderId), personOf(aboutId)]
    if (aboutId === riderId) return notice('yourself')
    const lines = this.#lines.filter((line) => line.riderId === aboutId).slice(-EVIDENCE_LINES)
    if (mine === undefined || theirs === undefined) return notice('rider-unknown')
    if (!this.#reportRate.take(String(riderId))) return notice('reported-enough')
    const refusal = await reports.take({
      ...{ id: newId(), wallMs: clock.wallMs(), room: roomId, reason, words: cleanLine(words, CHAT_LENGTH_MAX) },
      by: { riderId, name: nameOf(riderId) ?? '' },
      about: { riderId: aboutId, name: name ?? '' },
      lines: lines.map(({ wallMs, text }) => ({ wallMs, text })),
      ...{ byKey: blocks.keyOf(mine), aboutKey: blocks.keyOf(theirs) },
    })
    if (refusal === undefined) this.#room.tell(riderId, 'reported', { riderId: aboutId, name: name ?? '' })
    return refusal
  }

  #keep(riderId: RiderId, text: string): void {
    this.#lines.push({ riderId, wallMs: this.#room.clock.wallMs(), text })
    if (this.#lines.length > LINES_MAX) this.#lines.shift()
  }

  /** To everybody, but to nobody whom a block parts from the speaker, or who muted them. */
  #tellAll(riderId: RiderId, kind: string, what: object): void {
    const message = { id: this.#nextLine++, riderId, name: this.#room.nameOf(riderId) ?? '', ...what }
    for (const other of this.#room.listeners())
      if (other === riderId || this.#hears(other, riderId)) this.#room.tell(other, kind, message)
    this.#room.tell(undefined, kind, message)
  }
}
