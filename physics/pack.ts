import type { Course } from './course.ts'
import { homeLineM, lineFromSteerM } from './lanes.ts'
import { RIDER_FLAG, type Riders } from './riders.ts'
import type { Conditions } from './weather.ts'

/**
 * What riders are to each other: order on the road, shelter, lines, contact. Keeps no memory from tick to tick that the
 * columns of `Riders` do not hold.
 */
export class Pack {
  /** Before the step: `draftFactor` and `lineM` of everybody. */
  prepare(riders: Riders, course: Course, _conditions: Conditions): void {
    const { count, id, flags, distanceM, offsetM, steer, lineM } = riders
    for (let row = 0; row < count; row++) {
      if (id[row] === 0 || (flags[row]! & RIDER_FLAG.held) !== 0) continue
      const widthM = course.widthAt(distanceM[row]! + offsetM[row]!)
      lineM[row] = lineFromSteerM(steer[row]!, widthM, homeLineM(id[row]!, widthM))
    }
  }

  /** After the step: nobody is inside anybody. */
  settle(_riders: Riders, _course: Course): void {}
}
