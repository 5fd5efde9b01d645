/** Density at sea level, kg/m³, temperature there, K, lapse rate, K/m, and the exponent g M / R L − 1 (ISO 2533, troposphere). */
const SEA_LEVEL_KGPM3 = 1.225
const SEA_LEVEL_K = 288.15
const LAPSE_KPM = 0.0065
const EXPONENT = 4.2559
const SERIES_TERMS = 40
/** Standard air has this temperature at sea level, °C. */
const STANDARD_C = 15

/**
 * Density of standard air at a height, kg/m³: ρ₀ (1 − 0.0065 h / 288.15)^4.2559. The power is a binomial series, which
 * below 11 km converges to the last bit within its terms: + − × ÷ only, the same in every engine.
 */
export function airDensityKgpm3(heightM: number): number {
  const u = Math.min(0.25, Math.max(-0.25, (LAPSE_KPM / SEA_LEVEL_K) * heightM))
  let sum = 1
  let term = 1
  for (let k = 1; k <= SERIES_TERMS; k++) {
    term *= (-u * (EXPONENT - k + 1)) / k
    sum += term
  }
  return SEA_LEVEL_KGPM3 * sum
}

/**
 * What a warmer or colder day makes of standard density at a height: the same law with another temperature at sea
 * level, the pressure there unchanged. The power of a number so near 1 is its Padé approximant, 10⁻⁵ off at most (to
 * 3 km and ±40 K), so the tick can ask at every place. Exactly 1 at 15 °C.
 */
export function warmthShare(seaLevelC: number, heightM: number): number {
  const excessK = seaLevelC - STANDARD_C
  if (excessK === 0) return 1
  const dayK = SEA_LEVEL_K + excessK
  const fallK = LAPSE_KPM * heightM
  // (1 − L h / T′) / (1 − L h / T) − 1
  const y = (fallK * (dayK - SEA_LEVEL_K)) / (dayK * (SEA_LEVEL_K - fallK))
  return (SEA_LEVEL_K / dayK) * ((1 + 0.5 * (EXPONENT + 1) * y) / (1 - 0.5 * (EXPONENT - 1) * y))
}
