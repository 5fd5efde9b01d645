import type { BridgeClock } from './clock.ts'
import type { DeviceLink, DeviceSink, TrainerAbilities } from './devices.ts'
import { GATT, type GattLink } from './gatt.ts'
import { decodeControlAnswer, encodeControlRequest } from './profiles/control-point.ts'
import { decodeCyclingPower } from './profiles/cycling-power.ts'
import { decodeHeartRate } from './profiles/heart-rate.ts'
import { decodeIndoorBikeData } from './profiles/indoor-bike-data.ts'
import { decodeMachineFeature, decodePowerRange, decodeResistanceRange } from './profiles/machine-feature.ts'
import { decodeMachineStatus, type MachineStatus } from './profiles/machine-status.ts'
import { decodeSpeedCadence } from './profiles/speed-cadence.ts'
import { CRANK_OPTIONS, Revolutions } from './revolutions.ts'
import type { Reading, Source } from './sample.ts'

/** Stamps what has none of its own. */
type SteadyClock = Pick<BridgeClock, 'nowMs'>

/**
 * Whatever services a peripheral has, its bytes become readings, and where it is a trainer requests become writes. Listens
 * before it answers, so that a trainer is told nothing before its answers can be heard; what comes before `start` waits.
 */
export async function gattDevice(link: GattLink, clock: SteadyClock): Promise<DeviceLink> {
  const known = new Set([...link.services.values()].flat())
  const mouth = new Mouth()
  link.onClosed = () => mouth.say((sink) => sink.gone())
  const heard = await listen(link, known, clock, mouth)
  const isTrainer = heard.has(GATT.controlPoint)
  const abilities = isTrainer ? await abilitiesOf(link, known) : undefined
  return {
    id: link.id,
    name: link.name,
    carrier: link.carrier,
    source: sourceOf(known),
    brings: bringsOf(heard),
    ...(abilities === undefined
      ? {}
      : {
          trainer: {
            abilities,
            // A write that fails is one that is never answered.
            send: (request) => void link.write(GATT.controlPoint, encodeControlRequest(request)),
          },
        }),
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

function sourceOf(known: ReadonlySet<string>): Source {
  if (known.has(GATT.indoorBikeData)) return 'trainer'
  if (known.has(GATT.powerMeasurement)) return 'power-meter'
  return known.has(GATT.speedCadenceMeasurement) ? 'cadence-sensor' : 'strap'
}

function bringsOf(known: ReadonlySet<string>): readonly string[] {
  const isTrainer = known.has(GATT.indoorBikeData)
  return [
    ...(isTrainer ? ['power', 'cadence'] : known.has(GATT.powerMeasurement) ? ['power'] : []),
    ...(!isTrainer && known.has(GATT.speedCadenceMeasurement) ? ['cadence'] : []),
    ...(known.has(GATT.heartRateMeasurement) ? ['heart rate'] : []),
    ...(known.has(GATT.controlPoint) ? ['resistance'] : []),
  ]
}

/** What cannot be read is taken as there, but spin-down: the trainer's answer to the first request says the truth. */
async function abilitiesOf(link: GattLink, known: ReadonlySet<string>): Promise<TrainerAbilities> {
  const read = async (uuid: string): Promise<Uint8Array> =>
    (known.has(uuid) ? await link.read(uuid) : undefined) ?? new Uint8Array(0)
  const feature = decodeMachineFeature(await read(GATT.machineFeature))
  const names = feature.ok ? feature.value.names : undefined
  const power = decodePowerRange(await read(GATT.powerRange))
  const resistance = decodeResistanceRange(await read(GATT.resistanceRange))
  return {
    simulation: names?.has('set-simulation') ?? true,
    power: names?.has('set-power') ?? true,
    resistance: names?.has('set-resistance') ?? true,
    spinDown: names?.has('spin-down') ?? false,
    powerRangeW: power.ok ? { min: power.value.minW, max: power.value.maxW } : undefined,
    resistanceRange: resistance.ok ? rangeOf(resistance.value) : undefined,
  }
}

/** Six bytes count tenths, three bytes are the short layout, in tenths too (FTMS 1.0 §4.11, GATT supplement). */
function rangeOf(value: { min?: number; max?: number; minRawU8?: number; maxRawU8?: number }) {
  const min = value.min ?? (value.minRawU8 ?? 0) / 10
  const max = value.max ?? (value.maxRawU8 ?? 0) / 10
  return min < max ? { min, max } : undefined
}

/** Subscribes one after the other (devices with one buffer lose the second question), and says what answered. */
async function listen(
  link: GattLink,
  known: ReadonlySet<string>,
  clock: SteadyClock,
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
  await readings(GATT.heartRateMeasurement, heartReading)
  await readings(GATT.indoorBikeData, bikeReading)
  const cadenceOf = crankCadence()
  // A trainer's own power service says the same watts again; only a pedal or crank has better ones.
  if (!heard.has(GATT.indoorBikeData))
    await readings(GATT.powerMeasurement, (bytes, atMs) => {
      const got = decodeCyclingPower(bytes)
      if (!got.ok) return undefined
      return { source: 'power-meter', powerW: got.value.powerW, cadenceRpm: cadenceOf(got.value, atMs) }
    })
  await readings(GATT.speedCadenceMeasurement, (bytes, atMs) => {
    const got = decodeSpeedCadence(bytes)
    return got.ok ? { source: 'cadence-sensor', cadenceRpm: cadenceOf(got.value, atMs) } : undefined
  })
  await on(GATT.machineStatus, (bytes, atMs) => {
    const got = decodeMachineStatus(bytes)
    if (got.ok) mouth.say((sink) => takeStatus(got.value, sink, atMs))
  })
  await on(GATT.controlPoint, (bytes, atMs) => {
    const got = decodeControlAnswer(bytes)
    if (got.ok) mouth.say((sink) => sink.answered(got.value, atMs))
  })
  return heard
}

function heartReading(bytes: Uint8Array): Reading | undefined {
  const got = decodeHeartRate(bytes)
  return got.ok ? { source: 'strap', heartRateBpm: got.value.heartRateBpm } : undefined
}

function bikeReading(bytes: Uint8Array): Reading | undefined {
  const got = decodeIndoorBikeData(bytes)
  if (!got.ok) return undefined
  const { powerW, cadenceRpm, heartRateBpm, speedKmh } = got.value
  return {
    source: 'trainer',
    powerW,
    cadenceRpm,
    heartRateBpm,
    speedMps: speedKmh === undefined ? undefined : speedKmh / 3.6,
  }
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

function takeStatus(status: MachineStatus, sink: DeviceSink, atMs: number): void {
  if (status.op === 'control-lost') sink.controlLost(atMs)
  if (status.op !== 'spin-down') return
  const event = ([undefined, 'speed-up', 'success', 'failure', 'stop-pedalling'] as const)[status.spinDown]
  if (event !== undefined) sink.calibration?.({ event }, atMs)
}
