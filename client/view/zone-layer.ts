import { Group } from 'three'
import type { ZoneSite } from '#physics/zone-site'
import type { Falls } from './falls.ts'
import type { Air } from './materials.ts'
import { createSpot, type Spot } from './path.ts'
import type { Quality } from './view-types.ts'
import { xOf, zoneFrame, zOf, type PictureOrigin, type ZoneFrame } from './zone-frame.ts'
import { createZoneProps, type ZoneProps } from './zone-props.ts'
import type { ZonesLayer } from './zone-kit.ts'
import type { ZoneRiderPose, ZoneScene } from './zone-types.ts'

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
    group.add(made.group)
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
