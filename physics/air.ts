/** Density at sea level, kg/m³, lapse rate over temperature there, 1/m, and the exponent g M / R L − 1 (ISO 2533, troposphere). */
const SEA_LEVEL_KGPM3 = 1.225
const LAPSE_PM = 0.0065 / 288.15
const EXPONENT = 4.2559
const SERIES_TERMS = 40

/**
 * Density of standard air at a height, kg/m³: ρ₀ (1 − 0.0065 h / 288.15)^4.2559. The power is a binomial series, which
 * below 11 km converges to the last bit within its terms: + − × ÷ only, the same in every engine.
 */
export function airDensityKgpm3(heightM: number): number {
  const u = Math.min(0.25, Math.max(-0.25, LAPSE_PM * heightM))
  let sum = 1
  let term = 1
  for (let k = 1; k <= SERIES_TERMS; k++) {
    term *= (-u * (EXPONENT - k + 1)) / k
    sum += term
  }
  return SEA_LEVEL_KGPM3 * sum
}
