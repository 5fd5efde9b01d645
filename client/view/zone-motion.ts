import { ZONE_RIDER_FLAG, type ZonePosesMessage, type ZoneRiderWire } from '#protocol/zone-poses'
import type { ZoneSite } from '#physics/zone-site'
import type { PropPose, ZoneRiderPose, ZoneScene } from './zone-types.ts'

/** Shown so far behind the newest tick: two messages lie before and behind, and one may be late. */
const BEHIND_TICKS = 5
/** Beyond the last message a rider goes on straight for so long, then is no longer here. */
const ONWARD_TICKS = 8
const KEPT = 8
const TICK_S = 1 / 20

/**
 * Riders and props of the parks between the server's poses, ten a second: straight lines in time, a little behind it.
 * No prediction is promised here, not for the rider's own legs either.
 */
export class ZoneMotion implements ZoneScene {
  readonly #datumM: readonly number[]
  readonly #messages: ZonePosesMessage[][]
  readonly #props: Map<number, PropPose>[]
  #tick = 0

  constructor(sites: readonly ZoneSite[]) {
    this.#datumM = sites.map(({ ground }) => ground.roadHeightM(0))
    this.#messages = sites.map(() => [])
    this.#props = sites.map(() => new Map())
  }

  /** Who is in a park now, by the newest word: the HUD says so. */
  isInside(riderId: number): boolean {
    return this.#messages.some((list) => list.at(-1)?.riders.some((rider) => rider.riderId === riderId) === true)
  }

  take(message: ZonePosesMessage): void {
    const list = this.#messages[message.zone]
    const props = this.#props[message.zone]
    if (list === undefined || props === undefined) return
    if (list.length > 0 && message.tick <= list.at(-1)!.tick) return
    list.push(message)
    if (list.length > KEPT) list.shift()
    if (message.isWhole) props.clear()
    const datumM = this.#datumM[message.zone]!
    for (const { index, z, ...prop } of message.props) props.set(index, unit({ ...prop, z: z + datumM }))
  }

  /** Before each frame: the newest tick the client believes in, with its fraction. */
  at(tick: number): this {
    this.#tick = tick - BEHIND_TICKS
    return this
  }

  rider(riderId: number): ZoneRiderPose | undefined {
    for (let zone = 0; zone < this.#messages.length; zone++) {
      const pose = this.#riderIn(zone, riderId)
      if (pose !== undefined) return pose
    }
    return undefined
  }

  fallen(): readonly number[] {
    const found: number[] = []
    for (const list of this.#messages) {
      const shown = list.findLast(({ tick }) => tick <= this.#tick)
      for (const { riderId, flags } of shown?.riders ?? []) {
        if ((flags & ZONE_RIDER_FLAG.down) !== 0) found.push(riderId)
      }
    }
    return found
  }

  props(zone: number): readonly (PropPose | undefined)[] {
    const out: (PropPose | undefined)[] = []
    this.#props[zone]?.forEach((pose, index) => (out[index] = pose))
    return out
  }

  #riderIn(zone: number, riderId: number): ZoneRiderPose | undefined {
    const list = this.#messages[zone]!
    let before: ZoneRiderWire | undefined
    let beforeTick = 0
    for (const { tick, riders } of list) {
      const rider = riders.find((one) => one.riderId === riderId)
      if (tick <= this.#tick) {
        before = rider
        beforeTick = tick
        continue
      }
      // Entered or left between two messages: shown where there is a pose, for as long.
      if (before === undefined || rider === undefined) return undefined
      return this.#pose(zone, before, rider, (this.#tick - beforeTick) / (tick - beforeTick))
    }
    if (before === undefined || this.#tick - beforeTick > ONWARD_TICKS) return undefined
    const onM = before.speedMps * (this.#tick - beforeTick) * TICK_S
    return this.#pose(
      zone,
      before,
      { ...before, u: before.u + before.headU * onM, v: before.v + before.headV * onM },
      1,
    )
  }

  #pose(zone: number, a: ZoneRiderWire, b: ZoneRiderWire, share: number): ZoneRiderPose {
    const between = (from: number, to: number) => from + (to - from) * share
    const headU = between(a.headU, b.headU)
    const headV = between(a.headV, b.headV)
    const length = Math.sqrt(headU * headU + headV * headV) || 1
    return {
      zone,
      u: between(a.u, b.u),
      v: between(a.v, b.v),
      z: between(a.z, b.z) + this.#datumM[zone]!,
      headU: headU / length,
      headV: headV / length,
      slope: between(a.slope, b.slope),
      lean: between(a.lean, b.lean),
      speedMps: Math.max(a.speedMps, b.speedMps),
      isDown: (a.flags & ZONE_RIDER_FLAG.down) !== 0,
    }
  }
}

function unit(pose: PropPose): PropPose {
  const { qx, qy, qz, qw } = pose
  const length = Math.sqrt(qx * qx + qy * qy + qz * qz + qw * qw) || 1
  return { ...pose, qx: qx / length, qy: qy / length, qz: qz / length, qw: qw / length }
}
