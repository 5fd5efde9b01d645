import type { RiderAim } from './bodies.ts'
import { GRAVITY_MPS2 } from './constants.ts'
import { bearingN, dragN, ROAD_BIKE, rollingN } from './resistance.ts'
import { driveN, pushFloorMps } from './step.ts'
import type { ZoneGround } from './zone-ground.ts'
import { LINE_STEP_M, type ZoneLine } from './zone-line.ts'

/**
 * One rider in the park, one step of the engine long. Along the ground the rider obeys the road's own equations
 * (resistance.ts, step.ts); height is traded for speed exactly, ½ m' Δ(v²) = −m g Δh; sideways a tyre follows its heading
 * and slips only when something pushes it. The engine adds what comes from other bodies, `beforeStep` hands it a speed
 * and `afterStep` takes what is left of it. In the air a rider flies a parabola.
 */
export interface ZoneRider {
  readonly massKg: number
  /** Rider and wheels. */
  readonly dragAreaM2: number
  airDensityKgpm3: number
  crr: number
  /** Where the air goes, m/s in the park's axes. */
  windU: number
  windV: number
  /** Watts at the pedals, and the bars, −1 … 1, left positive in the park's own axes; 0: the house's line. */
  powerW: number
  bars: number
  /** Where the wheels stand, in the park's coordinates. */
  u: number
  v: number
  z: number
  headU: number
  headV: number
  /** Along the ground in the direction of the heading; in the air the level part of it. */
  speedMps: number
  slipMps: number
  climbMps: number
  isFlying: boolean
  /** Turning, rad/s, left positive; and rise over run below the wheels. */
  turnPs: number
  slope: number
  lineIndex: number
  /** Taken away so far: by brakes, and by props, fence, riders and landings; negative when somebody pushed. */
  brakeJ: number
  contactJ: number
  /** Rolling, bearings and air, and what the legs gave to the wheel: for the closure of energy. */
  lossJ: number
  driveJ: number
  /** The hardest blow of the last step, m/s. */
  blowMps: number
  isDown: boolean
}

/** Hard gravel (reference table of docs/physics.md). */
export const GRAVEL_CRR = 0.008
/** Sideways with full bars, and the most a tyre holds on gravel, m/s². */
const BARS_MPS2 = 3.6
const GRIP_MPS2 = 4.2
const TURN_RADIUS_MIN_M = 2.2
const BRAKING_MPS2 = 4
/** How quickly bars turn, 1/s. */
const BARS_RATE_PS = 7
/** A blow that throws a rider off: 4.5 m/s is a wall at walking pace run into at 16 km/h; a landing may be harder. */
const FALL_BLOW_MPS = 4.5
const FALL_LANDING_MPS = 5.5
/** Ground that falls away by more than this in a step is left, m: what the slope below may be wrong by. */
const LEAVES_GROUND_M = 1e-4
const SLOPE_REACH_M = 0.12
/** Sliding on the side, of the ground's grip. */
const SLIDE_MPS2 = 5

export function createZoneRider(
  rider: Pick<
    ZoneRider,
    'massKg' | 'dragAreaM2' | 'airDensityKgpm3' | 'crr' | 'u' | 'v' | 'z' | 'headU' | 'headV' | 'speedMps'
  >,
): ZoneRider {
  return {
    ...rider,
    windU: 0,
    windV: 0,
    powerW: 0,
    bars: 0,
    slipMps: 0,
    climbMps: 0,
    isFlying: false,
    turnPs: 0,
    slope: 0,
    lineIndex: 0,
    brakeJ: 0,
    contactJ: 0,
    lossJ: 0,
    driveJ: 0,
    blowMps: 0,
    isDown: false,
  }
}

export const inertKg = (rider: ZoneRider): number => rider.massKg + ROAD_BIKE.inertiaKg

/** Kinetic energy, wheels included, and height's, J. */
export function energyJ(rider: ZoneRider): number {
  const { massKg, speedMps, slipMps, climbMps, z } = rider
  const wheelsJ = 0.5 * ROAD_BIKE.inertiaKg * speedMps * speedMps
  return (
    0.5 * massKg * (speedMps * speedMps + slipMps * slipMps + climbMps * climbMps) + wheelsJ + massKg * GRAVITY_MPS2 * z
  )
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] }
export type Aim = Mutable<RiderAim>

export function createAim(): Aim {
  return { x: 0, y: 0, z: 0, headX: 1, headY: 0, vx: 0, vy: 0, vz: 0 }
}

/** Bars, legs, brakes, air: the speed with which the rider goes into the engine's step. */
export function beforeStep(rider: ZoneRider, ground: ZoneGround, line: ZoneLine, dtS: number, out: Aim): void {
  if (rider.isDown) slide(rider, dtS)
  else {
    steer(rider, line, dtS)
    if (rider.isFlying) fly(rider, dtS)
    else roll(rider, line, dtS)
  }
  const { headU, headV, speedMps, slipMps } = rider
  let level = speedMps
  if (rider.isFlying) {
    out.vz = rider.climbMps - 0.5 * GRAVITY_MPS2 * dtS // The mean of the step: the parabola, exactly.
  } else {
    rider.slope = slopeAhead(ground, rider)
    const cosine = 1 / Math.sqrt(1 + rider.slope * rider.slope)
    level = speedMps * cosine
    out.vz = level * rider.slope
  }
  out.x = rider.u
  out.y = rider.v
  out.z = rider.z
  out.headX = headU
  out.headY = headV
  out.vx = headU * level - headV * slipMps
  out.vy = headV * level + headU * slipMps
}

export interface Moved {
  readonly x: number
  readonly y: number
  readonly z: number
  readonly vx: number
  readonly vy: number
  readonly vz: number
}

/** What the engine made of it: blows, then the ground. `aim` is what `beforeStep` said. */
export function afterStep(rider: ZoneRider, ground: ZoneGround, aim: Aim, moved: Moved, dtS: number): void {
  rider.blowMps = 0
  rider.u = moved.x
  rider.v = moved.y
  const dx = moved.vx - aim.vx
  const dy = moved.vy - aim.vy
  const dz = moved.vz - aim.vz
  if (dx * dx + dy * dy + dz * dz > 1e-12) takeBlow(rider, aim, dx, dy, dz)
  const heightM = ground.heightAt(rider.u, rider.v)
  if (rider.isFlying) {
    rider.climbMps -= GRAVITY_MPS2 * dtS
    rider.z = moved.z
    if (rider.z <= heightM) land(rider, ground, heightM)
    return
  }
  const ballisticM = rider.z + aim.vz * dtS - 0.5 * GRAVITY_MPS2 * dtS * dtS
  if (ballisticM > heightM + LEAVES_GROUND_M && !rider.isDown) takeOff(rider, aim.vz, ballisticM, dtS)
  else followGround(rider, heightM, dtS)
}

/** The heading turns with the bars, or with the house towards its line. */
function steer(rider: ZoneRider, line: ZoneLine, dtS: number): void {
  const { speedMps } = rider
  let wishPs: number
  if (rider.bars === 0) wishPs = pursue(rider, line)
  else {
    rider.lineIndex = -1
    wishPs = (rider.bars * BARS_MPS2) / Math.max(speedMps, 2.5)
  }
  if (rider.isFlying) wishPs = 0
  const mostPs = Math.min(speedMps / TURN_RADIUS_MIN_M, GRIP_MPS2 / Math.max(speedMps, 0.1))
  wishPs = Math.min(mostPs, Math.max(-mostPs, wishPs))
  rider.turnPs += (wishPs - rider.turnPs) * Math.min(1, BARS_RATE_PS * dtS)
  const turn = rider.turnPs * dtS
  const headU = rider.headU - turn * rider.headV
  const headV = rider.headV + turn * rider.headU
  const length = Math.sqrt(headU * headU + headV * headV)
  rider.headU = headU / length
  rider.headV = headV / length
}

/** Towards the point of the line a little ahead: the arc that leads there. */
function pursue(rider: ZoneRider, line: ZoneLine): number {
  const { u, v, headU, headV, speedMps } = rider
  const aheadM = Math.min(5, Math.max(2.2, 0.6 * speedMps))
  if (rider.lineIndex < 0) {
    // Who comes from beside the line makes for a point of it as far ahead as it is away, and not for the one abreast.
    const nearest = line.nearest(u, v, headU, headV)
    const asideM = Math.abs((line.u[nearest]! - u) * headV - (line.v[nearest]! - v) * headU)
    rider.lineIndex = Math.min(line.count - 1, nearest + Math.ceil((aheadM + 2 * asideM) / LINE_STEP_M))
  }
  while (rider.lineIndex + 1 < line.count) {
    const du = line.u[rider.lineIndex]! - u
    const dv = line.v[rider.lineIndex]! - v
    if (du * du + dv * dv >= aheadM * aheadM) break
    rider.lineIndex++
  }
  const du = line.u[rider.lineIndex]! - u
  const dv = line.v[rider.lineIndex]! - v
  const square = Math.max(1, du * du + dv * dv)
  const across = headU * dv - headV * du
  if (headU * du + headV * dv < 0) return across < 0 ? -9 : 9
  return (2 * across * Math.max(0.5, speedMps)) / square
}

function roll(rider: ZoneRider, line: ZoneLine, dtS: number): void {
  const { massKg, crr } = rider
  const inert = inertKg(rider)
  const wheelW = rider.powerW * ROAD_BIKE.efficiency
  const floorMps = pushFloorMps(wheelW, inert, dtS)
  const sine = rider.slope / Math.sqrt(1 + rider.slope * rider.slope)
  const lossN = (mps: number) => rollingN(massKg, sine, crr) + bearingN(mps) + airN(rider, mps)
  // Heun, as on the road.
  const before = rider.speedMps
  const first = (driveN(before, wheelW, floorMps) - lossN(before)) / inert
  const guessMps = Math.max(0, before + first * dtS)
  const second = (driveN(guessMps, wheelW, floorMps) - lossN(guessMps)) / inert
  let after = Math.max(0, before + 0.5 * (first + second) * dtS)
  const wayM = 0.5 * (before + after) * dtS
  const pushJ = 0.5 * (driveN(before, wheelW, floorMps) + driveN(guessMps, wheelW, floorMps)) * wayM
  rider.driveJ += pushJ
  rider.lossJ += 0.5 * (lossN(before) + lossN(guessMps)) * wayM // Its own force times the way, not what is missing.
  const mostMps = rider.bars === 0 && rider.lineIndex >= 0 ? line.speedMaxMps[rider.lineIndex]! : Infinity
  if (after > mostMps) {
    const braked = Math.max(mostMps, Math.min(after, before) - BRAKING_MPS2 * dtS, 0)
    if (braked < after) {
      rider.brakeJ += 0.5 * inert * (after * after - braked * braked)
      after = braked
    }
  }
  rider.speedMps = after
}

/** No push and no tyre: air alone. */
function fly(rider: ZoneRider, dtS: number): void {
  const { speedMps } = rider
  const after = Math.max(0, speedMps - (airN(rider, speedMps) / inertKg(rider)) * dtS)
  rider.lossJ += airN(rider, speedMps) * 0.5 * (speedMps + after) * dtS
  rider.speedMps = after
  rider.slope = Math.min(1, Math.max(-1, rider.climbMps / Math.max(1, speedMps)))
}

/** The air along the heading, wind included: the road's own law. */
function airN({ windU, windV, headU, headV, dragAreaM2, airDensityKgpm3 }: ZoneRider, speedMps: number): number {
  const alongMps = speedMps - (windU * headU + windV * headV)
  return dragN(alongMps, dragAreaM2, airDensityKgpm3, windU * headV - windV * headU)
}

/** Down, and sliding to a halt. */
function slide(rider: ZoneRider, dtS: number): void {
  rider.turnPs = 0
  if (rider.isFlying) return
  const before = rider.speedMps
  rider.speedMps = Math.max(0, before - SLIDE_MPS2 * dtS)
  rider.contactJ += 0.5 * inertKg(rider) * (before * before - rider.speedMps * rider.speedMps)
}

function takeBlow(rider: ZoneRider, aim: Aim, dx: number, dy: number, dz: number): void {
  const { headU, headV, slope } = rider
  rider.blowMps = Math.sqrt(dx * dx + dy * dy + dz * dz)
  const beforeJ = energyJ(rider)
  const forward = (aim.vx + dx) * headU + (aim.vy + dy) * headV
  const cosine = rider.isFlying ? 1 : 1 / Math.sqrt(1 + slope * slope)
  rider.slipMps = (aim.vy + dy) * headU - (aim.vx + dx) * headV
  rider.speedMps = Math.max(0, forward / cosine)
  if (rider.isFlying) rider.climbMps += dz
  if (rider.blowMps > FALL_BLOW_MPS) rider.isDown = true
  rider.contactJ += beforeJ - energyJ(rider)
}

function takeOff(rider: ZoneRider, climbMps: number, heightM: number, dtS: number): void {
  // The speed along the ground becomes a level and an upright part; the wheels turn on with the level one.
  const beforeJ = energyJ(rider)
  const square = rider.speedMps * rider.speedMps - climbMps * climbMps
  rider.speedMps = Math.sqrt(Math.max(0, square))
  rider.climbMps = climbMps - GRAVITY_MPS2 * dtS
  rider.z = heightM
  rider.isFlying = true
  rider.contactJ += beforeJ - energyJ(rider)
}

/** What goes into the ground is lost in arms and legs; along it the speed goes on. */
function land(rider: ZoneRider, ground: ZoneGround, heightM: number): void {
  const beforeJ = energyJ(rider)
  const { u, v, headU, headV, climbMps } = rider
  const along = slopeOf(ground, u, v, headU, headV)
  const across = slopeOf(ground, u, v, -headV, headU)
  const up = 1 / Math.sqrt(1 + along * along + across * across)
  const intoMps = Math.max(0, (rider.speedMps * along + rider.slipMps * across - climbMps) * up)
  const forward = rider.speedMps - along * up * intoMps
  const square = forward * forward * (1 + along * along) - liftedSquare(rider, heightM - rider.z)
  rider.speedMps = forward > 0 ? Math.sqrt(Math.max(0, square)) : 0
  rider.slipMps -= across * up * intoMps
  rider.z = heightM
  rider.climbMps = 0
  rider.isFlying = false
  rider.slope = along
  rider.blowMps = Math.max(rider.blowMps, intoMps)
  if (intoMps > FALL_LANDING_MPS) rider.isDown = true
  rider.contactJ += beforeJ - energyJ(rider)
}

function liftedSquare(rider: ZoneRider, upM: number): number {
  return (2 * GRAVITY_MPS2 * upM * rider.massKg) / inertKg(rider)
}

/** Height for speed, to the joule; a tyre that was pushed aside slides until its grip has stopped it. */
function followGround(rider: ZoneRider, heightM: number, dtS: number): void {
  const square = rider.speedMps * rider.speedMps - liftedSquare(rider, heightM - rider.z)
  rider.z = heightM
  rider.climbMps = 0
  if (square < 0) rider.brakeJ += 0.5 * inertKg(rider) * square // Held where it stands: less than a joule, given.
  rider.speedMps = Math.sqrt(Math.max(0, square))
  if (rider.slipMps === 0) return
  const most = GRIP_MPS2 * dtS
  const slip = Math.max(0, Math.abs(rider.slipMps) - most) * Math.sign(rider.slipMps)
  rider.contactJ += 0.5 * rider.massKg * (rider.slipMps * rider.slipMps - slip * slip)
  rider.slipMps = slip
}

function slopeAhead(ground: ZoneGround, { u, v, headU, headV }: ZoneRider): number {
  return slopeOf(ground, u, v, headU, headV)
}

function slopeOf(ground: ZoneGround, u: number, v: number, du: number, dv: number): number {
  const reach = SLOPE_REACH_M
  const rise = ground.heightAt(u + du * reach, v + dv * reach) - ground.heightAt(u - du * reach, v - dv * reach)
  return rise / (2 * reach)
}
