import type { MapRoad, Span } from './format.ts'
import { heightProfile, profileHeightAt, steppedProfile, valueAt, type HeightProfile, type Profile } from './profile.ts'
import { createTrack, lengthOf, measure, Walker, type Track } from './track.ts'

/** A road of a map, walked: its middle, and what lies along it. */
export interface RoadShape {
  readonly lengthM: number
  readonly middle: Track
  readonly height: HeightProfile
  readonly width: Profile
  readonly bank: Profile
  readonly windShare: Profile
  readonly surfaceAt: (roadM: number) => number
}

const STRIP_STEP_M = 0.2

export function roadShape(road: MapRoad, middle: Track, surfaceIds: ReadonlyMap<string, number>): RoadShape {
  const lengthM = lengthOf(middle)
  return {
    lengthM,
    middle,
    height: heightProfile(middle),
    ...roadProfiles(road, lengthM),
    surfaceAt: surfaceLookUp(road, surfaceIds),
  }
}

export function roadProfiles(road: MapRoad, lengthM: number) {
  const width = road.widths.map((stretch) => ({ ...stretch, value: stretch.widthM }))
  const bank = road.banks.map((stretch) => ({ ...stretch, value: stretch.slope }))
  const wind = road.shelters.map((stretch) => ({ ...stretch, value: stretch.windShare }))
  return {
    width: steppedProfile(lengthM, road.widthM, width),
    bank: steppedProfile(lengthM, 0, bank),
    windShare: steppedProfile(lengthM, road.windShare, wind),
  }
}

export function surfaceLookUp(road: MapRoad, ids: ReadonlyMap<string, number>): (roadM: number) => number {
  const usual = ids.get(road.surface) ?? 0
  if (road.surfaces.length === 0) return () => usual
  const inside = ({ fromM, toM }: Span, roadM: number) => roadM >= fromM && roadM < toM
  return (roadM) => {
    const stretch = road.surfaces.findLast((one) => inside(one, roadM))
    return stretch === undefined ? usual : (ids.get(stretch.surface) ?? 0)
  }
}

/** One strip of a road between two places on it: half the road, to the right of its middle, or all of a one-way road. */
export function stripTrack(
  road: MapRoad,
  shape: RoadShape,
  cut: { readonly fromM: number; readonly toM: number; readonly isReversed: boolean },
): Track {
  const { middle, width, height } = shape
  const lengthM = cut.toM - cut.fromM
  const steps = Math.max(8, Math.ceil(lengthM / STRIP_STEP_M))
  const track = createTrack(steps + 1)
  const walker = new Walker(middle)
  for (let n = 0; n <= steps; n++) {
    const roadM = cut.isReversed ? cut.toM - (lengthM * n) / steps : cut.fromM + (lengthM * n) / steps
    walker.to(roadM)
    const rightM = road.isOneWay ? 0 : (valueAt(width, roadM) / 4) * (cut.isReversed ? -1 : 1)
    const east = walker.of(middle.east)
    const north = walker.of(middle.north)
    track.x[n] = walker.of(middle.x) + rightM * north
    track.y[n] = walker.of(middle.y) - rightM * east
    track.z[n] = profileHeightAt(height, roadM)
    track.roadM[n] = roadM
  }
  measure(track, false)
  return track
}

/** Slopes of a strip per metre of tape: those of the middle of the road, by how fast that passes. */
export function stripSlopes(shape: RoadShape, track: Track, lengthM: number): Float64Array {
  const walker = new Walker(track)
  const trackM = lengthOf(track)
  const stepM = trackM / lengthM
  return Float64Array.from({ length: lengthM + 1 }, (_, k) => {
    const atM = k * stepM
    const aM = Math.max(0, atM - 0.5)
    const bM = Math.min(trackM, atM + 0.5)
    const a = walker.to(aM).of(track.roadM)
    const b = walker.to(bM).of(track.roadM)
    const roadM = walker.to(atM).of(track.roadM)
    return valueAt(shape.height.slope, roadM) * ((b - a) / (bM - aM)) * stepM
  })
}
