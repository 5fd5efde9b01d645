import type { Row, Sequence } from '#protocol/ids'
import { CADENCE_MAX_RPM, POWER_MAX_W, TICK_MS } from '#protocol/limits'
import { RIDER_FLAG } from '#physics/riders'
import { steadyPowerW } from '#physics/steady'
import { BICYCLE_LENGTH_M } from '#physics/wake-law'
import { finishM } from '#server/event/pen'
import { dice } from './dice.ts'
import { fold } from './hash.ts'
import { pacerPowerW, type PacerScript } from './pacer.ts'
import { freshMind, racerPowerW, temperOf, type RacerMind, type RacerScript, type RacerView } from './racer.ts'
import type { InputSource, World } from './world.ts'

/**
 * Riders by script. What they do goes through the inbox and into the journal like anybody's legs: a journal then needs no
 * bots to be replayed, stays true when these files change, and a judge holds their race against the same evidence.
 * All chance comes from seed, rider and second. Pacers have no memory and go on after a checkpoint as if nothing had
 * been; racers remember how tired they are, and whoever puts one back puts back a rested one.
 */
export type BotScript = PacerScript | RacerScript

/** A sample a second, as most sensors give. */
const SAMPLE_TICKS = 20
/** Below this power a descending rider does not turn the cranks. */
const COAST_W = 30
/** How far a racer looks along the road. */
const SIGHT_M = 1000
/** So far to the side of somebody alongside one is not on their wheel, m. */
const BESIDE_M = 0.5
/** Who does less than this share of what their speed takes alone is easing: it shows. */
const EASING_SHARE = 0.85
/** A string of riders ends at a gap of this, m; more riders of one than this nobody counts. */
const HOLE_M = 12
const COMPANY_SEEN = 4

interface Racer {
  readonly script: RacerScript
  readonly mind: RacerMind
}

export class Bots implements InputSource {
  readonly #seed: number
  readonly #pacers = new Map<Row, PacerScript>()
  readonly #racers = new Map<Row, Racer>()

  constructor(seed: number) {
    this.#seed = seed
  }

  add(row: Row, script: BotScript): void {
    if (script.kind === 'pacer') this.#pacers.set(row, script)
    else this.#racers.set(row, { script, mind: freshMind(script) })
  }

  remove(row: Row): void {
    this.#pacers.delete(row)
    this.#racers.delete(row)
  }

  /** How a racer feels; undefined for everybody else. */
  mindOf(row: Row): Readonly<RacerMind> | undefined {
    return this.#racers.get(row)?.mind
  }

  post(world: World): void {
    for (const [row, script] of this.#pacers) {
      if (!this.#isTurnOf(world, row)) continue
      const riderId = world.riders.id[row]!
      const powerW = isHeld(world, row) ? 0 : pacerPowerW(script, this.#seed, riderId, world.tick)
      this.#sample(world, row, powerW, 105 + 12 * Math.min(4, script.wattsPerKg))
    }
    for (const [row, { script, mind }] of this.#racers) {
      if (!this.#isTurnOf(world, row)) continue
      const riderId = world.riders.id[row]!
      const temper = temperOf(this.#seed, riderId)
      const powerW = isHeld(world, row)
        ? 0
        : racerPowerW(script, mind, temper, look(world, row), this.#seed, riderId, world.tick)
      this.#sample(world, row, powerW, 95 + 75 * Math.min(1.25, powerW / script.criticalW))
    }
  }

  /** Each in a phase of its own, so that a start is not one stroke of a hundred legs. */
  #isTurnOf({ tick, riders }: World, row: Row): boolean {
    return (tick + fold(this.#seed, riders.id[row]!)) % SAMPLE_TICKS === 0
  }

  #sample(world: World, row: Row, wishW: number, heartRateBpm: number): void {
    const { riders, course, tick } = world
    const powerW = Math.min(POWER_MAX_W, wishW)
    const slope = course.slopeAt(riders.distanceM[row]! + riders.offsetM[row]!)
    world.post(row, {
      sequence: (Math.floor(tick / SAMPLE_TICKS) & 0xffff) as Sequence,
      atMs: (tick * TICK_MS) >>> 0,
      powerW,
      cadenceHalfRpm: powerW < COAST_W ? 0 : this.#cadenceHalfRpm(riders.id[row]!, tick, slope),
      heartRateBpm: Math.round(Math.min(190, heartRateBpm)),
      steer: 0,
    })
  }

  /** Slower uphill, a little different for everybody. */
  #cadenceHalfRpm(riderId: number, tick: number, slope: number): number {
    const ownRpm = 88 + 6 * dice(this.#seed, riderId, -1)
    const rpm = ownRpm - 180 * Math.max(0, slope) + 2 * dice(this.#seed, riderId, tick + 1)
    return Math.round(2 * Math.min(CADENCE_MAX_RPM, Math.max(55, rpm)))
  }
}

function isHeld({ riders }: World, row: Row): boolean {
  return (riders.flags[row]! & RIDER_FLAG.held) !== 0
}

/** What a racer sees of the race: riders of the same race, by the road each has ridden of it. */
function look(world: World, row: Row): RacerView {
  const { riders, course, run } = world
  const hereM = riders.distanceM[row]!
  const placeM = hereM + riders.offsetM[row]!
  const speedMps = riders.speedMps[row]!
  const x = riders.lateralM[row]!
  let ahead = -1
  let aheadGapM = Infinity
  let behindGapM = Infinity
  for (let other = 0; other < riders.count; other++) {
    if (other === row || riders.id[other] === 0) continue
    const gapM = riders.distanceM[other]! - hereM
    if (gapM > 0) {
      const isAlongside = gapM < BICYCLE_LENGTH_M && Math.abs(riders.lateralM[other]! - x) > BESIDE_M
      if (gapM < SIGHT_M && gapM < aheadGapM && !isAlongside) [ahead, aheadGapM] = [other, gapM]
    } else if (-gapM < behindGapM) behindGapM = -gapM
  }
  const aheadMps = ahead < 0 ? speedMps : riders.speedMps[ahead]!
  const beyondGapM = ahead >= 0 && aheadGapM < HOLE_M ? gapAheadM(world, ahead as Row) : 0
  const isAheadEasing = beyondGapM > HOLE_M && riders.powerW[ahead]! < EASING_SHARE * holdW(world, ahead, aheadMps, 1)
  return {
    isRacing: run.phase === 'racing' && (riders.flags[row]! & RIDER_FLAG.finished) === 0,
    speedMps,
    slope: course.slopeAt(placeM),
    aheadGapM,
    aheadMps,
    behindGapM,
    isAheadEasing,
    nextGapM: isAheadEasing ? aheadGapM + beyondGapM : aheadGapM,
    companyCount: companyOf(world, row),
    holdW: holdW(world, row, aheadMps, riders.draftFactor[row]!),
    leftM: roadLeftM(world, hereM),
  }
}

/** Watts that hold a speed where somebody is, sheltered so much. */
function holdW({ riders, course }: World, row: number, speedMps: number, draftFactor: number): number {
  const placeM = riders.distanceM[row]! + riders.offsetM[row]!
  const heldW = steadyPowerW(Math.max(3, speedMps), {
    massKg: riders.massKg[row]!,
    cdaM2: riders.cdaM2[row]!,
    slope: course.slopeAt(placeM),
    crr: course.crrAt(placeM),
    airDensityKgpm3: course.airDensityAt(placeM),
    draftFactor,
  })
  return Math.max(0, heldW)
}

/** To the next rider ahead, whoever it is. */
function gapAheadM({ riders }: World, row: Row): number {
  let gapM = Infinity
  for (let other = 0; other < riders.count; other++) {
    if (riders.id[other] === 0 || other === row) continue
    const aheadM = riders.distanceM[other]! - riders.distanceM[row]!
    if (aheadM > 0) gapM = Math.min(gapM, aheadM)
  }
  return gapM
}

/** Riders behind in the same string: from wheel to wheel no hole. */
function companyOf({ riders }: World, row: Row): number {
  let count = 0
  let lastM = riders.distanceM[row]!
  for (;;) {
    let nextM = -Infinity
    for (let other = 0; other < riders.count; other++) {
      const atM = riders.distanceM[other]!
      if (riders.id[other] !== 0 && other !== row && atM < lastM) nextM = Math.max(nextM, atM)
    }
    if (!(lastM - nextM < HOLE_M)) return count
    count++
    lastM = nextM
    if (count === COMPANY_SEEN) return count
  }
}

/** Road to the last line of the race. */
function roadLeftM({ run }: World, distanceM: number): number {
  return run.phase === 'racing' ? finishM(run.run.rules) - distanceM : Infinity
}

/** Body and legs of a racer of a bot: threshold by the watts per kilogram asked for, the rest as such riders have it. */
export function racerScript(bodyKg: number, wattsPerKg: number, seed: number, riderId: number): RacerScript {
  const punch = dice(seed, riderId, -14)
  return {
    kind: 'racer',
    bodyKg,
    criticalW: Math.round(bodyKg * wattsPerKg),
    wPrimeJ: Math.round(bodyKg * (260 + 70 * punch)),
    sprintW: Math.round(bodyKg * (12 + 3 * punch)),
  }
}
