import type { Multicast } from 'multicast-dns'
import type { BridgeClock } from '../core/clock.ts'
import type { GattCarrier, GattCarrierEvents } from '../core/gatt.ts'
import { DirconClient } from './client.ts'
import type { FoundTrainer } from './mdns-records.ts'
import { TrainerFinder } from './discovery.ts'

export interface DirconNetworkOptions extends GattCarrierEvents {
  readonly clock: BridgeClock
  /** Which of those found is wanted; the first alone, if not said. */
  readonly wants?: (trainer: FoundTrainer, others: readonly FoundTrainer[]) => boolean
  /** For tests: what carries the questions. */
  readonly mdns?: Multicast
}

/** Trainers held at once. */
const CLIENTS_MAX = 8

/** Trainers on the local network, found by themselves and kept wherever they move. */
export class DirconNetwork implements GattCarrier {
  readonly #options: DirconNetworkOptions
  readonly #finder: TrainerFinder
  readonly #clients = new Map<string, { readonly client: DirconClient; readonly trainer: FoundTrainer }>()

  constructor(options: DirconNetworkOptions) {
    this.#options = options
    this.#finder = new TrainerFinder(options.clock, (trainer) => this.#found(trainer), options.mdns)
  }

  /** Everybody who answered, wanted or not. */
  get found(): readonly FoundTrainer[] {
    return this.#finder.found
  }

  start(): void {
    this.#options.onState('asking the local network for trainers')
    this.#finder.start()
  }

  async close(): Promise<void> {
    await Promise.all([this.#finder.close(), ...[...this.#clients.values()].map(({ client }) => client.close())])
  }

  #found(trainer: FoundTrainer): void {
    const { clock, onLink, onState, wants } = this.#options
    if (this.#clients.has(trainer.id) || this.#clients.size >= CLIENTS_MAX) return
    const others = [...this.#clients.values()].map((held) => held.trainer)
    // It was known by less of itself before.
    if (others.some((other) => other.host === trainer.host && other.port === trainer.port)) return
    if (!(wants?.(trainer, others) ?? others.length === 0)) {
      onState(`${trainer.name} is there too; it is left alone`)
      return
    }
    const { id, name, host, port } = trainer
    const lookUp = () => this.#finder.lookUp(id)
    const client = new DirconClient({ clock, onLink, onState, id, name, host, port, lookUp })
    this.#clients.set(id, { client, trainer })
    client.start()
  }
}
