/** What a stretch of a ride came to. */
export interface Lap {
  readonly number: number
  readonly durationS: number
  readonly distanceM: number
  readonly meanW: number
  /** 0: no strap. */
  readonly meanBpm: number
  /** By the button; else by the line of the route. */
  readonly isByHand: boolean
}

export interface LapInput {
  /** Time of the ride; it stands while the rider pauses. */
  readonly rideS: number
  readonly distanceM: number
  readonly powerW: number
  readonly heartRateBpm: number
}

const LAPS_MAX = 500

/** Laps of one's own, by the button and by the line: each begins where the one before ended. */
export class LapBook {
  readonly laps: Lap[] = []
  #from: LapInput | undefined
  #last: LapInput | undefined
  #joules = 0
  #beats = 0
  #beatS = 0

  ride(now: LapInput): void {
    this.#from ??= now
    const last = this.#last
    this.#last = now
    const stepS = last === undefined ? 0 : now.rideS - last.rideS
    if (!(stepS > 0)) return
    this.#joules += last!.powerW * stepS
    if (last!.heartRateBpm === 0) return
    this.#beats += last!.heartRateBpm * stepS
    this.#beatS += stepS
  }

  /** Ends the lap that is on; undefined: it has hardly begun. */
  end(isByHand: boolean): Lap | undefined {
    const lap = this.now(isByHand)
    if (lap === undefined || lap.durationS < 1 || this.laps.length >= LAPS_MAX) return undefined
    this.laps.push(lap)
    this.#from = this.#last
    this.#joules = this.#beats = this.#beatS = 0
    return lap
  }

  /** Takes the last one back: what the button ended goes on. */
  undo(): boolean {
    const lap = this.laps.pop()
    if (lap === undefined || this.#from === undefined) return false
    this.#from = {
      ...this.#from,
      rideS: this.#from.rideS - lap.durationS,
      distanceM: this.#from.distanceM - lap.distanceM,
    }
    this.#joules += lap.meanW * lap.durationS
    this.#beats += lap.meanBpm * lap.durationS
    if (lap.meanBpm > 0) this.#beatS += lap.durationS
    return true
  }

  /** The lap that is on. */
  now(isByHand = false): Lap | undefined {
    const [from, last] = [this.#from, this.#last]
    if (from === undefined || last === undefined) return undefined
    const durationS = last.rideS - from.rideS
    return {
      ...{ number: this.laps.length + 1, durationS, distanceM: last.distanceM - from.distanceM, isByHand },
      meanW: durationS > 0 ? this.#joules / durationS : 0,
      meanBpm: this.#beatS > 0 ? this.#beats / this.#beatS : 0,
    }
  }
}
