import { DoubleSide, MeshLambertMaterial, type Material, type Texture } from 'three'
import { crowdMaterial } from './crowd-material.ts'
import { gravelMaterial } from './gravel-material.ts'
import { airy, type Air } from './materials.ts'
import { roadMaterial } from './road-material.ts'
import { boardMaterial, paintMaterial, townMaterial } from './town-material.ts'
import type { SurfaceName } from './surface-names.ts'
import type { Quality } from './view-types.ts'

/** A material for every surface that builders name: the one list of materials of what stands still. */
const SURFACES = {
  road: roadMaterial,
  town: townMaterial,
  townBoard: boardMaterial,
  paint: paintMaterial,
  gravel: gravelMaterial,
  crowd: crowdMaterial,
  /** Colours by vertex, nothing else: most of what people put beside a road. */
  painted: (air) => airy(new MeshLambertMaterial({ vertexColors: true }), air, 'painted'),
  /** … for sheets of steel that are seen from both sides. */
  paintedBoth: (air) => airy(new MeshLambertMaterial({ vertexColors: true, side: DoubleSide }), air, 'painted-both'),
  /** Printed with a sheet. */
  board: (air, _quality, sheet) => airy(new MeshLambertMaterial({ map: sheet ?? null }), air, 'board'),
} as const satisfies Record<SurfaceName, (air: Air, quality: Quality, sheet?: Texture) => Material>

export interface Surfaces {
  /** A new material; who asks keeps it. */
  make(surface: SurfaceName, sheet?: Texture): Material
}

export function createSurfaces(air: Air, quality: Quality): Surfaces {
  return { make: (surface, sheet) => SURFACES[surface](air, quality, sheet) }
}
