import type { ZoneSite } from '#physics/zone-site'
import { smoothstep } from './noise.ts'
import { uOf, vOf, zoneFrame, type PictureOrigin, type ZoneFrame } from './zone-frame.ts'
import type { Pad } from './zone-types.ts'

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

/** True in a park and just around it: no tree, no house. */
export function isParkAt(frames: readonly ZoneFrame[], x: number, z: number): boolean {
  return frames.some((frame) => outsideM(frame, x, z) < CLEAR_M)
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
