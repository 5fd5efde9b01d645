/** Wall time → whole ticks. The only place that knows what "late" means. */
export class Ticker {
  readonly tickMs: number
  /** At most this many ticks per call: a process that slept does not freeze its room while catching up. */
  readonly ticksMax: number
  /** Ticks that were owed and not given, since the start. */
  droppedTicks = 0
  /** How late the oldest tick of the last `due` began; 0 when none was due. */
  lateMs = 0
  #pendingMs = 0
  #lastMs: number

  constructor(options: { tickMs: number; ticksMax: number; nowMs: number }) {
    this.tickMs = options.tickMs
    this.ticksMax = options.ticksMax
    this.#lastMs = options.nowMs
  }

  /** Whole ticks owed at `nowMs`. A late timer yields more ticks, never a longer one. */
  due(nowMs: number): number {
    const passedMs = nowMs - this.#lastMs
    this.lateMs = 0
    if (!(passedMs > 0)) return 0 // A clock that stands still or steps back owes nothing, and is waited for.
    this.#pendingMs += passedMs
    this.#lastMs = nowMs
    const owed = Math.floor(this.#pendingMs / this.tickMs)
    this.#pendingMs -= owed * this.tickMs
    if (owed > 0) this.lateMs = (owed - 1) * this.tickMs + this.#pendingMs
    const ticks = Math.min(owed, this.ticksMax)
    this.droppedTicks += owed - ticks
    return ticks
  }

  /** How long before the last `due` its newest tick was owed; older ones of that call a tick each before it. */
  get overdueMs(): number {
    return this.#pendingMs
  }

  /** Until the next tick is owed: what a timer should be set to. */
  untilNextMs(nowMs: number): number {
    return Math.max(0, this.tickMs - this.#pendingMs - Math.max(0, nowMs - this.#lastMs))
  }
}
