import type { Carrier } from './devices.ts'

/** A peripheral's services as any carrier offers them: the network (DIRCON), the desktop's radio or the browser. UUIDs in full, lower case. */
export interface GattLink {
  /** The same peripheral, the same id, on every day: `dircon:HOST:PORT`, `ble:…`. */
  readonly id: string
  readonly carrier: Carrier
  readonly name: string
  /** Service → its characteristics. */
  readonly services: ReadonlyMap<string, readonly string[]>
  /** undefined: refused, gone or too late. */
  read(characteristic: string): Promise<Uint8Array | undefined>
  write(characteristic: string, bytes: Uint8Array): Promise<boolean>
  /** `atMs`: when the bytes came, where the carrier knows better than the moment of the call. */
  subscribe(characteristic: string, onValue: (bytes: Uint8Array, atMs?: number) => void): Promise<boolean>
  /** Called once, when the link is gone. */
  onClosed: (() => void) | undefined
  close(): void
}

/** What keeps a link: connects, and connects again. */
export interface GattCarrier {
  start(): void
  close(): Promise<void>
}

export interface GattCarrierEvents {
  /** A link is up and its services are known. */
  onLink(link: GattLink): void
  /** What goes on, in words. */
  onState(sentence: string): void
}

const full = (short: string): string => `0000${short}-0000-1000-8000-00805f9b34fb`

export const GATT = {
  fitnessMachine: full('1826'),
  machineFeature: full('2acc'),
  indoorBikeData: full('2ad2'),
  trainingStatus: full('2ad3'),
  resistanceRange: full('2ad6'),
  powerRange: full('2ad8'),
  controlPoint: full('2ad9'),
  machineStatus: full('2ada'),
  cyclingPower: full('1818'),
  powerMeasurement: full('2a63'),
  powerFeature: full('2a65'),
  sensorLocation: full('2a5d'),
  speedCadence: full('1816'),
  speedCadenceMeasurement: full('2a5b'),
  heartRate: full('180d'),
  heartRateMeasurement: full('2a37'),
  battery: full('180f'),
  batteryLevel: full('2a19'),
  /** Tacx FE-C over BLE. */
  fec: '6e40fec1-b5a3-f393-e0a9-e50e24dcca9e',
  fecNotify: '6e40fec2-b5a3-f393-e0a9-e50e24dcca9e',
  fecWrite: '6e40fec3-b5a3-f393-e0a9-e50e24dcca9e',
  /** The Wahoo trainer extension, in the power service. */
  wahooControl: 'a026e005-0a7d-4ab3-97fa-f1500f9feb8b',
  /** OpenBikeControl. */
  buttons: 'd273f680-d548-419d-b9d1-fa0472345229',
  buttonStates: 'd273f681-d548-419d-b9d1-fa0472345229',
} as const
