import type { Row } from '#protocol/ids'
import type { Course } from '#physics/course'
import type { Riders } from '#physics/riders'
import type { Conditions } from '#physics/weather'
import type { RunState } from './facts.ts'

/**
 * A free-ride zone is ridden with rigid bodies, which are not promised to be the same in every engine. So the world knows
 * of it only what a journal can say: who went in, and where and how fast they came out (docs/physics.md, P80 …).
 */
export type ZoneChange =
  | { readonly kind: 'enter'; readonly zoneId: string }
  | {
      readonly kind: 'exit'
      readonly zoneId: string
      readonly reason: ZoneExitReason
      /** The rider on the road again, on the way they left it from. */
      readonly distanceM: number
      readonly lateralM: number
      readonly speedMps: number
      /** What brakes and what contact took in the zone, J; who is set down gives up all motion there was, as brakes do. */
      readonly brakeJ: number
      readonly contactJ: number
    }

/** `gate`: ridden out. The others are set down at the gate, standing. */
export const ZONE_EXIT_REASONS = ['gate', 'stopped', 'fallen', 'outside', 'broken', 'race', 'lost'] as const
export type ZoneExitReason = (typeof ZONE_EXIT_REASONS)[number]

/** What a zone may see of the world. `zone` is the only way back: it moves the row and writes the journal. */
export interface ZoneWorld {
  readonly tick: number
  readonly riders: Riders
  readonly course: Course
  readonly conditions: Conditions
  readonly run: RunState
  zone(row: Row, change: ZoneChange): void
}

/**
 * Called last in every step, after crossings and checkpoint, so that its lines stand in the journal where a replay
 * applies them: at the tick that has just been reached, before the next. A replay has no host.
 */
export interface ZoneHost {
  /** `legsW`: watts that each row's legs were paid this tick (payTick). */
  step(world: ZoneWorld, legsW: ArrayLike<number>): void
}
