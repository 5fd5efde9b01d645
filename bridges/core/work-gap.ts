/**
 * Devices that count their own work say after a gap what was done in it: the sum of watts per event (ANT+ power page 0x10,
 * FE-C page 25), or the sum of torque per turn with the time it took (power pages 0x11 and 0x12, Cycling Power). From two
 * readings of such a counter comes what the interval between them was worth; nothing is invented, and where the counters
 * do not fit each other or the beat of the device (it began anew) nothing is said.
 */
export type WorkCounter =
  /** Each event adds its watts: sixteen bits; events: eight. */
  | { readonly kind: 'power'; readonly sumW: number; readonly events: number }
  /** 1/32 Nm a turn and ticks of the device's clock, sixteen bits each. Work is 2π · torque. */
  | { readonly kind: 'torque'; readonly torque32: number; readonly ticks: number; readonly ticksPerS: number }

/** What an interval was worth, to be credited between its two stamps. */
export interface WorkGap {
  readonly fromMs: number
  readonly toMs: number
  readonly workJ: number
}

/** The server makes good no more than this (STAMP_LAG_MAX_MS of server/world/ledger.ts); longer gaps stay gaps. */
const GAP_MAX_MS = 5000
/** Intervals from which the beat is known, at least and at most. */
const BEATS_MIN = 3
const BEATS = 15
/** A counter whose events come this much faster or slower than they did has begun anew. */
const BEAT_TOLERANCE = 0.5
/** Torque is counted in whole turns, so less than this many beats between two readings is no gap. */
const GAP_BEATS = 1.5
const POWER_MAX_W = 3000
/**
 * What was lost may be a sprint, but not one that neither side of it shows: no more than so many times the watts around it,
 * and so many on top. A sum that began anew by itself looks like anything from nothing to POWER_MAX_W. [B147]
 */
const LEAP = 2
const LEAP_W = 400

interface Last {
  readonly counter: WorkCounter
  readonly powerW: number
  /** When its count was first seen, and when it was seen last: between events a device says the same again. */
  readonly countedMs: number
  readonly saidMs: number
}

export class WorkGaps {
  #last: Last | undefined
  /** Time of one event (power), between two counts (torque), ms. */
  readonly #beats: number[] = []

  /**
   * A reading, stamped when it was made. A sample's watts count until the next sample, one reading late, so a gap is worth
   * its first reading's watts for one beat and then what was lost; this reading's own watts count after it.
   */
  offer(counter: WorkCounter, powerW: number, atMs: number): WorkGap | undefined {
    const last = this.#last
    if (last !== undefined && isSame(last.counter, counter)) {
      // The same count with other watts is a device that says two things: neither is held against what comes.
      this.#last = last.powerW === powerW ? { ...last, saidMs: atMs } : undefined
      return undefined
    }
    this.#last = { counter, powerW, countedMs: atMs, saidMs: atMs }
    const told = last === undefined ? undefined : toldBetween(last.counter, counter)
    if (last === undefined || told === undefined) return undefined
    const spanMs = atMs - last.countedMs
    if (spanMs <= 0 || spanMs > GAP_MAX_MS) return undefined
    const usualMs = this.#usualMs()
    const { averageW, events } = told
    const isLeap = averageW > LEAP * Math.max(last.powerW, powerW) + LEAP_W
    if (counter.kind === 'power') {
      const beatMs = spanMs / events
      // A device that has changed its pace is believed again when the median has followed.
      this.#note(beatMs)
      const fits = usualMs !== undefined && Math.abs(beatMs - usualMs) <= BEAT_TOLERANCE * usualMs
      return fits && !isLeap && events > 1 ? gapOf(last, { averageW, powerW, atMs, beatMs }) : undefined
    }
    if (usualMs !== undefined && spanMs > GAP_BEATS * usualMs)
      return isLeap ? undefined : gapOf(last, { averageW, powerW, atMs, beatMs: usualMs })
    this.#note(spanMs)
    return undefined
  }

  /** What comes next is not held against what was: the device's values stood still meanwhile, or it is another device. */
  reset(): void {
    this.#last = undefined
  }

  #note(beatMs: number): void {
    this.#beats.push(beatMs)
    if (this.#beats.length > BEATS) this.#beats.shift()
  }

  #usualMs(): number | undefined {
    if (this.#beats.length < BEATS_MIN) return undefined
    return this.#beats.toSorted((a, b) => a - b)[this.#beats.length >> 1]
  }
}

function gapOf(
  last: Last,
  { averageW, powerW, atMs, beatMs }: { averageW: number; powerW: number; atMs: number; beatMs: number },
): WorkGap | undefined {
  const { countedMs, saidMs } = last
  const whole = averageW * (atMs - countedMs) + (last.powerW - powerW) * beatMs
  const workJ = (whole - last.powerW * (saidMs - countedMs)) / 1000
  if (workJ < 0 || workJ > (POWER_MAX_W * (atMs - saidMs)) / 1000) return undefined
  return { fromMs: saidMs, toMs: atMs, workJ }
}

function isSame(a: WorkCounter, b: WorkCounter): boolean {
  if (a.kind === 'power') return b.kind === 'power' && a.events === b.events
  return b.kind === 'torque' && a.ticks === b.ticks
}

/** The mean watts between two states of a counter and how many events they are of; undefined: nothing new, or nonsense. */
function toldBetween(before: WorkCounter, after: WorkCounter): { averageW: number; events: number } | undefined {
  if (before.kind === 'power' && after.kind === 'power') {
    const events = (after.events - before.events) & 0xff
    if (events === 0) return undefined
    const averageW = ((after.sumW - before.sumW) & 0xffff) / events
    return averageW > POWER_MAX_W ? undefined : { averageW, events }
  }
  if (before.kind === 'torque' && after.kind === 'torque') {
    const ticks = (after.ticks - before.ticks) & 0xffff
    if (ticks === 0) return undefined
    const torqueNm = ((after.torque32 - before.torque32) & 0xffff) / 32
    const averageW = (2 * Math.PI * torqueNm * after.ticksPerS) / ticks
    return averageW > POWER_MAX_W ? undefined : { averageW, events: 1 }
  }
  return undefined
}
