/** Two riders closer than this from middle to middle are in each other's way, m: a bicycle with elbows, and a hand. */
export const CLEAR_M = 0.58
/** Wheel to wheel in the middle of the wake, m; and at its edge, where the front wheel begins to overlap. */
const GAP_IN_LINE_M = 0.9
const GAP_AT_EDGE_M = 0.05
/** A gap that is off is closed or opened within about this, s … */
const CLOSE_S = 3
/** … a large one at a closing speed that the wind alone can take off again, m/s². */
const CLOSE_MPS2 = 0.12
/** How briskly speed follows the wish, s. */
const SPEED_S = 1.5

/**
 * The gap that belongs to a place in the wake: the more to the side, the closer. So watts have one place each: more of
 * them take more air, farther out, farther up, until the rider is alongside and past.
 */
export function gapWantedM(asideM: number): number {
  return GAP_AT_EDGE_M + (GAP_IN_LINE_M - GAP_AT_EDGE_M) * Math.max(0, 1 - asideM / CLEAR_M)
}

/** Who has watts to spare and no way round keeps a longer gap, where the air takes more of them: m, and m per m/s² beyond … */
const EASE_MOST_M = 3
const EASE_M_PER_MPS2 = 40
/** … so much, which is left to the law above. */
const SPARE_MPS2 = 0.03
/** Easing off goes slowly, s, and never farther than not pedalling the spare watts and a little, m/s². */
const EASE_S = 4
const EASE_MPS2 = 0.05

/** The acceleration that keeps a rider off the wheel ahead and near it, m/s². */
export function followMps2(gapM: number, asideM: number, speedMps: number, aheadMps: number): number {
  const errorM = gapM - gapWantedM(asideM)
  const closingMps = errorM > 0 ? Math.min(errorM / CLOSE_S, Math.sqrt(2 * CLOSE_MPS2 * errorM)) : errorM / CLOSE_S
  return (aheadMps + closingMps - speedMps) / SPEED_S
}

/** The same for who would gain `spareMps2` there: how far they ease off, m/s². */
export function easeMps2(gapM: number, asideM: number, speedMps: number, aheadMps: number, spareMps2: number): number {
  const spare = spareMps2 - SPARE_MPS2
  if (spare <= 0) return spareMps2
  const easeM = gapWantedM(asideM) + Math.min(EASE_MOST_M, EASE_M_PER_MPS2 * spare)
  return Math.min(spareMps2, Math.max(-EASE_MPS2, (aheadMps + (gapM - easeM) / EASE_S - speedMps) / SPEED_S))
}
