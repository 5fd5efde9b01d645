import { AIR_DENSITY_KGPM3 } from './constants.ts'
import type { Course } from './course.ts'

/** Roads one can do sums on: for tests, measurements and first sketches. */
export function rampCourse(slope: number, crr = 0.004, widthM = 7): Course {
  return plainCourse({
    slopeAt: () => slope,
    heightAt: (placeM) => slope * placeM,
    crrAt: () => crr,
    widthAt: () => widthM,
  })
}

/** Up and down once a lap: slope is a triangle wave of height `slopeMost`, height its exact integral. */
export function rollingCourse(lengthM: number, slopeMost: number, crr = 0.004, widthM = 7): Course {
  const quarterM = lengthM / 4
  const onLap = (placeM: number) => placeM - lengthM * Math.floor(placeM / lengthM)
  const slopeAt = (placeM: number) => {
    const x = onLap(placeM) / quarterM
    return slopeMost * (x < 1 ? x : x < 3 ? 2 - x : x - 4)
  }
  const heightAt = (placeM: number) => {
    const x = onLap(placeM) / quarterM
    return slopeMost * quarterM * (x < 1 ? x * x * 0.5 : x < 3 ? 1 - (x - 2) * (x - 2) * 0.5 : (x - 4) * (x - 4) * 0.5)
  }
  return plainCourse({ lengthM, isLoop: true, slopeAt, heightAt, crrAt: () => crr, widthAt: () => widthM })
}

/** A level, straight, sheltered-from-nothing road to the north at sea level, where `parts` do not say otherwise. */
export function plainCourse(parts: Partial<Course> = {}): Course {
  return {
    lengthM: Infinity,
    isLoop: false,
    slopeAt: () => 0,
    heightAt: () => 0,
    crrAt: () => 0.004,
    gripAt: () => 0.9,
    widthAt: () => 7,
    curvatureAt: () => 0,
    bankAt: () => 0,
    eastAt: () => 0,
    northAt: () => 1,
    xAt: () => 0,
    yAt: (placeM) => placeM,
    windShareAt: () => 1,
    airDensityAt: () => AIR_DENSITY_KGPM3,
    wayCount: 1,
    wayAt: () => 0,
    wayStartM: () => 0,
    wayEndM: () => Infinity,
    exitOf: () => -1,
    ...parts,
  }
}
