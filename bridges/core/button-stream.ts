import { BUTTON_NAMES, type ControllerMessage, decodeControllerMessage } from './profiles/open-bike-control.ts'

/**
 * OpenBikeControl over TCP: the same messages as over Bluetooth, one behind the other, and nothing that says how long one
 * is. A chunk mostly is one message; one that is not is cut so that every piece is one: as few pieces as there can be, no
 * button twice in a piece, only buttons that there are, with values that they have. What begins as no message does are further buttons of the one before.
 */
const BUTTON_STATE = 0x01
const STATUS_BYTES = 3
const HELD_MAX = 256

export class ButtonStream {
  #held = new Uint8Array(0)

  push(chunk: Uint8Array): readonly ControllerMessage[] {
    const bytes = joined(this.#held, chunk)
    this.#held = new Uint8Array(0)
    const messages: ControllerMessage[] = []
    let at = 0
    while (at < bytes.length) {
      const length = lengthAt(bytes, at)
      if (length === undefined) {
        const rest = bytes.slice(at)
        // The rest of it may be on its way; what never becomes a message is let go.
        if (rest.length <= HELD_MAX) this.#held = rest
        return messages
      }
      const isPairs = bytes[at] === BUTTON_STATE || !isHead(bytes[at]!)
      const piece = isHead(bytes[at]!) ? bytes.subarray(at, at + length) : prefixed(bytes.subarray(at, at + length))
      const got = decodeControllerMessage(piece)
      if (got.ok) messages.push(got.value)
      else if (!isPairs) at = bytes.length
      at += length
    }
    return messages
  }

  /** A new connection begins anew. */
  reset(): void {
    this.#held = new Uint8Array(0)
  }
}

/** 1 buttons, 2 status, 3 haptic, 4 who it is. */
const isHead = (byte: number): boolean => byte >= 1 && byte <= 4

/** How long the message that begins here is; undefined: it is not all there. */
function lengthAt(bytes: Uint8Array, at: number): number | undefined {
  const head = bytes[at]!
  const left = bytes.length - at
  if (head === 0x02) return left >= STATUS_BYTES ? STATUS_BYTES : undefined
  if (head === 0x03) return left >= 4 ? 4 : undefined
  if (head === 0x04) return left
  const first = head === BUTTON_STATE ? 1 : 0
  if (left < first + 2) return undefined
  return first + pairsAt(bytes, at + first)
}

/** Bytes of the pairs that belong to one message: up to where a new one begins. */
function pairsAt(bytes: Uint8Array, from: number): number {
  const seen = new Set<number>()
  let at = from
  while (at + 1 < bytes.length) {
    const id = bytes[at]!
    if (at > from && (seen.has(id) || !isButton(id, bytes[at + 1]!) || beginsMessage(bytes, at))) break
    seen.add(id)
    at += 2
  }
  return at - from
}

/** Gears, brake, angle, emote, cruise and camera have values; every other button is up or down. */
const VALUED = new Set([0x03, 0x04, 0x05, 0x1a, 0x1b, 0x20, 0x3c, 0x40])
const OWN_FROM = 0x80

const isButton = (id: number, state: number): boolean =>
  id >= OWN_FROM || (BUTTON_NAMES[id] !== undefined && (state <= 1 || VALUED.has(id)))

/** An odd rest that begins with 1 is a message of its own: pairs alone would be even. */
const beginsMessage = (bytes: Uint8Array, at: number): boolean =>
  bytes[at] === BUTTON_STATE && (bytes.length - at) % 2 === 1

function prefixed(pairs: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(pairs.length + 1)
  bytes[0] = BUTTON_STATE
  bytes.set(pairs, 1)
  return bytes
}

function joined(a: Uint8Array, b: Uint8Array): Uint8Array<ArrayBuffer> {
  const both = new Uint8Array(a.length + b.length)
  both.set(a)
  both.set(b, a.length)
  return both
}
