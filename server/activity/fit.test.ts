import FitParser from 'fit-file-parser'
import { expect, test } from 'vitest'
import { readFit } from '../import/fit.ts'
import { anchorOf } from './anchor.ts'
import { fitCrc } from '../fit-protocol.ts'
import { FitFile } from './fit-file.ts'
import { fitOf } from './fit.ts'
import type { Activity, ActivityRow } from './model.ts'
import { packRide, unpackRide } from './ride-text.ts'
import { summarise } from './summary.ts'

const START_MS = Date.UTC(2026, 10, 22, 18, 0, 0)
const ANCHOR = anchorOf({ id: 'ring', scenery: {} })

function row(atS: number, change: Partial<ActivityRow> = {}): ActivityRow {
  return {
    ...{ atS, powerW: 180 + ((atS * 37) % 90), cadenceRpm: 80 + (atS % 15), heartRateBpm: 120 + (atS % 30) },
    ...{ speedMps: 8 + (atS % 10) / 10, distanceM: atS * 8.5, placeM: atS * 8.5, way: 0, heightM: 100 + (atS % 50) },
    ...{ gradeFraction: 0.031, savedW: 42, temperatureC: -3, xM: atS, yM: -atS },
    ...change,
  }
}

function rideOf(rows: readonly ActivityRow[], marks: Activity['marks'] = []): Activity {
  const names = { name: 'Anna', mapId: 'ring', mapName: 'Ring', mapHash: 'h', eventId: '', eventTitle: '' }
  return {
    head: {
      id: '3f2504e0-4f89-41d3-9a0c-0305e82c3301',
      riderUuid: 'u',
      massKg: 61,
      anchor: ANCHOR,
      startMs: START_MS,
      ...names,
    },
    rows,
    marks,
  }
}

const HOUR = rideOf(
  Array.from({ length: 3600 }, (_, i) => row(i + 1)).filter(({ atS }) => atS < 1000 || atS > 1120),
  [
    { kind: 'lap', atS: 700 },
    { kind: 'pause', atS: 999 },
    { kind: 'resume', atS: 1120 },
    { kind: 'segment', atS: 1500, id: 'wall', name: 'The wall', ms: 61_234 },
  ],
)

interface Parsed {
  readonly sessions: readonly Record<string, number | string | Date>[]
  readonly records: readonly Record<string, number | Date>[]
  readonly laps: readonly Record<string, number>[]
  readonly events: readonly Record<string, string>[]
  readonly activity: Record<string, unknown>
  readonly file_ids: readonly Record<string, unknown>[]
}

async function parse(bytes: Uint8Array): Promise<Parsed> {
  const parser = new FitParser({
    force: false,
    mode: 'list',
    speedUnit: 'm/s',
    lengthUnit: 'm',
    elapsedRecordField: true,
  })
  return (await parser.parseAsync(Buffer.from(bytes))) as unknown as Parsed
}

test('[A39] bytes as the protocol has them: header, definition, one message, both checksums', () => {
  const file = new FitFile()
  file.message(20, [
    ['uint32', 253, 1_100_000_000],
    ['uint16', 7, 247],
    ['uint8', 3, undefined],
  ])
  const bytes = file.bytes()
  expect([...bytes.subarray(0, 12)]).toEqual([
    ...[14, 0x20, 0xa6, 0x52], // header of 14 bytes, protocol 2.0, profile 21.158
    ...[23, 0, 0, 0], // 15 bytes of definition, 8 of data
    ...[0x2e, 0x46, 0x49, 0x54], // .FIT
  ])
  expect([...bytes.subarray(14, 37)]).toEqual([
    ...[0x40, 0, 0, 20, 0, 3], // local 0, little-endian, record, three fields
    ...[253, 4, 0x86, 7, 2, 0x84, 3, 1, 0x02], // number, bytes, base type
    0x00, // data of local 0
    ...[0x00, 0xab, 0x90, 0x41, 0xf7, 0x00, 0xff], // 1100000000, 247 W, no heart rate
  ])
  expect(fitCrc(bytes, 14)).toBe(0) // The header's own checksum takes it to nothing …
  expect(fitCrc(bytes, bytes.length)).toBe(0) // … and so does the file's.
  expect(fitCrc(new TextEncoder().encode('123456789'), 9)).toBe(0xbb3d) // CRC-16/ARC's check value.
})

test('[A39] [A40] two decoders that know nothing of each other read every record alike, and the sums within 0.5 %', async () => {
  const summary = summarise(HOUR)
  const bytes = fitOf(HOUR, summary)
  const theirs = await parse(bytes)
  const ours = readFit(bytes, 'ride.fit')
  if (!ours.ok) throw new Error(ours.error)
  expect(ours.value.startMs).toBe(START_MS + 1000)
  expect(theirs.records).toHaveLength(HOUR.rows.length)
  expect(ours.value.records).toHaveLength(HOUR.rows.length)
  HOUR.rows.forEach((wanted, i) => {
    const one = ours.value.records[i]!
    const other = theirs.records[i]!
    expect(other['timestamp']).toEqual(new Date(START_MS + 1000 * wanted.atS))
    expect(one.atS).toBe(wanted.atS - 1)
    expect([one.powerW, one.cadenceRpm, one.heartRateBpm]).toEqual([
      wanted.powerW,
      wanted.cadenceRpm,
      wanted.heartRateBpm,
    ])
    expect([other['power'], other['cadence'], other['heart_rate']]).toEqual([
      one.powerW,
      one.cadenceRpm,
      one.heartRateBpm,
    ])
    expect(one.distanceM).toBeCloseTo(wanted.distanceM, 2)
    expect(other['distance'] as number).toBeCloseTo(one.distanceM!, 6)
    expect(other['enhanced_speed'] as number).toBeCloseTo(one.speedMps!, 6)
    expect(other['enhanced_altitude'] as number).toBeCloseTo(one.heightM!, 6)
    expect(other['temperature']).toBe(-3)
    expect(other['draft_saved']).toBe(42)
  })
  const energyJ = HOUR.rows.reduce((sum, { powerW }) => sum + powerW, 0)
  const sumOf = (values: readonly (number | undefined)[]): number => values.reduce<number>((sum, w) => sum + w!, 0)
  for (const decodedJ of [
    sumOf(ours.value.records.map((r) => r.powerW)),
    sumOf(theirs.records.map((r) => r['power'] as number)),
  ])
    expect(Math.abs(decodedJ / energyJ - 1)).toBeLessThan(0.005)
  const [session] = theirs.sessions
  expect(session).toMatchObject({ sport: 'cycling', sub_sport: 'virtual_activity', total_work: energyJ, num_laps: 2 })
  expect(Math.abs((session!['total_distance'] as number) / ours.value.records.at(-1)!.distanceM! - 1)).toBeLessThan(
    0.005,
  )
  expect(Math.abs((session!['total_elapsed_time'] as number) / (ours.value.durationS + 1) - 1)).toBeLessThan(0.005)
  expect(session!['total_timer_time']).toBe(HOUR.rows.length)
  expect(session!['avg_power']).toBe(Math.round(energyJ / HOUR.rows.length))
  expect(theirs.laps.map((lap) => lap['total_timer_time'])).toEqual([700, HOUR.rows.length - 700])
  expect(theirs.events.map(({ event, event_type }) => `${event} ${event_type}`)).toEqual([
    'timer start',
    'timer stop',
    'timer start',
    'timer stop_all',
  ])
  expect(theirs.file_ids[0]).toMatchObject({ type: 'activity', manufacturer: 'development' })
})

test('[A39] what does not fit its field is the nearest that does, and a ride without a strap has no heartbeat', async () => {
  const rows = [
    row(1, { powerW: 90_000, gradeFraction: -9, heartRateBpm: 0, heightM: -900 }),
    row(2, { savedW: -70_000 }),
  ]
  const ride = rideOf(rows)
  const theirs = await parse(fitOf(ride, summarise(ride)))
  expect(theirs.records[0]).toMatchObject({ power: 65_534, enhanced_altitude: -500 })
  expect(theirs.records[0]).not.toHaveProperty('heart_rate')
  expect(theirs.records[1]).toMatchObject({ draft_saved: -32_768 })
  const none = rideOf(rows.map((each) => ({ ...each, heartRateBpm: 0 })))
  expect((await parse(fitOf(none, summarise(none)))).sessions[0]).not.toHaveProperty('avg_heart_rate')
})

test('[A41] a summary is arithmetic: bests, weighted power, splits and laps of a ride made by hand', () => {
  // Ten minutes at 200 W, one at 400 W, nine at 200 W; 10 m/s; a minute's rest after the first ten.
  const rows = Array.from({ length: 1200 }, (_, i) => {
    const atS = i < 600 ? i + 1 : i + 61
    const powerW = i >= 600 && i < 660 ? 400 : 200
    return row(atS, { powerW, speedMps: 10, distanceM: 10 * (i + 1), heightM: 100 + 0.5 * (i + 1), heartRateBpm: 0 })
  })
  const summary = summarise({ rows, marks: [{ kind: 'lap', atS: 600 }] })
  expect(summary).toMatchObject({
    elapsedS: 1260,
    movingS: 1200,
    workJ: 252_000,
    averageW: 210,
    maxW: 400,
    averageBpm: null,
  })
  expect(summary.distanceM).toBe(12_000)
  expect(summary.bests.slice(0, 3)).toEqual([
    { lengthS: 5, powerW: 400, atS: 660 },
    { lengthS: 60, powerW: 400, atS: 660 },
    { lengthS: 300, powerW: 240, atS: 660 },
  ])
  // Twenty minutes by the clock hold the minute of rest, whichever they are.
  expect(summary.bests[3]).toMatchObject({ lengthS: 1200, powerW: (1080 * 200 + 60 * 400) / 1200 })
  expect(summary.splits).toHaveLength(12)
  expect(summary.splits[0]).toMatchObject({ fromS: 0, toS: 100, distanceM: 1000, averageW: 200 })
  expect(summary.laps.map(({ fromS, toS, movingS, maxW }) => [fromS, toS, movingS, maxW])).toEqual([
    [0, 600, 600, 200],
    [600, 1260, 600, 400],
  ])
  expect(summary.climbM).toBeCloseTo(599.5, 6)
  // Between the mean and the most; harder than even riding.
  expect(summary.weightedW).toBeGreaterThan(summary.averageW)
  expect(summary.weightedW).toBeLessThan(400)
})

test('[A37] a ride packed for the store comes out as it went in', () => {
  const packed = packRide(HOUR)
  expect(packed.length).toBeLessThan(90_000)
  const back = unpackRide(packed)
  expect(back.head).toEqual(HOUR.head)
  expect(back.marks).toEqual(HOUR.marks)
  expect(back.rows.map(({ powerW, atS }) => [atS, powerW])).toEqual(HOUR.rows.map(({ powerW, atS }) => [atS, powerW]))
})

test('[A38] a made-up map lies in the open sea, each somewhere else; an imported one where it is', () => {
  const [one, two] = [ANCHOR, anchorOf({ id: 'hill', scenery: {} })]
  expect(one).not.toEqual(two)
  for (const { latDeg, lonDeg } of [one, two]) {
    expect(Math.abs(latDeg + 48.9)).toBeLessThanOrEqual(2)
    expect(Math.abs(lonDeg + 123.4)).toBeLessThanOrEqual(3)
  }
  const origin = { latDeg: 46.2, lonDeg: 7.5 }
  expect(anchorOf({ id: 'mine', scenery: { origin } })).toEqual(origin)
  expect(anchorOf({ id: 'hill', scenery: { origin: { latDeg: 400, lonDeg: 'x' } } })).toEqual(two)
})
