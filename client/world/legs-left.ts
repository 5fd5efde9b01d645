import { nextWPrimeJ, type CriticalPower } from '#physics/critical-power'

/** Coggan's levels, by the percent of FTP at which each begins (Allen & Coggan 2010, table 3.1). */
export const ZONE_FROM_PERCENT = [0, 56, 76, 91, 106, 121, 151] as const

/** Shares of the highest heart rate at which its zones 2 … 5 begin. */
export const HEART_FROM = [0.6, 0.7, 0.8, 0.9] as const

/** 1 … 7. */
export function zoneOf(powerW: number, ftpW: number): number {
  let zone = 1
  while (zone < ZONE_FROM_PERCENT.length && 100 * powerW >= ZONE_FROM_PERCENT[zone]! * ftpW) zone++
  return zone
}

/** What a rider who has told nothing is taken for, W/kg at threshold: the lower edge of Coggan's "moderate". */
const FTP_DEFAULT_WPKG = 2.5
/** Of the best 20 minutes (Allen & Coggan 2010, chapter 3). */
const FTP_OF_20_MIN = 0.95
/** W′ of trained riders lies between 15 and 25 kJ (Skiba et al. 2012, table 1; Jones & Vanhatalo 2017). */
const W_PRIME_DEFAULT_J = 20_000

export interface Limits extends CriticalPower {
  readonly ftpW: number
  /** Nobody has told it: from weight, or from this ride. */
  readonly isEstimated: boolean
}

/** Threshold, critical power and W′ of a rider. CP is told, else taken for FTP, from which it differs by a few watts. */
export function limitsOf(told: {
  readonly massKg: number
  readonly ftpW?: number | undefined
  readonly criticalW?: number | undefined
  readonly wPrimeJ?: number | undefined
  /** Best mean over 20 minutes of this ride, W; 0: none yet. */
  readonly best20W?: number | undefined
}): Limits {
  const guessW = Math.max(FTP_DEFAULT_WPKG * told.massKg, FTP_OF_20_MIN * (told.best20W ?? 0))
  const ftpW = told.ftpW ?? told.criticalW ?? guessW
  return {
    ftpW,
    criticalW: told.criticalW ?? ftpW,
    wPrimeJ: told.wPrimeJ ?? W_PRIME_DEFAULT_J,
    isEstimated: told.ftpW === undefined && told.criticalW === undefined,
  }
}

/** Minutes of the best, and how finely it is kept. */
const BEST_S = 1200
const BIN_S = 5

/** W′ that is left, and the best 20 minutes, as watts come. */
export class LegsLeft {
  best20W = 0
  limits: Limits
  leftJ: number
  #lastS: number | undefined
  #lastW = 0
  readonly #bins = new Float64Array(BEST_S / BIN_S)
  #bin = 0
  #binsFull = 0
  #binS = 0
  #binJ = 0
  #sumJ = 0

  constructor(limits: Limits) {
    this.limits = limits
    this.leftJ = limits.wPrimeJ
  }

  /** Others from here on; what was spent stays spent. */
  setLimits(limits: Limits): void {
    this.leftJ = Math.min(limits.wPrimeJ, limits.wPrimeJ - (this.limits.wPrimeJ - this.leftJ))
    this.limits = limits
  }

  ride(powerW: number, rideS: number): void {
    const stepS = this.#lastS === undefined ? 0 : rideS - this.#lastS
    this.#lastS = rideS
    const before = this.#lastW
    this.#lastW = powerW
    if (!(stepS > 0)) return
    // Below nothing the settings are wrong, not the rider; it goes on from nothing.
    this.leftJ = Math.max(0, nextWPrimeJ(this.leftJ, before, this.limits, stepS))
    this.#binS += stepS
    this.#binJ += before * stepS
    if (this.#binS < BIN_S) return
    const meanW = this.#binJ / this.#binS
    this.#sumJ += (meanW - this.#bins[this.#bin]!) * BIN_S
    this.#bins[this.#bin] = meanW
    this.#bin = (this.#bin + 1) % this.#bins.length
    this.#binsFull = Math.min(this.#binsFull + 1, this.#bins.length)
    this.#binS = this.#binJ = 0
    if (this.#binsFull === this.#bins.length) this.best20W = Math.max(this.best20W, this.#sumJ / BEST_S)
  }

  get leftShare(): number {
    return this.leftJ / this.limits.wPrimeJ
  }
}
