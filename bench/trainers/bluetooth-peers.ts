/** What a published library makes of a notification, in our names; what it has no name for is left out. */
export interface BluetoothPeer {
  readonly name: string
  /** Each answers the object the library made, so that nothing is thrown away before it is used. */
  bikeData(bytes: Uint8Array): Readonly<Record<string, unknown>>
  power(bytes: Uint8Array): Readonly<Record<string, unknown>>
}

/** The library's name for ours. */
export const BIKE_NAMES: Readonly<Record<string, string>> = {
  speedKmh: 'speed',
  averageSpeedKmh: 'averageSpeed',
  cadenceRpm: 'cadence',
  averageCadenceRpm: 'averageCadence',
  distanceM: 'totalDistance',
  powerW: 'instantaneousPower',
  averagePowerW: 'averagePower',
  energyKcal: 'totalEnergy',
  heartRateBpm: 'heartrate',
  met: 'metabolicEquivalent',
  elapsedS: 'time',
  remainingS: 'remainingTime',
}

/** incyclist-devices: the parsers its sensors call for every notification, without the peripheral around them. */
export async function openIncyclistBluetooth(): Promise<BluetoothPeer | undefined> {
  const folder = new URL('../../node_modules/incyclist-devices/lib/esm/ble/', import.meta.url)
  interface Machine {
    data: object
    indoorBikeDataTruncationLogged: boolean
    parseIndoorBikeData(bytes: Uint8Array): Readonly<Record<string, unknown>>
  }
  interface Meter {
    reset(): void
    parsePower(bytes: Uint8Array): Readonly<Record<string, unknown>>
  }
  try {
    // Its main file first: the sensors' files import each other in a circle that only it untangles.
    await import('incyclist-devices' as string)
    const fm = (await import(new URL('fm/sensor.js', folder).href)) as { default: { prototype: Machine } }
    const cp = (await import(new URL('cp/sensor.js', folder).href)) as { default: { prototype: Meter } }
    const machine = Object.create(fm.default.prototype) as Machine
    machine.indoorBikeDataTruncationLogged = true
    const meter = Object.create(cp.default.prototype) as Meter
    meter.reset()
    return {
      name: 'incyclist-devices 3.0.37',
      bikeData(bytes) {
        machine.data = {}
        return machine.parseIndoorBikeData(bytes)
      },
      power: (bytes) => meter.parsePower(bytes),
    }
  } catch {
    // For developers only: without it there is one row less.
    return undefined
  }
}
