import { isAcked } from '#protocol/ack-window'
import { golombBits, writeGolomb } from '#protocol/codes'
import { CHECK_TICKS, MIDDLE_RIDERS, NEAR_RIDERS, TIER_KEEP, VIEW_RIDERS, VIEW_RIDERS_MAX } from '#protocol/limits'
import { AGE_K, AGE_MAX, COUNT_K, GAP_K } from '#protocol/rider-block'
import { writeRecord } from '#protocol/rider-record'
import { TIER } from '#protocol/rider-state'
import { BitWriter } from '#protocol/writer'
import { assert } from './assert.ts'
import type { Chosen, Interest } from './interest.ts'
import { SentNews, SENT } from './sent.ts'
import { NEWS, type RiderStream, WHOLE_DUE } from './stream.ts'

/** News that was lost is told again while it is younger than this, ticks; after that the rider is told whole. */
const RETELL_TICKS = 48
/** A viewer who has just come is told whole again and again for so long, until it acks: a lost packet costs no round trip. */
const JOIN_TICKS = 6
/** A packet goes at least every so many ticks. */
const QUIET_TICKS = 2
/** Bits around a section: age, count, and whether another follows. */
const SECTION_BITS = 28
/** What a gap costs at most. */
const GAP_BITS_MAX = 17

/** What a slot takes in all columns together. */
const SLOT_BYTES = 2 * 8 + 3 * 4 + 2 + 7
/** A tick before all others. */
const LONG_AGO = -0x4000_0000
type Column = Float64Array | Uint32Array | Int32Array | Int16Array | Uint8Array

/** What the client believes of a slot. */
const STATUS = {
  /** Nothing, and rightly so. */
  free: 0,
  /** Something that may be wrong: it is to be told whole, or that the rider is gone. */
  owed: 1,
  /** Told whole, not yet acked; news waits until it is. */
  told: 2,
  /** What the stream's state says, but for news that is under way. */
  ready: 3,
} as const

/** What a planned record is. */
const PLAN = { change: 0, whole: 1, leave: 2, transfer: 3, watts: 4, check: 5 } as const

/** The records of the packet that is being made: one plan for all viewers, since only one writes at a time. */
const plan = {
  count: 0,
  tick: new Float64Array(1024),
  slot: new Uint16Array(1024),
  what: new Uint8Array(1024),
  bits: new Uint16Array(1024),
  /** How often the record is told again in the packets that follow. */
  again: new Uint8Array(1024),
  priority: new Float64Array(1024),
}
/** What waits to be told again is one number, in the order of packets: tick · slot 512 · generation 256 · how often still 4. */
const SLOT_UNIT = 256 * 4
const TICK_UNIT = 512 * SLOT_UNIT
/** What was lost is told twice when it is told again. */
const RETELL_AGAIN = 1

function growPlan(): void {
  const more = plan.tick.length * 2
  const grown = <T extends Float64Array | Uint16Array | Uint8Array>(next: T, old: T): T => {
    next.set(old)
    return next
  }
  plan.tick = grown(new Float64Array(more), plan.tick)
  plan.slot = grown(new Uint16Array(more), plan.slot)
  plan.what = grown(new Uint8Array(more), plan.what)
  plan.bits = grown(new Uint16Array(more), plan.bits)
  plan.again = grown(new Uint8Array(more), plan.again)
  plan.priority = grown(new Float64Array(more), plan.priority)
}

const transferWriter = new BitWriter(48)

/**
 * One viewer's slots and packets. Every record is told once, and told again, with its own tick, when the packet it was
 * in is known to be lost; what is large is told twice at once. A rider new to a slot is told whole, and news of it waits
 * until that is acked. [D21], [D60]–[D62]
 */
export class Viewer {
  readonly #stream: RiderStream
  readonly #checkTicks: number
  #most: number
  #slotsUsed = 0
  #rows!: Int16Array
  #riderIds!: Uint32Array
  /** Rises whenever the slot stands for somebody else, or is told anew: acks of what was told before say nothing of it. */
  #generation!: Uint8Array
  #status!: Uint8Array
  /** The tier told, and the one that is right for the distance now; both are watched while they differ. */
  #tier!: Uint8Array
  #goal!: Uint8Array
  #isNear!: Uint8Array
  #isWattsOwed!: Uint8Array
  /** 1: records of the slot wait to be told again. */
  #waiting!: Uint8Array
  /** Packet and tick in which the slot was last told whole or gone. */
  #baseNumber!: Float64Array
  #baseTick!: Int32Array
  /** Newest packet with news of the slot. */
  #lastNumber!: Float64Array
  #checkTick!: Int32Array
  /** To be told again: tick, slot, generation and how often still, one number each. */
  #again = new Float64Array(16)
  #againCount = 0
  #prunedTick = -1
  readonly #sent = new SentNews()
  #judged = 0
  #newestNumber = -1
  #tick = -1
  #beganTick = -1
  #shown = 0
  #owed = 0

  /** `checkTicks`: between two checks of a rider; only tests want another than CHECK_TICKS. */
  constructor(
    stream: RiderStream,
    { viewRiders = VIEW_RIDERS, checkTicks = CHECK_TICKS }: { viewRiders?: number; checkTicks?: number } = {},
  ) {
    this.#stream = stream
    this.#checkTicks = checkTicks
    this.#most = viewRiders
    this.#makeRoom(viewRiders)
  }

  /** Riders shown. */
  get shown(): number {
    return this.#shown
  }

  /** How many riders the viewer wants to see; holds from the next look on. */
  set viewRiders(most: number) {
    assert(most >= 0 && most <= VIEW_RIDERS_MAX, 'a viewer wanted more riders than there are slots')
    this.#most = most
    if (most > this.#rows.length) this.#makeRoom(most)
  }

  get viewRiders(): number {
    return this.#most
  }

  isShown(row: number): boolean {
    return this.#rows.indexOf(row) >= 0
  }

  /** Looks around from the viewer's row: who is shown, and in which tier. A few times a second is enough. */
  look(interest: Interest, viewerRow: number, riderIds: ArrayLike<number>): void {
    const { slotOfRow } = this.#stream
    this.prune(riderIds)
    for (let slot = 0; slot < this.#slotsUsed; slot++) if (this.#rows[slot]! >= 0) slotOfRow[this.#rows[slot]!] = slot
    this.show(interest.choose(viewerRow, this.#most, slotOfRow), riderIds)
  }

  /** Whom the viewer shall see from now on, nearest first. */
  show(near: Chosen, riderIds: ArrayLike<number>): void {
    const { slotOfRow } = this.#stream
    for (let slot = 0; slot < this.#slotsUsed; slot++) if (this.#rows[slot]! >= 0) slotOfRow[this.#rows[slot]!] = slot
    // A row that is wanted and shown is marked by its rank; who is shown and not marked goes.
    for (let rank = 0; rank < near.count; rank++) {
      const slot = slotOfRow[near.rows[rank]!]!
      if (slot >= 0) this.#place(slot, rank)
    }
    for (let rank = 0; rank < near.count; rank++) near.isWanted[near.rows[rank]!] = 1
    for (let slot = 0; slot < this.#slotsUsed; slot++) {
      const row = this.#rows[slot]!
      if (row >= 0 && near.isWanted[row] === 0) {
        slotOfRow[row] = -1
        this.#vacate(slot)
      }
    }
    let free = 0
    for (let rank = 0; rank < near.count; rank++) {
      const row = near.rows[rank]!
      near.isWanted[row] = 0
      if (slotOfRow[row]! >= 0) {
        slotOfRow[row] = -1
        continue
      }
      while (this.#rows[free]! >= 0) free++
      this.#occupy(free, row, riderIds[row]!, rank)
    }
  }

  /** Takes out riders who left the road. */
  prune(riderIds: ArrayLike<number>): void {
    if (this.#stream.changeTick < this.#prunedTick) return
    this.#prunedTick = this.#stream.tick
    for (let slot = 0; slot < this.#slotsUsed; slot++) {
      const row = this.#rows[slot]!
      if (row >= 0 && riderIds[row] !== this.#riderIds[slot]) this.#vacate(slot)
    }
  }

  /** The client believes something else of this rider than we do: it is told whole. */
  doubt(riderId: number): void {
    const slot = this.#riderIds.indexOf(riderId)
    if (slot >= 0 && this.#status[slot] === STATUS.ready) this.#owe(slot)
  }

  /**
   * Whether a packet shall go at this tick: something large happened, somebody waits to be told whole, or the last packet
   * was QUIET_TICKS ago.
   */
  isDue(tick: number): boolean {
    if (this.#tick < 0 || tick - this.#tick >= QUIET_TICKS || this.#owed > 0) return true
    const rows = this.#rows
    const tiers = this.#tier
    const fine = this.#stream.newsIn(TIER.fine)
    const coarse = this.#stream.newsIn(TIER.coarse)
    for (let slot = 0; slot < this.#slotsUsed; slot++) {
      const row = rows[slot]!
      if (row < 0) continue
      const news = (tiers[slot] === TIER.fine ? fine : coarse)[row]!
      if ((news & NEWS.large) !== 0) return true
    }
    return false
  }

  /** Writes the rider block of packet `number`, at most `bitsMax` bits; false: there was no news. */
  write(w: BitWriter, number: number, bitsMax: number): boolean {
    const { tick } = this.#stream
    if (this.#tick < 0) this.#beganTick = tick
    else if (tick - this.#tick > RETELL_TICKS) this.#doubtAll()
    this.#judgeBefore(number - SENT.history + 1)
    plan.count = 0
    this.#planAgain(tick)
    for (let at = Math.max(this.#tick + 1, tick - AGE_MAX); at < tick; at++) this.#planChanges(at)
    this.#planNow(tick)
    this.#tick = tick
    this.#newestNumber = number
    this.#sent.begin(number, tick)
    if (plan.count > 0) this.#fit(bitsMax - 1, tick)
    w.flag(plan.count > 0)
    this.#compose(w, number, tick)
    return plan.count > 0
  }

  /** The client used packet `newest`, and those whose bit is set; what lies before and was not used is lost. */
  acked(newest: number, bits: number): void {
    for (let number = this.#judged; number <= newest; number++) this.#judge(number, isAcked(number, newest, bits))
    this.#judged = Math.max(this.#judged, newest + 1)
  }

  /** What was sent and not acked went nowhere: the client's address was another, or it slept. */
  loseUnacked(): void {
    this.#judgeBefore(this.#newestNumber + 1)
  }

  /** Somebody is to be told whole (or gone) and did not fit into the last packet. */
  get isWholeWaiting(): boolean {
    return this.#owed > 0
  }

  /** Nobody is watched any more. */
  end(): void {
    for (let slot = 0; slot < this.#slotsUsed; slot++) if (this.#rows[slot]! >= 0) this.#vacate(slot)
  }

  /** All columns in one piece of memory: thousands of viewers live in a process, and each piece has a price of its own. */
  #makeRoom(most: number): void {
    const slots = most + (most & 1)
    const memory = new ArrayBuffer(slots * SLOT_BYTES)
    let at = 0
    const next = (bytes: number): [ArrayBuffer, number, number] => {
      at += slots * bytes
      return [memory, at - slots * bytes, slots]
    }
    const grown = <T extends Column>(column: T, before: T | undefined): T => {
      if (before !== undefined) column.set(before)
      return column
    }
    this.#baseNumber = grown(new Float64Array(...next(8)), this.#baseNumber)
    this.#lastNumber = grown(new Float64Array(...next(8)), this.#lastNumber)
    this.#riderIds = grown(new Uint32Array(...next(4)), this.#riderIds)
    this.#baseTick = grown(new Int32Array(...next(4)), this.#baseTick)
    this.#checkTick = grown(new Int32Array(...next(4)), this.#checkTick)
    this.#rows = grown(new Int16Array(...next(2)).fill(-1), this.#rows as Int16Array | undefined)
    this.#generation = grown(new Uint8Array(...next(1)), this.#generation)
    this.#status = grown(new Uint8Array(...next(1)), this.#status)
    this.#tier = grown(new Uint8Array(...next(1)), this.#tier)
    this.#goal = grown(new Uint8Array(...next(1)), this.#goal)
    this.#isNear = grown(new Uint8Array(...next(1)), this.#isNear)
    this.#isWattsOwed = grown(new Uint8Array(...next(1)), this.#isWattsOwed)
    this.#waiting = grown(new Uint8Array(...next(1)), this.#waiting)
  }

  #occupy(slot: number, row: number, riderId: number, rank: number): void {
    this.#rows[slot] = row
    this.#riderIds[slot] = riderId
    this.#generation[slot]!++
    this.#isNear[slot] = rank < NEAR_RIDERS ? 1 : 0
    this.#tier[slot] = this.#goal[slot] = rank < MIDDLE_RIDERS ? TIER.fine : TIER.coarse
    this.#isWattsOwed[slot] = 0
    this.#stream.watch(row, this.#tier[slot]!, 1)
    this.#shown++
    this.#owe(slot)
    if (slot >= this.#slotsUsed) this.#slotsUsed = slot + 1
  }

  #vacate(slot: number): void {
    const row = this.#rows[slot]!
    this.#stream.watch(row, this.#tier[slot]!, -1)
    if (this.#goal[slot] !== this.#tier[slot]) this.#stream.watch(row, this.#goal[slot]!, -1)
    this.#rows[slot] = -1
    this.#riderIds[slot] = 0
    this.#generation[slot]!++
    this.#isNear[slot] = 0
    this.#goal[slot] = this.#tier[slot]!
    this.#shown--
    this.#owe(slot)
  }

  /** The tier that the rank asks for; who is in one stays until TIER_KEEP others are nearer. */
  #place(slot: number, rank: number): void {
    const keep = (isIn: boolean): number => (isIn ? TIER_KEEP : 0)
    const isNear = rank < NEAR_RIDERS + keep(this.#isNear[slot] === 1)
    if (isNear && this.#isNear[slot] === 0) this.#isWattsOwed[slot] = 1
    this.#isNear[slot] = isNear ? 1 : 0
    const goal = rank < MIDDLE_RIDERS + keep(this.#goal[slot] === TIER.fine) ? TIER.fine : TIER.coarse
    if (goal === this.#goal[slot]) return
    const row = this.#rows[slot]!
    if (goal === this.#tier[slot]) this.#stream.watch(row, this.#goal[slot]!, -1)
    else this.#stream.watch(row, goal, 1)
    this.#goal[slot] = goal
  }

  #owe(slot: number): void {
    if (this.#status[slot] !== STATUS.owed) this.#owed++
    this.#status[slot] = STATUS.owed
    this.#waiting[slot] = 0
  }

  #settle(slot: number, status: number): void {
    if (this.#status[slot] === STATUS.owed) this.#owed--
    this.#status[slot] = status
  }

  #doubtAll(): void {
    for (let slot = 0; slot < this.#slotsUsed; slot++) if (this.#status[slot] !== STATUS.free) this.#owe(slot)
    this.#againCount = 0
  }

  /** Nothing about the slot is under way. */
  #isSettled(slot: number): boolean {
    return this.#waiting[slot] === 0 && this.#lastNumber[slot]! < this.#judged
  }

  /** Once more in the next packet, and in so many after it. */
  #retell(slot: number, tick: number, again: number): void {
    if (this.#againCount === this.#again.length) {
      const more = new Float64Array(2 * this.#again.length)
      more.set(this.#again)
      this.#again = more
    }
    this.#again[this.#againCount++] = tick * TICK_UNIT + slot * SLOT_UNIT + this.#generation[slot]! * 4 + again
    this.#waiting[slot] = 1
  }

  /** What was lost, oldest first. */
  #planAgain(tick: number): void {
    const again = this.#again
    const count = this.#againCount
    if (count === 0) return
    this.#againCount = 0
    sort(again, count)
    for (let i = 0; i < count; i++) {
      const one = again[i]!
      const at = Math.floor(one / TICK_UNIT)
      const rest = one - at * TICK_UNIT
      const slot = rest >>> 10
      // Nothing of it waits any more, whatever becomes of it now.
      this.#waiting[slot] = 0
      if (((rest >>> 2) & 255) !== this.#generation[slot] || this.#status[slot] !== STATUS.ready) continue
      // Twice the same: the one that is to be told oftener stands behind.
      if (i + 1 < count && again[i + 1]! - one < 4 && (again[i + 1]! - at * TICK_UNIT) >>> 2 === rest >>> 2) continue
      if (at <= this.#baseTick[slot]!) continue
      const length = this.#stream.lengthOf(this.#rows[slot]!, this.#tier[slot]!, at)
      if (tick - at > RETELL_TICKS || length === WHOLE_DUE) this.#owe(slot)
      else if (length > 0) this.#add(at, slot, PLAN.change, length, rest & 3)
    }
  }

  #planChanges(tick: number): void {
    const rows = this.#rows
    const tiers = this.#tier
    const from = this.#stream.lengthsFrom(tick)
    const fine = this.#stream.lengthsOf(TIER.fine)
    const coarse = this.#stream.lengthsOf(TIER.coarse)
    for (let slot = 0; slot < this.#slotsUsed; slot++) {
      const row = rows[slot]!
      if (row < 0) continue
      const length = (tiers[slot] === TIER.fine ? fine : coarse)[from + row]!
      if (length === 0 || this.#status[slot] !== STATUS.ready || tick <= this.#baseTick[slot]!) continue
      if (length === WHOLE_DUE) this.#owe(slot)
      else this.#add(tick, slot, PLAN.change, length)
    }
  }

  /** The packet's own tick: news, and whatever is told as things stand. */
  #planNow(tick: number): void {
    const stream = this.#stream
    const before = this.#tick
    const isJoining = tick - this.#beganTick < JOIN_TICKS
    const rows = this.#rows
    const statuses = this.#status
    const tiers = this.#tier
    const goals = this.#goal
    const checks = this.#checkTick
    const from = stream.lengthsFrom(tick)
    const fine = stream.lengthsOf(TIER.fine)
    const coarse = stream.lengthsOf(TIER.coarse)
    for (let slot = 0; slot < this.#slotsUsed; slot++) {
      const row = rows[slot]!
      const status = statuses[slot]!
      if (row < 0) {
        if (status === STATUS.owed && tick > before) this.#add(tick, slot, PLAN.leave, 6)
        continue
      }
      if (status === STATUS.ready) {
        const tier = tiers[slot]!
        const length = (tier === TIER.fine ? fine : coarse)[from + row]!
        if (length === 0) {
          if (this.#isNear[slot] === 1 && this.#planWatts(slot, row, tick, before)) continue
          // A second packet of one tick brings no change that begins in it: what is told whole stands above it.
          if (tick === before) continue
          if (goals[slot] === tier && tick - checks[slot]! < this.#checkTicks) continue
          this.#planQuiet(slot, row, tick)
          // Where there is no way across, the rider is owed the whole.
          if (statuses[slot] === STATUS.ready) continue
        } else if (length === WHOLE_DUE) this.#owe(slot)
        else {
          this.#add(tick, slot, PLAN.change, length, timesAgain(stream.newsOf(row, tier)))
          continue
        }
      }
      if (statuses[slot] === STATUS.owed || (isJoining && this.#baseTick[slot]! < tick))
        this.#add(tick, slot, PLAN.whole, stream.wholeLengthOf(row, goals[slot]!))
    }
  }

  #planWatts(slot: number, row: number, tick: number, before: number): boolean {
    const stream = this.#stream
    const wattsTick = stream.wattsTickOf(row)
    if (wattsTick > before || (this.#isWattsOwed[slot] === 1 && wattsTick >= 0)) {
      this.#add(tick, slot, PLAN.watts, stream.wattsLengthOf(row))
      return true
    }
    this.#isWattsOwed[slot] = 0
    return false
  }

  /** A rider without news: a change of tier, or a check. */
  #planQuiet(slot: number, row: number, tick: number): void {
    if (!this.#isSettled(slot) || this.#isPlanned(slot)) return
    const goal = this.#goal[slot]!
    if (goal === this.#tier[slot]) return this.#add(tick, slot, PLAN.check, 18)
    const transfer = this.#stream.transferOf(row, goal)
    if (transfer === undefined) return this.#owe(slot)
    transferWriter.reset()
    writeRecord(transferWriter, transfer)
    this.#add(tick, slot, PLAN.transfer, transferWriter.bitLength)
  }

  #isPlanned(slot: number): boolean {
    for (let i = 0; i < plan.count; i++) if (plan.slot[i] === slot) return true
    return false
  }

  #add(tick: number, slot: number, what: number, bits: number, again = 0): void {
    const i = plan.count++
    if (i === plan.tick.length) growPlan()
    plan.again[i] = again
    plan.tick[i] = tick
    plan.slot[i] = slot
    plan.what[i] = what
    plan.bits[i] = bits
  }

  /** Over budget the most pressing go first; the rest waits, and presses the more the longer it does. */
  #fit(bitsMax: number, tick: number): void {
    let bits = 0
    let sections = 0
    for (let i = 0; i < plan.count; i++) {
      if (i === 0 || plan.tick[i] !== plan.tick[i - 1]) sections++
      bits += plan.bits[i]! + GAP_BITS_MAX
    }
    if (bits + sections * SECTION_BITS <= bitsMax) return
    const order = Array.from({ length: plan.count }, (_none, i) => i)
    for (const i of order) plan.priority[i] = this.#priority(i, tick)
    order.sort((a, b) => plan.priority[b]! - plan.priority[a]!)
    const isTaken = new Uint8Array(plan.count)
    const ticks = new Set<number>()
    let left = bitsMax
    for (const i of order) {
      const cost = plan.bits[i]! + this.#gapBitsAtMost() + (ticks.has(plan.tick[i]!) ? 0 : SECTION_BITS)
      if (cost > left) continue
      left -= cost
      ticks.add(plan.tick[i]!)
      isTaken[i] = 1
    }
    let kept = 0
    for (let i = 0; i < plan.count; i++) {
      if (isTaken[i] === 0) {
        this.#postpone(i)
        continue
      }
      plan.tick[kept] = plan.tick[i]!
      plan.slot[kept] = plan.slot[i]!
      plan.what[kept] = plan.what[i]!
      plan.again[kept] = plan.again[i]!
      plan.bits[kept] = plan.bits[i]!
      kept++
    }
    plan.count = kept
  }

  #gapBitsAtMost(): number {
    return golombBits(this.#slotsUsed, GAP_K)
  }

  #priority(i: number, tick: number): number {
    const slot = plan.slot[i]!
    const row = this.#rows[slot]!
    const weight = this.#isNear[slot] === 1 ? 3 : this.#goal[slot] === TIER.fine ? 2 : 1
    switch (plan.what[i]) {
      case PLAN.leave:
        return 100
      case PLAN.change: {
        const isLarge = row >= 0 && (this.#stream.newsOf(row, this.#tier[slot]!) & NEWS.large) !== 0
        return weight * (isLarge ? 16 : 8) + (tick - plan.tick[i]!)
      }
      case PLAN.whole:
        return weight + 4 * (tick - this.#baseTick[slot]!)
      default:
        return weight
    }
  }

  #postpone(i: number): void {
    const slot = plan.slot[i]!
    if (plan.what[i] === PLAN.change) this.#retell(slot, plan.tick[i]!, plan.again[i]!)
    else if (plan.what[i] === PLAN.watts) this.#isWattsOwed[slot] = 1
  }

  #compose(w: BitWriter, number: number, tick: number): void {
    for (let i = 0; i < plan.count;) {
      const at = plan.tick[i]!
      let end = i
      while (end < plan.count && plan.tick[end] === at) end++
      writeGolomb(w, tick - at, AGE_K)
      writeGolomb(w, end - i - 1, COUNT_K)
      let before = -1
      for (; i < end; i++) {
        const slot = plan.slot[i]!
        writeGolomb(w, slot - before - 1, GAP_K)
        before = slot
        this.#tell(w, number, i, tick)
      }
      if (tick > at) w.flag(end < plan.count)
    }
  }

  #tell(w: BitWriter, number: number, i: number, tick: number): void {
    const stream = this.#stream
    const slot = plan.slot[i]!
    const row = this.#rows[slot]!
    const at = plan.tick[i]!
    const what = plan.what[i]!
    switch (what) {
      case PLAN.change:
        stream.copy(row, this.#tier[slot]!, at, w)
        if (plan.again[i]! > 0) this.#retell(slot, at, plan.again[i]! - 1)
        break
      case PLAN.watts:
        stream.copyWatts(row, w)
        this.#isWattsOwed[slot] = 0
        this.#sent.add(slot, this.#generation[slot]!, tick - at, SENT.watts)
        return
      case PLAN.check:
        writeRecord(w, { kind: 'check', check: stream.checkOf(row, this.#tier[slot]!) })
        this.#checkTick[slot] = tick
        this.#sent.add(slot, this.#generation[slot]!, tick - at, SENT.check)
        return
      default:
        this.#tellBase(w, slot, row, what, number, tick)
        return
    }
    this.#lastNumber[slot] = number
    this.#sent.add(slot, this.#generation[slot]!, tick - at, SENT.change)
  }

  /** Whole, across to the other tier, or gone. */
  #tellBase(w: BitWriter, slot: number, row: number, what: number, number: number, tick: number): void {
    const stream = this.#stream
    if (what === PLAN.leave) writeRecord(w, { kind: 'leave' })
    else {
      const goal = this.#goal[slot]!
      if (what === PLAN.whole) stream.copyWhole(row, goal, w)
      else writeRecord(w, stream.transferOf(row, goal)!)
      // Only who has just come is told the same twice, before an answer; the answer to either will do.
      if (this.#status[slot] !== STATUS.told || goal !== this.#tier[slot]) this.#generation[slot]!++
      if (goal !== this.#tier[slot]) stream.watch(row, this.#tier[slot]!, -1)
      this.#tier[slot] = goal
      if (this.#isNear[slot] === 1) this.#isWattsOwed[slot] = 1
    }
    this.#settle(slot, STATUS.told)
    this.#baseNumber[slot] = this.#lastNumber[slot] = number
    this.#baseTick[slot] = tick
    // Checks of a view that came at once are spread over time.
    this.#checkTick[slot] = tick - ((slot * 37) % CHECK_TICKS) / 2
    this.#sent.add(slot, this.#generation[slot]!, 0, SENT.base)
  }

  #judge(number: number, isUsed: boolean): void {
    const sent = this.#sent
    const count = sent.countOf(number)
    const tick = sent.tickOf(number)
    for (let i = 0; i < count; i++) {
      const slot = sent.slotAt(number, i)
      if (sent.generationAt(number, i) !== this.#generation[slot]) continue
      const at = tick - sent.ageAt(number, i)
      switch (sent.whatAt(number, i)) {
        case SENT.base:
          this.#judgeBase(slot, number, at, isUsed)
          break
        case SENT.change:
          if (!isUsed && this.#status[slot] === STATUS.ready && at > this.#baseTick[slot]!)
            this.#retell(slot, at, RETELL_AGAIN)
          break
        case SENT.watts:
          if (!isUsed) this.#isWattsOwed[slot] = 1
          break
        case SENT.check:
          if (!isUsed) this.#checkTick[slot] = LONG_AGO
      }
    }
    sent.forget(number)
  }

  #judgeBase(slot: number, number: number, at: number, isUsed: boolean): void {
    if (this.#status[slot] !== STATUS.told) return
    if (!isUsed) {
      if (this.#baseNumber[slot] === number) this.#owe(slot)
      return
    }
    if (this.#rows[slot]! < 0) return this.#settle(slot, STATUS.free)
    this.#settle(slot, STATUS.ready)
    this.#baseTick[slot] = at
    // What happened since is told now, with its own ticks; what was so long ago is not remembered.
    if (this.#stream.tick - at > AGE_MAX) return this.#owe(slot)
    const row = this.#rows[slot]!
    for (let tick = at + 1; tick <= this.#tick; tick++) {
      if (this.#stream.lengthOf(row, this.#tier[slot]!, tick) !== 0) this.#retell(slot, tick, 0)
    }
  }

  /** What falls out of the history without an answer is lost. */
  #judgeBefore(number: number): void {
    for (; this.#judged < number; this.#judged++) this.#judge(this.#judged, false)
  }
}

/** A few numbers, nearly in order. */
function sort(numbers: Float64Array, count: number): void {
  for (let i = 1; i < count; i++) {
    const one = numbers[i]!
    let j = i - 1
    for (; j >= 0 && numbers[j]! > one; j--) numbers[j + 1] = numbers[j]!
    numbers[j + 1] = one
  }
}

function timesAgain(news: number): number {
  return (news & NEWS.huge) !== 0 ? 2 : (news & NEWS.large) !== 0 ? 1 : 0
}
