import type { BakedCourse } from '#maps/course'
import type { Zone } from '#maps/network'
import { siteZones } from '#physics/zone-site'
import type { Part } from './piece.ts'
import type { Quality } from './view-types.ts'
import { zoneFrame, type PictureOrigin } from './zone-frame.ts'
import { createZonePads, isParkAt } from './zone-pads.ts'
import { buildZonePark } from './zone-park.ts'
import type { Pad } from './zone-types.ts'

/** The parks of a world, for who builds it: fetched where there are any. */
export interface ZoneWorks {
  readonly pads: readonly Pad[]
  isParkAt(x: number, z: number): boolean
  parts(quality: Quality): Generator<Part>
}

export function createZoneWorks(zones: readonly Zone[], course: BakedCourse, origin: PictureOrigin): ZoneWorks {
  const { sites } = siteZones(zones, course)
  const frames = sites.map((site) => zoneFrame(site, origin))
  return {
    pads: createZonePads(sites, origin),
    isParkAt: (x, z) => isParkAt(frames, x, z),
    *parts(quality) {
      for (const frame of frames) yield* buildZonePark(frame, quality)
    },
  }
}
