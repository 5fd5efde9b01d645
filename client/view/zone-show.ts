import { GRAVITY_MPS2 } from '#physics/constants'
import { createZoneLine } from '#physics/zone-line'
import type { ZoneSite } from '#physics/zone-site'
import type { ZoneRiderPose, ZoneScene } from './zone-types.ts'

/** Points of the line either way, by which heading and bend are told. */
const REACH = 3
const SLOPE_REACH_M = 0.2
const STEADY_MPS = 5

/**
 * Riders strung along the house's line through a park, for pictures: no server, no engine. The first is `from` of the way
 * round, each next one `gap` points of the line farther on; who is in `down` lies there.
 */
export function ridersOnLine(
  zone: number,
  { ground }: ZoneSite,
  options: {
    readonly riderIds: readonly number[]
    readonly from: number
    readonly gap: number
    readonly down?: readonly number[]
  },
): ZoneScene {
  const { riderIds, from, gap, down = [] } = options
  const line = createZoneLine(ground)
  const poses = new Map<number, ZoneRiderPose>()
  riderIds.forEach((riderId, i) => {
    const whole = Math.floor(from * line.count) + i * gap
    const k = Math.min(line.count - 1 - REACH, Math.max(REACH, whole % line.count))
    const [u, v] = [line.u[k]!, line.v[k]!]
    const [inU, inV] = unit(u - line.u[k - REACH]!, v - line.v[k - REACH]!)
    const [outU, outV] = unit(line.u[k + REACH]! - u, line.v[k + REACH]! - v)
    const [headU, headV] = unit(inU + outU, inV + outV)
    const ahead = ground.heightAt(u + headU * SLOPE_REACH_M, v + headV * SLOPE_REACH_M)
    const behind = ground.heightAt(u - headU * SLOPE_REACH_M, v - headV * SLOPE_REACH_M)
    const speedMps = Math.min(STEADY_MPS, line.speedMaxMps[k]!)
    // Half a metre a point: the turn over REACH points is the bend over their metres.
    const bendPerM = (inU * outV - inV * outU) / (0.5 * REACH)
    poses.set(riderId, {
      ...{ zone, u, v, z: ground.heightAt(u, v), headU, headV, speedMps },
      slope: (ahead - behind) / (2 * SLOPE_REACH_M),
      lean: Math.atan((speedMps * speedMps * bendPerM) / GRAVITY_MPS2),
      isDown: down.includes(riderId),
    })
  })
  return { rider: (riderId) => poses.get(riderId), fallen: () => down, props: () => [] }
}

function unit(x: number, y: number): [number, number] {
  const length = Math.sqrt(x * x + y * y) || 1
  return [x / length, y / length]
}
