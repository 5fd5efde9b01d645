import { RIDER_WIDTH_M } from '#physics/contact'
import { BICYCLE_LENGTH_M } from '#physics/wake-law'
import type { Bunch } from './bunch.ts'

/** What a bunch did, in numbers. */
export interface BunchFigures {
  /** Mean speed of everybody after the first minute, m/s, and of those within BUNCH_M of the middle rider. */
  readonly speedMps: number
  /** Standard deviation of the bunch's own speed about its minute's mean, m/s. */
  readonly surgeMps: number
  /** From the first rider to the one whom four fifths are ahead of, m: mean, and swing (standard deviation). */
  readonly lengthM: number
  readonly lengthSwingM: number
  /** Share of the riders within BUNCH_M of the middle rider at the end. */
  readonly togetherShare: number
  /** Places changed per rider and minute, in the order on the road. */
  readonly churn: number
  /** How long the same rider leads, s: mean. */
  readonly pullS: number
  readonly pullers: number
  /** Share of all work held back by contact and brakes. */
  readonly wasteShare: number
  /** The largest group (nobody in it more than GROUP_GAP_M behind the next) at the end, as a share of all; … */
  readonly groupShare: number
  /** … and the share of the work of those in it, at each second, that was held back: who rides alone does not make it small. */
  readonly groupWasteShare: number
  readonly meanDraft: number
  /** Deepest overlap, m, and the longest one of more than 5 cm, ticks. */
  readonly overlapM: number
  readonly overlapTicks: number
}

const BUNCH_M = 100
/** Farther behind than this, from wheel to wheel, and one rides in another group, m. */
const GROUP_GAP_M = 15
const OVERLAP_M = 0.05

/** Watches a bunch, tick by tick. */
export class BunchMetrics {
  readonly #bunch: Bunch
  readonly #order: number[]
  readonly #overlapping = new Map<number, number>()
  overlapM = 0
  overlapTicks = 0
  #swaps = 0
  #seconds = 0
  #leader = -1
  #pulls = 0
  readonly #pullers = new Set<number>()
  #draftSum = 0
  #fromM = 0
  #fromTick = 0
  #lastMeanM = 0
  /** By row: all that was held back until a second ago, J. */
  readonly #lostJ: Float64Array
  #groupLostJ = 0
  #groupWorkJ = 0
  /** The largest group, as ranks in the order on the road: from (included) … to. */
  #groupFrom = 0
  #groupTo = 0
  /** One value a second. */
  readonly speedsMps: number[] = []
  readonly lengthsM: number[] = []

  constructor(bunch: Bunch) {
    this.#bunch = bunch
    this.#order = Array.from({ length: bunch.riders.count }, (_, row) => row)
    this.#sort()
    this.#lastMeanM = this.#middleM()
    this.#lostJ = new Float64Array(bunch.riders.count)
  }

  look(): void {
    this.#lookAtOverlap()
    if (this.#bunch.tick % 20 !== 0) return
    this.#seconds++
    this.#swaps += this.#sort()
    this.#lookAtGroup()
    const { distanceM, draftFactor, count } = this.#bunch.riders
    const leader = this.#order[0]!
    if (leader !== this.#leader) {
      this.#pulls++
      this.#leader = leader
      this.#pullers.add(leader)
    }
    let draft = 0
    for (let row = 0; row < count; row++) draft += draftFactor[row]!
    this.#draftSum += draft / count
    const middleM = this.#middleM()
    this.speedsMps.push(middleM - this.#lastMeanM)
    this.#lastMeanM = middleM
    this.lengthsM.push(distanceM[leader]! - distanceM[this.#order[Math.floor(0.8 * (count - 1))]!]!)
    if (this.#seconds === 60) {
      this.#fromM = this.#meanM()
      this.#fromTick = this.#bunch.tick
    }
  }

  figures(): BunchFigures {
    const { riders, tick, workJ, lostJ } = this.#bunch
    const { count, distanceM } = riders
    const speeds = this.speedsMps.slice(60)
    const lengths = this.lengthsM.slice(60)
    const middleM = distanceM[this.#order[Math.floor(count / 2)]!]!
    const together = this.#order.filter((row) => Math.abs(distanceM[row]! - middleM) <= BUNCH_M).length
    return {
      speedMps: (this.#meanM() - this.#fromM) / ((tick - this.#fromTick) / 20),
      surgeMps: surge(speeds),
      lengthM: mean(lengths),
      lengthSwingM: deviation(lengths),
      togetherShare: together / count,
      churn: this.#swaps / count / (this.#seconds / 60),
      pullS: this.#seconds / this.#pulls,
      pullers: this.#pullers.size,
      wasteShare: lostJ / workJ,
      groupShare: (this.#groupTo - this.#groupFrom) / count,
      groupWasteShare: this.#groupLostJ / Math.max(1, this.#groupWorkJ),
      meanDraft: this.#draftSum / this.#seconds,
      overlapM: this.overlapM,
      overlapTicks: this.overlapTicks,
    }
  }

  /** True for a row that is in the largest group now. */
  isInGroup(row: number): boolean {
    const rank = this.#order.indexOf(row)
    return rank >= this.#groupFrom && rank < this.#groupTo
  }

  #lookAtGroup(): void {
    const { distanceM, contactJ, brakeJ, powerW, count } = this.#bunch.riders
    const order = this.#order
    let from = 0
    this.#groupFrom = 0
    this.#groupTo = 0
    for (let k = 1; k <= count; k++) {
      const isNext = k < count && distanceM[order[k - 1]!]! - distanceM[order[k]!]! - BICYCLE_LENGTH_M <= GROUP_GAP_M
      if (isNext) continue
      if (k - from > this.#groupTo - this.#groupFrom) {
        this.#groupFrom = from
        this.#groupTo = k
      }
      from = k
    }
    order.forEach((row, rank) => {
      const lostJ = contactJ[row]! + brakeJ[row]!
      if (rank >= this.#groupFrom && rank < this.#groupTo) {
        this.#groupLostJ += lostJ - this.#lostJ[row]!
        this.#groupWorkJ += powerW[row]!
      }
      this.#lostJ[row] = lostJ
    })
  }

  #meanM(): number {
    const { distanceM, count } = this.#bunch.riders
    let sum = 0
    for (let row = 0; row < count; row++) sum += distanceM[row]!
    return sum / count
  }

  /** The mean place of the middle half: who is dropped or away does not move it. */
  #middleM(): number {
    const from = Math.floor(this.#order.length / 4)
    const to = Math.max(from + 1, Math.ceil((3 * this.#order.length) / 4))
    let sum = 0
    for (let k = from; k < to; k++) sum += this.#bunch.riders.distanceM[this.#order[k]!]!
    return sum / (to - from)
  }

  /** From the front to the back; answers how many pairs changed places. */
  #sort(): number {
    const { distanceM } = this.#bunch.riders
    const order = this.#order
    let swaps = 0
    for (let k = 1; k < order.length; k++) {
      const row = order[k]!
      let at = k
      for (; at > 0 && distanceM[order[at - 1]!]! < distanceM[row]!; at--) {
        order[at] = order[at - 1]!
        swaps++
      }
      order[at] = row
    }
    return swaps
  }

  /** Bodies are 1.68 m by 0.5 m; an overlap is as deep as the way out is short. */
  #lookAtOverlap(): void {
    this.#sortQuietly()
    const { distanceM, lateralM } = this.#bunch.riders
    const order = this.#order
    for (let k = 0; k < order.length; k++) {
      const row = order[k]!
      for (let n = k + 1; n < order.length; n++) {
        const other = order[n]!
        const alongM = BICYCLE_LENGTH_M - (distanceM[row]! - distanceM[other]!)
        if (alongM <= 0) break
        const insideM = Math.min(alongM, RIDER_WIDTH_M - Math.abs(lateralM[row]! - lateralM[other]!))
        const key = row < other ? row * 65536 + other : other * 65536 + row
        if (insideM <= OVERLAP_M) {
          if (insideM > this.overlapM) this.overlapM = insideM
          this.#overlapping.delete(key)
          continue
        }
        this.overlapM = Math.max(this.overlapM, insideM)
        const before = this.#overlapping.get(key)
        const ticks = before !== undefined && before >> 8 === this.#bunch.tick - 1 ? (before & 255) + 1 : 1
        this.#overlapping.set(key, (this.#bunch.tick << 8) | Math.min(255, ticks))
        this.overlapTicks = Math.max(this.overlapTicks, ticks)
      }
    }
  }

  /** Order for looking at pairs; swaps are counted once a second only. */
  #sortQuietly(): void {
    if (this.#bunch.tick % 20 !== 0) this.#swaps += this.#sort()
  }
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length)
}

function deviation(values: readonly number[]): number {
  const middle = mean(values)
  return Math.sqrt(mean(values.map((value) => (value - middle) * (value - middle))))
}

/** About the mean of a minute around each second: hills and fields that fall apart do not count as surging. */
function surge(speeds: readonly number[]): number {
  const off = speeds.map((speed, i) => speed - mean(speeds.slice(Math.max(0, i - 30), i + 31)))
  return Math.sqrt(mean(off.map((value) => value * value)))
}
