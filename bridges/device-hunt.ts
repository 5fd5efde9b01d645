import type { KnownDevice } from './rider-memory.ts'
import type { BridgeCarrier, CarrierEvents } from './ride-bridge.ts'

/** One way devices are reached: the network, the radio, the stick. */
export interface Way {
  readonly name: string
  /** What it needs is asked for when it is opened, not before: a radio takes seconds to say that it is on. */
  open(events: CarrierEvents, hunt: Hunted): Promise<WayOpened>
}
export type WayOpened =
  /** undefined: nobody is to be found this way today. */
  { readonly ok: true; readonly carrier: BridgeCarrier | undefined } | { readonly ok: false; readonly sentence: string }

export interface Hunted {
  /** Of all ways; each takes its own. */
  readonly known: readonly KnownDevice[]
  readonly takesNew: boolean
}

export interface DeviceHuntOptions {
  readonly ways: readonly Way[]
  readonly events: CarrierEvents
  readonly known: () => Promise<readonly KnownDevice[]>
  /** Also what is not known yet. */
  readonly takesNew: boolean
  /** The rider asked for just these ways: what keeps one from working is said in full. */
  readonly isChosen: boolean
  /** Each of the ways that were asked for is closed: no device will ever come. */
  readonly onNone: () => void
}

/**
 * All ways at once, each as soon as it can: one that hangs keeps no other waiting. Who is known from another day is connected
 * to, and nobody else, for in a room full of trainers the next one is somebody's; without any, whoever is there. [B116]
 */
export class DeviceHunt implements BridgeCarrier {
  readonly #options: DeviceHuntOptions
  readonly #carriers: BridgeCarrier[] = []
  #opening: Promise<unknown> = Promise.resolve()
  #isClosed = false

  constructor(options: DeviceHuntOptions) {
    this.#options = options
  }

  start(): void {
    this.#opening = this.#open()
  }

  async close(): Promise<void> {
    this.#isClosed = true
    await this.#opening
    await Promise.all(this.#carriers.map((carrier) => carrier.close()))
  }

  forget(id: string): void {
    for (const carrier of this.#carriers) carrier.forget?.(id)
  }

  async #open(): Promise<void> {
    const { ways, known, takesNew, isChosen, events } = this.#options
    const before = await known()
    const hunted = { known: before, takesNew: takesNew || before.length === 0 }
    if (before.length > 0) {
      const names = before.map(({ name }) => name).join(', ')
      events.onState(`looking for ${names}${hunted.takesNew ? ' and for new devices' : '; --new takes others, too'}`)
    }
    const missing: string[] = []
    await Promise.all(
      ways.map(async (way) => {
        const opened = await way.open(events, hunted)
        if (!opened.ok) {
          missing.push(way.name)
          if (isChosen) events.onState(opened.sentence)
          return
        }
        const { carrier } = opened
        if (this.#isClosed) return await carrier?.close()
        if (carrier === undefined) return
        this.#carriers.push(carrier)
        carrier.start()
      }),
    )
    if (isChosen && missing.length === ways.length && !this.#isClosed) this.#options.onNone()
    if (missing.length > 0 && !isChosen && !this.#isClosed)
      events.onState(`not looked for by ${missing.toSorted().join(' and ')}; gruppetto doctor says why`)
  }
}
