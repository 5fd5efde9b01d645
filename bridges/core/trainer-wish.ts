import type { ControlRequest } from './profiles/control-point.ts'

/** What the trainer is to feel: a road, watts held, or a brake; as numbers that may be written to it. */
export type TrainerWish = RoadWish | { readonly targetW: number } | { readonly resistanceLevel: number }

/** The road and the air on it, as legs are to feel them. */
export interface RoadWish {
  readonly gradeFraction: number
  /** Share of the drag alone that is left; 1, if not said. Shelter makes it less, a virtual gear more. */
  readonly draftFactor?: number
  /** Wind in the face, m/s; still air, if not said. */
  readonly headwindMps?: number
}

/** Beyond these no trainer and no legs survive. */
const GRADE_MAX = 0.25
const TARGET_MAX_W = 2000
const RESISTANCE_MAX = 1000
const WIND_MAX_MPS = 30
const DRAFT_MAX = 5
/** Air is told in steps that legs can feel, not in every breath of it: shares of the drag, m/s. */
const DRAFT_STEP = 0.05
const WIND_STEP_MPS = 0.5
/** Changes from here on do not wait for their turn. */
const URGENT_GRADE = 0.005
const URGENT_W = 10

const clamp = (value: number, min: number, max: number): number => Math.min(Math.max(value, min), max)

type Kind = 'road' | 'power' | 'resistance'
export const wishKind = (wish: TrainerWish): Kind =>
  'gradeFraction' in wish ? 'road' : 'targetW' in wish ? 'power' : 'resistance'
export const wishNumber = (wish: TrainerWish): number =>
  'gradeFraction' in wish ? wish.gradeFraction : 'targetW' in wish ? wish.targetW : wish.resistanceLevel

/** Held within what no trainer and no legs survive, in steps that can be written; undefined: no number. */
export function saneWish(wish: TrainerWish): TrainerWish | undefined {
  if (!Number.isFinite(wishNumber(wish))) return undefined
  if ('gradeFraction' in wish) {
    const grade = clamp(wish.gradeFraction, -GRADE_MAX, GRADE_MAX)
    return { gradeFraction: Math.round(grade * 10_000) / 10_000, ...airOf(wish) }
  }
  if ('targetW' in wish) return { targetW: Math.round(clamp(wish.targetW, 0, TARGET_MAX_W)) }
  return { resistanceLevel: Math.round(clamp(wish.resistanceLevel, -RESISTANCE_MAX, RESISTANCE_MAX) * 10) / 10 }
}

/** The air of a wish in the steps it is told in; what is as if alone in still air is left out. */
function airOf({ draftFactor = 1, headwindMps = 0 }: RoadWish): { draftFactor?: number; headwindMps?: number } {
  const draft = Number.isFinite(draftFactor)
    ? clamp(DRAFT_STEP * Math.round(draftFactor / DRAFT_STEP), 0.05, DRAFT_MAX)
    : 1
  const wind = Number.isFinite(headwindMps) ? WIND_STEP_MPS * Math.round(headwindMps / WIND_STEP_MPS) : 0
  return {
    ...(draft === 1 ? {} : { draftFactor: Math.round(draft * 1000) / 1000 }),
    ...(wind === 0 ? {} : { headwindMps: clamp(wind, -WIND_MAX_MPS, WIND_MAX_MPS) }),
  }
}

export function isSameWish(a: TrainerWish, b: TrainerWish): boolean {
  if (wishKind(a) !== wishKind(b) || wishNumber(a) !== wishNumber(b)) return false
  if (!('gradeFraction' in a) || !('gradeFraction' in b)) return true
  return (a.draftFactor ?? 1) === (b.draftFactor ?? 1) && (a.headwindMps ?? 0) === (b.headwindMps ?? 0)
}

/** Further than what may wait for its turn. */
export function isFarWish(a: TrainerWish, b: TrainerWish): boolean {
  return Math.abs(wishNumber(a) - wishNumber(b)) >= ('gradeFraction' in a ? URGENT_GRADE : URGENT_W)
}

/** A step of at most `most` towards the wish, in units of one over `perUnit`. */
export function sloped(from: number, wish: number, most: number, perUnit: number): number {
  return Math.round(clamp(wish, from - most, from + most) * perUnit) / perUnit
}

/** What a trainer that has taken this feels; undefined: nothing. Of the air what differs from riding alone in still air, `cwKgpm`. */
export function wishOfRequest(request: ControlRequest, cwKgpm: number): TrainerWish | undefined {
  switch (request.op) {
    case 'set-simulation': {
      const draftFactor = Math.round((request.cwKgpm / cwKgpm) * 1000) / 1000
      const { gradeFraction } = request
      return { gradeFraction, ...airOf({ gradeFraction, draftFactor, headwindMps: request.windMps }) }
    }
    case 'set-target-power':
      return { targetW: request.powerW }
    case 'set-target-resistance':
      return { resistanceLevel: request.resistanceLevel }
    default:
      return undefined
  }
}
