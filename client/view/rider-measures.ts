import type { PoseName } from '../world/poses.ts'

/**
 * Measures of bicycle and body, m and rad: one table for the model, for the shader that moves it, and for the tests that
 * look whether hands and feet get where they should. Axes of a rider: x to the left, y up, z forward, ground at y = 0,
 * the axle of the cranks at z = 0. Pairs are [up, forward].
 */
export const BIKE = {
  bottomBracket: [0.27, 0],
  rearHub: [0.34, -0.41],
  frontHub: [0.34, 0.585],
  crankM: 0.1725,
  wheelM: 0.34,
  /** Half the distance between the middles of the pedals. */
  pedalX: 0.112,
  saddle: [0.985, -0.21],
  /** The middle of the bottle that is drunk from, and the way its neck points. */
  bottle: [0.475, 0.155],
  bottleAxis: [0.76, 0.65],
} as const

/** A body of 1.77 m; `size` in the shader makes it smaller and larger. Legs and arms hang down from their first joint. */
export const BODY = {
  thighM: 0.44,
  shinM: 0.455,
  hipX: 0.088,
  spineM: 0.5,
  shoulderX: 0.172,
  shoulderY: 0.462,
  upperArmM: 0.3,
  forearmM: 0.262,
  /** From the wrist to the middle of what the hand holds. */
  gripM: 0.072,
  /** Where the ankle is, seen from the axle of the pedal: [up, forward]. */
  ankle: [0.108, -0.1],
  neckM: 0.105,
} as const

/** Everything that differs between poses; the shader takes the weighted sum of each line. */
export const POSE_FIELDS = [
  ...(['hipY', 'hipZ', 'pelvis', 'chest'] as const), // heights and angles forward from upright
  ...(['head', 'gripX', 'gripY', 'gripZ'] as const), // head: below level
  ...(['handUp', 'handRoll', 'elbowOut', 'rock'] as const), // hand: above level, palm down 1; elbow: down 0, out 1
  ...(['sway', 'bob', 'tilt', 'foot'] as const), // bicycle leans right by `tilt`; foot 1: the left one on the ground
  ...(['free', 'kneeOut', 'drop', 'shoulders'] as const), // hands off the bars 1; heel dropped; shoulders roll
] as const
export type PoseField = (typeof POSE_FIELDS)[number]

const HOODS = {
  ...{ hipY: 1.072, hipZ: -0.15, pelvis: 0.6, chest: 1.0 },
  ...{ head: 0.16, gripX: 0.212, gripY: 0.988, gripZ: 0.588 },
  ...{ handUp: -0.12, handRoll: 0.12, elbowOut: 0.3, rock: 0.006 },
  ...{ sway: 0.008, bob: 0.002, tilt: 0, foot: 0 },
  ...{ free: 0, kneeOut: 0.06, drop: 0, shoulders: 0.02 },
}

export const POSE_TABLE: Readonly<Record<PoseName, Readonly<Record<PoseField, number>>>> = {
  hoods: HOODS,
  tops: {
    ...HOODS,
    ...{ pelvis: 0.5, chest: 0.84, head: 0.1, gripX: 0.125, gripY: 0.955, gripZ: 0.468 },
    ...{ handUp: -0.35, handRoll: 0.95, elbowOut: 0.55 },
  },
  drops: {
    ...HOODS,
    ...{ pelvis: 0.8, chest: 1.25, head: 0.24, gripX: 0.216, gripY: 0.842, gripZ: 0.598 },
    ...{ handUp: -0.5, handRoll: 0, elbowOut: 0.42 },
  },
  standing: {
    ...HOODS,
    ...{ hipY: 1.088, hipZ: 0.02, pelvis: 0.54, chest: 0.96, head: 0.14 },
    ...{ elbowOut: 0.5, rock: 0.115, sway: 0.035, bob: 0.012, kneeOut: 0.04, shoulders: 0.06 },
  },
  sprint: {
    ...HOODS,
    ...{ hipY: 1.088, hipZ: -0.005, pelvis: 0.86, chest: 1.36, head: 0.36 },
    ...{ gripX: 0.216, gripY: 0.842, gripZ: 0.598, handUp: -0.45, handRoll: 0 },
    ...{ elbowOut: 0.8, rock: 0.17, sway: 0.04, bob: 0.016, shoulders: 0.09 },
  },
  aero: {
    ...HOODS,
    // Hands on the hoods, forearms level: what may be ridden among others.
    ...{ hipZ: -0.13, pelvis: 0.94, chest: 1.46, head: 0.34, gripX: 0.2 },
    ...{ handUp: -0.05, handRoll: 0.1, elbowOut: 0.14, shoulders: 0.008, rock: 0.003 },
  },
  tuck: {
    ...HOODS,
    ...{ hipY: 1.078, hipZ: -0.185, pelvis: 1.0, chest: 1.5, head: 0.42 },
    ...{ gripX: 0.216, gripY: 0.842, gripZ: 0.598, handUp: -0.3, handRoll: 0, elbowOut: 0.06, kneeOut: -0.05 },
  },
  stop: {
    ...HOODS,
    ...{ hipY: 0.965, hipZ: 0.09, pelvis: 0.26, chest: 0.5, head: 0.06 },
    ...{ elbowOut: 0.1, rock: 0, sway: 0, bob: 0, tilt: -0.1, foot: 1, kneeOut: 0.1, shoulders: 0 },
  },
  cheer: {
    ...HOODS,
    ...{ pelvis: 0.2, chest: -0.02, head: -0.2, gripX: 0.45, gripY: 2.03, gripZ: 0.06 },
    ...{ handUp: 1.35, handRoll: 0.5, elbowOut: 1, free: 1, shoulders: 0 },
  },
}

/** How far below level a foot points its toe at a crank angle (0: at the top, then forward), rad. */
export function ankleAt(crankRad: number): number {
  return 0.22 - 0.17 * Math.cos(crankRad - 1)
}
export const ANKLE_GLSL = 'float ankleAt(float a){return .22-.17*cos(a-1.);}'

/** A number as GLSL reads it. */
export const glsl = (value: number): string => {
  const text = String(Math.round(value * 1e5) / 1e5)
  const real = text.includes('.') ? text : `${text}.`
  return value < 0 ? `(${real})` : real
}
export const vec = (...values: readonly number[]): string => `vec${values.length}(${values.map(glsl).join(',')})`
