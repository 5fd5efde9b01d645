import { NET, NET_COUNTERS, NetStats } from '#protocol/net-stats'
import type { RiderId } from '#protocol/ids'
import type { SessionUse } from '#protocol/token'
import type { Peer } from './peers.ts'

/** One session as who runs the server sees it; counters by the names of protocol/net-stats.ts. */
export interface SessionFigures {
  readonly id: number
  readonly riderId: RiderId
  readonly use: SessionUse
  readonly carrier: Peer['carrier']
  readonly forS: number
  readonly silentMs: number
  readonly rttMs: number
  readonly inView: number
  readonly counts: Readonly<Record<string, number>>
}

/** An ack tells of the newest packet and of so many before it. */
const ACK_BITS = 32

/** What the server counts of one session's line: a few hundred bytes, and a few additions a packet. */
export class LineFigures {
  readonly id: number
  readonly #stats = new NetStats({ hasHistograms: false })
  readonly #beganMs: number
  #heardMs: number
  #newestAcked = -1
  #sent = 0
  /** The packet whose ack is waited for, counted from this session's first; −1: none; and when it went. */
  #timed = -1
  #timedAtMs = 0

  constructor(id: number, nowMs: number) {
    this.id = id
    this.#beganMs = nowMs
    this.#heardMs = nowMs
  }

  received(bytes: number, nowMs: number): void {
    this.#stats.received(bytes)
    this.#heardMs = nowMs
  }

  /** An authentic packet, by its number. */
  packet(number: number): void {
    this.#stats.packet(number)
  }

  refused(reason: string): void {
    this.#stats.refuse(reason)
  }

  samples(count: number): void {
    this.#stats.numbers[NET.samples]! += count
  }

  sent(bytes: number, nowMs: number): void {
    this.#stats.sent(bytes)
    if (this.#timed < 0) {
      this.#timed = this.#sent
      this.#timedAtMs = nowMs
    }
    this.#sent++
  }

  /** What the client did not use, and how long a packet and its ack were on their way. */
  acked(newest: number, bits: number, nowMs: number): void {
    const first = this.#newestAcked < 0 ? newest : Math.max(this.#newestAcked + 1, newest - ACK_BITS)
    for (let number = first; number < newest; number++)
      if (((bits >>> (newest - 1 - number)) & 1) === 0) this.#stats.numbers[NET.unacked]! += 1
    this.#newestAcked = newest
    if (this.#timed < 0 || newest < this.#timed) return
    // A client acks within a tenth of a second: the shortest of late says most about the line.
    const tookMs = nowMs - this.#timedAtMs
    const { rttMs } = this.#stats
    this.#stats.roundTrip(rttMs === 0 ? tookMs : Math.min(tookMs, rttMs * 1.02 + 1))
    this.#timed = -1
  }

  /** Made when asked; counting alone goes on all the time. */
  figures(nowMs: number): Pick<SessionFigures, 'id' | 'forS' | 'silentMs' | 'rttMs' | 'counts'> {
    return {
      id: this.id,
      forS: Math.round((nowMs - this.#beganMs) / 1000),
      silentMs: Math.round(nowMs - this.#heardMs),
      rttMs: Math.round(this.#stats.rttMs),
      counts: Object.fromEntries(NET_COUNTERS.map((name) => [name, this.#stats.count(name)])),
    }
  }
}
