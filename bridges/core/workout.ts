/**
 * A workout: steps one after the other, each with watts to hold, a ramp between two, or legs of the rider's own choice. Read
 * from JSON (docs/trainers.md, "Workouts"); run by whoever has the legs, so that it needs no server. Time counts only while
 * the rider pedals.
 */
export type WorkoutStep =
  | { readonly durationS: number; readonly fromW: number; readonly toW: number }
  /** No watts are held: the road. */
  | { readonly durationS: number; readonly isFree: true }

export interface Workout {
  readonly name: string
  readonly steps: readonly WorkoutStep[]
}

export type WorkoutRead =
  | { readonly ok: true; readonly value: Workout }
  /** What is wrong, where, and what would be right. */
  | { readonly ok: false; readonly sentence: string }

const WORKOUT_FORMAT = 'gruppetto-workout'
const STEPS_MAX = 500
const STEP_MAX_S = 4 * 3600
const WATTS_MAX = 2000
const REPEAT_MAX = 100
const NAME_MAX = 100

/** JSON as text: `{ "format": "gruppetto-workout", "version": 1, "name": "…", "steps": [ … ] }`. */
export function readWorkout(text: string): WorkoutRead {
  let json: unknown
  try {
    json = JSON.parse(text)
  } catch (error) {
    return complaint(`it is not JSON (${error instanceof Error ? error.message : 'unreadable'})`)
  }
  const file = recordOf(json)
  if (file?.['format'] !== WORKOUT_FORMAT || file['version'] !== 1)
    return complaint(`it must begin with "format": "${WORKOUT_FORMAT}" and "version": 1`)
  if (!Array.isArray(file['steps']) || file['steps'].length === 0)
    return complaint('"steps" must be a list of at least one step')
  const steps: WorkoutStep[] = []
  const wrong = gather(file['steps'], 'steps', steps, 0)
  if (wrong !== undefined) return complaint(wrong)
  if (steps.length === 0) return complaint('none of its blocks has a step')
  const name = typeof file['name'] === 'string' ? file['name'].slice(0, NAME_MAX) : 'Workout'
  return { ok: true, value: { name, steps } }
}

const complaint = (what: string): WorkoutRead => ({ ok: false, sentence: `The workout cannot be read: ${what}.` })

const recordOf = (value: unknown): Readonly<Record<string, unknown>> | undefined =>
  typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined

/** What is wrong, or nothing and the steps are laid down. A step may be a block that is repeated, one deep. */
function gather(list: readonly unknown[], path: string, into: WorkoutStep[], depth: number): string | undefined {
  if (list.length > STEPS_MAX) return `it has more than ${STEPS_MAX} steps`
  for (const [index, entry] of list.entries()) {
    const at = `${path}[${index}]`
    const step = recordOf(entry)
    if (step === undefined) return `${at} must be a step`
    if (Array.isArray(step['steps'])) {
      const times = numberIn(step['repeat'], 1, REPEAT_MAX)
      if (times === undefined || depth > 0) return `${at}.repeat must be 1 to ${REPEAT_MAX}, and not inside another`
      for (let i = 0; i < Math.floor(times); i++) {
        const wrong = gather(step['steps'], `${at}.steps`, into, depth + 1)
        if (wrong !== undefined) return wrong
      }
    } else {
      const read = stepOf(step, at)
      if (typeof read === 'string') return read
      into.push(read)
    }
    if (into.length > STEPS_MAX) return `it has more than ${STEPS_MAX} steps`
  }
  return undefined
}

function stepOf(step: Readonly<Record<string, unknown>>, at: string): WorkoutStep | string {
  const durationS = numberIn(step['durationS'], 1, STEP_MAX_S)
  if (durationS === undefined) return `${at}.durationS must be 1 to ${STEP_MAX_S} seconds`
  if (step['free'] === true) return { durationS, isFree: true }
  const watts = (name: string): number | undefined => numberIn(step[name], 0, WATTS_MAX)
  const fromW = watts('targetW') ?? watts('fromW')
  const toW = watts('targetW') ?? watts('toW')
  if (fromW === undefined || toW === undefined)
    return `${at} must have "targetW", or "fromW" and "toW", of 0 to ${WATTS_MAX} W, or "free": true`
  return { durationS, fromW, toW }
}

const numberIn = (value: unknown, min: number, max: number): number | undefined =>
  typeof value === 'number' && Number.isFinite(value) && value >= min && value <= max ? value : undefined

export interface WorkoutNow {
  /** From 0; the number of steps when it is over. */
  readonly step: number
  /** undefined: legs of the rider's own choice. */
  readonly targetW: number | undefined
  readonly leftS: number
  readonly isOver: boolean
}

/** Where a workout is, ridden by a clock that stands still when the rider does. */
export class WorkoutRun {
  readonly workout: Workout
  #elapsedS = 0
  #atMs: number | undefined

  constructor(workout: Workout) {
    this.workout = workout
  }

  step(atMs: number, { isPedalling }: { readonly isPedalling: boolean }): WorkoutNow {
    if (isPedalling) this.#elapsedS += Math.min((atMs - (this.#atMs ?? atMs)) / 1000, 1)
    this.#atMs = atMs
    return workoutAt(this.workout, this.#elapsedS)
  }
}

function workoutAt({ steps }: Workout, elapsedS: number): WorkoutNow {
  let beginS = 0
  for (const [step, it] of steps.entries()) {
    const leftS = beginS + it.durationS - elapsedS
    if (leftS > 0) {
      const share = 1 - leftS / it.durationS
      const targetW = 'isFree' in it ? undefined : Math.round(it.fromW + (it.toW - it.fromW) * share)
      return { step, targetW, leftS, isOver: false }
    }
    beginS += it.durationS
  }
  return { step: steps.length, targetW: undefined, leftS: 0, isOver: true }
}
