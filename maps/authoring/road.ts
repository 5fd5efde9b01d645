import {
  bend,
  roundCorners,
  straight,
  walk,
  wrapAngle,
  type Corner,
  type Piece,
  type Pose,
  type Spot,
} from './alignment.ts'
import { junction, type Junction } from './junction.ts'
import { layProfile, type GradeWish, type Profile } from './profile.ts'
import { createDice } from './random.ts'

export type Surface = 'smooth-asphalt' | 'asphalt' | 'rough-asphalt' | 'cobbles' | 'gravel'
export type Shelter = 'open' | 'coast' | 'fields' | 'wood' | 'town' | 'tunnel'

/** A stretch of road on which something holds. */
export interface Stretch<Value> {
  readonly fromM: number
  readonly toM: number
  readonly value: Value
}

/** A finished road, from end to end, with everything that is written about it. Its direction is the one it was drawn in. */
export interface Road {
  readonly id: string
  readonly name: string
  readonly isOneWay: boolean
  readonly lengthM: number
  readonly at: (distanceM: number) => Spot
  readonly profile: Profile
  readonly junctions: readonly { readonly atM: number; readonly junction: Junction }[]
  /** Named places, m from the start. */
  readonly marks: ReadonlyMap<string, number>
  readonly widths: readonly Stretch<number>[]
  readonly surfaces: readonly Stretch<Surface>[]
  readonly shelters: readonly Stretch<Shelter>[]
  /** Built on pillars or under a roof. */
  readonly structures: readonly Stretch<'bridge' | 'tunnel'>[]
  readonly hairpins: number
  /** The steepest cross-slope of its bends. */
  readonly bankMax: number
}

/** Where a word holds from: metres, known once the road is laid. */
interface Station {
  m: number
}

interface Leg {
  corners: (Corner & { station: Station })[]
}

/**
 * A road in a person's words, in the order of riding. Absolute words (`to`, `through`, `until`) name places; relative
 * ones (`straight`, `left`, `hairpinRight`) go on from where the pen stands. Other words hold from there onwards.
 */
export class RoadPlan {
  readonly id: string
  readonly name: string
  #seed: number
  #isOneWay = false
  #waverGrade = 0.004
  #easeM = 50
  #bankMax = 0.05
  #start: Pose | undefined
  #pose: Pose | undefined
  #leg: Leg | undefined
  #pieces: Piece[] = []
  #laidM = 0
  #here: Station = { m: 0 }
  #junctions: { station: Station; junction: Junction }[] = []
  #marks: { station: Station; name: string }[] = []
  #heights: { station: Station; heightM: number }[] = []
  #grades: { station: Station; percent: number | undefined; easingTo?: number; overM?: number }[] = []
  #easings: { fromM: number; toM: number; factor: number }[] = []
  #widths: { station: Station; value: number }[] = []
  #surfaces: { station: Station; value: Surface }[] = []
  #shelters: { station: Station; value: Shelter }[] = []
  #structures: { station: Station; value: 'bridge' | 'tunnel'; lengthM: number }[] = []
  #hairpins = 0

  constructor(id: string, name: string, seed: number) {
    this.id = id
    this.name = name
    this.#seed = seed
  }

  // Where it goes.

  /** Begins at a junction, heading that way for a while; without a heading, towards the next corner. */
  from(start: Junction, headingDeg?: number, straightM = 30): this {
    this.#junctions.push({ station: this.#here, junction: start })
    return this.#startAt(start, headingDeg, straightM)
  }

  /** Begins where no other road is. */
  fromPlace(x: number, y: number, heightM: number, headingDeg?: number, straightM = 30): this {
    this.#heights.push({ station: this.#here, heightM })
    return this.#startAt({ x, y }, headingDeg, straightM)
  }

  /** Bends around a corner, as wide as the legs allow or with a radius. */
  to(x: number, y: number, { radiusM, heightM }: { radiusM?: number; heightM?: number } = {}): this {
    const { corners } = this.#openLeg()
    this.#here = { m: NaN }
    corners.push({ x, y, ...(radiusM === undefined ? {} : { radiusM }), station: this.#here })
    if (heightM !== undefined) this.#heights.push({ station: this.#here, heightM })
    return this
  }

  /** Runs straight through a junction; without a heading, in the mean of the directions before and after is not guessed: give one. */
  through(where: Junction, headingDeg: number, straightM = 30): this {
    this.#arrive(where, headingDeg, straightM)
    this.#junctions.push({ station: this.#here, junction: where })
    this.#leave(where, headingDeg, straightM)
    return this
  }

  until(where: Junction, headingDeg?: number, straightM = 30): this {
    this.#arrive(where, headingDeg, straightM)
    this.#junctions.push({ station: this.#here, junction: where })
    return this
  }

  /** Ends where no other road is. */
  untilPlace(x: number, y: number, heightM?: number, headingDeg?: number, straightM = 30): this {
    this.#arrive({ x, y }, headingDeg, straightM)
    if (heightM !== undefined) this.#heights.push({ station: this.#here, heightM })
    return this
  }

  straight(lengthM: number): this {
    return this.#lay([straight(lengthM)])
  }

  /** Through an angle. */
  left(radiusM: number, angleDeg: number): this {
    return this.#lay(bend(radiusM, radians(angleDeg)))
  }

  right(radiusM: number, angleDeg: number): this {
    return this.#lay(bend(radiusM, -radians(angleDeg)))
  }

  /** The short way round, until it heads there. */
  bendTowards(radiusM: number, headingDeg: number): this {
    return this.#lay(bend(radiusM, wrapAngle(radians(headingDeg) - this.pose().headingRad)))
  }

  /** Round to the left until it heads there. Hairpins ease to half of the grade around them: their inner line is no wall. */
  hairpinLeft(radiusM: number, headingDeg: number): this {
    return this.#hairpin(radiusM, turnLeft(radians(headingDeg) - this.pose().headingRad))
  }

  hairpinRight(radiusM: number, headingDeg: number): this {
    return this.#hairpin(radiusM, -turnLeft(this.pose().headingRad - radians(headingDeg)))
  }

  /** A junction where the pen stands, for other roads to come. */
  junctionHere(id: string, name: string, heightM?: number): Junction {
    const { x, y } = this.pose()
    const made = junction(id, name, x, y, heightM)
    this.#junctions.push({ station: this.#here, junction: made })
    return made
  }

  /** Where the pen stands and where it looks. */
  pose(): Pose {
    if (this.#pose === undefined) throw this.#error('the pen stands in a bend; say straight, through or until first')
    return this.#pose
  }

  // What it is like from here on.

  mark(name: string): this {
    this.#marks.push({ station: this.#here, name })
    return this
  }

  /** Percent, positive upwards; may ease to another over a length. Without a number: whatever meets the next height. */
  climb(percent?: number, { easingTo, overM }: { easingTo?: number; overM?: number } = {}): this {
    this.#grades.push({
      station: this.#here,
      percent,
      ...(easingTo === undefined || overM === undefined ? {} : { easingTo, overM }),
    })
    return this
  }

  height(heightM: number): this {
    this.#heights.push({ station: this.#here, heightM })
    return this
  }

  width(widthM: number): this {
    this.#widths.push({ station: this.#here, value: widthM })
    return this
  }

  surface(kind: Surface): this {
    this.#surfaces.push({ station: this.#here, value: kind })
    return this
  }

  shelter(kind: Shelter): this {
    this.#shelters.push({ station: this.#here, value: kind })
    return this
  }

  /** Carried over what lies there: this long, its middle where the pen stands. */
  bridge(lengthM: number): this {
    this.#structures.push({ station: this.#here, value: 'bridge', lengthM })
    return this
  }

  tunnel(lengthM: number): this {
    this.#structures.push({ station: this.#here, value: 'tunnel', lengthM })
    return this
  }

  oneWay(): this {
    this.#isOneWay = true
    return this
  }

  /** How lively the grade wavers, over how many metres a change of grade is spread, how far bends lean at most. */
  temper({ waverPercent, easeM, bankPercent }: { waverPercent?: number; easeM?: number; bankPercent?: number }): this {
    if (bankPercent !== undefined) this.#bankMax = bankPercent / 100
    if (waverPercent !== undefined) this.#waverGrade = waverPercent / 100
    if (easeM !== undefined) this.#easeM = easeM
    return this
  }

  build(): Road {
    if (this.#start === undefined) throw this.#error('it has no beginning')
    if (this.#leg !== undefined) throw this.#error('it stops in a bend; say until')
    const { lengthM, at } = walk(this.#start, this.#pieces)
    const spans = <Value>(words: readonly { station: Station; value: Value }[]): Stretch<Value>[] =>
      words
        .map(({ station, value }, i) => ({ fromM: station.m, toM: words[i + 1]?.station.m ?? lengthM, value }))
        .filter(({ fromM, toM }) => toM > fromM + 0.5)
    const wishes: GradeWish[] = []
    this.#grades.forEach(({ station, percent, easingTo, overM }, i) => {
      if (percent === undefined) return
      const fromM = station.m
      const toM = this.#grades[i + 1]?.station.m ?? lengthM
      const easedM = Math.min(toM, fromM + (overM ?? 0))
      const endGrade = (easingTo ?? percent) / 100
      if (easedM > fromM) wishes.push({ fromM, toM: easedM, startGrade: percent / 100, endGrade })
      if (toM > easedM) wishes.push({ fromM: easedM, toM, startGrade: endGrade, endGrade })
    })
    const plainAt = (s: number): number => {
      const wish = wishes.find(({ fromM, toM }) => s >= fromM && s < toM)
      if (wish === undefined) return NaN
      return wish.startGrade + ((wish.endGrade - wish.startGrade) * (s - wish.fromM)) / (wish.toM - wish.fromM)
    }
    for (const { fromM, toM, factor } of this.#easings) {
      const percent = plainAt((fromM + toM) / 2) * factor
      if (!Number.isNaN(percent)) wishes.push({ fromM, toM, startGrade: percent, endGrade: percent })
    }
    const junctions = this.#junctions.map(({ station, junction: place }) => ({ atM: station.m, junction: place }))
    const profile = layProfile({
      lengthM,
      at,
      wishes,
      heights: this.#heights.map(({ station, heightM }) => ({ atM: station.m, heightM })),
      junctions,
      waverGrade: this.#waverGrade,
      easeM: this.#easeM,
      random: createDice(this.#seed, this.id),
    })
    return {
      id: this.id,
      name: this.name,
      isOneWay: this.#isOneWay,
      lengthM,
      at,
      profile,
      junctions,
      marks: new Map(this.#marks.map(({ station, name }) => [name, station.m])),
      widths: spans(this.#widths),
      surfaces: spans(this.#surfaces),
      shelters: spans(this.#shelters),
      structures: this.#structures.map(({ station, value, lengthM: longM }) => ({
        fromM: Math.max(0, station.m - longM / 2),
        toM: Math.min(lengthM, station.m + longM / 2),
        value,
      })),
      hairpins: this.#hairpins,
      bankMax: this.#bankMax,
    }
  }

  // The pen.

  #startAt(place: { readonly x: number; readonly y: number }, headingDeg: number | undefined, straightM: number): this {
    if (this.#start !== undefined) throw this.#error('it begins twice')
    this.#leave(place, headingDeg, straightM)
    return this
  }

  #leave(
    { x, y }: { readonly x: number; readonly y: number },
    headingDeg: number | undefined,
    straightM: number,
  ): void {
    if (headingDeg === undefined) {
      this.#leg = { corners: [{ x, y, station: this.#here }] }
      return
    }
    this.#pose = { x, y, headingRad: radians(headingDeg) }
    this.#start ??= this.#pose
    this.#runOutM = straightM
  }

  #runOutM = 30

  /** Closes the line of corners at a place and lays it. */
  #arrive(place: { readonly x: number; readonly y: number }, headingDeg: number | undefined, straightM: number): void {
    const leg = this.#openLeg()
    const headingRad = headingDeg === undefined ? undefined : radians(headingDeg)
    if (headingRad !== undefined) {
      const last = leg.corners.at(-1)!
      const aside = crossTrackM(last, place, headingRad)
      // Already on the line of arrival: no corner is needed.
      if (Math.abs(aside) > 1e-6)
        leg.corners.push({
          x: place.x - straightM * Math.cos(headingRad),
          y: place.y - straightM * Math.sin(headingRad),
          station: { m: NaN },
        })
    }
    this.#here = { m: NaN }
    leg.corners.push({ x: place.x, y: place.y, station: this.#here })
    const [a, b] = leg.corners
    const outRad = Math.atan2(b!.y - a!.y, b!.x - a!.x)
    this.#start ??= { x: a!.x, y: a!.y, headingRad: outRad }
    let rounded
    try {
      rounded = roundCorners(leg.corners)
    } catch (error) {
      throw this.#error((error as Error).message)
    }
    rounded.stationsM.forEach((stationM, i) => {
      const { station } = leg.corners[i]!
      if (Number.isNaN(station.m)) station.m = this.#laidM + stationM
    })
    const [c, d] = leg.corners.slice(-2)
    this.#push(rounded.pieces)
    this.#here.m = this.#laidM
    this.#pose = { x: place.x, y: place.y, headingRad: Math.atan2(d!.y - c!.y, d!.x - c!.x) }
    this.#leg = undefined
  }

  #openLeg(): Leg {
    if (this.#leg !== undefined) return this.#leg
    const { x, y, headingRad } = this.pose()
    const out = { x: x + this.#runOutM * Math.cos(headingRad), y: y + this.#runOutM * Math.sin(headingRad) }
    this.#leg = {
      corners: [
        { x, y, station: this.#here },
        { ...out, station: { m: NaN } },
      ],
    }
    return this.#leg
  }

  #lay(pieces: readonly Piece[]): this {
    const from = this.pose()
    this.#push(pieces)
    const to = walk(from, pieces).at(Infinity)
    this.#pose = { x: to.x, y: to.y, headingRad: to.headingRad }
    this.#here = { m: this.#laidM }
    return this
  }

  #hairpin(radiusM: number, angleRad: number): this {
    const fromM = this.#laidM
    this.#lay(bend(radiusM, angleRad))
    this.#easings.push({ fromM, toM: this.#laidM, factor: 0.55 })
    this.#hairpins++
    return this
  }

  #push(pieces: readonly Piece[]): void {
    this.#pieces.push(...pieces)
    for (const { lengthM } of pieces) this.#laidM += lengthM
  }

  #error(text: string): Error {
    return new Error(`road ${this.id}: ${text}`)
  }
}

/** 0 … 2π. */
function turnLeft(angleRad: number): number {
  return angleRad - 2 * Math.PI * Math.floor(angleRad / (2 * Math.PI))
}

function radians(deg: number): number {
  return (deg * Math.PI) / 180
}

/** How far `from` lies to the side of the line through `place`; 0 also demands that it lies behind. */
function crossTrackM(
  from: { readonly x: number; readonly y: number },
  place: { readonly x: number; readonly y: number },
  headingRad: number,
): number {
  const dx = place.x - from.x
  const dy = place.y - from.y
  const ahead = dx * Math.cos(headingRad) + dy * Math.sin(headingRad)
  return ahead > 0 ? dx * Math.sin(headingRad) - dy * Math.cos(headingRad) : Infinity
}
