import { ankleAt, BIKE, BODY, POSE_FIELDS, POSE_TABLE, type PoseField } from './rider-measures.ts'
import { POSES, type PoseName } from '../world/poses.ts'

/**
 * The joints the shader starts from, worked out here once more in plain numbers, so that a test can ask of every pose
 * whether hands reach the bars and feet the pedals: what a limb is too short for, the shader can only stretch towards.
 */
export interface Reach {
  /** Way from joint to joint as a share of the limb: 1 is straight, more is a hand beside the bars or a foot off the pedal. */
  readonly leftLeg: number
  readonly rightLeg: number
  readonly leftArm: number
  readonly rightArm: number
}

type Point = readonly [x: number, y: number, z: number]

export function reachOf(weights: Partial<Record<PoseName, number>>, crankRad: number, size: number): Reach {
  const field = (name: PoseField): number => {
    let sum = 0
    for (const pose of POSES) sum += (weights[pose] ?? 0) * POSE_TABLE[pose][name]
    return sum
  }
  const value = Object.fromEntries(POSE_FIELDS.map((name) => [name, field(name)])) as Record<PoseField, number>
  const beat = Math.sin(crankRad)
  const tilt = value.tilt - value.rock * beat
  const up = size - 1
  const hip: Point = [
    -value.sway * beat - value.tilt * 0.6,
    value.hipY + up * 0.8 + value.bob * Math.cos(2 * crankRad - 0.9) - 0.004,
    value.hipZ - up * 0.16,
  ]
  const half = 0.5 * BODY.spineM * size
  const [pelvis, chest] = [value.pelvis + up * 0.4, value.chest + up * 0.7]
  const middle: Point = [
    hip[0] + 0.2 * value.sway * beat,
    hip[1] + Math.cos(pelvis) * half,
    hip[2] + Math.sin(pelvis) * half,
  ]
  const top: Point = [
    hip[0] + 0.55 * value.sway * beat,
    middle[1] + Math.cos(chest) * half,
    middle[2] + Math.sin(chest) * half,
  ]
  const leg = (side: 1 | -1): number => {
    const a = crankRad + (side > 0 ? Math.PI : 0)
    const tip = ankleAt(a) + value.drop
    const [au, af] = BODY.ankle
    const pedal = tilted(
      [
        side * BIKE.pedalX,
        BIKE.bottomBracket[0] + BIKE.crankM * Math.cos(a) + au * Math.cos(tip) - af * Math.sin(tip),
        BIKE.crankM * Math.sin(a) + au * Math.sin(tip) + af * Math.cos(tip),
      ],
      tilt,
    )
    const down = side > 0 ? value.foot : 0
    const ground: Point = [0.235, 0.1, 0.02]
    const ankle = [0, 1, 2].map((k) => pedal[k]! + (ground[k]! - pedal[k]!) * down) as unknown as Point
    return far([hip[0] + side * BODY.hipX * size, hip[1], hip[2]], ankle) / ((BODY.thighM + BODY.shinM) * size)
  }
  const arm = (side: 1 | -1): number => {
    const share = BODY.shoulderY / BODY.spineM
    const shoulder = [0, 1, 2].map((k) => {
      const a = hip[k]! + (middle[k]! - hip[k]!) * share
      const b = middle[k]! + (top[k]! - middle[k]!) * share
      return a + (b - a) * share + (k === 0 ? side * BODY.shoulderX * size : 0)
    }) as unknown as Point
    const held: Point = [side * value.gripX, value.gripY, value.gripZ]
    const rocked = tilted(held, tilt)
    const free = [held[0], held[1] + 2.2 * up, held[2]]
    const grip = [0, 1, 2].map((k) => rocked[k]! + (free[k]! - rocked[k]!) * value.free)
    const wrist: Point = [
      grip[0]!,
      grip[1]! - Math.sin(value.handUp) * BODY.gripM,
      grip[2]! - Math.cos(value.handUp) * BODY.gripM,
    ]
    return far(shoulder, wrist) / ((BODY.upperArmM + BODY.forearmM) * size)
  }
  return { leftLeg: leg(1), rightLeg: leg(-1), leftArm: arm(1), rightArm: arm(-1) }
}

function tilted([x, y, z]: Point, a: number): Point {
  return [Math.cos(a) * x - Math.sin(a) * y, Math.sin(a) * x + Math.cos(a) * y, z]
}

function far(a: Point, b: Point): number {
  return Math.sqrt((a[0] - b[0]) ** 2 + (a[1] - b[1]) ** 2 + (a[2] - b[2]) ** 2)
}
