import { encodeCyclingPower } from '#bridges/core/profiles/cycling-power'
import { encodeIndoorBikeData, type IndoorBikeData } from '#bridges/core/profiles/indoor-bike-data'
import type { AntPeer } from './ant-peers.ts'
import { BIKE_NAMES } from './bluetooth-peers.ts'

/** Faults that were found in published libraries, counted the same way for everybody, us included. */
type MakeFrame = (eventCount: number, powerW: number) => Uint8Array

const POWER_MAX_W = 2000
const CHANNELS = 8

/** Every target from 0 to 2000 W on every channel: a stick drops a command whose checksum is wrong. */
export function rightChecksums(peer: AntPeer): { right: number; all: number } {
  let right = 0
  for (let channel = 0; channel < CHANNELS; channel++)
    for (let powerW = 0; powerW <= POWER_MAX_W; powerW++)
      if (peer.targetFrame(channel, powerW).reduce((sum, byte) => sum ^ byte, 0) === 0) right++
  return { right, all: CHANNELS * (POWER_MAX_W + 1) }
}

/** One byte that is none of a frame, then three good ones in the same read, then three more in the next. */
export function heardBehindGarbage(peer: AntPeer, frame: MakeFrame): { heard: number; all: number; unit: string } {
  const three = [1, 2, 3].map((event) => frame(event, 200))
  const before = peer.heard.count
  let unit = ''
  for (const read of [Buffer.from([0x00, ...three.flatMap((one) => [...one])]), Buffer.concat(three)])
    try {
      peer.feed(read)
    } catch (error) {
      unit = `, threw ${error instanceof Error ? error.message : JSON.stringify(error)}`
    }
  return { heard: peer.heard.count - before, all: 6, unit: `of 6${unit}` }
}

/** One bit of the watts wrong, as a bad cable makes it; each in a read of its own, so that none hides another. */
export function damagedPassedOn(peer: AntPeer, frame: MakeFrame): { passed: number; all: number } {
  const all = 1000
  const before = peer.heard.count
  for (let i = 0; i < all; i++) {
    const bad = frame(i, 200 + (i % 100))
    bad[9 + (i & 1)]! ^= 1 << (i % 4)
    try {
      peer.feed(Buffer.from(bad))
    } catch {
      // Not passed on, then.
    }
  }
  return { passed: peer.heard.count - before, all }
}

/** 200 W held while the count of events goes from 250 over 255 to 5, every one of them heard. */
export function rollOver(peer: AntPeer, frame: MakeFrame): number {
  let largest = 0
  for (let event = 240; event < 262; event++) {
    peer.feed(Buffer.from(frame(event, 200)))
    // The first few settle what the library held before.
    if (event > 250 && peer.heard.averageW !== undefined) largest = Math.max(largest, peer.heard.averageW)
  }
  return largest
}

const VALUES: Required<Omit<IndoorBikeData, 'resistanceLevel' | 'resistanceRawU8'>> = {
  speedKmh: 34.21,
  averageSpeedKmh: 31.07,
  cadenceRpm: 90.5,
  averageCadenceRpm: 88,
  distanceM: 234_567,
  powerW: -120,
  averagePowerW: 247,
  energyKcal: 812,
  energyPerHourKcal: 640,
  energyPerMinuteKcal: 11,
  heartRateBpm: 157,
  met: 10.3,
  elapsedS: 4321,
  remainingS: 99,
}
const ENERGY = ['energyKcal', 'energyPerHourKcal', 'energyPerMinuteKcal'] as const
/** Bit → what it announces; bit 5 is the resistance. */
const GROUPS: readonly (readonly (keyof typeof VALUES)[])[] = [
  ['speedKmh'],
  ['averageSpeedKmh'],
  ['cadenceRpm'],
  ['averageCadenceRpm'],
  ['distanceM'],
  [],
  ['powerW'],
  ['averagePowerW'],
  ENERGY,
  ['heartRateBpm'],
  ['met'],
  ['elapsedS'],
  ['remainingS'],
]
const RESISTANCE_BIT = 5

type Read = (bytes: Uint8Array) => Readonly<Record<string, unknown>>

/** All 2¹³ sets of flags, and those with a resistance once more with one byte of it. A set is right when every field in it is. */
export function bikeFlagSets(read: Read, names: 'peer' | undefined) {
  const counts = { right: 0, all: 0, rightShort: 0, allShort: 0 }
  for (let flags = 0; flags < 2 ** GROUPS.length; flags++) {
    const chosen: IndoorBikeData = {}
    for (const [bit, fields] of GROUPS.entries())
      if (flags & (1 << bit)) for (const field of fields) chosen[field] = VALUES[field]
    const isRight = (bytes: Uint8Array): boolean => {
      const got = read(bytes)
      return Object.entries(chosen).every(([field, value]) => {
        const theirs = names === undefined ? field : BIKE_NAMES[field]
        return theirs === undefined || got[theirs] === value
      })
    }
    const hasResistance = (flags & (1 << RESISTANCE_BIT)) !== 0
    counts.all++
    if (isRight(encodeIndoorBikeData(hasResistance ? { ...chosen, resistanceLevel: 7 } : chosen))) counts.right++
    if (!hasResistance) continue
    counts.allShort++
    if (isRight(encodeIndoorBikeData({ ...chosen, resistanceRawU8: 7 }))) counts.rightShort++
  }
  return counts
}

/** What a meter's −50 W are read as. */
export const negativeWatts = (read: Read, names: 'peer' | undefined): number =>
  read(encodeCyclingPower({ powerW: -50 }))[names === undefined ? 'powerW' : 'instantaneousPower'] as number
