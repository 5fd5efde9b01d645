import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { createSealer } from '#bridges/aead'
import { decodeIndoorBikeData } from '#bridges/core/profiles/indoor-bike-data'
import { Sampler } from '#bridges/core/sample'
import { HeadlessClient } from '#client/net/headless'
import { RemoteRiders } from '#client/world/remote'
import { plainCourse } from '#physics/plain-courses'
import { BICYCLE_LENGTH_M } from '#physics/wake-law'
import { resistanceN, ROAD_BIKE, shelteredAreaM2 } from '#physics/resistance'
import { shapeRider } from '#physics/rider-shape'
import type { RiderId, Row, Sequence } from '#protocol/ids'
import { encodeInput, type InputSample } from '#protocol/input'
import { BitReader } from '#protocol/reader'
import { TIER } from '#protocol/rider-state'
import { BitWriter } from '#protocol/writer'
import { Sessions } from '#server/net/sessions'
import { createMemoryPeer, FakeClock, seededBytes } from '#server/net/testing'
import { World } from '#server/world/world'

/** The ride of docs/HOUSE.md: a wheel ahead in row 0, the rider in row 1, the viewer in row 2. */
const TICK = 8214
const RIDER = 1
const course = plainCourse()
const clock = new FakeClock()
const world = new World({ course, riderCapacity: 3 })
const { riders } = world
const sessions = new Sessions({
  ...{ clock, host: world, randomBytes: seededBytes(1), tokenKey: new Uint8Array(32).fill(7), roomId: 'ride-1' },
})

test('[H9] the way of one watt: its bytes and figures are those that the program makes', () => {
  const house = readFileSync(new URL('../docs/HOUSE.md', import.meta.url), 'utf8')
  const way = house.slice(house.indexOf('## The way of one watt'), house.indexOf('## Rules the build enforces'))
  const shows = (text: string): void => expect(way, `docs/HOUSE.md has to say: ${text}`).toContain(text)
  for (const row of [0, RIDER, 2]) {
    const body = shapeRider(row === RIDER ? { massKg: 69, heightM: 1.75 } : { massKg: 75, heightM: 1.8 })
    const where = { distanceM: 20 - 5 * row, lateralM: 0, isBot: false, held: false }
    world.join({ riderId: (row + 1) as RiderId, ...body, ...where })
  }
  const trainer = connect(RIDER + 1)
  const viewer = connect(3)
  const remote = new RemoteRiders(course, 3)
  const legs = new Legs(trainer.client)
  const gapM = (): number => riders.distanceM[0]! - riders.distanceM[RIDER]!
  let beforeMps = 0
  let beforeM = 0
  while (world.tick < TICK) {
    clock.ms += 50
    const leftTicks = TICK - 1 - world.tick
    if (world.tick % 20 === 13) for (const row of [0, 2]) legs.ofOther(row, row === 0 ? 245 : 150)
    // In the wheel, and then eased for a second, until the legs quicken in the last tick.
    if (leftTicks === 0) legs.notify(247)
    else if (leftTicks % 5 === 0) legs.notify(leftTicks < 24 ? 160 : gapM() > 3 ? 235 : 150)
    beforeMps = riders.speedMps[RIDER]!
    beforeM = riders.distanceM[RIDER]!
    world.step()
    sessions.afterTick()
    viewer.client.work(clock.ms)
    for (const record of viewer.client.buffer.take()) remote.accept(record)
  }

  shows('`44 00 5c 0d b6 00` **`f7 00`**')
  expect(hex(legs.bytes)).toBe('44 00 5c 0d b6 00 f7 00')
  const { speedKmh, cadenceRpm, powerW } = legs.reading
  shows(`\`{ speedKmh: ${speedKmh}, cadenceRpm: ${cadenceRpm}, powerW: ${powerW} }\``)
  const sample = encodeInput([legs.sample])
  shows(`\`${hex(sample)}\``)
  shows(`${trainer.said.up.length} bytes: \`04\`, connection id, number, sealed`)
  expect(trainer.said.up[0]).toBe(4)

  shows(`\`riders.powerW[${RIDER}] = ${riders.powerW[RIDER]}\``)
  expect((gapM() - BICYCLE_LENGTH_M).toFixed(0)).toBe('1')
  const draftFactor = riders.draftFactor[RIDER]!
  shows(`a wheel a metre ahead leaves ${draftFactor.toFixed(2)} of the drag`)
  const wheelW = 247 * ROAD_BIKE.efficiency
  const againstN = (factor: number): string => {
    const areaM2 = shelteredAreaM2(riders.cdaM2[RIDER]!, factor)
    const airKgpm3 = course.airDensityAt(beforeM)
    return resistanceN(beforeMps, beforeMps, riders.massKg[RIDER]!, 0, course.crrAt(beforeM), areaM2, airKgpm3).toFixed(
      1,
    )
  }
  shows(`${wheelW.toFixed(0)} W at the wheel: ${(wheelW / beforeMps).toFixed(1)} N forward`)
  shows(`${againstN(draftFactor)} N against (${againstN(1)} N alone)`)
  const [fromMps, toMps] = [beforeMps.toFixed(3), riders.speedMps[RIDER]!.toFixed(3)]
  shows(`${fromMps} → ${toMps} m/s, ${(riders.distanceM[RIDER]! - beforeM).toFixed(3)} m of road`)

  const { stream } = sessions
  const bits = stream.lengthOf(RIDER, TIER.fine, TICK)
  shows(`one record of ${bits} bits, \`${bitsOf(bits)}\``)
  shows(`${viewer.said.down.length} bytes: \`${hex(viewer.said.down.subarray(0, 1))}\``)
  const seen = remote.known[remote.rowOf(RIDER + 1)!]!
  expect([seen.powerW, seen.cadenceRpm]).toEqual([247, 91])
})

/** As they are sent, the first one first. */
function bitsOf(count: number): string {
  const w = new BitWriter(16)
  sessions.stream.copy(RIDER, TIER.fine, TICK, w)
  const r = new BitReader(w.finish())
  return Array.from({ length: count }, () => r.bits(1)).join('')
}

function hex(bytes: Uint8Array): string {
  return [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join(' ')
}

/** A trainer's notifications on their way to samples. */
class Legs {
  bytes = new Uint8Array()
  reading = { speedKmh: 0, cadenceRpm: 0, powerW: 0 }
  sample!: InputSample
  readonly #client: HeadlessClient
  readonly #sampler = new Sampler<Sequence>(0)

  constructor(client: HeadlessClient) {
    this.#client = client
  }

  notify(watts: number): void {
    this.bytes = Uint8Array.of(0x44, 0x00, 0x5c, 0x0d, 0xb6, 0x00, watts & 255, watts >> 8)
    const reading = decodeIndoorBikeData(this.bytes)
    if (!reading.ok) throw new Error(reading.error)
    const { speedKmh = 0, cadenceRpm = 0, powerW = 0 } = reading.value
    this.reading = { speedKmh, cadenceRpm, powerW }
    this.#sampler.offer({ source: 'strap', heartRateBpm: 142 }, clock.ms)
    this.#sampler.offer({ source: 'trainer', ...reading.value }, clock.ms)
    this.sample = this.#sampler.take(clock.ms)!
    this.#client.offer(this.sample, clock.ms)
  }

  /** Somebody else's, by the side door. */
  ofOther(row: number, powerW: number): void {
    world.post(row as Row, { ...this.sample, sequence: (world.tick & 0xffff) as Sequence, atMs: clock.ms, powerW })
  }
}

/** A client whose line takes no time. */
function connect(riderId: number) {
  const { token, keys } = sessions.issueToken({ riderId: riderId as RiderId, use: 'ride' })
  const said = { up: new Uint8Array(), down: new Uint8Array() }
  const peer = createMemoryPeer(`memory/${riderId}`, 'udp', (datagram) => {
    said.down = datagram.slice()
    client.receive(datagram, clock.ms)
  })
  const client: HeadlessClient = new HeadlessClient({
    ...{ token, path: 'udp', randomBytes: seededBytes(riderId), nowMs: clock.ms },
    sealer: createSealer({ sealKey: keys.up, openKey: keys.down }),
    send: (datagram) => {
      said.up = datagram.slice()
      sessions.receive(peer, datagram)
    },
  })
  return { client, said }
}
