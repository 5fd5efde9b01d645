import { readFile } from 'node:fs/promises'
import { Sampler } from '#bridges/core/sample'
import { decodeIndoorBikeData, encodeIndoorBikeData } from '#bridges/core/profiles/indoor-bike-data'
import { HeadlessClient } from '#client/net/headless'
import type { Sequence } from '#protocol/ids'
import { createRandom } from '#physics/random'
import { readFit, type FitRecord } from '#server/import/fit'
import { createSealer } from '#server/net/aead'
import type { Peer } from '#server/net/sessions'
import { Ride } from '#server/room/ride'
import { figure, report, UsageError, type Figure, type Invocation, type Report } from '../command.ts'
import { badWeather, BadNetwork } from './bad-network.ts'
import { worthJ } from './invariants.ts'
import { loadMap, type MapFiles } from './load-map.ts'
import { write } from './run-race.ts'
import { bytesFrom } from './simulation.ts'
import { VirtualClock } from './virtual-clock.ts'

/** The sender's clock wraps its 32 bits soon after the start of every recorded ride: it must not be felt. */
const SENDER_CLOCK_START_MS = 2 ** 32 - 20_000
/** Time to connect before the first record. */
const CONNECT_MS = 3000
const WORK_MS = 50
/** The last sample counts for this long; its later hold and decay do not. */
const LAST_MS = 1000

export interface Recorded {
  readonly workCreditedJ: number
  readonly samplesTaken: number
  readonly stampExcessMs: number
  readonly hash: string
  readonly ticks: number
  readonly distanceM: number
  readonly lines: readonly string[]
  readonly cadenceSeen: boolean
  readonly heartRateSeen: boolean
  readonly failure: string | undefined
}

/** `gruppetto sim --ride FILE.fit`: is what the server credits what the file says? */
export async function runRecorded(invocation: Invocation, path: string, seed: number): Promise<Report> {
  const read = readFit(await readBytes(path), path)
  if (!read.ok) return report({}, [read.error])
  const { records } = read.value
  const map = await loadMap(invocation.text('map'))
  const lossPct = invocation.number('loss', { min: 0, max: 90 })!
  const startMs = performance.now()
  const ridden = rideRecorded({
    map,
    records,
    seed,
    lossShare: lossPct / 100,
    onSecond(second, seconds) {
      invocation.progress(second, seconds, 'riding the file')
      return !invocation.signal.aborted
    },
  })
  const tookS = (performance.now() - startMs) / 1000
  const journal = invocation.text('journal')
  if (journal !== undefined) await write(journal, `${ridden.lines.join('\n')}\n`)
  const fileJ = fileWorkJ(records)
  const errorPct = fileJ === 0 ? 0 : (100 * Math.abs(ridden.workCreditedJ - fileJ)) / fileJ
  const plainJ = plainWorkJ(records)
  const figures: Record<string, Figure> = {
    workFileJ: figure(Math.round(fileJ * 1000) / 1000, 'J'),
    workCreditedJ: figure(Math.round(ridden.workCreditedJ * 1000) / 1000, 'J'),
    workErrorPct: figure(Math.round(errorPct * 1e6) / 1e6, '%', { atMost: 0.1 }),
    workUntilNextStampJ: figure(plainJ, 'J'),
    gapsOver3s: figure(gaps(records), ''),
    records: figure(records.length, ''),
    samplesTaken: figure(ridden.samplesTaken, ''),
    stampExcessMs: figure(ridden.stampExcessMs, 'ms'),
    hasCadence: { value: ridden.cadenceSeen, unit: '' },
    hasHeartRate: { value: ridden.heartRateSeen, unit: '' },
    distanceM: figure(Math.round(ridden.distanceM), 'm'),
    ticks: figure(ridden.ticks, ''),
    hash: { value: ridden.hash, unit: '' },
    overRealTime: figure(Math.round(ridden.ticks / 20 / tookS), '×'),
  }
  const isEmpty = fileJ === 0 ? [`${path}: no record of it has power, so there is no work to compare.`] : []
  return report(figures, ridden.failure === undefined ? isEmpty : [ridden.failure, ...isEmpty])
}

export interface RecordedOptions {
  readonly map: Pick<MapFiles, 'map' | 'course' | 'mapHash' | 'spawnM'>
  readonly records: readonly FitRecord[]
  readonly seed: number
  readonly lossShare: number
  readonly onSecond?: (second: number, seconds: number) => boolean
}

/** Record → bytes of 0x2AD2 → reading → sample → sealed datagram → bad network → session → world. */
export function rideRecorded({ map, records, seed, lossShare, onSecond }: RecordedOptions): Recorded {
  const clock = new VirtualClock()
  const randomBytes = bytesFrom(createRandom(seed))
  const lines: string[] = []
  const ride = new Ride({
    clock,
    randomBytes,
    tokenKey: randomBytes(32),
    roomId: 'recorded',
    mapId: map.map.id,
    mapHash: map.mapHash,
    course: map.course,
    spawnM: map.spawnM,
    seed,
    riderCapacity: 4,
    leaveAfterS: 7 * 24 * 3600, // A café stop is part of the ride.
    journal: (line) => lines.push(line),
  })
  const { riderId, row } = ride.join({ name: 'Recorded', massKg: 75, heightM: 1.8 })
  ride.start()
  const { token, keys } = ride.issueToken(riderId, 'ride')
  const up = new BadNetwork(clock, createRandom(seed ^ 0x0b00), badWeather(lossShare))
  const down = new BadNetwork(clock, createRandom(seed ^ 0xd0e0), badWeather(lossShare))
  const client = new HeadlessClient({
    token,
    sealer: createSealer({ sealKey: keys.up, openKey: keys.down }),
    path: 'udp',
    randomBytes,
    nowMs: clock.nowMs(),
    send: (datagram) => up.send(datagram, (arrived) => ride.sessions.receive(peer, arrived)),
  })
  const peer: Peer = {
    key: 'memory:1',
    carrier: 'memory',
    path: 'udp',
    send: (datagram) => down.send(datagram, (arrived) => client.receive(arrived, clock.nowMs())),
    close() {},
  }
  const work = () => {
    client.work(clock.nowMs())
    clock.after(WORK_MS, work)
  }
  work()
  const sampler = new Sampler<Sequence>(0xfff0)
  let failure: string | undefined
  let cadenceSeen = false
  let heartRateSeen = false
  const play = (index: number) => {
    const record = records[index]!
    const bytes = encodeIndoorBikeData(dataOf(record))
    const data = decodeIndoorBikeData(bytes)
    const stampMs = SENDER_CLOCK_START_MS + clock.nowMs()
    if (data.ok) {
      const { powerW, cadenceRpm, heartRateBpm } = data.value
      sampler.offer({ source: 'trainer', powerW, cadenceRpm, heartRateBpm }, stampMs)
    } else failure ??= `The record at ${record.atS} s did not survive its own bytes: ${data.error}.`
    const sample = sampler.take(stampMs)
    if (sample !== undefined) client.offer(sample, clock.nowMs())
    const next = records[index + 1]
    if (next !== undefined) clock.after((next.atS - record.atS) * 1000, () => play(index + 1))
  }
  clock.after(CONNECT_MS, () => play(0))
  const { riders } = ride.world
  const lastMs = CONNECT_MS + records.at(-1)!.atS * 1000
  const seconds = Math.ceil(lastMs / 1000)
  for (let second = 1; second <= seconds; second++) {
    clock.runUntil(Math.min(second * 1000, lastMs))
    cadenceSeen ||= riders.cadenceRpm[row]! > 0
    heartRateSeen ||= riders.heartRateBpm[row]! > 0
    if (onSecond !== undefined && !onSecond(second, seconds)) {
      failure ??= 'The ride was stopped before its end.'
      break
    }
  }
  const workCreditedJ = accountAfterLast(ride, clock, row)
  const { world } = ride
  const { counters } = world
  if (client.closed !== undefined) failure ??= `The session ended: ${client.closed}.`
  ride.stop()
  return {
    workCreditedJ,
    samplesTaken: counters.samplesTaken,
    stampExcessMs: counters.stampExcessMs,
    hash: world.stateHash(),
    ticks: world.tick,
    distanceM: riders.distanceM[row]! - map.spawnM,
    lines,
    cadenceSeen,
    heartRateSeen,
    failure,
  }
}

/** Until the last sample has come and was paid for one second; what is owed then belongs to the account. */
function accountAfterLast(ride: Ride, clock: VirtualClock, row: number): number {
  const { riders } = ride.world
  clock.runUntil(clock.nowMs() + LAST_MS)
  const takenTick = riders.sampleTick[row]!
  while (ride.world.tick < takenTick + (LAST_MS * 20) / 1000) clock.runUntil(clock.nowMs() + 50)
  const tailTicks = ride.world.tick - takenTick
  const tailJ = worthJ(riders.samplePowerW[row]!, tailTicks * 50) - worthJ(riders.samplePowerW[row]!, LAST_MS)
  return riders.workJ[row]! + riders.owedJ[row]! - tailJ
}

/** As a trainer would say it: what the record does not know is not in the bytes. */
function dataOf(record: FitRecord): Parameters<typeof encodeIndoorBikeData>[0] {
  return {
    speedKmh: (record.speedMps ?? 0) * 3.6,
    ...(record.cadenceRpm === undefined ? {} : { cadenceRpm: record.cadenceRpm }),
    ...(record.powerW === undefined ? {} : { powerW: record.powerW }),
    ...(record.heartRateBpm === undefined ? {} : { heartRateBpm: record.heartRateBpm }),
  }
}

type Powered = FitRecord & { readonly powerW: number }
const powered = (records: readonly FitRecord[]) => records.filter((r): r is Powered => r.powerW !== undefined)

/** Each sample's watts until the next stamp, held 3 s and fallen to nothing in 2 s as on the server; the last for 1 s. */
export function fileWorkJ(records: readonly FitRecord[]): number {
  return powered(records).reduce((sum, record, i, all) => {
    const next = all[i + 1]
    return sum + worthJ(record.powerW, next === undefined ? LAST_MS : (next.atS - record.atS) * 1000)
  }, 0)
}

/** The same without hold and decay: a gap of a minute counts a minute. For comparison only. */
function plainWorkJ(records: readonly FitRecord[]): number {
  return powered(records).reduce((sum, record, i, all) => {
    const next = all[i + 1]
    return sum + record.powerW * (next === undefined ? LAST_MS / 1000 : next.atS - record.atS)
  }, 0)
}

function gaps(records: readonly FitRecord[]): number {
  return powered(records).filter((record, i, all) => i > 0 && record.atS - all[i - 1]!.atS > 3).length
}

async function readBytes(path: string): Promise<Uint8Array> {
  try {
    return new Uint8Array(await readFile(path))
  } catch (error) {
    throw new UsageError(`${path} cannot be read: ${error instanceof Error ? error.message : 'unknown reason'}`)
  }
}
