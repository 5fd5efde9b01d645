import type { RiderId } from '#protocol/ids'
import type { Weather } from '#physics/weather'
import type { SkySpell } from '#physics/sky'
import type { Decision, Run } from '#server/event/model'

/** Slow facts that touch the world: journalled inputs with the tick from which they hold. */
export type Fact =
  /** Holds in the step that leaves `fromTick` and after; without it at once. Announced ahead, clients carry riders by it too. */
  | { readonly kind: 'weather'; readonly weather: Weather; readonly fromTick?: number }
  /** Moves nobody; kept so that a replay has the same light. */
  | ({ readonly kind: 'sky' } & SkySpell)
  /** Sets up a run: its entries stand in the pen, held. */
  | { readonly kind: 'pen'; readonly run: Run }
  /** The gun: in the step that leaves `startTick` everybody is let go. */
  | { readonly kind: 'start'; readonly runId: string; readonly startTick: number }
  /** The run is called off; who was held rides free. */
  | { readonly kind: 'abandon'; readonly runId: string }
  /** Whoever rides this route is kept together from now on (`together.ts`); '': nobody any more. */
  | { readonly kind: 'together'; readonly routeId: string }
  /** Who stands in a pen without a run rides: a meet-up begins. */
  | { readonly kind: 'go' }
  /** A rider pauses: comes to a stop and stands, until they go on or pedal. */
  | { readonly kind: 'rest'; readonly riderId: RiderId; readonly isOn: boolean }
  /** Kept with the run's papers; moves nobody. */
  | { readonly kind: 'decision'; readonly runId: string; readonly decision: Decision }

/** The run of a room as the world knows it. */
export type RunState =
  | { readonly phase: 'none' }
  | { readonly phase: 'pen'; readonly run: Run }
  | { readonly phase: 'countdown'; readonly run: Run; readonly startTick: number }
  | { readonly phase: 'racing'; readonly run: Run; readonly startTick: number; readonly deadlineTick: number | null }
  | { readonly phase: 'finished'; readonly run: Run; readonly startTick: number; readonly endTick: number }
