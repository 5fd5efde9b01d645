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

/**
 * A debt of joules (a late sample was worth more, or less, than the ticks had paid) goes to the legs a little at a time, so
 * that they feel a swell and not a jolt. The same at both ends: a client that knows its debt rides as the server does.
 */
/** Share of the debt paid each tick: nine tenths within 2.25 s. */
const PAYOUT_SHARE = 0.05
/** Below this the rest goes at once, J a tick: 1 W. */
const PAYOUT_MIN_J = 0.05
/** Never more than this on top of the legs, J a tick: 500 W. */
const PAYOUT_MAX_J = 25
/** A rider who was paid too much gets this share of the watts until it is made good … */
const RECOVER_SHARE = 0.5
/** … and, having stopped pedalling, is held back by no more than this, J a tick: 100 W. */
const RECOVER_MAX_J = 5
/** Slower than this there is no motion to take from: who only rolls or stands owes on, and pays when they pedal. */
const RECOVER_MIN_MPS = 2

/** What a tick pays on top of `heldJ`, or takes from it. */
export function payoutJ(owedJ: number, heldJ: number, speedMps: number): number {
  let extraJ = owedJ * PAYOUT_SHARE
  if (Math.abs(extraJ) < PAYOUT_MIN_J) extraJ = Math.max(-PAYOUT_MIN_J, Math.min(PAYOUT_MIN_J, owedJ))
  const restingJ = speedMps > RECOVER_MIN_MPS ? RECOVER_MAX_J : 0
  return Math.max(heldJ > 0 ? -heldJ * RECOVER_SHARE : -restingJ, Math.min(PAYOUT_MAX_J, extraJ))
}
