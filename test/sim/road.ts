import type { Course } from '#physics/course'
import { plainCourse } from '#physics/plain-courses'

/** A small road for tests: a loop of one up and one down, smooth, no file needed. */
export function testCourse(lengthM = 2000, isLoop = true): Course {
  const half = lengthM / 2
  const onLap = (distanceM: number) =>
    isLoop ? distanceM - lengthM * Math.floor(distanceM / lengthM) : Math.min(lengthM, Math.max(0, distanceM))
  // dz/ds is a triangle wave: up to 4 % and back, then the same downhill.
  const slopeAt = (distanceM: number) => {
    const x = onLap(distanceM)
    const up = x < half ? 1 : -1
    const y = x < half ? x : x - half
    return (up * 0.04 * Math.min(y, half - y)) / (half / 2)
  }
  const heightAt = (distanceM: number) => {
    const x = onLap(distanceM)
    const y = x < half ? x : lengthM - x
    const k = 0.04 / (half / 2)
    return y < half / 2 ? (k * y * y) / 2 : k * ((half * half) / 4 - ((half - y) * (half - y)) / 2)
  }
  return plainCourse({ lengthM, isLoop, slopeAt, heightAt })
}
