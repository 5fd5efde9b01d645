import { POSES } from './poses.ts'
import type { RiderLook } from './rider-look.ts'

/**
 * What the picture knows of riders: one row each, filled once per frame by `remote`, `predict` and `correct`, read by
 * `view` and `hud`. Rows 0 … count − 1 are in use; row 0 is the rider's own (or the one being followed).
 */
export interface SceneRiders {
  readonly capacity: number
  count: number
  readonly id: Uint32Array
  /** Place on the tape, m, at the moment of this frame: where to draw. */
  readonly placeM: Float64Array
  /** Metres that go on over the ends of ways: of oneself the road behind one (a route's metres), of others a count of their own. */
  readonly distanceM: Float64Array
  /** Road to this rider from row 0, m, ahead positive; NaN where none leads there soon, as to those coming towards one. */
  readonly gapM: Float64Array
  /** Metres right of the middle of the road. */
  readonly lateralM: Float32Array
  readonly speedMps: Float32Array
  readonly powerW: Float32Array
  readonly cadenceRpm: Float32Array
  readonly heartRateBpm: Float32Array
  /** Crank angle and wheel angle, rad, integrated by the client from cadence and speed. */
  readonly crankRad: Float32Array
  readonly wheelRad: Float32Array
  /** Lean into the bend, rad, right positive. */
  readonly leanRad: Float32Array
  /** Age of what we know, s; grows when the network is silent. */
  readonly ageS: Float32Array
  /** 0: wholly there, 1: not to be seen. Who comes, who goes, and everybody while the line is silent. */
  readonly fade: Float32Array
  /** How the body sits, `stance` fills it: per rider one weight for each of POSES, together 1. */
  readonly pose: Float32Array
  /** How hard the legs work, 0 … 1.5; how far on a drink is, 0 … 1, 0: none. */
  readonly effort: Float32Array
  readonly drink: Float32Array
  /** Head and shoulders to the right, −1 … 1; the knee inside a bend held out, right positive. */
  readonly lookRight: Float32Array
  readonly kneeOut: Float32Array
}

export function createSceneRiders(capacity: number): SceneRiders {
  const small = () => new Float32Array(capacity)
  return {
    capacity,
    count: 0,
    id: new Uint32Array(capacity),
    placeM: new Float64Array(capacity),
    distanceM: new Float64Array(capacity),
    gapM: new Float64Array(capacity),
    lateralM: small(),
    speedMps: small(),
    powerW: small(),
    cadenceRpm: small(),
    heartRateBpm: small(),
    crankRad: small(),
    wheelRad: small(),
    leanRad: small(),
    ageS: small(),
    fade: small(),
    pose: new Float32Array(capacity * POSES.length),
    effort: small(),
    drink: small(),
    lookRight: small(),
    kneeOut: small(),
  }
}

/** Slow facts of a rider, from the roster; keyed by `id`. */
export interface RosterEntry extends RiderLook {
  readonly id: number
  readonly name: string
  readonly isBot: boolean
  readonly massKg: number
}
