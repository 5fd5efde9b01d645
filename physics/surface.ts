/** What rain does to rolling: an allowance without a source we trust, small as it is (docs/physics.md, "Surfaces"). */
const WET_ROLLING_SHARE = 1.05
/** What is left of a surface's grip in the wet: 0.9 becomes 0.6, and loose ground, where water does little, 0.45 becomes 0.4. */
const WET_GRIP_BASE = 0.2
const WET_GRIP_SHARE = 4 / 9

export function rollingShare(isWet: boolean): number {
  return isWet ? WET_ROLLING_SHARE : 1
}

export function gripIn(dryGrip: number, isWet: boolean): number {
  return isWet ? Math.min(dryGrip, WET_GRIP_BASE + WET_GRIP_SHARE * dryGrip) : dryGrip
}
