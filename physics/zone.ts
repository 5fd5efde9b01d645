import { createBodies, createPose, type Bodies, type Motion, type Pose } from './bodies.ts'
import { GRAVITY_MPS2 } from './constants.ts'
import { propShape, sampleGround, isInside, ZONE_RIDERS_MAX, type ZoneGround } from './zone-ground.ts'
import { createZoneLine, type ZoneLine } from './zone-line.ts'
import {
  afterStep,
  beforeStep,
  createAim,
  createZoneRider,
  GRAVEL_CRR,
  inertKg,
  type Aim,
  type ZoneRider,
} from './zone-ride.ts'

/** Steps of the engine in a tick of 1/20 s: sixty a second. */
export const ZONE_SUBSTEPS = 3
const SUBSTEP_S = 1 / 60
const TICK_S = 1 / 20
const CELL_M = 0.5
/** Slower than this for so long is standing in everybody's way. */
const STANDS_MPS = 0.15
const STANDS_S = 6
/** A rider who fell lies there for the look of it. */
const LIES_S = 2
/** On the road again: this far over its edge, riding with it. */
const OVER_EDGE_M = 0.3
const WITH_THE_ROAD = 0.93
/** Who never steered in is let go on after so many metres. */
const PASSES_BY_M = 28
/** What fell through or flew off comes back to its place. */
const PROP_LOST_M = 2.5

export type ZoneEnd = 'gate' | 'stopped' | 'fallen' | 'outside' | 'broken'

export interface ZoneEntry {
  readonly massKg: number
  /** Rider and wheels. */
  readonly dragAreaM2: number
  readonly airDensityKgpm3: number
  readonly u: number
  readonly v: number
  readonly headU: number
  readonly headV: number
  readonly speedMps: number
  readonly crr?: number
}

/** A rider in the park under the key of who brought them: a row of the world. */
export interface ZoneVisit {
  readonly key: number
  readonly body: number
  readonly rider: ZoneRider
  readonly aim: Aim
  /** Ticks since entering, ticks standing, ticks on the ground. */
  ageTicks: number
  stillTicks: number
  lyingTicks: number
  hasBeenInside: boolean
  end: ZoneEnd | undefined
}

interface Prop {
  readonly body: number
  readonly home: Pose
}

/**
 * The park with everything that moves in it. The server's alone: what happens here is not promised to be the same in
 * every engine, so the world is told of nothing but exits, and those are journalled.
 */
export class Zone {
  readonly ground: ZoneGround
  readonly line: ZoneLine
  readonly visits: ZoneVisit[] = []
  readonly props: readonly Prop[]
  /** Props put back to their places so far. */
  propsLost = 0
  readonly #bodies: Bodies
  readonly #pose = createPose()

  constructor(ground: ZoneGround) {
    this.ground = ground
    this.line = createZoneLine(ground)
    this.#bodies = createBodies()
    this.#bodies.addGround(sampleGround(ground, CELL_M))
    for (const wall of ground.walls) this.#bodies.addWall(wall)
    this.props = ground.props.map(({ kind, u, v, z, headU, headV }) => {
      const qw = Math.sqrt(0.5 * (1 + headU))
      const qz = Math.sqrt(0.5 * (1 - headU)) * (headV < 0 ? -1 : 1)
      const home = { ...createPose(), x: u, y: v, z, qz, qw }
      return { body: this.#bodies.addProp(propShape(kind), home), home }
    })
  }

  get bodyCount(): number {
    return this.#bodies.count
  }

  get isFull(): boolean {
    return this.visits.length >= ZONE_RIDERS_MAX
  }

  /** Takes a rider over with the speed they have. Ask `isFull` first. */
  enter(key: number, entry: ZoneEntry): ZoneVisit {
    const z = this.ground.heightAt(entry.u, entry.v)
    const rider = createZoneRider({ crr: GRAVEL_CRR, ...entry, z })
    const visit: ZoneVisit = {
      key,
      body: this.#bodies.addRider(entry.massKg),
      rider,
      aim: createAim(),
      ageTicks: 0,
      stillTicks: 0,
      lyingTicks: 0,
      hasBeenInside: false,
      end: undefined,
    }
    rider.lineIndex = -1
    this.visits.push(visit)
    return visit
  }

  leave(key: number): void {
    const at = this.visits.findIndex((visit) => visit.key === key)
    if (at < 0) return
    this.#bodies.remove(this.visits[at]!.body)
    this.visits.splice(at, 1)
  }

  /** One tick of 1/20 s. Afterwards `visit.end` says who is to leave, and why. */
  step(): void {
    for (let i = 0; i < ZONE_SUBSTEPS; i++) this.#substep()
    for (const visit of this.visits) visit.end = this.#endOf(visit)
    for (const { body, home } of this.props) this.#keep(body, home)
  }

  readProp(index: number, out: Pose): void {
    this.#bodies.read(this.props[index]!.body, out)
  }

  /** Throws a prop: for measurements. */
  knock(index: number, motion: Motion): void {
    this.#bodies.throw(this.props[index]!.body, motion)
  }

  isAsleep(index: number): boolean {
    return this.#bodies.isAsleep(this.props[index]!.body)
  }

  #substep(): void {
    const { ground, line } = this
    const pose = this.#pose
    for (const { rider, aim, body } of this.visits) {
      beforeStep(rider, ground, line, SUBSTEP_S, aim)
      if (isFiniteAim(aim)) this.#bodies.aim(body, aim)
    }
    this.#bodies.step(SUBSTEP_S)
    for (const { rider, aim, body } of this.visits) {
      this.#bodies.read(body, pose)
      afterStep(
        rider,
        ground,
        aim,
        { x: pose.x, y: pose.y, z: pose.z, vx: pose.vx, vy: pose.vy, vz: pose.vz },
        SUBSTEP_S,
      )
    }
  }

  #endOf(visit: ZoneVisit): ZoneEnd | undefined {
    const { rider } = visit
    const { ground } = this
    const { u, v, speedMps, headU } = rider
    visit.ageTicks++
    if (!isFiniteRider(rider)) return 'broken'
    if (!isInside(ground, u, v) || rider.z > ground.heightAt(u, v) + 6) return 'outside'
    if (v > 0.5) visit.hasBeenInside = true
    visit.lyingTicks = rider.isDown ? visit.lyingTicks + 1 : 0
    if (visit.lyingTicks * TICK_S > LIES_S) return 'fallen'
    visit.stillTicks = speedMps < STANDS_MPS ? visit.stillTicks + 1 : 0
    if (visit.stillTicks * TICK_S > STANDS_S) return 'stopped'
    if (v > 0 || rider.isDown || headU <= 0) return undefined
    if (u >= ground.exitM) return 'gate'
    if (!visit.hasBeenInside) return u >= ground.entryM + PASSES_BY_M ? 'gate' : undefined
    const overEdgeM = -v - (ground.apronM - ground.roadHalfM)
    const isOnRoad = overEdgeM > OVER_EDGE_M && headU > WITH_THE_ROAD
    return isOnRoad || v < -ground.apronM ? 'gate' : undefined
  }

  #keep(body: number, home: Pose): void {
    const pose = this.#pose
    this.#bodies.read(body, pose)
    const { lengthM, widthM, heightAt } = this.ground
    const isInPark = pose.x > 0 && pose.x < lengthM && pose.y > -0.6 && pose.y < widthM
    const aboveM = pose.z - heightAt(pose.x, pose.y)
    if (isInPark && aboveM > -0.5 && aboveM < PROP_LOST_M) return
    this.#bodies.rest(body, home)
    this.propsLost++
  }
}

/** Kinetic energy that is given up when a rider is set down standing, J. */
export function kineticJ({ rider }: ZoneVisit): number {
  return 0.5 * inertKg(rider) * rider.speedMps * rider.speedMps
}

/** Height above the gate in joules: what a rider who is set down loses or gains by being carried. */
export function heightJ({ rider }: ZoneVisit, gateHeightM: number): number {
  return rider.massKg * GRAVITY_MPS2 * (rider.z - gateHeightM)
}

function isFiniteAim(aim: Aim): boolean {
  return Number.isFinite(aim.x + aim.y + aim.z + aim.vx + aim.vy + aim.vz + aim.headX + aim.headY)
}

function isFiniteRider({ u, v, z, speedMps, headU, headV, climbMps, slipMps }: ZoneRider): boolean {
  return Number.isFinite(u + v + z + speedMps + headU + headV + climbMps + slipMps)
}
