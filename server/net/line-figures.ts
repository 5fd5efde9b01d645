import { isAcked } from '#protocol/ack-window'
import type { NetCounter } from '#protocol/net-stats'
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

/** An ack tells of so many packets before the newest. */
const ACKED_BEFORE = 32

/** What the server counts of one session's line: plain numbers, a few additions a packet. Thousands of these live at once. */
export class LineFigures {
  readonly id: number
  readonly #beganMs: number
  #heardMs: number
  #datagramsIn = 0
  #bytesIn = 0
  #datagramsOut = 0
  #bytesOut = 0
  #newest = -1
  #packets = 0
  #lost = 0
  #late = 0
  #refused = 0
  #samples = 0
  #newestAcked = -1
  #unacked = 0
  #rttMs = 0
  /** The packet whose ack is waited for, counted from this session's first; −1: none; and when it went. */
  #timed = -1
  #timedAtMs = 0

  constructor(id: number, nowMs: number) {
    this.id = id
    this.#beganMs = nowMs
    this.#heardMs = nowMs
  }

  /** An authentic packet, by its number; loss follows from the gaps. [D160] */
  received(bytes: number, number: number, nowMs: number): void {
    this.#datagramsIn++
    this.#bytesIn += bytes
    this.#heardMs = nowMs
    if (number > this.#newest) {
      this.#packets += number - this.#newest
      this.#lost += number - this.#newest - 1
      this.#newest = number
    } else {
      this.#late++
      this.#lost--
    }
  }

  refused(): void {
    this.#refused++
  }

  samples(count: number): void {
    this.#samples += count
  }

  sent(bytes: number, nowMs: number): void {
    if (this.#timed < 0) {
      this.#timed = this.#datagramsOut
      this.#timedAtMs = nowMs
    }
    this.#datagramsOut++
    this.#bytesOut += bytes
  }

  /** What the client did not use, and how long a packet and its ack were on their way. */
  acked(newest: number, bits: number, nowMs: number): void {
    const first = this.#newestAcked < 0 ? newest : Math.max(this.#newestAcked + 1, newest - ACKED_BEFORE)
    for (let number = first; number < newest; number++) if (!isAcked(number, newest, bits)) this.#unacked++
    this.#newestAcked = newest
    if (this.#timed < 0 || newest < this.#timed) return
    // A client acks within a tenth of a second: the shortest of late says most about the line.
    const tookMs = nowMs - this.#timedAtMs
    this.#rttMs = this.#rttMs === 0 ? tookMs : Math.min(tookMs, this.#rttMs * 1.02 + 1)
    this.#timed = -1
  }

  /** Made when asked. */
  figures(nowMs: number): Pick<SessionFigures, 'id' | 'forS' | 'silentMs' | 'rttMs' | 'counts'> {
    const counts: Partial<Record<NetCounter, number>> = {
      ...{ datagramsIn: this.#datagramsIn, bytesIn: this.#bytesIn },
      ...{ datagramsOut: this.#datagramsOut, bytesOut: this.#bytesOut },
      ...{ packets: this.#packets, lost: this.#lost, late: this.#late, unacked: this.#unacked },
      ...{ refused: this.#refused, samples: this.#samples },
    }
    return {
      id: this.id,
      forS: Math.round((nowMs - this.#beganMs) / 1000),
      silentMs: Math.round(nowMs - this.#heardMs),
      rttMs: Math.round(this.#rttMs),
      counts,
    }
  }
}
