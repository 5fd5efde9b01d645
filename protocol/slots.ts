import type { RiderId, Tick } from './ids.ts'
import { VIEW_RIDERS_MAX } from './limits.ts'
import type { SlotRecord } from './rider-block.ts'
import type { RiderRecord } from './rider-stream.ts'

/** The viewer's slot table: which rider a slot stands for, as the absolute records said. */
export class SlotTable {
  readonly #riderId = new Uint32Array(VIEW_RIDERS_MAX)
  readonly #slotOf = new Map<RiderId, number>()
  /** Records of slots nobody was announced in; the server hears of it by our missing acks. */
  unknownSlots = 0

  /**
   * Turns the records of one packet into news, oldest tick first. Records no younger than `knownTick`, the tick of the
   * packet used before, are repeats of what is already known.
   */
  resolve(records: readonly SlotRecord[], packetTick: number, knownTick: number): readonly RiderRecord[] {
    const news: RiderRecord[] = []
    let isSorted = true
    for (const { slot, age, body } of records) {
      const tick = (packetTick - age) as Tick
      // A newcomer is told whom there is to see in several packets of one tick.
      if (tick < knownTick || (tick === knownTick && body.kind !== 'absolute')) continue
      if (news.length > 0 && news.at(-1)!.tick > tick) isSorted = false
      if (body.kind === 'absolute') {
        const before = this.#riderId[slot]! as RiderId
        if (before !== 0 && before !== body.riderId) {
          this.#slotOf.delete(before)
          news.push({ kind: 'leave', tick, riderId: before })
        }
        // A rider has one slot: the one last told of.
        const elsewhere = this.#slotOf.get(body.riderId)
        if (elsewhere !== undefined && elsewhere !== slot) this.#riderId[elsewhere] = 0
        this.#riderId[slot] = body.riderId
        this.#slotOf.set(body.riderId, slot)
        news.push({ kind: 'absolute', tick, riderId: body.riderId, state: body.state })
        continue
      }
      const riderId = this.#riderId[slot]! as RiderId
      if (riderId === 0) {
        if (body.kind !== 'leave') this.unknownSlots++
        continue
      }
      if (body.kind === 'leave') {
        this.#riderId[slot] = 0
        this.#slotOf.delete(riderId)
      }
      news.push({ ...body, tick, riderId })
    }
    return isSorted ? news : news.toSorted((a, b) => a.tick - b.tick)
  }
}
