import { createRandom, type Random } from '#physics/random'
import type { InputSample } from '#protocol/input'
import type { Row, Sequence } from '#protocol/ids'
import { POWER_MAX_W, TICK_HZ, TICK_MS } from '#protocol/limits'
import type { World } from '#server/world/world'

/** What comes between legs and server: how often a sensor measures, and how many measurements a radio keeps together. */
interface Sensor {
  readonly hz: number
  readonly batch: number
}

/** A trainer of 4 Hz, Bluetooth that brings a second's worth at once, and pedals of 1 and 2 Hz: as they are out there. */
const SENSORS: readonly Sensor[] = [
  { hz: 4, batch: 1 },
  { hz: 1, batch: 1 },
  { hz: 4, batch: 4 },
  { hz: 4, batch: 1 },
  { hz: 2, batch: 1 },
  { hz: 1, batch: 1 },
]
const EASY_SENSORS: readonly Sensor[] = [
  { hz: 4, batch: 1 },
  { hz: 1, batch: 1 },
  { hz: 2, batch: 1 },
]

/** A stretch of time in which these riders sprint: three times what they can hold, s from the start of the stage. */
export interface Sprint {
  readonly fromS: number
  readonly toS: number
  readonly group: number
  /** Of each ten riders of the group, so many. */
  readonly ofTen: number
}

export interface LegsOptions {
  readonly row: Row
  readonly index: number
  readonly group: number
  readonly seed: number
  readonly bodyKg: number
  readonly wattsPerKg: number
  readonly isHard: boolean
  /** Takes turns of its own choice at junctions. */
  readonly isRoaming: boolean
  readonly sprints: readonly Sprint[]
}

/** Measurement noise of a trainer, as a share. */
const NOISE = 0.02
/** Nobody rests up a hill; down one, half of the riders roll, and the others too when they are fast enough. */
const UPHILL_SLOPE = 0.025
const DOWNHILL_SLOPE = -0.035
const COAST_MPS = 14

/** One rider's legs, hands and sensors by script, all chance from a seed of its own. */
export class Legs {
  readonly row: Row
  readonly #options: LegsOptions
  readonly #random: Random
  readonly #sensor: Sensor
  readonly #phase: number
  readonly #batch: InputSample[] = []
  #sequence: number
  #effortW: number
  #surge = 1
  #restS = 0
  #silentS = 0
  #lateTicks = 0
  #late: InputSample[] = []
  #steer = 0
  #steerS = 0
  #heartBpm: number
  #rpm: number

  constructor(options: LegsOptions) {
    this.#options = options
    this.row = options.row
    this.#random = createRandom(options.seed * 4096 + options.index)
    const sensors = options.isHard ? SENSORS : EASY_SENSORS
    this.#sensor = sensors[options.index % sensors.length]!
    this.#phase = this.#random.u32() % TICK_HZ
    this.#sequence = this.#random.u32() & 0xffff
    this.#effortW = options.bodyKg * options.wattsPerKg
    this.#heartBpm = 125 + 30 * this.#random.fraction()
    this.#rpm = 84 + 10 * this.#random.fraction()
  }

  /** Before each step of the world: what this rider's sensors, hands and head come up with. */
  act(world: World, stageTick: number): void {
    const nowS = stageTick / TICK_HZ
    const { isHard, isRoaming } = this.#options
    if (isHard) {
      this.#moods()
      if (isRoaming && stageTick % 40 === this.#phase * 2) this.#choose(world)
    }
    this.#deliverLate(world)
    if (this.#silentS > 0) {
      this.#silentS -= 1 / TICK_HZ
      return
    }
    const every = TICK_HZ / this.#sensor.hz
    if ((stageTick + this.#phase) % every !== 0) return
    this.#batch.push(this.#measure(world, nowS))
    if (this.#batch.length < this.#sensor.batch) return
    const samples = this.#batch.splice(0)
    // One in fifty waits somewhere on its way for up to a second.
    if (isHard && this.#late.length === 0 && this.#random.fraction() < 0.02) {
      this.#late = samples
      this.#lateTicks = 3 + (this.#random.u32() % 17)
    } else if (this.#late.length > 0) this.#late.push(...samples)
    else for (const sample of samples) world.post(this.row, sample)
  }

  #deliverLate(world: World): void {
    if (this.#late.length === 0 || this.#lateTicks-- > 0) return
    for (const sample of this.#late.splice(0)) world.post(this.row, sample)
  }

  /** Surges, soft pedalling, hands on the bars, a sensor that falls silent. */
  #moods(): void {
    const tickS = 1 / TICK_HZ
    const dice = this.#random.fraction()
    if (dice < tickS / 25) this.#surge = this.#surge > 1 ? 1 : 1.15 + 0.6 * this.#random.fraction()
    else if (dice < tickS * (1 / 25 + 1 / 20)) this.#restS = 1 + 3 * this.#random.fraction()
    else if (dice < tickS * (1 / 25 + 1 / 20 + 1 / 120)) this.#silentS = 2 + 6 * this.#random.fraction()
    this.#restS = Math.max(0, this.#restS - tickS)
    // Every fifth steers: to a place on the road for a while, then lets the house steer again.
    if (this.#options.index % 5 !== 2) return
    this.#steerS -= tickS
    if (this.#steerS > 0) return
    this.#steerS = 1 + 4 * this.#random.fraction()
    this.#steer = this.#random.fraction() < 0.5 ? 0 : Math.round(180 * (this.#random.fraction() - 0.5))
  }

  /** Left, straight, right; now and then back. */
  #choose(world: World): void {
    const dice = this.#random.fraction()
    if (dice < 0.25) world.wish(this.row, dice < 0.005 ? 4 : 1 + (this.#random.u32() % 3))
  }

  #measure(world: World, nowS: number): InputSample {
    const { riders, course } = world
    const placeM = riders.distanceM[this.row]! + riders.offsetM[this.row]!
    const slope = course.slopeAt(placeM)
    const own = this.#effortAt(nowS, slope, riders.speedMps[this.row]!)
    // Legs come up to what the head wants within a second or two.
    const share = Math.min(1, 1.6 / this.#sensor.hz)
    this.#effortW += (own - this.#effortW) * share
    const isResting = own === 0
    const noise = 1 + NOISE * (this.#random.fraction() + this.#random.fraction() + this.#random.fraction() - 1.5) * 2
    const powerW = isResting ? 0 : Math.min(POWER_MAX_W, Math.max(0, Math.round(this.#effortW * noise)))
    this.#rpm += (88 - 180 * Math.max(0, slope) - this.#rpm) * 0.2 + 2.4 * (this.#random.fraction() - 0.5)
    const strainShare = this.#effortW / (this.#options.bodyKg * this.#options.wattsPerKg)
    const pulseBpm = Math.min(188, 95 + 55 * strainShare)
    this.#heartBpm += (pulseBpm - this.#heartBpm) / (20 * this.#sensor.hz) + 0.4 * (this.#random.fraction() - 0.5)
    this.#sequence = (this.#sequence + 1) & 0xffff
    return {
      sequence: this.#sequence as Sequence,
      atMs: Math.round(nowS * 1000) + TICK_MS,
      powerW,
      cadenceHalfRpm: isResting ? 0 : Math.round(2 * Math.max(40, this.#rpm)),
      heartRateBpm: Math.round(this.#heartBpm),
      steer: this.#steer,
    }
  }

  #effortAt(nowS: number, slope: number, speedMps: number): number {
    const { bodyKg, wattsPerKg, group, index, sprints, isHard } = this.#options
    const sprint = sprints.find((one) => one.group === group && nowS >= one.fromS && nowS < one.toS)
    if (isHard && sprint !== undefined && index % 10 < sprint.ofTen) return bodyKg * wattsPerKg * 3
    if (this.#restS > 0 && slope < UPHILL_SLOPE) return 0
    if (isHard && slope < DOWNHILL_SLOPE && (index % 2 === 0 || speedMps > COAST_MPS)) return 0
    const hill = 1 + 4 * Math.min(0.06, Math.max(-0.1, slope))
    return bodyKg * wattsPerKg * this.#surge * hill
  }
}
