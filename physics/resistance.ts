import {
  BEARING_N,
  BEARING_NSPM,
  DRIVETRAIN_EFFICIENCY,
  GRAVITY_MPS2,
  SIDE_DRAG_RATIO,
  WHEEL_DRAG_AREA_M2,
  WHEEL_INERTIA_KG,
} from './constants.ts'

/** What a bicycle itself costs and carries. The world has one; a checker may compare with a calculator's. */
export interface Bike {
  /** Share of the pedals' power that reaches the wheel. */
  readonly efficiency: number
  /** Drag area of the turning wheels, sheltered like the rider, m². */
  readonly wheelDragAreaM2: number
  /** Bearings, and any other loss that does not ask about speed, N. */
  readonly bearingN: number
  /** … and what grows with speed, N per m/s. */
  readonly bearingNspm: number
  /** What the wheels add to the mass by turning, kg. */
  readonly inertiaKg: number
}

/** Martin et al. 1998. */
export const ROAD_BIKE: Bike = {
  efficiency: DRIVETRAIN_EFFICIENCY,
  wheelDragAreaM2: WHEEL_DRAG_AREA_M2,
  bearingN: BEARING_N,
  bearingNspm: BEARING_NSPM,
  inertiaKg: WHEEL_INERTIA_KG,
}

/**
 * Newtons against a rider. Martin et al. 1998, eq. 3–8. `slope` is dz/ds, the sine; `dragAreaM2` is rider and wheels,
 * sheltered (`shelteredAreaM2`); `airMps` is the air along the road as the rider meets it, in still air the speed itself,
 * and `crossMps` what comes across it.
 */
export function resistanceN(
  speedMps: number,
  airMps: number,
  massKg: number,
  slope: number,
  crr: number,
  dragAreaM2: number,
  airDensityKgpm3: number,
  bike: Bike = ROAD_BIKE,
  crossMps = 0,
): number {
  return (
    gravityN(massKg, slope) +
    rollingN(massKg, slope, crr) +
    bearingN(speedMps, bike) +
    dragN(airMps, dragAreaM2, airDensityKgpm3, crossMps)
  )
}

/** Down the slope. Martin's sin(atan(G)) is our slope, since the course is measured along the road. */
export function gravityN(massKg: number, slope: number): number {
  return massKg * GRAVITY_MPS2 * slope
}

export function rollingN(massKg: number, slope: number, crr: number): number {
  return massKg * GRAVITY_MPS2 * crr * Math.sqrt(1 - slope * slope)
}

export function bearingN(speedMps: number, bike: Bike = ROAD_BIKE): number {
  return bike.bearingN + bike.bearingNspm * speedMps
}

/**
 * Along the road: va·|va|, not va², so that a tailwind faster than the rider pushes. Air that also comes from the side
 * meets CdA (cos²β + μ sin²β) with all its speed W, of which va / W is along the road: (va² + μ vc²) · va / W.
 */
export function dragN(airMps: number, dragAreaM2: number, airDensityKgpm3: number, crossMps = 0): number {
  return 0.5 * airDensityKgpm3 * dragAreaM2 * airMps * effectiveAirMps(airMps, crossMps)
}

/** What |va| becomes in yaw; without side wind it is |va|, to the last bit. */
export function effectiveAirMps(airMps: number, crossMps: number): number {
  if (crossMps === 0) return Math.abs(airMps)
  const along = airMps * airMps
  const across = crossMps * crossMps
  return (along + SIDE_DRAG_RATIO * across) / Math.sqrt(along + across)
}

/** Rider and wheels behind somebody: the shelter covers both (Blocken et al. 2020, back-solved in docs/physics.md). */
export function shelteredAreaM2(cdaM2: number, draftFactor: number, bike: Bike = ROAD_BIKE): number {
  return (cdaM2 + bike.wheelDragAreaM2) * draftFactor
}
