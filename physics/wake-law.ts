/**
 * What one rider's air does to another's drag: the law alone, of two places and a size, without riders or roads. The
 * numbers in WAKE_LAW are fitted to every published point at once (`gruppetto fit-drafting`, docs/physics.md). All in
 * the axes of the source's apparent wind: `downM` metres downstream of it, `acrossM` beside that line, centre to centre.
 */

/** Front wheel to rear wheel of one bicycle, m; the gap of two riders is the difference of their places less this. */
export const BICYCLE_LENGTH_M = 1.68
/** The lone rider of the in-line table, m²: what strengths and widths are measured by (van Druenen & Blocken 2021). */
export const REFERENCE_AREA_M2 = 0.473

export interface WakeLaw {
  /** Share of drag that a core wake takes away, right behind the reference rider, of what it can take away at all. */
  readonly core: number
  /** It falls as tail + (1 − tail) / (1 + gap / length). */
  readonly coreLengthM: number
  readonly coreTail: number
  /** Half its width at the rear wheel, and how that grows per metre behind. */
  readonly coreHalfM: number
  readonly coreSpread: number
  /** Share of drag that comes in from the sides, however many ride in line ahead. */
  readonly inflow: number
  /** What each rider ahead, but not in line, takes away of everything: it closes a part of that inflow. */
  readonly side: number
  readonly sideHalfM: number
  readonly sideSpread: number
  /** Where both wakes end for the reference rider, m of gap; they taper to exactly nothing there. */
  readonly reachM: number
  /** Wakes begin at the first of these distances centre to centre, and are whole at the second, m. */
  readonly onsetFromM: number
  readonly onsetToM: number
  /** Air pushed aside: slower in front of a body and behind it, faster alongside (m³, and the length that softens it, m). */
  readonly push: number
  readonly beside: number
  readonly softM: number
  /** Where that ends for the reference rider, m. */
  readonly pushReachM: number
  /** At most, shares of the drag alone in still air. */
  readonly pushMost: number
  readonly besideMost: number
  /** Nobody is sheltered beyond this. */
  readonly least: number
}

export const WAKE_LAW: WakeLaw = {
  core: 0.7379,
  coreLengthM: 3.79,
  coreTail: 0.0436,
  coreHalfM: 0.6241,
  coreSpread: 0.02,
  inflow: 0.3444,
  side: 0.0834,
  sideHalfM: 1.2,
  sideSpread: 0.1,
  reachM: 30,
  onsetFromM: 0.2,
  onsetToM: 1.5,
  push: 0.2484,
  beside: 0.0356,
  softM: 0.6698,
  pushReachM: 12,
  pushMost: 0.14,
  besideMost: 0.2,
  least: 0.05,
}

/** A body that others meet the air of: a number for each power of its drag area that the law asks for. */
export interface Source {
  /** (A / A₀)^⅓: the deficit far behind a body grows as the cube root of its drag (Tennekes & Lumley 1972, §4.2). */
  strength: number
  /** (A / A₀)^½: its widths. */
  scale: number
  /** A / A₀: how far it reaches, and what it pushes aside beside it. */
  areaRatio: number
}

export function sourceOf(areaM2: number): Source {
  const areaRatio = areaM2 / REFERENCE_AREA_M2
  return { strength: cubeRoot(areaRatio), scale: Math.sqrt(areaRatio), areaRatio }
}

/** Newton's, from a guess that is right for 1: to the last bits between 1/20 and 50, the same in every engine. */
export function cubeRoot(value: number): number {
  let root = (2 + value) / 3
  for (let i = 0; i < 9; i++) root -= (root - value / (root * root)) / 3
  return root
}

/** Sums of what a target has felt: products of what both wakes leave, and what is pushed. One row a target. */
export class WakeSums {
  readonly core: Float64Array
  readonly side: Float64Array
  readonly push: Float64Array
  readonly beside: Float64Array

  constructor(targets: number) {
    this.core = new Float64Array(targets)
    this.side = new Float64Array(targets)
    this.push = new Float64Array(targets)
    this.beside = new Float64Array(targets)
  }

  clear(target: number): void {
    this.core[target] = 1
    this.side[target] = 1
    this.push[target] = 0
    this.beside[target] = 0
  }

  /** Drag as a share of the drag alone. A push from behind is felt through the air that is left, hence the root. */
  factor(target: number, law: WakeLaw = WAKE_LAW): number {
    const sheltered = this.side[target]! * (law.inflow + (1 - law.inflow) * this.core[target]!)
    const beside = Math.min(law.besideMost, this.beside[target]!)
    const push = Math.min(law.pushMost, this.push[target]!)
    return Math.max(law.least, sheltered * (1 + beside) - push * Math.sqrt(sheltered))
  }
}

/**
 * One target meets one source's air. `contactM` is their distance centre to centre when wheels touch; `share` is how fast
 * the source's air is beside the target's, at most 1: who stands leaves no wake.
 */
export function feel(
  sums: WakeSums,
  target: number,
  downM: number,
  acrossM: number,
  contactM: number,
  strength: number,
  scale: number,
  areaRatio: number,
  share: number,
  law: WakeLaw = WAKE_LAW,
): void {
  if (downM > law.onsetFromM) feelWake(sums, target, downM, acrossM, contactM, strength, scale, areaRatio, share, law)
  const farM = law.pushReachM * scale
  const squareM2 = downM * downM + acrossM * acrossM
  if (squareM2 < farM * farM) feelPush(sums, target, downM, acrossM, squareM2, scale, areaRatio, share, law)
}

function feelWake(
  sums: WakeSums,
  target: number,
  downM: number,
  acrossM: number,
  contactM: number,
  strength: number,
  scale: number,
  areaRatio: number,
  share: number,
  law: WakeLaw,
): void {
  const gapM = Math.max(0, downM - contactM)
  const sideM = scale * (law.sideHalfM + law.sideSpread * gapM)
  const far = gapM / (law.reachM * areaRatio)
  const acrossM2 = acrossM * acrossM
  if (far >= 1 || acrossM2 >= sideM * sideM) return
  const begun = Math.min(1, (downM - law.onsetFromM) / (law.onsetToM - law.onsetFromM))
  const fade = share * strength * begun * begun * (3 - 2 * begun) * (1 - far * far)

  const u = acrossM2 / (sideM * sideM)
  // Nothing in line, most at 0.58 of the half width, nothing at its edge: 27/4 u (1 − u)².
  sums.side[target]! *= 1 - Math.min(0.98, law.side * fade * 6.75 * u * (1 - u) * (1 - u))

  const coreM = scale * (law.coreHalfM + law.coreSpread * gapM)
  const w = 1 - acrossM2 / (coreM * coreM)
  if (w <= 0) return
  const fallen = law.coreTail + (1 - law.coreTail) / (1 + gapM / law.coreLengthM)
  sums.core[target]! *= 1 - Math.min(0.98, law.core * fade * fallen * w * w)
}

/** A doublet's field, softened near the body: −2x² + y² over r⁵. In the wake its slower half is the wake itself. */
function feelPush(
  sums: WakeSums,
  target: number,
  downM: number,
  acrossM: number,
  squareM2: number,
  scale: number,
  areaRatio: number,
  share: number,
  law: WakeLaw,
): void {
  const volume = scale * areaRatio
  const softM2 = law.softM * law.softM * areaRatio + squareM2
  const field = law.push * volume * downM * downM - law.beside * volume * areaRatio * acrossM * acrossM
  const edge = 1 - squareM2 / (law.pushReachM * law.pushReachM * areaRatio)
  const felt = (share * edge * field) / (softM2 * softM2 * Math.sqrt(softM2))
  if (felt < 0) sums.beside[target]! -= felt
  else if (downM < 0) sums.push[target]! += felt
}
