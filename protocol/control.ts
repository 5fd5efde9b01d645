import { decoded, type Decoded, type DecodeError, refused } from './decoded.ts'
import type { RiderId, Sequence } from './ids.ts'
import { type InputSample, readInput, writeInput } from './input.ts'
import type { NetStats } from './net-stats.ts'
import { type OwnBlock, readOwn, writeOwn } from './own.ts'
import { BitReader } from './reader.ts'
import { readRiderBlock, type SlotRecord } from './rider-block.ts'
import { RIDER_ID_BITS } from './rider-record.ts'
import { PART, type RecordBody } from './rider-stream.ts'
import { readWishes, type Wish, writeWishes } from './wishes.ts'
import type { BitWriter } from './writer.ts'

export type { Wish } from './wishes.ts'

/** Why a session ended; the wire sends the index. */
const CLOSE_REASONS = ['left', 'timed-out', 'refused', 'replaced', 'room-closed', 'rider-gone'] as const
export type CloseReason = (typeof CLOSE_REASONS)[number]

/** Blocks of an inner packet, one bit each, in the order of the writers below. Bits not named are refused. */
const UP = { ack: 1, clock: 2, input: 4, bye: 8, wishes: 16, extension: 32, path: 64 } as const
const DOWN = { welcome: 1, bye: 2, clock: 4, own: 8, riders: 16, extension: 32, path: 64, wishAck: 128 } as const
const UP_KNOWN = 0x7f
/** Bytes that prove a path: sent to an address, said again from there. */
export const PATH_BYTES = 8

export interface UpPacket {
  readonly ack: { readonly newestLow: number; readonly bits: number } | undefined
  /** Client's clock, low 16 bits of ms; comes back in `echo`. */
  readonly clockMs: number | undefined
  /** The server's path challenge, said again. */
  readonly path?: Uint8Array | undefined
  readonly input: readonly InputSample[] | undefined
  readonly wishes?: readonly Wish[] | undefined
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
  /** How long ago that tick was when the packet was made, ms, at most AGO_MAX_MS. */
  readonly agoMs: number
}
const AGO_MAX_MS = 0xff
const WELCOME_BITS = 32 + RIDER_ID_BITS + 8
const ECHO_BITS = 28

export interface DownPacket {
  readonly tickLow: number
  readonly welcome: Welcome | undefined
  readonly bye: CloseReason | undefined
  readonly echo: Echo | undefined
  /** To be said again, to show that this path leads to us. */
  readonly path?: Uint8Array | undefined
  /** Number of the newest wish taken up. */
  readonly wishAck?: Sequence | undefined
  readonly own: OwnBlock | undefined
  readonly riders: readonly SlotRecord[] | undefined
}

export function writeUpPacket(w: BitWriter, packet: UpPacket): void {
  const { ack, clockMs, path, input, wishes, isBye } = packet
  w.bits(
    (ack ? UP.ack : 0) |
      (clockMs === undefined ? 0 : UP.clock) |
      (path ? UP.path : 0) |
      (input ? UP.input : 0) |
      (wishes ? UP.wishes : 0) |
      (isBye ? UP.bye : 0),
    8,
  )
  if (ack !== undefined) {
    w.bits(ack.newestLow, 16)
    w.bits(ack.bits, 32)
  }
  if (clockMs !== undefined) w.bits(clockMs, 16)
  if (path !== undefined) w.bytes(path)
  if (input !== undefined) writeInput(w, input)
  if (wishes !== undefined) writeWishes(w, wishes)
}

export function decodeUpPacket(bytes: Uint8Array): Decoded<UpPacket> {
  const r = new BitReader(bytes)
  const blocks = r.bits(8)
  if ((blocks & ~UP_KNOWN) !== 0) return refused('wrong-kind')
  const ack = blocks & UP.ack ? { newestLow: r.bits(16), bits: r.bits(32) } : undefined
  const clockMs = blocks & UP.clock ? r.bits(16) : undefined
  const path = blocks & UP.path ? readPath(r) : undefined
  const input = blocks & UP.input ? readInput(r) : undefined
  if (input !== undefined && !input.ok) return input
  const wishes = blocks & UP.wishes ? readWishes(r) : undefined
  if (wishes !== undefined && !wishes.ok) return wishes
  const fault = finishPacket(r, (blocks & UP.extension) !== 0)
  if (fault !== undefined) return refused(fault)
  return decoded({
    ack,
    clockMs,
    path,
    input: input?.value,
    wishes: wishes?.value,
    isBye: (blocks & UP.bye) !== 0,
  })
}

export interface DownParts {
  readonly tick: number
  readonly welcome?: Welcome | undefined
  readonly bye?: CloseReason | undefined
  readonly echo?: Echo | undefined
  readonly path?: Uint8Array | undefined
  readonly wishAck?: Sequence | undefined
  readonly own?: OwnBlock | undefined
  /** Writes the rider block. */
  readonly riders?: ((w: BitWriter) => void) | undefined
}

export function writeDownPacket(w: BitWriter, parts: DownParts): void {
  const { tick, welcome, bye, echo, path, wishAck, own, riders } = parts
  w.bits(
    (welcome ? DOWN.welcome : 0) |
      (bye ? DOWN.bye : 0) |
      (echo ? DOWN.clock : 0) |
      (path ? DOWN.path : 0) |
      (wishAck === undefined ? 0 : DOWN.wishAck) |
      (own ? DOWN.own : 0) |
      (riders ? DOWN.riders : 0),
    8,
  )
  w.bits(tick % 0x10000, 16)
  if (welcome !== undefined) {
    w.bits(welcome.tick, 32)
    w.bits(welcome.riderId, RIDER_ID_BITS)
    w.bits(Math.min(welcome.agoMs, AGO_MAX_MS), 8)
  }
  if (bye !== undefined) w.bits(CLOSE_REASONS.indexOf(bye), 4)
  if (echo !== undefined) {
    w.bits(echo.clockMs, 16)
    w.bits(Math.min(echo.heldMs, HELD_MAX_MS), 12)
  }
  // Bit by bit: what stands before may end anywhere in a byte.
  if (path !== undefined) w.bytes(path)
  if (wishAck !== undefined) w.bits(wishAck, 16)
  if (own !== undefined) writeOwn(w, own)
  riders?.(w)
}

/** `stats`, if given, learns where the bits went. */
export function decodeDownPacket(bytes: Uint8Array, stats?: NetStats): Decoded<DownPacket> {
  const r = new BitReader(bytes)
  const blocks = r.bits(8)
  const tickLow = r.bits(16)
  const welcome = blocks & DOWN.welcome ? readWelcome(r) : undefined
  const reason = blocks & DOWN.bye ? r.bits(4) : 0
  if (reason >= CLOSE_REASONS.length) return refused('out-of-range')
  const echo = blocks & DOWN.clock ? { clockMs: r.bits(16), heldMs: r.bits(12) } : undefined
  const path = blocks & DOWN.path ? readPath(r) : undefined
  const wishAck = blocks & DOWN.wishAck ? (r.bits(16) as Sequence) : undefined
  const ownFrom = r.bitsLeft
  const own = blocks & DOWN.own ? readOwn(r) : undefined
  const ownBits = ownFrom - r.bitsLeft
  if (own !== undefined && !own.ok) return own
  ridersBits.fill(0)
  const riders = blocks & DOWN.riders ? readRiderBlock(r, stats === undefined ? undefined : countRiders) : undefined
  if (riders !== undefined && !riders.ok) return riders
  const spareBits = r.bitsLeft
  const fault = finishPacket(r, (blocks & DOWN.extension) !== 0)
  if (fault !== undefined) return refused(fault)
  if (stats !== undefined) {
    stats.bits('framing', 24 + (spareBits < 8 ? spareBits : 0))
    if (welcome !== undefined) stats.bits('welcome', WELCOME_BITS, 1)
    if (echo !== undefined) stats.bits('clock', ECHO_BITS, 1)
    if (own !== undefined) stats.bits('own', ownBits, 1)
    for (const [at, kind] of RIDER_KINDS.entries()) {
      if (ridersBits[2 * at] !== 0) stats.bits(kind, ridersBits[2 * at]!, ridersBits[2 * at + 1]!)
    }
    const otherBits = (path === undefined ? 0 : PATH_BYTES * 8) + (wishAck === undefined ? 0 : 16)
    stats.bits('other', otherBits + (spareBits < 8 ? 0 : spareBits))
  }
  return decoded({
    tickLow,
    welcome,
    bye: blocks & DOWN.bye ? CLOSE_REASONS[reason]! : undefined,
    echo,
    path,
    wishAck,
    own: own?.value,
    riders: riders?.value,
  })
}

/** Bits and records of the packet being read, by kind: they count when it has been read to its end. */
const RIDER_KINDS = ['slots', 'telemetry', 'correction', 'absolute', 'leave', 'other'] as const
const RIDER_KIND = { slots: 0, telemetry: 1, correction: 2, absolute: 3, leave: 4, other: 5 } as const
const ridersBits = new Float64Array(2 * RIDER_KINDS.length)

function countRiders(kind: 'slots' | RecordBody['kind'], bits: number, body?: RecordBody): void {
  const at = 2 * RIDER_KIND[kindOf(kind, body)]
  ridersBits[at]! += bits
  if (kind !== 'slots') ridersBits[at + 1]! += 1
}

function kindOf(kind: 'slots' | RecordBody['kind'], body?: RecordBody): keyof typeof RIDER_KIND {
  switch (kind) {
    case 'change':
      return body?.kind === 'change' && body.parts === PART.telemetry ? 'telemetry' : 'correction'
    case 'watts':
      return 'telemetry'
    case 'transfer':
      return 'absolute'
    case 'check':
      return 'other'
    default:
      return kind
  }
}

function readWelcome(r: BitReader): Welcome {
  return { tick: r.bits(32), riderId: r.bits(RIDER_ID_BITS) as RiderId, agoMs: r.bits(8) }
}

/** Read bit by bit, because what stands before it may end anywhere in a byte. */
function readPath(r: BitReader): Uint8Array {
  return Uint8Array.from({ length: PATH_BYTES }, () => r.bits(8))
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
