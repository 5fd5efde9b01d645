import type { BakedCourse } from '#maps/course'
import type { Network } from '#maps/network'
import type { OwnForces } from '../world/own-forces.ts'
import type { RosterEntry, SceneRiders } from '../world/scene-riders.ts'

export interface HudOptions {
  readonly course: BakedCourse
  readonly network: Network
  readonly mapName: string
  /** Rider and bicycle, for the time to the top; without it no time is told. */
  readonly body?: { readonly massKg: number; readonly cdaM2: number; readonly riderKg: number }
  /** Somebody is looked at: what only a rider's own page knows is left out. */
  readonly isFilm?: boolean
}

/** A state in words, with how it stands: shown beside a dot that differs in shape as well as in colour. */
export interface HudState {
  readonly level: 'good' | 'working' | 'bad'
  readonly text: string
}

/** A place on the network, as the wayfinder has it. */
export interface Heading {
  readonly routeId: string
  /** Leg of the route, counted from 1; 0: none. */
  readonly leg: number
  readonly way: number
  readonly wayAhead: number
}

/** Something said, as the reader's page tells it. */
export interface TalkLine {
  readonly name: string
  readonly text: string
}

/** What the HUD is told, four to ten times a second. */
export interface HudSample {
  readonly riders: SceneRiders
  readonly roster: readonly RosterEntry[]
  /** The client's clock, s; only differences matter. */
  readonly timeS: number
  /** The server's time where it is known, s: what gaps are told in. Absent: `timeS`. */
  readonly serverS?: number
  /** Of the ride; stands while it pauses. */
  readonly elapsedS: number
  /** In a race: the lap and the place, instead of the laps of this ride. */
  readonly race?: string
  /** Road ridden since the ride began, m. */
  readonly riddenM: number
  /** Work at the pedals, J. */
  readonly workJ?: number
  /** The rider's own weight where this page knows it; others are known by class only. */
  readonly selfKg?: number | undefined
  /** Where the rider goes: along a route, or ('') from the way they are on to the one ahead. Absent: the map's first route. */
  readonly heading?: Heading
  /** Wind, shelter, and what was lost, as things stand. */
  readonly forces?: OwnForces
  readonly connection: HudState
  readonly trainer: HudState
  /** Name of the camera in use. */
  readonly camera: string
  /** Newest last; the last few are shown. */
  readonly chat?: readonly TalkLine[]
  /** Six characters, while one is valid. */
  readonly pairingCode?: string
  /** One line in the middle: countdown, "Finished", … */
  readonly banner?: string
  /** A cheer that has just come, shown for a moment. */
  readonly cheer?: string
}

export interface Hud {
  sample(sample: HudSample): void
  /** All but what one needs. */
  setHidden(isHidden: boolean): void
  dispose(): void
}
