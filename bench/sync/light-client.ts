import { AckHistory, expandNumber } from '#protocol/ack-window'
import { writeUpPacket } from '#protocol/control'
import { encodeTokenMessage, writeShortHeader } from '#protocol/datagram'
import type { Sequence } from '#protocol/ids'
import type { InputSample } from '#protocol/input'
import { INPUT_SAMPLES_MAX } from '#protocol/limits'
import { encodeWish } from '#protocol/rider-wish'
import { BitWriter } from '#protocol/writer'

/** Where the low bits of a packet's number stand in a DOWN. */
const NUMBER_AT = 1
/** An UP at least every so many ticks; the clock in each of so many. */
const UP_TICKS = 2
const CLOCK_UPS = 3
/** UPs that say what is wished for. */
const WISH_UPS = 3

const writer = new BitWriter()

/**
 * What the far end of a channel says, and hardly anything more: acks of every packet's number, samples, the clock. A client
 * that reads all it is told keeps a table of everybody it sees; in the server's own process hundreds of those would be
 * in its caches when it tells the next tick, which on a real machine they are not.
 */
export class LightClient {
  readonly #send: (bytes: Uint8Array) => void
  readonly #inView: number
  readonly #used = new AckHistory()
  #samples: readonly InputSample[] = []
  #number = 0
  #isWelcome = false

  constructor(options: { readonly token: Uint8Array; readonly inView: number; send(bytes: Uint8Array): void }) {
    this.#send = options.send
    this.#inView = options.inView
    this.#send(encodeTokenMessage(options.token))
  }

  receive(datagram: Uint8Array): void {
    this.#isWelcome = true
    const low = datagram[NUMBER_AT]! | (datagram[NUMBER_AT + 1]! << 8)
    this.#used.mark(expandNumber(low, this.#used.newest + 1))
  }

  /** Once a tick; `sample`: what the trainer said in it. */
  work(tick: number, nowMs: number, sample?: Omit<InputSample, 'sequence' | 'atMs'>): void {
    if (!this.#isWelcome || (sample === undefined && tick % UP_TICKS !== 0)) return
    if (sample !== undefined) {
      const sequence = (((this.#samples[0]?.sequence ?? 0) + 1) & 0xffff) as Sequence
      this.#samples = [{ ...sample, sequence, atMs: nowMs }, ...this.#samples].slice(0, INPUT_SAMPLES_MAX)
    }
    const number = this.#number++
    writer.reset()
    writeShortHeader(writer, 'upChannel', number, 0)
    writeUpPacket(writer, {
      ack: { newestLow: this.#used.newest % 0x10000, bits: this.#used.bits },
      clockMs: number % CLOCK_UPS === 0 ? nowMs % 0x10000 : undefined,
      input: this.#samples.length > 0 ? this.#samples : undefined,
      wishes:
        number < WISH_UPS
          ? [{ number: 1 as Sequence, ...encodeWish({ kind: 'view', riders: this.#inView }) }]
          : undefined,
      isBye: false,
    })
    writer.align()
    this.#send(writer.finish())
  }
}
