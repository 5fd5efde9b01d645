import { describe, expect, test } from 'vitest'
import { createRandom } from '#physics/random'
import { type RiderId, type Sequence } from '#protocol/ids'
import { World } from '#server/world/world'
import { testCourse } from '#test/sim/road'
import { readerFor } from '../ant/readers.ts'
import { fecPage, FecReader } from './fec-reader.ts'
import { GATT } from './gatt.ts'
import { gattDevice } from './gatt-rider.ts'
import { BICYCLE_POWER_TYPE, encodeBicyclePower } from './pages/bicycle-power.ts'
import { encodeFitnessEquipment } from './pages/fitness-equipment.ts'
import { encodeCyclingPower } from './profiles/cycling-power.ts'
import { encodeIndoorBikeData } from './profiles/indoor-bike-data.ts'
import { type Reading, Sampler } from './sample.ts'

/** Half an hour of legs: intervals with steps, each message's watts with the noise of a pedal stroke. Rest at the end. */
function legs(periodMs: number, seed: number): readonly number[] {
  const { fraction } = createRandom(seed)
  return Array.from({ length: 1_800_000 / periodMs }, (_, i) => {
    const atS = (i * periodMs) / 1000
    if (atS < 1 || atS > 1785) return 0
    const base = Math.floor(atS / 30) % 3 === 2 ? 380 : 190 + 40 * Math.sin(atS / 50)
    return Math.max(0, Math.round(base * (0.85 + 0.3 * fraction())))
  })
}

interface Device {
  readonly periodMs: number
  /** Message `i` of legs with these watts, as bytes. */
  bytes(powerW: number, i: number): Uint8Array
  /** What a ride reads them with; made anew with every link. */
  reader(): Promise<Reader>
}
type Reader = (bytes: Uint8Array, atMs: number) => Reading | undefined

/** Its sums begin close to where they roll over. */
function antPowerMeter(): Device {
  let sumW = 65_000
  return {
    periodMs: 250,
    bytes: (powerW, i) =>
      encodeBicyclePower({
        ...{ page: 0x10, eventCount: (i + 250) & 0xff, powerW, cadenceRpm: 85 },
        accumulatedPowerW: (sumW = (sumW + powerW) & 0xffff),
      }),
    async reader() {
      const pages = readerFor(BICYCLE_POWER_TYPE)!
      return (bytes, atMs) => pages.read(bytes, atMs)
    },
  }
}

function fecTrainer(): Device {
  let sumW = 100
  return {
    periodMs: 500,
    bytes: (powerW, i) =>
      encodeFitnessEquipment({
        ...{ page: 25, eventCount: i & 0xff, powerW, cadenceRpm: 85, limit: 0, state: 3, lap: 0 },
        accumulatedPowerW: (sumW = (sumW + powerW) & 0xffff),
      }),
    async reader() {
      const pages = new FecReader()
      return (bytes) => pages.read(fecPage(bytes)!).reading
    },
  }
}

/** One characteristic of a peripheral, through the device that carriers make of it. */
async function gattReader(service: string, characteristic: string): Promise<Reader> {
  let onValue: (bytes: Uint8Array, atMs?: number) => void = () => {}
  let heard: Reading | undefined
  const device = await gattDevice(
    {
      ...{ id: 'ble:one', name: 'one', carrier: 'bluetooth', services: new Map([[service, [characteristic]]]) },
      ...{ onClosed: undefined, close: () => {}, read: async () => undefined, write: async () => true },
      subscribe: async (_characteristic, listener) => {
        onValue = listener
        return true
      },
    },
    { nowMs: () => 0, after: () => () => {} },
  )
  const nothing = (): void => {}
  device.start({
    ...{ answered: nothing, controlLost: nothing, battery: nothing, gone: nothing },
    reading: (reading) => (heard = reading),
  })
  return (bytes, atMs) => {
    heard = undefined
    onValue(bytes, atMs)
    return heard
  }
}

/** A crank that turns 80 times a minute: torque is summed a turn at a time, watts come once a second. */
function crankMeter(): Device {
  const turnS = 0.75
  let workJ = 0
  return {
    periodMs: 1000,
    bytes(powerW, i) {
      const turns = Math.floor(i / turnS)
      // What was done until the last turn ended, within this message's second.
      const turnedJ = workJ + powerW * Math.max(0, turns * turnS - (i - 1))
      workJ += powerW
      return encodeCyclingPower({
        powerW,
        accumulatedTorque32: Math.round((32 * turnedJ) / (2 * Math.PI)) & 0xffff,
        isTorqueFromCrank: true,
        crankRevolutions: turns & 0xffff,
        crankTime1024: Math.round(turns * turnS * 1024) & 0xffff,
      })
    },
    reader: () => gattReader(GATT.cyclingPower, GATT.powerMeasurement),
  }
}

const ftmsTrainer = (): Device => ({
  periodMs: 1000,
  bytes: (powerW) => encodeIndoorBikeData({ speedKmh: 30, cadenceRpm: 85, powerW }),
  reader: () => gattReader(GATT.fitnessMachine, GATT.indoorBikeData),
})

/** Five in a hundred lost, five twice, all late by up to 30 ms; three times the link is lost and found again. */
const RECONNECTIONS = [
  { atMs: 300_400, forMs: 1300 },
  { atMs: 900_700, forMs: 2300 },
  { atMs: 1_500_100, forMs: 3000 },
]

/** Bytes → reading → sample → inbox → ticks → account. Answers with how far the account is from the work that was done, %. */
async function errorPct(device: Device, seed: number): Promise<{ errorPct: number; lost: number; late: number }> {
  const { fraction } = createRandom(seed ^ 0x5eed)
  const world = new World({ course: testCourse(), riderCapacity: 1 })
  const row = world.join({
    ...{ riderId: 1 as RiderId, massKg: 80, cdaM2: 0.32, distanceM: 0, lateralM: 0, isBot: false, held: false },
  })
  const arrivals: { readonly atMs: number; readonly bytes: Uint8Array }[] = []
  let lost = 0
  const powers = legs(device.periodMs, seed)
  powers.forEach((powerW, i) => {
    const bytes = device.bytes(powerW, i)
    const madeMs = 1000 + i * device.periodMs
    const isAway = RECONNECTIONS.some(({ atMs, forMs }) => madeMs >= atMs && madeMs < atMs + forMs)
    if (isAway || fraction() < 0.05) return void lost++
    arrivals.push({ atMs: madeMs + 30 * fraction(), bytes })
    if (fraction() < 0.05) arrivals.push({ atMs: madeMs + 30 + 100 * fraction(), bytes })
  })
  arrivals.sort((a, b) => a.atMs - b.atMs)
  const sampler = new Sampler<Sequence>(0xff00)
  let late = 0
  const away = RECONNECTIONS.map(({ atMs }) => atMs)
  let read = await device.reader()
  for (const { atMs, bytes } of arrivals) {
    while (world.tick * 50 < atMs) world.step()
    if (away[0]! < atMs) {
      away.shift()
      read = await device.reader()
    }
    const reading = read(bytes, atMs)
    if (reading === undefined) continue
    sampler.offer({ ...reading, deviceId: 'one' }, atMs)
    let count = 0
    for (let sample = sampler.take(atMs); sample !== undefined; sample = sampler.take(atMs)) {
      world.post(row, sample)
      count++
    }
    late += Math.max(0, count - 1)
  }
  for (let i = 0; i < 200; i++) world.step()
  const doneJ = powers.reduce((sum, powerW) => sum + (powerW * device.periodMs) / 1000, 0)
  const accountJ = world.riders.workJ[row]! + world.riders.owedJ[row]!
  return { errorPct: 100 * (accountJ / doneJ - 1), lost, late }
}

describe('half an hour with five per cent lost, duplicates and three reconnections', () => {
  test.each([
    ['an ANT+ power meter that sums its watts', antPowerMeter, 0.025],
    ['an FE-C trainer that sums its watts', fecTrainer, 0.025],
    ['a crank that sums its torque', crankMeter, 0.15],
    ['a trainer that counts nothing (FTMS)', ftmsTrainer, 0.5],
  ] as const)('[B104] %s is credited its work', async (_name, make, mostPct) => {
    const errors: number[] = []
    for (const seed of [1, 2]) {
      const got = await errorPct(make(), seed)
      errors.push(got.errorPct)
      expect(got.lost).toBeGreaterThan(80)
      if (make !== ftmsTrainer) expect(got.late).toBeGreaterThan(got.lost / 3)
      else expect(got.late).toBe(0)
    }
    for (const pct of errors) expect(Math.abs(pct)).toBeLessThan(mostPct)
  })
})
