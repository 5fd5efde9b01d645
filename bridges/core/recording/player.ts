import { fromHex } from '../bytes.ts'
import type { BridgeClock } from '../clock.ts'
import type { GattLink } from '../gatt.ts'
import type { LinkRecord, RawRecord } from './record.ts'

export interface PlayerOptions {
  readonly records: readonly RawRecord[]
  /** A link comes up, as it did. */
  readonly onLink: (link: GattLink) => void
  /** A stick's raw bytes, as they came. */
  readonly onChunk?: ((id: string, bytes: Uint8Array, atMs: number) => void) | undefined
  /** Everything was played. */
  readonly onEnd?: (() => void) | undefined
  /** To play at the pace of this clock; without one it is played as fast as it goes, at its own times. */
  readonly pace?: BridgeClock | undefined
  /** So many times as fast. */
  readonly speed?: number | undefined
}

interface Timer {
  readonly dueMs: number
  readonly callback: () => void
}

/** Promises that devices wait for settle within so many turns; a subscription and what comes after it takes six. */
const TURNS = 24
const SLICE_MS = 5

/**
 * A recording as devices, and the clock they live by: bytes come at the times they came at, questions are answered as they
 * were, what is written goes nowhere. Between two records this clock never passes the next one, so every byte is read at
 * its recorded moment, however late the machine is.
 */
export class Player implements BridgeClock {
  readonly #options: PlayerOptions
  readonly #links = new Map<string, PlayedLink>()
  /** What the recording has an answer to, by device, kind and characteristic. */
  readonly #answered: ReadonlySet<string>
  readonly #timers: Timer[] = []
  readonly #paceFromMs: number
  #nowMs: number
  #shiftMs = 0
  /** The next record; none before it is played. */
  #next: number | undefined
  #isStopped = false

  constructor(options: PlayerOptions) {
    const { records, pace } = options
    this.#options = options
    this.#paceFromMs = pace?.nowMs() ?? 0
    this.#nowMs = pace === undefined ? (records[0]?.ms ?? 0) : this.#paceFromMs
    this.#answered = new Set(records.flatMap((record) => ('at' in record ? [keyOf(record)] : [])))
  }

  nowMs(): number {
    return Math.max(this.#nowMs, Math.min(this.#pacedMs(), this.#dueMs()))
  }

  after(delayMs: number, callback: () => void): () => void {
    const timer = { dueMs: this.nowMs() + Math.max(0, delayMs), callback }
    const at = this.#timers.findIndex((other) => other.dueMs > timer.dueMs)
    this.#timers.splice(at === -1 ? this.#timers.length : at, 0, timer)
    return () => {
      const index = this.#timers.indexOf(timer)
      if (index !== -1) this.#timers.splice(index, 1)
    }
  }

  /** Timers run from now on, records from `play`. At a pace the recording is shifted by whole milliseconds to begin now. */
  play(): void {
    if (this.#next !== undefined) return
    const { records, pace } = this.#options
    if (pace !== undefined) this.#shiftMs = Math.ceil(this.nowMs() - (records[0]?.ms ?? 0))
    this.#next = 0
  }

  /** Without a pace until the recording ends. At a pace until it is stopped: those who live by this clock go on after the end. */
  async run(): Promise<void> {
    const { pace, onEnd, records } = this.#options
    let isOver = false
    while (!this.#isStopped) {
      const dueMs = this.#dueMs()
      if (pace !== undefined && this.#pacedMs() < dueMs) await this.#waited(dueMs - this.#pacedMs())
      else {
        this.#nowMs = Math.max(this.#nowMs, dueMs)
        this.#step(dueMs)
        for (let turn = 0; turn < TURNS; turn++) await Promise.resolve()
      }
      if (isOver || this.#next !== records.length) continue
      isOver = true
      onEnd?.()
      if (pace === undefined) break
    }
  }

  stop(): void {
    this.#isStopped = true
  }

  #step(dueMs: number): void {
    const timer = this.#timers[0]
    if (timer !== undefined && timer.dueMs <= dueMs) {
      this.#timers.shift()
      timer.callback()
      return
    }
    const record = this.#options.records[this.#next!]!
    this.#next = this.#next! + 1
    this.#take(record)
  }

  #dueMs(): number {
    const record = this.#next === undefined ? undefined : this.#options.records[this.#next]
    const recordMs = record === undefined ? Infinity : record.ms + this.#shiftMs
    return Math.min(recordMs, this.#timers[0]?.dueMs ?? Infinity)
  }

  /** Those who live by this clock may set an earlier timer meanwhile: it is waited in slices. */
  #waited(forMs: number): Promise<void> {
    const { pace, speed = 1 } = this.#options
    return new Promise((resolve) => pace!.after(Math.min(forMs / speed, SLICE_MS), resolve))
  }

  #pacedMs(): number {
    const { pace, speed = 1 } = this.#options
    return pace === undefined ? -Infinity : this.#paceFromMs + (pace.nowMs() - this.#paceFromMs) * speed
  }

  #take(record: RawRecord): void {
    const link = this.#links.get(record.id)
    if (record.is === 'link') {
      link?.gone()
      const next = new PlayedLink(record, (kind, at) => this.#answered.has(keyOf({ id: record.id, is: kind, at })))
      this.#links.set(record.id, next)
      this.#options.onLink(next)
    } else if (record.is === 'gone') {
      this.#links.delete(record.id)
      link?.gone()
    } else if (record.is === 'in') {
      const bytes = fromHex(record.hex)!
      const atMs = (record.stampMs ?? record.ms) + this.#shiftMs
      if (record.at === undefined) this.#options.onChunk?.(record.id, bytes, atMs)
      else link?.heard(record.at, bytes, atMs)
    } else if (record.is === 'read')
      link?.told('read', record.at, record.hex === null ? undefined : fromHex(record.hex))
    else if (record.is === 'listen') link?.told('listen', record.at, record.ok)
  }
}

const keyOf = ({ id, is, at }: { id: string; is: string; at?: string | undefined }): string => `${id} ${is} ${at ?? ''}`

type Answer = Uint8Array | boolean | undefined

/** A device of a recording. An answer comes when it came; one that was given already comes at once. */
class PlayedLink implements GattLink {
  readonly id: string
  readonly name: string
  readonly carrier: LinkRecord['carrier']
  readonly services: ReadonlyMap<string, readonly string[]>
  onClosed: (() => void) | undefined
  readonly #listeners = new Map<string, (bytes: Uint8Array, atMs: number) => void>()
  readonly #known = new Map<string, Answer>()
  readonly #asked = new Map<string, (answer: Answer) => void>()
  readonly #isAnswered: (kind: string, at: string) => boolean

  constructor({ id, name, carrier, services }: LinkRecord, isAnswered: (kind: string, at: string) => boolean) {
    this.#isAnswered = isAnswered
    this.id = id
    this.name = name
    this.carrier = carrier
    this.services = new Map(Object.entries(services))
  }

  async read(at: string): Promise<Uint8Array | undefined> {
    const answer = await this.#answer('read', at)
    return typeof answer === 'boolean' ? undefined : answer
  }

  async write(): Promise<boolean> {
    return true
  }

  async subscribe(at: string, onValue: (bytes: Uint8Array, atMs: number) => void): Promise<boolean> {
    this.#listeners.set(at, onValue)
    const isOn = (await this.#answer('listen', at)) === true
    if (!isOn) this.#listeners.delete(at)
    return isOn
  }

  close(): void {}

  heard(at: string, bytes: Uint8Array, atMs: number): void {
    this.#listeners.get(at)?.(bytes, atMs)
  }

  told(kind: 'read' | 'listen', at: string, answer: Answer): void {
    const key = `${kind} ${at}`
    this.#known.set(key, answer)
    this.#asked.get(key)?.(answer)
    this.#asked.delete(key)
  }

  gone(): void {
    for (const resolve of this.#asked.values()) resolve(undefined)
    this.#asked.clear()
    this.#listeners.clear()
    this.onClosed?.()
  }

  #answer(kind: string, at: string): Promise<Answer> {
    const key = `${kind} ${at}`
    if (this.#known.has(key)) return Promise.resolve(this.#known.get(key))
    // A later program may ask what the recording one did not: nobody knows.
    if (!this.#isAnswered(kind, at)) return Promise.resolve(undefined)
    return new Promise((resolve) => this.#asked.set(key, resolve))
  }
}
