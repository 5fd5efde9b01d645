import type { BridgeClock } from '../core/clock.ts'
import type { DeviceLink, DeviceSink, LegsCommand, Press, TrainerAbilities, TrainerPort } from '../core/devices.ts'
import { FITNESS_EQUIPMENT_TYPE } from '../core/pages/fitness-equipment.ts'
import { SHIFTING_TYPE } from '../core/pages/shifting.ts'
import type { Reading, Source } from '../core/sample.ts'
import { type AntFacts, backgroundOf } from './background.ts'
import { ButtonReader, ShiftReader } from './buttons.ts'
import { requestOf, riderPage } from '../core/fec-pages.ts'
import { FecPort } from '../core/fec-port.ts'
import { fecPage, FecReader } from '../core/fec-reader.ts'
import { type AntKind, antId } from './kinds.ts'
import { type PageReader, readerFor } from './readers.ts'

export interface AntDeviceOptions {
  readonly kind: AntKind
  readonly number: number
  readonly clock: BridgeClock
  /** Acknowledged data to it. */
  readonly transmit: (page: Uint8Array) => void
  readonly onClose: () => void
  readonly riderMassKg?: number | undefined
  readonly bikeMassKg: number
  /** As it said when it was tracked before. */
  readonly abilities?: TrainerAbilities | undefined
}

/** What comes before anybody listens waits, so much of it. */
const EARLY_MAX = 64
/** A trainer is asked what it can so often, this far apart. */
const ASK_MS = 1000
const ASKS_MAX = 2
const ABILITIES_PAGE = 54
const PERCENT = { min: 0, max: 100 }

/** What FE-C trainers must be able to until one says otherwise: the answer to the first request says the truth. */
const PRESUMED: TrainerAbilities = {
  ...{ simulation: true, power: true, resistance: true, spinDown: true },
  resistanceRange: PERCENT,
}

/** One ANT+ device while its channel tracks it. */
export class AntDevice implements DeviceLink {
  readonly id: string
  readonly name: string
  readonly carrier = 'ant'
  readonly source: Source
  readonly brings: readonly string[]
  readonly trainer?: TrainerPort
  readonly #options: AntDeviceOptions
  readonly #reader: PageReader | undefined
  readonly #buttons: { read(page: Uint8Array, atMs: number): LegsCommand | Press | undefined } | undefined
  readonly #fec: { readonly reader: FecReader; readonly port: FecPort } | undefined
  #abilities: TrainerAbilities | undefined
  #facts: AntFacts = {}
  #sink: DeviceSink | undefined
  #early: ((sink: DeviceSink) => void)[] = []
  #isGone = false
  #isRiderTold = false
  #cancelAsk: (() => void) | undefined
  #onAbilities: (() => void) | undefined

  constructor(options: AntDeviceOptions) {
    const { kind, number, clock } = options
    this.#options = options
    this.#abilities = options.abilities
    this.id = antId(kind.type, number)
    this.name = `ANT+ ${kind.name} ${number}`
    this.source = kind.source
    this.brings = kind.brings
    this.#reader = readerFor(kind.type)
    if (kind.isOurs === true) this.#buttons = new ButtonReader()
    if (kind.type === SHIFTING_TYPE) this.#buttons = new ShiftReader()
    if (kind.type !== FITNESS_EQUIPMENT_TYPE) return
    const reader = new FecReader()
    const port = new FecPort({
      clock,
      transmit: options.transmit,
      onAnswer: (answer, atMs) => this.#say((sink) => sink.answered(answer, atMs)),
      onUntaken: (atMs) => this.#say((sink) => sink.controlLost(atMs)),
    })
    this.#fec = { reader, port }
    const abilities = (): TrainerAbilities => this.#abilities ?? PRESUMED
    this.trainer = {
      get abilities() {
        return abilities()
      },
      send: (request) => {
        if (request.op === 'spin-down' && request.startOrIgnore === 1) reader.calibrationAsked()
        port.send(request)
      },
    }
  }

  /** What it said it can; undefined: it has not. */
  get abilities(): TrainerAbilities | undefined {
    return this.#abilities
  }
  get facts(): AntFacts {
    return this.#facts
  }

  /** Asks a trainer what it can; `done` when it said so, or has not for a while. Others are ready at once. */
  ask(done: () => void): void {
    const port = this.#fec?.port
    if (port === undefined || this.#abilities !== undefined) return done()
    let asks = 0
    const end = (): void => {
      this.#cancelAsk?.()
      this.#onAbilities = undefined
      this.#tellRider()
      done()
    }
    const turn = (): void => {
      if (this.#isGone) return
      if (asks >= ASKS_MAX) return end()
      asks++
      port.tell(requestOf(ABILITIES_PAGE))
      this.#cancelAsk = this.#options.clock.after(ASK_MS, turn)
    }
    this.#onAbilities = end
    turn()
  }

  start(sink: DeviceSink): void {
    this.#sink = sink
    const early = this.#early
    this.#early = []
    for (const what of early) what(sink)
  }

  close(): void {
    this.#options.onClose()
  }

  /** Lost: nothing more comes, nothing more is written. */
  gone(): void {
    if (this.#isGone) return
    this.#cancelAsk?.()
    this.#fec?.port.close()
    this.#say((sink) => sink.gone())
    this.#isGone = true
  }

  /** The trainer is set to the flat; for all others there is nothing to take back. */
  release(done: (isFree: boolean) => void): void {
    if (this.#fec === undefined || this.#isGone) done(true)
    else this.#fec.port.release(done)
  }

  takeTransfer(result: 'completed' | 'failed' | 'busy'): void {
    this.#fec?.port.takeTransfer(result)
  }

  takePage(bytes: Uint8Array, atMs: number): void {
    if (this.#isGone) return
    if (this.#fec !== undefined) this.#takeTrainer(bytes, atMs)
    this.#read(this.#reader?.read(bytes, atMs), atMs)
    const command = this.#buttons?.read(bytes, atMs)
    if (command !== undefined)
      this.#say((sink) => ('press' in command ? sink.pressed?.(command, atMs) : sink.command?.(command, atMs)))
    const { batteryPercent, ...facts } = backgroundOf(this.#options.kind.type, bytes)
    this.#facts = { ...this.#facts, ...facts }
    if (batteryPercent !== undefined) this.#say((sink) => sink.battery(batteryPercent))
  }

  #takeTrainer(bytes: Uint8Array, atMs: number): void {
    const page = fecPage(bytes)
    if (page === undefined) return
    const { port, reader } = this.#fec!
    port.takePage(page)
    if (page.page === ABILITIES_PAGE) {
      this.#abilities = {
        simulation: page.hasSimulationMode === 1,
        power: page.hasPowerMode === 1,
        resistance: page.hasResistanceMode === 1,
        // No page says it; a trainer that cannot answers the request with a failure.
        spinDown: true,
        resistanceRange: PERCENT,
      }
      this.#onAbilities?.()
    }
    if (page.page === 25 && page.needsUserConfiguration === 1) this.#tellRider()
    const { reading, calibration } = reader.read(page)
    this.#read(reading, atMs)
    if (calibration !== undefined) this.#say((sink) => sink.calibration?.(calibration, atMs))
  }

  /** Once, if the rider's mass is known: trainers turn a grade into force by it. */
  #tellRider(): void {
    const { riderMassKg, bikeMassKg } = this.#options
    if (riderMassKg === undefined || this.#isRiderTold) return
    this.#isRiderTold = true
    this.#fec?.port.tell(riderPage(riderMassKg, bikeMassKg), (isThere) => (this.#isRiderTold = isThere))
  }

  #read(reading: Reading | undefined, atMs: number): void {
    if (reading !== undefined) this.#say((sink) => sink.reading(reading, atMs))
  }

  #say(what: (sink: DeviceSink) => void): void {
    if (this.#isGone) return
    if (this.#sink !== undefined) what(this.#sink)
    else if (this.#early.length < EARLY_MAX) this.#early.push(what)
  }
}
