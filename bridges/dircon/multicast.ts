import { networkInterfaces } from 'node:os'
import multicastDns, { type Multicast, type MulticastPacket } from 'multicast-dns'

type Heard = (packet: MulticastPacket) => void
type Failed = (error: Error) => void

/** Where this machine is reached, IPv4: one for each network it is in. */
const ownAddresses = (): readonly string[] =>
  Object.values(networkInterfaces())
    .flatMap((rows) => rows ?? [])
    .filter((row) => row.family === 'IPv4' && !row.internal)
    .map((row) => row.address)
const endAt = (address: string): Multicast => multicastDns({ interface: address, bind: '0.0.0.0' })

/**
 * One voice on every network this machine is in: the package speaks on one alone, and a trainer by cable is not heard over the
 * wireless. Networks that come and go are looked at each time something is asked or said.
 */
export function openMulticast(addresses = ownAddresses, open = endAt): Multicast {
  const ends = new Map<string, Multicast>()
  const listeners: [event: 'query' | 'response' | 'error' | 'warning', listener: Heard | Failed][] = []
  const attend = (end: Multicast): void => {
    // Without a listener an error would end the process.
    end.on('error', () => {})
    for (const [event, listener] of listeners) end.on(event as 'query', listener as Heard)
  }
  const look = (): void => {
    // In no network at all there is still the loopback, where a simulator may be.
    const here = new Set(addresses())
    if (here.size === 0) here.add('127.0.0.1')
    for (const [address, end] of ends) {
      if (here.has(address)) continue
      ends.delete(address)
      end.destroy()
    }
    for (const address of here) {
      if (ends.has(address)) continue
      const end = open(address)
      ends.set(address, end)
      attend(end)
    }
  }
  look()
  return {
    on(event: string, listener: Heard | Failed) {
      listeners.push([event as 'query', listener])
      for (const end of ends.values()) end.on(event as 'query', listener as Heard)
    },
    query(packet) {
      look()
      for (const end of ends.values()) end.query(packet)
    },
    respond(packet) {
      look()
      for (const end of ends.values()) end.respond(packet)
    },
    destroy(done = () => {}) {
      let left = ends.size
      for (const end of ends.values()) end.destroy(() => --left === 0 && done())
      ends.clear()
      if (left === 0) done()
    },
  }
}
