import { OpenBikeButtons } from './buttons.ts'
import type { BridgeClock } from './clock.ts'
import type { DeviceLink, DeviceSink } from './devices.ts'
import { GATT, type GattLink } from './gatt.ts'
import { trainerOf } from './gatt-trainers.ts'
import { decodeBatteryLevel } from './profiles/battery.ts'
import { decodeCyclingPower } from './profiles/cycling-power.ts'
import { decodeHeartRate } from './profiles/heart-rate.ts'
import { IndoorBikeMerger } from './profiles/indoor-bike-merger.ts'
import { decodeButtonStates } from './profiles/open-bike-control.ts'
import { decodeSpeedCadence } from './profiles/speed-cadence.ts'
import { CRANK_OPTIONS, Revolutions } from './revolutions.ts'
import type { Reading, Source } from './sample.ts'
import { plainText } from './text.ts'
import { cyclingPowerCounter } from './work-counters.ts'

/**
 * Whatever services a peripheral has, its bytes become readings, and where it is a trainer requests become writes. Listens
 * before it answers, so that a trainer is told nothing before its answers can be heard; what comes before `start` waits.
 */
export async function gattDevice(link: GattLink, clock: BridgeClock): Promise<DeviceLink> {
  const known = new Set([...link.services.values()].flat())
  const mouth = new Mouth()
  link.onClosed = () => mouth.say((sink) => sink.gone())
  const heard = await listen(link, known, clock, mouth)
  const trainer = await trainerOf({ link, clock, say: (what) => mouth.say(what) }, known)
  return {
    id: link.id,
    name: plainText(link.name),
    carrier: link.carrier,
    source: sourceOf(known),
    brings: bringsOf(heard, { isDriven: trainer !== undefined, isFec: known.has(GATT.fecNotify) }),
    ...(trainer === undefined ? {} : { trainer }),
    start: (sink) => mouth.open(sink),
    close: () => link.close(),
  }
}

/** What a device says; kept until somebody listens. */
class Mouth {
  #sink: DeviceSink | undefined
  #early: ((sink: DeviceSink) => void)[] = []

  say(what: (sink: DeviceSink) => void): void {
    if (this.#sink !== undefined) what(this.#sink)
    else if (this.#early.length < EARLY_MAX) this.#early.push(what)
  }

  open(sink: DeviceSink): void {
    this.#sink = sink
    for (const what of this.#early) what(sink)
    this.#early = []
  }
}
const EARLY_MAX = 64

/** A power service of a trainer that is driven by other means is the trainer's, not a meter's. */
const isTrainer = (known: ReadonlySet<string>): boolean =>
  known.has(GATT.indoorBikeData) || known.has(GATT.fecNotify) || known.has(GATT.wahooControl)

function sourceOf(known: ReadonlySet<string>): Source {
  if (isTrainer(known)) return 'trainer'
  if (known.has(GATT.powerMeasurement)) return 'power-meter'
  if (known.has(GATT.speedCadenceMeasurement)) return 'cadence-sensor'
  return known.has(GATT.heartRateMeasurement) ? 'strap' : 'controls'
}

function bringsOf(
  heard: ReadonlySet<string>,
  { isDriven, isFec }: { readonly isDriven: boolean; readonly isFec: boolean },
): readonly string[] {
  const isBike = heard.has(GATT.indoorBikeData) || (isDriven && isFec)
  return [
    ...(isBike ? ['power', 'cadence'] : heard.has(GATT.powerMeasurement) ? ['power'] : []),
    ...(!isBike && heard.has(GATT.speedCadenceMeasurement) ? ['cadence'] : []),
    ...(heard.has(GATT.heartRateMeasurement) ? ['heart rate'] : []),
    ...(isDriven ? ['resistance'] : []),
    ...(heard.has(GATT.buttonStates) ? ['buttons'] : []),
  ]
}

/** Subscribes one after the other (devices with one buffer lose the second question), and says what answered. */
async function listen(
  link: GattLink,
  known: ReadonlySet<string>,
  clock: BridgeClock,
  mouth: Mouth,
): Promise<ReadonlySet<string>> {
  const heard = new Set<string>()
  const on = async (uuid: string, take: (bytes: Uint8Array, atMs: number) => void): Promise<void> => {
    if (known.has(uuid) && (await link.subscribe(uuid, (bytes, atMs) => take(bytes, atMs ?? clock.nowMs()))))
      heard.add(uuid)
  }
  const readings = (uuid: string, read: (bytes: Uint8Array, atMs: number) => Reading | undefined): Promise<void> =>
    on(uuid, (bytes, atMs) => {
      const reading = read(bytes, atMs)
      if (reading !== undefined) mouth.say((sink) => sink.reading(reading, atMs))
    })
  // A trainer that passes a strap's heart on is no strap: the strap itself comes first.
  const heartSource = isTrainer(known) ? 'trainer' : 'strap'
  await readings(GATT.heartRateMeasurement, (bytes) => heartReading(bytes, heartSource))
  const bike = new IndoorBikeMerger()
  await readings(GATT.indoorBikeData, (bytes) => bikeReading(bike, bytes))
  const cadenceOf = crankCadence()
  // A trainer's own power service says the same watts again; only a pedal or crank has better ones.
  if (!heard.has(GATT.indoorBikeData) && !known.has(GATT.fecNotify))
    await readings(GATT.powerMeasurement, (bytes, atMs) => {
      const got = decodeCyclingPower(bytes)
      if (!got.ok) return undefined
      return {
        source: isTrainer(known) ? 'trainer' : 'power-meter',
        powerW: got.value.powerW,
        cadenceRpm: cadenceOf(got.value, atMs),
        counter: cyclingPowerCounter(got.value),
      }
    })
  await readings(GATT.speedCadenceMeasurement, (bytes, atMs) => {
    const got = decodeSpeedCadence(bytes)
    return got.ok ? { source: 'cadence-sensor', cadenceRpm: cadenceOf(got.value, atMs) } : undefined
  })
  const buttons = new OpenBikeButtons()
  await on(GATT.buttonStates, (bytes, atMs) => {
    const got = decodeButtonStates(bytes)
    if (got.ok) for (const press of buttons.take(got.value)) mouth.say((sink) => sink.pressed?.(press, atMs))
  })
  await on(GATT.batteryLevel, (bytes) => takeBattery(bytes, mouth))
  // It says its battery when that changes, which may be hours from now.
  if (known.has(GATT.batteryLevel)) takeBattery((await link.read(GATT.batteryLevel)) ?? new Uint8Array(0), mouth)
  return heard
}

function takeBattery(bytes: Uint8Array, mouth: Mouth): void {
  const got = decodeBatteryLevel(bytes)
  if (got.ok) mouth.say((sink) => sink.battery(got.value.percent))
}

function heartReading(bytes: Uint8Array, source: Source): Reading | undefined {
  const got = decodeHeartRate(bytes)
  return got.ok ? { source, heartRateBpm: got.value.heartRateBpm } : undefined
}

function bikeReading(bike: IndoorBikeMerger, bytes: Uint8Array): Reading | undefined {
  if (bike.take(bytes) !== 'whole') return undefined
  const { powerW, cadenceRpm, heartRateBpm, speedKmh } = bike.record
  const speedMps = speedKmh === undefined ? undefined : speedKmh / 3.6
  return { source: 'trainer', powerW, cadenceRpm, heartRateBpm, speedMps }
}

/** A crank's counter, kept as long as the link is. */
function crankCadence() {
  const crank = new Revolutions(CRANK_OPTIONS)
  return (got: { crankRevolutions?: number; crankTime1024?: number }, atMs: number): number | undefined => {
    if (got.crankRevolutions === undefined || got.crankTime1024 === undefined) return undefined
    const ratePerS = crank.offer(got.crankRevolutions, got.crankTime1024, atMs)
    return ratePerS === undefined ? undefined : ratePerS * 60
  }
}
