import type { BridgeClock } from '../../core/clock.ts'

/** Who transmits by himself, a page each period: a trainer, a strap, handlebar gears. */
export interface FakeMaster {
  readonly deviceNumber: number
  readonly deviceType: number
  readonly transmissionType: number
  readonly period32768: number
  /** The page of this turn. */
  next(atMs: number): Uint8Array
  /** A page that a stick sent to it, acknowledged; false: it did not hear it. */
  take?(page: Uint8Array, atMs: number): boolean
}

/** Who listens: the chip of a stick. Says whether it has something for this master. */
export interface FakeListener {
  hear(master: FakeMaster, page: Uint8Array, atMs: number): void
  /** A page somebody sent to a channel of ours that transmits; true: taken. */
  press(deviceType: number, deviceNumber: number, page: Uint8Array, atMs: number): boolean
}

/** The radio between devices and sticks. What is out of reach is not heard; a page may be lost on the way. */
export class FakeAir {
  readonly #clock: BridgeClock
  readonly #listeners = new Set<FakeListener>()
  readonly #masters = new Map<FakeMaster, () => void>()
  /** Whether this turn of a master is lost. */
  isLost: (master: FakeMaster) => boolean = () => false

  constructor(clock: BridgeClock) {
    this.#clock = clock
  }

  listen(listener: FakeListener): void {
    this.#listeners.add(listener)
  }

  /** In reach from now on. */
  add(master: FakeMaster): void {
    if (this.#masters.has(master)) return
    const periodMs = (master.period32768 * 1000) / 32_768
    const turn = (): void => {
      const atMs = this.#clock.nowMs()
      this.#masters.set(master, this.#clock.after(periodMs, turn))
      const page = master.next(atMs)
      if (this.isLost(master)) return
      for (const listener of this.#listeners) listener.hear(master, page, atMs)
    }
    // Devices do not start together.
    this.#masters.set(master, this.#clock.after((master.deviceNumber * 7) % periodMs, turn))
  }

  /** Out of reach, or its battery is empty. */
  remove(master: FakeMaster): void {
    this.#masters.get(master)?.()
    this.#masters.delete(master)
  }

  /** A button of a remote that is paired with this number; false: nobody heard it. */
  press(deviceType: number, deviceNumber: number, page: Uint8Array): boolean {
    const atMs = this.#clock.nowMs()
    return [...this.#listeners].some((listener) => listener.press(deviceType, deviceNumber, page, atMs))
  }

  close(): void {
    for (const cancel of this.#masters.values()) cancel()
    this.#masters.clear()
  }
}
