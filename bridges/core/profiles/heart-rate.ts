import { ByteWriter } from '../bytes.ts'
import { type Decoded, decoded, refused } from '../decoded.ts'

/** Heart Rate Service 1.0, characteristic 0x2A37. */
export interface HeartRate {
  heartRateBpm: number
  /** Absent when the strap cannot tell. */
  contact?: 'detected' | 'not-detected'
  energyKj?: number
  /** Beat to beat, 1/1024 s, oldest first. */
  rr1024: readonly number[]
}

const WIDE_RATE = 1
const CONTACT_DETECTED = 2
const CONTACT_SUPPORTED = 4
const ENERGY = 8
const RR = 16
/** Beats that fit a notification; a longer list is not from a heart. */
const RR_MAX = 255

export function decodeHeartRate(bytes: Uint8Array): Decoded<HeartRate> {
  if (bytes.length < 2) return refused('too-short')
  const flags = bytes[0]!
  const isWide = (flags & WIDE_RATE) !== 0
  const energyAt = isWide ? 3 : 2
  let at = energyAt + (flags & ENERGY ? 2 : 0)
  if (bytes.length < at) return refused('too-short')
  const rr1024: number[] = []
  const value: HeartRate = { heartRateBpm: isWide ? u16(bytes, 1) : bytes[1]!, rr1024 }
  if (flags & CONTACT_SUPPORTED) value.contact = flags & CONTACT_DETECTED ? 'detected' : 'not-detected'
  if (flags & ENERGY) value.energyKj = u16(bytes, energyAt)
  if (flags & RR) {
    if ((bytes.length - at) % 2 !== 0) return refused('too-short')
    if (bytes.length - at > 2 * RR_MAX) return refused('too-long')
    for (; at < bytes.length; at += 2) rr1024.push(u16(bytes, at))
  }
  return decoded(value)
}

const u16 = (bytes: Uint8Array, at: number): number => bytes[at]! | (bytes[at + 1]! << 8)

export function encodeHeartRate(value: HeartRate): Uint8Array {
  const isWide = value.heartRateBpm > 0xff
  const contact =
    value.contact === undefined ? 0 : CONTACT_SUPPORTED | (value.contact === 'detected' ? CONTACT_DETECTED : 0)
  const flags =
    (isWide ? WIDE_RATE : 0) |
    contact |
    (value.energyKj === undefined ? 0 : ENERGY) |
    (value.rr1024.length > 0 ? RR : 0)
  const w = new ByteWriter().write('u8', flags).write(isWide ? 'u16' : 'u8', value.heartRateBpm)
  if (value.energyKj !== undefined) w.write('u16', value.energyKj)
  for (const rr of value.rr1024.slice(0, RR_MAX)) w.write('u16', rr)
  return w.bytes()
}
