import type { Multicast, MulticastPacket } from 'multicast-dns'

type Listener = (packet: MulticastPacket) => void

/** A network of multicast in memory, for tests: what one end says, all the others hear. */
export class MulticastBus {
  readonly #ends = new Set<{ readonly query: Listener[]; readonly response: Listener[] }>()
  /** Questions asked by anybody. */
  queries: MulticastPacket[] = []

  join(): Multicast {
    const own = { query: [] as Listener[], response: [] as Listener[] }
    this.#ends.add(own)
    const say = (kind: 'query' | 'response', packet: MulticastPacket): void => {
      if (kind === 'query') this.queries.push(packet)
      for (const end of this.#ends) if (end !== own) for (const listener of end[kind]) listener(packet)
    }
    return {
      on(event: string, listener: unknown) {
        if (event === 'query' || event === 'response') own[event].push(listener as Listener)
      },
      query: (packet) => say('query', packet),
      respond: (packet) => say('response', packet),
      destroy: (done) => {
        this.#ends.delete(own)
        done?.()
      },
    }
  }
}
