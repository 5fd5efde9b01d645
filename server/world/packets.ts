import { isAcked } from '#protocol/ack-window'
import { REFRESH_TICKS_MAX, VIEW_RIDERS } from '#protocol/limits'
import { SLOT_COUNT_BITS, writeAge, writeRecord } from '#protocol/rider-block'
import type { BitWriter } from '#protocol/writer'
import type { RiderStream } from './stream.ts'

/** Packets whose fate we remember: 3.2 s of them. Older ones count as lost. */
const HISTORY = 64
/** An absolute record with its slot's bookkeeping, bits. */
const WHOLE_BITS = 154
const LEAVE_BITS = 4

const PLAN = { none: 0, leave: 1, fresh: 2, whole: 3 } as const

/** What a packet carried, to be judged when its fate is known. */
interface Sent {
  number: number
  /** Slots with news in it: index, generation of the slot, whether it was told whole. */
  readonly slots: number[]
  readonly generations: number[]
  readonly wholes: boolean[]
  /** Whether the next packet repeated the news. */
  readonly repeated: boolean[]
}

/**
 * One viewer's slot table and packets. A slot's news is believed to be known when a packet with it was acked; a rider
 * whose news was lost twice, or who is new in the slot, is told whole until that is acked. [D21], [D60]–[D62]
 */
export class Viewer {
  readonly #stream: RiderStream
  readonly #rows = new Int32Array(VIEW_RIDERS).fill(-1)
  readonly #riderIds = new Uint32Array(VIEW_RIDERS)
  /** Rises whenever the slot stands for somebody else. */
  readonly #generations = new Uint32Array(VIEW_RIDERS)
  /** 1: what the client believes of the slot may be wrong; it is told whole (or gone). */
  readonly #isDirty = new Uint8Array(VIEW_RIDERS)
  /** 1: an absolute record (or leave) since then was acked. */
  readonly #isConfirmed = new Uint8Array(VIEW_RIDERS).fill(1)
  /** Packet in which the slot was last told whole. */
  readonly #wholeNumber = new Float64Array(VIEW_RIDERS).fill(-1)
  /** Packet in which the slot was told whole for the first time since it was doubted. */
  readonly #wholeSince = new Float64Array(VIEW_RIDERS)
  /** Told whole just now: once more in the next packet. */
  readonly #isWholeAgain = new Uint8Array(VIEW_RIDERS)
  readonly #plan = new Uint8Array(VIEW_RIDERS)
  readonly #isRepeat = new Uint8Array(VIEW_RIDERS)
  readonly #slotOfRow: Int16Array
  readonly #sent: Sent[]
  #judged = 0
  #tickBefore = -2
  #cursor = 0
  #slotsUsed = 0

  constructor(stream: RiderStream, rowCapacity: number) {
    this.#stream = stream
    this.#slotOfRow = new Int16Array(rowCapacity).fill(-1)
    this.#sent = Array.from({ length: HISTORY }, () => ({
      number: -1,
      slots: [],
      generations: [],
      wholes: [],
      repeated: [],
    }))
  }

  isShown(row: number): boolean {
    return this.#slotOfRow[row]! >= 0
  }

  /** Riders shown, by row. */
  get shown(): number {
    let count = 0
    for (const row of this.#rows) if (row >= 0) count++
    return count
  }

  /** Whom the viewer shall see from now on. */
  show(rows: readonly number[], riderIds: ArrayLike<number>): void {
    const wanted = new Set(rows)
    for (let slot = 0; slot < VIEW_RIDERS; slot++) {
      const row = this.#rows[slot]!
      if (row >= 0 && (!wanted.has(row) || riderIds[row] !== this.#riderIds[slot])) this.#vacate(slot)
    }
    let slot = 0
    for (const row of rows) {
      if (this.isShown(row)) continue
      while (slot < VIEW_RIDERS && this.#rows[slot]! >= 0) slot++
      if (slot === VIEW_RIDERS) return
      this.#rows[slot] = row
      this.#riderIds[slot] = riderIds[row]!
      this.#slotOfRow[row] = slot
      this.#doubt(slot)
      this.#generations[slot]!++
      if (slot >= this.#slotsUsed) this.#slotsUsed = slot + 1
    }
  }

  /** Takes out riders who left the road. */
  prune(riderIds: ArrayLike<number>): void {
    for (let slot = 0; slot < this.#slotsUsed; slot++) {
      const row = this.#rows[slot]!
      if (row >= 0 && riderIds[row] !== this.#riderIds[slot]) this.#vacate(slot)
    }
  }

  /** Writes the rider block of packet `number`; at most `bitsMax` bits. */
  write(w: BitWriter, number: number, bitsMax: number): void {
    const stream = this.#stream
    const isNextTick = stream.tick === this.#tickBefore + 1
    const sent = this.#sent[number % HISTORY]!
    const before = number > 0 ? this.#sent[(number - 1) % HISTORY]! : undefined
    this.#judgeBefore(number - HISTORY + 1)
    sent.number = number
    sent.slots.length = sent.generations.length = sent.wholes.length = sent.repeated.length = 0
    let left = bitsMax - SLOT_COUNT_BITS - this.#slotsUsed
    left = this.#planNews(left)
    if (isNextTick && before !== undefined && before.number === number - 1) left = this.#planRepeats(before, left)
    this.#planRefresh(left)
    this.#compose(w, sent)
    this.#tickBefore = stream.tick
  }

  /** The client used packet `newest`, and those whose bit is set; what lies before and was not used is lost. */
  acked(newest: number, bits: number): void {
    const isUsed = (number: number): boolean => isAcked(number, newest, bits)
    for (let number = this.#judged; number < newest; number++) this.#judge(number, isUsed(number), isUsed(number + 1))
    // The newest is judged now as used; whether its repeat was needed is no question.
    this.#judge(newest, true, true)
    this.#judged = Math.max(this.#judged, newest + 1)
  }

  /** What was sent and not acked went nowhere: the client's address was another, or it slept. */
  loseUnacked(): void {
    let newest = -1
    for (const { number } of this.#sent) newest = Math.max(newest, number)
    this.#judgeBefore(newest + 1)
  }

  /** Somebody is to be told whole (or gone) and did not fit into the last packet. */
  get isWholeWaiting(): boolean {
    for (let slot = 0; slot < this.#slotsUsed; slot++) if (this.#isDirty[slot] === 1) return true
    return false
  }

  #vacate(slot: number): void {
    this.#slotOfRow[this.#rows[slot]!] = -1
    this.#rows[slot] = -1
    this.#riderIds[slot] = 0
    this.#generations[slot]!++
    this.#doubt(slot)
  }

  #doubt(slot: number): void {
    this.#isDirty[slot] = 1
    this.#isConfirmed[slot] = 0
    this.#isWholeAgain[slot] = 0
  }

  /** First what must be said: who is gone, who is to be told whole, who moved away from the prediction. */
  #planNews(bitsLeft: number): number {
    let left = bitsLeft
    const n = this.#slotsUsed
    for (let i = 0; i < n; i++) {
      // A budget that is too small starves nobody: each packet begins at another slot.
      const slot = (this.#cursor + i) % n
      const row = this.#rows[slot]!
      this.#isRepeat[slot] = 0
      this.#plan[slot] = PLAN.none
      const isOwed = this.#isDirty[slot] === 1 || this.#isWholeAgain[slot] === 1
      if (row < 0) {
        if (!isOwed || left < LEAVE_BITS) continue
        this.#plan[slot] = PLAN.leave
        left -= LEAVE_BITS
        continue
      }
      const length = this.#stream.lengthOf(row)
      const isWholeDue = this.#stream.isWholeDue(row)
      if (!isOwed && length === 0 && !isWholeDue) continue
      const isWhole = isOwed || isWholeDue || this.#isConfirmed[slot] === 0
      const bits = isWhole ? WHOLE_BITS : length + 1
      if (left < bits) {
        this.#doubt(slot)
        continue
      }
      this.#plan[slot] = isWhole ? PLAN.whole : PLAN.fresh
      left -= bits
    }
    if (n > 0) this.#cursor = (this.#cursor + 7) % n
    return left
  }

  /** Then, once more, what the packet before said. Riders told whole in this packet need it not. */
  #planRepeats(before: Sent, bitsLeft: number): number {
    let left = bitsLeft
    for (let i = 0; i < before.slots.length; i++) {
      const slot = before.slots[i]!
      if (before.wholes[i] || before.generations[i] !== this.#generations[slot]) continue
      if (this.#plan[slot] === PLAN.whole) continue
      const bits = this.#stream.lengthBeforeOf(this.#rows[slot]!) + 3
      if (left < bits) continue
      this.#isRepeat[slot] = 1
      before.repeated[i] = true
      left -= bits
    }
    return left
  }

  /** Turn by turn everybody is told whole again, so that no mistake lives longer than REFRESH_TICKS_MAX. */
  #planRefresh(bitsLeft: number): void {
    if (bitsLeft < WHOLE_BITS) return
    const turn = this.#stream.tick % REFRESH_TICKS_MAX
    for (let slot = 0; slot < this.#slotsUsed; slot++) {
      if (Math.floor((slot * REFRESH_TICKS_MAX) / VIEW_RIDERS) !== turn) continue
      if (this.#rows[slot]! >= 0 && this.#plan[slot] === PLAN.none) this.#plan[slot] = PLAN.whole
    }
  }

  #compose(w: BitWriter, sent: Sent): void {
    let slotCount = this.#slotsUsed
    while (slotCount > 0 && this.#plan[slotCount - 1] === PLAN.none && this.#isRepeat[slotCount - 1] === 0) slotCount--
    w.bits(slotCount, SLOT_COUNT_BITS)
    for (let slot = 0; slot < slotCount; slot++) {
      const plan = this.#plan[slot]!
      const row = this.#rows[slot]!
      w.flag(plan !== PLAN.none || this.#isRepeat[slot] === 1)
      if (this.#isRepeat[slot] === 1) {
        writeAge(w, 1)
        this.#stream.copyBefore(row, w)
        w.flag(plan !== PLAN.none)
      }
      if (plan === PLAN.none) continue
      writeAge(w, 0)
      if (plan === PLAN.fresh) this.#stream.copy(row, w)
      else this.#tellWhole(w, slot, row, sent.number)
      sent.slots.push(slot)
      sent.generations.push(this.#generations[slot]!)
      sent.wholes.push(plan !== PLAN.fresh)
      sent.repeated.push(false)
    }
  }

  #tellWhole(w: BitWriter, slot: number, row: number, number: number): void {
    if (row < 0) writeRecord(w, { kind: 'leave' })
    else this.#stream.copyWhole(row, w)
    if (this.#isDirty[slot] === 1) this.#wholeSince[slot] = number
    this.#isWholeAgain[slot] = this.#isDirty[slot]!
    this.#isDirty[slot] = 0
    this.#wholeNumber[slot] = number
  }

  #judge(number: number, isUsed: boolean, isNextUsed: boolean): void {
    const sent = this.#sent[number % HISTORY]!
    if (sent.number !== number) return
    for (let i = 0; i < sent.slots.length; i++) {
      const slot = sent.slots[i]!
      if (sent.generations[i] !== this.#generations[slot]) continue
      if (isUsed) {
        if (sent.wholes[i] && this.#isDirty[slot] === 0 && number >= this.#wholeSince[slot]!) {
          this.#isConfirmed[slot] = 1
          this.#isWholeAgain[slot] = 0
        }
      } else if (!(isNextUsed && sent.repeated[i]) && this.#wholeNumber[slot]! <= number) this.#doubt(slot)
    }
    sent.number = -1
  }

  /** What falls out of the history without an answer is lost. */
  #judgeBefore(number: number): void {
    for (; this.#judged < number; this.#judged++) this.#judge(this.#judged, false, false)
  }
}
