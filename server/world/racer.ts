import { nextWPrimeJ } from '#physics/critical-power'
import { share } from './dice.ts'

/** A racer's legs: `physics/critical-power.ts` says how W′ is spent and comes back. */
export interface RacerScript {
  readonly kind: 'racer'
  readonly bodyKg: number
  /** What the legs hold for an hour, W. */
  readonly criticalW: number
  /** What they have above it, J. */
  readonly wPrimeJ: number
  /** The most they can push for a few seconds, W. */
  readonly sprintW: number
}

export type RacerMood = 'bunch' | 'pull' | 'rest' | 'attack' | 'chase' | 'finale' | 'sprint'

/** What a racer remembers from one second to the next. */
export interface RacerMind {
  mood: RacerMood
  /** Seconds in this mood. */
  moodS: number
  wPrimeLeftJ: number
}

/** What a racer sees. Gaps are metres from wheel to wheel along the road, Infinity where nobody is in sight. */
export interface RacerView {
  readonly isRacing: boolean
  readonly speedMps: number
  readonly slope: number
  /** To the wheel ahead, and that rider's speed. Who is alongside has no wheel to offer. */
  readonly aheadGapM: number
  readonly aheadMps: number
  /** To the next rider behind. */
  readonly behindGapM: number
  /** The wheel ahead is the first of the string, and does less than the speed takes: it is somebody else's turn. */
  readonly isAheadEasing: boolean
  /** From the first of the string, where that is oneself or somebody who eases, to the next rider up the road. */
  readonly nextGapM: number
  /** Riders behind in the same string, without a hole. */
  readonly companyCount: number
  /** Watts that would hold the speed of the rider ahead (or one's own) with the shelter there is now. */
  readonly holdW: number
  /** Road to the finish, m. */
  readonly leftM: number
}

/** What chance gave a racer for life: the same seed and id, the same temper. */
export interface Temper {
  /** 0 sits in; 1 attacks on every hill. */
  readonly daring: number
  /** How long and how hard the racer works at the front. */
  readonly generosity: number
  /** Where the sprint begins, m before the line. */
  readonly sprintM: number
}

export function temperOf(seed: number, riderId: number): Temper {
  return {
    daring: share(seed, riderId, -11),
    generosity: share(seed, riderId, -12),
    sprintM: 160 + 160 * share(seed, riderId, -13),
  }
}

export function freshMind({ wPrimeJ }: RacerScript): RacerMind {
  return { mood: 'bunch', moodS: 0, wPrimeLeftJ: wPrimeJ }
}

/** Who is nearer than this is on the wheel; who is farther than the second is out of reach alone, than the third for many. */
const WHEEL_M = 6
const REACH_M = 90
const COMMON_REACH_M = 1000
/** Who has so many on the wheel rides with them: a turn in a common chase is short and just above what legs hold. */
const COMPANY = 2
const TURN_S = 20
const TURN_SHARE = 1.12
/** Who attacked and is alone waits for the others at this share of critical power. */
const WAIT_SHARE = 0.65
/** What one keeps of W′ for it. */
const TURN_FRESH_SHARE = 0.35
/** Slower than this on the flat, one is starting. */
const ROLLING_MPS = 5
/** Steeper than this the bunch no longer shelters much, and legs decide. */
const CLIMB_SLOPE = 0.03
const FINALE_M = 2500
const ATTACK_S = 45
const CHASE_S = 60
const REST_S = 12
/** Nobody looks for a fight with less than this share of W′. */
const FRESH_SHARE = 0.55
const TIRED_SHARE = 0.25

/** One second of racing: changes the mind, answers the watts. `turn` is the second, for chance. */
export function racerPowerW(
  script: RacerScript,
  mind: RacerMind,
  temper: Temper,
  view: RacerView,
  seed: number,
  riderId: number,
  turn: number,
): number {
  const mood = nextMood(script, mind, temper, view, share(seed, riderId, turn))
  mind.moodS = mood === mind.mood ? mind.moodS + 1 : 0
  mind.mood = mood
  const wishW = wishedW(script, mind, temper, view)
  // Never more than the legs have: what is left of W′ is spent within three seconds at most.
  const mostW = Math.min(script.sprintW, script.criticalW + mind.wPrimeLeftJ / 3)
  const powerW = Math.round(Math.max(0, Math.min(mostW, wishW)))
  spend(script, mind, powerW)
  return powerW
}

/** A second at these watts. */
export function spend(script: RacerScript, mind: RacerMind, powerW: number): void {
  mind.wPrimeLeftJ = Math.max(0, nextWPrimeJ(mind.wPrimeLeftJ, powerW, script, 1))
}

function nextMood(script: RacerScript, mind: RacerMind, temper: Temper, view: RacerView, chance: number): RacerMood {
  const freshness = mind.wPrimeLeftJ / script.wPrimeJ
  const isLed = view.aheadGapM < WHEEL_M && !view.isAheadEasing
  const hasCompany = view.companyCount >= COMPANY
  if (!view.isRacing) return 'bunch'
  if (view.leftM < temper.sprintM) return 'sprint'
  switch (mind.mood) {
    case 'attack':
      if (mind.moodS < ATTACK_S && freshness > TIRED_SHARE) return 'attack'
      break
    case 'chase':
      if (!isLed && freshness > TIRED_SHARE) {
        if (hasCompany && view.nextGapM < COMMON_REACH_M) {
          // One's turn in a chase of many; then somebody else's.
          if (mind.moodS < TURN_S) return 'chase'
          return 'rest'
        }
        if (mind.moodS < CHASE_S && view.nextGapM < REACH_M) return 'chase'
      }
      break
    case 'rest':
      // Until the others have come past; then it is the wheel that counts.
      if (!isLed && hasCompany && mind.moodS < REST_S) return 'rest'
      break
    case 'pull':
      if (!isLed && mind.moodS < 8 + 40 * temper.generosity && freshness > TIRED_SHARE && !canChase(view, freshness))
        return 'pull'
      if (!isLed && !canChase(view, freshness)) return 'rest'
      break
    case 'bunch':
    case 'finale':
    case 'sprint':
      break
  }
  const isClimbing = view.slope > CLIMB_SLOPE
  // Some three attacks an hour for the boldest on the flat, ten times as many uphill.
  const urge = temper.daring * temper.daring * (isClimbing ? 0.008 : 0.0008)
  if (freshness > FRESH_SHARE && view.leftM > temper.sprintM + 300 && chance < urge) return 'attack'
  if (!isLed && canChase(view, freshness)) return 'chase'
  if (!isLed && view.nextGapM < REACH_M && freshness > TIRED_SHARE + 0.5 * (1 - temper.daring)) return 'chase'
  if (view.leftM < FINALE_M && freshness > TIRED_SHARE) return 'finale'
  if (!isLed && view.behindGapM < WHEEL_M) return 'pull'
  return 'bunch'
}

/** Somebody is up the road, and there are others to share the work with. */
function canChase({ nextGapM, companyCount }: RacerView, freshness: number): boolean {
  return companyCount >= COMPANY && nextGapM < COMMON_REACH_M && freshness > TURN_FRESH_SHARE
}

function wishedW(script: RacerScript, mind: RacerMind, temper: Temper, view: RacerView): number {
  const { criticalW } = script
  // Wheels that stand ask for no watts; but nobody waits for the wheel ahead when a race begins.
  if (view.isRacing && view.speedMps < ROLLING_MPS && view.slope < CLIMB_SLOPE) return criticalW
  const closeW = view.holdW + closingW(script, view)
  const hill = view.slope > CLIMB_SLOPE ? 1.06 : 1
  switch (mind.mood) {
    case 'sprint':
      return criticalW + mind.wPrimeLeftJ / Math.max(3, view.leftM / Math.max(8, view.speedMps))
    case 'attack':
      return criticalW * (mind.moodS < 12 ? 1.7 : 1.3)
    case 'chase':
      if (view.companyCount >= COMPANY && view.nextGapM > 15) return criticalW * TURN_SHARE
      return Math.min(Math.max(closeW, criticalW), criticalW * 1.35)
    case 'finale':
      return Math.min(closeW * 1.1, criticalW * 1.3)
    case 'pull':
      return criticalW * hill * (0.86 + 0.14 * temper.generosity)
    case 'rest':
      return criticalW * (view.behindGapM < WHEEL_M ? 0.7 : 0.85)
    case 'bunch':
      if (view.aheadGapM < REACH_M) return Math.min(closeW, criticalW * (1.15 + 0.25 * temper.daring))
      // Alone in front of all others and still in their sight: to wait costs less than to be caught.
      if (view.aheadGapM > COMMON_REACH_M && view.companyCount === 0 && view.behindGapM < COMMON_REACH_M && hill === 1)
        return criticalW * WAIT_SHARE
      return criticalW * hill * 0.92
  }
}

/** Watts on top that bring the wheel ahead to a length's gap and its speed: a soft spring with a damper. */
function closingW({ bodyKg }: RacerScript, { aheadGapM, aheadMps, speedMps }: RacerView): number {
  if (aheadGapM >= REACH_M) return 0
  const pullMps2 = Math.max(-0.35, Math.min(0.3, 0.03 * (aheadGapM - 2.6) + 0.3 * (aheadMps - speedMps)))
  return pullMps2 * (bodyKg + 10) * speedMps
}
