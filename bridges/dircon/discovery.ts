import multicastDns, { type Multicast, type MulticastPacket, type MulticastRecord } from 'multicast-dns'
import type { BridgeClock } from '../core/clock.ts'

/** How trainers on the local network are found. Nothing here runs unless asked: `--advertise`, `bridge --find`. */
export const DIRCON_SERVICE = '_wahoo-fitness-tnp._tcp.local'
const TTL_S = 120
const FOUND_MAX = 64

export interface Advertised {
  readonly name: string
  readonly port: number
  /** IPv4 addresses this machine is reached at. */
  readonly addresses: readonly string[]
  /** Short UUIDs, `0x1826`. */
  readonly services: readonly string[]
  readonly serialNumber: string
}

export interface FoundTrainer {
  readonly name: string
  readonly host: string
  readonly port: number
}

/** Every record a browser of services needs to connect, in one answer. Pure: tests need no network. */
export function advertisementOf(trainer: Advertised): MulticastPacket {
  const instance = `${trainer.name}.${DIRCON_SERVICE}`
  const host = `${trainer.name.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-')}.local`
  const text = [
    `ble-service-uuids=${trainer.services.join(',')}`,
    // Locally administered, so nobody's; with dashes, as apps expect it.
    'mac-address=02-00-00-00-00-01',
    `serial-number=${trainer.serialNumber}`,
  ]
  return {
    answers: [{ name: DIRCON_SERVICE, type: 'PTR', ttl: TTL_S, data: instance }],
    additionals: [
      { name: instance, type: 'SRV', ttl: TTL_S, data: { port: trainer.port, target: host, priority: 0, weight: 0 } },
      { name: instance, type: 'TXT', ttl: TTL_S, data: text },
      ...trainer.addresses.map((data): MulticastRecord => ({ name: host, type: 'A', ttl: TTL_S, data })),
    ],
  }
}

/** Trainers named in an answer. The port is the SRV record's: 36866, 36867 and 8081 are all in use. */
export function trainersIn(packet: MulticastPacket): FoundTrainer[] {
  const records = [...(packet.answers ?? []), ...(packet.additionals ?? [])].slice(0, 4 * FOUND_MAX)
  const found: FoundTrainer[] = []
  for (const record of records) {
    if (record.type !== 'SRV' || !record.name.endsWith(DIRCON_SERVICE)) continue
    const { port, target } = record.data as { port?: unknown; target?: unknown }
    if (typeof port !== 'number' || typeof target !== 'string') continue
    const address = records.find((r) => r.type === 'A' && r.name === target && typeof r.data === 'string')
    const name = record.name.slice(0, -DIRCON_SERVICE.length - 1)
    found.push({ name, host: (address?.data as string | undefined) ?? target, port })
  }
  return found
}

/** Answers who asks for trainers, and says once that it is here. The result ends it. */
export function advertise(trainer: Advertised): () => Promise<void> {
  const mdns = multicastDns()
  mdns.on('error', ignore)
  const packet = advertisementOf(trainer)
  mdns.on('query', (query) => {
    if (query.questions?.some((question) => question.name === DIRCON_SERVICE) === true) mdns.respond(packet)
  })
  mdns.respond(packet)
  return () => ended(mdns)
}

/** Asks the local network for trainers and gives what answered within the time. */
export async function findTrainers(clock: BridgeClock, waitMs: number): Promise<readonly FoundTrainer[]> {
  const mdns = multicastDns()
  const found = new Map<string, FoundTrainer>()
  mdns.on('error', ignore)
  mdns.on('response', (packet) => {
    for (const trainer of trainersIn(packet)) if (found.size < FOUND_MAX) found.set(trainer.name, trainer)
  })
  mdns.query({ questions: [{ name: DIRCON_SERVICE, type: 'PTR' }] })
  await new Promise<void>((resolve) => clock.after(waitMs, resolve))
  await ended(mdns)
  return [...found.values()]
}

const ended = (mdns: Multicast): Promise<void> => new Promise((resolve) => mdns.destroy(() => resolve()))

/** Without multicast on this network nobody is found: the answer is an empty list, not an error. */
function ignore(): void {}
