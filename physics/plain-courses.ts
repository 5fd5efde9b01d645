import type { Course } from './course.ts'

/** Roads one can do sums on: for tests, measurements and first sketches. */
export function rampCourse(slope: number, crr = 0.004, widthM = 7): Course {
  return {
    lengthM: Infinity,
    isLoop: false,
    slopeAt: () => slope,
    heightAt: (distanceM) => slope * distanceM,
    crrAt: () => crr,
    widthAt: () => widthM,
  }
}

/** Up and down once a lap: slope is a triangle wave of height `slopeMost`, height its exact integral. */
export function rollingCourse(lengthM: number, slopeMost: number, crr = 0.004, widthM = 7): Course {
  const quarterM = lengthM / 4
  const onLap = (distanceM: number) => distanceM - lengthM * Math.floor(distanceM / lengthM)
  const slopeAt = (distanceM: number) => {
    const x = onLap(distanceM) / quarterM
    return slopeMost * (x < 1 ? x : x < 3 ? 2 - x : x - 4)
  }
  const heightAt = (distanceM: number) => {
    const x = onLap(distanceM) / quarterM
    return slopeMost * quarterM * (x < 1 ? x * x * 0.5 : x < 3 ? 1 - (x - 2) * (x - 2) * 0.5 : (x - 4) * (x - 4) * 0.5)
  }
  return { lengthM, isLoop: true, slopeAt, heightAt, crrAt: () => crr, widthAt: () => widthM }
}
