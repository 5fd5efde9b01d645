import { Contact } from './contact.ts'
import type { Course } from './course.ts'
import { Wakes } from './drafting.ts'
import { Ground } from './ground.ts'
import { homeLineM, lineFromSteerM } from './lanes.ts'
import { LineChooser } from './lines.ts'
import { Near } from './near.ts'
import { Neighbours } from './neighbours.ts'
import { WHOLE_PACK, type PackOptions } from './pack-options.ts'
import { NOT_RIDING, type Riders } from './riders.ts'
import type { NextWay } from './ways.ts'
import type { Conditions } from './weather.ts'

/** Each rider looks for a line every fourth tick, and over the whole road every eighth; not all in the same. */
const LOOK_MASK = 3
const FAR_LOOK_MASK = 7

/**
 * What riders are to each other: order on the road, shelter, lines, contact. Keeps no memory from tick to tick that the
 * columns of `Riders` do not hold.
 */
export class Pack {
  readonly #options: PackOptions
  /** Of the tick that `prepare` was called in. */
  ground = new Ground(0)
  #neighbours = new Neighbours(0)
  #near = new Near(0)
  #wakes = new Wakes(0)
  #contact = new Contact(0)
  #lines: LineChooser
  #capacity = 0

  constructor(options: Partial<PackOptions> = {}) {
    this.#options = { ...WHOLE_PACK, ...options }
    this.#lines = new LineChooser(this.#near, this.#wakes, this.#options)
  }

  /** Before the step: `draftFactor` and `lineM` of everybody. */
  prepare(riders: Riders, course: Course, conditions: Conditions, nextWay?: NextWay): void {
    if (this.#capacity !== riders.capacity) this.#makeRoom(riders.capacity)
    const { order } = this.#neighbours
    this.ground.read(riders, course, conditions)
    this.#neighbours.update(riders, course, nextWay)
    this.#near.update(riders, this.#neighbours)
    if (this.#options.isShelter) this.#wakes.shelter(riders, this.#neighbours, this.ground, conditions)
    const { id, flags, steer, lineM, spareMps2 } = riders
    // From the front to the back: who rides ahead decides first, who follows sees it.
    for (let k = this.#neighbours.count - 1; k >= 0; k--) {
      const row = order[k]!
      if ((flags[row]! & NOT_RIDING) !== 0) continue
      if (steer[row] !== 0 || !this.#options.isLineChoice) {
        const widthM = this.ground.widthM[row]!
        lineM[row] = lineFromSteerM(steer[row]!, widthM, homeLineM(id[row]!, widthM))
        spareMps2[row] = 0
        continue
      }
      const look = conditions.tick + id[row]!
      if ((look & LOOK_MASK) !== 0) continue
      this.#lines.choose(riders, course, this.ground, row, (look & FAR_LOOK_MASK) === 0)
    }
  }

  /** After the step: nobody is inside anybody. */
  settle(riders: Riders, course: Course): void {
    if (this.#options.isContact) this.#contact.settle(riders, course, this.#neighbours, this.#near)
  }

  /** Once for each table of riders. */
  #makeRoom(capacity: number): void {
    this.#capacity = capacity
    this.ground = new Ground(capacity)
    this.#neighbours = new Neighbours(capacity)
    this.#near = new Near(capacity)
    this.#wakes = new Wakes(capacity)
    this.#contact = new Contact(capacity)
    this.#lines = new LineChooser(this.#near, this.#wakes, this.#options)
  }
}
