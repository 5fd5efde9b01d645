import { decodeControlRequest, encodeControlAnswer } from '#bridges/core/profiles/control-point'
import { encodeMachineFeature } from '#bridges/core/profiles/machine-feature'
import { GATT } from '#bridges/core/gatt'
import { PROPERTY } from '#bridges/dircon/frame'
import { GattPeripheral, type PeripheralService } from '#bridges/gatt-peripheral'

/** The smallest peripherals that are what they say: for tests and benches of carriers, where physics would only be in the way. */
const { read: READ, write: WRITE, notify: NOTIFY, indicate: INDICATE } = PROPERTY

const has = (uuid: string, properties: number, value: Uint8Array = new Uint8Array(0)) => ({ uuid, properties, value })

/** 10 and 30 km/h: what a spin-down is to reach. */
const SPIN_DOWN_SPEEDS = Uint8Array.of(0xe8, 0x03, 0xb8, 0x0b)

/** A fitness machine that is given control by whoever asks, and takes every target. */
export function machinePeripheral(options: { readonly isReversed?: boolean } = {}): GattPeripheral {
  const features = encodeMachineFeature(['cadence', 'power', 'set-simulation', 'set-power', 'spin-down'])
  const services: PeripheralService[] = [
    {
      uuid: GATT.fitnessMachine,
      characteristics: [
        has(GATT.machineFeature, READ, features),
        has(GATT.indoorBikeData, NOTIFY),
        has(GATT.controlPoint, WRITE | INDICATE),
        has(GATT.machineStatus, NOTIFY),
      ],
    },
    { uuid: GATT.cyclingPower, characteristics: [has(GATT.powerMeasurement, NOTIFY)] },
    { uuid: GATT.battery, characteristics: [has(GATT.batteryLevel, READ | NOTIFY, Uint8Array.of(87))] },
  ]
  const order = (list: PeripheralService[]): PeripheralService[] =>
    options.isReversed === true
      ? list.toReversed().map((s) => ({ ...s, characteristics: s.characteristics.toReversed() }))
      : list
  const gatt = new GattPeripheral(order(services))
  gatt.onWrite = (uuid, bytes) => {
    const request = decodeControlRequest(bytes)
    if (uuid !== GATT.controlPoint || !request.ok) return
    const parameters = request.value.op === 'spin-down' ? SPIN_DOWN_SPEEDS : undefined
    gatt.notify(GATT.controlPoint, encodeControlAnswer(bytes[0]!, 'success', parameters))
  }
  return gatt
}

export const strapPeripheral = (): GattPeripheral =>
  new GattPeripheral([
    { uuid: GATT.heartRate, characteristics: [has(GATT.heartRateMeasurement, NOTIFY)] },
    { uuid: GATT.battery, characteristics: [has(GATT.batteryLevel, READ | NOTIFY, Uint8Array.of(64))] },
  ])

export const meterPeripheral = (): GattPeripheral =>
  new GattPeripheral([{ uuid: GATT.cyclingPower, characteristics: [has(GATT.powerMeasurement, NOTIFY)] }])

/** An older trainer: FE-C pages through a pipe of its own. */
export const fecPeripheral = (): GattPeripheral =>
  new GattPeripheral([{ uuid: GATT.fec, characteristics: [has(GATT.fecNotify, NOTIFY), has(GATT.fecWrite, WRITE)] }])
