import type { BridgeClock } from './clock.ts'
import { inTime } from './clock.ts'
import type { CalibrationEvent, DeviceSink, TrainerAbilities, TrainerPort } from './devices.ts'
import { requestOf } from './fec-pages.ts'
import { FecPort } from './fec-port.ts'
import { fecPage, FecReader } from './fec-reader.ts'
import { GATT, type GattLink } from './gatt.ts'
import { decodeControlAnswer, encodeControlRequest } from './profiles/control-point.ts'
import { decodeMachineFeature, decodePowerRange, decodeResistanceRange } from './profiles/machine-feature.ts'
import { decodeMachineStatus, SPIN_DOWN_STATUS } from './profiles/machine-status.ts'
import { encodeTacxCommand, TacxPages } from './profiles/tacx.ts'
import { WahooPort } from './wahoo-port.ts'

/** How a peripheral is told what to do, and what it says of it: three languages, one of which a trainer speaks. */
export interface TrainerVoice {
  readonly link: GattLink
  readonly clock: BridgeClock
  /** What the device says; kept until somebody listens. */
  readonly say: (what: (sink: DeviceSink) => void) => void
}

const PERCENT = { min: 0, max: 100 } as const

/** FTMS where there is one, for it answers; then FE-C over BLE, then the extension in the power service. */
export async function trainerOf(voice: TrainerVoice, known: ReadonlySet<string>): Promise<TrainerPort | undefined> {
  if (known.has(GATT.controlPoint)) return machine(voice, known)
  if (known.has(GATT.fecNotify) && known.has(GATT.fecWrite)) return tacx(voice)
  return known.has(GATT.wahooControl) ? wahoo(voice) : undefined
}

async function machine(
  { link, say, clock }: TrainerVoice,
  known: ReadonlySet<string>,
): Promise<TrainerPort | undefined> {
  if (known.has(GATT.machineStatus))
    await link.subscribe(GATT.machineStatus, (bytes, givenMs) => {
      const atMs = givenMs ?? clock.nowMs()
      const got = decodeMachineStatus(bytes)
      if (!got.ok) return
      if (got.value.op === 'control-lost') say((sink) => sink.controlLost(atMs))
      const event = got.value.op === 'spin-down' ? SPIN_DOWN_EVENTS[got.value.spinDown] : undefined
      if (event !== undefined) say((sink) => sink.calibration?.({ event }, atMs))
    })
  const isHeard = await link.subscribe(GATT.controlPoint, (bytes, givenMs) => {
    const got = decodeControlAnswer(bytes)
    if (got.ok) say((sink) => sink.answered(got.value, givenMs ?? clock.nowMs()))
  })
  if (!isHeard) return undefined
  return {
    abilities: await abilitiesOf(link, known),
    // A write that fails is one that is never answered.
    send: (request) => void link.write(GATT.controlPoint, encodeControlRequest(request)),
  }
}

/** By the number in status 0x14 (FTMS 1.0 §4.17). */
const SPIN_DOWN_EVENTS: Readonly<Record<number, CalibrationEvent['event']>> = {
  [SPIN_DOWN_STATUS.requested]: 'speed-up',
  [SPIN_DOWN_STATUS.success]: 'success',
  [SPIN_DOWN_STATUS.error]: 'failure',
  [SPIN_DOWN_STATUS.stopPedalling]: 'stop-pedalling',
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

/** A trainer is asked what it can, and waited for so long. */
const ABILITIES_MS = 1500
const ABILITIES_PAGE = 54

/** Whole ANT frames in two characteristics: the pages of FE-C, acknowledged by the link instead of the radio. */
async function tacx({ link, say, clock }: TrainerVoice): Promise<TrainerPort | undefined> {
  const pages = new TacxPages()
  const reader = new FecReader()
  const told = Promise.withResolvers<TrainerAbilities>()
  const port = new FecPort({
    clock,
    transmit: (page) =>
      void link
        .write(GATT.fecWrite, encodeTacxCommand(page))
        .then((isThere) => port.takeTransfer(isThere ? 'completed' : 'failed')),
    onAnswer: (answer, atMs) => say((sink) => sink.answered(answer, atMs)),
    onUntaken: (atMs) => say((sink) => sink.controlLost(atMs)),
  })
  const isHeard = await link.subscribe(GATT.fecNotify, (bytes, givenMs) => {
    const atMs = givenMs ?? clock.nowMs()
    const frame = pages.take(bytes)
    const page = frame && fecPage(frame)
    if (page === undefined) return
    port.takePage(page)
    if (page.page === ABILITIES_PAGE)
      told.resolve({
        simulation: page.hasSimulationMode === 1,
        power: page.hasPowerMode === 1,
        resistance: page.hasResistanceMode === 1,
        ...{ spinDown: true, resistanceRange: PERCENT },
      })
    const { reading, calibration } = reader.read(page)
    if (reading !== undefined) say((sink) => sink.reading(reading, atMs))
    if (calibration !== undefined) say((sink) => sink.calibration?.(calibration, atMs))
  })
  if (!isHeard) return undefined
  port.tell(requestOf(ABILITIES_PAGE))
  // One that does not say has everything until it refuses it.
  const presumed = { simulation: true, power: true, resistance: true, spinDown: true, resistanceRange: PERCENT }
  return {
    abilities: (await inTime(clock, ABILITIES_MS, told.promise)) ?? presumed,
    send(request) {
      if (request.op === 'spin-down' && request.startOrIgnore === 1) reader.calibrationAsked()
      port.send(request)
    },
  }
}

async function wahoo({ link, say, clock }: TrainerVoice): Promise<TrainerPort | undefined> {
  const port = new WahooPort({
    clock,
    write: (bytes) => link.write(GATT.wahooControl, bytes),
    onAnswer: (answer, atMs) => say((sink) => sink.answered(answer, atMs)),
  })
  if (!(await link.subscribe(GATT.wahooControl, (bytes) => port.take(bytes)))) return undefined
  return {
    abilities: { simulation: true, power: true, resistance: true, spinDown: false, resistanceRange: PERCENT },
    send: (request) => void port.send(request),
  }
}
