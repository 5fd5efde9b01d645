import { expandNumber, ReplayWindow } from './ack-window.ts'
import { type CloseReason, decodeUpPacket, type OwnBlock, writeDownPacket } from './control.ts'
import { encodeShortHeader, joinDatagram } from './datagram.ts'
import { isNewer, type RiderId, type Sequence, type Tick } from './ids.ts'
import type { InputSample } from './input.ts'
import { DATAGRAM_BYTES_MAX, SESSION_SILENCE_MS } from './limits.ts'
import { NetStats } from './net-stats.ts'
import type { Sealer } from './session.ts'
import type { SessionUse } from './token.ts'
import { BitWriter } from './writer.ts'

export type ServerEvent =
  /** Oldest first; only samples newer than any before. */
  | { readonly kind: 'samples'; readonly samples: readonly InputSample[] }
  /** The client used these of our packets: `newest`, and bit i for newest − 1 − i. */
  | { readonly kind: 'acks'; readonly newest: number; readonly bits: number }
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
  readonly stats = new NetStats({ hasHistograms: false })
  readonly #sealer: Sealer
  readonly #replays = new ReplayWindow()
  #heardMs: number
  #packetNumber = 0
  #newestAcked = -1
  /** The packet whose ack is waited for, −1: none; and when it went. */
  #timed = -1
  #timedAtMs = 0
  #newestSequence: Sequence | undefined
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

  /** How long nothing was heard. */
  silentMs(nowMs: number): number {
    return nowMs - this.#heardMs
  }

  /** Opens and reads one packet; `error` is the reason it was refused. */
  receive(
    packet: { readonly numberLow: number; readonly header: Uint8Array; readonly sealed: Uint8Array },
    nowMs: number,
  ): { readonly ok: true; readonly events: readonly ServerEvent[] } | { readonly ok: false; readonly error: string } {
    this.stats.received(packet.header.length + packet.sealed.length)
    const number = expandNumber(packet.numberLow, this.#replays.newest + 1)
    if (!this.#replays.isFresh(number)) return { ok: false, error: 'replay' }
    const body = this.#sealer.open(number, packet.header, packet.sealed)
    if (body === undefined) return { ok: false, error: 'forged' }
    const read = decodeUpPacket(body)
    if (!read.ok) return { ok: false, error: read.error }
    const { ack, clockMs, input, isBye } = read.value
    let acked = -1
    if (ack !== undefined) {
      acked = expandNumber(ack.newestLow, this.#newestAcked + 1)
      if (acked >= this.#packetNumber) return { ok: false, error: 'ack-of-unsent' }
    }
    const isNewest = number > this.#replays.newest
    this.#replays.mark(number)
    this.stats.packet(number)
    this.#heardMs = nowMs
    const events: ServerEvent[] = []
    if (clockMs !== undefined && isNewest) {
      this.#clockMs = clockMs
      this.#clockAtMs = nowMs
    }
    if (ack !== undefined && acked > this.#newestAcked) {
      this.#countAcks(acked, ack.bits, nowMs)
      this.#newestAcked = acked
      events.push({ kind: 'acks', newest: acked, bits: ack.bits })
    }
    if (input !== undefined && this.use === 'ride') {
      const samples = input.filter(
        (s) => this.#newestSequence === undefined || isNewer(s.sequence, this.#newestSequence),
      )
      if (samples.length > 0) {
        this.#newestSequence = samples[0]!.sequence
        this.stats.add('samples', samples.length)
        events.push({ kind: 'samples', samples: samples.toReversed() })
      }
    }
    if (isBye) events.push({ kind: 'bye' })
    return { ok: true, events }
  }

  /** For who looks at this line: what the client did not use, and how long a packet and its ack were on their way. */
  #countAcks(acked: number, bits: number, nowMs: number): void {
    const { stats } = this
    for (let number = Math.max(this.#newestAcked + 1, acked - 32); number < acked; number++)
      if (((bits >>> (acked - 1 - number)) & 1) === 0) stats.add('unacked')
    if (this.#timed < 0 || acked < this.#timed) return
    // A client acks within a tenth of a second: the shortest of late says most about the line.
    const tookMs = nowMs - this.#timedAtMs
    stats.roundTrip(stats.rttMs === 0 ? tookMs : Math.min(tookMs, stats.rttMs * 1.02 + 1))
    this.#timed = -1
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
    if (this.#timed < 0) {
      this.#timed = number
      this.#timedAtMs = nowMs
    }
    const bodyBits = (DATAGRAM_BYTES_MAX - HEADER_BYTES - this.#sealer.overhead) * 8
    SCRATCH.reset()
    const { riders } = parts
    writeDownPacket(SCRATCH, {
      tick,
      welcome: this.#newestAcked < 0 ? { tick, riderId: this.riderId } : undefined,
      bye: parts.bye,
      echo:
        this.#clockMs === undefined
          ? undefined
          : { clockMs: this.#clockMs, heldMs: Math.round(nowMs - this.#clockAtMs) },
      own: parts.own,
      riders: riders === undefined ? undefined : (w) => riders(w, number, bodyBits - w.bitLength),
    })
    this.#clockMs = undefined
    const header = encodeShortHeader('down', number)
    return joinDatagram(header, this.#sealer.seal(number, header, SCRATCH.view()))
  }
}
