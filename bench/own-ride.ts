import { HeadlessClient } from '#client/net/headless'
import { Predictor } from '#client/world/predict'
import type { LoadedWorld } from '#maps/load'
import { createRandom, type Random } from '#physics/random'
import type { Middle } from '#physics/together'
import type { RiderId, Row, Sequence } from '#protocol/ids'
import type { InputSample } from '#protocol/input'
import { TICK_HZ, TICK_MS } from '#protocol/limits'
import { NET_BITS } from '#protocol/net-stats'
import { encodeWish } from '#protocol/rider-wish'
import type { OwnState } from '#protocol/session'
import { Sessions } from '#server/net/sessions'
import { World } from '#server/world/world'

/**
 * Riders in a bunch on a real map, each with a client of its own behind a bad line: what their own picture of themselves
 * has to be corrected by. Virtual time, one seed; the same code that rides in a browser and on the server.
 */
export interface OwnRideOptions {
  readonly map: LoadedWorld
  readonly routeId: string
  readonly seed: number
  readonly seconds: number
  /** Riders in the bunch, and how many of them are measured. */
  readonly riders: number
  readonly measured: number
  /** There and back, ms. */
  readonly rttMs: number
  /** Up to so much more each way, ms. */
  readonly jitterMs: number
  readonly loss: number
  readonly hasSteering?: boolean
  readonly hasTurns?: boolean
  /** All are kept together; and pages are told of the middle once a second. */
  readonly isTogether?: boolean
  readonly isMiddleTold?: boolean
}

/** What can make the server decide otherwise than the client assumed; the first that fits. */
export const CAUSES = ['turn', 'brake', 'contact', 'line', 'steer', 'draft', 'sample', 'none'] as const
export type Cause = (typeof CAUSES)[number]

export interface Corrected {
  readonly cause: Cause
  readonly alongM: number
  readonly lateralM: number
}

export interface OwnRidden {
  readonly corrections: Corrected[]
  /** Drawn against the server's state at the same instant, m. */
  readonly alongM: number[]
  readonly lateralM: number[]
  /** Frames in which somebody moved more than 10 cm otherwise than their speed. */
  pops: number
  snaps: number
  frames: number
  /** Of own blocks on the wire. */
  ownBits: number
  /** The client's idea of the server's time, error, ms. */
  readonly clockMs: number[]
}

const FRAME_MS = 1000 / 60
const SETTLE_MS = 8000
const POP_M = 0.1
/** A message of the room waits for the next patch and for lost pieces of its stream. */
const MIDDLE_LATE_MS = 150

export function ownRide(options: OwnRideOptions): OwnRidden {
  const room = new Room(options)
  const endMs = options.seconds * 1000
  for (let ms = 0; ms < endMs; ms++) room.millisecond(ms)
  room.close()
  return room.ridden
}

class Room {
  readonly ridden: OwnRidden = {
    ...{ corrections: [], alongM: [], lateralM: [], pops: 0, snaps: 0, frames: 0, ownBits: 0 },
    clockMs: [],
  }
  readonly world: World
  readonly sessions: Sessions
  readonly random: Random
  readonly options: OwnRideOptions
  readonly #clients: Client[] = []
  readonly #legs: Legs[] = []
  readonly #middles: { readonly atMs: number; readonly middle: Middle }[] = []
  nowMs = 0

  constructor(options: OwnRideOptions) {
    this.options = options
    this.random = createRandom(options.seed)
    const { course, network } = options.map
    this.world = new World({ course, network, riderCapacity: options.riders })
    if (options.isTogether === true) this.world.decide({ kind: 'together', routeId: options.routeId })
    const bytes = createRandom(options.seed ^ 0x5eed)
    this.sessions = new Sessions({
      clock: { nowMs: () => this.nowMs, wallMs: () => 1e12 + this.nowMs, after: () => () => {} },
      randomBytes: (count) => Uint8Array.from({ length: count }, () => bytes.u32() & 0xff),
      tokenKey: new Uint8Array(32).fill(7),
      roomId: 'own-ride',
      host: this.world,
    })
    for (let i = 0; i < options.riders; i++) {
      const row = this.world.join({
        riderId: (i + 1) as RiderId,
        ...{ massKg: 68 + ((i * 7) % 25), cdaM2: 0.28 + (i % 9) * 0.01 },
        ...{ distanceM: 260 - 2.2 * i, routeId: options.routeId, lateralM: ((i % 3) - 1) * 1.2 },
        ...{ isBot: false, held: false },
      })
      const every = Math.max(1, Math.floor(options.riders / options.measured))
      const legs = new Legs(this, row)
      if (i % every === 0 && this.#clients.length < options.measured) this.#clients.push(new Client(this, row, legs))
      else this.#legs.push(legs)
    }
  }

  millisecond(ms: number): void {
    this.nowMs = ms
    for (const client of this.#clients) client.network(ms)
    if (ms % TICK_MS === 0 && ms > 0) {
      for (const legs of this.#legs) {
        const sample = legs.sample(ms)
        if (sample !== undefined) this.world.post(legs.row, sample)
      }
      this.world.step()
      this.sessions.afterTick()
      if (this.options.isMiddleTold === true) this.#tellMiddle(ms)
      for (const client of this.#clients) client.tick(ms)
    }
    for (const client of this.#clients) client.work(ms)
  }

  /** Over the slow plane: all of it arrives, late. */
  #tellMiddle(ms: number): void {
    const { middle, tick } = this.world
    if (tick % TICK_HZ === 0 && middle.route !== 0)
      this.#middles.push({ atMs: ms + MIDDLE_LATE_MS + this.options.rttMs / 2, middle: { ...middle } })
    while (this.#middles[0] !== undefined && this.#middles[0].atMs <= ms) {
      const { middle: told } = this.#middles.shift()!
      for (const client of this.#clients) client.keepTogether(told)
    }
  }

  close(): void {
    for (const client of this.#clients) this.ridden.ownBits += client.ownBits
  }

  /** Road behind the bunch's middle. */
  get middleM(): number {
    const { riders } = this.world
    let sum = 0
    for (let row = 0; row < riders.count; row++) sum += riders.distanceM[row]!
    return sum / riders.count
  }
}

/** Legs that want to stay with the others, and now and then do not. */
class Legs {
  readonly row: Row
  readonly room: Room
  steer = 0
  #sequence = 0
  #nextMs: number
  #surgeW = 0
  #surgeUntilMs = 0

  constructor(room: Room, row: Row) {
    this.room = room
    this.row = row
    this.#nextMs = 100 + room.random.fraction() * 250
  }

  sample(ms: number, isAtOnce = false): InputSample | undefined {
    if (ms < this.#nextMs && !isAtOnce) return undefined
    if (ms >= this.#nextMs) this.#nextMs += 250
    const { random, world, middleM } = this.room
    if (ms > this.#surgeUntilMs && random.fraction() < 0.02) {
      this.#surgeW = random.fraction() < 0.3 ? -150 : random.fraction() * 350
      this.#surgeUntilMs = ms + 1500 + random.fraction() * 4000
    }
    const surgeW = ms < this.#surgeUntilMs ? this.#surgeW : 0
    const behindM = middleM - world.riders.distanceM[this.row]!
    const swellW = 40 * Math.sin(ms / 9000)
    // Who is kept together need not keep up: legs from 60 to 140 %.
    const { isTogether = false, riders } = this.room.options
    const towardsW = isTogether ? 210 * 0.8 * (this.row / (riders - 1) - 0.5) : 4 * behindM
    const powerW = 210 + swellW + towardsW + surgeW + (random.fraction() - 0.5) * 24
    return {
      sequence: (this.#sequence++ & 0xffff) as Sequence,
      atMs: ms,
      powerW: Math.round(Math.min(900, Math.max(0, powerW))),
      ...{ cadenceHalfRpm: 176 + (random.u32() % 9), heartRateBpm: 140, steer: this.steer },
    }
  }
}

interface Letter {
  readonly atMs: number
  readonly bytes: Uint8Array
}

class Client {
  readonly #room: Room
  readonly #row: Row
  readonly #legs: Legs
  readonly #client: HeadlessClient
  readonly #predictor: Predictor
  #side: -1 | 0 | 1 = 0
  #bars = 0
  readonly #up: Letter[] = []
  readonly #down: Letter[] = []
  readonly #peer
  /** The page's clock has nothing to do with the server's. */
  readonly #apartMs: number
  #nextFrameMs: number
  #nextKeyMs = 6000
  #nextTurnMs = 15_000
  #own: OwnState | undefined
  #sentSteer = 0
  #steeredMs = -Infinity
  #turnedMs = -Infinity
  #shown: { x: number; y: number; distanceM: number; lateralM: number } | undefined

  constructor(room: Room, row: Row, legs: Legs) {
    this.#room = room
    this.#row = row
    this.#legs = legs
    const { random, world, options } = room
    this.#apartMs = 5000 + Math.round(random.fraction() * 1e6)
    this.#nextFrameMs = random.fraction() * FRAME_MS
    const { riders } = world
    const riderId = riders.id[row]! as RiderId
    const body = { riderId, massKg: riders.massKg[row]!, cdaM2: riders.cdaM2[row]! }
    this.#predictor = new Predictor(options.map.course, body, { network: options.map.network })
    const { token } = room.sessions.issueToken({ riderId, use: 'ride' })
    this.#peer = {
      ...{ key: `memory/${row}`, carrier: 'memory' as const, path: 'channel' as const, close() {} },
      send: (bytes: Uint8Array) => this.#post(this.#down, bytes),
    }
    this.#client = new HeadlessClient({
      ...{ token, path: 'channel', nowMs: this.#apartMs },
      randomBytes: (count) => Uint8Array.from({ length: count }, () => random.u32() & 0xff),
      send: (bytes) => this.#post(this.#up, bytes),
    })
  }

  #post(letters: Letter[], bytes: Uint8Array): void {
    const { random, options, nowMs } = this.#room
    if (random.fraction() < options.loss) return
    letters.push({ atMs: nowMs + options.rttMs / 2 + random.fraction() * options.jitterMs, bytes: bytes.slice() })
  }

  get ownBits(): number {
    return this.#client.session.stats.numbers[NET_BITS.own]!
  }

  keepTogether(middle: Middle): void {
    this.#predictor.keepTogether(middle)
  }

  network(ms: number): void {
    deliver(this.#up, ms, (bytes) => this.#room.sessions.receive(this.#peer, bytes))
    deliver(this.#down, ms, (bytes) => this.#client.receive(bytes, ms + this.#apartMs))
  }

  /** The page's work: legs and bars at once, the line every 20 ms, frames. */
  work(ms: number): void {
    if (ms < 100) return
    const { buffer, session } = this.#client
    const pageMs = ms + this.#apartMs
    if (ms % 50 === 0) this.#play(ms)
    const isTurned = this.#legs.steer !== this.#sentSteer
    const sample = session.state === 'connected' ? this.#legs.sample(ms, isTurned && ms % 50 === 0) : undefined
    if (sample !== undefined) {
      this.#sentSteer = sample.steer
      const stamped = { ...sample, atMs: pageMs }
      this.#predictor.offer(stamped, session.tickAt(pageMs))
      this.#client.offer(stamped, pageMs)
    }
    if (ms % 20 === 0) this.#client.work(pageMs)
    if (ms < this.#nextFrameMs) return
    this.#nextFrameMs += FRAME_MS
    if (buffer.own !== undefined && buffer.own !== this.#own) this.#rebase(buffer.own, session.tickAt(pageMs), ms)
    this.#frame(ms, session.tickAt(pageMs))
  }

  /** What hands do: bars now and then, a turn now and then. */
  #play(ms: number): void {
    const { random, options } = this.#room
    if (options.hasSteering !== false && ms >= this.#nextKeyMs) {
      const side = ([-1, 0, 1] as const)[random.u32() % 3]!
      this.#side = side
      this.#nextKeyMs = ms + (side === 0 ? 4000 + random.fraction() * 15_000 : 300 + random.fraction() * 1500)
    }
    // Full lock within a quarter of a second, as client/input/steering.ts.
    this.#bars += Math.max(-25.4, Math.min(25.4, 127 * this.#side - this.#bars))
    this.#legs.steer = Math.round(this.#bars)
    if (this.#legs.steer !== 0) this.#steeredMs = ms
    if (options.hasTurns !== true || ms < this.#nextTurnMs) return
    this.#nextTurnMs = ms + 3000 + random.fraction() * 20_000
    const turn = random.u32() % 5
    const { kind, body } = encodeWish({ kind: 'turn', turn })
    this.#client.session.wish(kind, body)
    this.#predictor.wish(turn, this.#client.session.tickAt(ms + this.#apartMs))
    this.#turnedMs = ms
  }

  #rebase(own: OwnState, nowTick: number, ms: number): void {
    const before = this.#own
    const { correction } = this.#predictor
    const [alongM, lateralM, snaps] = [correction.alongM, correction.lateralM, correction.snaps]
    this.#predictor.rebase(own, nowTick)
    this.#own = own
    if (before === undefined || ms < SETTLE_MS) return
    const { ridden } = this.#room
    ridden.snaps += correction.snaps - snaps
    const by = correction.snaps > snaps ? NaN : correction.alongM - alongM
    ridden.corrections.push({
      cause: this.#cause(before, own, ms),
      alongM: Math.abs(by),
      lateralM: Math.abs(correction.lateralM - lateralM),
    })
  }

  #cause(before: OwnState, own: OwnState, ms: number): Cause {
    if (before.turn !== own.turn || before.route !== own.route || ms - this.#turnedMs < 600) return 'turn'
    if (own.isTouched || before.isTouched || Math.abs(own.contactJ - before.contactJ) > 1) return 'contact'
    if (ms - this.#steeredMs < 1000) return 'steer'
    if (Math.abs((own.lineM ?? own.lateralM) - (before.lineM ?? before.lateralM)) > 0.04) return 'line'
    if (own.brakeJ !== before.brakeJ) return 'brake'
    if (Math.abs(own.draftFactor - before.draftFactor) > 0.01) return 'draft'
    return own.ackedSequence === before.ackedSequence ? 'none' : 'sample'
  }

  #frame(ms: number, nowTick: number): void {
    const { ridden, options } = this.#room
    const predictor = this.#predictor
    predictor.frame(nowTick, FRAME_MS / 1000)
    if (!predictor.isPlaced || ms < SETTLE_MS) return
    const { course } = options.map
    const lateralM = predictor.lateralM(nowTick)
    const placeM = predictor.placeM
    const [east, north] = [course.eastAt(placeM), course.northAt(placeM)]
    const x = course.xAt(placeM) + lateralM * north
    const y = course.yAt(placeM) - lateralM * east
    const was = this.#shown
    this.#shown = { x, y, distanceM: predictor.distanceM, lateralM }
    ridden.frames++
    if (was === undefined) return
    const movedM = Math.sqrt((x - was.x) ** 2 + (y - was.y) ** 2)
    const speedMps = predictor.speedMps(nowTick)
    const isPop = Math.abs(movedM - (speedMps * FRAME_MS) / 1000) > POP_M || Math.abs(lateralM - was.lateralM) > POP_M
    if (isPop) ridden.pops++
  }

  /** The server's state is known this very instant: what is drawn now? */
  tick(ms: number): void {
    const predictor = this.#predictor
    if (!predictor.isPlaced || ms < SETTLE_MS) return
    const { riders, tick } = this.#room.world
    const { ridden } = this.#room
    const nowTick = this.#client.session.tickAt(ms + this.#apartMs)
    ridden.clockMs.push((nowTick - tick) * TICK_MS)
    // As if a frame were drawn just now; frames of the real rate go on by themselves.
    predictor.frame(nowTick, 0)
    const behindM = riders.distanceM[this.#row]!
    ridden.alongM.push(Math.abs(predictor.distanceM - behindM))
    ridden.lateralM.push(Math.abs(predictor.lateralM(nowTick) - riders.lateralM[this.#row]!))
  }
}

function deliver(letters: Letter[], ms: number, take: (bytes: Uint8Array) => void): void {
  if (letters.length === 0) return
  const due: Letter[] = []
  for (let i = letters.length - 1; i >= 0; i--) if (letters[i]!.atMs <= ms) due.push(letters.splice(i, 1)[0]!)
  due.sort((a, b) => a.atMs - b.atMs)
  for (const { bytes } of due) take(bytes)
}
