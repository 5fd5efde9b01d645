import type { Multicast, MulticastPacket, MulticastRecord } from 'multicast-dns'
import { plainText } from '../core/text.ts'
import { openMulticast } from './multicast.ts'

/** How trainers on the local network are found. Nothing here runs unless asked: `--advertise`, `bridge --dircon find`. */
export const DIRCON_SERVICE = '_wahoo-fitness-tnp._tcp.local'

/** What is looked for, and what its devices' ids begin with. */
export interface NetworkService {
  readonly name: string
  readonly idPrefix: string
}
export const DIRCON: NetworkService = { name: DIRCON_SERVICE, idPrefix: 'dircon:' }
/** Buttons, as OpenBikeControl's specification names them. */
export const OPEN_BIKE_CONTROL: NetworkService = { name: '_openbikecontrol._tcp.local', idPrefix: 'obc:' }
const SERVICES_ASKED = '_services._dns-sd._udp.local'
const TTL_S = 120
export const FOUND_MAX = 64
export const RECORDS_MAX = 4 * FOUND_MAX
const TEXT_MAX = 16

export interface Advertised {
  readonly name: string
  readonly port: number
  /** IPv4 and IPv6 addresses this machine is reached at. */
  readonly addresses: readonly string[]
  /** Short UUIDs, `0x1826`. */
  readonly services: readonly string[]
  readonly serialNumber: string
}

export interface FoundTrainer {
  readonly name: string
  readonly host: string
  readonly port: number
  /** The same trainer, the same id, whatever its address: by its serial number, else its hardware address, else its name. */
  readonly id: string
  /** Short UUIDs it says it has, lower case: `1826`. Empty: it does not say. */
  readonly services: readonly string[]
  /** It says goodbye. */
  readonly isLeaving: boolean
}

/** Every record a browser of services needs to connect, in one answer. Pure: tests need no network. */
export function advertisementOf(trainer: Advertised, ttl = TTL_S): MulticastPacket {
  const instance = `${trainer.name}.${DIRCON_SERVICE}`
  const host = `${trainer.name.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-')}.local`
  const text = [
    `ble-service-uuids=${trainer.services.join(',')}`,
    `mac-address=${hardwareAddressOf(trainer.serialNumber)}`,
    `serial-number=${trainer.serialNumber}`,
  ]
  const address = (data: string): MulticastRecord => ({
    name: host,
    type: data.includes(':') ? 'AAAA' : 'A',
    ttl,
    data,
  })
  return {
    answers: [{ name: DIRCON_SERVICE, type: 'PTR', ttl, data: instance }],
    additionals: [
      { name: instance, type: 'SRV', ttl, data: { port: trainer.port, target: host, priority: 0, weight: 0 } },
      { name: instance, type: 'TXT', ttl, data: text },
      ...trainer.addresses.map(address),
    ],
  }
}

/** Locally administered, so nobody's; with dashes, as apps expect it; one for each serial number. */
function hardwareAddressOf(serialNumber: string): string {
  let hash = 0
  for (const letter of serialNumber) hash = (Math.imul(hash, 31) + letter.codePointAt(0)!) >>> 0
  const number = /^\d{1,9}$/.test(serialNumber) ? Number(serialNumber) : hash
  const byte = (shift: number): string => ((number >>> shift) & 0xff).toString(16).padStart(2, '0')
  return `02-00-${byte(24)}-${byte(16)}-${byte(8)}-${byte(0)}`
}

/** Trainers named in an answer. The port is the SRV record's: 36866, 36867 and 8081 are all in use. */
export function trainersIn(packet: MulticastPacket, service = DIRCON): FoundTrainer[] {
  const records = [...(packet.answers ?? []), ...(packet.additionals ?? [])].slice(0, RECORDS_MAX)
  const found: FoundTrainer[] = []
  for (const record of records) {
    if (record.type !== 'SRV' || !isInstance(record.name, service)) continue
    const { port, target } = (record.data ?? {}) as { port?: unknown; target?: unknown }
    if (typeof port !== 'number' || port < 1 || port > 65_535 || typeof target !== 'string') continue
    const text = textOf(records.find((r) => r.type === 'TXT' && sameName(r.name, record.name))?.data)
    const name = plainText(record.name.slice(0, -service.name.length - 1))
    found.push({
      name,
      host: hostOf(records, target),
      port,
      id: `${service.idPrefix}${text.get('serial-number') ?? text.get('mac-address')?.toLowerCase() ?? name}`,
      services: servicesIn(text.get('ble-service-uuids')),
      isLeaving: record.ttl === 0,
    })
  }
  return found
}

export const sameName = (a: string, b: string): boolean => a.toLowerCase() === b.toLowerCase()
export const isInstance = (name: string, service: NetworkService): boolean =>
  name.toLowerCase().endsWith(`.${service.name}`)

/** An address of IPv4 first; of IPv6 one that needs no interface beside it; else the name, which the system may know. */
function hostOf(records: readonly MulticastRecord[], target: string): string {
  const addresses = (type: 'A' | 'AAAA'): string[] =>
    records
      .filter((r) => r.type === type && sameName(r.name, target) && typeof r.data === 'string')
      .map((r) => r.data as string)
  const [v4] = addresses('A')
  const v6 = addresses('AAAA').find((address) => !/^fe[89ab]/i.test(address))
  return v4 ?? v6 ?? target
}

/** `key=value` in each string; keys in any case, the first of a key counts (RFC 6763 §6.4). */
function textOf(data: unknown): ReadonlyMap<string, string> {
  const rows = Array.isArray(data) ? data.slice(0, TEXT_MAX) : data === undefined ? [] : [data]
  const text = new Map<string, string>()
  for (const row of rows) {
    const line = row instanceof Uint8Array ? Buffer.from(row).toString('utf8') : String(row)
    const at = line.indexOf('=')
    if (at <= 0) continue
    const key = line.slice(0, at).toLowerCase()
    const value = line.slice(at + 1).trim()
    if (value !== '' && !text.has(key)) text.set(key, value.slice(0, 200))
  }
  return text
}

const servicesIn = (list: string | undefined): readonly string[] =>
  (list ?? '')
    .split(',')
    .map((word) => word.trim().toLowerCase().replace(/^0x/, ''))
    .filter((word) => /^[0-9a-f-]{4,36}$/.test(word))

/** Answers who asks for trainers, and says once that it is here. The result ends it, with a goodbye. */
export function advertise(trainer: Advertised, mdns: Multicast = openMulticast()): () => Promise<void> {
  mdns.on('error', ignore)
  const packet = advertisementOf(trainer)
  const own = new Set(
    [packet.answers![0]!.data as string, ...packet.additionals!.map((r) => r.name)].map((name) => name.toLowerCase()),
  )
  let isOver = false
  mdns.on('query', ({ questions = [] }) => {
    if (isOver) return
    if (questions.some(({ name }) => sameName(name, DIRCON_SERVICE) || own.has(name.toLowerCase())))
      mdns.respond(packet)
    else if (questions.some(({ name }) => sameName(name, SERVICES_ASKED)))
      mdns.respond({ answers: [{ name: SERVICES_ASKED, type: 'PTR', ttl: TTL_S, data: DIRCON_SERVICE }] })
  })
  mdns.respond(packet)
  return () => {
    isOver = true
    mdns.respond(advertisementOf(trainer, 0))
    return ended(mdns)
  }
}

export const ended = (mdns: Multicast): Promise<void> => new Promise((resolve) => mdns.destroy(() => resolve()))

/** Without multicast on this network nobody is found: the answer is an empty list, not an error. */
export function ignore(): void {}
