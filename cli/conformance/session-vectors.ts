import { Follower } from '#protocol/follower'
import type { RiderId, Sequence } from '#protocol/ids'
import type { InputSample } from '#protocol/input'
import type { KeyLimits } from '#protocol/key-ring'
import { encodeWish } from '#protocol/rider-wish'
import { advance, checkOf, type RiderState } from '#protocol/rider-state'
import { ClientSession, type ClientEvent, type OwnState } from '#protocol/session'
import { createPlaceCarrier } from '#physics/place-carrier'
import { createRandom } from '#physics/random'
import { calmConditions, type Weather, WeatherLog, type WeatherSpell } from '#physics/weather'
import { createSealer } from '#server/net/aead'
import type { Peer } from '#server/net/peers'
import { Ride } from '#server/room/ride'
import { BadNetwork, FINE, type Weather as LineWeather } from '../sim/bad-network.ts'
import { bytesFrom } from '../sim/simulation.ts'
import { VirtualClock } from '../sim/virtual-clock.ts'
import { type RoadName, vectorRoad, vectorWorld } from './roads.ts'
import { told } from './told.ts'
import { countedBytes, hex, unhex, type VectorFile } from './vector-file.ts'

/** What a session was given: whoever implements the client plays it again from this. */
interface Given {
  readonly name: string
  readonly road: RoadName
  readonly spells: readonly WeatherSpell[]
  readonly token: string
  readonly upKey: string
  readonly downKey: string
  readonly connectionId: string
  readonly keyPackets: number
  /** Every so many ms the client is asked what it sends; a time that a datagram has comes before. */
  readonly pollMs: number
  readonly untilMs: number
  readonly offers: readonly (readonly [atMs: number, sample: InputSample])[]
  readonly wishes: readonly (readonly [atMs: number, kind: number, body: string])[]
  readonly closeMs: number | null
  readonly down: readonly (readonly [atMs: number, datagram: string])[]
}

/** What follows from it. */
interface Follows {
  readonly up: readonly (readonly [atMs: number, datagram: string])[]
  /** Of each datagram down: what it was. */
  readonly outcomes: readonly string[]
  readonly state: string
  readonly tick: number
  readonly doubted: readonly number[]
  readonly riders: Readonly<Record<string, object>>
  readonly own: object | null
}

type Step = { readonly atMs: number; readonly do: () => void }

/** Plays a session again with our client. */
function play(given: Given): Follows {
  const { course } = vectorRoad(given.road)
  const weather = new WeatherLog(given.spells[0]!.weather)
  for (const spell of given.spells.slice(1)) weather.change(spell.weather, spell.fromTick)
  const conditions = calmConditions()
  const carryOn = createPlaceCarrier(course, conditions)
  const carry = (state: RiderState, tick: number): void => {
    weather.enter(conditions, tick)
    advance(state, carryOn)
  }
  const session = new ClientSession({
    token: unhex(given.token),
    sealer: createSealer({ sealKey: unhex(given.upKey), openKey: unhex(given.downKey) }),
    path: 'udp',
    randomBytes: () => unhex(given.connectionId),
    nowMs: 0,
    keyLimits: keyLimits(given.keyPackets),
  })
  const riders = new Map<RiderId, Follower>()
  const doubted: number[] = []
  const up: [number, string][] = []
  const outcomes: string[] = []
  let own: OwnState | null = null
  let newestTick = 0
  const take = (event: ClientEvent): void => {
    if (event.kind === 'own') own = event.state
    if (event.kind !== 'riders') return
    newestTick = event.tick
    for (const record of event.records) {
      if (record.kind === 'leave') riders.delete(record.riderId)
      else if (record.kind === 'absolute') {
        const follower = riders.get(record.riderId) ?? new Follower()
        riders.set(record.riderId, follower)
        follower.accept(record, carry)
      } else if (riders.get(record.riderId)?.accept(record, carry) === false) doubted.push(record.riderId)
    }
  }
  const receive = (atMs: number, datagram: string): void => {
    const before = { ...session.rejects }
    const wasProving = session.state
    const events = session.receive(unhex(datagram), atMs)
    events.forEach(take)
    const reason = Object.keys(session.rejects).find((name) => session.rejects[name] !== before[name])
    const riding = events.find((event) => event.kind === 'riders')
    const closed = events.find((event) => event.kind === 'closed')
    if (reason !== undefined) outcomes.push(`refused: ${reason}`)
    else if (closed !== undefined) outcomes.push(`closed: ${closed.reason}`)
    else if (riding !== undefined) outcomes.push(`tick ${riding.tick}`)
    else outcomes.push(wasProving === 'connecting' && session.state === 'proving' ? 'challenged' : 'nothing')
  }
  const send = (atMs: number): void => {
    for (let datagram = session.poll(atMs); datagram !== undefined; datagram = session.poll(atMs))
      up.push([atMs, hex(datagram)])
    session.expire(atMs)
  }
  for (const step of stepsOf(given, { receive, send, session })) step.do()
  for (const follower of riders.values()) follower.carryTo(newestTick, carry)
  const states = [...riders].toSorted(([a], [b]) => a - b)
  return {
    ...{ up, outcomes, state: session.state, tick: newestTick, doubted },
    riders: Object.fromEntries(states.map(([id, { state }]) => [id, { ...told(state), check: checkOf(state) }])),
    own: own === null ? null : toldOwn(own),
  }
}

interface Hands {
  readonly receive: (atMs: number, datagram: string) => void
  readonly send: (atMs: number) => void
  readonly session: ClientSession
}

/** In order of time; of one time first what comes in, then what the rider does, then what goes out. */
function stepsOf(given: Given, { receive, send, session }: Hands): readonly Step[] {
  const polls = Array.from({ length: Math.floor(given.untilMs / given.pollMs) + 1 }, (_zero, i) => i * given.pollMs)
  const steps: Step[] = [
    ...given.down.map(([atMs, datagram]) => ({ atMs, do: () => receive(atMs, datagram) })),
    ...given.offers.map(([atMs, sample]) => ({ atMs, do: () => session.offer(sample) })),
    ...given.wishes.map(([atMs, kind, body]) => ({ atMs, do: () => session.wish(kind, unhex(body)) })),
    ...(given.closeMs === null ? [] : [{ atMs: given.closeMs, do: () => session.close() }]),
    ...polls.map((atMs) => ({ atMs, do: () => send(atMs) })),
  ]
  return steps.toSorted((a, b) => a.atMs - b.atMs)
}

const keyLimits = (packets: number): KeyLimits => ({ packets, ageMs: 3_600_000, keptMs: 3000 })

function toldOwn(own: OwnState): object {
  const { lineM, ackedSequence, ...rest } = own
  return { ...rest, lineM: lineM ?? null, ackedSequence: ackedSequence ?? null }
}

interface Evening {
  readonly name: string
  readonly seed: number
  readonly untilMs: number
  readonly up: LineWeather
  readonly down: LineWeather
  readonly weather: Weather
  readonly changes: readonly (readonly [atMs: number, weather: Weather])[]
  readonly keyPackets: number
  /** From then on the client's datagrams come from elsewhere. */
  readonly moveMs: number
  readonly closeMs: number | null
  /** Between these nothing arrives, either way. */
  readonly outageMs?: readonly [fromMs: number, toMs: number]
  /** Then another session begins to give this rider's legs. */
  readonly replacedMs?: number
}

const CALM_DAY: Weather = { windEastMps: 0, windNorthMps: 0, gustShare: 0, seaLevelC: 15, isWet: false }
const BAD: LineWeather = {
  ...{ delayMs: 45, jitterMs: 30, lossShare: 0.1, burstShare: 0.002, burstMs: 500, duplicateShare: 0.05 },
  ...{ reorderShare: 0.05, reorderMs: 90, corruptShare: 0.02 },
}

const SHORT: LineWeather = { ...FINE, delayMs: 20 }

const EVENINGS: readonly Evening[] = [
  {
    ...{
      name: 'a bad evening: loss, bursts, doubles, disorder, turned bits; another address; keys of three epochs; wind that turns',
    },
    ...{ seed: 8214, untilMs: 14_000, up: BAD, down: BAD, keyPackets: 60, moveMs: 7000, closeMs: null },
    weather: { windEastMps: 3, windNorthMps: -2, gustShare: 0.6, seaLevelC: 21, isWet: false },
    changes: [[3000, { windEastMps: -4, windNorthMps: 1, gustShare: 0.4, seaLevelC: 12, isWet: true }]],
  },
  {
    ...{
      name: 'a fine line, and goodbye',
      seed: 17,
      untilMs: 3000,
      keyPackets: 1_048_576,
      moveMs: Infinity,
      closeMs: 2500,
    },
    ...{ up: SHORT, down: SHORT, weather: CALM_DAY, changes: [] },
  },
  {
    ...{ name: 'eleven seconds of nothing: silent, knocking, and on with the ride', seed: 99, untilMs: 16_000 },
    ...{ keyPackets: 40, moveMs: 12_000, closeMs: null, outageMs: [2000, 13_400] },
    ...{ up: SHORT, down: SHORT, weather: { ...CALM_DAY, seaLevelC: -4 }, changes: [] },
  },
  {
    ...{ name: 'replaced by another session', seed: 5, untilMs: 2500, keyPackets: 1_048_576, moveMs: Infinity },
    ...{ closeMs: null, replacedMs: 1500, up: SHORT, down: SHORT, weather: CALM_DAY, changes: [] },
  },
]

const POLL_MS = 10
const SCRIPT_MS = 250

/** A server, some bots, one rider on a bad line: what came down to that rider, and what that rider was given. */
function record(evening: Evening): Given {
  const world = vectorWorld('network')
  const clock = new VirtualClock()
  const randomBytes = bytesFrom(createRandom(evening.seed))
  const ride = new Ride({
    ...{ clock, randomBytes, tokenKey: randomBytes(32), roomId: 'vectors', mapId: 'network', mapHash: world.mapHash },
    ...{ course: world.course, network: world.network, spawnM: world.spawnM, seed: evening.seed, riderCapacity: 16 },
    ...{ leaveAfterS: 60, weather: evening.weather, journal: () => {}, processId: countedBytes(8) },
  })
  const spells: WeatherSpell[] = [{ fromTick: 0, weather: evening.weather }]
  const bots = [1.6, 2.2, 2.9, 3.4, 4.1]
  bots.forEach((wattsPerKg, i) =>
    ride.addBot({ name: `Bot ${i}`, wattsPerKg, massKg: 60 + 5 * i, heightM: 1.7 }, { distanceM: 12 * i }),
  )
  const rider = ride.join({ name: 'Vector', massKg: 70, heightM: 1.75 })
  ride.start()
  for (const [atMs, weather] of evening.changes)
    clock.after(atMs, () => spells.push({ weather, fromTick: ride.setWeather(weather) }))
  const { token, keys } = ride.issueToken(rider.riderId, 'ride')
  const connectionId = randomBytes(8)
  const given = {
    ...{ name: evening.name, road: 'network' as const, spells, token: hex(token) },
    ...{
      upKey: hex(keys.up),
      downKey: hex(keys.down),
      connectionId: hex(connectionId),
      keyPackets: evening.keyPackets,
    },
    ...{ pollMs: POLL_MS, untilMs: evening.untilMs, closeMs: evening.closeMs },
    offers: [] as [number, InputSample][],
    wishes: [] as [number, number, string][],
    down: [] as [number, string][],
  }
  const session = new ClientSession({
    ...{ token, sealer: createSealer({ sealKey: keys.up, openKey: keys.down }), path: 'udp' as const },
    ...{ randomBytes: () => connectionId, nowMs: 0, keyLimits: keyLimits(evening.keyPackets) },
  })
  const up = new BadNetwork(clock, createRandom(evening.seed ^ 0x0b00), evening.up)
  const down = new BadNetwork(clock, createRandom(evening.seed ^ 0xd0e0), evening.down)
  const isOut = (): boolean => {
    const [fromMs, toMs] = evening.outageMs ?? [Infinity, Infinity]
    return clock.nowMs() >= fromMs && clock.nowMs() < toMs
  }
  const arrive = (datagram: Uint8Array): void => {
    if (isOut()) return
    given.down.push([clock.nowMs(), hex(datagram)])
    session.receive(datagram, clock.nowMs())
  }
  const peers = ['home', 'elsewhere'].map((key): Peer => ({
    key,
    carrier: 'memory',
    path: 'udp',
    send: (datagram) => down.send(datagram, arrive),
    close() {},
  }))
  const script = createRandom(evening.seed ^ 0x5c)
  let sequence = 65_530
  const work = (): void => {
    const nowMs = clock.nowMs()
    const peer = peers[nowMs < evening.moveMs ? 0 : 1]!
    for (let datagram = session.poll(nowMs); datagram !== undefined; datagram = session.poll(nowMs))
      if (!isOut()) up.send(datagram, (arrived) => ride.sessions.receive(peer, arrived))
    session.expire(nowMs)
    if (nowMs < evening.untilMs) clock.after(POLL_MS, work)
  }
  const pedal = (): void => {
    const nowMs = clock.nowMs()
    if (session.state !== 'closing' && session.state !== 'closed') {
      const sample = sampleOf(sequence++ & 0xffff, nowMs, script.fraction())
      given.offers.push([nowMs, sample])
      session.offer(sample)
    }
    if (given.offers.length % 13 === 5) {
      const { kind, body } = encodeWish({ kind: 'turn', turn: 1 + (given.offers.length % 3) })
      given.wishes.push([nowMs, kind, hex(body)])
      session.wish(kind, body)
    }
    clock.after(SCRIPT_MS, pedal)
  }
  // Of one time: what comes in, what the rider does, what goes out.
  clock.after(0, pedal)
  clock.after(0, work)
  if (evening.replacedMs !== undefined) clock.after(evening.replacedMs, () => replace(ride, rider.riderId, clock))
  if (evening.closeMs !== null) clock.after(evening.closeMs, () => session.close())
  clock.runUntil(evening.untilMs)
  ride.stop()
  return given
}

/** Another session of the same rider, over a line that is as good as none. */
function replace(ride: Ride, riderId: RiderId, clock: VirtualClock): void {
  const { token, keys } = ride.issueToken(riderId, 'ride')
  const session = new ClientSession({
    ...{ token, sealer: createSealer({ sealKey: keys.up, openKey: keys.down }), path: 'udp' as const },
    ...{ randomBytes: (count: number) => countedBytes(count, 77), nowMs: clock.nowMs() },
  })
  const peer: Peer = {
    ...{ key: 'another', carrier: 'memory' as const, path: 'udp' as const, close() {} },
    send: (datagram) => void session.receive(datagram.slice(), clock.nowMs()),
  }
  const work = (): void => {
    for (let datagram = session.poll(clock.nowMs()); datagram !== undefined; datagram = session.poll(clock.nowMs()))
      ride.sessions.receive(peer, datagram)
    clock.after(POLL_MS, work)
  }
  work()
}

function sampleOf(sequence: number, atMs: number, dice: number): InputSample {
  return {
    ...{ sequence: sequence as Sequence, atMs, powerW: Math.round(120 + 260 * dice), cadenceHalfRpm: 176 },
    ...{ heartRateBpm: 130 + Math.round(10 * dice), steer: dice < 0.15 ? -90 : 0 },
  }
}

const session: VectorFile = {
  name: 'session',
  about:
    'Whole sessions over bad lines [D22] [D111] [D117] [D118] [D123]: what a client was given (token, keys, samples, wishes, datagrams down with the ms of their arrival; asked every pollMs what it sends; of one time first what comes in, then what the rider does, then what goes out), and what follows: the datagrams up, what each datagram down was, the riders in view carried to the last tick (doubles as 64 bits in hex) with their checks, the own state, and whom a check doubted. The weather holds from spells on.',
  vectors: () =>
    EVENINGS.map((evening) => {
      const given = record(evening)
      return { ...given, ...play(given) }
    }),
  again: (vector) => ({ ...vector, ...play(vector as Given) }),
}

export const SESSION_VECTORS: readonly VectorFile[] = [session]
