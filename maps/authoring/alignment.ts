/**
 * The plan of a road as a surveyor stakes it: straights, and bends whose curvature grows along a clothoid, stays on an
 * arc and fades along another clothoid, so that curvature has no jump. Runs while maps are authored, never in a tick.
 */

/** Curvature runs in a straight line from `startPerM` to `endPerM`; to the left is positive, as angles are. */
export interface Piece {
  readonly lengthM: number
  readonly startPerM: number
  readonly endPerM: number
}

/** metres east and north; the heading is counted from east towards north, rad. */
export interface Pose {
  readonly x: number
  readonly y: number
  readonly headingRad: number
}

export interface Spot extends Pose {
  readonly bendPerM: number
}

/** Of a bend's whole angle, the share that its two clothoids turn. The rest is arc. */
const CLOTHOID_SHARE = 0.55
/** Pieces are integrated in steps of at most this, m: the error of a kilometre is below a micrometre. */
const STEP_M = 1

export function straight(lengthM: number): Piece {
  return { lengthM, startPerM: 0, endPerM: 0 }
}

/** Clothoid, arc, clothoid through an angle (left positive) with the given least radius. */
export function bend(radiusM: number, angleRad: number): Piece[] {
  const turn = Math.abs(angleRad)
  const bendPerM = Math.sign(angleRad) / radiusM
  const clothoidM = CLOTHOID_SHARE * turn * radiusM
  return [
    { lengthM: clothoidM, startPerM: 0, endPerM: bendPerM },
    { lengthM: (1 - CLOTHOID_SHARE) * turn * radiusM, startPerM: bendPerM, endPerM: bendPerM },
    { lengthM: clothoidM, startPerM: bendPerM, endPerM: 0 },
  ]
}

/** From the corner of two straights to where the bend between them begins, as a multiple of its radius. */
export function tangentRatio(angleRad: number): number {
  const turn = Math.abs(angleRad)
  if (turn < 1e-9) return 0
  const radiusM = 100 // Walked at a size at which a step is short.
  const [clothoid, arc] = bend(radiusM, turn)
  const half = walk({ x: 0, y: 0, headingRad: 0 }, [clothoid!, { ...arc!, lengthM: arc!.lengthM / 2 }]).at(Infinity)
  return (half.x + half.y * Math.tan(turn / 2)) / radiusM
}

export interface Alignment {
  readonly lengthM: number
  /** Any distance is answered: before the start and beyond the end, the ends. */
  at(distanceM: number): Spot
}

/** Lays pieces one after the other from a pose. */
export function walk(start: Pose, pieces: readonly Piece[]): Alignment {
  const knots: (Spot & { readonly fromM: number; readonly rate: number })[] = []
  let pose = start
  let fromM = 0
  for (const { lengthM, startPerM, endPerM } of pieces) {
    if (lengthM <= 0) continue
    const steps = Math.ceil(lengthM / STEP_M)
    const rate = (endPerM - startPerM) / lengthM
    for (let i = 0; i < steps; i++) {
      const bendPerM = startPerM + rate * ((i * lengthM) / steps)
      knots.push({ ...pose, bendPerM, fromM, rate })
      pose = advanced(pose, bendPerM, rate, lengthM / steps)
      fromM += lengthM / steps
    }
  }
  const lengthM = fromM
  const at = (distanceM: number): Spot => {
    const s = Math.min(lengthM, Math.max(0, distanceM))
    let low = 0
    let high = knots.length - 1
    while (low < high) {
      const middle = (low + high + 1) >> 1
      if (knots[middle]!.fromM <= s) low = middle
      else high = middle - 1
    }
    const knot = knots[low]
    if (knot === undefined) return { ...start, bendPerM: 0 }
    const restM = s - knot.fromM
    return { ...advanced(knot, knot.bendPerM, knot.rate, restM), bendPerM: knot.bendPerM + knot.rate * restM }
  }
  return { lengthM, at }
}

/** Three-point Gauss along a short piece of clothoid. */
function advanced(from: Pose, bendPerM: number, rate: number, lengthM: number): Pose {
  const heading = (s: number) => from.headingRad + s * (bendPerM + 0.5 * rate * s)
  let x = 0
  let y = 0
  for (const [place, weight] of GAUSS) {
    const angle = heading(lengthM * place)
    x += weight * Math.cos(angle)
    y += weight * Math.sin(angle)
  }
  return { x: from.x + x * lengthM, y: from.y + y * lengthM, headingRad: heading(lengthM) }
}

const GAUSS = [
  [0.5 - Math.sqrt(0.15), 5 / 18],
  [0.5, 8 / 18],
  [0.5 + Math.sqrt(0.15), 5 / 18],
] as const

/** A corner of a line of straights. Without a radius the bend is as wide as its legs allow. */
export interface Corner {
  readonly x: number
  readonly y: number
  readonly radiusM?: number
}

/** No bend of open country needs more. */
const RADIUS_MAX_M = 600
const TURN_MAX_RAD = (165 * Math.PI) / 180

export interface RoundedLine {
  readonly pieces: readonly Piece[]
  /** Metres from the first corner to the middle of the bend at each corner. */
  readonly stationsM: readonly number[]
}

/** Straights from corner to corner, each inner corner rounded. A sentence when a bend does not fit. */
export function roundCorners(corners: readonly Corner[]): RoundedLine {
  const legs = corners.slice(1).map((to, i) => {
    const from = corners[i]!
    return {
      lengthM: Math.hypot(to.x - from.x, to.y - from.y),
      headingRad: Math.atan2(to.y - from.y, to.x - from.x),
    }
  })
  const turns = corners.map((_, i) =>
    i === 0 || i === corners.length - 1 ? 0 : wrapAngle(legs[i]!.headingRad - legs[i - 1]!.headingRad),
  )
  turns.forEach((turn, i) => {
    if (Math.abs(turn) > TURN_MAX_RAD)
      throw new Error(`the corner at ${place(corners[i]!)} turns back on itself; use a hairpin`)
  })
  const ratios = turns.map(tangentRatio)
  const fixedM = corners.map((corner, i) => (corner.radiusM === undefined ? undefined : corner.radiusM * ratios[i]!))
  const tangentsM = corners.map((_, i) => {
    if (fixedM[i] !== undefined) return fixedM[i]
    if (ratios[i] === 0) return 0
    const room = (leg: number, other: number) => {
      const takenM = fixedM[other]
      const lengthM = legs[leg]!.lengthM
      return takenM === undefined && ratios[other] !== 0 ? lengthM / 2 : lengthM - (takenM ?? 0)
    }
    return Math.min(room(i - 1, i - 1), room(i, i + 1), RADIUS_MAX_M * ratios[i]!)
  })
  const pieces: Piece[] = []
  const stationsM = [0]
  let reachedM = 0
  legs.forEach((leg, i) => {
    const straightM = leg.lengthM - tangentsM[i]! - tangentsM[i + 1]!
    if (straightM < -1e-6)
      throw new Error(
        `the bends at ${place(corners[i]!)} and ${place(corners[i + 1]!)} need ${(-straightM).toFixed(1)} m more between them`,
      )
    pieces.push(straight(Math.max(0, straightM)))
    reachedM += Math.max(0, straightM)
    const turn = turns[i + 1]!
    const round = tangentsM[i + 1]! > 0 ? bend(tangentsM[i + 1]! / ratios[i + 1]!, turn) : []
    const bendM = round.reduce((sum, piece) => sum + piece.lengthM, 0)
    stationsM.push(reachedM + bendM / 2)
    reachedM += bendM
    pieces.push(...round)
  })
  return { pieces, stationsM }
}

export function wrapAngle(angleRad: number): number {
  return angleRad - 2 * Math.PI * Math.round(angleRad / (2 * Math.PI))
}

function place({ x, y }: Corner): string {
  return `(${x.toFixed(0)}, ${y.toFixed(0)})`
}
