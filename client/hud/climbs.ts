import { gradeFromSlope } from '#physics/course'
import { timesOver, type PaceRider } from '../world/pace.ts'
import type { HudRoad } from './hud-road.ts'

/** A hill of the profile, metres of it. */
export interface Climb {
  readonly fromM: number
  readonly toM: number
}

export interface ClimbLeft {
  readonly leftM: number
  readonly gradeFraction: number
  readonly upM: number
  readonly isOn: boolean
}

const STEP_M = 50
/** A hill has so much height and slope; so much down, or so long a flat, ends it. */
const UP_MIN_M = 20
const GRADE_MIN = 0.025
const DOWN_MAX_M = 8
const FLAT_MAX_M = 400
/** A hill is told of from here on, m. */
const SIGHT_M = 500

/** The hills of a road, found once. */
export function climbsOf(road: HudRoad): readonly Climb[] {
  const climbs: Climb[] = []
  const heightM = (alongM: number) => road.heightAt(road.placeAt(Math.min(alongM, road.lengthM - 0.001)))
  let low = { atM: 0, heightM: heightM(0) }
  let top = low
  const close = (): void => {
    const upM = top.heightM - low.heightM
    if (upM >= UP_MIN_M && upM / (top.atM - low.atM) >= GRADE_MIN) climbs.push({ fromM: low.atM, toM: top.atM })
  }
  for (let atM = STEP_M; atM <= road.lengthM; atM += STEP_M) {
    const now = { atM, heightM: heightM(atM) }
    if (now.heightM > top.heightM + 0.5) top = now
    const isOver = top.heightM - now.heightM > DOWN_MAX_M || atM - top.atM > FLAT_MAX_M
    if (top === low || !isOver) {
      // A hill begins where the road last lay flat.
      if (top.heightM - low.heightM < 4 && now.heightM <= low.heightM + 0.3) low = top = now
      continue
    }
    close()
    low = top = now
  }
  close()
  return climbs
}

/** The hill I am on, or the next one in sight. */
export function climbLeft(climbs: readonly Climb[], road: HudRoad, alongM: number): ClimbLeft | undefined {
  const climb = climbs.find(({ fromM, toM }) => alongM < toM - 20 && alongM >= fromM - SIGHT_M)
  if (climb === undefined) return undefined
  const isOn = alongM >= climb.fromM
  const fromM = isOn ? alongM : climb.fromM
  const leftM = climb.toM - fromM
  const upM = road.heightAt(road.placeAt(climb.toM - 0.001)) - road.heightAt(road.placeAt(fromM))
  return { leftM, upM, isOn, gradeFraction: gradeFromSlope(Math.min(0.5, Math.max(-0.5, upM / leftM))) }
}

/** Metres to the next hill, over the line of a lap too; undefined: none comes. */
export function nextClimb(climbs: readonly Climb[], road: HudRoad, alongM: number): number | undefined {
  const next = climbs.find(({ fromM }) => fromM > alongM)
  if (next !== undefined) return next.fromM - alongM
  return road.isLap && climbs.length > 0 ? road.lengthM - alongM + climbs[0]!.fromM : undefined
}

/** Seconds to the top of what is left, at these watts. */
export function climbTimeS(left: ClimbLeft, road: HudRoad, alongM: number, powerW: number, rider: PaceRider): number {
  const count = Math.max(1, Math.ceil(left.leftM / STEP_M))
  const pieceM = left.leftM / count
  const slopes = Array.from({ length: count }, (_, i) =>
    road.slopeAt(road.placeAt(Math.min(road.lengthM - 0.001, alongM + (i + 0.5) * pieceM))),
  )
  return timesOver(slopes, pieceM, powerW, rider).at(-1)!
}

/** Mean grade of so many metres from here on; NaN where the profile ends before. */
export function gradeAhead(road: HudRoad, alongM: number, overM: number): number {
  const endM = alongM + overM
  if (endM > road.lengthM && !road.isLap) return NaN
  const end = endM > road.lengthM ? endM - road.lengthM : endM
  const upM = road.heightAt(road.placeAt(Math.min(end, road.lengthM - 0.001))) - road.heightAt(road.placeAt(alongM))
  return gradeFromSlope(Math.min(0.5, Math.max(-0.5, upM / overM)))
}
