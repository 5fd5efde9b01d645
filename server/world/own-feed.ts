import { isAcked } from '#protocol/ack-window'
import type { Row } from '#protocol/ids'
import { OWN_STATE_STANDING_TICKS, OWN_STATE_TICKS_MAX, TICK_HZ } from '#protocol/limits'
import { NO_GEAR, OWN_FLAG_BOUND, type OwnBlock, type OwnGear, type OwnRoad } from '#protocol/own'
import { type Course, gradeFromSlope } from '#physics/course'
import { glide, LINE_RATE_PS } from '#physics/lanes'
import { RIDER_FLAG, type Riders } from '#physics/riders'
import { DT_S } from '#physics/step'

/** Whose step sideways is taken: numbers handed over as fields are not boxed. */
const gliding = { lateralM: 0, lateralMps: 0, lineM: 0, nextMps: 0, widthM: 0, dtS: DT_S }

/** What is asked of the world about one rider. */
export interface OwnHost {
  readonly tick: number
  readonly riders: Riders
  readonly course: Course
  /** The route each rider is on, counted from 1. */
  readonly ledger?: { readonly route: Uint32Array }
  ackedSequence(row: Row): number | undefined
  /** In a race, and so on its route. */
  isBound?(row: Row): boolean
  gear?(row: Row): OwnGear | undefined
}

/** Sideways, the prediction of who was told is this much wrong: told anew at once, m. */
const ASIDE_M = 0.01
/** … or will be, for the line is another, m … */
const LINE_STEP_M = 0.05
/** … and when shelter is another, or others made the rider slow down, m/s. */
const DRAFT_STEP = 0.15
const SLOWED_MPS = 0.04
/** Coarser than the wire's grid: a line nearer than this to where the motion ends anyway is left out, m. */
const LINE_M = 1 / 128
/** The road is counted otherwise where this changed, m: the grid of the wire. */
const OFFSET_M = 1 / 512
/** Packets whose fate is awaited; what they carried is told again until one of them is acked. */
const AWAITED_MAX = 64

/** Something that goes along until a packet that carried it is acked. */
class Part {
  #isTold = false
  #awaited: number[] = []
  #isInHand = false

  get isTold(): boolean {
    return this.#isTold
  }

  /** It is another than it was. */
  renew(): void {
    this.#isTold = false
    this.#awaited.length = 0
  }

  /** It is in the block just made. */
  take(): void {
    this.#isInHand = true
  }

  /** That block travels in this packet. */
  sent(packetNumber: number): void {
    if (!this.#isInHand) return
    this.#isInHand = false
    this.#awaited.push(packetNumber)
    if (this.#awaited.length > AWAITED_MAX) this.#awaited.shift()
  }

  acked(newest: number, bits: number): void {
    if (this.#isTold) return
    for (const number of this.#awaited) if (isAcked(number, newest, bits)) this.#isTold = true
  }
}

/**
 * What one session is told of its own rider, and when: when the world has taken up a sample, when the prediction made of
 * the last word is wrong, four times a second at least while riding. Parts that seldom change go along until a packet
 * that carried them is acked. docs/protocol.md, "Own state".
 */
export class OwnFeed {
  /** Its samples come back as an ack; its own watts it knows. */
  readonly #isSender: boolean
  readonly #legs = new Part()
  readonly #road = new Part()
  readonly #books = new Part()
  readonly #gear = new Part()
  readonly #parts = [this.#legs, this.#road, this.#books, this.#gear]
  /** What was told last, to see what has changed. */
  readonly #told = { route: 0, leg: 0, turn: 0, flags: 0, offsetM: 0, powerW: 0, cadenceRpm: 0, heartRateBpm: 0 }
  #toldGear: OwnGear = NO_GEAR
  #tick = -Infinity
  #acked: number | undefined
  #slowTick = -Infinity
  #drafted = 1
  #contactJ = 0
  /** Where who was told believes the rider to be, sideways. */
  #lateralM = 0
  #lateralMps = 0
  #lineM = 0
  /** The last tick as it was, to see whether others moved the rider in this one. */
  #wasM = 0
  #wasMps = 0
  #wasPlaceM = 0
  #wasContactJ = 0
  #isTouched = false
  /** Who was told does not know what this tick has brought. Said twice, for one packet may be lost. */
  #isNews = false
  /** A block is due, and waits where no packet goes. */
  #isWaiting = false

  constructor(isSender: boolean) {
    this.#isSender = isSender
  }

  /** Once a tick: whether a block is due. */
  isDue(host: OwnHost, row: Row): boolean {
    const wasNews = this.#isNews
    this.#isNews = this.#isWrong(host, row) || this.#isOtherRoad(host, row) || gearOf(host, row) !== this.#toldGear
    const isQuiet = this.#isStill(host.riders, row) && this.#road.isTold && this.#gear.isTold
    const ticks = isQuiet ? OWN_STATE_STANDING_TICKS : OWN_STATE_TICKS_MAX
    const isTime = host.tick - this.#tick >= ticks || host.ackedSequence(row) !== this.#acked
    this.#isWaiting ||= this.#isNews || wasNews || isTime
    return this.#isWaiting
  }

  /** The block just made travels in this packet. */
  sent(packetNumber: number): void {
    for (const part of this.#parts) part.sent(packetNumber)
  }

  /** The client used these packets: `newest`, and bit i for newest − 1 − i. */
  acked(newest: number, bits: number): void {
    for (const part of this.#parts) part.acked(newest, bits)
  }

  /** Follows the truth and what the client makes of its last word: true when that is wrong, or will be. */
  #isWrong({ riders, course }: OwnHost, row: Row): boolean {
    const placeM = riders.distanceM[row]! + riders.offsetM[row]!
    const speedMps = riders.speedMps[row]!
    const lateralM = riders.lateralM[row]!
    const contactJ = riders.contactJ[row]!
    const widthM = course.widthAt(this.#wasPlaceM)
    gliding.widthM = widthM
    gliding.nextMps = speedMps
    gliding.lateralM = this.#lateralM
    gliding.lateralMps = this.#lateralMps
    gliding.lineM = this.#lineM
    glide(gliding)
    this.#lateralM = gliding.lateralM
    this.#lateralMps = gliding.lateralMps
    gliding.lateralM = this.#wasM
    gliding.lateralMps = this.#wasMps
    gliding.lineM = riders.lineM[row]!
    glide(gliding)
    const aloneM = gliding.lateralM
    this.#isTouched = Math.abs(lateralM - aloneM) > 0.001 || contactJ !== this.#wasContactJ
    // Who steers knows where to, unless others come in between.
    const isSteering = this.#isSender && riders.steer[row] !== 0 && !this.#isTouched
    const isAside =
      Math.abs(lateralM - this.#lateralM) > ASIDE_M || Math.abs(riders.lineM[row]! - this.#lineM) > LINE_STEP_M
    const slowedJ = SLOWED_MPS * riders.massKg[row]! * Math.max(1, speedMps)
    const isWrong =
      (isAside && !isSteering) ||
      Math.abs(contactJ - this.#contactJ) > slowedJ ||
      Math.abs(riders.draftFactor[row]! - this.#drafted) > DRAFT_STEP
    this.#wasM = lateralM
    this.#wasMps = riders.lateralMps[row]!
    this.#wasPlaceM = placeM
    this.#wasContactJ = contactJ
    return isWrong
  }

  #isStill({ flags, speedMps, powerW }: Riders, row: Row): boolean {
    if ((flags[row]! & (RIDER_FLAG.held | RIDER_FLAG.zone)) !== 0) return true
    return speedMps[row] === 0 && powerW[row] === 0
  }

  /** The road behind a rider goes on as the place does; how they lie to each other is what changes. */
  #isOtherRoad({ riders, ledger }: OwnHost, row: Row): boolean {
    const told = this.#told
    if (riders.flags[row] !== told.flags || riders.turn[row] !== told.turn || riders.leg[row] !== told.leg) return true
    return (ledger?.route[row] ?? 0) !== told.route || Math.abs(riders.offsetM[row]! - told.offsetM) > OFFSET_M
  }

  /** The block to send now; say `sent` when it is known in which packet. */
  block(host: OwnHost, row: Row): OwnBlock {
    const { riders, course, tick } = host
    const placeM = riders.distanceM[row]! + riders.offsetM[row]!
    const lateralM = riders.lateralM[row]!
    const lateralMps = riders.lateralMps[row]!
    const sequence = host.ackedSequence(row)
    const endsM = lateralM + lateralMps / LINE_RATE_PS
    const lineM = Math.abs(riders.lineM[row]! - endsM) > LINE_M ? riders.lineM[row]! : undefined
    this.#tick = tick
    this.#isWaiting = false
    this.#acked = sequence
    this.#drafted = riders.draftFactor[row]!
    this.#contactJ = riders.contactJ[row]!
    this.#lateralM = lateralM
    this.#lateralMps = lateralMps
    this.#lineM = lineM ?? endsM
    const gear = gearOf(host, row)
    this.#compare(host, row, gear)
    const isSlow = tick - this.#slowTick >= TICK_HZ
    if (isSlow) this.#slowTick = tick
    return {
      ...{ placeM, lateralM, lateralMps, lineM, isTouched: this.#isTouched, owedJ: riders.owedJ[row]! },
      speedMps: riders.speedMps[row]!,
      draftFactor: riders.draftFactor[row]!,
      gradeFraction: gradeFromSlope(course.slopeAt(placeM)),
      ack: sequence === undefined ? undefined : { sequence, ageTicks: tick - riders.sampleTick[row]! },
      legs: this.#tells(this.#legs, isSlow) ? legs(riders, row) : undefined,
      road: this.#tells(this.#road, false) ? road(host, row) : undefined,
      books: this.#tells(this.#books, isSlow) ? books(riders, row) : undefined,
      gear: this.#tells(this.#gear, false) ? gear : undefined,
    }
  }

  /** What is another than it was told goes along until it has arrived. */
  #compare(host: OwnHost, row: Row, gear: OwnGear): void {
    const { riders, ledger } = host
    const told = this.#told
    if (this.#isOtherRoad(host, row)) this.#road.renew()
    if (gear !== this.#toldGear) this.#gear.renew()
    // A sender knows what it sent; whoever looks on is told when it changes.
    const isOther =
      riders.powerW[row] !== told.powerW ||
      riders.cadenceRpm[row] !== told.cadenceRpm ||
      riders.heartRateBpm[row] !== told.heartRateBpm
    if (isOther && !this.#isSender) this.#legs.renew()
    this.#toldGear = gear
    told.route = ledger?.route[row] ?? 0
    told.leg = riders.leg[row]!
    told.turn = riders.turn[row]!
    told.flags = riders.flags[row]!
    told.offsetM = riders.offsetM[row]!
    told.powerW = riders.powerW[row]!
    told.cadenceRpm = riders.cadenceRpm[row]!
    told.heartRateBpm = riders.heartRateBpm[row]!
  }

  #tells(part: Part, isTime: boolean): boolean {
    const isTold = part.isTold && !isTime
    if (!isTold) part.take()
    return !isTold
  }
}

const gearOf = (host: OwnHost, row: Row): OwnGear => host.gear?.(row) ?? NO_GEAR

const legs = (riders: Riders, row: Row) => ({
  powerW: riders.powerW[row]!,
  cadenceRpm: riders.cadenceRpm[row]!,
  heartRateBpm: riders.heartRateBpm[row]!,
})

function road(host: OwnHost, row: Row): OwnRoad {
  const { riders, ledger } = host
  return {
    distanceM: riders.distanceM[row]!,
    route: ledger?.route[row] ?? 0,
    leg: riders.leg[row]!,
    turn: riders.turn[row]!,
    flags: (riders.flags[row]! & 15) | (host.isBound?.(row) === true ? OWN_FLAG_BOUND : 0),
  }
}

const books = (riders: Riders, row: Row) => ({
  workJ: riders.workJ[row]!,
  brakeJ: riders.brakeJ[row]!,
  contactJ: riders.contactJ[row]!,
})
