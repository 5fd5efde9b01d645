import { HeadlessClient } from '#client/net/headless'
import { createRandom } from '#physics/random'
import type { RiderId, Sequence } from '#protocol/ids'
import { POWER_DECAY_MS, POWER_HOLD_MS, TICK_MS } from '#protocol/limits'
import { createSealer } from '#server/net/aead'
import { type Peer, Sessions } from '#server/net/sessions'
import { World } from '#server/world/world'
import type { Measured } from '../measured.ts'
import { ownRide, type OwnRidden } from '../own-ride.ts'
import { Errors } from './judge.ts'
import { LINKS, type LinkProfile } from './link.ts'
import { MemoryLink } from './memory-link.ts'
import { Rows, type Suite } from './suite.ts'
import { shippedWorld } from './trace.ts'

const ROADS = [
  ['sorrelmere', 'round-the-mere'],
  ['thrushford', 'parade-circuit'],
  ['high-gentian', 'valley-loop'],
] as const
const RIDERS = 24
const MEASURED = 8
const RIDE_S = 60
const RTT_MS = 150
/** Evenly, where the other parts throw |N(0, 15 ms)|: as much on the mean. */
const EVEN_JITTER_MS = 24
const LOSS = 0.05
const CREDIT_S = 120
const CREDIT_RIDERS = 12

/** Issue 4, point 5: the own rider; what legs give, and when it counts. */
export async function benchOwn(suite: Suite): Promise<Measured> {
  const { rounds, progress } = suite.options
  const rows = new Rows()
  const rides: OwnRidden[] = []
  const few = Math.min(rounds, 2) * ROADS.length
  for (let ride = 0; ride < few; ride++) {
    const [worldId, routeId] = ROADS[ride % ROADS.length]!
    const on = { rttMs: RTT_MS, jitterMs: EVEN_JITTER_MS, loss: LOSS, riders: RIDERS, measured: MEASURED }
    rides.push(ownRide({ map: shippedWorld(worldId), routeId, seed: ride + 1, seconds: RIDE_S, ...on }))
    progress(ride + 1, few + 2, 'own: rides')
  }
  const corrected = (of: 'alongM' | 'lateralM') =>
    rides.map(({ corrections }) => quantile(corrections.map((one) => one[of])))
  rows.add('own.correction.along.p99', corrected('alongM'), 'm', { atMost: 0.03 })
  rows.add('own.correction.sideways.p99', corrected('lateralM'), 'm', { atMost: 0.08 })
  const hours = (RIDE_S * MEASURED) / 3600
  rows.add(
    'own.pops',
    rides.map(({ pops }) => pops / hours),
    '/h',
    { atMost: 0 },
  )
  rows.add(
    'own.picture.along.p99',
    rides.map(({ alongM }) => quantile(alongM)),
    'm',
  )
  rows.add(
    'own.picture.sideways.p99',
    rides.map(({ lateralM }) => quantile(lateralM)),
    'm',
  )
  const lossy = credit({ ...LINKS.far, lossShare: 0.1 }, 11)
  progress(few + 1, few + 2, 'own: work')
  rows.add('own.work.error', lossy.worstShare * 100, '%', { atMost: 0.1 })
  const far = credit(LINKS.far, 12)
  progress(few + 2, few + 2, 'own: work')
  rows.add('own.counts.p50', far.lateMs.quantile(0.5), 'ms')
  rows.add('own.counts.p99', far.lateMs.quantile(0.99), 'ms', { atMost: TICK_MS + 10 })
  const clean = credit({ delayMs: RTT_MS / 2 }, 13)
  rows.add('own.counts.clean.p99', clean.lateMs.quantile(0.99), 'ms', { atMost: TICK_MS + 10 })
  return {
    method:
      `${MEASURED} of ${RIDERS} riders in a bunch, on the lake road, in the town and under the pass, ${RIDE_S} s each; each with its own client and picture, hands on the bars ` +
      `now and then: ${RTT_MS} ms, ${LOSS * 100} % loss, up to ${EVEN_JITTER_MS} ms more each way. Correction: what an answer of the server moves ` +
      'the prediction by. A pop is a frame in which the rider moves more than 10 cm otherwise than the speed says. Work: joules that the ' +
      'server credits and owes against the integral of the stamps, 10 % loss, worst of ' +
      `${CREDIT_RIDERS} riders in ${CREDIT_S} s. Counts: from a sample until the tick that takes it up has been stepped, beyond 75 ms of way; ` +
      '5 % loss and jitter in it, and "clean" without.',
    figures: rows.figures,
  }
}

function quantile(values: readonly number[]): number {
  const errors = new Errors()
  for (const value of values) if (!Number.isNaN(value)) errors.add(value)
  return errors.quantile(0.99)
}

interface Credited {
  /** Largest share by which what was credited differs from what was given. */
  readonly worstShare: number
  /** From a sample to the end of the tick that took it up, beyond the way, ms. */
  readonly lateMs: Errors
}

/** Legs by dice, samples at 1 to 4 Hz over a bad link into the real world; the sum is done here a second time. */
function credit(link: LinkProfile, seed: number): Credited {
  const { course, network } = shippedWorld('sorrelmere')
  const world = new World({ course, network, riderCapacity: CREDIT_RIDERS })
  const random = createRandom(seed)
  const bytes = (count: number): Uint8Array => Uint8Array.from({ length: count }, () => random.u32() >>> 24)
  let nowMs = 0
  const clock = { nowMs: () => nowMs, wallMs: () => 1e12 + nowMs, after: () => () => {} }
  const sessions = new Sessions({ clock, randomBytes: bytes, tokenKey: bytes(32), roomId: 'credit', host: world })
  const lateMs = new Errors()
  const riders = Array.from({ length: CREDIT_RIDERS }, (_, i) => {
    const riderId = (i + 1) as RiderId
    const row = world.join({
      ...{ riderId, massKg: 80, cdaM2: 0.32, distanceM: 400 + 40 * i, lateralM: 0, isBot: false, held: false },
    })
    const { token, keys } = sessions.issueToken({ riderId, use: 'ride' })
    const up = new MemoryLink(link, createRandom(seed * 100 + 2 * i), (datagram) => sessions.receive(peer, datagram))
    const down = new MemoryLink(link, createRandom(seed * 100 + 2 * i + 1), (datagram, atMs) =>
      client.receive(datagram, atMs),
    )
    const peer: Peer = {
      key: `memory/${i}`,
      carrier: 'memory',
      path: 'udp',
      send: (datagram) => down.send(datagram, nowMs),
      close() {},
    }
    const client = new HeadlessClient({
      token,
      sealer: createSealer({ sealKey: keys.up, openKey: keys.down }),
      path: 'udp',
      randomBytes: bytes,
      nowMs: 0,
      send: (datagram) => up.send(datagram, nowMs),
    })
    const everyMs = [250, 250, 500, 1000][i % 4]!
    return {
      ...{ row, up, down, client, everyMs, nextMs: 1000 + (random.u32() % everyMs), sequence: random.u32() & 0xffff },
      ...{
        powerW: 200,
        given: [] as { atMs: number; powerW: number; sequence: number }[],
        acked: -1,
        firstAckedAtMs: -1,
      },
    }
  })
  const endMs = CREDIT_S * 1000
  /** Legs stop a while before the end, so that everything has arrived. */
  const quietMs = endMs - 8000
  for (nowMs = 0; nowMs < endMs; nowMs += 5) {
    for (const rider of riders) {
      rider.up.run(nowMs)
      rider.down.run(nowMs)
      if (nowMs % 20 === 0) rider.client.work(nowMs)
      if (nowMs < rider.nextMs || nowMs > quietMs || rider.client.session.state !== 'connected') continue
      rider.nextMs += rider.everyMs
      rider.powerW = Math.round(Math.max(0, Math.min(900, rider.powerW + 160 * (random.fraction() - 0.5))))
      rider.sequence = (rider.sequence + 1) & 0xffff
      const { powerW, sequence } = rider
      rider.given.push({ atMs: nowMs, powerW, sequence })
      const sample = {
        sequence: sequence as Sequence,
        atMs: nowMs,
        powerW,
        cadenceHalfRpm: 170,
        heartRateBpm: 140,
        steer: 0,
      }
      rider.client.offer(sample, nowMs)
    }
    if (nowMs % TICK_MS !== 0) continue
    world.step()
    sessions.afterTick()
    for (const rider of riders) {
      const sequence = world.ackedSequence(rider.row)
      const index = rider.given.findLastIndex((one) => one.sequence === sequence)
      for (let i = rider.acked + 1; i <= index; i++) lateMs.add(nowMs - rider.given[i]!.atMs - (link.delayMs ?? 0))
      rider.acked = Math.max(rider.acked, index)
    }
  }
  let worstShare = 0
  for (const { row, given } of riders) {
    let givenJ = 0
    // The last sample holds and falls as nobody replaces it; before the first there was nothing.
    given.forEach(({ atMs, powerW }, i) => {
      givenJ += heldJ(powerW, (given[i + 1]?.atMs ?? Infinity) - atMs)
    })
    const creditedJ = world.riders.workJ[row]! + world.riders.owedJ[row]!
    worstShare = Math.max(worstShare, Math.abs(creditedJ - givenJ) / givenJ)
  }
  return { worstShare, lateMs }
}

/** A sample's watts until it is replaced: held, then falling in a straight line. */
function heldJ(powerW: number, forMs: number): number {
  const fallMs = Math.min(Math.max(0, forMs - POWER_HOLD_MS), POWER_DECAY_MS)
  const heldS = Math.min(forMs, POWER_HOLD_MS) / 1000
  return powerW * (heldS + (fallMs / 1000) * (1 - fallMs / (2 * POWER_DECAY_MS)))
}
