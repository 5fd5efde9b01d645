import type { RiderId, Row, Sequence } from '#protocol/ids'
import { TICK_HZ, TICK_MS } from '#protocol/limits'
import { shapeRider } from '#physics/rider-shape'
import type { LoadedWorld } from '#maps/load'
import { dice, share } from '#server/world/dice'
import { World } from '#server/world/world'

/** A group ride of legs that differ, in virtual time: how far from first to last, with keep-together and without. */
export interface GroupRide {
  readonly world: LoadedWorld
  readonly routeId: string
  readonly seed: number
  readonly seconds: number
  readonly riders: number
  /** Watts per kilogram lie this far about the mean, either way. */
  readonly spread: number
  readonly isTogether: boolean
}

export interface GroupFigures {
  /** From first to last, m: the longest there was, and what ninety-nine of a hundred seconds stay below. */
  readonly worstM: number
  readonly p99M: number
  readonly lastM: number
  /** The strongest legs' watts per kilogram over the weakest's. */
  readonly ratio: number
  readonly hash: string
}

const MEAN_WKG = 2.5
/** Legs are uneven: so far about their own mean, from second to second. */
const NOISE = 0.1
/** From the first metre to a group takes a while: not counted, s. */
const SETTLE_S = 60

export function rideGroup({
  world: road,
  routeId,
  seed,
  seconds,
  riders,
  spread,
  isTogether,
}: GroupRide): GroupFigures {
  const world = new World({ course: road.course, network: road.network, riderCapacity: riders })
  const rows: Row[] = []
  const wattsPerKg: number[] = []
  const bodyKg: number[] = []
  for (let i = 0; i < riders; i++) {
    // The two ends of the band are always there.
    const at = i === 0 ? -1 : i === 1 ? 1 : dice(seed, i, 1)
    wattsPerKg.push(MEAN_WKG * (1 + spread * at))
    bodyKg.push(75 + 20 * dice(seed, i, 2))
    const { massKg, cdaM2 } = shapeRider({ massKg: bodyKg[i]!, heightM: 1.78 + 0.1 * dice(seed, i, 3) })
    const distanceM = 2 * (riders - i)
    const rider = { riderId: (i + 1) as RiderId, massKg, cdaM2, distanceM, routeId, lateralM: (i % 3) - 1 }
    rows.push(world.join({ ...rider, isBot: false, held: false }))
  }
  if (isTogether) world.decide({ kind: 'together', routeId })
  const gaps: number[] = []
  for (let tick = 0; tick < seconds * TICK_HZ; tick++) {
    for (const [i, row] of rows.entries()) {
      // A sample a second, each rider's own second.
      if ((tick + i * 7) % TICK_HZ !== 0) continue
      const second = Math.floor(tick / TICK_HZ)
      const powerW = Math.round(wattsPerKg[i]! * bodyKg[i]! * (1 + NOISE * dice(seed, i + 1, second + 10)))
      const sample = {
        powerW,
        cadenceHalfRpm: 170 + Math.round(10 * share(seed, i, second)),
        heartRateBpm: 0,
        steer: 0,
      }
      world.post(row, { sequence: (second & 0xffff) as Sequence, atMs: tick * TICK_MS, ...sample })
    }
    world.step()
    if (tick % TICK_HZ === 0 && tick >= SETTLE_S * TICK_HZ) gaps.push(gapOf(world, rows))
  }
  const sorted = gaps.toSorted((a, b) => a - b)
  return {
    worstM: sorted.at(-1) ?? 0,
    p99M: sorted[Math.floor(sorted.length * 0.99)] ?? 0,
    lastM: gaps.at(-1) ?? 0,
    ratio: Math.max(...wattsPerKg) / Math.min(...wattsPerKg),
    hash: world.stateHash(),
  }
}

function gapOf({ riders }: World, rows: readonly Row[]): number {
  let first = -Infinity
  let last = Infinity
  for (const row of rows) {
    first = Math.max(first, riders.distanceM[row]!)
    last = Math.min(last, riders.distanceM[row]!)
  }
  return first - last
}
