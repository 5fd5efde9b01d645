import { encodeMachineFeature, encodePowerRange, encodeResistanceRange } from '../core/profiles/machine-feature.ts'
import { TACX_GATT } from '../core/profiles/tacx.ts'
import { GATT } from '../core/gatt.ts'
import { PROPERTY } from '../dircon/frame.ts'
import type { PeripheralCharacteristic, PeripheralService } from '../gatt-peripheral.ts'
import type { Faults } from './faults.ts'

/** What it speaks; `trainer` is FTMS. */
export type Profile = 'trainer' | 'power' | 'heart' | 'cadence' | 'tacx'
export const PROFILES: readonly Profile[] = ['trainer', 'heart', 'power']

export const POWER_RANGE = { minW: 0, maxW: 2000, stepW: 1 }
const BATTERY_SERVICE = '0000180f-0000-1000-8000-00805f9b34fb'
export const BATTERY_LEVEL = '00002a19-0000-1000-8000-00805f9b34fb'
const CADENCE_FEATURE = '00002a5c-0000-1000-8000-00805f9b34fb'

const { read, write, notify } = PROPERTY
const NOTHING = new Uint8Array(0)
const row = (uuid: string, properties: number, value: Uint8Array = NOTHING): PeripheralCharacteristic => ({
  uuid,
  properties,
  value,
})

/** Tenths in one byte each: 0 … 25.5 of a hundred, all that fits. */
const SHORT_RANGE = Uint8Array.of(0, 250, 1)

export function servicesOf(profiles: readonly Profile[], faults: Faults): readonly PeripheralService[] {
  const has = (name: Parameters<Faults['ever']>[0]): boolean => faults.ever(name) !== undefined
  const services: PeripheralService[] = []
  if (profiles.includes('trainer')) services.push(machine(has))
  if (profiles.includes('heart') && !has('no-heart-service'))
    services.push({ uuid: GATT.heartRate, characteristics: [row(GATT.heartRateMeasurement, notify)] })
  if (profiles.includes('power') && !has('no-power-service'))
    services.push({
      uuid: GATT.cyclingPower,
      characteristics: [
        row(GATT.powerMeasurement, notify),
        // Bit 3: crank revolutions.
        row(GATT.powerFeature, read, Uint8Array.of(8, 0, 0, 0)),
        // 0: other.
        row(GATT.sensorLocation, read, Uint8Array.of(0)),
      ],
    })
  if (profiles.includes('cadence'))
    services.push({
      uuid: GATT.speedCadence,
      // Bit 1: crank revolutions.
      characteristics: [row(GATT.speedCadenceMeasurement, notify), row(CADENCE_FEATURE, read, Uint8Array.of(2, 0))],
    })
  if (profiles.includes('tacx'))
    services.push({
      uuid: TACX_GATT.service,
      characteristics: [row(TACX_GATT.notify, notify), row(TACX_GATT.write, write)],
    })
  const battery = faults.ever('battery')
  if (battery !== undefined) {
    const level = row(BATTERY_LEVEL, read | notify, Uint8Array.of(Math.min(Math.max(battery.value, 0), 100)))
    services.push({ uuid: BATTERY_SERVICE, characteristics: [level] })
  }
  if (!has('services-reversed')) return services
  return services.map((s) => ({ ...s, characteristics: s.characteristics.toReversed() })).toReversed()
}

function machine(has: (name: Parameters<Faults['ever']>[0]) => boolean): PeripheralService {
  const features = new Set<Parameters<typeof encodeMachineFeature>[0] extends Iterable<infer N> ? N : never>([
    ...(['cadence', 'power', 'heart-rate', 'resistance'] as const),
    ...(['set-power', 'set-simulation', 'set-resistance', 'spin-down'] as const),
  ])
  if (has('no-spin-down')) features.delete('spin-down')
  if (has('refuse-erg')) features.delete('set-power')
  if (has('refuse-sim')) features.delete('set-simulation')
  const range = has('resistance-u8') ? SHORT_RANGE : encodeResistanceRange({ min: 0, max: 100, step: 1 })
  const rows = [
    row(GATT.machineFeature, read, encodeMachineFeature(features)),
    row(GATT.indoorBikeData, notify),
    ...(has('no-ranges')
      ? []
      : [row(GATT.resistanceRange, read, range), row(GATT.powerRange, read, encodePowerRange(POWER_RANGE))]),
    // The control point indicates; on this carrier apps look for the bit of notifications.
    ...(has('no-control') ? [] : [row(GATT.controlPoint, write | notify)]),
    row(GATT.machineStatus, notify),
  ]
  return { uuid: GATT.fitnessMachine, characteristics: rows }
}
