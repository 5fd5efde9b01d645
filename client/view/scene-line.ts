import type { Path } from './path.ts'

/** A named line across a carriageway; `isReversed`: those who ride to it come against the carriageway's metres. */
export interface SceneLine {
  readonly id: string
  readonly name: string
  readonly path: Path
  readonly atM: number
  readonly isReversed: boolean
  /** The one with the arch; the others have a banner. */
  readonly isStart: boolean
}
