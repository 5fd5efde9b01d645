import type { Road } from './road.ts'

/** Where two stretches of road come nearer to each other, seen from above, than their widths allow. */
export interface Approach {
  readonly roads: readonly [string, string]
  /** metres along each. */
  readonly atM: readonly [number, number]
  readonly x: number
  readonly y: number
  readonly apartM: number
  /** Between the edges of the two roads; negative where they overlap. */
  readonly freeM: number
  /** How much higher the second lies. */
  readonly heightM: number
}

/** Every this many metres a sample. */
const STEP_M = 4
const CELL_M = 40
/** Along one road this much way lies between two places that count as two. */
const SAME_ROAD_M = 60
/** Arms of one junction may be near each other for this far from it. */
const ARM_M = 70

export function widthAt(road: Road, distanceM: number): number {
  return road.widths.find(({ fromM, toM }) => distanceM >= fromM && distanceM <= toM)?.value ?? 7
}

/** The nearest approach of each pair of stretches within `reachM`, the nearest first. Junctions are not approaches. */
export function nearestApproaches(roads: readonly Road[], reachM: number): Approach[] {
  interface Sample {
    readonly road: Road
    readonly index: number
    readonly atM: number
    readonly x: number
    readonly y: number
    readonly z: number
    readonly halfM: number
  }
  const cells = new Map<string, Sample[]>()
  const samples: Sample[] = []
  roads.forEach((road, index) => {
    for (let atM = 0; atM <= road.lengthM; atM += STEP_M) {
      const { x, y } = road.at(atM)
      const sample = { road, index, atM, x, y, z: road.profile.heightAt(atM), halfM: widthAt(road, atM) / 2 }
      samples.push(sample)
      const key = `${Math.floor(x / CELL_M)},${Math.floor(y / CELL_M)}`
      const cell = cells.get(key)
      if (cell === undefined) cells.set(key, [sample])
      else cell.push(sample)
    }
  })
  const wayToJunctionsM = (road: Road, atM: number, id: string): number =>
    Math.min(
      ...road.junctions.map(({ atM: there, junction }) => (junction.id === id ? Math.abs(there - atM) : Infinity)),
    )
  const areArms = (a: Sample, b: Sample): boolean =>
    a.road.junctions.some(
      ({ junction, atM }) => Math.abs(atM - a.atM) < ARM_M && wayToJunctionsM(b.road, b.atM, junction.id) < ARM_M,
    )
  const found: Approach[] = []
  const cellsAround = Math.ceil(reachM / CELL_M)
  for (const a of samples) {
    const cx = Math.floor(a.x / CELL_M)
    const cy = Math.floor(a.y / CELL_M)
    for (let i = -cellsAround; i <= cellsAround; i++) {
      for (let j = -cellsAround; j <= cellsAround; j++) {
        for (const b of cells.get(`${cx + i},${cy + j}`) ?? []) {
          if (b.index < a.index || (b.index === a.index && b.atM < a.atM + SAME_ROAD_M)) continue
          const apartM = Math.hypot(a.x - b.x, a.y - b.y)
          if (apartM > reachM || areArms(a, b)) continue
          found.push({
            roads: [a.road.id, b.road.id],
            atM: [a.atM, b.atM],
            x: (a.x + b.x) / 2,
            y: (a.y + b.y) / 2,
            apartM,
            freeM: apartM - a.halfM - b.halfM,
            heightM: b.z - a.z,
          })
        }
      }
    }
  }
  // One per place: the nearest of those within a hundred metres of each other.
  const kept: Approach[] = []
  for (const approach of found.toSorted((a, b) => a.apartM - b.apartM)) {
    if (kept.some((other) => isSamePlace(other, approach))) continue
    kept.push(approach)
  }
  return kept
}

function isSamePlace(a: Approach, b: Approach): boolean {
  return a.roads[0] === b.roads[0] && a.roads[1] === b.roads[1] && Math.hypot(a.x - b.x, a.y - b.y) < 100
}
