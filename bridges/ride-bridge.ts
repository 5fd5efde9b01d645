import type { Sequence } from '#protocol/ids'
import type { InputSample } from '#protocol/input'
import { POWER_DECAY_MS, POWER_HOLD_MS } from '#protocol/limits'
import type { RiderWish, SourceName, TrainerMode } from '#protocol/rider-wish'
import type { OwnState } from '#protocol/session'
import type { BridgeClock } from './core/clock.ts'
import { ControlLoop } from './core/control-loop.ts'
import { type Reading, Sampler } from './core/sample.ts'
import type { GattCarrier, GattCarrierEvents, GattLink } from './core/gatt.ts'
import { GattRider } from './core/gatt-rider.ts'
import type { RiderMemory } from './rider-memory.ts'
import type { Answer, Grant, Newcomer, ServerDoor, Ticket } from './server-door.ts'
import type { UplinkGrant, UplinkState } from './uplink.ts'

/** The session to the server, as uplink.ts makes it; tests bring their own. */
export interface UplinkEnd {
  start(): void
  send(sample: InputSample): void
  wish(wish: RiderWish): void
  close(): Promise<void>
}
export interface UplinkEvents {
  requestGrant(): Promise<UplinkGrant>
  /** False: the grant there was is the only one. */
  mayAskAgain(): boolean
  nowMs(): number
  onState(state: UplinkState, sentence: string): void
  onOwn(own: OwnState): void
}

/** For carriers that bring readings by another way than GATT: the ANT+ stick. */
export interface CarrierEvents extends GattCarrierEvents {
  readonly loop: ControlLoop
  onReading(reading: Reading, atMs: number): void
}

export interface RideBridgeOptions {
  readonly clock: BridgeClock
  readonly door: Pick<ServerDoor, 'origin' | 'seat' | 'token' | 'pair'>
  readonly memory: RiderMemory
  readonly newcomer: Newcomer
  /** A pairing code of a rider who is there already. */
  readonly code?: string | undefined
  readonly difficulty: number
  /** One for each way devices are reached. */
  readonly makeCarriers: (events: CarrierEvents) => readonly GattCarrier[]
  readonly makeUplink: (events: UplinkEvents) => UplinkEnd
  /** Nothing more can come of it: another bridge took over, or a lent rider was given back. */
  readonly onOver: () => void
  /** What goes on, a sentence at a time. */
  readonly say: (sentence: string) => void
}

/** Long enough for two writes to be answered. */
const RELEASE_MS = 1500
const RELEASE_LOOK_MS = 50
/** Legs that say nothing for this long coast: as long as the server holds and fades their last watts. */
const SILENT_MS = POWER_HOLD_MS + POWER_DECAY_MS

/** Legs on one side, the server on the other: samples go up, the road's grade comes down. Both sides come back by themselves. */
export class RideBridge {
  readonly #options: RideBridgeOptions
  readonly #loop: ControlLoop
  readonly #sampler = new Sampler<Sequence>()
  readonly #riders = new Set<GattRider>()
  readonly #carriers: readonly GattCarrier[]
  readonly #uplink: UplinkEnd
  #sampleCount = 0
  #isCodeUsed = false
  /** Nobody needs to hear more of the server. */
  #isOver = false
  #lastSaid = ''
  #hasPaired = false
  #areCarriersStarted = false
  #lastPowerMs: number | undefined
  #cancelWatch: (() => void) | undefined

  constructor(options: RideBridgeOptions) {
    this.#options = options
    this.#loop = new ControlLoop({ difficulty: options.difficulty })
    this.#carriers = options.makeCarriers({
      loop: this.#loop,
      onReading: (reading, atMs) => this.offer(reading, atMs),
      onLink: (link) => void this.#attach(link),
      onState: (sentence) => this.#say(sentence),
    })
    this.#uplink = options.makeUplink({
      requestGrant: () => this.#requestGrant(),
      mayAskAgain: () => this.#options.code === undefined,
      nowMs: () => options.clock.nowMs(),
      onState: (state, sentence) => {
        if (!this.#isOver) this.#say(`server: ${sentence}`)
        if (state === 'connected') this.#startCarriers()
        if (state === 'closed') options.onOver()
      },
      onOwn: (own) => this.#loop.wish({ gradeFraction: own.gradeFraction, draftFactor: own.draftFactor }),
    })
  }

  get sampleCount(): number {
    return this.#sampleCount
  }
  get loop(): ControlLoop {
    return this.#loop
  }

  start(): void {
    this.#uplink.start()
    this.#watch()
  }

  /** Once, when the server is there to hear: the first watts of a trainer that begins with us shall count. */
  #startCarriers(): void {
    if (this.#areCarriersStarted) return
    this.#areCarriersStarted = true
    for (const carrier of this.#carriers) carrier.start()
  }

  offer(reading: Reading, atMs: number): void {
    if (reading.powerW !== undefined) {
      if (this.#lastPowerMs === undefined) this.#say(`legs: ${Math.round(reading.powerW)} W, riding`)
      this.#lastPowerMs = atMs
    }
    this.#sampler.offer(reading, atMs)
    for (let sample = this.#sampler.take(atMs); sample !== undefined; sample = this.#sampler.take(atMs)) {
      this.#sampleCount++
      this.#uplink.send(sample)
    }
  }

  /** What the rider wants of the road: a turn, a route. */
  wish(wish: RiderWish): void {
    this.#uplink.wish(wish)
  }

  /** What this end does with the trainer, and which device gives what; said when it is another than it was. */
  #tellGear(): void {
    const nowMs = this.#options.clock.nowMs()
    const of = (quantity: 'powerW' | 'cadenceRpm' | 'heartRateBpm'): SourceName =>
      this.#sampler.sourceOf(quantity, nowMs) ?? 'none'
    const { taken, state } = this.#loop
    const targetW = taken !== undefined && 'targetW' in taken ? taken.targetW : 0
    const driven: TrainerMode = taken !== undefined && 'targetW' in taken ? 'target' : 'road'
    const mode = state.state === 'in-control' ? driven : 'off'
    this.#uplink.wish({ kind: 'trainer', mode, targetW: mode === 'target' ? targetW : 0 })
    this.#uplink.wish({
      ...{ kind: 'sources', power: of('powerW'), cadence: of('cadenceRpm'), heartRate: of('heartRateBpm') },
    })
  }

  /** The trainer is set to the flat, the server is told goodbye. */
  async stop(): Promise<void> {
    const { clock } = this.#options
    this.#isOver = true
    this.#cancelWatch?.()
    const isLinked = this.#loop.state.state !== 'unlinked'
    this.#loop.release()
    const lastMs = clock.nowMs() + RELEASE_MS
    while (!this.#loop.isReleased && clock.nowMs() < lastMs) {
      await new Promise<void>((resolve) => clock.after(RELEASE_LOOK_MS, resolve))
    }
    const isFlat = this.#loop.isReleased
    for (const rider of this.#riders) rider.detach()
    await Promise.all([...this.#carriers.map((carrier) => carrier.close()), this.#uplink.close()])
    const trainer = isFlat ? 'the trainer is free again' : 'the trainer did not confirm the flat'
    this.#say(isLinked ? `${trainer}; goodbye` : 'goodbye')
  }

  async #attach(link: GattLink): Promise<void> {
    const rider = new GattRider({
      clock: this.#options.clock,
      loop: this.#loop,
      onReading: (reading, atMs) => this.offer(reading, atMs),
    })
    this.#riders.add(rider)
    link.onClosed = () => {
      rider.detach()
      this.#riders.delete(rider)
    }
    const brings = await rider.attach(link)
    this.#say(brings.length === 0 ? `${link.name}: nothing of a bicycle on it` : `${link.name}: ${brings.join(', ')}`)
  }

  async #requestGrant(): Promise<UplinkGrant> {
    const got = await this.#grant()
    const { door, memory, code, onOver } = this.#options
    if (!got.ok) {
      const isCodeUnknown = code !== undefined && got.isUnknown
      // Asking again changes neither: a person has to.
      if (isCodeUnknown || got.isForeign === true) {
        this.#say(isCodeUnknown ? `--code ${code}: ${got.sentence}` : got.sentence)
        this.#isOver = true
        onOver()
      }
      throw new Error(got.sentence)
    }
    const { rider } = got.value
    if (rider.secret !== undefined) {
      const complaint = await memory.remember(door.origin, rider.secret)
      if (complaint !== undefined) this.#say(complaint)
    }
    await this.#offerWatching(rider.name)
    return got.value
  }

  /** The rider of before, else the one whose code was given, else a new one. */
  async #grant(): Promise<Answer<Grant>> {
    const { door, memory, newcomer, code } = this.#options
    if (code !== undefined) {
      // A code lends a rider for one session. A new rider in its place would not be what was asked for.
      if (this.#isCodeUsed)
        return {
          ok: false,
          isUnknown: true,
          sentence: 'the pairing code served for one session; take a new one from the page.',
        }
      const got = await door.token({ code, use: 'ride' })
      this.#isCodeUsed = got.ok
      return got
    }
    const secret = await memory.recall(door.origin)
    if (secret !== undefined) {
      const got = await door.token({ secret })
      if (got.ok || !got.isUnknown) return got
      this.#say('the rider of last time has left the road; a new one starts')
      await memory.forget(door.origin)
    }
    const seat: Answer<Ticket> = await door.seat(newcomer)
    return seat.ok ? door.token(seat.value) : seat
  }

  /** Once: how to see oneself ride. */
  async #offerWatching(name: string): Promise<void> {
    const { door, memory, say, code: lent } = this.#options
    // Who lent a rider by a code has the page open already.
    if (this.#hasPaired || lent !== undefined) return
    const secret = await memory.recall(door.origin)
    if (secret === undefined) return
    const pairing = await door.pair(secret)
    if (!pairing.ok) return
    this.#hasPaired = true
    const { code, expiresInS } = pairing.value
    say(`you are ${name}; watch yourself at ${door.origin}/?code=${code}`)
    say(`(or type the code ${code} on the page; it serves once, within ${Math.round(expiresInS / 60)} minutes)`)
  }

  #watch(): void {
    this.#cancelWatch = this.#options.clock.after(1000, () => {
      this.#tellGear()
      if (this.#lastPowerMs !== undefined && this.#options.clock.nowMs() - this.#lastPowerMs > SILENT_MS) {
        this.#lastPowerMs = undefined
        this.#say(`legs: nothing heard for ${SILENT_MS / 1000} s, coasting`)
      }
      this.#watch()
    })
  }

  #say(sentence: string): void {
    if (sentence === this.#lastSaid) return
    this.#lastSaid = sentence
    this.#options.say(sentence)
  }
}
