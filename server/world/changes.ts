import type { RiderState } from '#protocol/rider-state'
import { CADENCE_STEP_RPM, type Change, DRAFT_STEP, LINE_STEP_M, type Transfer } from '#protocol/rider-stream'

export type OpenChange = { -readonly [K in keyof Change]: Change[K] }

/** A change to fill again and again. */
export function createChange(): OpenChange {
  return {
    kind: 'change',
    parts: 0,
    placeSteps: 0,
    speedSteps: 0,
    draftSteps: 0,
    lateralSteps: 0,
    lateralSpeedSteps: 0,
    lineSteps: 0,
    powerSteps: 0,
    cadenceSteps: 0,
    heartRateSteps: 0,
    flags: 0,
    turn: 0,
  }
}

/** The states of two tiers differ by little: both are near the truth. Wider than this, m, a rider is told whole. */
const TRANSFER_MOST_M = 8

/** From one tier's state to the other's, both of one tick; undefined where they are too far apart. */
export function transferBetween(from: Readonly<RiderState>, to: Readonly<RiderState>): Transfer | undefined {
  if (Math.abs(to.placeM - from.placeM) > TRANSFER_MOST_M) return undefined
  if (from.flags !== to.flags || from.massKg !== to.massKg || from.cdaM2 !== to.cdaM2) return undefined
  return {
    kind: 'transfer',
    place: Math.round((to.placeM - from.placeM) * 1024),
    speed: Math.round((to.speedMps - from.speedMps) * 16384),
    lateral: Math.round((to.lateralM - from.lateralM) * 1024),
    lateralSpeed: Math.round((to.lateralMps - from.lateralMps) * 1024),
    line: Math.round((to.lineM - from.lineM) / LINE_STEP_M),
    draft: Math.round((to.draftFactor - from.draftFactor) / DRAFT_STEP),
    turn: to.turn,
    power: to.powerW - from.powerW,
    cadence: Math.round((to.cadenceRpm - from.cadenceRpm) / CADENCE_STEP_RPM),
    heartRate: to.heartRateBpm - from.heartRateBpm,
  }
}
