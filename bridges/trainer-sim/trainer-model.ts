import { createRandom, type Random } from '#physics/random'
import { Brake, SLOW_MPS, type TrainerTarget } from './brake.ts'
import { GEAR_RATIO, RAD_PER_REVOLUTION, RPM_TO_RADPS, WHEEL_CIRCUMFERENCE_M } from './constants.ts'
import { Heart } from './heart.ts'
import type { LegsModel, Push } from './legs-models.ts'
import { SpinDown, type SpinDownState } from './spin-down.ts'

export type { TrainerTarget } from './brake.ts'

/** One trainer's body, SI. Equations and sources: docs/simulator.md, "The simulated trainer". */
export interface TrainerSpec {
  /** Of the flywheel as felt at the rear axle: 4.5 kg m² at a wheel of 0.335 m roll like 40 kg. */
  readonly inertiaKgm2: number
  /** Rider and bicycle, for a road's force. */
  readonly massKg: number
  /** Bearings and belt: constant, and per m/s. */
  readonly lossN: number
  readonly lossNspm: number
  readonly brakePeakN: number
  readonly brakeCriticalMps: number
  readonly powerMaxW: number
  readonly roadLagS: number
  readonly ergLagS: number
  /** Reported watts are a moving mean of this time constant. */
  readonly measureLagS: number
  /** Of what the legs push, so much reaches the trainer; a meter in the crank sees all. */
  readonly chainEfficiency: number
  /** Reported watts are so much too many, always. */
  readonly biasPercent: number
  /** … and, once warm, so many more at 30 km/h, until a spin-down. */
  readonly driftW: number
  /** Standard deviation of each reported value. */
  readonly noisePercent: number
  /** A guessed cadence is so much off; 0: it is measured. */
  readonly cadenceBiasRpm: number
  readonly restBpm: number
  readonly maxBpm: number
  readonly maxAtW: number
  /** How fast the wheel turns at the beginning. */
  readonly startMps: number
  readonly seed: number
}

const TRAINER_SPEC: TrainerSpec = {
  inertiaKgm2: 4.5,
  massKg: 83,
  lossN: 1.5,
  lossNspm: 0.08,
  brakePeakN: 300,
  brakeCriticalMps: 6,
  powerMaxW: 2200,
  roadLagS: 0.3,
  ergLagS: 1.2,
  measureLagS: 0.6,
  chainEfficiency: 1,
  biasPercent: 0,
  driftW: 0,
  noisePercent: 0,
  cadenceBiasRpm: 0,
  restBpm: 60,
  maxBpm: 190,
  maxAtW: 400,
  startMps: 0,
  seed: 1,
}

/** What is so, and what the trainer says is so. */
export interface TrainerState {
  readonly atS: number
  readonly speedMps: number
  readonly cadenceRpm: number
  /** At the crank, by the legs: what an exact meter there reads is `legsW`. */
  readonly torqueNm: number
  readonly legsW: number
  readonly brakeN: number
  readonly gearRatio: number
  readonly distanceM: number
  readonly crankTurns: number
  readonly wheelTurns: number
  /** Reported: late, biased, drifting, noisy. */
  readonly reportedW: number
  readonly reportedRpm: number
  readonly heartRateBpm: number
  readonly temperatureC: number
  /** The target cannot be held at this speed. */
  readonly limit: 'on-target' | 'too-slow' | 'too-fast'
  readonly spinDown: SpinDownState
}

export const FLAT = { mode: 'simulation', gradeFraction: 0, crr: 0.004, cwKgpm: 0.51 } as const satisfies TrainerTarget
/** About 50 W at the high speed of a spin-down. */
const SPIN_UP = { mode: 'resistance', share: 0.02 } as const satisfies TrainerTarget

/** Exact in binary, so that a quarter of a second is sixteen of them and not a hair less. */
const STEP_S = 1 / 64
const SPEED_MAX_MPS = 40
/** How fast an unloaded crank can be brought to speed, and comes to rest when legs stop. */
const CRANK_RPMPS = 180
const WARM_S = 600
const ROOM_C = 20
const WARMED_C = 18
const DRIFT_AT_MPS = 30 / 3.6

/**
 * A flywheel, a chain with a freewheel, a brake with a controller, and a power meter that is not quite right. No clock and no
 * carrier: `step` is told how much time has passed, and the same steps give the same numbers on every day.
 */
export class TrainerModel {
  readonly spec: TrainerSpec
  readonly #brake: Brake
  readonly #heart: Heart
  readonly #spinDown: SpinDown
  readonly #random: Random
  readonly #rollingKg: number
  #target: TrainerTarget = FLAT
  #atS = 0
  #speedMps = 0
  #crankRpm = 0
  #push: Push = { torqueNm: 0, cadenceRpm: 0 }
  #gearRatio = GEAR_RATIO
  #legsW = 0
  #measuredW = 0
  #distanceM = 0
  #crankTurns = 0
  /** How long it has been turning: warm bearings run easier. */
  #warmS = 0
  /** What the bearings took when they were last measured, as a share of the way from cold to warm. */
  #calibratedShare = 0

  constructor(spec: Partial<TrainerSpec> = {}) {
    this.spec = { ...TRAINER_SPEC, ...spec }
    const { brakePeakN: peakN, brakeCriticalMps: criticalMps, powerMaxW, roadLagS, ergLagS } = this.spec
    this.#brake = new Brake({ peakN, criticalMps, powerMaxW, roadLagS, ergLagS })
    this.#heart = new Heart(this.spec)
    this.#random = createRandom(this.spec.seed)
    this.#speedMps = this.spec.startMps
    this.#crankRpm = (this.spec.startMps / (GEAR_RATIO * WHEEL_CIRCUMFERENCE_M)) * 60
    const radiusM = WHEEL_CIRCUMFERENCE_M / RAD_PER_REVOLUTION
    this.#rollingKg = this.spec.inertiaKgm2 / (radiusM * radiusM)
    this.#spinDown = new SpinDown({ rollingKg: this.#rollingKg, lossNAt: (v) => this.#lossN(v, 1) })
  }

  get target(): TrainerTarget {
    return this.#target
  }
  set target(target: TrainerTarget) {
    this.#target = target
  }

  get atS(): number {
    return this.#atS
  }
  /** What exact sensors on the same rider say. */
  get truth(): { readonly powerW: number; readonly cadenceRpm: number; readonly heartRateBpm: number } {
    return { powerW: this.#legsW, cadenceRpm: this.#crankRpm, heartRateBpm: this.#heart.bpm }
  }
  get spinDown(): SpinDownState {
    return this.#spinDown.state
  }

  get spinDownExpectedS(): number {
    return this.#spinDown.expectedS
  }
  get temperatureC(): number {
    return ROOM_C + WARMED_C * this.#warmShare
  }
  /** The target cannot be held at this speed. */
  get limit(): TrainerState['limit'] {
    if (this.#target.mode !== 'power' || this.#crankRpm === 0) return 'on-target'
    if (this.#speedMps < SLOW_MPS) return 'too-slow'
    const heldW = this.#brake.forceN * this.#speedMps
    return heldW < this.#target.powerW * 0.5 && this.#speedMps > this.spec.brakeCriticalMps * 3
      ? 'too-fast'
      : 'on-target'
  }

  startSpinDown(): void {
    this.#spinDown.start(this.#atS)
  }
  failSpinDown(): void {
    this.#spinDown.fail()
  }
  ignoreSpinDown(): void {
    this.#spinDown.ignore()
  }

  /** Time passes: `legs` feel what is there now and push, in steps short enough for the stiffest of it. */
  step(legs: LegsModel, seconds: number): void {
    const count = Math.max(1, Math.ceil(seconds / STEP_S - 1e-9))
    for (let i = 0; i < count; i++) this.#once(legs, seconds / count)
  }

  /** A new report: noise is drawn here, so take one for each that is sent. */
  report(): TrainerState {
    const { biasPercent, noisePercent, cadenceBiasRpm } = this.spec
    const noise = noisePercent === 0 ? 0 : (noisePercent / 100) * gaussian(this.#random)
    const speedMps = this.#speedMps
    const reportedW = Math.max(0, this.#measuredW * (1 + biasPercent / 100) * (1 + noise))
    return {
      atS: this.#atS,
      speedMps,
      cadenceRpm: this.#crankRpm,
      torqueNm: this.#isDriving ? this.#push.torqueNm : 0,
      legsW: this.#legsW,
      brakeN: this.#brake.forceN,
      gearRatio: this.#gearRatio,
      distanceM: this.#distanceM,
      crankTurns: this.#crankTurns,
      wheelTurns: this.#distanceM / WHEEL_CIRCUMFERENCE_M,
      reportedW,
      reportedRpm: this.#crankRpm > 0 ? Math.max(0, this.#crankRpm + cadenceBiasRpm) : 0,
      heartRateBpm: this.#heart.bpm,
      temperatureC: this.temperatureC,
      limit: this.limit,
      spinDown: this.#spinDown.state,
    }
  }

  #once(legs: LegsModel, stepS: number): void {
    const { chainEfficiency, massKg, biasPercent } = this.spec
    this.#push = legs.push(
      {
        atS: this.#atS,
        cadenceRpm: this.#crankRpm,
        speedMps: this.#speedMps,
        isHeld: this.#target.mode === 'power',
        spinDown: this.#spinDown.state,
      },
      stepS,
    )
    if (this.#push.gearRatio !== undefined) this.#gearRatio = this.#push.gearRatio
    this.#turnCrank(stepS)
    const radPs = this.#crankRpm * RPM_TO_RADPS
    this.#legsW = this.#isDriving ? this.#push.torqueNm * radPs : 0
    // At the wheel: a turn of the crank is so many metres; the same whether it moves or stands.
    const metresPerRad = (this.#gearRatio * WHEEL_CIRCUMFERENCE_M) / RAD_PER_REVOLUTION
    const driveN = this.#isDriving ? (this.#push.torqueNm * chainEfficiency) / metresPerRad : 0
    const v = this.#speedMps
    const state = {
      speedMps: v,
      massKg,
      ownLossN: this.#lossN(v, this.#calibratedShare),
      gain: 1 + biasPercent / 100,
    }
    const isCoasting = this.#spinDown.isCoasting
    // Until the speed of a spin-down is reached the trainer brakes next to nothing, whatever was set.
    const target = this.#spinDown.state.state === 'accelerate' ? SPIN_UP : this.#target
    const brakeN = isCoasting ? this.#spinDown.brakeN : this.#brake.step(target, state, stepS)
    const againstN = v > 0 ? brakeN + this.#lossN(v, this.#warmShare) : 0
    const nextMps = v + ((driveN - againstN) / this.#rollingKg) * stepS
    this.#speedMps = Math.min(Math.max(nextMps, 0), SPEED_MAX_MPS)
    this.#distanceM += 0.5 * (v + this.#speedMps) * stepS
    const hubW = this.#isDriving ? this.#legsW * chainEfficiency + this.#driftN() * v : 0
    this.#measuredW += ((hubW - this.#measuredW) * stepS) / (this.spec.measureLagS + stepS)
    this.#heart.step(this.#legsW, stepS)
    if (v > 1) this.#warmS += stepS
    this.#atS += stepS
    const hasPassed = this.#spinDown.step({ atS: this.#atS, speedMps: this.#speedMps, isDriving: this.#isDriving })
    if (hasPassed) this.#calibratedShare = this.#warmShare
  }

  /** Engaged, the crank turns with the wheel; free, it turns as the legs like, but never faster than the wheel. */
  #turnCrank(stepS: number): void {
    const engagedRpm = (this.#speedMps / (this.#gearRatio * WHEEL_CIRCUMFERENCE_M)) * 60
    const before = this.#crankRpm
    const wantedRpm = this.#push.torqueNm > 0 ? engagedRpm : Math.min(Math.max(this.#push.cadenceRpm, 0), engagedRpm)
    const mostRpm = CRANK_RPMPS * stepS
    this.#crankRpm = Math.min(Math.max(wantedRpm, before - mostRpm), before + mostRpm)
    // The freewheel cannot turn slower than the crank; a gear changed under way brings the crank to the wheel.
    if (this.#crankRpm > engagedRpm) this.#crankRpm = engagedRpm
    this.#crankTurns += ((before + this.#crankRpm) / 120) * stepS
  }

  /** Torque reaches the wheel only when the crank has caught up with it. */
  get #isDriving(): boolean {
    const engagedRpm = (this.#speedMps / (this.#gearRatio * WHEEL_CIRCUMFERENCE_M)) * 60
    return this.#push.torqueNm > 0 && engagedRpm - this.#crankRpm < 1
  }

  get #warmShare(): number {
    return this.#warmS / (this.#warmS + WARM_S)
  }

  /** Bearings at this speed. Cold ones take more: what has gone at `warmShare` of the way is what drifts. */
  #lossN(speedMps: number, warmShare: number): number {
    const coldN = (this.spec.driftW / DRIFT_AT_MPS) * (1 - warmShare)
    return this.spec.lossN + coldN + this.spec.lossNspm * speedMps
  }

  /** The trainer adds losses it believes in to what its brake takes; warm bearings take less, so it reports too much. */
  #driftN(): number {
    return this.#lossN(0, this.#calibratedShare) - this.#lossN(0, this.#warmShare)
  }
}

/** Twelve dice less six: mean 0, variance 1. */
function gaussian(random: Random): number {
  let sum = -6
  for (let i = 0; i < 12; i++) sum += random.fraction()
  return sum
}
