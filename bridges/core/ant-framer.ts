import { type AntFrame, copyOf, SYNC, xorOf } from './ant-frame.ts'
import { isLengthOfKind } from './ant-message.ts'
import { BROADCAST, isPage, isPageLength, PAGE_END } from './ant-page.ts'

/** Channel, eight bytes, and the longest tail that is known. */
const PAGE_LENGTH_MAX = 20

/**
 * Frames out of a stream that may split, join or damage them. One with a wrong checksum is dropped, never passed on. XOR
 * alone lets one frame in 256 through whose length was damaged, so a frame must also be one somebody knows, as long as its
 * kind is.
 */
export class AntFramer {
  readonly #ids: ReadonlySet<number> | undefined
  /** What has come and was not read: `#length` bytes, kept from push to push so that a read costs no memory. */
  #bytes = new Uint8Array(256)
  #length = 0
  garbageBytes = 0
  badChecksums = 0
  /** The stick was told to name senders: a broadcast page without one is a longer page whose length was damaged. */
  areSendersNamed = false

  /** Only these ids, if said: what an end never says is a piece of something else. */
  constructor(ids?: ReadonlySet<number>) {
    this.#ids = ids
  }

  push(chunk: Uint8Array): AntFrame[] {
    this.#append(chunk)
    const bytes = this.#bytes
    const length = this.#length
    const frames: AntFrame[] = []
    let at = 0
    while (at < length) {
      // A frame's kind is its third byte; without it nothing is known yet.
      if (bytes[at] === SYNC && at + 2 >= length) break
      const contentBytes = bytes[at + 1]!
      if (bytes[at] !== SYNC || !this.#isKnown(bytes[at + 2]!, contentBytes)) {
        this.garbageBytes++
        at++
        continue
      }
      const end = at + 4 + contentBytes
      if (end > length) break
      if (xorOf(bytes, at, end) !== 0) {
        // The sync may have been data: look again from the next byte, so that the frame behind it is not lost.
        this.badChecksums++
        at++
        continue
      }
      const id = bytes[at + 2]!
      const isWhole = isPageLength(bytes, at + 3, contentBytes) && !this.#lacksSender(id, contentBytes)
      if (isPage(id) && (!isWhole || isOtherLength(bytes, at, end, length))) {
        this.garbageBytes++
        at++
        continue
      }
      frames.push({ id, content: copyOf(bytes, at + 3, contentBytes) })
      at = end
    }
    if (at > 0) bytes.copyWithin(0, at, length)
    this.#length = length - at
    return frames
  }

  /** Some kind has this id and may be this long. */
  #isKnown(id: number, length: number): boolean {
    return isLengthOfKind(id, length) && (this.#ids?.has(id) ?? true)
  }

  /** Acknowledged pages come from remotes, which have no sender to be named. */
  #lacksSender(id: number, length: number): boolean {
    return this.areSendersNamed && id === BROADCAST && length === PAGE_END
  }

  /** What came before is of another connection. */
  reset(): void {
    this.#length = 0
  }

  #append(chunk: Uint8Array): void {
    const length = this.#length + chunk.length
    if (length > this.#bytes.length) {
      const bigger = new Uint8Array(length * 2)
      bigger.set(this.#bytes.subarray(0, this.#length))
      this.#bytes = bigger
    }
    this.#bytes.set(chunk, this.#length)
    this.#length = length
  }
}

/**
 * A page whose length was damaged may still add up to zero. Where no frame begins behind it, and with another length one
 * does and everything adds up too, it was that long.
 */
function isOtherLength(bytes: Uint8Array, at: number, end: number, length: number): boolean {
  if (end === length || bytes[end] === SYNC) return false
  const given = bytes[at + 1]!
  for (let other = PAGE_END; other <= PAGE_LENGTH_MAX; other++) {
    const otherEnd = at + 4 + other
    if (other === given || otherEnd > length || (otherEnd < length && bytes[otherEnd] !== SYNC)) continue
    if (isPageLength(bytes, at + 3, other) && (xorOf(bytes, at, otherEnd) ^ given ^ other) === 0) return true
  }
  return false
}
