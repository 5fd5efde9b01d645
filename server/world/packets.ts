import { isAcked } from '#protocol/ack-window'
import { golombBits, writeGolomb } from '#protocol/codes'
import { MIDDLE_RIDERS, NEAR_RIDERS, SLOTS, TIER_KEEP, VIEW_RIDERS, VIEW_RIDERS_MAX } from '#protocol/limits'
import { AGE_K, AGE_MAX, COUNT_K, GAP_K } from '#protocol/rider-block'
import { writeRecord } from '#protocol/rider-record'
import { CHECK_BITS, TIER } from '#protocol/rider-state'
import { BitWriter } from '#protocol/writer'
import { assert } from './assert.ts'
import type { Chosen, Interest } from './interest.ts'
import { againOfItem, bitsOfItem, Plan, PLAN, slotOfItem, whatOfItem } from './plan.ts'
import { againOfRetold, generationOfRetold, Retelling, slotOfRetold, tickOfRetold } from './retelling.ts'
import { ageIn, classIn, generationIn, SENT, SentNews, slotIn } from './sent.ts'
import { MARK, markKey, NEWS, type RiderStream, rowOfKey, SEEN_AS, WHOLE_DUE } from './stream.ts'

/** News that was lost is told again while it is younger than this, ticks; after that the rider is told whole. */
const RETELL_TICKS = 48
/** What was lost is told twice when it is told again. */
const RETELL_AGAIN = 1
/** A viewer who has just come is told whole again and again for so long, until it acks: a lost packet costs no round trip. */
const JOIN_TICKS = 6
/** A packet goes at least every so many ticks. */
const QUIET_TICKS = 2
/** In this tick's half of a mark, and in the half of the tick before. */
const CHECKS = MARK.check | (MARK.check << 4)
const CHECK_REST_TICKS = 16
/** Kinds of planned records that something else stands upon. */
const BASES = (1 << PLAN.whole) | (1 << PLAN.leave) | (1 << PLAN.transfer)
const CHECK_RECORD_BITS = 6 + CHECK_BITS

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

/** A slot's flags; the status in the lowest two bits, the generation from GENERATION_SHIFT on. */
const FLAG = {
  status: 3,
  near: 4,
  wattsOwed: 8,
  /** The tier told, and the one that is right for the distance now; both are watched while they differ. */
  tierCoarse: 16,
  goalCoarse: 32,
  checkDue: 64,
} as const
/** Rises whenever the slot stands for somebody else, or is told anew: acks of what was told before say nothing of it. */
const GENERATION_SHIFT = 8

/** A slot's words: rider, newest packet with news of it (its low 32 bits), tick in which it was last told whole or gone. */
const SLOT_WORDS = 3
const NUMBER = 1
const BASE_TICK = 2
const SLOT_BYTES = 4 * SLOT_WORDS + 2 + 2
const NO_COLUMN = new Int32Array(0)
const NO_SHORTS = new Uint16Array(0)

/** Codes of gaps, their length above GAP_SHIFT: what `writeGolomb` writes. */
const GAP_SHIFT = 20
const GAP_MASK = (1 << GAP_SHIFT) - 1
const GAP_CODES = Int32Array.from({ length: SLOTS }, (_none, gap) => {
  const w = new BitWriter(4)
  const word = new Int32Array(1)
  writeGolomb(w, gap, GAP_K)
  w.saveWords(word, 0)
  return (w.bitLength << GAP_SHIFT) | (word[0]! & ((1 << w.bitLength) - 1))
})

const plan = new Plan()
const transferWriter = new BitWriter(48)
/** Slots with marks, a bit each, found by the viewer and tick that looked last: who asks whether a packet is due writes it next. */
const marked = { viewer: undefined as Viewer | undefined, tick: -1, words: new Int32Array(SLOTS / 32) }
const freshRanks = new Int32Array(VIEW_RIDERS_MAX + 1)

/**
 * One viewer's slots and packets. Every record is told once, and told again, with its own tick, when the packet it was
 * in is known to be lost; what is large is told twice at once. A rider new to a slot is told whole, and news of it waits
 * until that is acked. [D21], [D60]–[D62]
 *
 * In a tick most slots have nothing to tell. Which have, one byte a slot says (`RiderStream.marks`); a slot that has
 * something of its own to tell (owed, told across, checked) is in a set of those that want attention.
 */
export class Viewer {
  readonly #stream: RiderStream
  readonly #isCheckingAlways: boolean
  #most: number
  #slotsUsed = 0
  /** Slots there is room for. */
  #room = 0
  /** By slot, all in one piece of memory: thousands of viewers live in a process. */
  #words = NO_COLUMN
  #keys = NO_SHORTS
  #flags = NO_SHORTS
  /** A bit a slot: it is looked at in the next packet, whatever its mark. */
  #attention = NO_COLUMN
  readonly #again = new Retelling()
  readonly #sent = new SentNews()
  #prunedTick = -1
  #judged = 0
  #newestNumber = -1
  #tick = -1
  #beganTick = -1
  /** A client that moved or woke waits for its view: the next packet goes at once. */
  #isPressing = false
  /** The next packet tells whom it can of those who were told whole and are not acked, though it is the same tick. */
  #isRepeating = false
  #shown = 0
  #owed = 0

  /** `isCheckingAlways`: riders are checked whenever they may be; only tests want that. */
  constructor(
    stream: RiderStream,
    { viewRiders = VIEW_RIDERS, isCheckingAlways = false }: { viewRiders?: number; isCheckingAlways?: boolean } = {},
  ) {
    this.#stream = stream
    this.#isCheckingAlways = isCheckingAlways
    this.#most = viewRiders
  }

  /** Riders shown. */
  get shown(): number {
    return this.#shown
  }

  /** How many riders the viewer wants to see; holds from the next look on. */
  set viewRiders(most: number) {
    assert(most >= 0 && most <= VIEW_RIDERS_MAX, 'a viewer wanted more riders than there are slots')
    this.#most = most
  }

  get viewRiders(): number {
    return this.#most
  }

  isShown(row: number): boolean {
    for (let slot = 0; slot < this.#slotsUsed; slot++) if (rowOfKey(this.#keys[slot]!) === row) return true
    return false
  }

  /** Looks around from the viewer's row: who is shown, and in which tier. A few times a second is enough. */
  look(interest: Interest, viewerRow: number, riderIds: ArrayLike<number>): void {
    this.prune(riderIds)
    this.#note()
    this.#show(interest.choose(viewerRow, this.#most, this.#stream.slotOfRow), riderIds)
  }

  /** Whom the viewer shall see from now on, nearest first. */
  show(near: Chosen, riderIds: ArrayLike<number>): void {
    this.#note()
    this.#show(near, riderIds)
  }

  /** Takes out riders who left the road. */
  prune(riderIds: ArrayLike<number>): void {
    if (this.#stream.changeTick < this.#prunedTick) return
    this.#prunedTick = this.#stream.tick
    const nobody = this.#stream.nobodyKey
    for (let slot = 0; slot < this.#slotsUsed; slot++) {
      const key = this.#keys[slot]!
      if (key !== nobody && riderIds[rowOfKey(key)] !== this.#words[slot * SLOT_WORDS]) this.#vacate(slot)
    }
  }

  /** The client believes something else of this rider than we do: it is told whole. */
  doubt(riderId: number): void {
    for (let slot = 0; slot < this.#slotsUsed; slot++) {
      if (this.#words[slot * SLOT_WORDS] !== riderId || this.#keys[slot] === this.#stream.nobodyKey) continue
      if (this.#statusOf(slot) === STATUS.ready) this.#owe(slot)
      return
    }
  }

  /**
   * Whether a packet shall go at this tick: something large happened, somebody waits to be told whole, or the last packet
   * was QUIET_TICKS ago.
   */
  isDue(tick: number): boolean {
    if (this.#tick < 0 || tick - this.#tick >= QUIET_TICKS || this.#owed > 0 || this.#isPressing) return true
    return (this.#findMarked(tick) & MARK.pressing) !== 0
  }

  /** Writes the rider block of packet `number`, at most `bitsMax` bits; false: there was no news. */
  write(w: BitWriter, number: number, bitsMax: number): boolean {
    const { tick } = this.#stream
    const before = this.#tick
    const isFirst = before < 0
    if (isFirst) this.#beganTick = tick
    else if (tick - before > RETELL_TICKS) this.#doubtAll()
    this.#judgeBefore(number - SENT.history + 1)
    plan.clear()
    if (this.#isCheckingAlways) for (let slot = 0; slot < this.#slotsUsed; slot++) this.#remindCheck(slot)
    if (this.#again.count > 0) this.#planAgain(tick)
    if (isFirst || tick === before || tick - before > 2) this.#planAll(tick, before)
    else this.#planMarked(tick, before)
    this.#skipTo(number)
    this.#tick = tick
    this.#isPressing = false
    this.#isRepeating = false
    if (!plan.isWithin(bitsMax - 1)) {
      const gapBits = golombBits(this.#slotsUsed, GAP_K)
      plan.fit(
        bitsMax - 1,
        gapBits,
        (i) => this.#priority(i, tick),
        (i) => this.#postpone(i),
      )
    }
    this.#sent.begin(number, tick, plan.count, (plan.whats & BASES) !== 0)
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
    this.#isPressing = true
  }

  /** The next packet says again what the last ones said to one who has just come: a lost one costs no tick. [D202] */
  repeat(): void {
    this.#isRepeating = true
  }

  /** Somebody is to be told whole (or gone) and did not fit into the last packet. */
  get isWholeWaiting(): boolean {
    return this.#owed > 0
  }

  /** Nobody is watched any more. */
  end(): void {
    for (let slot = 0; slot < this.#slotsUsed; slot++) {
      if (this.#keys[slot] !== this.#stream.nobodyKey) this.#vacate(slot)
    }
  }

  #grow(most: number): void {
    const room = (Math.min(Math.max(most, Math.min(2 * this.#room, this.#most)), SLOTS) + 3) & ~3
    const attentionWords = (room + 31) >>> 5
    const memory = new ArrayBuffer(room * SLOT_BYTES + attentionWords * 4)
    const words = new Int32Array(memory, 0, room * SLOT_WORDS)
    const attention = new Int32Array(memory, words.byteLength, attentionWords)
    const keys = new Uint16Array(memory, words.byteLength + attention.byteLength, room)
    const flags = new Uint16Array(memory, keys.byteOffset + keys.byteLength, room)
    words.set(this.#words)
    attention.set(this.#attention)
    keys.fill(this.#stream.nobodyKey)
    keys.set(this.#keys)
    flags.set(this.#flags)
    this.#words = words
    this.#attention = attention
    this.#keys = keys
    this.#flags = flags
    this.#room = room
  }

  /** Leaves each shown row's slot where who chooses looks for it. */
  #note(): void {
    const { slotOfRow, nobodyKey } = this.#stream
    const keys = this.#keys
    for (let slot = 0; slot < this.#slotsUsed; slot++) {
      const key = keys[slot]!
      if (key !== nobodyKey) slotOfRow[rowOfKey(key)] = slot
    }
  }

  /** After `#note`, which it undoes: who is wanted and shown is unmarked, and who is then still marked goes. */
  #show({ rows, count }: Chosen, riderIds: ArrayLike<number>): void {
    const { slotOfRow, nobodyKey } = this.#stream
    let fresh = 0
    for (let rank = 0; rank < count; rank++) {
      const row = rows[rank]!
      const slot = slotOfRow[row]!
      if (slot < 0) freshRanks[fresh++] = rank
      else {
        slotOfRow[row] = -1
        this.#place(slot, row, rank)
      }
    }
    if (count - fresh < this.#shown) {
      for (let slot = 0; slot < this.#slotsUsed; slot++) {
        const key = this.#keys[slot]!
        if (key === nobodyKey || slotOfRow[rowOfKey(key)]! < 0) continue
        slotOfRow[rowOfKey(key)] = -1
        this.#vacate(slot)
      }
    }
    if (fresh === 0) return
    if (count > this.#room) this.#grow(count)
    let free = 0
    for (let i = 0; i < fresh; i++) {
      const rank = freshRanks[i]!
      const row = rows[rank]!
      while (this.#keys[free] !== nobodyKey) free++
      this.#occupy(free, row, riderIds[row]!, rank)
    }
  }

  #statusOf(slot: number): number {
    return this.#flags[slot]! & FLAG.status
  }

  #tierOf(slot: number): number {
    return (this.#flags[slot]! & FLAG.tierCoarse) === 0 ? TIER.fine : TIER.coarse
  }

  #goalOf(slot: number): number {
    return (this.#flags[slot]! & FLAG.goalCoarse) === 0 ? TIER.fine : TIER.coarse
  }

  #generationOf(slot: number): number {
    return this.#flags[slot]! >>> GENERATION_SHIFT
  }

  #tellAnew(slot: number): void {
    const generation = (this.#generationOf(slot) + 1) & 255
    this.#flags[slot] = (this.#flags[slot]! & ((1 << GENERATION_SHIFT) - 1)) | (generation << GENERATION_SHIFT)
  }

  #attend(slot: number): void {
    this.#attention[slot >>> 5]! |= 1 << (slot & 31)
  }

  #rest(slot: number): void {
    this.#attention[slot >>> 5]! &= ~(1 << (slot & 31))
  }

  #occupy(slot: number, row: number, riderId: number, rank: number): void {
    const isCoarse = rank >= MIDDLE_RIDERS
    const generation = (this.#generationOf(slot) + 1) & 255
    this.#flags[slot] =
      this.#statusOf(slot) |
      (rank < NEAR_RIDERS ? FLAG.near : 0) |
      (isCoarse ? FLAG.tierCoarse | FLAG.goalCoarse : 0) |
      (generation << GENERATION_SHIFT)
    this.#words[slot * SLOT_WORDS] = riderId
    this.#setKey(slot, row)
    this.#stream.watch(row, isCoarse ? TIER.coarse : TIER.fine, 1)
    this.#shown++
    this.#owe(slot)
    if (slot >= this.#slotsUsed) this.#slotsUsed = slot + 1
  }

  #setKey(slot: number, row: number): void {
    const flags = this.#flags[slot]!
    const isCoarse = (flags & FLAG.tierCoarse) !== 0
    this.#keys[slot] = markKey(row, isCoarse ? SEEN_AS.far : (flags & FLAG.near) !== 0 ? SEEN_AS.near : SEEN_AS.middle)
  }

  #vacate(slot: number): void {
    const row = rowOfKey(this.#keys[slot]!)
    const tier = this.#tierOf(slot)
    const goal = this.#goalOf(slot)
    this.#stream.watch(row, tier, -1)
    if (goal !== tier) this.#stream.watch(row, goal, -1)
    this.#keys[slot] = this.#stream.nobodyKey
    this.#words[slot * SLOT_WORDS] = 0
    this.#flags[slot] = this.#statusOf(slot) | (((this.#generationOf(slot) + 1) & 255) << GENERATION_SHIFT)
    this.#shown--
    this.#owe(slot)
  }

  /** The tier that the rank asks for; who is in one stays until TIER_KEEP others are nearer. */
  #place(slot: number, row: number, rank: number): void {
    const flags = this.#flags[slot]!
    const wasNear = (flags & FLAG.near) !== 0
    const wasFine = (flags & FLAG.goalCoarse) === 0
    const isNear = rank < NEAR_RIDERS + (wasNear ? TIER_KEEP : 0)
    const isFine = rank < MIDDLE_RIDERS + (wasFine ? TIER_KEEP : 0)
    if (isNear !== wasNear) {
      this.#flags[slot] = isNear ? flags | FLAG.near | FLAG.wattsOwed : flags & ~FLAG.near
      if (isNear) this.#attend(slot)
      this.#setKey(slot, row)
    }
    if (isFine === wasFine) return
    const goal = isFine ? TIER.fine : TIER.coarse
    if (goal === this.#tierOf(slot)) this.#stream.watch(row, 1 - goal, -1)
    else this.#stream.watch(row, goal, 1)
    this.#flags[slot]! ^= FLAG.goalCoarse
    this.#attend(slot)
  }

  #owe(slot: number): void {
    const flags = this.#flags[slot]!
    if ((flags & FLAG.status) !== STATUS.owed) this.#owed++
    this.#flags[slot] = (flags & ~(FLAG.status | FLAG.checkDue)) | STATUS.owed
    this.#attend(slot)
  }

  #settle(slot: number, status: number): void {
    const flags = this.#flags[slot]!
    if ((flags & FLAG.status) === STATUS.owed) this.#owed--
    this.#flags[slot] = (flags & ~FLAG.status) | status
  }

  #doubtAll(): void {
    for (let slot = 0; slot < this.#slotsUsed; slot++) if (this.#statusOf(slot) !== STATUS.free) this.#owe(slot)
    this.#again.clear()
  }

  /** Slots with marks, of this tick or, when the last packet went before it, of the one before too; answers this tick's marks. */
  #findMarked(tick: number): number {
    const { marks } = this.#stream
    const keys = this.#keys
    const used = this.#slotsUsed
    const { words } = marked
    const now = MARK.record | MARK.watts | MARK.check
    const mask = tick - this.#tick === 1 ? now | MARK.pressing : now | MARK.pressing | (now << 4)
    let all = 0
    // Without a branch: which slots have marks is as good as random, and a branch guessed wrong costs more than ten slots.
    for (let word = 0, slot = 0; slot < used; word++) {
      const end = Math.min(slot + 32, used)
      let bits = 0
      for (; slot < end; slot++) {
        const mark = marks[keys[slot]!]! & mask
        bits |= (-mark >>> 31) << slot
        all |= mark
      }
      words[word] = bits
    }
    if ((all & CHECKS) !== 0) this.#remindChecks(mask & CHECKS)
    marked.viewer = this
    marked.tick = tick
    return all
  }

  /** Whose turn it is to be checked, among the slots with marks. */
  #remindChecks(mask: number): void {
    const { marks } = this.#stream
    for (let word = 0; word < (this.#slotsUsed + 31) >>> 5; word++) {
      for (let bits = marked.words[word]!; bits !== 0; bits &= bits - 1) {
        const slot = (word << 5) + 31 - Math.clz32(bits & -bits)
        if ((marks[this.#keys[slot]!]! & mask) !== 0) this.#remindCheck(slot)
      }
    }
  }

  /** What was lost, oldest first. */
  #planAgain(tick: number): void {
    const again = this.#again
    const count = again.take(tick)
    for (let i = 0; i < count; i++) {
      const one = again.at(i)
      const slot = slotOfRetold(one)
      if (generationOfRetold(one) !== this.#generationOf(slot) || this.#statusOf(slot) !== STATUS.ready) continue
      const at = tickOfRetold(one, tick)
      // In a second packet of one tick the news of this tick is told beside, to whoever stands on something.
      if (at <= this.#words[slot * SLOT_WORDS + BASE_TICK]! || at === tick) continue
      const length = this.#stream.lengthOf(rowOfKey(this.#keys[slot]!), this.#tierOf(slot), at)
      if (tick - at > RETELL_TICKS || length === WHOLE_DUE) this.#owe(slot)
      else if (length > 0) plan.add(at, slot, PLAN.change, length, againOfRetold(one))
    }
  }

  /** The packet before this one went in the last tick or the one before it: marks tell where to look. */
  #planMarked(tick: number, before: number): void {
    if (marked.viewer !== this || marked.tick !== tick) this.#findMarked(tick)
    const words = (this.#slotsUsed + 31) >>> 5
    if (tick - before === 2) {
      for (let word = 0; word < words; word++) {
        for (let bits = marked.words[word]!; bits !== 0; bits &= bits - 1)
          this.#planBefore((word << 5) + 31 - Math.clz32(bits & -bits), tick - 1)
      }
    }
    const isJoining = tick - this.#beganTick < JOIN_TICKS
    for (let word = 0; word < words; word++) {
      const all = isJoining ? -1 : marked.words[word]! | this.#attention[word]!
      for (let bits = all; bits !== 0; bits &= bits - 1) {
        const slot = (word << 5) + 31 - Math.clz32(bits & -bits)
        if (slot < this.#slotsUsed) this.#planNow(slot, tick, before, isJoining)
      }
    }
    marked.viewer = undefined
  }

  /** The first packet, another of the same tick, or one after a pause: every slot is looked at, and the records of all ticks since. */
  #planAll(tick: number, before: number): void {
    const first = before < 0 ? tick : Math.max(before + 1, tick - AGE_MAX)
    for (let at = first; at < tick; at++) for (let slot = 0; slot < this.#slotsUsed; slot++) this.#planBefore(slot, at)
    const isJoining = tick - this.#beganTick < JOIN_TICKS
    for (let slot = 0; slot < this.#slotsUsed; slot++) {
      if (this.#stream.isCheckedSince(rowOfKey(this.#keys[slot]!), before)) this.#remindCheck(slot)
      this.#planNow(slot, tick, before, isJoining)
    }
  }

  /** News of a tick that is over. */
  #planBefore(slot: number, tick: number): void {
    const key = this.#keys[slot]!
    if (key === this.#stream.nobodyKey || this.#statusOf(slot) !== STATUS.ready) return
    const length = this.#stream.lengthOf(rowOfKey(key), this.#tierOf(slot), tick)
    if (length === 0 || tick <= this.#words[slot * SLOT_WORDS + BASE_TICK]!) return
    if (length === WHOLE_DUE) this.#owe(slot)
    else plan.add(tick, slot, PLAN.change, length, 0)
  }

  /** News of the packet's own tick, or whatever is told as things stand. */
  #planNow(slot: number, tick: number, before: number, isJoining: boolean): void {
    const stream = this.#stream
    const key = this.#keys[slot]!
    const status = this.#statusOf(slot)
    if (key === stream.nobodyKey) {
      // A client hears the leave of one tick only after what was told whole in it.
      if (status !== STATUS.owed) this.#rest(slot)
      else if (tick > before) plan.add(tick, slot, PLAN.leave, 6, 0)
      return
    }
    const row = rowOfKey(key)
    if (status === STATUS.ready) {
      const tier = this.#tierOf(slot)
      const length = stream.lengthOf(row, tier, tick)
      if (length === WHOLE_DUE) this.#owe(slot)
      else if (length !== 0) {
        const isLarge = (stream.marks[key]! & MARK.pressing) !== 0
        return plan.add(tick, slot, PLAN.change, length, isLarge ? timesAgain(stream.newsOf(row, tier)) : 0)
      } else if (this.#planQuiet(slot, row, tick, before)) return
    }
    const isAgain = isJoining && (this.#isRepeating || this.#words[slot * SLOT_WORDS + BASE_TICK]! < tick)
    if (this.#statusOf(slot) === STATUS.owed || isAgain)
      plan.add(tick, slot, PLAN.whole, stream.wholeLengthOf(row, this.#goalOf(slot)), 0)
    else this.#rest(slot)
  }

  /** A rider without news: watts, a change of tier, or a check. False: there is no way across, the rider is owed the whole. */
  #planQuiet(slot: number, row: number, tick: number, before: number): boolean {
    const flags = this.#flags[slot]!
    if ((flags & FLAG.near) !== 0) {
      const wattsTick = this.#stream.wattsTickOf(row)
      if (wattsTick > before || ((flags & FLAG.wattsOwed) !== 0 && wattsTick >= 0)) {
        plan.add(tick, slot, PLAN.watts, this.#stream.wattsLengthOf(row), 0)
        return true
      }
    }
    // A second packet of one tick brings no change that begins in it: what is told whole stands above it.
    if (tick === before) return true
    const isCrossing = this.#goalOf(slot) !== this.#tierOf(slot)
    this.#flags[slot] = flags & ~FLAG.wattsOwed
    if (!isCrossing && (flags & FLAG.checkDue) === 0) {
      this.#rest(slot)
      return true
    }
    const isUnderWay = ((this.#judged | 0) - this.#words[slot * SLOT_WORDS + NUMBER]!) | 0
    if (isUnderWay <= 0 || plan.has(slot)) return true
    if (!isCrossing) {
      plan.add(tick, slot, PLAN.check, CHECK_RECORD_BITS, 0)
      return true
    }
    const transfer = this.#stream.transferOf(row, this.#goalOf(slot))
    if (transfer === undefined) {
      this.#owe(slot)
      return false
    }
    transferWriter.reset()
    writeRecord(transferWriter, transfer)
    plan.add(tick, slot, PLAN.transfer, transferWriter.bitLength, 0)
    return true
  }

  /** Who was told whole a moment ago needs no check yet. */
  #remindCheck(slot: number): void {
    if (this.#statusOf(slot) !== STATUS.ready) return
    if (this.#stream.tick - this.#words[slot * SLOT_WORDS + BASE_TICK]! < CHECK_REST_TICKS) return
    this.#flags[slot]! |= FLAG.checkDue
    this.#attend(slot)
  }

  #priority(i: number, tick: number): number {
    const slot = slotOfItem(plan.item[i]!)
    const key = this.#keys[slot]!
    const flags = this.#flags[slot]!
    const weight = (flags & FLAG.near) !== 0 ? 3 : (flags & FLAG.goalCoarse) === 0 ? 2 : 1
    switch (whatOfItem(plan.item[i]!)) {
      case PLAN.leave:
        return 100
      case PLAN.change: {
        const isLarge = (this.#stream.newsOf(rowOfKey(key), this.#tierOf(slot)) & NEWS.large) !== 0
        return weight * (isLarge ? 16 : 8) + (tick - plan.tick[i]!)
      }
      case PLAN.whole:
        // Of a view that does not fit into one packet each tells another part.
        return weight + 4 * (tick - this.#words[slot * SLOT_WORDS + BASE_TICK]!) + this.#packetsSince(slot)
      default:
        return weight
    }
  }

  /** How many packets went since one had news of this slot; a few say as much as many. */
  #packetsSince(slot: number): number {
    return Math.min(8, Math.max(0, ((this.#newestNumber | 0) - this.#words[slot * SLOT_WORDS + NUMBER]!) | 0))
  }

  /** It did not fit. Who is told something else than changes wants attention until it is told. */
  #postpone(i: number): void {
    const item = plan.item[i]!
    const slot = slotOfItem(item)
    const what = whatOfItem(item)
    if (what === PLAN.change) this.#again.add(plan.tick[i]!, slot, this.#generationOf(slot), againOfItem(item))
    else this.#attend(slot)
    if (what === PLAN.watts) this.#flags[slot]! |= FLAG.wattsOwed
  }

  #compose(w: BitWriter, number: number, tick: number): void {
    const { count } = plan
    for (let i = 0; i < count;) {
      const at = plan.tick[i]!
      let end = i + 1
      while (end < count && plan.tick[end] === at) end++
      writeGolomb(w, tick - at, AGE_K)
      writeGolomb(w, end - i - 1, COUNT_K)
      let before = -1
      for (; i < end; i++) {
        const item = plan.item[i]!
        const slot = slotOfItem(item)
        const gap = GAP_CODES[slot - before - 1]!
        before = slot
        if (whatOfItem(item) === PLAN.change) this.#tellChange(w, gap, number, item, at, tick)
        else {
          w.bits(gap & GAP_MASK, gap >>> GAP_SHIFT)
          this.#tell(w, number, slot, whatOfItem(item), tick)
        }
      }
      if (tick > at) w.flag(end < count)
    }
  }

  #tellChange(w: BitWriter, gap: number, number: number, item: number, at: number, tick: number): void {
    const slot = slotOfItem(item)
    const again = againOfItem(item)
    const flags = this.#flags[slot]!
    const tier = (flags & FLAG.tierCoarse) === 0 ? TIER.fine : TIER.coarse
    const generation = flags >>> GENERATION_SHIFT
    const row = rowOfKey(this.#keys[slot]!)
    const bits = (gap >>> GAP_SHIFT) + bitsOfItem(item)
    // Most are short: with their gap a word.
    if (bits <= 32) w.bits((gap & GAP_MASK) | (this.#stream.wordOf(row, tier, at) << (gap >>> GAP_SHIFT)), bits)
    else {
      w.bits(gap & GAP_MASK, gap >>> GAP_SHIFT)
      this.#stream.copy(row, tier, at, w)
    }
    if (again > 0) this.#again.add(at, slot, generation, again - 1)
    this.#words[slot * SLOT_WORDS + NUMBER] = number | 0
    this.#sent.tell(slot, generation, tick - at, SENT.change)
  }

  #tell(w: BitWriter, number: number, slot: number, what: number, tick: number): void {
    const stream = this.#stream
    const row = rowOfKey(this.#keys[slot]!)
    switch (what) {
      case PLAN.watts:
        stream.copyWatts(row, w)
        this.#flags[slot]! &= ~FLAG.wattsOwed
        this.#sent.tell(slot, this.#generationOf(slot), 0, SENT.watts)
        return
      case PLAN.check:
        writeRecord(w, { kind: 'check', check: stream.checkOf(row, this.#tierOf(slot)) })
        this.#flags[slot]! &= ~FLAG.checkDue
        this.#rest(slot)
        this.#sent.tell(slot, this.#generationOf(slot), 0, SENT.check)
        return
      default:
        this.#tellBase(w, slot, row, what, number, tick)
    }
  }

  /** Whole, across to the other tier, or gone. */
  #tellBase(w: BitWriter, slot: number, row: number, what: number, number: number, tick: number): void {
    const stream = this.#stream
    if (what === PLAN.leave) writeRecord(w, { kind: 'leave' })
    else {
      const goal = this.#goalOf(slot)
      if (what === PLAN.whole) stream.copyWhole(row, goal, w)
      else writeRecord(w, stream.transferOf(row, goal)!)
      // Only who has just come is told the same twice, before an answer; the answer to either will do.
      if (this.#statusOf(slot) !== STATUS.told || goal !== this.#tierOf(slot)) this.#tellAnew(slot)
      if (goal !== this.#tierOf(slot)) {
        stream.watch(row, 1 - goal, -1)
        this.#flags[slot]! ^= FLAG.tierCoarse
        this.#setKey(slot, row)
      }
      if ((this.#flags[slot]! & FLAG.near) !== 0) this.#flags[slot]! |= FLAG.wattsOwed
    }
    this.#settle(slot, STATUS.told)
    this.#flags[slot]! &= ~FLAG.checkDue
    this.#rest(slot)
    this.#words[slot * SLOT_WORDS + NUMBER] = number | 0
    this.#words[slot * SLOT_WORDS + BASE_TICK] = tick
    this.#sent.tell(slot, this.#generationOf(slot), 0, SENT.base)
  }

  /** Numbers between the last packet and this one carried no riders. */
  #skipTo(number: number): void {
    for (let skipped = this.#newestNumber + 1; skipped < number; skipped++) this.#sent.forget(skipped)
    this.#newestNumber = number
  }

  #judge(number: number, isUsed: boolean): void {
    const sent = this.#sent
    // What was used is as it should be, but for riders who wait to be known.
    if (!isUsed || sent.hasBase(number)) {
      const count = sent.countOf(number)
      for (let i = 0; i < count; i++) this.#judgeNews(number, sent.newsOf(number, i), isUsed)
    }
    sent.forget(number)
  }

  #judgeNews(number: number, news: number, isUsed: boolean): void {
    const slot = slotIn(news)
    if (generationIn(news) !== this.#generationOf(slot)) return
    const at = this.#sent.tickOf(number) - ageIn(news)
    switch (classIn(news)) {
      case SENT.base:
        this.#judgeBase(slot, number, at, isUsed)
        break
      case SENT.change:
        if (isUsed || this.#statusOf(slot) !== STATUS.ready) break
        if (at > this.#words[slot * SLOT_WORDS + BASE_TICK]!)
          this.#again.add(at, slot, this.#generationOf(slot), RETELL_AGAIN)
        break
      case SENT.watts:
        if (isUsed) break
        this.#flags[slot]! |= FLAG.wattsOwed
        this.#attend(slot)
        break
      case SENT.check:
        if (!isUsed) this.#remindCheck(slot)
    }
  }

  #judgeBase(slot: number, number: number, at: number, isUsed: boolean): void {
    if (this.#statusOf(slot) !== STATUS.told) return
    if (!isUsed) {
      if (this.#words[slot * SLOT_WORDS + NUMBER] === (number | 0)) this.#owe(slot)
      return
    }
    const key = this.#keys[slot]!
    if (key === this.#stream.nobodyKey) return this.#settle(slot, STATUS.free)
    this.#settle(slot, STATUS.ready)
    this.#attend(slot)
    this.#words[slot * SLOT_WORDS + BASE_TICK] = at
    // What happened since is told now, with its own ticks; what was so long ago is not remembered.
    if (this.#stream.tick - at > AGE_MAX) return this.#owe(slot)
    const tier = this.#tierOf(slot)
    for (let tick = at + 1; tick <= this.#tick; tick++) {
      if (this.#stream.lengthOf(rowOfKey(key), tier, tick) !== 0)
        this.#again.add(tick, slot, this.#generationOf(slot), 0)
    }
  }

  /** What falls out of the history without an answer is lost. */
  #judgeBefore(number: number): void {
    for (; this.#judged < number; this.#judged++) this.#judge(this.#judged, false)
  }
}

function timesAgain(news: number): number {
  return (news & NEWS.huge) !== 0 ? 2 : (news & NEWS.large) !== 0 ? 1 : 0
}
