import type { LoadedWorld } from '#maps/load'
import { createEars } from './audio/ears.ts'
import { createRaceHeard, raceCue } from './audio/race-sounds.ts'
import { Sound } from './audio/sound.ts'
import { surroundingsOf, type Surroundings } from './audio/surroundings.ts'
import type { LegsSource } from './input/legs.ts'
import type { RoomFacts } from './room.ts'
import type { OwnForcesWatch } from './world/own-forces.ts'
import type { RideModel } from './world/ride-model.ts'
import type { SkyNow } from './world/sky-now.ts'

export interface RideSoundOptions {
  readonly world: LoadedWorld
  readonly model: RideModel
  readonly forces: OwnForcesWatch
  readonly riderId: number
  readonly legs: LegsSource | undefined
  /** Not even a touch begins it, only who turns it up. */
  readonly isWaiting: boolean
}

/** What of a ride is heard: the model and the room's facts go in, ten times a second. */
export class RideSound {
  readonly sound: Sound
  readonly #options: RideSoundOptions
  readonly #surroundings: Surroundings
  readonly #ears = createEars()
  readonly #race = createRaceHeard()
  #gear: number | undefined

  constructor(options: RideSoundOptions) {
    const { course, network, map } = options.world
    this.#options = options
    this.#surroundings = surroundingsOf(course, network, map)
    this.sound = new Sound(options)
  }

  frame(nowMs: number, tick: number, sky: SkyNow, facts: RoomFacts | undefined): void {
    const { sound } = this
    if (!sound.isDue(nowMs)) return
    const ears = this.#ears
    const { world, model, forces, riderId, legs } = this.#options
    const { scene, own } = model
    const placeM = scene.placeM[0]!
    ears.speedMps = scene.speedMps[0]!
    ears.cadenceRpm = scene.cadenceRpm[0]!
    ears.powerW = scene.powerW[0]!
    ears.draftFactor = own?.draftFactor ?? 1
    forces.windAt(tick, placeM, ears)
    this.#surroundings.at(placeM, ears)
    ears.isSnow = world.course.heightAt(placeM) > sky.snowLineM
    sound.beat(ears, sky, scene)
    const cue = raceCue(facts, riderId, tick, this.#race)
    if (cue !== undefined) sound.play(cue)
    const gear = legs?.devices.state.peek().trainer?.gear
    if (gear !== this.#gear) sound.play('gear')
    this.#gear = gear
  }
}
