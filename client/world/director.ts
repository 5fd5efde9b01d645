import type { SceneRiders } from './scene-riders.ts'

/** Cameras a director has; names of `view/view-types`. */
export type DirectorCamera = 'chase' | 'side' | 'helicopter' | 'roadside' | 'finish'

export interface Shot {
  readonly riderId: number
  readonly camera: DirectorCamera
  /** Why, for the caption. */
  readonly reason: 'finish' | 'attack' | 'front' | 'group' | 'rider'
}

/** What a director knows beside the picture's table. */
export interface DirectorFacts {
  /** Best first; empty where there is no race. */
  readonly places: readonly number[]
  /** Road to the finish of the first who has not finished, m; Infinity: none is near. */
  readonly finishAheadM: number
}

/** A shot lasts between these, ticks; something better may cut in after the first of them. */
const SHORTEST_TICKS = 100
const LONGEST_TICKS = 280
/** Riders so near to one another are a group, m. */
const GROUP_M = 12
/** From here on everybody wants to see the line, m. */
const FINISH_M = 220
/** Watts over the mean of those around by this much are an attack. */
const ATTACK_SHARE = 1.5
const ATTACK_W = 330
/** The same rider again counts for less. */
const AGAIN = 0.55

/**
 * Who cuts a race: whom to look at, from where, and for how long. The same ride gives the same cuts: chance comes from the
 * tick. Looks at the table a few times a second and allocates only when it cuts.
 */
export class Director {
  #shot: Shot | undefined
  #sinceTick = 0
  #untilTick = 0
  #lastIds: number[] = []
  #cuts = 0

  /** The shot for this moment; undefined while nobody is there. */
  look(tick: number, riders: SceneRiders, facts: DirectorFacts): Shot | undefined {
    if (riders.count === 0) return this.#shot
    if (tick < this.#sinceTick) this.#untilTick = 0 // Wound back.
    const heldTicks = tick - this.#sinceTick
    const isGone = this.#shot !== undefined && rowOf(riders, this.#shot.riderId) < 0
    const best = this.#best(tick, riders, facts)
    const isUrgent = best.reason === 'finish' && this.#shot?.reason !== 'finish' && heldTicks >= SHORTEST_TICKS / 2
    const isBetter = best.reason === 'attack' && this.#shot?.reason === 'rider' && heldTicks >= SHORTEST_TICKS
    if (this.#shot === undefined || isGone || isUrgent || isBetter || tick >= this.#untilTick) this.#cut(tick, best)
    return this.#shot
  }

  #cut(tick: number, shot: Shot): void {
    this.#shot = shot
    this.#cuts++
    this.#sinceTick = tick
    const spread = LONGEST_TICKS - SHORTEST_TICKS
    this.#untilTick = tick + SHORTEST_TICKS + Math.floor(spread * fraction(tick, shot.riderId))
    this.#lastIds = [shot.riderId, ...this.#lastIds].slice(0, 3)
  }

  #best(tick: number, riders: SceneRiders, { places, finishAheadM }: DirectorFacts): Shot {
    const leaderId = places.find((id) => rowOf(riders, id) >= 0) ?? riders.id[0]!
    if (finishAheadM < FINISH_M) return { riderId: leaderId, camera: 'finish', reason: 'finish' }
    let best = 0
    let bestScore = -1
    let reason: Shot['reason'] = 'rider'
    for (let row = 0; row < riders.count; row++) {
      const [score, why] = this.#score(tick, riders, row, leaderId)
      if (score <= bestScore) continue
      bestScore = score
      best = row
      reason = why
    }
    const riderId = riders.id[best]!
    return { riderId, camera: cameraFor(reason, fraction(tick + 77, riderId)), reason }
  }

  #score(tick: number, riders: SceneRiders, row: number, leaderId: number): readonly [number, Shot['reason']] {
    const id = riders.id[row]!
    const powerW = riders.powerW[row]!
    let near = 0
    let nearW = 0
    for (let other = 0; other < riders.count; other++) {
      if (other === row || !(Math.abs(riders.placeM[other]! - riders.placeM[row]!) < GROUP_M)) continue
      near++
      nearW += riders.powerW[other]!
    }
    const dice = 0.6 * fraction(Math.floor(tick / SHORTEST_TICKS), id)
    const meanW = near > 0 ? nearW / near : powerW
    const isAttack = powerW > ATTACK_W && powerW > ATTACK_SHARE * meanW && near > 0
    const isFront = id === leaderId
    const isStanding = riders.speedMps[row]! < 1
    // Every fourth shot is of those who ride alone.
    const company = Math.min(1, near / 8)
    const shown = this.#cuts % 4 === 3 ? 1.2 * (1 - company) : 0.5 * company + (isFront ? 0.5 : 0)
    const worth = (isAttack ? 1.3 : 0) + shown - (isStanding ? 1 : 0)
    const share = this.#lastIds.includes(id) ? AGAIN : 1
    const why = isAttack ? 'attack' : isFront ? 'front' : near >= 5 ? 'group' : 'rider'
    return [(1 + worth + dice) * share, why]
  }
}

function cameraFor(reason: Shot['reason'], dice: number): DirectorCamera {
  if (reason === 'group') return dice < 0.6 ? 'helicopter' : 'roadside'
  if (reason === 'attack') return dice < 0.5 ? 'side' : 'chase'
  if (reason === 'front') return dice < 0.4 ? 'roadside' : dice < 0.7 ? 'side' : 'helicopter'
  return dice < 0.4 ? 'chase' : dice < 0.7 ? 'side' : 'roadside'
}

function rowOf(riders: SceneRiders, id: number): number {
  for (let row = 0; row < riders.count; row++) if (riders.id[row] === id) return row
  return -1
}

/** 0 … 1 from two whole numbers. */
function fraction(a: number, b: number): number {
  let h = Math.imul(Math.floor(a) + 0x9e37, 0x85ebca6b) ^ Math.imul(b + 0x79b9, 0xc2b2ae35)
  h = Math.imul(h ^ (h >>> 15), 0x27d4eb2f)
  return ((h ^ (h >>> 13)) >>> 0) / 4294967296
}
