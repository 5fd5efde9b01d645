import { TICK_HZ, TICK_MS } from '#protocol/limits'
import type { Clock } from '../clock.ts'
import type { Sessions } from '../net/sessions.ts'
import { Strain } from '../world/strain.ts'
import { Ticker } from '../world/ticker.ts'
import type { World } from '../world/world.ts'
import type { RideSecond, TickTimes } from './ride-options.ts'

/** Ticks given in one call at most; a process that slept longer drops the rest and says so. */
const TICKS_AT_ONCE_MAX = 10
/** Packets are made for so long, then the sockets are read. */
const SLICE_MS = 2
/** So many late ticks in a row may have no packets of their own. */
const UNTOLD_TICKS_MAX = 3
/** Turns of the loop between two late ticks; each reads some thirty datagrams. */
const BREATHS = 8

/** What the clock of a ride counts; the rest of a second is the ride's. */
export type ClockSecond = Pick<RideSecond, 'droppedTicks' | 'stepMaxMs' | 'lateMaxMs' | 'ticksLate' | 'ticksSparing'>

export interface ClockHost {
  readonly clock: Clock
  readonly world: World
  readonly sessions: Sessions
  /** After the world's step, before the packets. */
  readonly afterStep: () => void
  readonly onTick: ((times: Readonly<TickTimes>) => void) | undefined
  readonly onSecond: (second: ClockSecond) => void
  readonly onBroken: (error: unknown) => void
}

/** Wall time becomes ticks of a world, and each tick packets; how late and how long it was is counted. */
export class RideClock {
  readonly #host: ClockHost
  readonly #ticker: Ticker
  readonly #strain = new Strain()
  #stepMaxMs = 0
  #lateMaxMs = 0
  #ticksLate = 0
  #ticksSparing = 0
  /** Ticks owed and not given yet, and when the newest of them was due. */
  #owed = 0
  #newestDueMs = 0
  /** Ticks of which packets are still to tell, oldest first. */
  #untold: TickTimes[] = []
  #cancelTimer: (() => void) | undefined
  #isOver = false

  constructor(host: ClockHost) {
    this.#host = host
    this.#ticker = new Ticker({ tickMs: TICK_MS, ticksMax: TICKS_AT_ONCE_MAX, nowMs: host.clock.nowMs() })
  }

  stop(): void {
    this.#isOver = true
    this.#cancelTimer?.()
  }

  /**
   * Lets time run: ticks come by themselves until `stop`. Where the clock can wait for the sockets (`soon`), a tick's
   * packets are made in slices, and ticks that are late follow each other no faster than what came meanwhile is read:
   * a server that is too busy to hear acks would tell everybody everything anew, and never recover.
   */
  start(): void {
    if (this.#host.clock.soon === undefined) {
      this.advance()
      this.#wait(() => this.start())
    } else if (this.#owe() === 0) this.#wait(() => this.start())
    else {
      this.#guarded(() => this.#step())
      this.#send()
    }
  }

  #wait(run: () => void): void {
    const { clock } = this.#host
    if (!this.#isOver) this.#cancelTimer = clock.after(this.#ticker.untilNextMs(clock.nowMs()), run)
  }

  /** A slice of the packets, then what came meanwhile is read; then the next tick, when it is due. */
  #send(): void {
    if (this.#owed > 0 && this.#untold.length <= UNTOLD_TICKS_MAX) {
      // The next tick is due already: its packets tell of this one too.
      this.#guarded(() => this.#closeTick())
      return this.#breathe(BREATHS)
    }
    if (this.#guarded(() => this.#sendSlice())) this.#cancelTimer = this.#host.clock.soon!(() => this.#send())
    else if (this.#owed > 0) this.#breathe(BREATHS)
    else this.#wait(() => this.start())
  }

  #breathe(turns: number): void {
    if (this.#isOver) return
    if (turns === 0) this.start()
    else this.#cancelTimer = this.#host.clock.soon!(() => this.#breathe(turns - 1))
  }

  /** Gives the ticks that are due now, at once; answers how many. */
  advance(): number {
    const ticks = this.#owe()
    this.#guarded(() => {
      while (this.#owed > 0) {
        this.#step()
        while (this.#sendSlice());
      }
      return false
    })
    return ticks
  }

  /** Ticks that are owed now. */
  #owe(): number {
    if (this.#isOver) return 0
    const nowMs = this.#host.clock.nowMs()
    const ticks = this.#ticker.due(nowMs)
    if (ticks > 0) {
      const { lateMs, overdueMs, ticksMax } = this.#ticker
      this.#lateMaxMs = Math.max(this.#lateMaxMs, lateMs)
      this.#ticksLate += Math.min(ticks, Math.floor(lateMs / TICK_MS))
      this.#newestDueMs = nowMs - overdueMs
      this.#owed += ticks
      if (this.#owed > ticksMax) {
        this.#ticker.droppedTicks += this.#owed - ticksMax
        this.#owed = ticksMax
      }
    }
    return this.#owed
  }

  /** False, and the ride is over, when something in it broke. */
  #guarded(work: () => boolean | void): boolean {
    if (this.#isOver) return false
    try {
      return work() === true
    } catch (error) {
      this.#host.onBroken(error)
      return false
    }
  }

  /** One step of the world; its packets follow. */
  #step(): void {
    const { clock } = this.#host
    const fromMs = clock.nowMs()
    const dueMs = this.#newestDueMs - --this.#owed * TICK_MS
    this.#host.world.step()
    const steppedMs = clock.nowMs()
    const { isSparing } = this.#strain
    this.#host.sessions.isSparing = isSparing
    if (isSparing) this.#ticksSparing++
    this.#host.sessions.openTick()
    this.#host.afterStep()
    const worldMs = steppedMs - fromMs
    const packetsMs = clock.nowMs() - steppedMs
    this.#untold.push({ dueMs, lateMs: fromMs - dueMs, doneMs: 0, worldMs, packetsMs, isSparing })
  }

  /** Some of this tick's packets; true while there are more. The last ones close the tick. */
  #sendSlice(): boolean {
    const { clock, onTick } = this.#host
    const newest = this.#untold.at(-1)!
    const fromMs = clock.nowMs()
    const isMore = this.#host.sessions.sendSome(fromMs + SLICE_MS)
    const nowMs = clock.nowMs()
    newest.packetsMs += nowMs - fromMs
    if (isMore) return true
    // Ticks that one packet tells of were held up together: that counts once.
    this.#strain.note(nowMs - this.#untold[0]!.dueMs)
    for (const times of this.#untold) {
      times.doneMs = nowMs - times.dueMs
      this.#stepMaxMs = Math.max(this.#stepMaxMs, times.worldMs + times.packetsMs)
      onTick?.(times)
    }
    this.#untold = []
    this.#closeTick()
    return false
  }

  /** Once a second. */
  #closeTick(): void {
    if (this.#host.world.tick % TICK_HZ !== 0) return
    this.#host.onSecond({
      droppedTicks: this.#ticker.droppedTicks,
      stepMaxMs: this.#stepMaxMs,
      lateMaxMs: this.#lateMaxMs,
      ticksLate: this.#ticksLate,
      ticksSparing: this.#ticksSparing,
    })
    this.#stepMaxMs = 0
    this.#lateMaxMs = 0
    this.#ticksLate = 0
    this.#ticksSparing = 0
  }
}
