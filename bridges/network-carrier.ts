import type { BridgeClock } from './core/clock.ts'
import type { GattCarrier, GattCarrierEvents, GattLink } from './core/gatt.ts'
import type { FoundTrainer } from './dircon/discovery.ts'
import type { BridgeCarrier } from './ride-bridge.ts'

export interface NetworkTrainer {
  readonly id: string
  readonly name: string
  readonly host: string
  readonly port: number
}

export interface ClientOptions extends GattCarrierEvents, NetworkTrainer {
  /** Where it is now; undefined: nobody knows. */
  readonly lookUp: () => Promise<{ readonly host: string; readonly port: number } | undefined>
}

export interface NetworkCarrierOptions extends GattCarrierEvents {
  readonly clock: BridgeClock
  /** Of other days: connected to at once, where they were. */
  readonly known: readonly NetworkTrainer[]
  /** False: no others are taken. */
  readonly takesNew: boolean
  /** Only trainers whose name contains this. */
  readonly name?: string | undefined
  readonly find: (waitMs: number) => Promise<readonly FoundTrainer[]>
  readonly makeClient: (options: ClientOptions) => GattCarrier
  /** A link is up: where the trainer is today. */
  readonly onKnown: (trainer: NetworkTrainer) => void
}

const FIND_MS = 3000
const REST_MS = 7000
/** A household has one or two; what is beyond it is a mistake. */
const TRAINERS_MAX = 4

/** Trainers on the local network: those of other days where they were, a new one by asking everybody. */
export class NetworkCarrier implements BridgeCarrier {
  readonly #options: NetworkCarrierOptions
  readonly #clients = new Map<string, GattCarrier>()
  #isClosed = false
  #cancel: (() => void) | undefined
  #looking: Promise<void> = Promise.resolve()
  #saidOthers = ''

  constructor(options: NetworkCarrierOptions) {
    this.#options = options
  }

  start(): void {
    for (const trainer of this.#options.known.slice(0, TRAINERS_MAX)) this.#take(trainer)
    if (this.#options.takesNew) this.#looking = this.#look()
  }

  async close(): Promise<void> {
    this.#isClosed = true
    this.#cancel?.()
    await Promise.all([...this.#clients.values()].map((client) => client.close()))
    await this.#looking
  }

  forget(id: string): void {
    const client = this.#clients.get(id)
    this.#clients.delete(id)
    void client?.close()
  }

  /** Until there is one; others are named, for somebody else may ride them. */
  async #look(): Promise<void> {
    const { find, onState, name = '', clock } = this.#options
    const found = (await find(FIND_MS)).filter((each) => each.name.toLowerCase().includes(name.toLowerCase()))
    if (this.#isClosed) return
    const [first, ...others] = found
    if (first !== undefined && this.#clients.size === 0) this.#take({ ...first, id: idOf(first) })
    const names = others.map((each) => each.name).join(', ')
    if (names !== '' && names !== this.#saidOthers) onState(`also on the network: ${names}; --device NAME chooses`)
    this.#saidOthers = names
    if (first === undefined)
      this.#cancel = clock.after(REST_MS, () => {
        this.#looking = this.#look()
      })
  }

  #take(trainer: NetworkTrainer): void {
    if (this.#clients.has(trainer.id)) return
    const { makeClient, find, onLink, onState, onKnown } = this.#options
    let at = { host: trainer.host, port: trainer.port }
    const client = makeClient({
      ...trainer,
      lookUp: async () => {
        const found = (await find(FIND_MS)).find((each) => each.name === trainer.name)
        if (found !== undefined) at = { host: found.host, port: found.port }
        return found
      },
      onState,
      onLink(link: GattLink) {
        onKnown({ ...trainer, ...at })
        onLink(link)
      },
    })
    this.#clients.set(trainer.id, client)
    client.start()
  }
}

/** A trainer keeps its name when the router gives it another address. */
const idOf = ({ name }: FoundTrainer): string => `dircon:${name}`
