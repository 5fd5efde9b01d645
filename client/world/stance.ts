import { chanceOf } from './chance.ts'
import { POSE, POSES } from './poses.ts'
import type { SceneRiders } from './scene-riders.ts'

/**
 * How riders sit, from what they do: watts by weight, cadence, speed, the road below. What cannot be seen in the numbers
 * (when one drinks, looks round, rather stands) is each rider's habit, worked out from the id. Everything moves from pose
 * to pose in time; nothing is allocated.
 */
export interface Road {
  /** Fills `out` with slope and bend at a place. */
  at(placeM: number, out: { slope: number; curvaturePerM: number }): unknown
}

/** How long a body takes from pose to pose, s (63 %). */
const SETTLE_S = 0.42
const QUICK_S = 0.22
/** Watts of a moment ago count too: nobody jumps up for one stroke. */
const WATTS_S = 0.9
const DRINK_S = 4.6
const LOOK_S = 1.9
const CHEER_S = 7
const UNKNOWN_KG = 72
const TURN = 2 * Math.PI
/** No crank turns below this; a stamp on the pedals is more, rpm. */
const STILL_RPM = 8
/** Cranks are brought level no faster than this, rad/s. */
const LEVEL_RADPS = 3.2

const COUNT = POSES.length
const { hoods, tops, drops, standing, sprint, aero, tuck, stop, cheer } = POSE

export class Stances {
  readonly #id: Uint32Array
  readonly #kg: Float32Array
  readonly #weights: Float32Array
  readonly #watts: Float32Array
  readonly #speed: Float32Array
  readonly #accel: Float32Array
  readonly #pose: Uint8Array
  /** For how long this pose, and for how long no pedalling, s. */
  readonly #heldS: Float32Array
  readonly #idleS: Float32Array
  readonly #untilDrinkS: Float32Array
  readonly #drink: Float32Array
  readonly #untilLookS: Float32Array
  readonly #look: Float32Array
  readonly #turns: Uint32Array
  readonly #lookAt: Float32Array
  readonly #knee: Float32Array
  readonly #offset: Float64Array
  readonly #cheerS: Float32Array
  readonly #massOf = new Map<number, number>()
  readonly #cheered = new Set<number>()
  readonly #place = { xM: 0, yM: 0, zM: 0, dx: 0, dy: 0, slope: 0, widthM: 0, curvaturePerM: 0 }

  constructor(slots: number) {
    const column = () => new Float32Array(slots)
    this.#id = new Uint32Array(slots)
    this.#kg = column()
    this.#weights = new Float32Array(slots * COUNT)
    this.#watts = column()
    this.#speed = column()
    this.#accel = column()
    this.#pose = new Uint8Array(slots)
    this.#heldS = column()
    this.#idleS = column()
    this.#untilDrinkS = column()
    this.#drink = column()
    this.#untilLookS = column()
    this.#look = column()
    this.#turns = new Uint32Array(slots)
    this.#lookAt = column()
    this.#knee = column()
    this.#offset = new Float64Array(slots)
    this.#cheerS = column()
  }

  setRoster(entries: readonly { readonly id: number; readonly massKg: number }[]): void {
    this.#massOf.clear()
    for (const { id, massKg } of entries) this.#massOf.set(id, massKg)
    for (let slot = 0; slot < this.#id.length; slot++) this.#kg[slot] = this.#massOf.get(this.#id[slot]!) ?? UNKNOWN_KG
  }

  /** This rider has won: arms up, once. */
  cheer(riderId: number): void {
    if (this.#cheered.has(riderId)) return
    this.#cheered.add(riderId)
    const slot = this.#id.indexOf(riderId)
    if (slot >= 0) this.#cheerS[slot] = CHEER_S
  }

  /** A film knows when: so long ago this rider won. Wound back, or on, the arms are up or down as they were. */
  cheerSince(riderId: number, agoS: number): void {
    const slot = this.#id.indexOf(riderId)
    if (slot >= 0) this.#cheerS[slot] = agoS >= 0 && agoS < CHEER_S ? CHEER_S - agoS : 0
  }

  /** A film was wound: everybody is met anew, as they are now. */
  forget(): void {
    this.#id.fill(-1)
  }

  /** Row `at` of the scene, whose numbers stand; `slot` is this rider's for as long as they are seen. */
  fill(scene: SceneRiders, at: number, slot: number, road: Road, dtS: number): void {
    if (this.#id[slot] !== scene.id[at]) this.#meet(slot, scene, at)
    const place = this.#place
    road.at(scene.placeM[at]!, place)
    const speedMps = scene.speedMps[at]!
    const rpm = scene.cadenceRpm[at]!
    const isStill = rpm < STILL_RPM
    const share = dtS > 0 ? 1 - Math.exp(-dtS / WATTS_S) : 0
    this.#watts[slot]! += (scene.powerW[at]! - this.#watts[slot]!) * share
    if (dtS > 0) {
      const accel = (speedMps - this.#speed[slot]!) / dtS
      this.#accel[slot]! += (Math.max(-6, Math.min(6, accel)) - this.#accel[slot]!) * (1 - Math.exp(-dtS / 0.35))
    }
    this.#speed[slot] = speedMps
    this.#idleS[slot] = isStill ? this.#idleS[slot]! + dtS : 0
    this.#heldS[slot]! += dtS
    if (this.#cheerS[slot]! > 0) this.#cheerS[slot]! -= dtS

    const pose = this.#choose(slot, speedMps, rpm, place.slope, place.curvaturePerM)
    if (pose !== this.#pose[slot]) {
      this.#pose[slot] = pose
      this.#heldS[slot] = 0
    }
    this.#settle(slot, pose, dtS)
    this.#drinkOn(slot, pose, speedMps, place.curvaturePerM, dtS)
    this.#lookOn(slot, pose, speedMps, place.curvaturePerM, dtS)
    this.#level(slot, scene, at, isStill, dtS)
    this.#write(slot, scene, at)
  }

  /** Somebody new in this slot: at once as they are, and with the cranks anywhere. */
  #meet(slot: number, scene: SceneRiders, at: number): void {
    const id = scene.id[at]!
    this.#id[slot] = id
    this.#kg[slot] = this.#massOf.get(id) ?? UNKNOWN_KG
    this.#watts[slot] = scene.powerW[at]!
    this.#speed[slot] = scene.speedMps[at]!
    this.#accel[slot] = 0
    this.#pose[slot] = hoods!
    this.#heldS[slot] = 60
    this.#idleS[slot] = 0
    this.#drink[slot] = 0
    this.#look[slot] = 0
    this.#lookAt[slot] = 0
    this.#knee[slot] = 0
    this.#turns[slot] = 0
    this.#cheerS[slot] = 0
    this.#untilDrinkS[slot] = 8 + chanceOf(id, 31) * 150
    this.#untilLookS[slot] = 3 + chanceOf(id, 32) * 40
    this.#offset[slot] = chanceOf(id, 33) * TURN
    const first = slot * COUNT
    this.#weights.fill(0, first, first + COUNT)
    this.#weights[first] = 1
  }

  #wattsPerKg(slot: number): number {
    return this.#watts[slot]! / Math.max(35, this.#kg[slot]!)
  }

  /** One pose of the nine. What was chosen is left a little later than it is taken: nobody flickers. */
  #choose(slot: number, speedMps: number, rpm: number, slope: number, bendPerM: number): number {
    const id = this.#id[slot]!
    const now = this.#pose[slot]!
    const wpk = this.#wattsPerKg(slot)
    const keen = chanceOf(id, 34)
    if (this.#cheerS[slot]! > 0 && speedMps > 2.5) return cheer!
    if (speedMps < (now === stop ? 1.1 : 0.45) && !(rpm > 25 && speedMps > 0.6)) return stop!
    const isDrinking = this.#drink[slot]! > 0
    const isIdle = this.#idleS[slot]! > 0.35
    if (isDrinking) return now === tops ? tops! : hoods!
    const bend = Math.abs(bendPerM) * speedMps * speedMps // m/s², what is felt to the side
    if (isIdle) {
      const isBraking = this.#accel[slot]! < -1
      const isFast = speedMps > (now === tuck ? 11 : 12.5 + 1.5 * keen)
      if (isFast && slope < -0.02 && !isBraking && bend < (now === tuck ? 3.4 : 2.6)) return tuck!
      return speedMps > 8 || bend > 2.2 ? drops! : hoods!
    }
    if (wpk > (now === sprint ? 7.6 : 9.2) && rpm > 80 && speedMps > 7 && slope < 0.07) return sprint!
    if (this.#stands(slot, speedMps, rpm, slope, wpk)) return standing!
    const isFree = bend < 1.5
    if (slope < -0.025 && speedMps > (now === drops ? 10 : 11.5)) return drops!
    if (wpk > (now === drops ? 4.9 : 5.6) && slope < 0.04) return drops!
    if (
      keen > 0.72 &&
      isFree &&
      Math.abs(slope) < 0.02 &&
      speedMps > (now === aero ? 10 : 10.8) &&
      wpk > (now === aero ? 3 : 3.5)
    )
      return aero!
    if (bend > (now === drops ? 1.6 : 2.4)) return drops!
    const climbs = slope > (now === tops ? 0.03 : 0.038 + 0.02 * keen)
    const eases = wpk < (now === tops ? 2.1 : 1.7) && speedMps < 10.5 && chanceOf(id, 35) < 0.6
    return (climbs && wpk < 5.5) || eases ? tops! : hoods!
  }

  /** Out of the saddle: on a steep road with a slow crank, out of a bend or a standstill, and now and then to rest the legs. */
  #stands(slot: number, speedMps: number, rpm: number, slope: number, wpk: number): boolean {
    const id = this.#id[slot]!
    const likes = chanceOf(id, 36)
    const isUp = this.#pose[slot] === standing
    const heldS = this.#heldS[slot]!
    if (rpm > (isUp ? 98 : 88) || slope < -0.02) return false
    if (isUp && heldS < 3) return wpk > 1.6
    if (slope > (isUp ? 0.05 : 0.06) && rpm < (isUp ? 78 : 70) && wpk > 2.2) return !isUp || heldS < 10 + 25 * likes
    if (speedMps < 5.5 && slope > -0.01 && wpk > (isUp ? 4.2 : 5)) return true
    if (slope > 0.025 && wpk > (isUp ? 5.2 : 6) && rpm < 92) return true
    if (slope > 0.035 && wpk > 2.4) return isUp ? heldS < 7 + 6 * likes : heldS > 45 + 90 * (1 - likes) && rpm < 84
    return false
  }

  #settle(slot: number, pose: number, dtS: number): void {
    const share = 1 - Math.exp(-dtS / (pose === sprint || pose === stop ? QUICK_S : SETTLE_S))
    const first = slot * COUNT
    let sum = 0
    for (let k = 0; k < COUNT; k++) {
      const weight = this.#weights[first + k]! + ((k === pose ? 1 : 0) - this.#weights[first + k]!) * share
      this.#weights[first + k] = weight
      sum += weight
    }
    for (let k = 0; k < COUNT; k++) this.#weights[first + k]! /= sum
  }

  #drinkOn(slot: number, pose: number, speedMps: number, bendPerM: number, dtS: number): void {
    const phase = this.#drink[slot]!
    const wpk = this.#wattsPerKg(slot)
    const isCalm = wpk < 5.2 && Math.abs(bendPerM) < 0.012 && speedMps > 4 && speedMps < 13 && this.#accel[slot]! > -0.6
    if (phase > 0) {
      // Whoever must hurry puts it back, quickly.
      const next = phase + (dtS / DRINK_S) * (isCalm || phase > 0.8 ? 1 : 3)
      this.#drink[slot] = next >= 1 ? 0 : next
      if (next >= 1) {
        this.#turns[slot]!++
        this.#untilDrinkS[slot] = 70 + 200 * chanceOf(this.#id[slot]!, 100 + this.#turns[slot]!)
      }
      return
    }
    this.#untilDrinkS[slot]! -= dtS
    const first = slot * COUNT
    const isSeated = this.#weights[first + hoods!]! + this.#weights[first + tops!]! > 0.97
    if (this.#untilDrinkS[slot]! < 0 && isCalm && isSeated && (pose === hoods || pose === tops))
      this.#drink[slot] = 1e-4
  }

  #lookOn(slot: number, pose: number, speedMps: number, bendPerM: number, dtS: number): void {
    const id = this.#id[slot]!
    const turns = this.#turns[slot]!
    const phase = this.#look[slot]!
    if (phase > 0) {
      const next = phase + dtS / LOOK_S
      this.#look[slot] = next >= 1 ? 0 : next
      if (next >= 1) {
        this.#turns[slot]!++
        this.#untilLookS[slot] = (pose === stop ? 3 : 12) + 45 * chanceOf(id, 200 + turns)
      }
    } else {
      this.#untilLookS[slot]! -= dtS
      const isBusy = pose === sprint || pose === tuck || pose === cheer || this.#drink[slot]! > 0
      if (this.#untilLookS[slot]! < 0 && !isBusy) this.#look[slot] = 1e-4
    }
    const turn = this.#look[slot]!
    const side = chanceOf(id, 300 + turns) < 0.5 ? -1 : 1
    const far = 0.45 + 0.55 * chanceOf(id, 400 + turns)
    const glance = turn <= 0 ? 0 : side * far * rise(turn / 0.3) * rise((1 - turn) / 0.35)
    // Into a bend one looks ahead of the wheel.
    const into = Math.max(-0.5, Math.min(0.5, bendPerM * speedMps * 1.6))
    const target = Math.max(-1, Math.min(1, glance + into))
    this.#lookAt[slot]! += (target - this.#lookAt[slot]!) * (1 - Math.exp(-dtS / 0.16))
    const lean = bendPerM * speedMps * speedMps * (this.#idleS[slot]! > 0.35 ? 0.3 : 0)
    const knee = pose === stop ? 0 : Math.max(-1, Math.min(1, Math.abs(lean) < 0.55 ? 0 : lean))
    this.#knee[slot]! += (knee - this.#knee[slot]!) * (1 - Math.exp(-dtS / 0.35))
  }

  /** Who does not pedal holds the cranks level, in a bend the inner foot up, at a standstill ready to start. */
  #level(slot: number, scene: SceneRiders, at: number, isStill: boolean, dtS: number): void {
    if (!isStill || (this.#idleS[slot]! < 0.15 && this.#pose[slot] !== stop)) return
    const crankRad = scene.crankRad[at]! + this.#offset[slot]!
    const knee = this.#knee[slot]!
    const goofy = chanceOf(this.#id[slot]!, 37) < 0.5 ? 0 : Math.PI
    let wanted = TURN / 4 + goofy
    if (this.#pose[slot] === stop) wanted = 1.15
    else if (knee > 0.3) wanted = 0
    else if (knee < -0.3) wanted = Math.PI
    let away = wanted - crankRad
    away -= TURN * Math.round(away / TURN)
    const step = away * (1 - Math.exp(-dtS * 4))
    const most = LEVEL_RADPS * dtS
    this.#offset[slot]! += Math.max(-most, Math.min(most, step))
  }

  #write(slot: number, scene: SceneRiders, at: number): void {
    const id = this.#id[slot]!
    const from = slot * COUNT
    const to = at * COUNT
    for (let k = 0; k < COUNT; k++) scene.pose[to + k] = this.#weights[from + k]!
    const lively = 0.7 + 0.7 * chanceOf(id, 38)
    scene.effort[at] = Math.min(1.5, (lively * Math.max(0, this.#wattsPerKg(slot))) / 4)
    scene.drink[at] = this.#drink[slot]!
    scene.lookRight[at] = this.#lookAt[slot]!
    scene.kneeOut[at] = this.#knee[slot]!
    const crankRad = scene.crankRad[at]! + this.#offset[slot]!
    scene.crankRad[at] = crankRad - TURN * Math.floor(crankRad / TURN)
  }
}

const rise = (x: number): number => (x >= 1 ? 1 : x <= 0 ? 0 : x * x * (3 - 2 * x))
