import { sameBytes } from '../core/bytes.ts'
import type { BridgeClock } from '../core/clock.ts'
import type { GattLink } from '../core/gatt.ts'
import { GattQueue } from '../core/gatt-queue.ts'
import type { BleCharacteristic, BlePeripheral, BleService } from './adapter.ts'
import { succeeds } from './steps.ts'

const OPERATION_MS = 3000
/** The shortest connection interval is 7.5 ms, so the same bytes sooner than this are one notification told twice. */
const TWICE_MS = 5

/** A peripheral while its link is up: one operation at a time, each value once, and none after the end. */
export class BleLink implements GattLink {
  readonly id: string
  readonly carrier = 'bluetooth'
  readonly name: string
  readonly services: ReadonlyMap<string, readonly string[]>
  onClosed: (() => void) | undefined
  readonly #peripheral: BlePeripheral
  readonly #clock: BridgeClock
  readonly #queue: GattQueue
  readonly #characteristics: ReadonlyMap<string, BleCharacteristic>
  #isGone = false

  constructor(options: {
    readonly id: string
    readonly name: string
    readonly peripheral: BlePeripheral
    readonly services: readonly BleService[]
    readonly clock: BridgeClock
  }) {
    this.id = options.id
    this.name = options.name
    this.#peripheral = options.peripheral
    this.#clock = options.clock
    this.#queue = new GattQueue({ clock: options.clock, budgetMs: OPERATION_MS, onLate: () => this.close() })
    this.services = new Map(options.services.map((s) => [s.uuid, s.characteristics.map((c) => c.uuid)]))
    this.#characteristics = new Map(options.services.flatMap((s) => s.characteristics.map((c) => [c.uuid, c] as const)))
  }

  async read(uuid: string): Promise<Uint8Array | undefined> {
    const found = this.#characteristics.get(uuid)
    return found && (await this.#queue.do(() => found.read()))
  }

  async write(uuid: string, bytes: Uint8Array): Promise<boolean> {
    const found = this.#characteristics.get(uuid)
    if (found === undefined) return false
    return (await this.#queue.do(() => done(found.write(bytes)))) === true
  }

  async subscribe(uuid: string, onValue: (bytes: Uint8Array, atMs?: number) => void): Promise<boolean> {
    const found = this.#characteristics.get(uuid)
    if (found === undefined) return false
    let last: { readonly bytes: Uint8Array; readonly atMs: number } | undefined
    const listener = (bytes: Uint8Array): void => {
      // A system that was told to forget the link still empties its queue.
      if (this.#isGone) return
      const atMs = this.#clock.nowMs()
      const isTwice = last !== undefined && atMs - last.atMs < TWICE_MS && sameBytes(last.bytes, bytes)
      last = { bytes, atMs }
      if (!isTwice) onValue(bytes, atMs)
    }
    return (await this.#queue.do(() => done(found.subscribe(listener)))) === true
  }

  close(): void {
    void succeeds(() => this.#peripheral.disconnect())
  }

  /** The radio says so, or is itself gone. */
  gone(): void {
    if (this.#isGone) return
    this.#isGone = true
    this.#queue.close()
    const { onClosed } = this
    this.onClosed = undefined
    onClosed?.()
  }
}

const done = async (step: Promise<void>): Promise<true> => {
  await step
  return true
}
