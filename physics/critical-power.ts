/** A rider's critical power, W, and the work that can be done above it, J (Monod & Scherrer 1965). */
export interface CriticalPower {
  readonly criticalW: number
  readonly reserveJ: number
}

/**
 * W′ after `dtS` at a power, J: above critical power it is spent one to one, below it comes back in proportion to what is
 * missing (Froncioni 2014, Clarke & Skiba 2013, differential form). Never above `reserveJ`; below nothing when somebody
 * does more than they can, which is for the caller to see. + − × ÷ only, so that bots may ask it in the tick.
 */
export function nextReserveJ(leftJ: number, powerW: number, rider: CriticalPower, dtS: number): number {
  const overW = powerW - rider.criticalW
  if (overW >= 0) return leftJ - overW * dtS
  const back = (-overW * dtS) / rider.reserveJ
  // Implicit, so that no step, however long, comes back to more than all.
  return Math.min(rider.reserveJ, (leftJ + back * rider.reserveJ) / (1 + back))
}

/** Seconds until nothing is left at a steady power; Infinity at critical power and below. */
export function exhaustionS(powerW: number, rider: CriticalPower, leftJ = rider.reserveJ): number {
  return powerW <= rider.criticalW ? Infinity : Math.max(0, leftJ) / (powerW - rider.criticalW)
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
