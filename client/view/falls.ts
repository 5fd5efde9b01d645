import { Group, InstancedMesh, Matrix4, MeshLambertMaterial, Quaternion, Vector3 } from 'three'
import { createBodies, createPose, type Bodies, type Pose, type PropShape } from '#physics/bodies'
import { createRandom } from '#physics/random'
import { airy, type Air } from './materials.ts'
import type { Spot } from './path.ts'
import { geometryOf } from './piece-mesh.ts'
import { ball, cylinder, merged, painted, sphere } from './solids.ts'

/**
 * Falls, for show only: what the server said is that a rider is down; how it looks is worked out here, with rigid bodies,
 * and nobody else hears of it. Loaded when somebody falls for the first time (zone-layer.ts), so that nobody waits for
 * the engine who sees no fall. A fall is a function of its beginning and the time since: asked again, it is the same.
 */
export interface Fall {
  readonly riderId: number
  /** When it began, s on the clock of the frames. */
  readonly atS: number
  /** Where the wheels were, level heading, speed; in the axes of the picture. */
  readonly x: number
  readonly y: number
  readonly z: number
  readonly dirX: number
  readonly dirZ: number
  readonly speedMps: number
}

export interface Falls {
  readonly group: Group
  begin(fall: Fall): void
  /** Moves every fall to this moment; those that are over are cleared away. */
  update(timeS: number): void
  /** Puts a rider who is falling where they are; answers the lean, NaN for everybody else. */
  place(riderId: number, out: Spot): number
}

const STEP_S = 1 / 60
const LASTS_S = 6
const FALLS_MAX = 4
const STONES = 14
/** Bicycle and rider as one: half length, half width, half height, m. */
const HALF = [0.85, 0.2, 0.72] as const
const FOOT_M = 0.06
const RIDER: PropShape = {
  kind: 'box',
  massKg: 80,
  halfX: HALF[0],
  halfY: HALF[1],
  halfZ: HALF[2],
  feet: [-1, 1].flatMap((x) =>
    [-1, 1].flatMap((y) =>
      [-1, 1].map((z) => [x * (HALF[0] - FOOT_M), y * (HALF[1] - FOOT_M), z * (HALF[2] - FOOT_M), FOOT_M] as const),
    ),
  ),
}
const BOTTLE: PropShape = {
  kind: 'balls',
  massKg: 0.6,
  balls: [],
  feet: [
    [0, 0, -0.07, 0.036],
    [0, 0, 0.07, 0.034],
  ],
}
const STONE: PropShape = { kind: 'balls', massKg: 0.02, balls: [], feet: [[0, 0, 0, 0.02]] }

interface Running {
  readonly fall: Fall
  readonly bodies: Bodies
  readonly rider: number
  readonly bottle: number
  readonly stones: readonly number[]
  steps: number
}

export function createFalls(air: Air): Falls {
  const group = new Group()
  const material = airy(new MeshLambertMaterial({ vertexColors: true }), air, 'falls')
  const bottles = new InstancedMesh(geometryOf(bottle()), material, FALLS_MAX)
  const stones = new InstancedMesh(geometryOf(painted(sphere(0.026, 5, 4), 0x8d7d63)), material, FALLS_MAX * STONES)
  for (const mesh of [bottles, stones]) {
    mesh.frustumCulled = false
    mesh.castShadow = true
    mesh.count = 0
    group.add(mesh)
  }
  const running: Running[] = []
  const pose = createPose()
  const matrix = new Matrix4()
  const turn = new Quaternion()
  const at = new Vector3()
  const one = new Vector3(1, 1, 1)
  const forward = new Vector3()
  const up = new Vector3()
  const left = new Vector3()

  /** From the engine's axes, level x and y and z up, to the picture's, about the place of the fall. */
  const toPicture = (fall: Fall): void => {
    at.set(fall.x + pose.x, fall.y + pose.z, fall.z - pose.y)
    turn.set(pose.qx, pose.qz, -pose.qy, pose.qw)
  }

  const begin = (fall: Fall): Running => {
    const random = createRandom((fall.riderId * 7919) ^ Math.round(fall.x * 64))
    const bodies = createBodies()
    bodies.addFloor()
    const [fx, fy] = [fall.dirX, -fall.dirZ]
    const qw = Math.sqrt(0.5 * (1 + fx))
    const qz = Math.sqrt(Math.max(0, 0.5 * (1 - fx))) * (fy < 0 ? -1 : 1)
    const side = random.fraction() < 0.5 ? -1 : 1
    const put = (shape: PropShape, x: number, y: number, z: number): number =>
      bodies.addProp(shape, { ...createPose(), x, y, z, qz, qw })
    const rider = put(RIDER, 0, 0, HALF[2] + 0.02)
    const v = Math.min(7, Math.max(1.5, fall.speedMps))
    const tip = 2.4 * side
    const spin = (random.fraction() - 0.5) * 2
    bodies.throw(rider, { vx: fx * v, vy: fy * v, vz: 0.9, turnX: fx * tip, turnY: fy * tip, turnZ: spin })
    const bottle = put(BOTTLE, fx * 0.15, fy * 0.15, 0.5)
    const aside = side * (1.2 + random.fraction())
    bodies.throw(bottle, {
      ...{ vx: fx * v * 1.15 - fy * aside, vy: fy * v * 1.15 + fx * aside, vz: 2.6 + random.fraction() },
      ...{ turnX: 9 * random.fraction(), turnY: 14, turnZ: 5 },
    })
    const flying = Array.from({ length: STONES }, () => {
      const stone = put(
        STONE,
        fx * 0.5 + (random.fraction() - 0.5) * 0.5,
        fy * 0.5 + (random.fraction() - 0.5) * 0.5,
        0.05,
      )
      const out = (random.fraction() - 0.5) * 4
      const on = v * (0.5 + 0.7 * random.fraction())
      const motion = { vx: fx * on - fy * out, vy: fy * on + fx * out, vz: 1 + 2.4 * random.fraction() }
      bodies.throw(stone, { ...motion, turnX: 0, turnY: 0, turnZ: 0 })
      return stone
    })
    return { fall, bodies, rider, bottle, stones: flying, steps: 0 }
  }

  const write = (mesh: InstancedMesh, index: number, fall: Fall): void => {
    toPicture(fall)
    mesh.setMatrixAt(index, matrix.compose(at, turn, one))
  }

  return {
    group,
    begin: (fall) => {
      const known = running.findIndex((one_) => one_.fall.riderId === fall.riderId)
      if (known >= 0) running.splice(known, 1)
      if (running.length >= FALLS_MAX) running.shift()
      running.push(begin(fall))
    },
    update: (timeS) => {
      for (let i = running.length - 1; i >= 0; i--) {
        const { fall, steps } = running[i]!
        const due = Math.floor((timeS - fall.atS) / STEP_S)
        if (due > LASTS_S / STEP_S) {
          running.splice(i, 1)
          continue
        }
        // Time that went back is a fall that begins anew: the picture of a moment does not hang on what was drawn before.
        if (due < steps) running[i] = begin(fall)
        for (const now = running[i]!; now.steps < due; now.steps++) now.bodies.step(STEP_S)
      }
      running.forEach(({ fall, bodies, bottle, stones: flying }, i) => {
        bodies.read(bottle, pose)
        write(bottles, i, fall)
        flying.forEach((stone, k) => {
          bodies.read(stone, pose)
          write(stones, i * STONES + k, fall)
        })
      })
      bottles.count = running.length
      stones.count = running.length * STONES
      bottles.instanceMatrix.needsUpdate = true
      stones.instanceMatrix.needsUpdate = true
    },
    place: (riderId, out) => {
      const found = running.find(({ fall }) => fall.riderId === riderId)
      if (found === undefined) return NaN
      found.bodies.read(found.rider, pose)
      toPicture(found.fall)
      return lying(pose, found.fall, out)
    },
  }

  /** A box that tumbled as a bicycle: where its wheels touch, which way it points, how far it leans. */
  function lying(_pose: Pose, fall: Fall, out: Spot): number {
    forward.set(1, 0, 0).applyQuaternion(turn)
    up.set(0, 1, 0).applyQuaternion(turn)
    left.set(0, 0, -1).applyQuaternion(turn)
    const level = Math.sqrt(forward.x * forward.x + forward.z * forward.z) || 1
    out.dirX = forward.x / level
    out.dirZ = forward.z / level
    out.slope = Math.min(0.95, Math.max(-0.95, forward.y))
    out.x = at.x - up.x * HALF[2]
    out.z = at.z - up.z * HALF[2]
    // Never under the ground: on its side a bicycle lies on its bars and pedals.
    out.y = Math.max(fall.y, at.y - up.y * HALF[2])
    return Math.asin(Math.min(1, Math.max(-1, left.y)))
  }
}

function bottle() {
  return merged(
    [
      painted(cylinder(0.035, 0.035, 0.15, 10), 0xf2f2ee),
      painted(cylinder(0.036, 0.036, 0.05, 10).translate(0, -0.03, 0), 0xd9482b),
      painted(cylinder(0.018, 0.03, 0.04, 10).translate(0, 0.09, 0), 0x24262a),
      painted(ball([0, -0.075, 0], [0.034, 0.008, 0.034], 8, 4), 0xf2f2ee),
    ],
    ['position', 'normal', 'color'],
  )
}
