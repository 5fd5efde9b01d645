import type { ButtonName } from './profiles/open-bike-control.ts'
import type { ControlAnswer, ControlRequest } from './profiles/control-point.ts'
import type { Reading, Source } from './sample.ts'

/**
 * What carriers bring, what a rider asks of their devices, and what a person sees of them. Shapes only: carriers (the radio,
 * the stick, the network, the browser) make a `DeviceLink`, legs.ts holds them, and the page, the bridge's local page and
 * the terminal show the same `LegsState`. All of it but the links is plain data.
 */
export type Carrier = 'bluetooth' | 'network' | 'ant' | 'simulated'
export type Quantity = 'powerW' | 'cadenceRpm' | 'heartRateBpm'

/** One device while its link is up, whatever carries it. */
export interface DeviceLink {
  /** The same device, the same id, on every day: `ble:…`, `ant:17.34211`, `dircon:HOST:PORT`. */
  readonly id: string
  readonly name: string
  readonly carrier: Carrier
  /** What kind of source its readings are, unless one of them says otherwise. */
  readonly source: Source
  /** In words, for the line of the device: "power", "cadence", "heart rate", "resistance". */
  readonly brings?: readonly string[] | undefined
  /** Present: a trainer. An answer comes through the sink, be it made by the carrier; a write that fails is one that is never answered. */
  readonly trainer?: TrainerPort
  /** Readings begin. Where a link outlives who listened, whoever listens next calls it again. */
  start(sink: DeviceSink): void
  close(): void
}

export interface TrainerPort {
  readonly abilities: TrainerAbilities
  send(request: ControlRequest): void
}

/** What a trainer said it can; a range it did not say is undefined. */
export interface TrainerAbilities {
  readonly simulation: boolean
  readonly power: boolean
  readonly resistance: boolean
  readonly spinDown: boolean
  readonly powerRangeW?: { readonly min: number; readonly max: number } | undefined
  /** In the trainer's own steps. */
  readonly resistanceRange?: { readonly min: number; readonly max: number } | undefined
}

/** Where a device says what it has to say; `atMs` on the steady clock of whoever holds the links. */
export interface DeviceSink {
  reading(reading: Reading, atMs: number): void
  answered(answer: ControlAnswer, atMs: number): void
  controlLost(atMs: number): void
  battery(percent: number): void
  /** How a spin-down goes, where the device calibrates. */
  calibration?(event: CalibrationEvent, atMs: number): void
  /** A button at the handlebar went down. */
  pressed?(press: Press, atMs: number): void
  /** What a button stands for. */
  command?(command: LegsCommand, atMs: number): void
  /** The link is gone. The carrier looks for the device again and brings a new link. */
  gone(): void
}

/** A button; what it comes to depends on what the legs do (buttons.ts). */
export type Press =
  /** Of the page, not of the legs: a camera, the bars. `value` beyond 1 is the maker's own choice of several. */
  | { readonly press: 'button'; readonly name: ButtonName; readonly isDown: boolean; readonly value: number }
  | ({ readonly press: 'shift'; readonly by: number } & OfButton)
  | ({ readonly press: 'gear'; readonly gear: number } & OfButton)
  | ({ readonly press: 'watts'; readonly by: number } & OfButton)
  | ({ readonly press: 'mode' } & OfButton)

/** Which button it was: its rider may have given it to something else. */
export interface OfButton {
  readonly name?: ButtonName | undefined
}

/** What a device says of its calibration, whatever its protocol: FTMS status 0x14, FE-C pages 1 and 2. */
export type CalibrationEvent =
  /** It waits for the rider to reach this speed. */
  | { readonly event: 'speed-up'; readonly targetKmh?: { readonly low: number; readonly high: number } | undefined }
  | { readonly event: 'stop-pedalling' }
  | { readonly event: 'success'; readonly spinDownMs?: number | undefined }
  | { readonly event: 'failure' }

/** What the trainer is to do: the road, watts to hold, a resistance, or nothing. */
export type TrainerMode = 'sim' | 'erg' | 'resistance' | 'free'

/** What a rider asks, by a key, a page or handlebar buttons. Numbers out of range are clamped, an unknown device is a complaint. */
export type LegsCommand =
  | { readonly ask: 'mode'; readonly mode: TrainerMode }
  | { readonly ask: 'target'; readonly targetW: number }
  /** 0 … 1 of the trainer's own range. */
  | { readonly ask: 'resistance'; readonly share: number }
  /** Share of the road's grade that reaches the legs, 0 … 1. */
  | { readonly ask: 'difficulty'; readonly share: number }
  /** Virtual gears: so many up or down; `off` takes them out of the chain. */
  | { readonly ask: 'shift'; readonly by: number }
  | { readonly ask: 'gears'; readonly isOn: boolean }
  /** A quantity from this device; without one, from the best. */
  | { readonly ask: 'source'; readonly quantity: Quantity; readonly deviceId?: string | undefined }
  | { readonly ask: 'calibrate'; readonly deviceId: string }
  | { readonly ask: 'stop-calibrating' }
  | { readonly ask: 'forget'; readonly deviceId: string }

/** How a device or a calibration stands. */
export type Level = 'good' | 'working' | 'bad'

export interface DeviceState {
  readonly id: string
  readonly name: string
  readonly carrier: Carrier
  readonly source: Source
  readonly level: Level
  /** "power, cadence, resistance", or what is wrong and what to do about it. */
  readonly words: string
  /** The same one by one; absent while nothing is known of it. */
  readonly brings?: readonly string[] | undefined
  readonly isTrainer: boolean
  readonly canCalibrate: boolean
  readonly batteryPercent?: number | undefined
  /** The newest of each while it is fresh. */
  readonly powerW?: number | undefined
  readonly cadenceRpm?: number | undefined
  readonly heartRateBpm?: number | undefined
}

/** Which device gives a quantity now, and which one the rider chose; undefined: none, and the best. */
export interface SourceState {
  readonly quantity: Quantity
  readonly deviceId?: string | undefined
  readonly chosenId?: string | undefined
}

/** How a trainer stands to what it is asked. */
export type TrainerControl = 'none' | 'asking' | 'held' | 'silent' | 'refused' | 'unsupported'

export interface TrainerState {
  readonly mode: TrainerMode
  readonly control?: TrainerControl | undefined
  /** In words: "the road, 4.2 %", "220 W held", "let go: your cadence fell". */
  readonly words: string
  readonly level: Level
  readonly targetW?: number | undefined
  /** The road under the wheels, in the mode that makes it. */
  readonly gradeFraction?: number | undefined
  /** 0 … 1 of its own range, in the mode that sets it. */
  readonly resistanceShare?: number | undefined
  readonly difficulty: number
  /** 1 … 24; undefined: no virtual gears. */
  readonly gear?: number | undefined
  readonly gearRatio?: number | undefined
}

export type CalibrationStep = 'asking' | 'speeding-up' | 'coasting' | 'succeeded' | 'failed'

/** Why a spin-down came to nothing. */
export type SpinDownFailure =
  | 'not-supported'
  | 'refused'
  | 'no-answer'
  | 'slow'
  | 'no-end'
  | 'trainer'
  | 'stopped'
  | 'gone'

/** A guided spin-down: what the rider is to do now. */
export interface CalibrationState {
  readonly deviceId: string
  readonly step?: CalibrationStep | undefined
  readonly level: Level
  readonly words: string
  readonly targetKmh?: { readonly low: number; readonly high: number } | undefined
  readonly speedKmh?: number | undefined
}

export interface LegsState {
  readonly devices: readonly DeviceState[]
  readonly sources: readonly SourceState[]
  readonly trainer?: TrainerState | undefined
  readonly calibration?: CalibrationState | undefined
}
