/** What a vertex hangs on. Bones of the left side are those of the right plus one. */
export const BONE = {
  frame: 0,
  frontWheel: 1,
  rearWheel: 2,
  saddle: 3,
  crank: 4,
  pedal: 6,
  /** On the frame, and only shown with a number. */
  plate: 8,
  bottle: 9,
  /** The body from here on: chains of joints, each vertex measured along its own. */
  torso: 10,
  neck: 11,
  head: 12,
  /** On the head, and only shown with long hair. */
  hair: 13,
  leg: 14,
  shoe: 16,
  arm: 18,
  hand: 20,
  /** A figure of a few triangles that turns to the eye: x is half its width from behind, z from the side. */
  card: 22,
} as const
export const LEFT = 1

/** What colours a vertex. From `black` on: one colour of its own, whoever rides. */
export const TINT = {
  torso: 0,
  arm: 1,
  leg: 2,
  shoe: 3,
  hand: 4,
  head: 5,
  hair: 6,
  helmet: 7,
  glasses: 8,
  frame: 9,
  wheel: 10,
  bottle: 11,
  plate: 12,
  tape: 13,
  finger: 14,
  sole: 15,
  black: 16,
  carbon: 17,
  steel: 18,
  lampFront: 19,
  lampRear: 20,
  screen: 21,
  rubber: 22,
} as const
