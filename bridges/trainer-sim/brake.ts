import { G_MPS2 } from './constants.ts'

/** What an app has set: the slope of a road, watts to hold, a share of the brake, or nothing. Units in the names. */
export type TrainerTarget =
  | {
      readonly mode: 'simulation'
      readonly gradeFraction: number
      readonly crr: number
      /** Air: F = cw · (v + wind)². */
      readonly cwKgpm: number
      readonly windMps?: number
    }
  | { readonly mode: 'power'; readonly powerW: number }
  | { readonly mode: 'resistance'; readonly share: number }

export interface BrakeSpec {
  /** Force at the wheel that the magnets reach at the critical speed, and that speed. */
  readonly peakN: number
  readonly criticalMps: number
  readonly powerMaxW: number
  /** How late force follows a road, and watts: first order. */
  readonly roadLagS: number
  readonly ergLagS: number
}

/** Below this P/v would pull without bound; a trainer says "too slow" here. */
export const SLOW_MPS = 1.5
/** A trainer knows its speed a little late: ticks of an encoder, averaged. */
const SPEED_LAG_S = 0.2

/**
 * Eddy currents in a turning disc: force grows with speed up to the critical speed and falls again above it
 * (Smythe 1942; Wouterse 1991): F = F_peak · 2x / (1 + x²), x = v / v_critical.
 */
export function brakeMaxN(spec: BrakeSpec, speedMps: number): number {
  const x = speedMps / spec.criticalMps
  const eddyN = (spec.peakN * 2 * x) / (1 + x * x)
  return speedMps > 0 ? Math.min(eddyN, spec.powerMaxW / speedMps) : 0
}

/** The road's force against a rider of this mass: slope, rolling, air (Martin et al. 1998, eq. 3–8). Downhill it is negative. */
export function roadN(target: TrainerTarget & { mode: 'simulation' }, massKg: number, speedMps: number): number {
  const hypotenuse = Math.sqrt(1 + target.gradeFraction * target.gradeFraction)
  const weightN = massKg * G_MPS2
  const airMps = speedMps + (target.windMps ?? 0)
  const rollingN = speedMps > 0 ? weightN * target.crr : 0
  return (weightN * target.gradeFraction + rollingN) / hypotenuse + target.cwKgpm * airMps * Math.abs(airMps)
}

/** What a controller turns a target into: force now, late by its lag, never more than the magnets have. */
export class Brake {
  readonly #spec: BrakeSpec
  #forceN = 0
  #seenMps = 0

  constructor(spec: BrakeSpec) {
    this.#spec = spec
  }

  get forceN(): number {
    return this.#forceN
  }

  /**
   * `ownLossN`: what the trainer believes its bearings take, which it need not brake. `gain`: reported watts per true
   * watt; a controller that reads 3 % too much brakes 3 % too little.
   */
  step(target: TrainerTarget, at: { speedMps: number; massKg: number; ownLossN: number; gain: number }, stepS: number) {
    const { speedMps, massKg, ownLossN, gain } = at
    this.#seenMps += ((speedMps - this.#seenMps) * stepS) / (SPEED_LAG_S + stepS)
    const mostN = brakeMaxN(this.#spec, speedMps)
    const wantedN = Math.min(Math.max(this.#wantedN(target, massKg, gain) - ownLossN, 0), mostN)
    const lagS = target.mode === 'power' ? this.#spec.ergLagS : this.#spec.roadLagS
    this.#forceN += ((wantedN - this.#forceN) * stepS) / (lagS + stepS)
    this.#forceN = Math.min(this.#forceN, mostN)
    return this.#forceN
  }

  #wantedN(target: TrainerTarget, massKg: number, gain: number): number {
    if (target.mode === 'simulation') return roadN(target, massKg, this.#seenMps) / gain
    // Watts held at less speed are more force: here the spiral begins.
    if (target.mode === 'power') return target.powerW / gain / Math.max(this.#seenMps, SLOW_MPS)
    return target.share * brakeMaxN(this.#spec, this.#seenMps)
  }
}
