import type { BleAdapter, BlePeripheral } from './adapter.ts'
import type { BleLink } from './link.ts'

/** A peripheral that a bridge had a link to, on this day or another. */
export interface KnownPeripheral {
  /** What the app calls it, on every day. */
  readonly id: string
  /** What the system called it last. Devices with random addresses get a new one now and then. */
  readonly peripheralId: string
  readonly name: string
  /** UUIDs in full, as they were found. */
  readonly services: readonly string[]
}

/** One that the carrier wants a link to, or has one. */
export interface Sensor {
  readonly id: string
  known: KnownPeripheral
  /** As it was seen since the last try; undefined: it has to be seen again. */
  seen: BlePeripheral | undefined
  /** Where the system can, one try without waiting until it is seen. */
  mayRecall: boolean
  link: BleLink | undefined
  /** Tries that failed, though it was in the air. */
  failures: number
  notBeforeMs: number
  /** Since when it is looked for. */
  sinceMs: number
}

/** More than any radio holds: what is beyond it is somebody else's. */
const SENSORS_MAX = 16

/** Who is who: peripherals come and go, sensors stay. */
export class Sensors {
  readonly #all = new Map<string, Sensor>()

  get all(): readonly Sensor[] {
    return [...this.#all.values()]
  }
  get isFull(): boolean {
    return this.#all.size >= SENSORS_MAX
  }
  /** Those that are looked for. */
  get wanted(): readonly Sensor[] {
    return this.all.filter(({ link }) => link === undefined)
  }

  add(known: KnownPeripheral, nowMs: number): Sensor {
    const sensor: Sensor = {
      ...{ id: known.id, known, seen: undefined, mayRecall: true, link: undefined },
      ...{ failures: 0, notBeforeMs: nowMs, sinceMs: nowMs },
    }
    this.#all.set(sensor.id, sensor)
    return sensor
  }

  remove(id: string): Sensor | undefined {
    const sensor = this.#all.get(id)
    this.#all.delete(id)
    return sensor
  }

  /** The sensor that a peripheral is: by its number, else by its name and services where only one is looked for by them. */
  of(peripheral: BlePeripheral): Sensor | undefined {
    const byNumber = this.all.find(({ known }) => known.peripheralId === peripheral.id)
    if (byNumber !== undefined) return byNumber
    const alike = this.wanted.filter(({ known }) => isAlike(known, peripheral))
    const [sensor] = alike
    if (sensor === undefined || alike.length > 1) return undefined
    sensor.known = { ...sensor.known, peripheralId: peripheral.id }
    return sensor
  }

  /** Whose turn it is: who has been seen, then who may be tried unseen; the one that waits longest. */
  next(adapter: BleAdapter, nowMs: number): { sensor: Sensor; peripheral: BlePeripheral; isSeen: boolean } | undefined {
    const due = this.wanted.filter(({ notBeforeMs }) => notBeforeMs <= nowMs)
    const seen = due.filter((sensor) => sensor.seen !== undefined).toSorted((a, b) => a.notBeforeMs - b.notBeforeMs)[0]
    if (seen !== undefined) return { sensor: seen, peripheral: seen.seen!, isSeen: true }
    for (const sensor of due) {
      if (!sensor.mayRecall) continue
      sensor.mayRecall = false
      const peripheral = adapter.recall(sensor.known.peripheralId)
      if (peripheral !== undefined) return { sensor, peripheral, isSeen: false }
    }
    return undefined
  }
}

function isAlike(known: KnownPeripheral, { name, services }: BlePeripheral): boolean {
  if (name === '' || known.name !== name) return false
  return known.services.length === 0 || services.length === 0 || services.some((uuid) => known.services.includes(uuid))
}
