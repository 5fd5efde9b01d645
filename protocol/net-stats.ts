/**
 * What one end of a connection counts: the shape that `/net`, `watch`, `load` and `bench` read. A thousand and a half of
 * these live in one process, so everything is a number in one array of fixed length; counting allocates nothing, and a
 * window of time is the difference of two snapshots.
 */

/** Counters, in the order of the array. They only rise; `lost` alone falls again when a packet came late after all. */
export const NET_COUNTERS = [
  // Datagrams and their payload bytes, as the carrier gave and took them.
  'datagramsIn',
  'bytesIn',
  'datagramsOut',
  'bytesOut',
  /** Numbers of the other end that never came; of `packets` that were sent to us. */
  'lost',
  'packets',
  /** Came after their successor; not used. */
  'late',
  /** Came again. */
  'duplicate',
  /** Packets of ours that the other end did not use, as its acks say. */
  'unacked',
  /** Refused, for any reason; `refusals` says which. */
  'refused',
  /** Samples offered here, or taken up by the server's end. */
  'samples',
  /** News that had to be told again or whole, because it was lost. */
  'repairs',
  /** The other end was heard from another address. */
  'moves',
  'resumes',
  'rekeys',
  /** The idea of the other end's time jumped instead of bending. */
  'clockSteps',
  /** Errors too large to fold: a rider jumped. */
  'ownSnaps',
  'otherSnaps',
] as const
export type NetCounter = (typeof NET_COUNTERS)[number]

/** Where the bits of down packets go. `wire`: what is around a packet, 28 bytes of IP and UDP, header and tag. */
export const NET_KINDS = [
  'wire',
  'framing',
  'welcome',
  'clock',
  'own',
  'slots',
  'telemetry',
  'correction',
  'absolute',
  'leave',
  'other',
] as const
export type NetKind = (typeof NET_KINDS)[number]

/** Histograms: unit of the first edge; each further edge is √2 times the one before, the last bucket has no end. */
export const NET_HISTOGRAMS = [
  ['rttMs', 1],
  /** A packet's transit beyond the shortest of late: what waits in queues. */
  ['delayMs', 0.5],
  /** Time between two arrivals. */
  ['gapMs', 5],
  // Corrections as they were decided, whole: how far the model moved.
  ['ownAlongM', 0.001],
  ['ownLateralM', 0.001],
  ['otherAlongM', 0.001],
  ['otherLateralM', 0.001],
] as const
export type NetHistogram = (typeof NET_HISTOGRAMS)[number][0]
export const NET_BUCKETS = 28

const COUNTERS = NET_COUNTERS.length
const KINDS = NET_KINDS.length
const BITS_AT = COUNTERS
const RECORDS_AT = BITS_AT + KINDS
const HISTOGRAMS_AT = RECORDS_AT + KINDS
const WITHOUT_HISTOGRAMS = HISTOGRAMS_AT
const WITH_HISTOGRAMS = HISTOGRAMS_AT + NET_HISTOGRAMS.length * NET_BUCKETS

/** Indices into `numbers`, for loops that count without a call: `numbers[NET.bytesIn]! += 12`. */
export const NET = indices(NET_COUNTERS, 0)
export const NET_BITS = indices(NET_KINDS, BITS_AT)
export const NET_RECORDS = indices(NET_KINDS, RECORDS_AT)

/** Reasons are our own words and few; a table that could grow by what strangers send must not. */
const REASONS_MAX = 40
/** RFC 3550 §6.4.1: a sixteenth of each new difference. */
const JITTER_SHARE = 1 / 16
/** The shortest transit is forgotten slowly, ms per packet: clocks drift, routes change. */
const DRIFT_MS = 0.005
/** Packets, some three seconds of them, after which the shortest transit is looked for anew. */
const LATELY_PACKETS = 40

export interface NetSnapshot {
  readonly numbers: Float64Array
  readonly rttMs: number
  readonly jitterMs: number
  readonly refusals: Readonly<Record<string, number>>
}

export class NetStats {
  readonly numbers: Float64Array
  /** Newest round trip; 0 before the first. */
  rttMs = 0
  /** Interarrival jitter of RFC 3550, against the ticks in the packets. */
  jitterMs = 0
  readonly refusals: Record<string, number> = {}
  #newest = -1
  #transitMs = NaN
  #lately = 0
  /** The shortest transit of the last few packets. */
  #latelyMs = Infinity
  #shortestMs = NaN
  #heardMs = NaN
  #longestGapMs = 0

  /** A server's end keeps no histograms: it has thousands of these. */
  constructor({ hasHistograms = true }: { readonly hasHistograms?: boolean } = {}) {
    this.numbers = new Float64Array(hasHistograms ? WITH_HISTOGRAMS : WITHOUT_HISTOGRAMS)
  }

  count(counter: NetCounter): number {
    return this.numbers[NET[counter]]!
  }

  add(counter: NetCounter, amount = 1): void {
    this.numbers[NET[counter]]! += amount
  }

  sent(bytes: number): void {
    this.numbers[NET.datagramsOut]! += 1
    this.numbers[NET.bytesOut]! += bytes
  }

  /** A datagram came in, whatever becomes of it. */
  received(bytes: number): void {
    this.numbers[NET.datagramsIn]! += 1
    this.numbers[NET.bytesIn]! += bytes
  }

  refuse(reason: string): void {
    this.numbers[NET.refused]! += 1
    if (reason === 'replay') this.numbers[NET.duplicate]! += 1
    const before = this.refusals[reason]
    if (before !== undefined) this.refusals[reason] = before + 1
    else if (Object.keys(this.refusals).length < REASONS_MAX) this.refusals[reason] = 1
  }

  /** Another session begins: its packet numbers start again at 0. */
  begin(): void {
    this.#newest = -1
    this.#transitMs = NaN
    this.#lately = 0
    this.#latelyMs = Infinity
    this.#shortestMs = NaN
    this.#heardMs = NaN
  }

  /** An authentic packet that was not seen before, by its whole number. Loss follows from the gaps. */
  packet(number: number): void {
    const { numbers } = this
    if (number > this.#newest) {
      const step = number - this.#newest
      numbers[NET.packets]! += step
      numbers[NET.lost]! += step - 1
      this.#newest = number
      return
    }
    numbers[NET.late]! += 1
    if (numbers[NET.lost]! > 0) numbers[NET.lost]! -= 1
  }

  /** The newest packet so far came at `nowMs`; it was made at `madeMs` of the other end's ticks. */
  arrived(madeMs: number, nowMs: number): void {
    const transitMs = nowMs - madeMs
    if (!Number.isNaN(this.#heardMs)) {
      this.observe('gapMs', nowMs - this.#heardMs)
      this.#longestGapMs = Math.max(this.#longestGapMs, nowMs - this.#heardMs)
    }
    this.#heardMs = nowMs
    if (!Number.isNaN(this.#transitMs)) {
      const differenceMs = Math.abs(transitMs - this.#transitMs)
      this.jitterMs += (differenceMs - this.jitterMs) * JITTER_SHARE
    }
    this.#transitMs = transitMs
    const shortestMs = Number.isNaN(this.#shortestMs) ? transitMs : this.#shortestMs + DRIFT_MS
    this.#shortestMs = Math.min(shortestMs, transitMs)
    this.#lookAnew(transitMs)
    this.observe('delayMs', transitMs - this.#shortestMs)
  }

  /** A server that dropped ticks tells the time otherwise from then on: what all of late have in common is not lateness. */
  #lookAnew(transitMs: number): void {
    this.#latelyMs = Math.min(this.#latelyMs, transitMs)
    if (++this.#lately < LATELY_PACKETS) return
    this.#shortestMs = Math.max(this.#shortestMs, this.#latelyMs)
    this.#lately = 0
    this.#latelyMs = Infinity
  }

  /** Longest time between two packets since this was asked. */
  takeLongestGapMs(): number {
    const longest = this.#longestGapMs
    this.#longestGapMs = 0
    return longest
  }

  roundTrip(ms: number): void {
    this.rttMs = ms
    this.observe('rttMs', ms)
  }

  /** So many bits of this kind were in a packet, and so many records of it. */
  bits(kind: NetKind, bits: number, records = 0): void {
    this.numbers[NET_BITS[kind]]! += bits
    this.numbers[NET_RECORDS[kind]]! += records
  }

  ownCorrection(alongM: number, lateralM: number): void {
    this.observe('ownAlongM', Math.abs(alongM))
    this.observe('ownLateralM', Math.abs(lateralM))
  }

  otherCorrection(alongM: number, lateralM: number): void {
    this.observe('otherAlongM', Math.abs(alongM))
    this.observe('otherLateralM', Math.abs(lateralM))
  }

  observe(histogram: NetHistogram, value: number): void {
    if (this.numbers.length === WITHOUT_HISTOGRAMS) return
    this.numbers[AT[histogram] + bucketOf(value / FIRST[histogram])]! += 1
  }

  /** A copy: plain numbers, to be subtracted, sent to another page, or written as JSON. */
  snapshot(): NetSnapshot {
    const { numbers, rttMs, jitterMs, refusals } = this
    return { numbers: numbers.slice(), rttMs, jitterMs, refusals: { ...refusals } }
  }
}

const AT = Object.fromEntries(NET_HISTOGRAMS.map(([name], i) => [name, HISTOGRAMS_AT + i * NET_BUCKETS])) as Readonly<
  Record<NetHistogram, number>
>
const FIRST = Object.fromEntries(NET_HISTOGRAMS) as Readonly<Record<NetHistogram, number>>

/** Upper ends in units of the first: 1, √2, 2, … */
const EDGES = Float64Array.from({ length: NET_BUCKETS - 1 }, edgeAt)

function edgeAt(_: unknown, i: number): number {
  let edge = i % 2 === 0 ? 1 : Math.SQRT2
  for (let doubled = 0; doubled < i >> 1; doubled++) edge *= 2
  return edge
}

function bucketOf(value: number): number {
  let low = 0
  let high = NET_BUCKETS - 1
  while (low < high) {
    const middle = (low + high) >> 1
    if (value <= EDGES[middle]!) high = middle
    else low = middle + 1
  }
  return low
}

/** What happened between two snapshots of one connection. */
export class NetWindow {
  readonly #later: Float64Array
  readonly #earlier: Float64Array | undefined

  constructor(later: NetSnapshot, earlier?: NetSnapshot) {
    this.#later = later.numbers
    this.#earlier = earlier?.numbers
  }

  count(counter: NetCounter): number {
    return this.#at(NET[counter])
  }

  bits(kind: NetKind): number {
    return this.#at(NET_BITS[kind])
  }

  records(kind: NetKind): number {
    return this.#at(NET_RECORDS[kind])
  }

  /** Share of the packets sent to us that did not come; 0 when none was. */
  get lossShare(): number {
    const packets = this.count('packets')
    return packets > 0 ? Math.min(Math.max(this.count('lost') / packets, 0), 1) : 0
  }

  observed(histogram: NetHistogram): number {
    let sum = 0
    for (let i = 0; i < NET_BUCKETS; i++) sum += this.#at(AT[histogram] + i)
    return sum
  }

  /** The upper end of the bucket in which the share `p` of what was observed ends; 0 when nothing was. */
  quantile(histogram: NetHistogram, p: number): number {
    const need = this.observed(histogram) * p
    if (need <= 0) return 0
    let sum = 0
    for (let i = 0; i < NET_BUCKETS; i++) {
      sum += this.#at(AT[histogram] + i)
      if (sum >= need) return FIRST[histogram] * EDGES[Math.min(i, NET_BUCKETS - 2)]!
    }
    return FIRST[histogram] * EDGES[NET_BUCKETS - 2]!
  }

  #at(index: number): number {
    return (this.#later[index] ?? 0) - (this.#earlier?.[index] ?? 0)
  }
}

function indices<const T extends readonly string[]>(names: T, first: number): Readonly<Record<T[number], number>> {
  return Object.fromEntries(names.map((name, i) => [name, first + i])) as Record<T[number], number>
}
