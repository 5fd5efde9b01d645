import type { ZoneSite } from '#physics/zone-site'

/** Where the middle of the picture lies in the axes of the map, m east and m south (path.ts). */
export interface PictureOrigin {
  readonly originX: number
  readonly originZ: number
}

/**
 * The park's own axes in the picture: u along the road, v away from it, both as (x, z). Right of the road the two are a
 * mirror image of the map's, left of it they are not: `mirror` is what a turn about the upright is multiplied with.
 */
export interface ZoneFrame {
  readonly site: ZoneSite
  readonly x0: number
  readonly z0: number
  readonly ux: number
  readonly uz: number
  readonly vx: number
  readonly vz: number
  readonly mirror: 1 | -1
}

export function zoneFrame(site: ZoneSite, { originX, originZ }: PictureOrigin): ZoneFrame {
  return {
    site,
    x0: site.originX - originX,
    z0: -site.originY - originZ,
    ux: site.alongX,
    uz: -site.alongY,
    vx: site.awayX,
    vz: -site.awayY,
    mirror: site.side > 0 ? -1 : 1,
  }
}

export function xOf(frame: ZoneFrame, u: number, v: number): number {
  return frame.x0 + frame.ux * u + frame.vx * v
}
export function zOf(frame: ZoneFrame, u: number, v: number): number {
  return frame.z0 + frame.uz * u + frame.vz * v
}
export function uOf(frame: ZoneFrame, x: number, z: number): number {
  return (x - frame.x0) * frame.ux + (z - frame.z0) * frame.uz
}
export function vOf(frame: ZoneFrame, x: number, z: number): number {
  return (x - frame.x0) * frame.vx + (z - frame.z0) * frame.vz
}
