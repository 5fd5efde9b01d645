import { HeadlessClient } from '#client/net/headless'
import { RideModel } from '#client/world/ride-model'
import type { RiderId, Sequence } from '#protocol/ids'
import type { InputSample } from '#protocol/input'
import type { BakedCourse } from '#maps/course'
import type { Random } from '#physics/random'
import { gapBetweenM } from '#physics/ways'
import { BIKE_AND_KIT_KG } from '#physics/rider-shape'
import { createSealer } from '#server/net/aead'
import type { Peer } from '#server/net/sessions'
import type { Ride } from '#server/room/ride'
import type { RiderFacts } from '#server/room/ride-options'
import type { BadNetwork } from './bad-network.ts'
import type { VirtualClock } from './virtual-clock.ts'

export interface ScriptedRiderOptions {
  readonly clock: VirtualClock
  readonly random: Random
  readonly ride: Ride
  readonly course: BakedCourse
  readonly rider: RiderFacts & { readonly secret: string }
  readonly cdaM2: number
  readonly up: BadNetwork
  readonly down: BadNetwork
  readonly randomBytes: (count: number) => Uint8Array
}

/** Between two looks at the clock: sending, drawing. */
const WORK_MS = 25
/** The picture needs this long to settle after joining; before it no error is measured. */
const SETTLE_MS = 5000

/**
 * The real client without a picture: a session over sealed datagrams, what it draws of itself and the others, and legs
 * by script on a clock of their own. Its bridge can be killed and started again.
 */
export class ScriptedRider {
  readonly riderId: RiderId
  samplesSent = 0
  reconnections = 0
  /** Largest distance between what was drawn and what the server had in that moment, m. */
  remoteErrorM = 0
  ownErrorM = 0
  recordsSeen = 0
  readonly complaints: string[] = []
  readonly #options: ScriptedRiderOptions
  readonly #ppm: number
  #client: HeadlessClient | undefined
  #model: RideModel | undefined
  #sequence = 0
  #clockOffsetMs = 0
  #connectedMs = Infinity
  #powerW = 150
  #peers = 0

  constructor(options: ScriptedRiderOptions) {
    this.#options = options
    this.riderId = options.rider.riderId
    this.#ppm = 100 * (options.random.fraction() - 0.5)
  }

  start(): void {
    this.#connect()
    this.#work()
    this.#pedal()
  }

  /** The bridge dies without a word and comes back: same secret, same rider, another clock and another address. */
  restart(): void {
    this.reconnections++
    this.#connect()
  }

  /** The sender's steady clock: its own zero, its own speed, u32. */
  #stampMs(): number {
    return Math.floor(this.#clockOffsetMs + this.#options.clock.nowMs() * (1 + this.#ppm * 1e-6)) >>> 0
  }

  #connect(): void {
    const { clock, random, ride, course, rider, up, down, randomBytes } = this.#options
    const known = ride.riderOfSecret(rider.secret)
    if (known !== this.riderId) throw new Error('the secret of a scripted rider is not known')
    const { token, keys } = ride.issueToken(known, 'ride')
    this.#clockOffsetMs = Math.floor(random.fraction() * 2 ** 32)
    this.#sequence = Math.floor(random.fraction() * 65_536)
    const address = `memory:${this.riderId}:${this.#peers++}`
    const client = new HeadlessClient({
      token,
      sealer: createSealer({ sealKey: keys.up, openKey: keys.down }),
      path: 'udp',
      randomBytes,
      nowMs: clock.nowMs(),
      send: (datagram) => up.send(datagram, (arrived) => ride.sessions.receive(peer, arrived)),
    })
    const peer: Peer = {
      key: address,
      carrier: 'memory',
      path: 'udp',
      send: (datagram) => down.send(datagram, (arrived) => this.#receive(client, arrived)),
      close() {},
    }
    this.#client = client
    this.#model = new RideModel({
      course,
      network: ride.world.network,
      body: { riderId: this.riderId, massKg: rider.bodyKg + BIKE_AND_KIT_KG, cdaM2: this.#options.cdaM2 },
    })
    this.#connectedMs = Infinity
  }

  #receive(client: HeadlessClient, datagram: Uint8Array): void {
    if (client !== this.#client) return
    const nowMs = this.#options.clock.nowMs()
    for (const event of client.receive(datagram, nowMs)) {
      if (event.kind === 'connected') this.#connectedMs = nowMs
      if (event.kind === 'own') this.#model!.acceptOwn(event.state)
      if (event.kind !== 'riders') continue
      this.#model!.heard(event.tick)
      for (const record of event.records) {
        this.recordsSeen++
        this.onRecord?.(record.riderId, record.tick, record.kind === 'leave')
        this.#model!.accept(record)
      }
      const doubted = this.#model!.takeDoubted()
      if (doubted.length > 0) client.doubt(doubted)
    }
  }

  /** Set by the simulation: every record, to be held against who was there. */
  onRecord: ((riderId: RiderId, tick: number, isLeave: boolean) => void) | undefined

  #work(): void {
    const { clock } = this.#options
    const nowMs = clock.nowMs()
    const client = this.#client!
    client.work(nowMs)
    if (client.closed !== undefined) {
      this.complaints.push(`rider ${this.riderId}: the session ended at ${Math.round(nowMs)} ms (${client.closed})`)
      this.restart()
    }
    if (nowMs - this.#connectedMs > 0) this.#draw(nowMs)
    clock.after(WORK_MS, () => this.#work())
  }

  /** One frame, compared with the world as it is in this very moment. */
  #draw(nowMs: number): void {
    const { ride } = this.#options
    const model = this.#model!
    model.frame(this.#client!.session.tickAt(nowMs), WORK_MS / 1000)
    if (nowMs - this.#connectedMs < SETTLE_MS || model.silentTicks > 10) return
    const { world } = ride
    const { scene } = model
    const sinceS = (nowMs - world.tick * 50) / 1000
    for (let at = 0; at < scene.count; at++) {
      const row = world.rowOf(scene.id[at]! as RiderId)
      if (row === undefined) continue
      const { distanceM, offsetM, speedMps } = world.riders
      const truePlaceM = distanceM[row]! + offsetM[row]!
      const drawnM = this.#roadM(truePlaceM, scene.placeM[at]!)
      const errorM = Math.abs(drawnM - speedMps[row]! * sinceS)
      if (scene.id[at] === this.riderId) this.ownErrorM = Math.max(this.ownErrorM, errorM)
      else this.remoteErrorM = Math.max(this.remoteErrorM, errorM)
    }
  }

  /** Along the road, over the end of a way too; who is drawn on a way beside, as the crow flies. */
  #roadM(fromM: number, toM: number): number {
    const { course } = this.#options
    const gapM = gapBetweenM(course, fromM, toM)
    if (!Number.isNaN(gapM)) return gapM
    const eastM = course.xAt(toM) - course.xAt(fromM)
    const northM = course.yAt(toM) - course.yAt(fromM)
    return Math.sqrt(eastM * eastM + northM * northM)
  }

  /** On a network: where to, now and then. */
  #wander(): void {
    const { random, ride } = this.#options
    if (ride.world.network.ways.length === 1 || random.fraction() >= 0.02) return
    const turn = 1 + Math.floor(4 * random.fraction())
    if (ride.wish(this.riderId, turn) === undefined) this.#model!.wish(turn)
  }

  /** Legs: a walk of the dice with surges, stops and a hand on the bars, two to four samples a second. */
  #pedal(): void {
    const { random, clock } = this.#options
    const dice = random.fraction()
    if (dice < 0.03) this.#powerW = 0
    else if (dice < 0.06) this.#powerW = 400 + 300 * random.fraction()
    else if (this.#powerW === 0 || this.#powerW > 350) this.#powerW = 140 + 100 * random.fraction()
    else this.#powerW = Math.min(320, Math.max(80, this.#powerW + 20 * (random.fraction() - 0.5)))
    const sample: InputSample = {
      sequence: (this.#sequence++ & 0xffff) as Sequence,
      atMs: this.#stampMs(),
      powerW: Math.round(this.#powerW),
      cadenceHalfRpm: this.#powerW === 0 ? 0 : Math.round(160 + 40 * random.fraction()),
      heartRateBpm: Math.round(120 + 40 * random.fraction()),
      steer: random.fraction() < 0.05 ? Math.round(200 * (random.fraction() - 0.5)) : 0,
    }
    const client = this.#client!
    client.offer(sample, clock.nowMs())
    this.#model!.offer(sample, client.session.tickAt(clock.nowMs()))
    this.samplesSent++
    this.#wander()
    clock.after(250 + 250 * random.fraction(), () => this.#pedal())
  }
}
