import { NET_KINDS, type NetSnapshot, type NetStats, NetWindow } from '#protocol/net-stats'

/** One second of a connection's life, as plain values: they go to another page, into a terminal or a file. */
export interface NetSecond {
  /** When it ended, s of a steady clock; and the server's tick then. */
  readonly atS: number
  readonly tick: number
  readonly state: 'connecting' | 'riding' | 'reconnecting' | 'closed'
  /** udp, webrtc, websocket, or '' while there is none. */
  readonly carrier: string
  readonly line: LineSecond
  /** How far models moved when the server decided otherwise, m: 99 of 100 less than this, and how many. */
  readonly own: CorrectionSecond
  readonly others: CorrectionSecond
  /** Bits of down packets, in the order of NET_KINDS. */
  readonly bits: readonly number[]
  /** Riders in view. */
  readonly inView: number
  /** Server's clock against ours, ms, from where it began. */
  readonly clockMs: number
  /** Absent in a terminal. */
  readonly computer?: ComputerSecond
  /** Absent for who only watches. */
  readonly trainer?: TrainerSecond
}

export interface LineSecond {
  readonly bytesIn: number
  readonly bytesOut: number
  readonly packetsIn: number
  readonly packetsOut: number
  /** Of so many sent to us. */
  readonly packets: number
  readonly lost: number
  readonly late: number
  readonly duplicate: number
  readonly refused: number
  /** The newest round trip; 0 when there was none in this second. */
  readonly rttMs: number
  readonly jitterMs: number
  /** 95 of 100 packets waited less than this beyond the shortest transit. */
  readonly delayMs: number
  /** Longest time between two packets, that since the last one included. */
  readonly gapMs: number
  readonly repairs: number
  readonly moves: number
}

export interface CorrectionSecond {
  readonly count: number
  readonly alongM: number
  readonly lateralM: number
  readonly snaps: number
}

export interface ComputerSecond {
  readonly frames: number
  /** The longest a picture stood. */
  readonly frameMs: number
  /** The longest the page's own timer was kept waiting beyond its beat. */
  readonly stallMs: number
  readonly isHidden: boolean
}

export interface TrainerSecond {
  readonly samples: number
  /** The oldest the newest watts became. */
  readonly ageMs: number
}

/** A second of a room, as the server tells it (GET /api/pulse). */
export interface ServerSecond {
  readonly tick: number
  readonly stepMaxMs: number
  readonly lateMaxMs: number
  readonly ticksLate: number
  /** Ticks in which the room told only half of its clients: it is at its end. */
  readonly ticksSparing?: number
  readonly droppedTicks: number
  readonly riders: number
  readonly sessions: number
}

export interface SecondFacts extends Pick<NetSecond, 'tick' | 'state' | 'carrier' | 'inView' | 'clockMs'> {
  readonly silentMs: number
  readonly computer?: ComputerSecond
  readonly trainer?: TrainerSecond
}

/** Five minutes: who saw a stutter, looks a minute later. */
export const LOG_SECONDS = 300

/** Keeps the last minutes of a connection, second by second. */
export class NetLog {
  readonly #stats: NetStats
  #before: NetSnapshot
  #seconds: NetSecond[] = []

  constructor(stats: NetStats) {
    this.#stats = stats
    this.#before = stats.snapshot()
  }

  /** Oldest first. */
  get seconds(): readonly NetSecond[] {
    return this.#seconds
  }

  /** A second is over. */
  take(atS: number, { silentMs, ...facts }: SecondFacts): NetSecond {
    const after = this.#stats.snapshot()
    const window = new NetWindow(after, this.#before)
    this.#before = after
    const second: NetSecond = {
      atS,
      ...facts,
      line: lineOf(window, after, Math.max(this.#stats.takeLongestGapMs(), silentMs)),
      own: correctionOf(window, 'own'),
      others: correctionOf(window, 'other'),
      bits: NET_KINDS.map((kind) => window.bits(kind)),
    }
    this.#seconds = [...this.#seconds.slice(-(LOG_SECONDS - 1)), second]
    return second
  }
}

function lineOf(window: NetWindow, after: NetSnapshot, gapMs: number): LineSecond {
  return {
    bytesIn: window.count('bytesIn'),
    bytesOut: window.count('bytesOut'),
    packetsIn: window.count('datagramsIn'),
    packetsOut: window.count('datagramsOut'),
    packets: window.count('packets'),
    lost: window.count('lost'),
    late: window.count('late'),
    duplicate: window.count('duplicate'),
    refused: window.count('refused'),
    rttMs: window.observed('rttMs') > 0 ? rounded(after.rttMs) : 0,
    jitterMs: rounded(after.jitterMs),
    delayMs: rounded(window.quantile('delayMs', 0.95)),
    gapMs: rounded(Math.min(gapMs, 60_000)),
    repairs: window.count('repairs'),
    moves: window.count('moves'),
  }
}

function correctionOf(window: NetWindow, who: 'own' | 'other'): CorrectionSecond {
  return {
    count: window.observed(`${who}AlongM`),
    alongM: window.quantile(`${who}AlongM`, 0.99),
    lateralM: window.quantile(`${who}LateralM`, 0.99),
    snaps: window.count(`${who}Snaps`),
  }
}

const rounded = (value: number): number => Math.round(value * 10) / 10
