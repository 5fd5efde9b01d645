import { POSES } from '../world/poses.ts'
import type { SceneRiders } from '../world/scene-riders.ts'
import { KIT_NUMBERS, PLAIN_KIT } from './rider-kit.ts'
import type { Quality } from './view-types.ts'

/** Floats one rider takes in an instance buffer: rd0 … rd9 of the shader. */
export const ROW_FLOATS = 40
/** Near, middle, low, far; then what throws shadows: middle and low. */
export const LEVELS = ['near', 'mid', 'low', 'far', 'shadowMid', 'shadowLow'] as const
const SHADOW_MID = 4
const SHADOW_LOW = 5
/** Numbers of a stand. */
const STAND = 8

/** How far each detail reaches at most, m, and how many riders it is for: the nearest ones. */
export interface Reaches {
  readonly toM: readonly [near: number, mid: number, low: number]
  readonly most: readonly [near: number, mid: number, low: number]
  /** Shadows reach so far from the first rider; so many of them are of the middle detail. */
  readonly shadowM: number
  readonly shadowMid: number
}

export const REACHES: Readonly<Record<Quality, Reaches>> = {
  test: { toM: [7, 22, 90], most: [1, 6, 60], shadowM: 0, shadowMid: 0 },
  low: { toM: [9, 30, 130], most: [1, 7, 100], shadowM: 0, shadowMid: 0 },
  medium: { toM: [14, 55, 180], most: [5, 12, 150], shadowM: 42, shadowMid: 4 },
  high: { toM: [20, 90, 260], most: [14, 60, 320], shadowM: 60, shadowMid: 12 },
}

/** Beyond this nobody is drawn, m. */
const DRAWN_TO_M = 2500
/** Over the last share of a detail's reach it goes over into the next. */
const BAND = 0.12
/** A rider reaches so far beyond the wheels' contact, m. */
const ROUND_M = 1.2
/** Who rides between the eye behind and its rider is drawn with holes: nearer than this, and no further aside, m; over the next metre whole again. */
const VEIL_M = 3.2
const VEIL_ASIDE_M = 0.5
const VEIL = 0.85

/** Whose eyes these are: `others` looks at a rider, `own` out of a rider's eyes, `calm` the same without rocking, `behind` at the rider's back. */
export type Onlooking = 'others' | 'own' | 'calm' | 'behind'

/** Where an eye is and what it sees, as numbers. */
export interface Eye {
  x: number
  y: number
  z: number
  /** Unit vectors of the camera: to the right, up, ahead. */
  readonly axes: Float64Array
  /** Half the picture's width and height at a metre's distance. */
  tanX: number
  tanY: number
}

export const createEye = (): Eye => ({ x: 0, y: 0, z: 0, axes: new Float64Array(9), tanX: 1, tanY: 1 })

/**
 * Which rider is drawn in which detail, and the numbers the shader gets for it: typed arrays only, nothing allocated
 * once there is room. Each detail is for so many of the nearest riders; as its edge is where the next nearest is, it
 * moves without a jump, and on the edge both details are drawn, each with the other's holes.
 */
export class RiderRows {
  capacity = 0
  /** One buffer per level, and how many rows of it are in use. */
  rows: Float32Array[] = []
  readonly counts = new Int32Array(LEVELS.length)
  /** Where each rider of this frame stands: x, y, z from the origin, heading x z, slope as a sine, lean, share of a roof above. */
  #stand = new Float32Array(0)
  #farM = new Float32Array(0)
  #sorted = new Float32Array(0)
  #index = new Int32Array(0)
  #kits: Float32Array[] = []
  #seen = 0
  #looking: Onlooking = 'others'
  #veil = new Float32Array(0)
  #shadowed = new Uint8Array(0)
  readonly #edges = new Float64Array(4)

  grow(capacity: number): void {
    this.capacity = capacity
    this.rows = LEVELS.map(() => new Float32Array(capacity * ROW_FLOATS))
    this.#stand = new Float32Array(capacity * STAND)
    this.#veil = new Float32Array(capacity)
    this.#farM = new Float32Array(capacity)
    this.#sorted = new Float32Array(capacity)
    this.#index = new Int32Array(capacity)
    this.#kits = Array.from({ length: capacity }, () => PLAIN_KIT)
    this.#shadowed = new Uint8Array(capacity)
  }

  begin(looking: Onlooking = 'others'): void {
    this.#seen = 0
    this.#looking = looking
    this.counts.fill(0)
  }

  /** One more rider: row `i` of the scene stands at x y z (from the buffers' origin); whoever cannot be seen is left out. */
  put(
    i: number,
    kit: Float32Array,
    eye: Eye,
    stand: ArrayLike<number>,
    reach: Reaches,
    shadowMiddle: ArrayLike<number>,
  ): void {
    const x = stand[0]! - eye.x
    const y = stand[1]! - eye.y + 0.85
    const z = stand[2]! - eye.z
    const square = x * x + y * y + z * z
    if (square > DRAWN_TO_M * DRAWN_TO_M) return
    const { axes } = eye
    const ahead = x * axes[6]! + y * axes[7]! + z * axes[8]!
    const aside = Math.abs(x * axes[0]! + y * axes[1]! + z * axes[2]!)
    const above = Math.abs(x * axes[3]! + y * axes[4]! + z * axes[5]!)
    const isOwn = i === 0 && (this.#looking === 'own' || this.#looking === 'calm')
    const isSeen =
      isOwn ||
      (ahead > -ROUND_M && aside < ahead * eye.tanX + 1.5 * ROUND_M && above < ahead * eye.tanY + 1.5 * ROUND_M)
    const sx = stand[0]! - shadowMiddle[0]!
    const sz = stand[2]! - shadowMiddle[2]!
    const isShadowed = reach.shadowM > 0 && sx * sx + sz * sz < reach.shadowM * reach.shadowM
    if (!isSeen && !isShadowed) return
    const k = this.#seen++
    this.#index[k] = i
    this.#kits[k] = kit
    this.#farM[k] = isSeen ? Math.sqrt(square) : -1
    this.#shadowed[k] = isShadowed ? 1 : 0
    this.#veil[k] =
      this.#looking === 'behind' && i !== 0
        ? VEIL * clamped(1 + VEIL_M - this.#farM[k]!) * clamped(1 + VEIL_ASIDE_M - aside)
        : 0
    for (let n = 0; n < STAND; n++) this.#stand[k * STAND + n] = stand[n]!
  }

  /** Deals everybody who was put to the details. */
  deal(riders: SceneRiders, reach: Reaches): void {
    let count = 0
    for (let k = 0; k < this.#seen; k++) if (this.#farM[k]! >= 0) this.#sorted[count++] = this.#farM[k]!
    const edges = this.#edges
    for (let level = 0; level < 3; level++) {
      const most = reach.most[level]!
      const nth = count > most ? nearestButN(this.#sorted, count, most) : Infinity
      edges[level] = Math.max(Math.min(reach.toM[level]!, nth), level === 0 ? 0.5 : edges[level - 1]! * 1.16)
    }
    let shadowMids = reach.shadowMid
    for (let k = 0; k < this.#seen; k++) {
      const i = this.#index[k]!
      const fade = Math.max(riders.fade[i]!, this.#veil[k]!)
      const farM = this.#farM[k]!
      if (farM >= 0) {
        // My own is always near.
        let level = i === 0 ? 0 : 3
        let finer = 0
        for (let at = i === 0 ? 3 : 0; at < 3; at++) {
          const edge = edges[at]!
          if (farM >= edge) continue
          level = at
          finer = Math.min(1, (edge - farM) / (edge * BAND))
          break
        }
        if (level < 3 && finer < 1 && i !== 0) {
          const cut = fade + (1 - fade) * finer
          this.#write(level, k, i, riders, fade, cut)
          this.#write(level + 1, k, i, riders, cut, 1)
        } else this.#write(level, k, i, riders, fade, 1)
      }
      if (this.#shadowed[k] === 1 && riders.fade[i]! < 0.5) {
        const isMid = shadowMids > 0 && (i === 0 || (farM >= 0 && farM < edges[1]!))
        if (isMid) shadowMids--
        this.#write(isMid ? SHADOW_MID : SHADOW_LOW, k, i, riders, 0, 1)
      }
    }
  }

  #write(level: number, k: number, i: number, riders: SceneRiders, from: number, to: number): void {
    const row = this.rows[level]!
    const o = this.counts[level]! * ROW_FLOATS
    this.counts[level]!++
    const s = k * STAND
    const stand = this.#stand
    row[o] = stand[s]!
    row[o + 1] = stand[s + 1]!
    row[o + 2] = stand[s + 2]!
    row[o + 3] = riders.crankRad[i]!
    row[o + 4] = stand[s + 3]!
    row[o + 5] = stand[s + 4]!
    row[o + 6] = stand[s + 5]!
    row[o + 7] = stand[s + 6]!
    const p = i * POSES.length
    // A shadow is the whole rider's; out of one's own eyes only what one sees of oneself is drawn.
    const isOwn = i === 0 && level === 0 && (this.#looking === 'own' || this.#looking === 'calm')
    const isCalm = isOwn && this.#looking === 'calm'
    for (let n = 1; n < 9; n++) row[o + 7 + n] = isCalm ? 0 : riders.pose[p + n]!
    row[o + 16] = riders.wheelRad[i]!
    row[o + 17] = riders.speedMps[i]!
    row[o + 18] = riders.effort[i]!
    row[o + 19] = riders.drink[i]!
    row[o + 20] = riders.lookRight[i]!
    row[o + 21] = riders.kneeOut[i]!
    row[o + 22] = from
    row[o + 23] = to
    const kit = this.#kits[k]!
    for (let n = 0; n < KIT_NUMBERS; n++) row[o + 24 + n] = kit[n]!
    row[o + 36] = stand[s + 7]!
    row[o + 37] = isOwn ? 1 : 0
  }
}

const clamped = (x: number): number => (x > 1 ? 1 : x < 0 ? 0 : x)

/** The distance of the one that `n` riders are nearer than: Hoare's selection, in place. */
function nearestButN(list: Float32Array, count: number, n: number): number {
  let low = 0
  let high = count - 1
  while (low < high) {
    const pivot = list[(low + high) >> 1]!
    let a = low
    let b = high
    while (a <= b) {
      while (list[a]! < pivot) a++
      while (list[b]! > pivot) b--
      if (a > b) break
      const swap = list[a]!
      list[a++] = list[b]!
      list[b--] = swap
    }
    if (n <= b) high = b
    else if (n >= a) low = a
    else break
  }
  return list[n]!
}
