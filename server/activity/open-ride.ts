import { TICK_HZ } from '#protocol/limits'
import { RIDER_FLAG } from '#physics/riders'
import { finishCrossings } from '#maps/routes'
import type { Network } from '#maps/network'
import type { ActivityHead, ActivityMark, ActivityRow } from './model.ts'
import { headLine, markLine, readRide, rowLine } from './ride-text.ts'
import { lookAround, type SeenWorld } from './rider-second.ts'
import type { BakedCourse } from '#maps/course'

/** Who stands so long without a watt makes a pause; the seconds up to it are kept. */
const STANDING_S = 5
const STANDING_MPS = 0.5
/** Nobody rides faster; more metres than that in a second are another place, not road ridden. */
const SPEED_MAX_MPS = 45
/** Beside the clock of ticks: a server that slept is told by the calendar, and a calendar that was only just set is not believed. */
const CLOCK_SLIP_S = 3
const CLOCK_SLIP_MAX_S = 86_400
/** Laps by hand: a finger that trembles, and a script. */
const HAND_LAP_S = 5
const HAND_LAPS_MAX = 500

/** What a row is the difference of: the room's own counts, when they were last looked at. */
interface Counts {
  readonly roomId: string
  readonly riderId: number
  readonly joinTick: number
  readonly tick: number
  readonly workJ: number
  readonly brakeJ: number
  readonly contactJ: number
  readonly distanceM: number
  readonly speedMps: number
  readonly route: number
  readonly crossed: number
}

export interface RoomSecond {
  readonly roomId: string
  readonly journal: string
  readonly world: SeenWorld
  readonly course: BakedCourse
  readonly network: Network
  readonly wallMs: number
}

/** A ride that goes on: adds what each second brings, and hands over lines to be written. */
export class OpenRide {
  readonly head: ActivityHead
  /** Where it was ridden last, and when somebody last saw it, ms of the steady clock. */
  roomId = ''
  seenMs = 0
  isFresh = false
  atS = 0
  distanceM = 0
  workJ = 0
  brakeJ = 0
  contactJ = 0
  movingS = 0
  powerW = 0
  /** Of the second in which it stood still; undefined while it moves. */
  pausedS: number | undefined
  /** What a whole watt could not say, J. */
  #carryJ = 0
  #standing = 0
  #from: Counts | undefined
  #filmed = ''
  #lines: string[]
  #handLapS = -HAND_LAP_S
  #handLaps = 0

  constructor(head: ActivityHead) {
    this.head = head
    this.#lines = [headLine(head)]
  }

  /** Goes on with what a file of before holds. */
  static of(text: string): OpenRide | undefined {
    const read = readRide(text)
    if (read === undefined) return undefined
    const ride = new OpenRide(read.head)
    // A torn last line would swallow the next one.
    ride.#lines = text.endsWith('\n') ? [] : ['']
    const books = read.marks.findLast((mark) => mark.kind === 'books')
    const last = read.rows.at(-1)
    if (last !== undefined) {
      ride.atS = last.atS
      ride.distanceM = last.distanceM
      // Watts of the rows that came after the books were written are work as well.
      ride.workJ = books?.workJ ?? 0
      for (const row of read.rows) if (row.atS > (books?.atS ?? 0)) ride.workJ += row.powerW
      ride.brakeJ = books?.brakeJ ?? 0
      ride.contactJ = books?.contactJ ?? 0
      ride.movingS = read.rows.length
    }
    ride.#handLaps = read.marks.filter(({ kind }) => kind === 'lap').length
    const paused = read.marks.findLast(({ kind }) => kind === 'pause' || kind === 'resume')
    if (paused?.kind === 'pause') ride.pausedS = paused.atS
    return ride
  }

  /** Lines that are not written yet. */
  takeLines(): string {
    if (this.#lines.length > 0 && this.movingS > 0) this.mark(this.#books())
    const text = this.#lines.map((line) => `${line}\n`).join('')
    this.#lines = []
    return text
  }

  get hasLines(): boolean {
    return this.#lines.length > 0
  }

  mark(mark: ActivityMark): void {
    this.#lines.push(markLine(mark))
  }

  /** A lap by hand; one too soon after the last is the same. */
  lap(agoS = 0): void {
    if (this.atS - this.#handLapS < HAND_LAP_S || this.#handLaps >= HAND_LAPS_MAX) return
    this.#handLapS = this.atS
    this.#handLaps++
    this.mark({ kind: 'lap', atS: Math.max(0, this.atS - agoS) })
  }

  /** The counts this ride goes on from, when they were seen before it began. */
  beginFrom(counts: Counts | undefined): void {
    this.#from = counts
  }

  /** The second that has just ended, of the rider in this row. */
  second({ roomId, journal, world, course, network, wallMs }: RoomSecond, row: number): void {
    const now = countsOf(roomId, world, network, row)
    this.#stay(journal, now)
    const from = sameStay(this.#from, now) ? this.#from! : baseline(world, row, now)
    this.#from = now
    this.roomId = roomId
    const stayS = (now.tick - from.tick) / TICK_HZ
    const byClockS = Math.round((wallMs - this.head.startMs) / 1000)
    const onS = Math.max(1, Math.round(stayS))
    const atS = this.atS + onS
    // Ticks count seconds; where nobody counted (a server that was down), the calendar does.
    const slipS = byClockS - atS
    this.atS = slipS > CLOCK_SLIP_S && slipS < CLOCK_SLIP_MAX_S ? byClockS : atS
    const stepM = roadBetween(from, now, stayS)
    this.distanceM += stepM
    this.workJ += now.workJ - from.workJ
    this.brakeJ += now.brakeJ - from.brakeJ
    this.contactJ += now.contactJ - from.contactJ
    this.#carryJ += now.workJ - from.workJ
    // Never negative: what a late sample takes back is taken from the seconds to come.
    const powerW = Math.max(0, Math.round(this.#carryJ))
    const isResting = (world.riders.flags[row]! & RIDER_FLAG.resting) !== 0
    if (this.#isStanding(now, powerW, isResting)) return
    this.#carryJ -= powerW
    this.powerW = powerW
    this.movingS++
    if (this.pausedS !== undefined) {
      this.mark({ kind: 'resume', atS: this.atS - 1 })
      this.pausedS = undefined
    }
    const { riders } = world
    const around = lookAround(world, course, row)
    this.#row({
      ...around,
      ...{ atS: this.atS, powerW, cadenceRpm: riders.cadenceRpm[row]!, heartRateBpm: riders.heartRateBpm[row]! },
      ...{ speedMps: now.speedMps, distanceM: this.distanceM, way: riders.way[row]! },
    })
    if (now.route === from.route && now.crossed > from.crossed) this.mark({ kind: 'lap', atS: this.atS })
  }

  /** Once for each stay on a road. */
  #stay(journal: string, { riderId, tick }: Counts): void {
    if (this.#filmed === `${journal} ${riderId}`) return
    this.#filmed = `${journal} ${riderId}`
    this.mark({ kind: 'stay', atS: this.atS, journal, riderId, fromTick: Math.max(0, tick - TICK_HZ) })
  }

  #row(row: ActivityRow): void {
    this.#lines.push(rowLine(row))
  }

  /** Who said so stands at once. */
  #isStanding({ speedMps }: Counts, powerW: number, isResting: boolean): boolean {
    const isStill = speedMps < STANDING_MPS && powerW === 0
    this.#standing = isStill ? (isResting ? STANDING_S : this.#standing) + 1 : 0
    if (this.#standing <= STANDING_S) return false
    if (this.pausedS === undefined) {
      this.pausedS = this.atS
      this.powerW = 0
      this.mark({ kind: 'pause', atS: this.atS - 1 })
    }
    return true
  }

  #books(): ActivityMark {
    const { atS, workJ, brakeJ, contactJ } = this
    const tenth = (joules: number): number => Math.round(joules * 10) / 10
    return { kind: 'books', atS, workJ: tenth(workJ), brakeJ: tenth(brakeJ), contactJ: tenth(contactJ) }
  }
}

export function countsOf(roomId: string, world: SeenWorld, network: Network, row: number): Counts {
  const { riders, ledger, tick } = world
  const route = riders.leg[row] === 0 ? 0 : ledger.route[row]!
  const along = route === 0 ? undefined : network.routes[route - 1]
  return {
    ...{ roomId, riderId: riders.id[row]!, joinTick: ledger.joinTick[row]!, tick, route },
    ...{ workJ: riders.workJ[row]!, brakeJ: riders.brakeJ[row]!, contactJ: riders.contactJ[row]! },
    ...{ distanceM: riders.distanceM[row]!, speedMps: riders.speedMps[row]! },
    crossed: along === undefined ? 0 : finishCrossings(along, riders.distanceM[row]!),
  }
}

function sameStay(from: Counts | undefined, now: Counts): boolean {
  return (
    from !== undefined && from.roomId === now.roomId && from.riderId === now.riderId && from.joinTick === now.joinTick
  )
}

/** Who is new in this room began there with nothing, when they joined. */
function baseline({ ledger }: SeenWorld, row: number, now: Counts): Counts {
  return { ...now, workJ: 0, brakeJ: 0, contactJ: 0, tick: Math.max(ledger.joinTick[row]!, now.tick - TICK_HZ) }
}

/** Metres of road, and none for who was put somewhere else or whose route counts anew: then as far as the wheels turned. */
function roadBetween(from: Counts, now: Counts, stayS: number): number {
  const metres = now.distanceM - from.distanceM
  const isRoad = from.route === now.route && metres > -1 && metres <= SPEED_MAX_MPS * Math.max(1, stayS)
  return isRoad ? Math.max(0, metres) : 0.5 * (from.speedMps + now.speedMps) * Math.min(2, stayS)
}
