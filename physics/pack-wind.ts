import type { Course } from './course.ts'
import type { RoadWind } from './drafting.ts'
import { plainCourse } from './plain-courses.ts'
import { calmConditions, type Conditions } from './weather.ts'

/** The room's wind in road axes, for the tick at hand. */
export class PackWind implements RoadWind {
  #course: Course = plainCourse()
  #conditions: Conditions = calmConditions()

  update(course: Course, conditions: Conditions): void {
    this.#course = course
    this.#conditions = conditions
  }

  alongMps(placeM: number): number {
    const { windEastMps, windNorthMps } = this.#conditions.weather
    const course = this.#course
    return course.windShareAt(placeM) * (windEastMps * course.eastAt(placeM) + windNorthMps * course.northAt(placeM))
  }

  rightMps(placeM: number): number {
    const { windEastMps, windNorthMps } = this.#conditions.weather
    const course = this.#course
    return course.windShareAt(placeM) * (windEastMps * course.northAt(placeM) - windNorthMps * course.eastAt(placeM))
  }
}
