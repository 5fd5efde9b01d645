/** Every surface that builders of the world may name; `surfaces.ts` has a material for each. */
export const SURFACE_NAMES = [
  'road',
  'town',
  'townBoard',
  'paint',
  'gravel',
  'crowd',
  'painted',
  'paintedBoth',
  'board',
] as const
export type SurfaceName = (typeof SURFACE_NAMES)[number]
