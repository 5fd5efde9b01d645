import { type AntFrame } from '#bridges/core/ant-frame'
import { AntFramer } from '#bridges/core/ant-framer'
import { encodeAntMessage } from '#bridges/core/ant-message'
import { decodeAntPage, encodeAntPage } from '#bridges/core/ant-page'
import { decodeFitnessEquipment, encodeFitnessEquipment } from '#bridges/core/pages/fitness-equipment'
import { decodeCyclingPower, encodeCyclingPower } from '#bridges/core/profiles/cycling-power'
import { decodeIndoorBikeData, encodeIndoorBikeData } from '#bridges/core/profiles/indoor-bike-data'
import { IndoorBikeMerger } from '#bridges/core/profiles/indoor-bike-merger'
import { AccumulatedPower } from '#bridges/core/revolutions'
import { allocatedPerTick } from '../allocated.ts'
import { type Case, measure, type Rounds, type Spread } from '../measure.ts'
import { type AntPeer, openAntPlus, openIncyclistAnt } from './ant-peers.ts'
import { openIncyclistBluetooth } from './bluetooth-peers.ts'
import {
  bikeFlagSets,
  damagedPassedOn,
  heardBehindGarbage,
  negativeWatts,
  rightChecksums,
  rollOver,
} from './codec-faults.ts'
import { measureCodecSize } from './codec-size.ts'

/** One line of the table: `ours` beside the peers, in the order of their names. */
export interface CodecRow {
  readonly name: string
  readonly value: number | string
  readonly unit: string
  readonly atMost?: number
  readonly atLeast?: number
  readonly pass?: boolean
}

const DECODES = 100_000
/** So few that no collection falls into most of the stretches. */
const HEAP_DECODES = 64
const MILLION = 1e6
const RATE_MIN = 1
const SIZE_MAX_BYTES = 15_000

/**
 * Rates of decoding, ours and our peers' in one run, and how often each is right. Every library decodes the same bytes in
 * the same process, in turns, round after round: notifications as a radio brings them, frames in reads of 64 bytes as a
 * stick brings them. Peers are driven through the classes their users use, over a stick of ours; a library that is not
 * installed has no rows.
 */
export async function codecRows(rounds: Rounds = { rounds: 9, warmUps: 2 }): Promise<readonly CodecRow[]> {
  const ant = [openAntPlus(), await openIncyclistAnt()].filter((peer) => peer !== undefined)
  const radio = await openIncyclistBluetooth()
  const workShare = rounds.workShare ?? 1
  const decodes = Math.max(1000, Math.round(DECODES * workShare))
  const groups = [bikeGroup(decodes, radio), meterGroup(decodes, radio), antGroup(decodes, ant)]
  const cases = groups.flatMap((group) => group.cases)
  const spreads = await measure(cases, rounds)
  const rows: CodecRow[] = []
  for (const { ours, cases: own } of groups) {
    const oursRate = spreads[cases.indexOf(ours)]!.median
    for (const one of own) {
      const spread = spreads[cases.indexOf(one)]!
      rows.push(rateRow(one.name, spread, one.name.endsWith(OURS)))
      if (!one.name.endsWith(OURS))
        rows.push({ name: `${one.name}: ours is`, value: round(oursRate / spread.median), unit: 'times as fast' })
    }
  }
  for (const { cases: few } of [
    bikeGroup(HEAP_DECODES, radio),
    meterGroup(HEAP_DECODES, radio),
    antGroup(HEAP_DECODES, ant),
  ])
    for (const one of few)
      rows.push({
        name: `heap for one: ${one.name}`,
        value: Math.round(allocatedPerTick(() => void one.run(), workShare) / HEAP_DECODES),
        unit: 'bytes',
      })
  rows.push(...(await rightRows(radio)))
  const { gzipBytes, files } = await measureCodecSize()
  rows.push(
    held({ name: 'codec, minified, gzip', value: gzipBytes, unit: `bytes, ${files} files`, atMost: SIZE_MAX_BYTES }),
  )
  return rows
}

const OURS = 'ours'

interface Group {
  readonly ours: Case
  readonly cases: readonly Case[]
}

type Radio = Awaited<ReturnType<typeof openIncyclistBluetooth>>

function bikeGroup(decodes: number, peer: Radio): Group {
  const values = { speedKmh: 34.2, cadenceRpm: 91, powerW: 247, heartRateBpm: 150 }
  const seen = Array.from({ length: 64 }, (_, i) => encodeIndoorBikeData({ ...values, powerW: 200 + i }))
  const what = 'indoor bike data'
  const ours = rate(`${what}, ${OURS}`, decodes, () => {
    let sum = 0
    for (let i = 0; i < decodes; i++) {
      const got = decodeIndoorBikeData(seen[i & 63]!)
      if (got.ok) sum += got.value.powerW!
    }
    return sum
  })
  const merger = new IndoorBikeMerger()
  const merged = rate(`${what} with its parts merged, ${OURS}`, decodes, () => {
    let sum = 0
    for (let i = 0; i < decodes; i++) {
      merger.take(seen[i & 63]!)
      sum += merger.record.powerW!
    }
    return sum
  })
  const theirs =
    peer === undefined
      ? []
      : [
          rate(`${what}, ${peer.name}`, decodes, () => {
            let sum = 0
            for (let i = 0; i < decodes; i++) sum += peer.bikeData(seen[i & 63]!)['instantaneousPower'] as number
            return sum
          }),
        ]
  return { ours, cases: [ours, merged, ...theirs] }
}

function meterGroup(decodes: number, peer: Radio): Group {
  const seen = Array.from({ length: 64 }, (_, i) =>
    encodeCyclingPower({ powerW: 200 + i, balancePercent: 49, crankRevolutions: i, crankTime1024: i * 700 }),
  )
  const what = 'cycling power'
  const ours = rate(`${what}, ${OURS}`, decodes, () => {
    let sum = 0
    for (let i = 0; i < decodes; i++) {
      const got = decodeCyclingPower(seen[i & 63]!)
      if (got.ok) sum += got.value.powerW
    }
    return sum
  })
  const theirs =
    peer === undefined
      ? []
      : [
          rate(`${what}, ${peer.name}`, decodes, () => {
            let sum = 0
            for (let i = 0; i < decodes; i++) sum += peer.power(seen[i & 63]!)['instantaneousPower'] as number
            return sum
          }),
        ]
  return { ours, cases: [ours, ...theirs] }
}

const READ_BYTES = 64

function antGroup(decodes: number, peers: readonly AntPeer[]): Group {
  const frames = Array.from({ length: 64 }, (_, i) => trainerFrame(i, 200 + i))
  const stream = Buffer.concat(frames)
  const reads: Buffer[] = []
  for (let at = 0; at < stream.length; at += READ_BYTES) reads.push(stream.subarray(at, at + READ_BYTES))
  const turns = Math.ceil(decodes / frames.length)
  const what = 'ANT frames to watts'
  const framer = new AntFramer()
  const ours = rate(`${what}, ${OURS}`, turns * frames.length, () => {
    let sum = 0
    for (let turn = 0; turn < turns; turn++)
      for (const read of reads) for (const frame of framer.push(read)) sum += wattsOf(frame)
    return sum
  })
  const theirs = peers.map((peer) =>
    rate(`${what}, ${peer.name}`, turns * frames.length, () => {
      for (let turn = 0; turn < turns; turn++) for (const read of reads) peer.feed(read)
      return peer.heard.count
    }),
  )
  return { ours, cases: [ours, ...theirs] }
}

function wattsOf(frame: AntFrame): number {
  const page = decodeAntPage(frame)
  const got = page.ok ? decodeFitnessEquipment(page.value.page) : page
  return got.ok && got.value.page === 25 ? got.value.powerW! : 0
}

/** Page 25 of a trainer in use, as a stick passes it on. */
function trainerFrame(eventCount: number, powerW: number): Uint8Array {
  const accumulatedPowerW = (eventCount * powerW) & 0xffff
  const page = encodeFitnessEquipment({
    page: 25,
    eventCount: eventCount & 0xff,
    cadenceRpm: 90,
    accumulatedPowerW,
    powerW,
    state: 3,
  })
  return encodeAntPage({ channel: 0, sender: { deviceNumber: 4711, deviceType: 17, transmissionType: 5 } }, page)
}

/** A case that measures millions a second. */
function rate(name: string, count: number, work: () => number): Case {
  return {
    name,
    run() {
      const startedMs = performance.now()
      const sum = work()
      const seconds = (performance.now() - startedMs) / 1000
      if (!(sum > 0)) throw new Error(`${name} decoded nothing.`)
      return count / seconds / MILLION
    },
  }
}

function rateRow(name: string, { median, min, max }: Spread, isOurs: boolean): CodecRow {
  const row = { name, value: round(median), unit: `M/s (${round(min)} to ${round(max)})` }
  return isOurs ? held({ ...row, atLeast: RATE_MIN }) : row
}

/** How often each is right, counted; each count of a library that is new, so that no fault hides the next. */
async function rightRows(radio: Radio): Promise<CodecRow[]> {
  const rows: CodecRow[] = []
  for (const open of [oursAsPeer, openAntPlus, openIncyclistAnt]) {
    const peers = [await open(), await open(), await open(), await open()].filter((peer) => peer !== undefined)
    if (peers.length === 4) rows.push(...antRows(peers as [AntPeer, AntPeer, AntPeer, AntPeer]))
  }
  const readers = [
    { name: OURS, bikeData: readBike, power: readPower, names: undefined },
    ...(radio === undefined ? [] : [{ ...radio, names: 'peer' as const }]),
  ]
  for (const { name, bikeData, power, names } of readers) {
    const { right, all, rightShort, allShort } = bikeFlagSets(bikeData, names)
    rows.push({ name: `indoor bike flag sets read right, ${name}`, value: right, unit: `of ${all}` })
    rows.push({ name: `the same with one byte of resistance, ${name}`, value: rightShort, unit: `of ${allShort}` })
    rows.push({ name: `−50 W of a power meter, ${name}`, value: negativeWatts(power, names), unit: 'W' })
  }
  return rows
}

function antRows([first, second, third, fourth]: readonly [AntPeer, AntPeer, AntPeer, AntPeer]): CodecRow[] {
  const { name } = first
  const must = (row: CodecRow, target: { atLeast: number } | { atMost: number }): CodecRow =>
    name === OURS ? held({ ...row, ...target }) : row
  const sums = rightChecksums(first)
  const behind = heardBehindGarbage(second, trainerFrame)
  const damaged = damagedPassedOn(third, trainerFrame)
  const over = rollOver(fourth, trainerFrame)
  const average = { value: Number.isFinite(over) ? over : String(over), unit: 'W' }
  return [
    must({ name: `right checksums, ${name}`, value: sums.right, unit: `of ${sums.all}` }, { atLeast: sums.all }),
    must(
      { name: `frames heard behind a garbage byte, ${name}`, value: behind.heard, unit: behind.unit },
      { atLeast: behind.all },
    ),
    must(
      { name: `damaged frames passed on, ${name}`, value: damaged.passed, unit: `of ${damaged.all}` },
      { atMost: 0 },
    ),
    must({ name: `largest average at 200 W across the roll-over, ${name}`, ...average }, { atMost: 200 }),
  ]
}

const readBike = (bytes: Uint8Array): Readonly<Record<string, unknown>> => {
  const got = decodeIndoorBikeData(bytes)
  return got.ok ? got.value : {}
}
const readPower = (bytes: Uint8Array): Readonly<Record<string, unknown>> => {
  const got = decodeCyclingPower(bytes)
  return got.ok ? { ...got.value } : {}
}

/** Ours in the shape of theirs, so that the same counts are made of it. */
function oursAsPeer(): AntPeer {
  const framer = new AntFramer()
  const sum = new AccumulatedPower()
  const heard: AntPeer['heard'] = { count: 0, powerW: undefined, averageW: undefined }
  return {
    name: OURS,
    heard,
    targetFrame: (channel, powerW) =>
      encodeAntMessage('acknowledged', { channel }, encodeFitnessEquipment({ page: 49, powerW })),
    feed(chunk) {
      for (const frame of framer.push(chunk)) {
        const page = decodeAntPage(frame)
        const got = page.ok ? decodeFitnessEquipment(page.value.page) : page
        if (!got.ok || got.value.page !== 25) continue
        heard.count++
        heard.powerW = got.value.powerW
        heard.averageW = sum.offer(got.value.accumulatedPowerW!, got.value.eventCount!) ?? heard.averageW
      }
    },
  }
}

function held(row: CodecRow): CodecRow {
  const value = Number(row.value)
  return { ...row, pass: value <= (row.atMost ?? Infinity) && value >= (row.atLeast ?? -Infinity) }
}

const round = (value: number): number => Number(value.toPrecision(3))
