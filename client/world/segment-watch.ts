import type { Network } from '#maps/network'
import type { Course } from '#physics/course'

/** A segment is announced from here on, m. */
const SIGHT_M = 1000
/** Places at which the time of a try is kept, evenly. */
export const TRACE_POINTS = 64
/** Between two looks: farther is a teleport; back by less is the fold of a correction, m. */
const STEP_MAX_M = 60
const STANDS_BACK_M = 5
/** Riders on a board. */
const BOARD_MAX = 20

/** One try over a segment: s after its first line, at its 1st … TRACE_POINTS-th part. */
export type Trace = readonly number[]

export interface SegmentNow {
  readonly id: string
  readonly name: string
  readonly lengthM: number
  /** To its first line; 0 while on it. */
  readonly aheadM: number
  /** Since its first line; undefined while it is ahead. */
  readonly elapsedS: number | undefined
  readonly doneShare: number
  /** Against my own best, and the best of all, now; negative is faster. */
  readonly ownDeltaS: number | undefined
  readonly bestDeltaS: number | undefined
}

/** Being ridden: since when, its trace so far, and how far and when it was noted last. */
interface Try {
  readonly segment: number
  readonly fromS: number
  readonly points: number[]
  /** Index into `along`. */
  stretch: number
  doneM: number
  atS: number
}

/** A segment ridden from its first metre to its last, by this page's clock. */
export interface Ridden {
  readonly id: string
  readonly trace: Trace
  readonly isBest: boolean
}

export interface SegmentRow {
  readonly riderId: number
  readonly name: string
  readonly ms: number
}

/**
 * The segments of a map as one rider rides them: which one is ahead, how the try on it goes against my best (by my own
 * trace of it) and against the best of all (by the times that an even effort over its hills would give, for nobody's
 * trace but mine is known), and who has been how fast. The time that counts is the server's.
 */
export class SegmentWatch {
  readonly #course: Course
  readonly #network: Network
  /** Of each segment that begins on a way. */
  readonly #byWay = new Map<number, number[]>()
  readonly #own = new Map<string, Trace>()
  readonly #rows = new Map<string, SegmentRow[]>()
  readonly #even: (segment: number) => Trace
  #on: Try | undefined
  #way = -1
  #wayM = 0
  #atS = 0

  /** `even`: times at the parts of a segment, of a ride with even watts; only their shape counts. */
  constructor(course: Course, network: Network, even: (segment: number) => Trace) {
    this.#course = course
    this.#network = network
    this.#even = even
    network.segments.forEach(({ along }, index) => {
      const { way } = along[0]!
      this.#byWay.set(way, [...(this.#byWay.get(way) ?? []), index])
    })
  }

  /** My best of another day, and who was how fast. */
  setOwn(id: string, trace: Trace): void {
    const before = this.#own.get(id)?.at(-1)
    if (trace.length === TRACE_POINTS && !(before !== undefined && before <= trace.at(-1)!)) this.#own.set(id, trace)
  }

  effort(segmentId: string, row: SegmentRow): void {
    const rows = this.board(segmentId).filter(({ riderId, ms }) => riderId !== row.riderId || ms < row.ms)
    if (!rows.some(({ riderId }) => riderId === row.riderId)) rows.push(row)
    this.#rows.set(segmentId, rows.toSorted((a, b) => a.ms - b.ms).slice(0, BOARD_MAX))
  }

  /** Best first. */
  board(segmentId: string): readonly SegmentRow[] {
    return this.#rows.get(segmentId) ?? []
  }

  /** I am at a place at a time. A whole segment ridden answers its trace. */
  ride(placeM: number, nowS: number): Ridden | undefined {
    const course = this.#course
    const way = course.wayAt(placeM)
    const lapM = course.isLoop && course.wayCount === 1 ? course.lengthM : Infinity
    const wayM = lapM < Infinity ? placeM - lapM * Math.floor(placeM / lapM) : placeM - course.wayStartM(way)
    const isSameWay = way === this.#way
    let stepM = wayM - this.#wayM
    if (!isSameWay && this.#way >= 0) stepM += course.wayEndM(this.#way) - course.wayStartM(this.#way)
    if (isSameWay && stepM < -0.5 * lapM) stepM += lapM
    if (isSameWay && stepM <= 0 && stepM > -STANDS_BACK_M) return undefined
    const fromS = this.#atS
    const isFirst = this.#way < 0
    this.#way = way
    this.#wayM = wayM
    this.#atS = nowS
    if (isFirst || !(stepM >= 0 && stepM < STEP_MAX_M)) {
      this.#on = undefined
      return undefined
    }
    const done = this.#goOn(way, stepM, nowS)
    for (const segment of this.#byWay.get(way) ?? []) {
      const lineM = this.#network.segments[segment]!.along[0]!.fromM
      const passedM = lapM < Infinity ? wayM - lineM - lapM * Math.floor((wayM - lineM) / lapM) : wayM - lineM
      if (passedM < 0 || passedM > stepM || (isSameWay && passedM === stepM)) continue
      const overS = stepM > 0 ? ((nowS - fromS) * passedM) / stepM : 0
      this.#on = { segment, fromS: nowS - overS, points: [], stretch: 0, doneM: passedM, atS: overS }
    }
    return done
  }

  /** What to show; `toM` answers the road from here to a place (RoadGaps). */
  now(nowS: number, toM: (placeM: number) => number): SegmentNow | undefined {
    const on = this.#on
    if (on !== undefined) {
      const { id, name, lengthM } = this.#network.segments[on.segment]!
      const elapsedS = nowS - on.fromS
      const doneShare = Math.min(1, on.doneM / lengthM)
      const own = this.#own.get(id)
      const best = this.board(id)[0]
      const bestS = best && best.ms / 1000
      const even = bestS === undefined ? undefined : this.#even(on.segment)
      return {
        ...{ id, name, lengthM, aheadM: 0, elapsedS, doneShare },
        ownDeltaS: own && elapsedS - at(own, doneShare),
        bestDeltaS: even && bestS !== undefined ? elapsedS - (at(even, doneShare) * bestS) / even.at(-1)! : undefined,
      }
    }
    let nearest: SegmentNow | undefined
    for (const { id, name, lengthM, along } of this.#network.segments) {
      const { way, fromM } = along[0]!
      const aheadM = toM(this.#course.wayStartM(way) + fromM)
      if (!(aheadM > 0 && aheadM <= SIGHT_M && aheadM < (nearest?.aheadM ?? Infinity))) continue
      const none = { elapsedS: undefined, doneShare: 0, ownDeltaS: undefined, bestDeltaS: undefined }
      nearest = { id, name, lengthM, aheadM, ...none }
    }
    return nearest
  }

  ownBestS(id: string): number | undefined {
    return this.#own.get(id)?.at(-1)
  }

  /** The try that is on, so many metres farther. */
  #goOn(way: number, stepM: number, nowS: number): Ridden | undefined {
    const on = this.#on
    if (on === undefined) return undefined
    const { along, lengthM, id } = this.#network.segments[on.segment]!
    if (along[on.stretch]!.way !== way && along[++on.stretch]?.way !== way) {
      this.#on = undefined // Turned off, or turned round.
      return undefined
    }
    const beforeM = on.doneM
    const beforeS = on.atS
    on.doneM += stepM
    on.atS = nowS - on.fromS
    while (on.points.length < TRACE_POINTS) {
      const pointM = ((on.points.length + 1) / TRACE_POINTS) * lengthM
      if (pointM > on.doneM) return undefined
      const share = stepM > 0 ? Math.max(0, (pointM - beforeM) / stepM) : 1
      on.points.push(beforeS + (on.atS - beforeS) * share)
    }
    this.#on = undefined
    const trace = on.points
    const isBest = !(this.ownBestS(id)! <= trace.at(-1)!)
    this.setOwn(id, trace)
    return { id, trace, isBest }
  }
}

/** A trace at a share of the way. */
function at(trace: Trace, share: number): number {
  const x = share * TRACE_POINTS - 1
  const k = Math.min(TRACE_POINTS - 2, Math.max(-1, Math.floor(x)))
  const from = k < 0 ? 0 : trace[k]!
  return from + (trace[k + 1]! - from) * (x - k)
}
