import type { ReadyWorld } from '#maps/ready'
import type { LegsSource } from '../input/legs.ts'
import type { RoomFacts } from '../room.ts'
import type { OwnForcesWatch } from '../world/own-forces.ts'
import type { RideModel } from '../world/ride-model.ts'
import type { SkyNow } from '../world/sky-now.ts'
import { createEars, createSoundNow, soundOf } from './ears.ts'
import { createRaceHeard, raceCue, type Cue } from './race-sounds.ts'
import { surroundingsOf, type Surroundings } from './surroundings.ts'
import { createSynth, VOICES, type Synth } from './synth.ts'

/** Others are heard within this, m. */
const NEAR_M = 40

export interface PlayerOptions {
  readonly world: ReadyWorld
  readonly model: RideModel
  readonly forces: OwnForcesWatch
  readonly riderId: number
  readonly legs: LegsSource | undefined
}

/** From model, place and sky to the loudspeaker, ten times a second. Fetched when sound begins. */
export class Player {
  readonly #options: PlayerOptions
  readonly #synth: Synth
  readonly #surroundings: Surroundings
  readonly #ears = createEars()
  readonly #now = createSoundNow()
  readonly #race = createRaceHeard()
  #gear: number | undefined

  constructor(context: AudioContext, options: PlayerOptions) {
    const { course, network, map } = options.world
    this.#options = options
    this.#synth = createSynth(context)
    this.#surroundings = surroundingsOf(course, network, map)
  }

  volume(gain: number): void {
    this.#synth.volume(gain)
  }

  play(cue: Cue): void {
    this.#synth.play(cue)
  }

  beat(tick: number, sky: SkyNow, facts: RoomFacts | undefined): void {
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
    this.#synth.set(soundOf(ears, sky, this.#now))
    this.#placeOthers()
    const cue = raceCue(facts, riderId, tick, this.#race)
    if (cue !== undefined) this.play(cue)
    const gear = legs?.devices.state.peek().trainer?.gear
    if (gear !== this.#gear) this.play('gear')
    this.#gear = gear
  }

  #placeOthers(): void {
    const { scene } = this.#options.model
    let voice = 0
    for (let row = 1; row < scene.count && voice < VOICES; row++) {
      const aheadM = scene.gapM[row]!
      if (!(Math.abs(aheadM) < NEAR_M)) continue // NaN for who comes towards us: heard by nobody.
      const rightM = scene.lateralM[row]! - scene.lateralM[0]!
      const gain = 0.35 * Math.min(1, scene.speedMps[row]! / 12) * (1 - scene.fade[row]!)
      this.#synth.place(voice++, aheadM, rightM, gain)
    }
    while (voice < VOICES) this.#synth.place(voice++, 0, 0, 0)
  }
}
