import type { Country } from './scenery-plan.ts'

/** How a country marks and fences its roads. */
export interface RoadStyle {
  /** As the road's vertices say it. */
  readonly number: number
  /** Dashes of the middle line and the gaps between them, m. */
  readonly dashM: number
  readonly gapM: number
  /** The edge line is broken too. */
  readonly isEdgeDashed: boolean
  /** What keeps riders from falling off: steel beams, dry walls, or timber rails. */
  readonly rail: 'steel' | 'wall' | 'timber'
  readonly railColor: number
  readonly postColor: number
}

export const ROAD_STYLES: Record<Country, RoadStyle> = {
  plain: { number: 0, dashM: 3, gapM: 6, isEdgeDashed: false, rail: 'steel', railColor: 0xc9ccce, postColor: 0xf4f2ea },
  hills: {
    number: 1,
    dashM: 4,
    gapM: 8,
    isEdgeDashed: false,
    rail: 'timber',
    railColor: 0x8a6f50,
    postColor: 0xf4f2ea,
  },
  island: { number: 2, dashM: 2, gapM: 4, isEdgeDashed: true, rail: 'wall', railColor: 0x8d8a82, postColor: 0xf6f4ee },
  alps: { number: 3, dashM: 3, gapM: 9, isEdgeDashed: false, rail: 'steel', railColor: 0xb9b4a6, postColor: 0xf4f2ea },
}
