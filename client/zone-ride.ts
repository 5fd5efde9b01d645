import type { BakedCourse } from '#maps/course'
import type { Zone } from '#maps/network'
import { siteZones, type ZoneSite } from '#physics/zone-site'
import { decodeZonePoses } from '#protocol/zone-poses'
import { createZonesLayer } from './view/zone-layer.ts'
import { ZoneMotion } from './view/zone-motion.ts'
import { ZonePassage } from './view/zone-passage.ts'
import type { ZoneKit } from './view/zone-kit.ts'

/** What a ride along a road with free-ride zones has besides; fetched there. */
export interface ZoneRide {
  readonly sites: readonly ZoneSite[]
  readonly kit: ZoneKit
  /** The server's poses. Another version's message is not shown; the road goes on. */
  take(bytes: Uint8Array): void
  readonly motion: ZoneMotion
  readonly passage: ZonePassage
}

export function createZoneRide(zones: readonly Zone[], course: BakedCourse, selfId: number): ZoneRide {
  const { sites } = siteZones(zones, course)
  const motion = new ZoneMotion(sites)
  return {
    ...{ sites, motion, kit: zoneKit(sites) },
    passage: new ZonePassage(sites, motion, selfId),
    take: (bytes) => {
      const poses = decodeZonePoses(bytes)
      if (poses.ok) motion.take(poses.value)
    },
  }
}

/** How the parks at these places are drawn. */
export function zoneKit(sites: readonly ZoneSite[]): ZoneKit {
  return { createLayer: (...given) => createZonesLayer(sites, ...given) }
}
