import type { InputSample } from '#protocol/input'
import { isNewer } from '#protocol/ids'
import { INBOX_SAMPLES_MAX } from '#protocol/limits'

/**
 * Where samples wait for the tick: the network fills it, the tick empties it. Per rider in order of sequence, so that
 * packets which overtook each other inside one tick do no harm; bounded, the oldest go first.
 */
export class Inbox {
  /** Samples pushed out because a rider's box was full. */
  overflows = 0
  readonly #boxes: InputSample[][]
  #waiting = 0

  constructor(rows: number) {
    this.#boxes = Array.from({ length: rows }, () => [])
  }

  post(row: number, sample: InputSample): 'kept' | 'duplicate' {
    const box = this.#boxes[row]!
    let at = box.length
    while (at > 0 && isNewer(box[at - 1]!.sequence, sample.sequence)) at--
    if (at > 0 && box[at - 1]!.sequence === sample.sequence) return 'duplicate'
    box.splice(at, 0, sample)
    this.#waiting++
    if (box.length > INBOX_SAMPLES_MAX) {
      box.shift()
      this.#waiting--
      this.overflows++
    }
    return 'kept'
  }

  /** Hands over everything that waits, rows ascending, and is empty afterwards. */
  empty(take: (row: number, sample: InputSample) => void): void {
    if (this.#waiting === 0) return
    for (let row = 0; row < this.#boxes.length && this.#waiting > 0; row++) {
      const box = this.#boxes[row]!
      if (box.length === 0) continue
      this.#waiting -= box.length
      for (const sample of box) take(row, sample)
      box.length = 0
    }
  }

  clear(row: number): void {
    const box = this.#boxes[row]!
    this.#waiting -= box.length
    box.length = 0
  }
}
