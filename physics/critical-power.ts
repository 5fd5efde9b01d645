/** A rider's critical power, W, and the work that can be done above it, W′, J (Monod & Scherrer 1965). */
export interface CriticalPower {
  readonly criticalW: number
  readonly wPrimeJ: number
}

/**
 * W′ after `dtS` at a power, J: above critical power it is spent one to one, below it comes back in proportion to what is
 * missing (Froncioni 2014, Clarke & Skiba 2013, differential form). Never above `wPrimeJ`; below nothing when somebody
 * does more than they can, which is for the caller to see. + − × ÷ only, so that bots may ask it in the tick.
 */
export function nextWPrimeJ(leftJ: number, powerW: number, rider: CriticalPower, dtS: number): number {
  const overW = powerW - rider.criticalW
  if (overW >= 0) return leftJ - overW * dtS
  const back = (-overW * dtS) / rider.wPrimeJ
  // Implicit, so that no step, however long, comes back to more than all.
  return Math.min(rider.wPrimeJ, (leftJ + back * rider.wPrimeJ) / (1 + back))
}

/** Time constant of recovery, s: 546 e^(−0.01 D) + 316, D watts below critical power on the mean (Skiba et al. 2012). */
export function recoveryTauS(belowCriticalW: number): number {
  return 546 * expOfMinus(0.01 * belowCriticalW) + 316
}

/** e^−x for x ≥ 0 by ten squarings of a short series: 10⁻¹² off, and the same in every engine. */
function expOfMinus(x: number): number {
  const y = x / 1024
  let power = 1 + y * (1 + y * (0.5 + y * (1 / 6 + y / 24)))
  for (let i = 0; i < 10; i++) power *= power
  return 1 / power
}
