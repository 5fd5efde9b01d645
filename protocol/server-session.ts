import { expandNumber, ReplayWindow } from './ack-window.ts'
import { Allowance } from './allowance.ts'
import { type CloseReason, decodeUpPacket, type UpPacket, writeDownPacket } from './control.ts'
import { type Packet, writeShortHeader } from './datagram.ts'
import { isNewer, type RiderId, type Sequence, type Tick } from './ids.ts'
import type { InputSample } from './input.ts'
import { type KeyLimits, KeyRing } from './key-ring.ts'
import {
  DATAGRAM_BYTES_MAX,
  PACKET_NUMBER_MAX,
  SESSION_RESUME_MS,
  SESSION_SILENCE_MS,
  WISHES_AT_ONCE_MAX,
  WISHES_PER_S,
} from './limits.ts'
import type { OwnBlock } from './own.ts'
import type { Sealer } from './sealer.ts'
import type { SessionUse } from './token.ts'
import type { Wish } from './wishes.ts'
import { BitWriter } from './writer.ts'

export type ServerEvent =
  /** Oldest first; only samples newer than any before. */
  | { readonly kind: 'samples'; readonly samples: readonly InputSample[] }
  /** The client used these of our packets: `newest`, and bit i for newest − 1 − i. */
  | { readonly kind: 'acks'; readonly newest: number; readonly bits: number }
  /** Each once, in the order they were wished; of a kind the newest counts. What the kind means is the world's to know. */
  | { readonly kind: 'wish'; readonly wish: Wish }
  /** What we asked an address to say again. */
  | { readonly kind: 'path'; readonly bytes: Uint8Array }
  | { readonly kind: 'bye' }

export interface ServerOptions {
  readonly sealer: Sealer
  readonly riderId: RiderId
  readonly use: SessionUse
  readonly nowMs: number
  /** Only for tests: other limits of keys, and the number both directions begin at. */
  readonly keyLimits?: KeyLimits | undefined
  readonly firstNumber?: number | undefined
}

/** Writes the rider block into a packet of this number; there are `bitsMax` bits for it. */
export type RiderBlock = (w: BitWriter, packetNumber: number, bitsMax: number) => void

export type Heard =
  | {
      readonly ok: true
      readonly number: number
      /** No later packet was heard before this one. */
      readonly isNewest: boolean
      readonly events: readonly ServerEvent[]
    }
  | { readonly ok: false; readonly error: string }

/** What a packet says beside what the session itself has to say. */
export interface ComposeParts {
  readonly own?: OwnBlock | undefined
  readonly riders?: RiderBlock | undefined
  readonly bye?: CloseReason | undefined
  readonly path?: Uint8Array | undefined
  /** How long ago the tick was, ms; 0 right after it. */
  readonly agoMs?: number
}

/** One for all sessions: a packet is written, sealed in place and sent before the next begins. */
const SCRATCH = new BitWriter()

/** The server's end, from the moment the client has proven itself. */
export class ServerSession {
  readonly riderId: RiderId
  readonly use: SessionUse
  readonly #keys: KeyRing
  readonly #replays: ReplayWindow
  #heardMs: number
  #packetNumber: number
  #newestAcked: number
  #hasAck = false
  #newestSequence: Sequence | undefined
  #newestWish: Sequence | undefined
  #isWishAckDue = false
  /** Made with the first wish: most sessions have none. */
  #wishesLeft: Allowance | undefined
  #clockMs = -1
  #clockAtMs = 0

  constructor({ sealer, riderId, use, nowMs, keyLimits, firstNumber = 0 }: ServerOptions) {
    this.#keys = new KeyRing(sealer, nowMs, keyLimits)
    this.#replays = new ReplayWindow(firstNumber)
    this.#packetNumber = firstNumber
    this.#newestAcked = firstNumber - 1
    this.riderId = riderId
    this.use = use
    this.#heardMs = nowMs
  }

  /** When a valid packet came last. */
  get heardMs(): number {
    return this.#heardMs
  }

  /** Nothing came for a while: nothing is sent until something does. [D114] */
  isDormant(nowMs: number): boolean {
    return nowMs - this.#heardMs > SESSION_SILENCE_MS
  }

  /** Dormant for so long that nobody will come back to it, or out of packet numbers. */
  isOver(nowMs: number): boolean {
    return nowMs - this.#heardMs > SESSION_SILENCE_MS + SESSION_RESUME_MS || this.#packetNumber > PACKET_NUMBER_MAX
  }

  /** The client has used a packet of ours: it knows who it is. */
  get isWelcomed(): boolean {
    return this.#hasAck
  }

  /** Something is to be said that cannot wait for news: who the client is, or that a wish was taken up. */
  get isPressing(): boolean {
    return !this.#hasAck || this.#isWishAckDue
  }

  /** Changes with the keys, in both directions at once. */
  get epoch(): number {
    return this.#keys.epoch
  }

  /** Opens and reads one packet; `error` is the reason it was refused. */
  receive(packet: Packet, nowMs: number): Heard {
    const number = expandNumber(packet.numberLow, this.#replays.expected)
    if (!this.#replays.isFresh(number)) return { ok: false, error: 'replay' }
    const body = this.#keys.open(number, packet.phase, packet.bytes, packet.headerBytes, nowMs)
    if (body === undefined) return { ok: false, error: 'forged' }
    const read = decodeUpPacket(body)
    if (!read.ok) return { ok: false, error: read.error }
    const { ack } = read.value
    const acked = ack === undefined ? -1 : expandNumber(ack.newestLow, this.#newestAcked + 1)
    if (acked >= this.#packetNumber) return { ok: false, error: 'ack-of-unsent' }
    const isNewest = number > this.#replays.newest
    this.#replays.mark(number)
    this.#heardMs = nowMs
    const events: ServerEvent[] = []
    if (ack !== undefined && acked > this.#newestAcked) {
      this.#newestAcked = acked
      this.#hasAck = true
      if (acked >= this.#keys.firstSealed) this.#keys.confirm()
      events.push({ kind: 'acks', newest: acked, bits: ack.bits })
    }
    this.#read(read.value, isNewest, nowMs, events)
    return { ok: true, number, isNewest, events }
  }

  #read({ clockMs, path, input, wishes, isBye }: UpPacket, isNewest: boolean, nowMs: number, events: ServerEvent[]) {
    if (clockMs !== undefined && isNewest) {
      this.#clockMs = clockMs
      this.#clockAtMs = nowMs
    }
    if (path !== undefined) events.push({ kind: 'path', bytes: path })
    if (input !== undefined && this.use === 'ride') {
      let count = 0
      while (count < input.length && this.#isNews(input[count]!)) count++
      if (count > 0) {
        this.#newestSequence = input[0]!.sequence
        events.push({ kind: 'samples', samples: input.slice(0, count).reverse() })
      }
    }
    if (wishes !== undefined) this.#takeWishes(wishes, nowMs, events)
    if (isBye) events.push({ kind: 'bye' })
  }

  #isNews({ sequence }: InputSample): boolean {
    return this.#newestSequence === undefined || isNewer(sequence, this.#newestSequence)
  }

  /** A wish too many is not taken up, and not acknowledged: it comes again. */
  #takeWishes(wishes: readonly Wish[], nowMs: number, events: ServerEvent[]): void {
    this.#wishesLeft ??= new Allowance(WISHES_AT_ONCE_MAX, nowMs)
    for (const wish of wishes) {
      if (this.#newestWish !== undefined && !isNewer(wish.number, this.#newestWish)) continue
      if (this.#wishesLeft.take(1, WISHES_PER_S, WISHES_AT_ONCE_MAX, nowMs) === 0) break
      this.#newestWish = wish.number
      events.push({ kind: 'wish', wish })
    }
    this.#isWishAckDue = this.#newestWish !== undefined
  }

  /**
   * One packet, at most DATAGRAM_BYTES_MAX bytes, header and tag included. What comes back is valid until the next
   * packet of any session is composed.
   */
  compose(nowMs: number, tick: Tick, parts: ComposeParts): Uint8Array {
    const number = this.#packetNumber++
    const phase = this.#keys.turn(nowMs)
    const w = SCRATCH
    w.reset()
    writeShortHeader(w, 'down', number, phase)
    const headerBytes = w.bitLength / 8
    const { riders } = parts
    const bitsMax = (DATAGRAM_BYTES_MAX - this.#keys.overhead) * 8
    writeDownPacket(w, {
      tick,
      welcome: this.#hasAck ? undefined : { tick, riderId: this.riderId, agoMs: Math.round(parts.agoMs ?? 0) },
      bye: parts.bye,
      echo: this.#clockMs < 0 ? undefined : { clockMs: this.#clockMs, heldMs: Math.round(nowMs - this.#clockAtMs) },
      path: parts.path,
      wishAck: this.#isWishAckDue ? this.#newestWish : undefined,
      own: parts.own,
      riders: riders === undefined ? undefined : (into) => riders(into, number, bitsMax - into.bitLength),
    })
    this.#clockMs = -1
    this.#isWishAckDue = false
    w.align()
    w.skipBytes(this.#keys.overhead)
    const datagram = w.view()
    this.#keys.seal(number, datagram, headerBytes)
    return datagram
  }

  /**
   * A challenge to an address that the client may have moved to: as short as can be, and none of what the session has to
   * say, for it may never arrive.
   */
  challengePath(nowMs: number, tick: Tick, path: Uint8Array): Uint8Array {
    const number = this.#packetNumber++
    const phase = this.#keys.turn(nowMs)
    SCRATCH.reset()
    writeShortHeader(SCRATCH, 'down', number, phase)
    const headerBytes = SCRATCH.bitLength / 8
    writeDownPacket(SCRATCH, { tick, path })
    SCRATCH.skipBytes(this.#keys.overhead)
    const datagram = SCRATCH.view()
    this.#keys.seal(number, datagram, headerBytes)
    return datagram
  }
}
