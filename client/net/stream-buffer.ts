import type { RiderRecord } from '#protocol/rider-stream'
import type { ClientEvent, OwnState } from '#protocol/session'

/** Without a packet for longer than this the stream is dry: five ticks. */
const DRY_MS = 250
/** Records that may wait for a frame; a page that sleeps longer than this is told whole again anyway. */
const WAITING_MAX = 4096

/** Records between the network and the frame: in tick order, each once; says when it runs dry. */
export class StreamBuffer {
  #waiting: RiderRecord[] = []
  #newestTick = -1
  #heardMs = -Infinity
  #own: OwnState | undefined
  #isReset = false

  /** Newest tick the server has spoken of; −1 before the first. */
  get newestTick(): number {
    return this.#newestTick
  }

  /** Newest own state; undefined before the first. */
  get own(): OwnState | undefined {
    return this.#own
  }

  accept(event: ClientEvent, nowMs: number): void {
    switch (event.kind) {
      case 'connected':
        // Another session begins: its slots are empty, so whoever is still in view will be told whole.
        this.#isReset = this.#newestTick >= 0
        this.#waiting = []
        this.#newestTick = event.tick - 1
        this.#heardMs = nowMs
        return
      case 'riders':
        this.#newestTick = event.tick
        this.#heardMs = nowMs
        this.#waiting.push(...event.records)
        if (this.#waiting.length > WAITING_MAX) this.#waiting.splice(0, this.#waiting.length - WAITING_MAX)
        return
      case 'own':
        this.#own = event.state
        return
      case 'silent':
      case 'resumed':
      case 'closed':
    }
  }

  /** True once after a reconnection: riders not told of again within a second have left meanwhile. */
  takeReset(): boolean {
    const was = this.#isReset
    this.#isReset = false
    return was
  }

  /** Takes every waiting record, oldest tick first. */
  take(): readonly RiderRecord[] {
    const taken = this.#waiting
    this.#waiting = []
    return taken
  }

  /** How long nothing has come, ms. */
  silentMs(nowMs: number): number {
    return nowMs - this.#heardMs
  }

  isDry(nowMs: number): boolean {
    return this.silentMs(nowMs) > DRY_MS
  }
}
