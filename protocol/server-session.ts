import { expandNumber, ReplayWindow } from './ack-window.ts'
import { type CloseReason, decodeUpPacket, writeDownPacket } from './control.ts'
import { encodeShortHeader, joinDatagram } from './datagram.ts'
import { isNewer, type RiderId, type Sequence, type Tick } from './ids.ts'
import type { InputSample } from './input.ts'
import { DATAGRAM_BYTES_MAX, SESSION_SILENCE_MS } from './limits.ts'
import type { OwnBlock } from './own.ts'
import type { Sealer } from './session.ts'
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
  | { readonly kind: 'bye' }

export interface ServerOptions {
  readonly sealer: Sealer
  readonly riderId: RiderId
  readonly use: SessionUse
  readonly nowMs: number
}

/** Writes the rider block into a packet of this number; there are `bitsMax` bits for it. */
export type RiderBlock = (w: BitWriter, packetNumber: number, bitsMax: number) => void

const HEADER_BYTES = 3
const SCRATCH = new BitWriter()

/** The server's end, from the moment the client has proven itself. */
export class ServerSession {
  readonly riderId: RiderId
  readonly use: SessionUse
  readonly #sealer: Sealer
  readonly #replays = new ReplayWindow()
  #heardMs: number
  #packetNumber = 0
  #newestAcked = -1
  #newestSequence: Sequence | undefined
  #newestWish: Sequence | undefined
  #isWishAckDue = false
  #clockMs: number | undefined
  #clockAtMs = 0

  constructor({ sealer, riderId, use, nowMs }: ServerOptions) {
    this.#sealer = sealer
    this.riderId = riderId
    this.use = use
    this.#heardMs = nowMs
  }

  isSilent(nowMs: number): boolean {
    return nowMs - this.#heardMs > SESSION_SILENCE_MS
  }

  /** Opens and reads one packet; `error` is the reason it was refused. */
  receive(
    packet: { readonly numberLow: number; readonly header: Uint8Array; readonly sealed: Uint8Array },
    nowMs: number,
  ): { readonly ok: true; readonly events: readonly ServerEvent[] } | { readonly ok: false; readonly error: string } {
    const number = expandNumber(packet.numberLow, this.#replays.newest + 1)
    if (!this.#replays.isFresh(number)) return { ok: false, error: 'replay' }
    const body = this.#sealer.open(number, packet.header, packet.sealed)
    if (body === undefined) return { ok: false, error: 'forged' }
    const read = decodeUpPacket(body)
    if (!read.ok) return { ok: false, error: read.error }
    const { ack, clockMs, input, wishes, isBye } = read.value
    let acked = -1
    if (ack !== undefined) {
      acked = expandNumber(ack.newestLow, this.#newestAcked + 1)
      if (acked >= this.#packetNumber) return { ok: false, error: 'ack-of-unsent' }
    }
    const isNewest = number > this.#replays.newest
    this.#replays.mark(number)
    this.#heardMs = nowMs
    const events: ServerEvent[] = []
    if (clockMs !== undefined && isNewest) {
      this.#clockMs = clockMs
      this.#clockAtMs = nowMs
    }
    if (ack !== undefined && acked > this.#newestAcked) {
      this.#newestAcked = acked
      events.push({ kind: 'acks', newest: acked, bits: ack.bits })
    }
    if (input !== undefined && this.use === 'ride') {
      const samples = input.filter(
        (s) => this.#newestSequence === undefined || isNewer(s.sequence, this.#newestSequence),
      )
      if (samples.length > 0) {
        this.#newestSequence = samples[0]!.sequence
        events.push({ kind: 'samples', samples: samples.toReversed() })
      }
    }
    if (wishes !== undefined) this.#takeWishes(wishes, events)
    if (isBye) events.push({ kind: 'bye' })
    return { ok: true, events }
  }

  #takeWishes(wishes: readonly Wish[], events: ServerEvent[]): void {
    for (const wish of wishes) {
      if (this.#newestWish !== undefined && !isNewer(wish.number, this.#newestWish)) continue
      this.#newestWish = wish.number
      events.push({ kind: 'wish', wish })
    }
    this.#isWishAckDue = true
  }

  /** One packet of this tick: at most DATAGRAM_BYTES_MAX bytes, header and tag included. */
  compose(
    nowMs: number,
    tick: Tick,
    parts: {
      readonly own?: OwnBlock | undefined
      readonly riders?: RiderBlock | undefined
      readonly bye?: CloseReason
    },
  ): Uint8Array {
    const number = this.#packetNumber++
    const bodyBits = (DATAGRAM_BYTES_MAX - HEADER_BYTES - this.#sealer.overhead) * 8
    SCRATCH.reset()
    const { riders } = parts
    writeDownPacket(SCRATCH, {
      tick,
      welcome: this.#newestAcked < 0 ? { tick, riderId: this.riderId, agoMs: 0 } : undefined,
      bye: parts.bye,
      echo:
        this.#clockMs === undefined
          ? undefined
          : { clockMs: this.#clockMs, heldMs: Math.round(nowMs - this.#clockAtMs) },
      wishAck: this.#isWishAckDue ? this.#newestWish : undefined,
      own: parts.own,
      riders: riders === undefined ? undefined : (w) => riders(w, number, bodyBits - w.bitLength),
    })
    this.#clockMs = undefined
    this.#isWishAckDue = false
    const header = encodeShortHeader('down', number)
    return joinDatagram(header, this.#sealer.seal(number, header, SCRATCH.view()))
  }
}
