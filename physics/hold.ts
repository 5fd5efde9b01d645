/**
 * Power between samples: a sample's watts hold, then fall in a straight line to nothing. Times are passed in
 * (POWER_HOLD_MS and POWER_DECAY_MS of `protocol/limits`), ages are ms since the sample's own stamp.
 */
export interface Hold {
  readonly holdMs: number
  readonly decayMs: number
}

/** Watts at this age; nothing before the stamp. */
export function heldPowerW(sampleW: number, ageMs: number, { holdMs, decayMs }: Hold): number {
  if (ageMs < 0) return 0
  if (ageMs <= holdMs) return sampleW
  const leftMs = holdMs + decayMs - ageMs
  return leftMs <= 0 ? 0 : (sampleW * leftMs) / decayMs
}

/** Joules between two ages, the exact integral of `heldPowerW`. */
export function heldWorkJ(sampleW: number, fromAgeMs: number, toAgeMs: number, hold: Hold): number {
  return toAgeMs <= fromAgeMs ? 0 : (sampleW * (fullMs(toAgeMs, hold) - fullMs(fromAgeMs, hold))) / 1000
}

/** Milliseconds at full power that carry the same energy as ages 0 … ageMs. */
function fullMs(ageMs: number, { holdMs, decayMs }: Hold): number {
  const heldMs = Math.min(Math.max(ageMs, 0), holdMs)
  const fallenMs = Math.min(Math.max(ageMs - holdMs, 0), decayMs)
  return fallenMs === 0 ? heldMs : heldMs + fallenMs - (fallenMs * fallenMs) / (2 * decayMs)
}
