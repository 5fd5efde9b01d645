import { SESSION_RESUME_MS, SESSION_SILENCE_MS, TICK_MS } from './limits.ts'
import { AGE_MAX } from './rider-block.ts'
import { checkOf, copyState, createRiderState, type RiderState } from './rider-state.ts'
import { applyRecord, type RiderRecord } from './rider-stream.ts'

/** Carries a state over the tick that begins at `tick`: `advance` with the weather of that tick. */
export type CarryTick = (state: RiderState, tick: number) => void

/** A session that fell silent lives no longer; what leaps farther is no server of ours, and is not carried tick by tick. */
export const LEAP_TICKS_MAX = (SESSION_SILENCE_MS + SESSION_RESUME_MS) / TICK_MS
/** News of one rider that may still be overtaken: each of the last ticks has a change and watts at most. */
const TOLD_MAX = 3 * (AGE_MAX + 1)

interface Entry {
  record: RiderRecord
  /** The state at the record's tick, before it was applied. */
  readonly before: RiderState
}

/**
 * One rider as the news tells. News that was lost comes late, with its own tick: the state goes back to that tick, takes
 * it up, and comes forward again through everything that was told since, so that what is believed does not depend on
 * the order in which it was heard.
 */
export class Follower {
  /** What is known for certain, at `tick`. */
  readonly state = createRiderState()
  tick = 0
  /** Told lately, oldest first; the first one is never later than anything that may still come. */
  readonly #told: Entry[] = []
  readonly #spare: Entry[] = []

  /** Takes up one record, in the order heard; false when a check says that we believe something else than the server. */
  accept(record: RiderRecord, carry: CarryTick): boolean {
    switch (record.kind) {
      case 'absolute':
        this.#begin(record)
        return true
      case 'leave':
        return true
      case 'check': {
        if (record.tick < this.tick) return true
        this.carryTo(record.tick, carry)
        return checkOf(this.state) === record.check
      }
      case 'watts':
      case 'change':
      case 'transfer':
        if (record.tick >= this.tick) this.#take(record, carry)
        else this.#takeLate(record, carry)
        return true
    }
  }

  carryTo(tick: number, carry: CarryTick): void {
    if (tick - this.tick > LEAP_TICKS_MAX) this.tick = tick - LEAP_TICKS_MAX
    while (this.tick < tick) carry(this.state, this.tick++)
  }

  #begin(record: RiderRecord): void {
    while (this.#told.length > 0) this.#spare.push(this.#told.pop()!)
    applyRecord(this.state, record)
    this.tick = record.tick
    this.#note(record)
  }

  #take(record: RiderRecord, carry: CarryTick): void {
    this.carryTo(record.tick, carry)
    this.#note(record)
    applyRecord(this.state, record)
    while (this.#told.length > 1 && this.#told[1]!.record.tick <= record.tick - AGE_MAX)
      this.#spare.push(this.#told.shift()!)
  }

  /** Back to the news before it, then everything again. */
  #takeLate(record: RiderRecord, carry: CarryTick): void {
    const told = this.#told
    let at = told.length
    while (at > 0 && told[at - 1]!.record.tick > record.tick) at--
    if (at === 0) return // Older than what we were told whole.
    const until = this.tick
    const { record: from, before } = told[at - 1]!
    copyState(this.state, before)
    this.tick = from.tick
    applyRecord(this.state, from)
    const later = told.splice(at)
    for (const next of [record, ...later.map((entry) => entry.record)]) {
      this.carryTo(next.tick, carry)
      this.#note(next)
      applyRecord(this.state, next)
    }
    this.#spare.push(...later)
    this.carryTo(until, carry)
  }

  #note(record: RiderRecord): void {
    const entry = this.#spare.pop() ?? { record, before: createRiderState() }
    entry.record = record
    copyState(entry.before, this.state)
    this.#told.push(entry)
    if (this.#told.length > TOLD_MAX) this.#spare.push(this.#told.shift()!)
  }
}
