import { decoded, type Decoded, type DecodeError, refused } from './decoded.ts'
import type { RiderId } from './ids.ts'
import { type InputSample, readInput, writeInput } from './input.ts'
import { type OwnBlock, readOwn, writeOwn } from './own.ts'
import { BitReader } from './reader.ts'
import { readRiderBlock, RIDER_ID_BITS, type SlotRecord } from './rider-block.ts'
import type { BitWriter } from './writer.ts'

/** Why a session ended; the wire sends the index. */
const CLOSE_REASONS = ['left', 'timed-out', 'refused', 'replaced', 'room-closed', 'rider-gone'] as const
export type CloseReason = (typeof CLOSE_REASONS)[number]

/** Blocks of an inner packet, one bit each, in this order. Bits not named are zero and refused otherwise. */
const UP = { ack: 1, clock: 2, input: 4, bye: 8, extension: 32 } as const
const DOWN = { welcome: 1, bye: 2, clock: 4, own: 8, riders: 16, extension: 32 } as const

export interface UpPacket {
  readonly ack: { readonly newestLow: number; readonly bits: number } | undefined
  /** Client's clock, low 16 bits of ms; comes back in `echo`. */
  readonly clockMs: number | undefined
  readonly input: readonly InputSample[] | undefined
  readonly isBye: boolean
}

export interface Echo {
  readonly clockMs: number
  /** How long the server held it, ms, at most HELD_MAX_MS. */
  readonly heldMs: number
}
const HELD_MAX_MS = 0xfff

export interface Welcome {
  readonly tick: number
  readonly riderId: RiderId
}

export interface DownPacket {
  readonly tickLow: number
  readonly welcome: Welcome | undefined
  readonly bye: CloseReason | undefined
  readonly echo: Echo | undefined
  readonly own: OwnBlock | undefined
  readonly riders: readonly SlotRecord[] | undefined
}

export function writeUpPacket(w: BitWriter, packet: UpPacket): void {
  const { ack, clockMs, input, isBye } = packet
  w.bits((ack ? UP.ack : 0) | (clockMs === undefined ? 0 : UP.clock) | (input ? UP.input : 0) | (isBye ? UP.bye : 0), 8)
  if (ack !== undefined) {
    w.bits(ack.newestLow, 16)
    w.bits(ack.bits, 32)
  }
  if (clockMs !== undefined) w.bits(clockMs, 16)
  if (input !== undefined) writeInput(w, input)
}

export function decodeUpPacket(bytes: Uint8Array): Decoded<UpPacket> {
  const r = new BitReader(bytes)
  const blocks = r.bits(8)
  if ((blocks & ~(UP.ack | UP.clock | UP.input | UP.bye | UP.extension)) !== 0) return refused('wrong-kind')
  const ack = blocks & UP.ack ? { newestLow: r.bits(16), bits: r.bits(32) } : undefined
  const clockMs = blocks & UP.clock ? r.bits(16) : undefined
  const input = blocks & UP.input ? readInput(r) : undefined
  if (input !== undefined && !input.ok) return input
  const fault = finishPacket(r, (blocks & UP.extension) !== 0)
  if (fault !== undefined) return refused(fault)
  return decoded({ ack, clockMs, input: input?.value, isBye: (blocks & UP.bye) !== 0 })
}

export interface DownParts {
  readonly tick: number
  readonly welcome?: Welcome | undefined
  readonly bye?: CloseReason | undefined
  readonly echo?: Echo | undefined
  readonly own?: OwnBlock | undefined
  /** Writes the rider block. */
  readonly riders?: ((w: BitWriter) => void) | undefined
}

export function writeDownPacket(w: BitWriter, parts: DownParts): void {
  const { tick, welcome, bye, echo, own, riders } = parts
  w.bits(
    (welcome ? DOWN.welcome : 0) |
      (bye ? DOWN.bye : 0) |
      (echo ? DOWN.clock : 0) |
      (own ? DOWN.own : 0) |
      (riders ? DOWN.riders : 0),
    8,
  )
  w.bits(tick % 0x10000, 16)
  if (welcome !== undefined) {
    w.bits(welcome.tick, 32)
    w.bits(welcome.riderId, RIDER_ID_BITS)
  }
  if (bye !== undefined) w.bits(CLOSE_REASONS.indexOf(bye), 4)
  if (echo !== undefined) {
    w.bits(echo.clockMs, 16)
    w.bits(Math.min(echo.heldMs, HELD_MAX_MS), 12)
  }
  if (own !== undefined) writeOwn(w, own)
  riders?.(w)
}

export function decodeDownPacket(bytes: Uint8Array): Decoded<DownPacket> {
  const r = new BitReader(bytes)
  const blocks = r.bits(8)
  if ((blocks & ~(DOWN.welcome | DOWN.bye | DOWN.clock | DOWN.own | DOWN.riders | DOWN.extension)) !== 0)
    return refused('wrong-kind')
  const tickLow = r.bits(16)
  const welcome = blocks & DOWN.welcome ? { tick: r.bits(32), riderId: r.bits(RIDER_ID_BITS) as RiderId } : undefined
  const reason = blocks & DOWN.bye ? r.bits(4) : 0
  if (reason >= CLOSE_REASONS.length) return refused('out-of-range')
  const echo = blocks & DOWN.clock ? { clockMs: r.bits(16), heldMs: r.bits(12) } : undefined
  const own = blocks & DOWN.own ? readOwn(r) : undefined
  if (own !== undefined && !own.ok) return own
  const riders = blocks & DOWN.riders ? readRiderBlock(r) : undefined
  if (riders !== undefined && !riders.ok) return riders
  const fault = finishPacket(r, (blocks & DOWN.extension) !== 0)
  if (fault !== undefined) return refused(fault)
  return decoded({
    tickLow,
    welcome,
    bye: blocks & DOWN.bye ? CLOSE_REASONS[reason]! : undefined,
    echo,
    own: own?.value,
    riders: riders?.value,
  })
}

/**
 * Reads what follows the known blocks: nothing, or extensions to the end, each a kind, a length and so many bytes. A
 * kind we do not know is skipped by its length; today we know none.
 */
function finishPacket(r: BitReader, hasExtensions: boolean): DecodeError | undefined {
  if (!hasExtensions) return r.finished ? undefined : 'truncated-or-trailing'
  r.align()
  if (r.overrun || r.bitsLeft === 0) return 'truncated-or-trailing'
  while (r.bitsLeft > 0) {
    r.bits(8)
    r.bytes(r.bits(8))
    if (r.overrun) return 'truncated-or-trailing'
  }
  return undefined
}
