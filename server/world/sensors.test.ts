import { describe, expect, test } from 'vitest'
import type { RiderId, Row, Sequence } from '#protocol/ids'
import { plainCourse } from '#physics/plain-courses'
import { World } from './world.ts'

/** What a sensor says at a second of the ride. */
interface Said {
  readonly powerW: number
  readonly cadenceRpm: number
}
type Sensor = (second: number) => Said

const MINUTES = 20
/** Thirty seconds of pedalling, six of rest. */
const TURN_S = 36
const PEDAL_S = 30
const LEGS_W = 240

/** The true legs: on and off, the same for every sensor. */
const isPedalling = (second: number): boolean => second % TURN_S < PEDAL_S
const honest: Sensor = (second) =>
  isPedalling(second) ? { powerW: LEGS_W, cadenceRpm: 90 } : { powerW: 0, cadenceRpm: 0 }
/** Holds its last value for three seconds while the cranks run down. */
const sticky: Sensor = (second) => {
  const restedS = (second % TURN_S) - PEDAL_S
  if (restedS < 0 || restedS >= 3) return honest(second)
  return { powerW: LEGS_W, cadenceRpm: [60, 30, 0][restedS]! }
}
/** The same mean, in bursts: five seconds of double power, five of nothing. */
const steady: Sensor = () => ({ powerW: 200, cadenceRpm: 90 })
const bursting: Sensor = (second) => ({ powerW: Math.floor(second / 5) % 2 === 0 ? 400 : 0, cadenceRpm: 90 })

/** Alone on the flat; samples once a second, or kept back and sent `atOnce` together. */
function rideAlone(sensor: Sensor, atOnce = 1): { distanceM: number; workJ: number; stuck: number; bursts: number } {
  const world = new World({ course: plainCourse(), riderCapacity: 1 })
  const body = { massKg: 84, cdaM2: 0.36 }
  const row = world.join({
    riderId: 1 as RiderId,
    ...body,
    distanceM: 0,
    lateralM: 0,
    isBot: false,
    held: false,
  }) as Row
  for (let tick = 0; tick < MINUTES * 60 * 20; tick++) {
    const second = tick / 20
    if (Number.isInteger(second) && (second + 1) % atOnce === 0) {
      for (let s = second + 1 - atOnce; s <= second; s++) {
        const { powerW, cadenceRpm } = sensor(s)
        const atMs = 1000 * s
        world.post(row, {
          sequence: (s & 0xffff) as Sequence,
          atMs,
          powerW,
          cadenceHalfRpm: 2 * cadenceRpm,
          heartRateBpm: 0,
          steer: 0,
        })
      }
    }
    world.step()
  }
  const { riders, ledger } = world
  return {
    distanceM: riders.distanceM[row]!,
    workJ: riders.workJ[row]!,
    stuck: ledger.stuckCount[row]!,
    bursts: ledger.burstCount[row]!,
  }
}

describe('sensors that stick or burst gain nothing', () => {
  test('[P66] values held while the cranks stop are taken back: at most 0.2 % in twenty minutes, and it is counted', () => {
    const fair = rideAlone(honest)
    const held = rideAlone(sticky)
    expect(held.distanceM / fair.distanceM).toBeLessThan(1.002)
    expect(held.distanceM / fair.distanceM).toBeGreaterThan(0.998)
    expect(held.stuck).toBe(Math.floor((MINUTES * 60) / TURN_S))
    expect(fair.stuck).toBe(0)
  })

  test('[P66] bursts of five seconds at the same mean power win at most 0.2 %', () => {
    expect(rideAlone(bursting).distanceM / rideAlone(steady).distanceM).toBeLessThan(1.002)
  })

  test('[P66] samples that come five at once win at most 0.2 %, and are counted', () => {
    const fair = rideAlone(honest)
    const late = rideAlone(honest, 5)
    expect(late.distanceM / fair.distanceM).toBeLessThan(1.002)
    expect(late.bursts).toBeGreaterThan(200)
    expect(fair.bursts).toBe(0)
  })

  test('[P66] who sends no cadence at all, and who holds a value while the cranks turn, keeps every watt', () => {
    const noCadence: Sensor = () => ({ powerW: 200, cadenceRpm: 0 })
    const slowing: Sensor = (second) => ({ powerW: 200, cadenceRpm: 95 - (second % 20) })
    const fair = rideAlone(steady)
    for (const sensor of [noCadence, slowing]) {
      const ridden = rideAlone(sensor)
      expect(ridden.workJ).toBeCloseTo(fair.workJ, 3)
      expect(ridden.stuck).toBe(0)
    }
  })
})
