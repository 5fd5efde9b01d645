/**
 * How a rider looks: chosen in the garage, told in the roster, drawn by `view/riders`. Small numbers, because every
 * rider in a room is told of every other's. docs/client.md has the table of patterns.
 */
export interface RiderLook {
  /** Colours as 0xRRGGBB: jersey and its second colour, shorts, helmet, frame, skin. */
  readonly jersey: number
  readonly accent: number
  readonly shorts: number
  readonly helmet: number
  readonly frame: number
  readonly skin: number
  /** Index into KIT_PATTERNS. */
  readonly pattern: number
  /** Index into BIKES. */
  readonly bike: number
  /** On the back, 1 … 9999; 0: none. A race's bib goes first. */
  readonly number: number
}

export const KIT_PATTERNS = ['band', 'hoops', 'panels', 'yoke', 'stripe', 'plain', 'dots', 'sash'] as const
export const BIKES = ['road', 'aero', 'climber'] as const
