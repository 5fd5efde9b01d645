import { GEAR_RATIO, RPM_TO_RADPS } from './constants.ts'
import type { SpinDownState } from './spin-down.ts'

/** What legs feel. */
export interface Feel {
  readonly atS: number
  readonly cadenceRpm: number
  readonly speedMps: number
  /** The trainer holds watts: cadence is the rider's to choose, power is not. */
  readonly isHeld: boolean
  readonly spinDown: SpinDownState
}

/** What legs do. */
export interface Push {
  /** At the crank, mean of a turn. 0: nothing, the freewheel clicks. */
  readonly torqueNm: number
  /** How fast legs turn when nothing resists; 0: they stand still. */
  readonly cadenceRpm: number
  /** Wheel turns per crank turn; unsaid: as it was. */
  readonly gearRatio?: number
}

/** Legs, told what they feel every few hundredths of a second. */
export interface LegsModel {
  push(feel: Feel, stepS: number): Push
}

const STILL: Push = { torqueNm: 0, cadenceRpm: 0 }
/** Force and speed of legs: torque falls with a straight line over cadence (Martin 1997; Dorel 2005: about 180 Nm, 220 rpm). */
const TORQUE_MAX_NM = 180
const CADENCE_MAX_RPM = 220
/** Below this P/ω would push without bound: a start from standing. */
const START_RPM = 40

/** The most torque fresh legs have at this cadence. */
export const torqueMaxNm = (cadenceRpm: number): number => TORQUE_MAX_NM * Math.max(0, 1 - cadenceRpm / CADENCE_MAX_RPM)

/** A cassette's twelve ratios behind a chainring of 50 and one of 34, in order, as a rider uses them. */
const GEARS = [1, 1.13, 1.28, 1.48, 1.7, 1.94, 2.17, 2.38, 2.63, 2.94, 3.33, 3.85, 4.17, 4.55] as const
const SHIFT_AFTER_S = 1.5
const SHIFT_BAND_RPM = 9

/** Shifts where cadence has left what the rider likes for a while. */
class Shifter {
  likedRpm: number
  #gear = GEARS.indexOf(GEAR_RATIO)
  #outS = 0

  constructor(likedRpm: number) {
    this.likedRpm = likedRpm
  }

  ratio(feel: Feel, stepS: number): number {
    const offRpm = feel.cadenceRpm - this.likedRpm
    // Nobody shifts to hold watts that the trainer holds.
    const isOut = Math.abs(offRpm) > SHIFT_BAND_RPM && !feel.isHeld && feel.cadenceRpm > 0
    this.#outS = isOut ? this.#outS + stepS : 0
    if (this.#outS > SHIFT_AFTER_S) {
      this.#outS = 0
      this.#gear = Math.min(Math.max(this.#gear + Math.sign(offRpm), 0), GEARS.length - 1)
    }
    return GEARS[this.#gear]!
  }
}

/** Nm per rpm off, and Nm per rpm and second: a rider who answers within a second or two, and does not swing. */
const HOLD_NM_PER_RPM = 3
const HOLD_NM_PER_RPM_S = 0.6
/** How fast a rider drifts from the cadence there is to the one liked. */
const DRIFT_RPMPS = 1.5
const CONTENT_RPM = 12

/** Holds a cadence by torque: proportional and integral, as far as `mostNm`. ERG is unstable by itself; this steadies it. */
class CadenceHolder {
  likedRpm: number
  #aimRpm: number
  #holdNm = 0

  constructor(likedRpm: number) {
    this.likedRpm = likedRpm
    this.#aimRpm = likedRpm
  }

  torqueNm(cadenceRpm: number, mostNm: number, stepS: number): number {
    const stepRpm = DRIFT_RPMPS * stepS
    this.#aimRpm += Math.min(Math.max(this.likedRpm - this.#aimRpm, -stepRpm), stepRpm)
    const offRpm = this.#aimRpm - cadenceRpm
    this.#holdNm = Math.min(Math.max(this.#holdNm + HOLD_NM_PER_RPM_S * offRpm * stepS, 0), mostNm)
    return Math.min(Math.max(this.#holdNm + HOLD_NM_PER_RPM * offRpm, 0), mostNm)
  }

  /** Takes over from legs that pushed otherwise: the torque there was, at the cadence there is. */
  begin(torqueNm: number, cadenceRpm: number): void {
    this.#holdNm = torqueNm
    // Nobody is content with far less or more than they like: a start from standing aims at nearly all of it.
    this.#aimRpm = Math.min(Math.max(cadenceRpm, this.likedRpm - CONTENT_RPM), this.likedRpm + CONTENT_RPM)
  }
}

export interface RiderSpec {
  /** What is pushed where the trainer does not hold watts. */
  readonly powerW: number
  readonly cadenceRpm: number
}

/** Pushes the same watts on every road, shifting to the cadence liked; where watts are held, holds the cadence. As strong as fresh legs are. */
export class SteadyRider implements LegsModel {
  readonly #powerW: number
  readonly #shifter: Shifter
  readonly #holder: CadenceHolder
  #likedRpm: number
  #wasHeld = false
  #lastNm = 0

  constructor(spec: Partial<RiderSpec> = {}) {
    this.#powerW = spec.powerW ?? 200
    this.#likedRpm = spec.cadenceRpm ?? 90
    this.#shifter = new Shifter(this.#likedRpm)
    this.#holder = new CadenceHolder(this.#likedRpm)
  }

  get likedRpm(): number {
    return this.#likedRpm
  }
  set likedRpm(likedRpm: number) {
    this.#likedRpm = likedRpm
    this.#shifter.likedRpm = likedRpm
    this.#holder.likedRpm = likedRpm
  }

  push(feel: Feel, stepS: number): Push {
    return this.pushWithin(feel, torqueMaxNm(feel.cadenceRpm), stepS)
  }

  /** The same with legs that have no more than `mostNm`. */
  pushWithin(feel: Feel, mostNm: number, stepS: number, powerW = this.#powerW): Push {
    const likedRpm = this.#likedRpm
    const gearRatio = this.#shifter.ratio(feel, stepS)
    if (feel.spinDown.state === 'coast') return { ...STILL, gearRatio }
    if (feel.isHeld && !this.#wasHeld) this.#holder.begin(this.#lastNm, feel.cadenceRpm)
    this.#wasHeld = feel.isHeld
    const wantedNm = feel.isHeld
      ? this.#holder.torqueNm(feel.cadenceRpm, mostNm, stepS)
      : powerW / (Math.max(feel.cadenceRpm, START_RPM) * RPM_TO_RADPS)
    this.#lastNm = Math.min(wantedNm, mostNm)
    return { torqueNm: this.#lastNm, cadenceRpm: powerW > 0 || feel.isHeld ? likedRpm : 0, gearRatio }
  }
}

export interface FadingSpec extends RiderSpec {
  /** What legs can do for long, and the work above it that they have (Monod & Scherrer 1965). */
  readonly criticalPowerW: number
  readonly reserveJ: number
  /** Legs that turn slower than this stop altogether, and start again after `restS`. 0: they grind on. */
  readonly quitRpm: number
  readonly restS: number
}

/**
 * Legs that run out. While the reserve W′ lasts they are as strong as anybody's; as it goes, the torque they have sinks to what
 * critical power is at the cadence they like. The reserve empties by what is above critical power and fills by what is below,
 * slower the fuller it is (Skiba 2012 in differential form). Held watts above what is left pull the cadence down, less cadence
 * asks for more torque, which is not there: the spiral of death.
 */
export class FadingRider implements LegsModel {
  readonly #spec: FadingSpec
  readonly #rider: SteadyRider
  #reserveJ: number
  #restUntilS = -Infinity
  #hasTurned = false

  constructor(spec: Partial<FadingSpec> = {}) {
    this.#spec = {
      ...{ powerW: 200, cadenceRpm: 90, criticalPowerW: 220, reserveJ: 12_000, quitRpm: 0, restS: 10 },
      ...spec,
    }
    this.#rider = new SteadyRider(this.#spec)
    this.#reserveJ = this.#spec.reserveJ
  }

  /** W′ that is left, J. */
  get reserveJ(): number {
    return this.#reserveJ
  }

  push(feel: Feel, stepS: number): Push {
    const { criticalPowerW, reserveJ, cadenceRpm: likedRpm, quitRpm, restS } = this.#spec
    if (feel.cadenceRpm > likedRpm * 0.8) this.#hasTurned = true
    if (this.#hasTurned && feel.cadenceRpm < quitRpm && feel.atS > this.#restUntilS) {
      this.#restUntilS = feel.atS + restS
      this.#hasTurned = false
    }
    if (feel.atS < this.#restUntilS) {
      this.#spend(0, stepS)
      return STILL
    }
    const tiredNm = criticalPowerW / (likedRpm * RPM_TO_RADPS)
    const fullNm = torqueMaxNm(feel.cadenceRpm)
    const share = this.#reserveJ / reserveJ
    const mostNm = Math.min(fullNm, tiredNm + (fullNm - tiredNm) * share)
    const push = this.#rider.pushWithin(feel, mostNm, stepS)
    this.#spend(push.torqueNm * feel.cadenceRpm * RPM_TO_RADPS, stepS)
    return push
  }

  #spend(powerW: number, stepS: number): void {
    const { criticalPowerW, reserveJ } = this.#spec
    const overW = powerW - criticalPowerW
    const flowW = overW > 0 ? -overW : (-overW * (reserveJ - this.#reserveJ)) / reserveJ
    this.#reserveJ = Math.min(Math.max(this.#reserveJ + flowW * stepS, 0), reserveJ)
  }
}

/** Other legs, that stand still between two moments. */
export class StoppingRider implements LegsModel {
  readonly #legs: LegsModel
  readonly #fromS: number
  readonly #toS: number

  constructor(legs: LegsModel, stop: { readonly fromS: number; readonly toS?: number }) {
    this.#legs = legs
    this.#fromS = stop.fromS
    this.#toS = stop.toS ?? Infinity
  }

  push(feel: Feel, stepS: number): Push {
    return feel.atS >= this.#fromS && feel.atS < this.#toS ? STILL : this.#legs.push(feel, stepS)
  }
}

/** Brings the wheel above the speed of a spin-down whatever it takes, and stops when told; `isDeaf` never stops. */
export class CalibratingRider implements LegsModel {
  readonly #rider: SteadyRider
  readonly #isDeaf: boolean

  constructor(options: { readonly powerW?: number; readonly isDeaf?: boolean } = {}) {
    this.#rider = new SteadyRider({ powerW: options.powerW ?? 300 })
    this.#isDeaf = options.isDeaf ?? false
  }

  push(feel: Feel, stepS: number): Push {
    const felt =
      this.#isDeaf && feel.spinDown.state === 'coast' ? { ...feel, spinDown: { state: 'idle' } as const } : feel
    return this.#rider.push(felt, stepS)
  }
}
