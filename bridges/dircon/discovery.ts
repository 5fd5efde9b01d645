import type { Multicast, MulticastPacket, MulticastRecord } from 'multicast-dns'
import type { BridgeClock } from '../core/clock.ts'
import {
  DIRCON,
  ended,
  FOUND_MAX,
  type FoundTrainer,
  ignore,
  isInstance,
  type NetworkService,
  RECORDS_MAX,
  trainersIn,
} from './mdns-records.ts'
import { openMulticast } from './multicast.ts'

/** Asks the local network for trainers and gives what answered within the time. */
export async function findTrainers(
  clock: BridgeClock,
  waitMs: number,
  mdns?: Multicast,
): Promise<readonly FoundTrainer[]> {
  const finder = new DeviceFinder(clock, () => {}, mdns)
  finder.start()
  await new Promise<void>((resolve) => clock.after(waitMs, resolve))
  const { found } = finder
  await finder.close()
  return found
}

/** A question may be lost: asked again after so long, then every half minute (RFC 6762 §5.2). */
const ASK_MS = [1000, 2000, 4000, 8000, 16_000, 30_000] as const

/** What is missing is waited for so long; then a trainer is taken as far as it is known. */
const PATIENCE_MS = 1500
/** Questions about single records between two rounds: nobody makes us shout. */
const QUESTIONS_MAX = 64

/** Keeps asking the local network, and knows who answered and where they are now. */
export class DeviceFinder {
  readonly #clock: BridgeClock
  readonly #onFound: (trainer: FoundTrainer) => void
  readonly #found = new Map<string, FoundTrainer>()
  /** How often each has said where it is. */
  readonly #times = new Map<string, number>()
  readonly #given: Multicast | undefined
  readonly #service: NetworkService
  /** The newest record of each type and name. */
  readonly #records = new Map<string, MulticastRecord>()
  /** Who has not said everything yet. */
  readonly #late = new Map<string, () => void>()
  #mdns: Multicast | undefined
  #cancel: (() => void) | undefined
  #asked = 0
  /** Asked about single records since the last round. */
  #questions = 0

  /** `onFound`: a trainer that was not known, or not there. */
  constructor(clock: BridgeClock, onFound: (trainer: FoundTrainer) => void, mdns?: Multicast, service = DIRCON) {
    this.#clock = clock
    this.#onFound = onFound
    this.#given = mdns
    this.#service = service
  }

  get found(): readonly FoundTrainer[] {
    return [...this.#found.values()]
  }

  start(): void {
    if (this.#mdns !== undefined) return
    const mdns = this.#given ?? openMulticast()
    this.#mdns = mdns
    mdns.on('error', ignore)
    mdns.on('response', (packet) => this.#heard(packet))
    this.#ask()
  }

  /** Asks now, and answers where this trainer is once it says so; undefined where it does not. */
  async lookUp(id: string, waitMs = 1000): Promise<FoundTrainer | undefined> {
    // What was known is what did not answer: only what is said from now on counts.
    const before = this.#times.get(id) ?? 0
    const isHeard = (): boolean => (this.#times.get(id) ?? 0) > before
    this.#query()
    for (let waitedMs = 0; waitedMs < waitMs && !isHeard(); waitedMs += 50)
      await new Promise<void>((resolve) => this.#clock.after(50, resolve))
    return isHeard() ? this.#found.get(id) : undefined
  }

  async close(): Promise<void> {
    this.#cancel?.()
    for (const cancel of this.#late.values()) cancel()
    this.#late.clear()
    const mdns = this.#mdns
    this.#mdns = undefined
    if (mdns !== undefined) await ended(mdns)
  }

  /** Some answer everything at once, some one record a question: what is missing is asked for, and waited for a moment. */
  #heard(packet: MulticastPacket): void {
    const records = [...(packet.answers ?? []), ...(packet.additionals ?? [])].slice(0, RECORDS_MAX)
    for (const record of records) this.#remember(record)
    // By name, once a packet: a crowd of names must not cost its square, for the same turn of the machine rides.
    const known = Map.groupBy(this.#records.values(), ({ name }) => name.toLowerCase())
    const hosts = hostsOf(known, this.#service)
    const questions: { name: string; type: string }[] = []
    const instances = new Set<string>()
    for (const record of records) {
      if (record.type === 'PTR' && typeof record.data === 'string' && isInstance(record.data, this.#service))
        instances.add(record.data)
      if ((record.type === 'SRV' || record.type === 'TXT') && isInstance(record.name, this.#service))
        instances.add(record.name)
      if (record.type === 'A' || record.type === 'AAAA')
        for (const name of hosts.get(record.name.toLowerCase()) ?? []) instances.add(name)
    }
    for (const instance of instances) {
      const own = known.get(instance.toLowerCase()) ?? []
      const target = (own.find((r) => r.type === 'SRV')?.data as { target?: unknown } | undefined)?.target
      const host = typeof target === 'string' ? (known.get(target.toLowerCase()) ?? []) : []
      const [trainer] = trainersIn({ answers: [...own, ...host] }, this.#service)
      if (trainer?.isLeaving === true) {
        this.#take(trainer)
        continue
      }
      if (trainer === undefined) questions.push({ name: instance, type: 'SRV' })
      const hasText = own.some((r) => r.type === 'TXT')
      if (!hasText) questions.push({ name: instance, type: 'TXT' })
      if (trainer !== undefined && host.length === 0) questions.push({ name: target as string, type: 'A' })
      if (trainer === undefined) continue
      if (hasText && host.length > 0) this.#take(trainer)
      else this.#takeLater(instance, trainer)
    }
    if (questions.length > 0 && this.#questions < QUESTIONS_MAX) {
      this.#questions += questions.length
      this.#mdns?.query({ questions })
    }
  }

  #remember(record: MulticastRecord): void {
    const key = `${record.type} ${record.name.toLowerCase()}`
    // One of each, but a host may have several addresses; the newest packet's are what holds.
    if (record.ttl === 0 && record.type !== 'SRV') this.#records.delete(key)
    else {
      this.#records.delete(key)
      this.#records.set(key, record)
      // A crowd of names pushes out the oldest, and stays a crowd of so many.
      if (this.#records.size > RECORDS_MAX) this.#records.delete(this.#records.keys().next().value!)
    }
  }

  #takeLater(instance: string, trainer: FoundTrainer): void {
    if (this.#late.has(instance) || this.#late.size >= FOUND_MAX) return
    const cancel = this.#clock.after(PATIENCE_MS, () => {
      this.#late.delete(instance)
      const isKnown = [...this.#found.values()].some(({ name }) => name === trainer.name)
      if (!isKnown) this.#take(trainer)
    })
    this.#late.set(instance, cancel)
  }

  #take(trainer: FoundTrainer): void {
    if (trainer.isLeaving) {
      // A goodbye may come without the text that has the serial number.
      for (const known of this.#found.values()) if (known.name === trainer.name) this.#found.delete(known.id)
      return
    }
    const isNew = !this.#found.has(trainer.id)
    if (isNew && this.#found.size >= FOUND_MAX) return
    this.#found.set(trainer.id, trainer)
    if (this.#times.size > RECORDS_MAX) this.#times.clear()
    this.#times.set(trainer.id, (this.#times.get(trainer.id) ?? 0) + 1)
    if (isNew) this.#onFound(trainer)
  }

  #ask(): void {
    this.#questions = 0
    this.#query()
    const waitMs = ASK_MS[Math.min(this.#asked, ASK_MS.length - 1)]!
    this.#asked++
    this.#cancel = this.#clock.after(waitMs, () => this.#ask())
  }

  #query(): void {
    this.#mdns?.query({ questions: [{ name: this.#service.name, type: 'PTR' }] })
  }
}

/** Which trainers a host has said it has. */
function hostsOf(
  records: ReadonlyMap<string, readonly MulticastRecord[]>,
  service: NetworkService,
): ReadonlyMap<string, readonly string[]> {
  const hosts = new Map<string, string[]>()
  for (const { name, type, data } of [...records.values()].flat()) {
    const target = (data as { target?: unknown } | null | undefined)?.target
    if (type !== 'SRV' || !isInstance(name, service) || typeof target !== 'string') continue
    const at = target.toLowerCase()
    const names = hosts.get(at)
    if (names === undefined) hosts.set(at, [name])
    else names.push(name)
  }
  return hosts
}
