import {
  Body,
  Box,
  ContactMaterial,
  GSSolver,
  Heightfield,
  Material,
  NaiveBroadphase,
  Plane,
  type Narrowphase,
  Sphere,
  Vec3,
  World,
  type Quaternion,
  type Shape,
} from 'cannon-es'
import { GRAVITY_MPS2 } from './constants.ts'

/**
 * Rigid bodies, and the only door to cannon-es 0.20.0. Nothing of the package passes through it, so that another engine
 * could stand behind the same names. Axes: x and y level, z up.
 *
 * Traps of that version, and what is done about them here: `step(dt, since)` and `fixedStep` read a wall clock, so only
 * `step(dt)` is called; a heightfield there is a row of pillars that lets fast bodies through and costs a dozen convex
 * tests for each ball, so a ball meets it by `ballOnGround` below, at any depth; convex against heightfield is dear, so
 * a prop stands on small balls (`feet`) and is hit as a box or as balls; turns by sine and cosine are not the same in
 * every engine, so no result of a step may be replayed: it is journalled (docs/physics.md, P83).
 */
export interface Bodies {
  /** Bodies of every kind, those that never move as well. */
  readonly count: number
  /** Ground as heights at the corners of square cells, from a corner at x, y. */
  addGround(ground: Ground): void
  /** A level floor at height 0, without end. */
  addFloor(): void
  /** What stands for good: a box by its middle and half its sizes, level. */
  addWall(wall: WallShape): void
  /** What can be pushed. */
  addProp(prop: PropShape, at: Pose): number
  /** A rider on a bicycle: three balls that do not turn by themselves and do not fall; `aim` them before each step. */
  addRider(massKg: number): number
  remove(body: number): void
  /** One step of the engine. */
  step(dtS: number): void
  read(body: number, out: Pose): void
  /** Puts a prop somewhere at rest. */
  rest(body: number, at: Pose): void
  /** Throws a body: speed, and turn in rad/s. */
  throw(body: number, motion: Motion): void
  /** Stands a rider on a place with a level heading and a speed, free of gravity for the next step. */
  aim(body: number, aim: RiderAim): void
  isAsleep(body: number): boolean
}

export interface Ground {
  readonly x: number
  readonly y: number
  readonly cellM: number
  readonly columns: number
  readonly rows: number
  /** `columns × rows` heights, column by column: index = column · rows + row. */
  readonly heightM: ArrayLike<number>
}

export interface WallShape {
  readonly x: number
  readonly y: number
  readonly z: number
  readonly halfX: number
  readonly halfY: number
  readonly halfZ: number
}

export type PropShape = {
  readonly massKg: number
  /** What it stands on: small balls, [x, y, z, radius] from its middle. */
  readonly feet: readonly (readonly [number, number, number, number])[]
} & (
  | { readonly kind: 'box'; readonly halfX: number; readonly halfY: number; readonly halfZ: number }
  | { readonly kind: 'balls'; readonly balls: readonly (readonly [number, number, number, number])[] }
)

/** Where a body is, which way round (a unit quaternion), and how fast. */
export interface Pose {
  x: number
  y: number
  z: number
  qx: number
  qy: number
  qz: number
  qw: number
  vx: number
  vy: number
  vz: number
}

export interface Motion {
  readonly vx: number
  readonly vy: number
  readonly vz: number
  readonly turnX: number
  readonly turnY: number
  readonly turnZ: number
}

export interface RiderAim {
  readonly x: number
  readonly y: number
  readonly z: number
  /** Level unit vector of the bicycle. */
  readonly headX: number
  readonly headY: number
  readonly vx: number
  readonly vy: number
  readonly vz: number
}

export function createPose(): Pose {
  return { x: 0, y: 0, z: 0, qx: 0, qy: 0, qz: 0, qw: 1, vx: 0, vy: 0, vz: 0 }
}

/** Who meets whom. Feet meet ground; solid things meet each other. */
const GROUND = 1
const SOLID = 2
const FEET = 4

/** Wheels at half a wheelbase, and the rider above them: x forward, y left, z up, radius, m. */
const RIDER_BALLS = [
  [0.5, 0, 0.34, 0.3],
  [-0.5, 0, 0.34, 0.3],
  [0.05, 0, 1.05, 0.32],
] as const
/** The engine gives each contact the friction of the whole weight: four feet on gravel make 0.7. */
const FRICTION_GROUND = 0.175
const FRICTION_SOLID = 0.25
const SOLVER_ROUNDS = 8

export function createBodies(): Bodies {
  return new CannonBodies()
}

class CannonBodies implements Bodies {
  readonly #world: World
  readonly #bodies = new Map<number, Body>()
  readonly #ground = new Material({})
  readonly #solid = new Material({})
  #next = 1

  constructor() {
    const world = new World({ gravity: new Vec3(0, 0, -GRAVITY_MPS2), allowSleep: true })
    world.broadphase = new NaiveBroadphase() // Forty bodies are 780 pairs: sorting them would cost more.
    world.broadphase.useBoundingBoxes = true // A fence's bounding sphere holds the whole park.
    const solver = new GSSolver()
    solver.iterations = SOLVER_ROUNDS
    world.solver = solver
    const meets = (a: Material, b: Material, friction: number) =>
      world.addContactMaterial(new ContactMaterial(a, b, { friction, restitution: 0.12 }))
    meets(this.#ground, this.#solid, FRICTION_GROUND)
    meets(this.#solid, this.#solid, FRICTION_SOLID)
    world.narrowphase.sphereHeightfield = ballOnGround
    this.#world = world
  }

  get count(): number {
    return this.#world.bodies.length
  }

  addGround({ x, y, cellM, columns, rows, heightM }: Ground): void {
    const data = Array.from({ length: columns }, (_, i) =>
      Array.from({ length: rows }, (__, j) => heightM[i * rows + j]!),
    )
    const shape = new Heightfield(data, { elementSize: cellM })
    this.#addStatic(shape, new Vec3(x, y, 0), GROUND, FEET)
  }

  addFloor(): void {
    this.#addStatic(new Plane(), new Vec3(), GROUND, FEET)
  }

  addWall({ x, y, z, halfX, halfY, halfZ }: WallShape): void {
    this.#addStatic(new Box(new Vec3(halfX, halfY, halfZ)), new Vec3(x, y, z), SOLID, SOLID)
  }

  addProp(prop: PropShape, at: Pose): number {
    const body = new Body({ mass: prop.massKg, material: this.#solid })
    const solids: readonly (readonly [number, number, number, number])[] = prop.kind === 'balls' ? prop.balls : []
    if (prop.kind === 'box') {
      body.addShape(filtered(new Box(new Vec3(prop.halfX, prop.halfY, prop.halfZ)), SOLID, SOLID))
    }
    for (const [x, y, z, radius] of solids) body.addShape(filtered(new Sphere(radius), SOLID, SOLID), new Vec3(x, y, z))
    for (const [x, y, z, radius] of prop.feet) {
      body.addShape(filtered(new Sphere(radius), FEET, GROUND), new Vec3(x, y, z))
    }
    body.collisionFilterGroup = SOLID | FEET
    body.collisionFilterMask = SOLID | GROUND
    body.linearDamping = 0.05
    body.angularDamping = 0.25
    body.allowSleep = true
    body.sleepSpeedLimit = 0.12
    body.sleepTimeLimit = 0.6
    const id = this.#add(body)
    this.rest(id, at)
    return id
  }

  addRider(massKg: number): number {
    const body = new Body({ mass: massKg, material: this.#solid, fixedRotation: true })
    for (const [x, y, z, radius] of RIDER_BALLS) {
      body.addShape(filtered(new Sphere(radius), SOLID, SOLID), new Vec3(x, y, z))
    }
    body.collisionFilterGroup = SOLID
    body.collisionFilterMask = SOLID
    body.linearDamping = 0
    body.allowSleep = false
    body.updateMassProperties()
    return this.#add(body)
  }

  remove(id: number): void {
    const body = this.#bodies.get(id)
    if (body === undefined) return
    this.#world.removeBody(body)
    this.#bodies.delete(id)
  }

  step(dtS: number): void {
    this.#world.step(dtS)
  }

  read(id: number, out: Pose): void {
    const { position, quaternion, velocity } = this.#bodies.get(id)!
    out.x = position.x
    out.y = position.y
    out.z = position.z
    out.qx = quaternion.x
    out.qy = quaternion.y
    out.qz = quaternion.z
    out.qw = quaternion.w
    out.vx = velocity.x
    out.vy = velocity.y
    out.vz = velocity.z
  }

  rest(id: number, at: Pose): void {
    const body = this.#bodies.get(id)!
    body.position.set(at.x, at.y, at.z)
    body.quaternion.set(at.qx, at.qy, at.qz, at.qw)
    body.velocity.setZero()
    body.angularVelocity.setZero()
    body.force.setZero()
    body.torque.setZero()
    body.previousPosition.copy(body.position)
    body.interpolatedPosition.copy(body.position)
    body.aabbNeedsUpdate = true
    body.sleep()
  }

  throw(id: number, { vx, vy, vz, turnX, turnY, turnZ }: Motion): void {
    const body = this.#bodies.get(id)!
    body.wakeUp()
    body.velocity.set(vx, vy, vz)
    body.angularVelocity.set(turnX, turnY, turnZ)
  }

  aim(id: number, { x, y, z, headX, headY, vx, vy, vz }: RiderAim): void {
    const body = this.#bodies.get(id)!
    body.position.set(x, y, z)
    // Half the angle from x to the heading, without asking for the angle: cos² = (1 + c) / 2.
    const qw = Math.sqrt(Math.max(0, 0.5 * (1 + headX)))
    const qz = Math.sqrt(Math.max(0, 0.5 * (1 - headX)))
    body.quaternion.set(0, 0, headY < 0 ? -qz : qz, qw)
    body.velocity.set(vx, vy, vz)
    body.angularVelocity.setZero()
    // The step adds gravity to everything that moves; a rider's comes from the ground below (physics/zone-ride.ts).
    body.force.set(0, 0, body.mass * GRAVITY_MPS2)
    body.aabbNeedsUpdate = true
  }

  isAsleep(id: number): boolean {
    return this.#bodies.get(id)!.sleepState === Body.SLEEPING
  }

  #addStatic(shape: Shape, position: Vec3, group: number, mask: number): void {
    const body = new Body({ mass: 0, material: group === GROUND ? this.#ground : this.#solid })
    body.addShape(filtered(shape, group, mask))
    body.position.copy(position)
    body.collisionFilterGroup = group
    body.collisionFilterMask = mask
    body.aabbNeedsUpdate = true
    this.#world.addBody(body)
  }

  #add(body: Body): number {
    const id = this.#next++
    this.#bodies.set(id, body)
    this.#world.addBody(body)
    return id
  }
}

function filtered<S extends Shape>(shape: S, group: number, mask: number): S {
  shape.collisionFilterGroup = group
  shape.collisionFilterMask = mask
  return shape
}

/** A ball against the triangle of ground below its middle: `this` is the narrow phase, whose pools it fills as its own do. */
function ballOnGround(
  this: Narrowphase,
  ball: Sphere,
  ground: Heightfield,
  ballAt: Vec3,
  groundAt: Vec3,
  _ballTurn: Quaternion,
  _groundTurn: Quaternion,
  ballBody: Body,
  groundBody: Body,
  ballShape?: Shape | null,
  groundShape?: Shape | null,
): void {
  const { data, elementSize } = ground
  const x = (ballAt.x - groundAt.x) / elementSize
  const y = (ballAt.y - groundAt.y) / elementSize
  const i = Math.floor(x)
  const j = Math.floor(y)
  if (!(i >= 0 && j >= 0 && i < data.length - 1 && j < data[0]!.length - 1)) return
  const h00 = data[i]![j]!
  const h10 = data[i + 1]![j]!
  const h01 = data[i]![j + 1]!
  const h11 = data[i + 1]![j + 1]!
  const isLower = x - i + (y - j) <= 1
  const riseX = isLower ? h10 - h00 : h11 - h01
  const riseY = isLower ? h01 - h00 : h11 - h10
  const heightM = isLower ? h00 + riseX * (x - i) + riseY * (y - j) : h11 - riseX * (i + 1 - x) - riseY * (j + 1 - y)
  const slopeX = riseX / elementSize
  const slopeY = riseY / elementSize
  const up = 1 / Math.sqrt(1 + slopeX * slopeX + slopeY * slopeY)
  const awayM = (ballAt.z - groundAt.z - heightM) * up
  if (awayM > ball.radius) return
  const contact = this.createContactEquation(ballBody, groundBody, ball, ground, ballShape, groundShape)
  contact.ni.set(slopeX * up, slopeY * up, -up)
  contact.ni.scale(ball.radius, contact.ri)
  contact.ri.vadd(ballAt, contact.ri)
  contact.ri.vsub(ballBody.position, contact.ri)
  contact.ni.scale(awayM, contact.rj)
  contact.rj.vadd(ballAt, contact.rj)
  contact.rj.vsub(groundBody.position, contact.rj)
  this.result.push(contact)
  this.createFrictionEquationsFromContact(contact, this.frictionResult)
}
