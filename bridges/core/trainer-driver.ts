import { ControlLoop, type RoadWish, type TrainerWish } from './control-loop.ts'
import type { Level, TrainerAbilities, TrainerControl, TrainerMode, TrainerState } from './devices.ts'
import { ErgGuard } from './erg-guard.ts'
import { feltN, type FeltRoad, gradeOfPower, MASS_KG } from './felt-force.ts'
import { ChainRatio, clampGear, GEAR_FIRST, gearedRoad, ratioOf } from './gears.ts'
import { LEGS_WORDS, type LegsWords } from './legs-words.ts'
import { PowerMatch } from './power-match.ts'
import { nextSpeed, RoadAhead, type RoadTold } from './road-ahead.ts'
import { type Workout, type WorkoutNow, WorkoutRun } from './workout.ts'

/** What the legs do now; undefined: nobody tells it. */
export interface LegsFeel {
  readonly powerW: number | undefined
  readonly cadenceRpm: number | undefined
}

export interface DriverOptions {
  readonly difficulty: number
  /** Rider and bicycle. */
  readonly massKg?: number | undefined
  readonly words?: LegsWords['trainer'] | undefined
}

interface Said {
  readonly words: string
  readonly level: Level
}

/** Watts held where nobody said how many. */
const TARGET_FIRST_W = 150
const TARGET_MAX_W = 2000
const MEAN_S = 2
/** FTMS carries no more drag than this (u8, 0.01 kg/m). */
const CW_MAX_KGPM = 2.55
/** A road for trainers that have only a brake: from here to there it goes from open to shut. */
const BRAKE_GRADE_LOW = -0.05
const BRAKE_GRADE_HIGH = 0.15
/** Watts held by slope: no steeper than this, either way. */
const HELD_GRADE_MAX = 0.15
const RESISTANCE_RANGE = { min: 0, max: 100 } as const
const SPEED_FRESH_MS = 2000
const FLAT: RoadWish = { gradeFraction: 0 }
const ASLEEP: LegsFeel = { powerW: undefined, cadenceRpm: undefined }

/** Road, watts or resistance; gears, guard, power match and workout; what of it all the trainer is asked now. */
export class TrainerDriver {
  readonly loop = new ControlLoop()
  readonly #massKg: number
  readonly #guard = new ErgGuard()
  readonly #match = new PowerMatch()
  readonly #road = new RoadAhead()
  readonly #chain = new ChainRatio()
  #abilities: TrainerAbilities | undefined
  #mode: TrainerMode = 'sim'
  #difficulty: number
  #targetW = TARGET_FIRST_W
  #resistanceShare = 0.3
  #gear: number | undefined
  #workout: WorkoutRun | undefined
  #workoutNow: WorkoutNow | undefined
  #feel: LegsFeel = ASLEEP
  #meanW = 0
  #wheel: { readonly speedMps: number; readonly atMs: number } | undefined
  /** As the road has it, by the watts. */
  #speedMps = 0
  #under: RoadWish = FLAT
  #atMs: number | undefined
  readonly #say: LegsWords['trainer']
  #words: Said

  constructor({ difficulty, massKg = MASS_KG, words = LEGS_WORDS.trainer }: DriverOptions) {
    this.#say = words
    this.#words = { words: words.waiting, level: 'working' }
    this.#difficulty = clamp(difficulty, 0, 1)
    this.#massKg = massKg
  }

  linked(abilities: TrainerAbilities, atMs: number): void {
    this.#abilities = saneOf(abilities)
    this.#guard.reset()
    this.loop.linked(atMs)
  }

  unlinked(): void {
    this.#abilities = undefined
    this.#wheel = undefined
    this.loop.unlinked()
  }

  get mode(): TrainerMode {
    return this.#mode
  }
  get targetW(): number {
    return this.#targetW
  }
  get gear(): number | undefined {
    return this.#gear
  }
  /** What a power meter reads beside the trainer. */
  get biasW(): number {
    return this.#match.biasW
  }
  get guard(): ErgGuard['state'] {
    return this.#guard.state
  }
  get workoutNow(): WorkoutNow | undefined {
    return this.#workoutNow
  }
  get isInWorkout(): boolean {
    return this.#workout !== undefined
  }

  set difficulty(share: number) {
    this.#difficulty = clamp(share, 0, 1)
  }

  setMode(mode: TrainerMode, atMs: number): void {
    if (mode === this.#mode) return
    this.#mode = mode
    this.#guard.reset()
    this.#plan(atMs, false)
  }

  setTarget(targetW: number): void {
    this.#targetW = Math.round(clamp(targetW, 0, TARGET_MAX_W))
  }

  setResistance(share: number): void {
    this.#resistanceShare = clamp(share, 0, 1)
  }

  /** `undefined` takes the gears out of the chain. */
  setGear(gear: number | undefined, atMs: number): void {
    this.#gear = gear === undefined ? undefined : clampGear(gear)
    this.#plan(atMs, true)
  }

  shift(by: number, atMs: number): void {
    if (Number.isNaN(by)) return
    this.setGear((this.#gear ?? GEAR_FIRST) + Math.trunc(by), atMs)
  }

  setWorkout(workout: Workout | undefined): void {
    this.#workout = workout === undefined ? undefined : new WorkoutRun(workout)
    this.#workoutNow = undefined
    if (workout !== undefined) this.#mode = 'erg'
  }

  tellRoad(road: RoadTold, atMs: number): void {
    if (!Number.isFinite(road.gradeFraction)) return
    this.#road.tell(road, atMs)
    this.#under = road
    if (road.speedMps !== undefined && Number.isFinite(road.speedMps)) this.#speedMps = Math.max(road.speedMps, 0)
  }
  tellAhead(samples: Parameters<RoadAhead['tellAhead']>[0]): void {
    this.#road.tellAhead(samples)
  }

  /** The trainer's own reading. */
  heardTrainer(reading: { powerW?: number | undefined; speedMps?: number | undefined }, atMs: number): void {
    if (reading.powerW !== undefined) this.#match.offerTrainer(reading.powerW, atMs)
    if (reading.speedMps === undefined || !Number.isFinite(reading.speedMps)) return
    this.#wheel = { speedMps: reading.speedMps, atMs }
    if (this.#feel.cadenceRpm !== undefined) this.#chain.offer(reading.speedMps, this.#feel.cadenceRpm)
  }
  /** Watts of the meter that the rider rides by. */
  heardMeter(powerW: number, atMs: number): void {
    this.#match.offerMeter(powerW, atMs)
  }

  release(): void {
    const canRoad = this.#abilities?.simulation ?? true
    const canBrake = this.#abilities?.resistance ?? false
    if (canRoad || !canBrake) this.loop.release(canRoad ? { gradeFraction: 0 } : { targetW: this.#range().min })
    else this.loop.release({ resistanceLevel: (this.#abilities?.resistanceRange ?? RESISTANCE_RANGE).min })
  }

  /** Time has come this far and the legs do this: the loop is told what to ask of the trainer. */
  beat(feel: LegsFeel, atMs: number): void {
    const elapsedS = Math.min((atMs - (this.#atMs ?? atMs)) / 1000, 1)
    this.#atMs = atMs
    this.#feel = feel
    this.#meanW += (((feel.powerW ?? 0) - this.#meanW) * elapsedS) / (MEAN_S + elapsedS)
    const isPedalling = (feel.cadenceRpm ?? feel.powerW ?? 0) > 0
    this.#workoutNow = this.#workout?.step(atMs, { isPedalling })
    if (this.#workoutNow?.isOver === true) {
      this.#workout = this.#workoutNow = undefined
      this.#mode = 'sim'
    }
    this.#roll(elapsedS, atMs)
    this.#plan(atMs, false)
  }

  get state(): TrainerState {
    const { state, words } = { state: this.loop.state.state, words: this.#words }
    const said = this.#outside(state === 'in-control' ? (this.loop.trouble ?? 'none') : state) ?? words
    return {
      mode: this.#mode,
      control: state === 'in-control' ? (CONTROL[this.loop.trouble ?? state] ?? 'held') : (CONTROL[state] ?? 'none'),
      ...said,
      words: `${said.words}${this.#workoutWords()}`,
      targetW: this.#mode === 'erg' ? this.#wishedW() : undefined,
      gradeFraction: this.#mode === 'sim' && !this.#road.isEmpty ? this.#under.gradeFraction : undefined,
      resistanceShare: this.#mode === 'resistance' ? this.#resistanceShare : undefined,
      difficulty: this.#difficulty,
      gear: this.#gear,
      gearRatio: this.#gear === undefined ? undefined : ratioOf(this.#gear),
    }
  }

  /** What is between us and the trainer; undefined: nothing, and the plan says how it stands. */
  #outside(state: string): Said | undefined {
    const say = this.#say
    switch (state) {
      case 'no-answer':
        return { words: say.noAnswer, level: 'bad' }
      case 'refused':
        return { words: say.refused, level: 'bad' }
      case 'unsupported':
        return { words: say.unsupported, level: 'bad' }
      case 'unlinked':
        return { words: say.none, level: 'working' }
      case 'asking':
      case 'asked':
        return { words: say.asking, level: 'working' }
      case 'starting':
        return { words: say.starting, level: 'working' }
      default:
        return undefined
    }
  }

  #workoutWords(): string {
    if (this.#workout === undefined || this.#workoutNow === undefined) return ''
    const { step, leftS } = this.#workoutNow
    const { name, steps } = this.#workout.workout
    const left = Math.ceil(leftS)
    const clock = `${Math.floor(left / 60)}:${String(left % 60).padStart(2, '0')}`
    return this.#say.workout(name, step + 1, steps.length, clock)
  }

  #plan(atMs: number, isAtOnce: boolean): void {
    const isFree = this.#workoutNow !== undefined && this.#workoutNow.targetW === undefined
    if (this.#mode !== 'erg' || isFree) this.#match.watch(atMs)
    const road = this.#under
    const wish = this.#mode === 'sim' || isFree ? this.#simWish(road) : this.#wishOf(this.#mode, road, atMs)
    if (wish === undefined) return
    this.loop.wish(wish, { isAtOnce, from: this.#guard.state === 'released' ? undefined : this.#feltAs(wish) })
  }

  #wishOf(mode: TrainerMode, road: RoadWish, atMs: number): TrainerWish | undefined {
    if (mode === 'erg') return this.#ergWish(road, atMs)
    if (mode === 'resistance') return this.#brakeWish(this.#resistanceShare)
    this.#words = { words: this.#say.flat, level: 'good' }
    return this.#canRoad ? { gradeFraction: 0 } : this.#brakeWish(0)
  }

  get #canRoad(): boolean {
    return this.#abilities?.simulation ?? true
  }

  #simWish(road: RoadWish): TrainerWish | undefined {
    if (this.#road.isEmpty) return undefined
    const felt = this.#feltRoad(road)
    const isAlone = this.#road.isAlone(this.#atMs ?? 0)
    this.#words = { words: this.#say.road(road.gradeFraction * 100, this.#gear, isAlone), level: 'good' }
    if (this.#canRoad) return felt
    const grade = felt.gradeFraction
    return this.#brakeWish((grade - BRAKE_GRADE_LOW) / (BRAKE_GRADE_HIGH - BRAKE_GRADE_LOW))
  }

  #brakeWish(share: number): TrainerWish | undefined {
    if (this.#abilities !== undefined && !this.#abilities.resistance) {
      this.#words = { words: this.#say.noBrake, level: 'bad' }
      return undefined
    }
    if (this.#mode === 'resistance') this.#words = { words: this.#say.brake(Math.round(share * 100)), level: 'good' }
    const { min, max } = this.#abilities?.resistanceRange ?? RESISTANCE_RANGE
    return { resistanceLevel: min + clamp(share, 0, 1) * (max - min) }
  }

  #ergWish(road: RoadWish, atMs: number): TrainerWish | undefined {
    const guarded = this.#guard.step({ targetW: this.#wishedW(), ...this.#feel }, atMs)
    const canHold = this.#abilities?.power ?? true
    if (guarded.state === 'released') {
      this.#words = { words: this.#say.letGo, level: 'working' }
      if (this.#canRoad) return { gradeFraction: 0 }
      return canHold ? { targetW: this.#range().min } : this.#brakeWish(0)
    }
    const { min, max } = this.#range()
    const askedW = clamp(this.#match.ask(guarded.targetW, atMs), min, max)
    const heldW = Math.round(guarded.targetW)
    this.#words =
      guarded.state === 'returning'
        ? { words: this.#say.returning(heldW, this.#wishedW()), level: 'working' }
        : { words: this.#say.held(heldW), level: 'good' }
    if (canHold) return { targetW: askedW }
    const wheel = this.#wheel
    if (!this.#canRoad || wheel === undefined || atMs - wheel.atMs > SPEED_FRESH_MS) {
      // Held by a brake of unknown force, watts could be any: then rather the road.
      const instead = this.#simWish(road)
      this.#words = { words: this.#say.cannotHold, level: 'bad' }
      return instead
    }
    const { crr, cwKgpm } = this.loop.air
    const at = { massKg: this.#massKg, speedMps: wheel.speedMps }
    const gradeFraction = gradeOfPower(askedW, { crr, cwKgpm, windMps: 0 }, at)
    return { gradeFraction: clamp(gradeFraction, -HELD_GRADE_MAX, HELD_GRADE_MAX) }
  }

  #wishedW(): number {
    return this.#workoutNow?.targetW ?? this.#targetW
  }

  #range(): { readonly min: number; readonly max: number } {
    const { min = 0, max = TARGET_MAX_W } = this.#abilities?.powerRangeW ?? {}
    return { min: Math.max(min, 0), max: Math.min(max, TARGET_MAX_W) }
  }

  /** Along the road by the legs' own watts: where nobody tells the road, that is where the wheel is on it. */
  #roll(elapsedS: number, atMs: number): void {
    const road = this.#road.step(this.#speedMps, atMs) ?? FLAT
    const resistN = feltN(this.#airOf(road), this.#massKg, this.#speedMps)
    const push = { powerW: this.#feel.powerW ?? 0, resistN, massKg: this.#massKg }
    this.#speedMps = nextSpeed(this.#speedMps, push, elapsedS)
    this.#under = road
  }

  #airOf({ gradeFraction, draftFactor = 1, headwindMps = 0 }: RoadWish): FeltRoad {
    const { crr, cwKgpm } = this.loop.air
    return { gradeFraction, crr, cwKgpm: cwKgpm * draftFactor, windMps: headwindMps }
  }

  /** Eased by the rider's own difficulty, then through the gears. */
  #feltRoad(road: RoadWish): RoadWish {
    const eased = this.#airOf({ ...road, gradeFraction: road.gradeFraction * this.#difficulty })
    const { cwKgpm } = this.loop.air
    if (this.#gear === undefined) return wishOfFelt(eased, cwKgpm)
    const geared = gearedRoad(eased, ratioOf(this.#gear) / this.#chain.ratio)
    const toldKgpm = Math.min(geared.cwKgpm, CW_MAX_KGPM)
    // Drag that cannot be told is told as slope, as it is at this speed.
    const airMps = (this.#wheel?.speedMps ?? this.#speedMps) + geared.windMps
    const missingN = (geared.cwKgpm - toldKgpm) * airMps * Math.abs(airMps)
    const gradeFraction = geared.gradeFraction + missingN / (this.#massKg * 9.80665)
    return wishOfFelt({ ...geared, gradeFraction, cwKgpm: toldKgpm }, cwKgpm)
  }

  /** What the legs feel now, in the unit of what comes: there slopes begin. */
  #feltAs(wish: TrainerWish): number | undefined {
    if (this.#meanW <= 0) return undefined
    if ('targetW' in wish) return Math.round(this.#meanW)
    if ('resistanceLevel' in wish) return (this.#abilities?.resistanceRange ?? RESISTANCE_RANGE).min
    const wheel = this.#wheel
    if (wheel === undefined) return undefined
    const at = { massKg: this.#massKg, speedMps: wheel.speedMps }
    const { crr, cwKgpm } = this.loop.air
    return clamp(gradeOfPower(this.#meanW, { crr, cwKgpm, windMps: 0 }, at), -HELD_GRADE_MAX, HELD_GRADE_MAX)
  }
}

const clamp = (value: number, min: number, max: number): number =>
  Number.isFinite(value) ? Math.min(Math.max(value, min), max) : min

/** Legs that rest push less than this: a trainer whose least is more would be let go with it. */
const LEAST_W_MAX = 100

/** What a trainer says of itself, as far as legs can be trusted to it: a range that is none is no range. [B142] */
function saneOf(abilities: TrainerAbilities): TrainerAbilities {
  const { powerRangeW: watts, resistanceRange: levels } = abilities
  const hasWatts = watts !== undefined && watts.max > Math.max(watts.min, 0)
  const hasLevels = levels !== undefined && levels.max > levels.min
  return {
    ...abilities,
    powerRangeW: hasWatts ? { min: watts.min > LEAST_W_MAX ? 0 : watts.min, max: watts.max } : undefined,
    resistanceRange: hasLevels ? levels : undefined,
  }
}

const wishOfFelt = (felt: FeltRoad, cwKgpm: number): RoadWish => ({
  gradeFraction: felt.gradeFraction,
  draftFactor: felt.cwKgpm / cwKgpm,
  headwindMps: felt.windMps,
})

const CONTROL: Readonly<Record<string, TrainerControl | undefined>> = {
  asking: 'asking',
  asked: 'asking',
  starting: 'asking',
  'in-control': 'held',
  unsupported: 'unsupported',
  'no-answer': 'silent',
  refused: 'refused',
}
