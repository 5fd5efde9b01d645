import type { Course } from '#physics/course'
import type { PackOptions } from '#physics/pack-options'
import { createRandom } from '#physics/random'
import type { Riders } from '#physics/riders'
import type { Weather } from '#physics/weather'
import { Bunch, type Cast } from './bunch.ts'
import { peopleLegs } from './people.ts'
import { syntheticWander } from './traces.ts'
import { BunchMetrics, type BunchFigures } from './metrics.ts'

/** Who rides: how many, how strong, and how legs behave. */
export interface Field {
  readonly riders: number
  readonly wattsPerKg: number
  /** Strengths are spread evenly by this share to both sides. */
  readonly spread: number
  readonly seed: number
  /** Legs that ease in the wheel and push when a gap opens (`people.ts`); else watts do not ask about anybody. */
  readonly isPeople?: boolean
  /** Legs wander by this share, as `syntheticWander` rolls them, instead of their slow swing. */
  readonly wanderShare?: number
  /** The last rider of the field, of middling body, has this share of the others' watts per kilogram, and no spread. */
  readonly lastShare?: number
}

/** Slow swing, and stroke-to-stroke unrest, of legs: shares of the mean. */
const SWING = 0.05
const UNREST = 0.03
/** How long a rolled trace is before it begins again, s. */
const WANDER_S = 1800
const START_MPS = 9.5

/** Bodies of 58 to 92 kg and 1.66 to 1.92 m, six abreast. */
export function castOf(field: Field): Cast[] {
  const random = createRandom(field.seed)
  return Array.from({ length: field.riders }, (_, i) => {
    const isWeak = field.lastShare !== undefined && i === field.riders - 1
    const drawnKg = 58 + 34 * random.fraction()
    const drawnM = 1.66 + 0.26 * random.fraction()
    const drawnShare = 1 + field.spread * (2 * random.fraction() - 1)
    const bodyKg = isWeak ? 75 : drawnKg
    const heightM = isWeak ? 1.79 : drawnM
    const ownW = bodyKg * field.wattsPerKg * (isWeak ? field.lastShare! : drawnShare)
    const wander =
      field.wanderShare === undefined
        ? undefined
        : syntheticWander(1 + field.seed * 1000 + i, WANDER_S, field.wanderShare)
    const dice = createRandom(1 + Math.floor(random.fraction() * 1e9))
    const phaseS = 60 * random.fraction()
    let unrest = 0
    let second = -1
    const social = field.isPeople === true ? peopleLegs(ownW) : undefined
    const powerW = (timeS: number, row: number, riders: Riders): number => {
      if (Math.floor(timeS) !== second) {
        second = Math.floor(timeS)
        unrest = 0.7 * unrest + UNREST * (2 * dice.fraction() - 1)
      }
      if (social !== undefined) return social(timeS, row, riders)
      if (wander !== undefined) return ownW * (1 + wander[Math.floor(timeS) % WANDER_S]!)
      const swing = SWING * triangle((timeS + phaseS) / 45)
      return ownW * (1 + swing + unrest)
    }
    return {
      bodyKg,
      heightM,
      distanceM: 200 - Math.floor(i / 6) * 3.2,
      lateralM: ((i % 6) - 2.5) * 1.05,
      speedMps: START_MPS,
      powerW,
    }
  })
}

export interface Ridden {
  readonly figures: BunchFigures
  readonly metrics: BunchMetrics
  readonly bunch: Bunch
}

/** The field rides together. */
export function rideField(
  field: Field,
  minutes: number,
  road: { course?: Course; weather?: Weather; options?: Partial<PackOptions> } = {},
  onMinute: (minute: number) => void = () => {},
): Ridden {
  const bunch = new Bunch(castOf(field), road)
  const metrics = new BunchMetrics(bunch)
  for (let minute = 0; minute < minutes; minute++) {
    bunch.ride(60, () => metrics.look())
    onMinute(minute + 1)
  }
  return { figures: metrics.figures(), metrics, bunch }
}

/** The same legs, each alone on the road: mean speed over the field, m/s. */
export function soloSpeedMps(field: Field, minutes: number, course?: Course): number {
  const cast = castOf({ ...field, isPeople: false })
  let sumMps = 0
  for (const rider of cast) {
    const alone = new Bunch([{ ...rider, distanceM: 200 }], course === undefined ? {} : { course })
    alone.ride(60)
    const fromM = alone.riders.distanceM[0]!
    alone.ride(60 * (minutes - 1))
    sumMps += (alone.riders.distanceM[0]! - fromM) / (60 * (minutes - 1))
  }
  return sumMps / cast.length
}

/** −1 … 1, once a turn, without a sine. */
function triangle(turns: number): number {
  const x = turns - Math.floor(turns)
  return x < 0.5 ? 4 * x - 1 : 3 - 4 * x
}
