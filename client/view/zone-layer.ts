import { Group } from 'three'
import type { ZoneSite } from '#physics/zone-site'
import type { Falls } from './falls.ts'
import type { Air } from './materials.ts'
import { createNoise, smoothstep } from './noise.ts'
import { createSpot, type Spot } from './path.ts'
import type { Quality } from './view-types.ts'
import { uOf, vOf, xOf, zoneFrame, zOf, type PictureOrigin, type ZoneFrame } from './zone-frame.ts'
import { createZonePark } from './zone-park.ts'
import { createZoneProps, type ZoneProps } from './zone-props.ts'
import type { Pad, ZoneRiderPose, ZoneScene } from './zone-types.ts'

export interface ZonesLayer {
  readonly group: Group
  /** True in a park and just around it: no tree, no house. */
  isPark(x: number, z: number): boolean
  update(scene: ZoneScene | undefined, timeS: number): void
  /** The engine that falls are shown with; by itself it is loaded when somebody falls for the first time. */
  loadFalls(): Promise<void>
  /** Puts a rider who is in a park there; answers the lean, NaN for who is not. */
  place(scene: ZoneScene | undefined, riderId: number, out: Spot): number
}

/** The country keeps below the park this far around it, for its own triangles are large, and reaches it over this width. */
const KEEP_M = 7
const BLEND_M = 16
/** Under the park, and around it: just below the rim of its turf. */
const BELOW_M = 0.35
const RIM_M = 3
const RIM_BELOW_M = 0.1
const CLEAR_M = 6

export function createZonePads(sites: readonly ZoneSite[], origin: PictureOrigin): Pad[] {
  return sites.map((site) => {
    const frame = zoneFrame(site, origin)
    const { ground } = site
    return {
      shareAt: (x, z) => smoothstep(KEEP_M + BLEND_M, KEEP_M, outsideM(frame, x, z)),
      heightAt: (x, z) => {
        const u = uOf(frame, x, z)
        const atU = Math.min(ground.lengthM, Math.max(0, u))
        const away = smoothstep(RIM_M, KEEP_M, outsideM(frame, x, z))
        return ground.roadHeightM(atU) - BELOW_M + (BELOW_M - RIM_BELOW_M) * away
      },
    }
  })
}

export function createZonesLayer(
  sites: readonly ZoneSite[],
  origin: PictureOrigin,
  air: Air,
  quality: Quality,
): ZonesLayer {
  const group = new Group()
  const frames = sites.map((site) => zoneFrame(site, origin))
  const props: ZoneProps[] = frames.map((frame) => {
    const made = createZoneProps(frame, air, quality)
    group.add(createZonePark(frame, createNoise(frame.site.ground.seed), air, quality), made.group)
    return made
  })
  let falls: Falls | undefined
  let isLoading = false
  const down = new Set<number>()
  const spot = createSpot()
  const loadFalls = async (): Promise<void> => {
    if (isLoading) return
    isLoading = true
    const { createFalls } = await import('./falls.ts')
    falls = createFalls(air)
    group.add(falls.group)
  }
  const stand = (pose: ZoneRiderPose, frame: ZoneFrame, out: Spot): void => {
    out.x = xOf(frame, pose.u, pose.v)
    out.y = pose.z
    out.z = zOf(frame, pose.u, pose.v)
    out.dirX = frame.ux * pose.headU + frame.vx * pose.headV
    out.dirZ = frame.uz * pose.headU + frame.vz * pose.headV
    out.slope = pose.slope / Math.sqrt(1 + pose.slope * pose.slope)
  }
  const beginFalls = (scene: ZoneScene, timeS: number): void => {
    const now = scene.fallen()
    for (const riderId of down) if (!now.includes(riderId)) down.delete(riderId)
    for (const riderId of now) {
      const pose = scene.rider(riderId)
      const frame = pose === undefined ? undefined : frames[pose.zone]
      if (pose === undefined || frame === undefined || down.has(riderId)) continue
      down.add(riderId)
      // The first one ever is seen without a tumble, if the engine is not here in time: a still bicycle is no lie.
      if (falls === undefined) void loadFalls().catch(() => (isLoading = false))
      stand(pose, frame, spot)
      falls?.begin({ riderId, atS: timeS, ...spot, speedMps: pose.speedMps })
    }
  }
  return {
    group,
    loadFalls,
    isPark: (x, z) => frames.some((frame) => outsideM(frame, x, z) < CLEAR_M),
    update: (scene, timeS) => {
      if (scene === undefined) return
      props.forEach((one, zone) => one.update(scene.props(zone)))
      beginFalls(scene, timeS)
      falls?.update(timeS)
    },
    place: (scene, riderId, out) => {
      const pose = scene?.rider(riderId)
      const frame = pose === undefined ? undefined : frames[pose.zone]
      if (pose === undefined || frame === undefined) return NaN
      const lying = pose.isDown && falls !== undefined ? falls.place(riderId, out) : NaN
      if (!Number.isNaN(lying)) return lying
      stand(pose, frame, out)
      return -frame.mirror * pose.lean
    },
  }
}

/** Metres outside of the park's rectangle; 0 in it. */
function outsideM(frame: ZoneFrame, x: number, z: number): number {
  const { lengthM, widthM } = frame.site.ground
  const u = uOf(frame, x, z)
  const v = vOf(frame, x, z)
  const outU = Math.max(0, -u, u - lengthM)
  const outV = Math.max(0, -v, v - widthM)
  return Math.sqrt(outU * outU + outV * outV)
}
