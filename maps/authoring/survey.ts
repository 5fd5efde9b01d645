import { wrapAngle } from './alignment.ts'
import { nearestApproaches, type Approach } from './nearest.ts'
import type { Road } from './road.ts'

/** What a surveyor would measure on the drawn roads, before they are baked. */
export interface Survey {
  /** Every road once, in three dimensions. */
  readonly roadM: number
  readonly lowestM: number
  readonly highestM: number
  readonly steepestGrade: number
  readonly tightestRadiusM: number
  readonly hairpins: number
  /** Where one road passes over another, by how much; and of all other places, how near two roads' edges come. */
  readonly crossings: readonly Approach[]
  readonly nearest: readonly Approach[]
  /** Between neighbouring arms of a junction, the narrowest, degrees. */
  readonly narrowestForkDeg: number
}

/** How far from one another roads are looked for. */
const REACH_M = 30

export function surveyRoads(roads: readonly Road[]): Survey {
  let [roadM, lowestM, highestM, steepestGrade, sharpest] = [0, Infinity, -Infinity, 0, 0]
  for (const { lengthM, at, profile } of roads) {
    const steps = Math.ceil(lengthM)
    const stepM = lengthM / steps
    for (let i = 0; i < steps; i++) {
      const s = (i + 0.5) * stepM
      const grade = profile.gradeAt(s)
      const heightM = profile.heightAt(s)
      roadM += stepM * Math.sqrt(1 + grade * grade)
      lowestM = Math.min(lowestM, heightM)
      highestM = Math.max(highestM, heightM)
      steepestGrade = Math.max(steepestGrade, Math.abs(grade))
      sharpest = Math.max(sharpest, Math.abs(at(s).bendPerM))
    }
  }
  const approaches = nearestApproaches(roads, REACH_M)
  return {
    roadM,
    lowestM,
    highestM,
    steepestGrade,
    tightestRadiusM: 1 / sharpest,
    hairpins: roads.reduce((sum, road) => sum + road.hairpins, 0),
    crossings: approaches.filter(({ freeM }) => freeM < 0),
    nearest: approaches.filter(({ freeM }) => freeM >= 0),
    narrowestForkDeg: narrowestForkDeg(roads),
  }
}

function narrowestForkDeg(roads: readonly Road[]): number {
  const arms = new Map<string, number[]>()
  for (const road of roads) {
    for (const { atM, junction } of road.junctions) {
      const here = arms.get(junction.id) ?? []
      arms.set(junction.id, here)
      const { headingRad } = road.at(atM)
      if (atM < road.lengthM - 1) here.push(headingRad)
      if (atM > 1) here.push(headingRad + Math.PI)
    }
  }
  let narrowest = Math.PI
  for (const headings of arms.values())
    headings.forEach((a, i) => {
      for (const b of headings.slice(i + 1)) narrowest = Math.min(narrowest, Math.abs(wrapAngle(a - b)))
    })
  return (narrowest * 180) / Math.PI
}
