/** A data channel costs its gateway encryption and a native stack: one core carries so many, and not one more. */
export class GatewayBudget {
  /** Share of one core in the last second looked at. */
  cpuShare = 0
  /** No new peers: they take the WebSocket at once, which is better than a channel that stutters for everybody. */
  isFull = false
  #lastMs = NaN
  #lastUs = 0
  #secondsOver = 0

  /** Looks about once a second; answers how many peers have to go. */
  look({ nowMs, cpuUs, peers }: { nowMs: number; cpuUs: number; peers: number }): number {
    const passedMs = nowMs - this.#lastMs
    const usedUs = cpuUs - this.#lastUs
    this.#lastMs = nowMs
    this.#lastUs = cpuUs
    if (!(passedMs > 0)) return 0 // The first look only begins to count.
    this.cpuShare = usedUs / (passedMs * 1000)
    this.isFull = this.cpuShare > (this.isFull ? OPEN_AGAIN_SHARE : FULL_SHARE)
    this.#secondsOver = this.cpuShare > SHED_SHARE ? this.#secondsOver + 1 : 0
    if (this.#secondsOver < SHED_AFTER_S) return 0
    this.#secondsOver = 0
    return Math.ceil(peers * SHED_PEERS_SHARE)
  }
}

/** Above this share of a core nobody new is let in, until it is below the other again. */
const FULL_SHARE = 0.75
const OPEN_AGAIN_SHARE = 0.6
/** Above this for so long, a tenth of the peers goes: each of them is back over the WebSocket within seconds. */
const SHED_SHARE = 0.9
const SHED_AFTER_S = 3
const SHED_PEERS_SHARE = 0.1
