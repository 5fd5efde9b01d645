import { TICK_HZ } from '#protocol/limits'
import { BitWriter } from '#protocol/writer'
import { Interest } from '#server/world/interest'
import { Viewer } from '#server/world/packets'
import { RiderStream } from '#server/world/stream'
import type { Playback } from './playback.ts'

/** As sessions do it: who is near is looked at four times a second, each viewer in its own tick. */
const LOOK_TICKS = TICK_HZ / 4
/** A datagram's room for riders, bits. */
const BITS_MAX = 9000
/** Acks come back so many ticks later: 100 ms. */
const ACK_TICKS = 2

/**
 * Records, interest and composing for a viewer of each rider, and nothing around it: no session, no header, no own state.
 * Every packet arrives. What a tick costs here is what schema's encode() and encodeView() are held against.
 */
export class BareStream {
  readonly playback: Playback
  readonly #stream: RiderStream
  readonly #interest: Interest
  readonly #viewers: readonly Viewer[]
  readonly #writer = new BitWriter()
  /** By viewer: packets sent, and the newest of each of the last ticks. */
  readonly #numbers: Int32Array
  readonly #newest: readonly Int32Array[]
  /** What it has cost so far, ms: records once for all; looking around; composing for each. */
  readonly spentMs = { records: 0, interest: 0, compose: 0 }
  bits = 0
  packets = 0

  constructor(playback: Playback, inView: number) {
    this.playback = playback
    this.#stream = new RiderStream(playback)
    this.#interest = new Interest(playback)
    const { count } = playback.riders
    this.#viewers = Array.from({ length: count }, () => new Viewer(this.#stream, { viewRiders: inView }))
    this.#numbers = new Int32Array(count)
    this.#newest = Array.from({ length: ACK_TICKS + 1 }, () => new Int32Array(count).fill(-1))
  }

  /** One tick; answers what it cost, ms. */
  tick(): number {
    const { playback, spentMs } = this
    if (!playback.isOver) playback.step()
    const { tick, riders } = playback
    const acked = this.#newest[(tick + 1) % this.#newest.length]!
    const sent = this.#newest[tick % this.#newest.length]!
    for (const [row, viewer] of this.#viewers.entries()) if (acked[row]! >= 0) viewer.acked(acked[row]!, 0xffffffff)
    const beganMs = performance.now()
    this.#stream.step(tick)
    const recordedMs = performance.now()
    this.#interest.update()
    for (const [row, viewer] of this.#viewers.entries()) {
      if (viewer.shown === 0 || (tick + row) % LOOK_TICKS === 0) viewer.look(this.#interest, row, riders.id)
    }
    const lookedMs = performance.now()
    const w = this.#writer
    for (const [row, viewer] of this.#viewers.entries()) {
      sent[row] = this.#numbers[row]! - 1
      if (!viewer.isDue(tick)) continue
      w.reset()
      viewer.write(w, this.#numbers[row]!, BITS_MAX)
      sent[row] = this.#numbers[row]!++
      this.bits += w.bitLength
      this.packets++
    }
    spentMs.records += recordedMs - beganMs
    spentMs.interest += lookedMs - recordedMs
    const composedMs = performance.now()
    spentMs.compose += composedMs - lookedMs
    return composedMs - beganMs
  }
}
