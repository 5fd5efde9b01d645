import { type Signal, signal } from '@preact/signals'
import { airFigures, type AirFigures } from './figures.ts'
import type { HudState, TalkLine } from './hud-types.ts'
import type { Lap } from './lap.ts'
import type { HudFigures, Marker, NearbyRow } from './model.ts'
import type { RoadPiece } from './near-map.ts'
import type { SegmentFigures } from './segment-figures.ts'

/** Each of these is one text on the screen. */
export const TEXTS = [
  ...(['powerW', 'power3sW', 'wattsPerKg', 'cadenceRpm', 'heartRateBpm', 'speedKmh', 'gradePercent'] as const),
  ...(['grade500', 'grade1k', 'distanceKm', 'elapsed', 'climbedM', 'energyKj', 'lap', 'strengthKj'] as const),
  ...(['wheelM', 'climb', 'climbTime'] as const),
] as const satisfies readonly (keyof HudFigures)[]
export const NUMBERS = ['zone', 'heartZone', 'strengthPercent'] as const satisfies readonly (keyof HudFigures)[]

/** One signal per thing that changes: a new value writes its own text node, nothing else is drawn again. */
export type HudSignals = Readonly<Record<(typeof TEXTS)[number], Signal<string>>> &
  Readonly<Record<(typeof NUMBERS)[number], Signal<number>>> & {
    readonly isZoneEstimated: Signal<boolean>
    readonly road: Signal<Lap>
    readonly air: Signal<AirFigures>
    readonly groups: Signal<HudFigures['groups']>
    readonly nearby: Signal<readonly NearbyRow[]>
    readonly markers: Signal<readonly Marker[]>
    readonly near: Signal<readonly RoadPiece[]>
    /** Own place on the map, m, and where the rider heads, degrees. */
    readonly spot: Signal<{ readonly x: number; readonly y: number; readonly deg: number; readonly junction: number }>
    readonly segment: Signal<SegmentFigures | undefined>
    readonly laps: Signal<readonly string[]>
    readonly connection: Signal<HudState>
    readonly trainer: Signal<HudState>
    readonly chat: Signal<readonly TalkLine[]>
    readonly pairingCode: Signal<string>
    readonly banner: Signal<string>
    readonly cheer: Signal<string>
    readonly spoken: Signal<string>
    readonly isBare: Signal<boolean>
  }

const text = () => signal('')
const state = () => signal<HudState>({ level: 'working', text: '' })

export function createSignals(road: Lap): HudSignals {
  return {
    ...(Object.fromEntries(TEXTS.map((key) => [key, text()])) as Record<(typeof TEXTS)[number], Signal<string>>),
    ...{ zone: signal(1), heartZone: signal(0), strengthPercent: signal(100), isZoneEstimated: signal(true) },
    ...{ road: signal(road), air: signal(airFigures(undefined)), groups: signal([]), nearby: signal([]) },
    ...{ markers: signal([]), near: signal([]), spot: signal({ x: 0, y: 0, deg: 0, junction: -1 }) },
    ...{ segment: signal(undefined), laps: signal([]), connection: state(), trainer: state(), chat: signal([]) },
    ...{ pairingCode: text(), banner: text(), cheer: text(), spoken: text(), isBare: signal(false) },
  }
}

/** A list or a record that says the same as before is not a change. */
export function keep<T>(target: { value: T; peek(): T }, next: T): void {
  if (target.peek() !== next && JSON.stringify(target.peek()) !== JSON.stringify(next)) target.value = next
}
