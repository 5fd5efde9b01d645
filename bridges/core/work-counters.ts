import type { WorkCounter } from './work-gap.ts'

/** Which fields of a device's messages count its work: one line for each profile that does. FTMS and energy in kJ are too coarse for a gap of seconds. */

/** ANT+ power page 0x10 and FE-C page 25. */
export function powerCounter(page: {
  readonly accumulatedPowerW?: number | undefined
  readonly eventCount?: number | undefined
}): WorkCounter | undefined {
  const { accumulatedPowerW: sumW, eventCount: events } = page
  return sumW === undefined || events === undefined ? undefined : { kind: 'power', sumW, events }
}

/** ANT+ power pages 0x11 (wheel) and 0x12 (crank), and FE-C page 26. */
export function torqueCounter(page: {
  readonly accumulatedTorque32?: number | undefined
  readonly period2048?: number | undefined
  readonly wheelPeriod2048?: number | undefined
}): WorkCounter | undefined {
  const { accumulatedTorque32: torque32, period2048, wheelPeriod2048 } = page
  const ticks = period2048 ?? wheelPeriod2048
  return torque32 === undefined || ticks === undefined
    ? undefined
    : { kind: 'torque', torque32, ticks, ticksPerS: 2048 }
}

/** Cycling Power over Bluetooth: torque of the crank or of the wheel, whichever the device says, with that one's time. */
export function cyclingPowerCounter(value: {
  readonly accumulatedTorque32?: number | undefined
  readonly isTorqueFromCrank?: boolean | undefined
  readonly crankTime1024?: number | undefined
  readonly wheelTime2048?: number | undefined
}): WorkCounter | undefined {
  const { accumulatedTorque32: torque32, isTorqueFromCrank, crankTime1024, wheelTime2048 } = value
  const [ticks, ticksPerS] = isTorqueFromCrank === true ? [crankTime1024, 1024] : [wheelTime2048, 2048]
  return torque32 === undefined || ticks === undefined ? undefined : { kind: 'torque', torque32, ticks, ticksPerS }
}
