import { GATT } from '#bridges/core/gatt'

/** What the chooser is asked for. UUIDs in full: the browser lets a page see only services that it named. */
export type SensorKind = 'any' | 'trainer' | 'heart-rate' | 'power' | 'cadence' | 'controls'

const FILTERS = {
  trainer: [GATT.fitnessMachine, GATT.fec, GATT.cyclingPower],
  'heart-rate': [GATT.heartRate],
  power: [GATT.cyclingPower],
  cadence: [GATT.speedCadence],
  controls: [GATT.buttons],
} as const satisfies Record<Exclude<SensorKind, 'any'>, readonly string[]>

export const RIDING_SERVICES: readonly string[] = [...new Set(Object.values(FILTERS).flat())]
/** Whatever a device has of these is used: a trainer's heart rate, a meter's cadence, a strap's battery. */
const OPTIONAL_SERVICES = [...RIDING_SERVICES, GATT.battery]

/** A device of this kind, whatever it is called. */
export function choiceOf(kind: SensorKind): RequestDeviceOptions {
  const services = kind === 'any' ? RIDING_SERVICES : FILTERS[kind]
  return { filters: services.map((service) => ({ services: [service] })), optionalServices: [...OPTIONAL_SERVICES] }
}

/** The one device that is called so: its chooser needs one look and one click. */
export const choiceByName = (name: string): RequestDeviceOptions => ({
  filters: [{ name }],
  optionalServices: [...OPTIONAL_SERVICES],
})
