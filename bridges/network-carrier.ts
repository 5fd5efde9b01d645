import type { GattCarrier, GattCarrierEvents, GattLink } from './core/gatt.ts'
import type { BridgeCarrier } from './ride-bridge.ts'

export interface NetworkTrainer {
  readonly id: string
  readonly name: string
  readonly host: string
  readonly port: number
}

/** Asks the local network, and hears who answers: dircon/discovery.ts. */
export interface Finder {
  start(): void
  lookUp(id: string): Promise<NetworkTrainer | undefined>
  close(): Promise<void>
}

export interface ClientOptions extends GattCarrierEvents, NetworkTrainer {
  /** Where it is now; undefined: nobody knows. */
  readonly lookUp: () => Promise<{ readonly host: string; readonly port: number } | undefined>
}

export interface NetworkCarrierOptions extends GattCarrierEvents {
  /** Of other days: connected to at once, where they were. */
  readonly known: readonly NetworkTrainer[]
  /** False: no others are taken. */
  readonly takesNew: boolean
  /** Only trainers whose name contains this. */
  readonly name?: string | undefined
  readonly makeFinder: (onFound: (trainer: NetworkTrainer) => void) => Finder
  readonly makeClient: (options: ClientOptions) => GattCarrier
  /** A link is up: where the trainer is today. */
  readonly onKnown: (trainer: NetworkTrainer) => void
}

/** A household has one or two; what is beyond it is a mistake. */
const TRAINERS_MAX = 4

/** Trainers on the local network: those of other days where they were, a new one by asking everybody. */
export class NetworkCarrier implements BridgeCarrier {
  readonly #options: NetworkCarrierOptions
  readonly #clients = new Map<string, GattCarrier>()
  readonly #finder: Finder
  readonly #leftAlone = new Set<string>()

  constructor(options: NetworkCarrierOptions) {
    this.#options = options
    this.#finder = options.makeFinder((trainer) => this.#found(trainer))
  }

  start(): void {
    for (const trainer of this.#options.known.slice(0, TRAINERS_MAX)) this.#take(trainer)
    this.#finder.start()
  }

  async close(): Promise<void> {
    await Promise.all([this.#finder.close(), ...[...this.#clients.values()].map((client) => client.close())])
  }

  forget(id: string): void {
    const client = this.#clients.get(id)
    this.#clients.delete(id)
    this.#leftAlone.add(id)
    void client?.close()
  }

  /** The first is taken; others are named, for somebody else may ride them. */
  #found(trainer: NetworkTrainer): void {
    const { takesNew, name = '', onState } = this.#options
    if (this.#clients.has(trainer.id) || this.#leftAlone.has(trainer.id)) return
    const isMeant = trainer.name.toLowerCase().includes(name.toLowerCase())
    if (takesNew && isMeant && this.#clients.size === 0) return this.#take(trainer)
    this.#leftAlone.add(trainer.id)
    onState(`also on the network: ${trainer.name}; ${takesNew ? '--device NAME chooses' : '--new takes it'}`)
  }

  #take(trainer: NetworkTrainer): void {
    const { makeClient, onLink, onState, onKnown } = this.#options
    const { id, name } = trainer
    let at: { host: string; port: number } = trainer
    const client = makeClient({
      ...{ id, name, host: trainer.host, port: trainer.port },
      lookUp: async () => {
        const found = await this.#finder.lookUp(id)
        if (found !== undefined) at = found
        return found
      },
      onState,
      onLink(link: GattLink) {
        onKnown({ id, name, host: at.host, port: at.port })
        onLink(link)
      },
    })
    this.#clients.set(id, client)
    client.start()
  }
}
