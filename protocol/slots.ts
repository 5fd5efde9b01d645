import type { RiderId, Tick } from './ids.ts'
import { SLOTS } from './limits.ts'
import { AGE_MAX, type SlotRecord } from './rider-block.ts'
import type { Change, RiderRecord } from './rider-stream.ts'

/**
 * The viewer's slot table: which rider a slot stands for, as the absolute records said, and which news of each was heard
 * already: news may come again (told twice against loss) and late (told again after it was lost), and counts once.
 */
export class SlotTable {
  readonly #riderId = new Uint32Array(SLOTS)
  /** Tick in which the slot began to stand for its rider, or was told whole again. */
  readonly #wholeTick = new Float64Array(SLOTS)
  /** Newest tick of which the slot had news; the bits of `#heard` count back from it. */
  readonly #newestTick = new Float64Array(SLOTS)
  readonly #heardLow = new Uint32Array(SLOTS)
  readonly #heardHigh = new Uint32Array(SLOTS)
  readonly #slotOf = new Map<RiderId, number>()
  /** Records of slots nobody was announced in. */
  unknownSlots = 0

  slotOf(riderId: RiderId): number | undefined {
    return this.#slotOf.get(riderId)
  }

  /** Turns the records of one packet into news, oldest tick first; what is older than news before it is late. */
  resolve(records: readonly SlotRecord[], packetTick: number): readonly RiderRecord[] {
    const news: RiderRecord[] = []
    for (const { slot, age, body } of records) {
      const tick = (packetTick - age) as Tick
      if (body.kind === 'absolute') {
        this.#begin(slot, body.id, tick, news)
        news.push({ ...body, tick, riderId: body.id })
        continue
      }
      const riderId = this.#riderId[slot]! as RiderId
      if (riderId === 0) {
        if (body.kind !== 'leave') this.unknownSlots++
        continue
      }
      // Told before this rider came into the slot, or before it was told whole: known, or of somebody else.
      if (tick <= this.#wholeTick[slot]!) continue
      if (body.kind === 'leave') {
        this.#riderId[slot] = 0
        this.#slotOf.delete(riderId)
      } else if (body.kind !== 'check' && body.kind !== 'watts' && !this.#isFirst(slot, tick)) continue
      news.push(body.kind === 'change' ? changeOf(body, tick, riderId) : { ...body, tick, riderId })
    }
    return news
  }

  #begin(slot: number, riderId: RiderId, tick: Tick, news: RiderRecord[]): void {
    const before = this.#riderId[slot]! as RiderId
    if (before !== 0 && before !== riderId) {
      this.#slotOf.delete(before)
      news.push({ kind: 'leave', tick, riderId: before })
    }
    // A rider has one slot: the one last told of.
    const elsewhere = this.#slotOf.get(riderId)
    if (elsewhere !== undefined && elsewhere !== slot) this.#riderId[elsewhere] = 0
    this.#riderId[slot] = riderId
    this.#slotOf.set(riderId, slot)
    this.#wholeTick[slot] = this.#newestTick[slot] = tick
    this.#heardLow[slot] = 1
    this.#heardHigh[slot] = 0
  }

  /** Marks the news of a tick as heard; false when it was before, or is too old to know. */
  #isFirst(slot: number, tick: number): boolean {
    const step = tick - this.#newestTick[slot]!
    if (step > 0) {
      this.#newestTick[slot] = tick
      this.#shift(slot, step)
      this.#heardLow[slot]! |= 1
      return true
    }
    const back = -step
    if (back > AGE_MAX) return false
    const bit = 1 << (back & 31)
    const words = back < 32 ? this.#heardLow : this.#heardHigh
    if ((words[slot]! & bit) !== 0) return false
    words[slot]! |= bit
    return true
  }

  #shift(slot: number, step: number): void {
    const low = this.#heardLow[slot]!
    const high = this.#heardHigh[slot]!
    if (step >= 64) this.#heardLow[slot] = this.#heardHigh[slot] = 0
    else if (step >= 32) {
      this.#heardHigh[slot] = low << (step - 32)
      this.#heardLow[slot] = 0
    } else {
      this.#heardHigh[slot] = (high << step) | (low >>> (32 - step))
      this.#heardLow[slot] = low << step
    }
  }
}

/** `{ ...change, tick, riderId }` written out: nearly all news is this, and spreading it cost a seventh of a client's time. */
function changeOf(change: Change, tick: Tick, riderId: RiderId): RiderRecord {
  return {
    kind: 'change',
    tick,
    riderId,
    parts: change.parts,
    placeSteps: change.placeSteps,
    speedSteps: change.speedSteps,
    draftSteps: change.draftSteps,
    lateralSteps: change.lateralSteps,
    lateralSpeedSteps: change.lateralSpeedSteps,
    lineSteps: change.lineSteps,
    powerSteps: change.powerSteps,
    cadenceSteps: change.cadenceSteps,
    heartRateSteps: change.heartRateSteps,
    flags: change.flags,
    turn: change.turn,
  }
}
