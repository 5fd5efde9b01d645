import type { Sequence } from '#protocol/ids'
import type { InputSample } from '#protocol/input'
import { POWER_DECAY_MS, POWER_HOLD_MS } from '#protocol/limits'
import type { RiderWish, SourceName, TrainerMode } from '#protocol/rider-wish'
import type { OwnState } from '#protocol/session'
import type { BridgeClock } from './core/clock.ts'
import type { ControlLoop } from './core/control-loop.ts'
import type { DeviceLink } from './core/devices.ts'
import type { GattCarrier, GattCarrierEvents, GattLink } from './core/gatt.ts'
import { gattDevice } from './core/gatt-rider.ts'
import { Legs, LEGS_TICK_MS } from './core/legs.ts'
import type { Reading } from './core/sample.ts'
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

/** For carriers that bring devices by another way than GATT: the ANT+ stick. */
export interface CarrierEvents extends GattCarrierEvents {
  /** A device's link is up. */
  onDevice(device: DeviceLink): void
  /** For carriers that make no DeviceLink. */
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
  readonly #legs: Legs<Sequence>
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
  #cancelTick: (() => void) | undefined

  constructor(options: RideBridgeOptions) {
    this.#options = options
    this.#legs = new Legs({
      difficulty: options.difficulty,
      onReading: (reading, atMs) => this.#read(reading, atMs),
      onWords: (sentence) => this.#say(sentence),
    })
    this.#carriers = options.makeCarriers({
      loop: this.#legs.loop,
      onReading: (reading, atMs) => this.offer(reading, atMs),
      onDevice: (device) => this.#add(device),
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
      onOwn: (own) =>
        this.#legs.road({ gradeFraction: own.gradeFraction, draftFactor: own.draftFactor }, options.clock.nowMs()),
    })
  }

  get sampleCount(): number {
    return this.#sampleCount
  }
  get loop(): ControlLoop {
    return this.#legs.loop
  }
  /** Everything between the devices and the server. */
  get legs(): Legs<Sequence> {
    return this.#legs
  }

  start(): void {
    this.#uplink.start()
    this.#watch()
    this.#tick()
  }

  /** Once, when the server is there to hear: the first watts of a trainer that begins with us shall count. */
  #startCarriers(): void {
    if (this.#areCarriersStarted) return
    this.#areCarriersStarted = true
    for (const carrier of this.#carriers) carrier.start()
  }

  /** What no device of the legs said. */
  offer(reading: Reading, atMs: number): void {
    this.#legs.offer(reading, atMs)
  }

  #read(reading: Reading, atMs: number): void {
    if (reading.powerW !== undefined) {
      if (this.#lastPowerMs === undefined) this.#say(`legs: ${Math.round(reading.powerW)} W, riding`)
      this.#lastPowerMs = atMs
    }
    for (let sample = this.#legs.take(atMs); sample !== undefined; sample = this.#legs.take(atMs)) {
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
      this.#legs.sourceOf(quantity, nowMs) ?? 'none'
    const { taken, state } = this.#legs.loop
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
    const isLinked = this.#legs.loop.state.state !== 'unlinked'
    this.#legs.release(clock.nowMs())
    const lastMs = clock.nowMs() + RELEASE_MS
    while (!this.#legs.isReleased && clock.nowMs() < lastMs) {
      await new Promise<void>((resolve) => clock.after(RELEASE_LOOK_MS, resolve))
    }
    const isFlat = this.#legs.isReleased
    this.#cancelTick?.()
    await Promise.all([...this.#carriers.map((carrier) => carrier.close()), this.#uplink.close()])
    const trainer = isFlat ? 'the trainer is free again' : 'the trainer did not confirm the flat'
    this.#say(isLinked ? `${trainer}; goodbye` : 'goodbye')
  }

  async #attach(link: GattLink): Promise<void> {
    this.#add(await gattDevice(link, this.#options.clock))
  }

  #add(device: DeviceLink): void {
    const brings = device.brings ?? []
    this.#say(
      brings.length === 0 ? `${device.name}: nothing of a bicycle on it` : `${device.name}: ${brings.join(', ')}`,
    )
    this.#legs.add(device, this.#options.clock.nowMs())
  }

  #tick(): void {
    const { clock } = this.#options
    this.#legs.tick(clock.nowMs())
    this.#cancelTick = clock.after(LEGS_TICK_MS, () => this.#tick())
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
