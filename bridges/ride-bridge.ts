import type { Sequence } from '#protocol/ids'
import type { InputSample } from '#protocol/input'
import { POWER_DECAY_MS, POWER_HOLD_MS } from '#protocol/limits'
import type { RiderWish, SourceName, TrainerMode } from '#protocol/rider-wish'
import type { OwnState } from '#protocol/session'
import type { BridgeClock } from './core/clock.ts'
import type { BridgeDesk, BridgeState } from './bridge-state.ts'
import type { DeviceLink, LegsCommand } from './core/devices.ts'
import { DualRecording, dualSentence } from './core/dual.ts'
import type { GattCarrier, GattCarrierEvents, GattLink } from './core/gatt.ts'
import { gattDevice } from './core/gatt-rider.ts'
import type { Recorder } from './core/recording/recorder.ts'
import { Legs, LEGS_TICK_MS } from './core/legs.ts'
import type { RoadSample } from './core/road-ahead.ts'
import type { Reading, SourceChange } from './core/sample.ts'
import { sourceSentence } from './core/source-words.ts'
import { plainText } from './core/text.ts'
import type { KnownDevice, RiderMemory } from './rider-memory.ts'
import { RiderSeat } from './rider-seat.ts'
import { RouteDesk } from './route-desk.ts'
import type { Newcomer, ServerDoor } from './server-door.ts'
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
  /** What its carrier must know to find a device again on another day. */
  onKnown(device: KnownParts): void
  /** For carriers with bytes that are no GATT link's: keeps them. */
  readonly recorder?: Recorder | undefined
}

export type KnownParts = Pick<KnownDevice, 'id' | 'peripheralId' | 'services' | 'host' | 'port'>

export interface BridgeCarrier extends GattCarrier {
  /** Lets a device go, and does not look for it any more. */
  forget?(id: string): void
}

export interface RideBridgeOptions {
  readonly clock: BridgeClock
  readonly door: Pick<ServerDoor, 'origin' | 'seat' | 'token' | 'pair' | 'routes' | 'press'>
  readonly memory: RiderMemory
  readonly newcomer: Newcomer
  /** A pairing code of a rider who is there already. */
  readonly code?: string | undefined
  /** Where the rider's page is, when not at the server. */
  readonly watchOrigin?: string | undefined
  /** To ride along from the beginning; where there is none of that name nothing begins. */
  readonly routeId?: string | undefined
  readonly difficulty: number
  /** Devices of a recording: there is no trainer to let go. */
  readonly isPlayed?: boolean | undefined
  /** One for each way devices are reached. */
  readonly makeCarriers: (events: CarrierEvents) => readonly BridgeCarrier[]
  readonly makeUplink: (events: UplinkEvents) => UplinkEnd
  /** The trainer that is held now: whoever lets it go when this process cannot must know it. */
  readonly onTrainer?: (trainer: DeviceLink | undefined) => void
  /** The road from where the rider is, where somebody knows it: the trainer follows it when the server is gone. */
  readonly roadAhead?: ((own: OwnState, mapId: string) => readonly RoadSample[] | undefined) | undefined
  /** Nothing more can come of it: another bridge took over, or a lent rider was given back. */
  readonly onOver: () => void
  /** What goes on, a sentence at a time. */
  readonly say: (sentence: string) => void
}

const LEVELS: Readonly<Record<UplinkState, BridgeState['server']['level']>> = {
  ...{ connecting: 'working', connected: 'good', silent: 'working', reconnecting: 'working', closed: 'bad' },
}
/** Long enough for two writes to be answered. */
const RELEASE_MS = 1500
const RELEASE_LOOK_MS = 50
/** Legs that say nothing for this long coast: as long as the server holds and fades their last watts. */
const SILENT_MS = POWER_HOLD_MS + POWER_DECAY_MS

/** A server that neither answers nor refuses is waited for so long. */
const CARRIERS_LATEST_MS = 3000
const SAID_MAX = 6
const AGAIN = / Trying again in [\d.]+ s\.$/
/** The road ahead is written down so often; between two the wheel goes on by its own speed. */
const AHEAD_MS = 2000

/** Legs on one side, the server on the other: samples go up, the road's grade comes down. Both sides come back by themselves. */
export class RideBridge implements BridgeDesk {
  readonly #options: RideBridgeOptions
  readonly #legs: Legs<Sequence>
  readonly #carriers: readonly BridgeCarrier[]
  readonly #uplink: UplinkEnd
  readonly #seat: RiderSeat
  readonly #routes: RouteDesk
  /** The last link of each device, by its id. */
  readonly #newest = new Map<string, GattLink>()
  readonly #known = new Map<string, KnownParts>()
  #server: BridgeState['server'] = { level: 'working', words: 'asking' }
  readonly #said: string[] = []
  /** A trainer and a power meter, if both are there: compared at the end. */
  readonly #dual = new DualRecording()
  #routeId: string | undefined
  #remembering: Promise<void> = Promise.resolve()
  #aheadMs = -Infinity
  /** Nobody needs to hear more of the server. */
  #isOver = false
  #lastSaid = ''
  #serverSaid = ''
  #areCarriersStarted = false
  #lastPowerMs: number | undefined
  #cancelWatch: (() => void) | undefined
  #cancelTick: (() => void) | undefined
  #cancelStart: (() => void) | undefined

  constructor(options: RideBridgeOptions) {
    this.#options = options
    this.#routeId = options.routeId
    const say = (sentence: string): void => this.#say(sentence)
    this.#seat = new RiderSeat({ ...options, say })
    this.#routes = new RouteDesk({
      ...{ door: options.door, nowMs: () => options.clock.nowMs(), say },
      wish: (routeId) => this.#uplink.wish({ kind: 'route', routeId }),
    })
    this.#legs = new Legs({
      difficulty: options.difficulty,
      onReading: (reading, atMs) => this.#read(reading, atMs),
      onWords: (sentence) => this.#say(sentence),
      onButton: ({ name, isDown, value }, device) => {
        const who = this.#seat.pressing
        if (who !== undefined) void options.door.press(who, { device: device.slice(0, 200), name, isDown, value })
      },
      onSource: (change) => this.#sourceChanged(change),
      onTrainer: (trainer) => options.onTrainer?.(trainer),
    })
    this.#carriers = options.makeCarriers({
      onDevice: (device) => this.#add(device),
      onKnown: (parts) => void this.#known.set(parts.id, parts),
      onLink: (link) => void this.#attach(link),
      onState: (sentence) => this.#say(sentence),
    })
    this.#uplink = options.makeUplink({
      requestGrant: () => this.#requestGrant(),
      mayAskAgain: () => this.#options.code === undefined,
      nowMs: () => options.clock.nowMs(),
      onState: (state, sentence) => {
        // Each try is a second later than the one before: that is no news.
        const news = sentence.replace(AGAIN, '')
        if (!this.#isOver && news !== this.#serverSaid) this.#say(`server: ${sentence}`)
        this.#serverSaid = news
        this.#server = { level: LEVELS[state], words: sentence }
        // Nobody to wait for: a server that is not there keeps nobody from their trainer.
        if (state === 'connected' || state === 'reconnecting') this.#startCarriers()
        if (state === 'closed') options.onOver()
      },
      onOwn: (own) => {
        this.#routes.own(own)
        this.#ride(own)
      },
    })
  }

  /** Everything between the devices and the server. */
  get legs(): Legs<Sequence> {
    return this.#legs
  }

  start(): void {
    this.#uplink.start()
    this.#cancelStart = this.#options.clock.after(CARRIERS_LATEST_MS, () => this.#startCarriers())
    this.#watch()
    this.#tick()
  }

  /** All that a person sees of it. */
  state(): BridgeState {
    const legs = this.#legs.state(this.#options.clock.nowMs())
    return { legs, riderName: this.#seat.riderName, server: this.#server, said: this.#said }
  }

  /** What a rider asks of their legs; a sentence, if it cannot be done. */
  command(command: LegsCommand): string | undefined {
    const complaint = this.#legs.ask(command, this.#options.clock.nowMs())
    if (command.ask !== 'forget') return complaint
    // Known of another day and not here now: then it is no complaint.
    for (const carrier of this.#carriers) carrier.forget?.(command.deviceId)
    this.#remembering = this.#remembering.then(() => this.#options.memory.forgetDevice(command.deviceId))
    return undefined
  }

  /** An address that shows this rider's ride, good once. */
  watchUrl(): Promise<string | undefined> {
    return this.#seat.watchUrl()
  }

  /** From here on along a route of the map, or ('') along none; a sentence, if there is none of that name. */
  chooseRoute(routeId: string): Promise<string | undefined> {
    return this.#routes.choose(routeId, this.#seat.mapId)
  }

  /** Once, when the server is there to hear: the first watts of a trainer that begins with us shall count. */
  #startCarriers(): void {
    if (this.#areCarriersStarted) return
    this.#areCarriersStarted = true
    for (const carrier of this.#carriers) carrier.start()
  }

  #ride(own: OwnState): void {
    const nowMs = this.#options.clock.nowMs()
    const { gradeFraction, draftFactor, speedMps } = own
    this.#legs.road({ gradeFraction, draftFactor, speedMps }, nowMs)
    const { mapId } = this.#seat
    if (mapId === undefined || nowMs - this.#aheadMs < AHEAD_MS) return
    const samples = this.#options.roadAhead?.(own, mapId)
    if (samples === undefined) return
    this.#aheadMs = nowMs
    this.#legs.roadAhead(samples)
  }

  #read(reading: Reading, atMs: number): void {
    this.#dual.offer(reading, atMs)
    if (reading.powerW !== undefined) {
      if (this.#lastPowerMs === undefined) this.#say(`legs: ${Math.round(reading.powerW)} W, riding`)
      this.#lastPowerMs = atMs
    }
    for (let sample = this.#legs.take(atMs); sample !== undefined; sample = this.#legs.take(atMs))
      this.#uplink.send(sample)
  }

  /** The server is told at once; the rider, where one device took the place of another. */
  #sourceChanged(change: SourceChange): void {
    this.#tellGear()
    if (change.fromId === undefined || change.toId === undefined) return
    const { devices } = this.#legs.state(this.#options.clock.nowMs())
    this.#say(sourceSentence(change, (id) => devices.find((device) => device.id === id)?.name ?? id))
  }

  /** What the rider wants at the next junction. */
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
    this.#cancelStart?.()
    const isLinked = this.#options.isPlayed !== true && this.#legs.loop.state.state !== 'unlinked'
    this.#legs.release(clock.nowMs())
    const lastMs = clock.nowMs() + (isLinked ? RELEASE_MS : 0)
    while (!this.#legs.isReleased && clock.nowMs() < lastMs) {
      await new Promise<void>((resolve) => clock.after(RELEASE_LOOK_MS, resolve))
    }
    const isFlat = this.#legs.isReleased
    // Only then: a trainer that did not confirm is reached for by who is behind us.
    if (isFlat) this.#options.onTrainer?.(undefined)
    this.#cancelTick?.()
    await Promise.all([...this.#carriers.map((carrier) => carrier.close()), this.#uplink.close()])
    await this.#remembering
    const dual = this.#dual.estimate()
    if (dual !== undefined) this.#say(dualSentence(dual))
    const trainer = isFlat ? 'the trainer is free again' : 'the trainer did not confirm the flat'
    this.#say(isLinked ? `${trainer}; goodbye` : 'goodbye')
  }

  async #attach(link: GattLink): Promise<void> {
    this.#newest.set(link.id, link)
    const device = await gattDevice(link, this.#options.clock)
    // Goodbye was said while it told what it has, or the same device was lost and is back by a newer link.
    if (this.#isOver || this.#newest.get(link.id) !== link) device.close()
    else this.#add(device)
  }

  #add(device: DeviceLink): void {
    const brings = device.brings ?? []
    this.#say(
      brings.length === 0 ? `${device.name}: nothing of a bicycle on it` : `${device.name}: ${brings.join(', ')}`,
    )
    this.#legs.add(device, this.#options.clock.nowMs())
    if (brings.length > 0) this.#remembering = this.#remembering.then(() => this.#remember(device))
  }

  async #remember({ id, name, carrier, source, trainer }: DeviceLink): Promise<void> {
    const { memory } = this.#options
    const before = (await memory.devices()).find((device) => device.id === id)
    const isTrainer = trainer !== undefined
    const device: KnownDevice = { ...before, ...this.#known.get(id), id, name, carrier, source, isTrainer }
    if (JSON.stringify(device) !== JSON.stringify(before)) await memory.rememberDevice(device)
  }

  #tick(): void {
    const { clock } = this.#options
    this.#legs.tick(clock.nowMs())
    this.#cancelTick = clock.after(LEGS_TICK_MS, () => this.#tick())
  }

  async #requestGrant(): Promise<UplinkGrant> {
    const seated = await this.#seat.take()
    if (!seated.ok) {
      if (seated.isFinal) this.#end(seated.sentence)
      throw new Error(seated.sentence)
    }
    const routeId = this.#routeId
    this.#routeId = undefined // A new session of the same rider is on its way already.
    const complaint = routeId === undefined ? undefined : await this.#routes.choose(routeId, seated.grant.mapId)
    if (complaint !== undefined) {
      this.#end(complaint)
      throw new Error(complaint)
    }
    return seated.grant
  }

  /** Nothing more can come of it. */
  #end(sentence: string): void {
    this.#say(sentence)
    this.#isOver = true
    this.#options.onOver()
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

  #say(words: string): void {
    const sentence = plainText(words)
    if (sentence === this.#lastSaid) return
    this.#lastSaid = sentence
    this.#said.push(sentence)
    if (this.#said.length > SAID_MAX) this.#said.shift()
    this.#options.say(sentence)
  }
}
