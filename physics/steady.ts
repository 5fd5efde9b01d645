import { resistanceN, ROAD_BIKE, shelteredAreaM2, type Bike } from './resistance.ts'

/** A steady ride: one slope, one surface, one wind. */
export interface Steady {
  readonly massKg: number
  readonly cdaM2: number
  /** dz/ds. */
  readonly slope: number
  readonly crr: number
  readonly airDensityKgpm3: number
  /** Wind in the face and from the side, m/s; 0 is still air. */
  readonly headwindMps?: number
  readonly crossMps?: number
  readonly draftFactor?: number
  readonly bike?: Bike
}

/** Watts at the pedals that hold this speed; negative where one must brake. */
export function steadyPowerW(speedMps: number, ride: Steady): number {
  return (steadyResistanceN(speedMps, ride) * speedMps) / (ride.bike ?? ROAD_BIKE).efficiency
}

/** Speed that this power holds, by halving: downhill the one that resistance grows back to, Infinity where nothing resists. */
export function steadySpeedMps(powerW: number, ride: Steady): number {
  let slowMps = 0
  let fastMps = 1
  while (steadyPowerW(fastMps, ride) < powerW || steadyResistanceN(fastMps, ride) < 0) {
    slowMps = fastMps
    fastMps *= 2
    if (fastMps > 1024) return Infinity // Nothing resists.
  }
  for (let i = 0; i < 64; i++) {
    const middleMps = 0.5 * (slowMps + fastMps)
    if (steadyPowerW(middleMps, ride) < powerW) slowMps = middleMps
    else fastMps = middleMps
  }
  return 0.5 * (slowMps + fastMps)
}

function steadyResistanceN(speedMps: number, ride: Steady): number {
  const bike = ride.bike ?? ROAD_BIKE
  const areaM2 = shelteredAreaM2(ride.cdaM2, ride.draftFactor ?? 1, bike)
  const airMps = speedMps + (ride.headwindMps ?? 0)
  const { massKg, slope, crr, airDensityKgpm3, crossMps = 0 } = ride
  return resistanceN(speedMps, airMps, massKg, slope, crr, areaM2, airDensityKgpm3, bike, crossMps)
}
