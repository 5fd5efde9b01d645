import type { Row } from '#protocol/ids'
import { encodeZonePoses, ZONE_RIDER_FLAG, type ZonePropWire, type ZoneRiderWire } from '#protocol/zone-poses'
import { createPose } from '#physics/bodies'
import { GRAVITY_MPS2 } from '#physics/constants'
import { TURN } from '#physics/course'
import { lateralLimitM } from '#physics/lanes'
import { shelteredAreaM2 } from '#physics/resistance'
import { RIDER_FLAG } from '#physics/riders'
import { createSurroundings, surround } from '#physics/ground'
import { DT_S } from '#physics/step'
import { windOver } from '#physics/wind'
import { heightJ, kineticJ, Zone, type ZoneVisit } from '#physics/zone'
import { GRAVEL_CRR } from '#physics/zone-ride'
import { acrossOf, lateralOf, placeAbreast, type ZoneSite } from '#physics/zone-site'
import { ZONE_EXIT_REASONS, type ZoneExitReason, type ZoneHost, type ZoneWorld } from './zone-host.ts'

/** A rider faster than this rides past the gate: the first bend lies ten metres behind it. */
export const GATE_SPEED_MAX_MPS = 12
/** Bars turned this far towards the park at its gate are a wish to go in. */
const STEERS_IN = 40
const STEER_MAX = 127

export interface ZoneCounters {
  entered: number
  /** Wished to go in and could not: the park was full, or the rider too fast. */
  turnedAway: number
  readonly exits: Record<ZoneExitReason, number>
}

/**
 * The free-ride zones of a room: takes riders over at the gate, lets them ride, gives them back. Lives beside the world and
 * not in it: a world that is replayed has none, and takes from the journal what this said (docs/physics.md, P83).
 */
export class Zones implements ZoneHost {
  readonly places: readonly { readonly site: ZoneSite; readonly zone: Zone }[]
  readonly counters: ZoneCounters = {
    entered: 0,
    turnedAway: 0,
    exits: Object.fromEntries(ZONE_EXIT_REASONS.map((reason) => [reason, 0])) as Record<ZoneExitReason, number>,
  }
  /** Riders inside, by row; the rider's id tells whether the row is still theirs. */
  readonly #inside = new Map<number, { readonly riderId: number; readonly index: number; readonly visit: ZoneVisit }>()

  readonly #around = createSurroundings()
  readonly #pose = createPose()
  readonly #wind = { eastMps: 0, northMps: 0 }

  constructor(sites: readonly ZoneSite[]) {
    this.places = sites.map((site) => ({ site, zone: new Zone(site.ground) }))
  }

  get riderCount(): number {
    return this.#inside.size
  }

  step(world: ZoneWorld, legsW: ArrayLike<number>): void {
    const { riders, run } = world
    this.#drop(world)
    for (let row = 0; row < riders.count; row++) {
      if (riders.id[row] === 0) continue
      const isInZone = (riders.flags[row]! & RIDER_FLAG.zone) !== 0
      const inside = this.#inside.get(row)
      if (inside !== undefined) {
        inside.visit.rider.powerW = legsW[row]!
        inside.visit.rider.bars = (this.places[inside.index]!.site.side * steerOf(riders.steer[row]!)) / STEER_MAX
        if (run.phase !== 'none') this.#setDown(world, row, 'race')
      } else if (isInZone) this.#setDown(world, row, 'lost')
      else if (run.phase === 'none') this.#meetAtGate(world, row)
    }
    for (const { site, zone } of this.places) {
      if (!isAwake(zone)) continue
      this.#letBlow(world, site, zone)
      zone.step()
    }
    for (const [row, { index, visit }] of this.#inside) {
      if (visit.end === 'gate') this.#letOut(world, row, index, visit)
      else if (visit.end !== undefined) this.#setDown(world, row, visit.end)
    }
  }

  /**
   * The zone as those near it see it, as bytes (protocol/zone-poses.ts); undefined when there is nothing to say. `isWhole`
   * tells of every prop that is not at home, else only of those that move.
   */
  poses(index: number, tick: number, isWhole: boolean): Uint8Array | undefined {
    const { site, zone } = this.places[index]!
    const datumM = site.ground.roadHeightM(0)
    const riders: ZoneRiderWire[] = []
    for (const { riderId, index: where, visit } of this.#inside.values()) {
      if (where === index) riders.push(riderWire(riderId, visit, datumM))
    }
    const props: ZonePropWire[] = []
    const pose = this.#pose
    zone.props.forEach(({ home }, i) => {
      if (!isWhole && zone.isAsleep(i)) return
      zone.readProp(i, pose)
      const aside = Math.abs(pose.x - home.x) + Math.abs(pose.y - home.y) + Math.abs(pose.z - home.z)
      const turned = Math.abs(pose.qx * home.qx + pose.qy * home.qy + pose.qz * home.qz + pose.qw * home.qw)
      if (aside < 0.01 && turned > 0.9999) return
      const { x: u, y: v, z, qx, qy, qz, qw } = pose
      props.push({ index: i, u, v, z: z - datumM, qx, qy, qz, qw })
    })
    if (riders.length === 0 && props.length === 0 && !isWhole) return undefined
    return encodeZonePoses({ tick, zone: index, isWhole, riders, props })
  }

  /** The weather of the room over the park: its wind, unsheltered, and what air and wet ground are like. */
  #letBlow({ course, conditions }: ZoneWorld, site: ZoneSite, zone: Zone): void {
    const { weather, tick } = conditions
    const [around, wind] = [this.#around, this.#wind]
    surround(course, site.entryPlaceM, conditions, around)
    windOver(weather, tick, site.originX, site.originY, wind)
    for (const { rider } of zone.visits) {
      rider.airDensityKgpm3 = around.airDensityKgpm3
      rider.crr = GRAVEL_CRR * around.rollingShare
      rider.windU = wind.eastMps * site.alongX + wind.northMps * site.alongY
      rider.windV = wind.eastMps * site.awayX + wind.northMps * site.awayY
    }
  }

  /** Who left the room, or was stood in a pen, is here no more. */
  #drop({ riders }: ZoneWorld): void {
    for (const [row, { riderId, index }] of this.#inside) {
      if (riders.id[row] === riderId && (riders.flags[row]! & RIDER_FLAG.zone) !== 0) continue
      this.places[index]!.zone.leave(row)
      this.#inside.delete(row)
    }
  }

  #meetAtGate(world: ZoneWorld, row: number): void {
    const { riders, course } = world
    if ((riders.flags[row]! & (RIDER_FLAG.held | RIDER_FLAG.bot | RIDER_FLAG.resting)) !== 0) return
    const speedMps = riders.speedMps[row]!
    const placeM = riders.distanceM[row]! + riders.offsetM[row]!
    this.places.forEach(({ site, zone }, index) => {
      if (riders.way[row] !== site.way) return
      const beyondM = onLap(placeM - site.entryPlaceM, course.isLoop ? course.lengthM : Infinity)
      // In the tick that passed the line; a little more than a tick's way, for Heun's mean may exceed the last speed.
      if (!(beyondM >= 0 && beyondM < speedMps * DT_S)) return
      if (!wishesIn(site.side, riders.turn[row]!, steerOf(riders.steer[row]!))) return
      if (zone.isFull || speedMps > GATE_SPEED_MAX_MPS) {
        this.counters.turnedAway++
        return
      }
      const visit = zone.enter(row, {
        massKg: riders.massKg[row]!,
        dragAreaM2: shelteredAreaM2(riders.cdaM2[row]!, 1),
        airDensityKgpm3: course.airDensityAt(site.entryPlaceM),
        u: site.ground.entryM + beyondM / site.tapePerU,
        v: acrossOf(site, riders.lateralM[row]!),
        headU: 1,
        headV: 0,
        speedMps,
      })
      this.#inside.set(row, { riderId: riders.id[row]!, index, visit })
      this.counters.entered++
      world.zone(row as Row, { kind: 'enter', zoneId: site.id })
    })
  }

  /** Through the gate: at the place they are at, with the speed they have. */
  #letOut(world: ZoneWorld, row: number, index: number, visit: ZoneVisit): void {
    const { site } = this.places[index]!
    const { rider } = visit
    const limitM = lateralLimitM(2 * site.ground.roadHalfM)
    const lateralM = Math.min(limitM, Math.max(-limitM, lateralOf(site, rider.v)))
    const slipJ = 0.5 * rider.massKg * rider.slipMps * rider.slipMps
    this.#giveBack(world, row, {
      reason: 'gate',
      placeM: Math.min(site.exitPlaceM + 1, placeAbreast(site, rider.u)),
      lateralM,
      speedMps: rider.speedMps,
      brakeJ: finite(rider.brakeJ),
      contactJ: finite(rider.contactJ + slipJ),
    })
  }

  /** Standing at the exit; what motion and height there was is booked. */
  #setDown(world: ZoneWorld, row: number, reason: ZoneExitReason): void {
    const inside = this.#inside.get(row)
    const zoneIndex = inside?.index ?? this.#nearest(world, row)
    const { site } = this.places[zoneIndex]!
    const gateM = world.course.heightAt(site.exitPlaceM)
    const visit = inside?.visit
    const givenUpJ = visit === undefined ? 0 : finite(kineticJ(visit)) + finite(heightJ(visit, gateM))
    this.#giveBack(world, row, {
      reason,
      placeM: site.exitPlaceM,
      lateralM: 0,
      speedMps: 0,
      brakeJ: finite(visit?.rider.brakeJ ?? 0) + givenUpJ,
      contactJ: finite(visit?.rider.contactJ ?? 0),
    })
  }

  #giveBack(
    world: ZoneWorld,
    row: number,
    out: {
      readonly reason: ZoneExitReason
      readonly placeM: number
      readonly lateralM: number
      readonly speedMps: number
      readonly brakeJ: number
      readonly contactJ: number
    },
  ): void {
    const { riders, course } = world
    const { placeM, ...rest } = out
    const index = this.#inside.get(row)?.index ?? this.#nearest(world, row)
    const { site, zone } = this.places[index]!
    const wentInM = riders.distanceM[row]! + riders.offsetM[row]!
    // The road between the gates counts as ridden: nobody gains or loses a lap by the park.
    const aheadM = onLap(placeM - wentInM, course.isLoop ? course.lengthM : Infinity)
    zone.leave(row)
    this.#inside.delete(row)
    this.counters.exits[out.reason]++
    const distanceM = Math.max(0, riders.distanceM[row]! + aheadM)
    world.zone(row as Row, { kind: 'exit', zoneId: site.id, distanceM, ...rest })
  }

  /** For a rider this host does not know, after a restart: the zone on whose way they stand. */
  #nearest({ riders }: ZoneWorld, row: number): number {
    return Math.max(
      0,
      this.places.findIndex(({ site }) => site.way === riders.way[row]),
    )
  }
}

function riderWire(riderId: number, { rider }: ZoneVisit, datumM: number): ZoneRiderWire {
  const { u, v, headU, headV, slope, speedMps, turnPs, isFlying, isDown } = rider
  const flags = (isFlying ? ZONE_RIDER_FLAG.flying : 0) | (isDown ? ZONE_RIDER_FLAG.down : 0)
  const lean = Math.atan((turnPs * speedMps) / GRAVITY_MPS2)
  return { riderId, u, v, z: rider.z - datumM, headU, headV, slope, lean, speedMps, flags }
}

function isAwake(zone: Zone): boolean {
  if (zone.visits.length > 0) return true
  for (let i = 0; i < zone.props.length; i++) if (!zone.isAsleep(i)) return true
  return false
}

function wishesIn(side: 1 | -1, turn: number, steer: number): boolean {
  return turn === (side > 0 ? TURN.right : TURN.left) || side * steer >= STEERS_IN
}

/** Bars as a number, whatever was written there. */
function steerOf(steer: number): number {
  return Number.isFinite(steer) ? Math.min(STEER_MAX, Math.max(-STEER_MAX, steer)) : 0
}

/** The shorter way round, on a loop. */
function onLap(gapM: number, lapM: number): number {
  return Number.isFinite(lapM) ? gapM - lapM * Math.round(gapM / lapM) : gapM
}

function finite(joules: number): number {
  return Number.isFinite(joules) ? joules : 0
}
