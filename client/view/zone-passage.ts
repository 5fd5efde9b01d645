import { acrossOf, type ZoneSite } from '#physics/zone-site'
import type { PropPose, ZoneRiderPose, ZoneScene } from './zone-types.ts'

/** What differs between road and park at a gate is folded away within this, s. */
const FOLD_S = 0.9
/** On the road before the park's first word a rider rides on like this for so long, s. */
const ONWARD_MAX_S = 1

/** My rider on the road, as the ride has it. */
export interface OnRoad {
  readonly placeM: number
  readonly lateralM: number
  readonly speedMps: number
  readonly heightM: number
}

interface At {
  readonly u: number
  readonly v: number
  readonly z: number
}

/**
 * My own rider through the gate of a park. The road shows me now, the park a quarter of a second ago, and its first word
 * takes a moment: I ride on meanwhile, and what the two differ by is folded away. Everybody else passes through unchanged.
 */
export class ZonePassage implements ZoneScene {
  readonly #sites: readonly ZoneSite[]
  readonly #inner: ZoneScene
  readonly #selfId: number
  #zone = -1
  #wasInside = false
  /** When the road had me last, s. */
  #roadS = -Infinity
  #fold: At = { u: 0, v: 0, z: 0 }
  #foldS = -Infinity
  #road: OnRoad | undefined
  #shown: ZoneRiderPose | undefined
  #shownS = 0
  #hasWord = false

  constructor(sites: readonly ZoneSite[], inner: ZoneScene, selfId: number) {
    this.#sites = sites
    this.#inner = inner
    this.#selfId = selfId
  }

  /** Once a frame. `isInside` by the server's word; `road` is where the road has me, at a gate while inside. */
  frame(timeS: number, isInside: boolean, road: OnRoad): void {
    if (isInside !== this.#wasInside) this.#pass(timeS, isInside, road)
    if (!isInside) {
      this.#road = road
      this.#roadS = timeS
    }
    const pose = isInside ? this.#inner.rider(this.#selfId) : undefined
    let next: ZoneRiderPose | undefined
    if (pose !== undefined) {
      if (!this.#hasWord && this.#shown !== undefined) this.#beginFold(timeS, this.#shown, pose)
      this.#hasWord = true
      this.#zone = pose.zone
      next = this.#folded(timeS, pose)
    } else if (isInside) next = this.#onward(timeS)
    else if (timeS - this.#foldS < FOLD_S && this.#zone >= 0) next = this.#folded(timeS, this.#onRoad(road))
    this.#shown = next
    this.#shownS = timeS
  }

  rider(riderId: number): ZoneRiderPose | undefined {
    return riderId === this.#selfId ? this.#shown : this.#inner.rider(riderId)
  }

  fallen(): readonly number[] {
    return this.#inner.fallen()
  }

  props(zone: number): readonly (PropPose | undefined)[] {
    return this.#inner.props(zone)
  }

  #pass(timeS: number, isInside: boolean, road: OnRoad): void {
    this.#wasInside = isInside
    this.#hasWord = false
    if (isInside) {
      this.#zone = this.#sites.findIndex((site) => Math.abs(site.entryPlaceM - road.placeM) < ONWARD_MAX_S * 20)
    } else if (this.#shown !== undefined && this.#zone >= 0) this.#beginFold(timeS, this.#shown, this.#onRoad(road))
  }

  #beginFold(timeS: number, from: ZoneRiderPose, to: At): void {
    const onM = from.speedMps * (timeS - this.#shownS) // A frame's way: what was shown would have gone on.
    this.#fold = { u: from.u + from.headU * onM - to.u, v: from.v + from.headV * onM - to.v, z: from.z - to.z }
    // Set down somewhere else, after a fall or a stand: that is no passage.
    const isFar = Math.abs(this.#fold.u) + Math.abs(this.#fold.v) > 8
    this.#foldS = isFar ? -Infinity : timeS
  }

  #folded(timeS: number, pose: ZoneRiderPose): ZoneRiderPose {
    const x = Math.min(1, (timeS - this.#foldS) / FOLD_S)
    const left = 1 - x * x * (3 - 2 * x)
    if (left === 0) return pose
    const { u, v, z } = this.#fold
    return { ...pose, u: pose.u + u * left, v: pose.v + v * left, z: pose.z + z * left }
  }

  /** Where the road had me at the gate, and on from there as fast as I was. */
  #onward(timeS: number): ZoneRiderPose | undefined {
    const road = this.#road
    if (this.#shown === undefined && road === undefined) return undefined
    if (this.#zone < 0 || road === undefined) return this.#shown
    const onM = road.speedMps * Math.min(ONWARD_MAX_S, timeS - this.#roadS)
    return this.#onRoad({ ...road, placeM: road.placeM + onM })
  }

  #onRoad({ placeM, lateralM, speedMps, heightM }: OnRoad): ZoneRiderPose {
    const site = this.#sites[this.#zone]!
    return {
      zone: this.#zone,
      u: site.ground.entryM + (placeM - site.entryPlaceM) / site.tapePerU,
      v: acrossOf(site, lateralM),
      z: heightM,
      ...{ headU: 1, headV: 0, slope: 0, lean: 0, speedMps, isDown: false },
    }
  }
}
