import { HeadlessClient } from '#client/net/headless'
import { RemoteRiders } from '#client/world/remote'
import type { Course } from '#physics/course'
import { VIEW_RIDERS_MAX } from '#protocol/limits'
import { encodeWish, type RiderWish } from '#protocol/rider-wish'
import type { RiderRecord } from '#protocol/rider-stream'
import type { Sealer } from '#protocol/session'
import { Legs } from './legs.ts'
import type { Samples } from './samples.ts'
import { hashRiderState } from './state-hash.ts'

/** Beliefs are compared at ticks that this divides: once a second. */
export const CHECK_TICKS = 20
/** Left, straight or right: wished for so often where roads part. */
const TURNS_PER_S = 1 / 30
/** Offers whose answer is still to come. */
const OFFERS = 64

export interface LoadRiderOptions {
  readonly token: Uint8Array
  readonly sealer: Sealer
  readonly randomBytes: (count: number) => Uint8Array
  readonly nowMs: number
  readonly seed: number
  readonly send: (datagram: Uint8Array) => void
  readonly viewRiders: number
  /** There are junctions: now and then the rider wishes for a way. */
  readonly hasTurns: boolean
  /** Given to who carries everybody in view. */
  readonly course: Course | undefined
  /** From a sample said until the server's word that it counts. */
  readonly answeredMs: Samples
  readonly onBelief: (belief: Belief, rider: LoadRider) => void
}

/** What a client believes of the riders in its view at a tick. */
export interface Belief {
  readonly tick: number
  readonly ids: Uint32Array
  readonly tiers: Uint8Array
  readonly hashes: Uint32Array
}

/** One rider of the load: the client's own session and its picture of the others, legs by script, no screen. */
export class LoadRider {
  readonly client: HeadlessClient
  readonly remote: RemoteRiders | undefined
  /** When it asked to come in, was let in, and knew who is around; ms. */
  readonly askedMs: number
  connectedMs = 0
  seenMs = 0
  samples = 0
  records = 0
  /** Checks heard: the server's word that all its news of a rider was acked, and what follows from it; and those that did not fit. */
  checks = 0
  doubts = 0
  /** Riders of whom it believed something else than the server when it was last compared. */
  differing: ReadonlySet<number> = new Set()
  readonly #legs: Legs
  readonly #options: LoadRiderOptions
  readonly #offeredMs = new Float64Array(OFFERS).fill(Number.NaN)
  #answered = -1
  #nextSampleMs: number
  #checkedTick = 0

  constructor(options: LoadRiderOptions) {
    this.#options = options
    const { token, sealer, randomBytes, nowMs, send, seed, course } = options
    this.askedMs = nowMs
    this.client = new HeadlessClient({ token, sealer, path: 'udp', randomBytes, nowMs, send })
    this.remote = course === undefined ? undefined : new RemoteRiders(course, VIEW_RIDERS_MAX)
    this.#legs = new Legs(seed)
    this.#nextSampleMs = nowMs + this.#legs.everyMs * this.#legs.fraction
  }

  receive(datagram: Uint8Array, nowMs: number): void {
    for (const event of this.client.receive(datagram, nowMs)) {
      switch (event.kind) {
        case 'connected':
          this.connectedMs = nowMs
          this.#wish({ kind: 'view', riders: this.#options.viewRiders })
          break
        case 'own':
          this.#hear(event.state.ackedSequence, nowMs)
          break
        case 'riders':
          this.records += event.records.length
          if (this.seenMs === 0 && event.records.length > 0) this.seenMs = nowMs
          for (const { kind } of event.records) if (kind === 'check') this.checks++
          this.#look(event.records, event.tick)
          this.#doubt()
          break
        case 'silent':
        case 'resumed':
        case 'closed':
      }
    }
    this.client.buffer.take() // Nobody draws them.
  }

  work(nowMs: number): void {
    if (nowMs >= this.#nextSampleMs && this.connectedMs > 0) {
      this.#nextSampleMs = Math.max(this.#nextSampleMs + this.#legs.everyMs, nowMs)
      const sample = this.#legs.sample(nowMs)
      this.#offeredMs[sample.sequence % OFFERS] = nowMs
      this.samples++
      if (this.#options.hasTurns && this.#legs.fraction < (TURNS_PER_S * this.#legs.everyMs) / 1000)
        this.#wish({ kind: 'turn', turn: 1 + Math.floor(3 * this.#legs.fraction) })
      this.client.offer(sample, nowMs)
    } else this.client.work(nowMs)
  }

  #doubt(): void {
    const doubted = this.remote?.takeDoubted() ?? []
    if (doubted.length === 0) return
    this.doubts += doubted.length
    this.client.doubt(doubted)
  }

  #wish(wish: RiderWish): void {
    const { kind, body } = encodeWish(wish)
    this.client.session.wish(kind, body)
  }

  #hear(acked: number | undefined, nowMs: number): void {
    if (acked === undefined || acked === this.#answered) return
    this.#answered = acked
    const offeredMs = this.#offeredMs[acked % OFFERS]!
    this.#offeredMs[acked % OFFERS] = Number.NaN
    if (!Number.isNaN(offeredMs)) this.#options.answeredMs.add(nowMs - offeredMs)
  }

  /** News in order; where a tick to compare at lies in the middle of it, what is believed there is noted first. */
  #look(records: readonly RiderRecord[], tick: number): void {
    const { remote } = this
    if (remote === undefined) return
    const checkTick = tick - (tick % CHECK_TICKS)
    let next = 0
    if (checkTick > this.#checkedTick) {
      this.#checkedTick = checkTick
      while (next < records.length && records[next]!.tick <= checkTick) remote.accept(records[next++]!)
      remote.carryKnownTo(checkTick)
      this.#options.onBelief(beliefOf(remote, checkTick), this)
    }
    while (next < records.length) remote.accept(records[next++]!)
    if (tick % CHECK_TICKS === CHECK_TICKS / 2) remote.carryKnownTo(tick)
  }
}

function beliefOf(remote: RemoteRiders, tick: number): Belief {
  const ids = new Uint32Array(remote.count)
  const hashes = new Uint32Array(remote.count)
  const tiers = new Uint8Array(remote.count)
  let at = 0
  for (let row = 0; row < remote.rows; row++) {
    if (remote.id[row] === 0) continue
    ids[at] = remote.id[row]!
    tiers[at] = remote.known[row]!.tier
    hashes[at++] = hashRiderState(remote.known[row]!)
  }
  return { tick, ids, tiers, hashes }
}
