import { AntCarrier } from '../ant/carrier.ts'
import type { BridgeClock } from '../core/clock.ts'
import type { DeviceLink } from '../core/devices.ts'
import type { GattCarrier, GattLink } from '../core/gatt.ts'
import { Player } from '../core/recording/player.ts'
import type { RawRecord } from '../core/recording/record.ts'
import { PlayedSticks } from './played-sticks.ts'

export interface PlayedOptions {
  readonly records: readonly RawRecord[]
  /** To play at the pace of this clock; without one, as fast as it goes. */
  readonly pace?: BridgeClock | undefined
  readonly speed?: number | undefined
  readonly onEnd?: (() => void) | undefined
}

export interface PlayedEvents {
  onLink(link: GattLink): void
  onDevice(device: DeviceLink): void
  onState(sentence: string): void
}

/** Remotes find us by a number; those of a recording need none. */
const NOBODY = 1

/** A recording in the place of all carriers: what it has by GATT and by sticks comes up, speaks and goes as it did. */
export class PlayedCarrier implements GattCarrier {
  /** By which whoever rides with it must live. */
  readonly clock: Player
  readonly #sticks: PlayedSticks
  readonly #hasSticks: boolean
  readonly #isPaced: boolean
  #events: PlayedEvents | undefined
  #ant: AntCarrier | undefined
  #run: Promise<void> = Promise.resolve()

  constructor({ records, pace, speed, onEnd }: PlayedOptions) {
    this.clock = new Player({
      ...{ records, pace, speed, onEnd },
      onLink: (link) => this.#events?.onLink(link),
      onChunk: (id, bytes) => this.#sticks.play(id, bytes),
    })
    const ids = new Set(records.flatMap((record) => (record.is === 'in' && record.at === undefined ? [record.id] : [])))
    this.#isPaced = pace !== undefined
    this.#hasSticks = ids.size > 0
    this.#sticks = new PlayedSticks([...ids], this.clock)
    if (pace !== undefined) this.#run = this.clock.run()
  }

  hear(events: PlayedEvents): this {
    this.#events = events
    return this
  }

  start(): void {
    if (this.#hasSticks && this.#events !== undefined) {
      this.#ant = new AntCarrier({
        ...{ driver: this.#sticks.driver, clock: this.clock, ourNumber: NOBODY },
        // Of no use to anybody: these sticks ask for none.
        networkKey: new Uint8Array(8),
        onDevice: (device) => this.#events?.onDevice(device),
        onState: (sentence) => this.#events?.onState(sentence),
      })
      this.#ant.start()
    }
    this.clock.play()
    if (!this.#isPaced) this.#run = this.clock.run()
  }

  /** Without a pace: until all of it was played. */
  ended(): Promise<void> {
    return this.#run
  }

  async close(): Promise<void> {
    this.clock.stop()
    await this.#run
    // Its timers stand still with its clock: there is nothing to be released.
  }
}
