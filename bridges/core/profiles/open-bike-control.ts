import { type Decoded, decoded, refused } from '../decoded.ts'
import { bytesOf, textFrom } from '../text.ts'

/**
 * OpenBikeControl (MIT specification): buttons and knobs on the handlebar, by Bluetooth or over TCP, where the same
 * messages stand one behind the other. The first byte says which.
 */
const BUTTON_STATE = 0x01
const DEVICE_STATUS = 0x02
const HAPTIC = 0x03
const APP_INFORMATION = 0x04

const NAMES = {
  0x01: 'shift-up',
  0x02: 'shift-down',
  0x03: 'gear',
  0x04: 'chainring',
  0x05: 'cassette',
  0x10: 'up',
  0x11: 'down',
  0x12: 'left',
  0x13: 'right',
  0x14: 'select',
  0x15: 'back',
  0x16: 'menu',
  0x17: 'home',
  0x18: 'steer-left',
  0x19: 'steer-right',
  0x1a: 'brake',
  0x1b: 'steering-angle',
  0x20: 'emote',
  0x21: 'talk',
  0x24: 'screenshot',
  0x30: 'harder',
  0x31: 'easier',
  0x32: 'next-interval',
  0x33: 'pause',
  0x34: 'resume',
  0x35: 'lap',
  0x36: 'previous-interval',
  0x37: 'u-turn',
  0x38: 'change-mode',
  0x39: 'break',
  0x3a: 'join-rider',
  0x3b: 'change-route',
  0x3c: 'cruise',
  0x40: 'camera',
  0x44: 'hud',
  0x45: 'map',
  0x46: 'spectate',
  0x50: 'power-up-1',
  0x51: 'power-up-2',
  0x52: 'power-up-3',
} as const satisfies Readonly<Record<number, string>>
export type ButtonName = (typeof NAMES)[keyof typeof NAMES]
export const BUTTON_NAMES: Readonly<Record<number, ButtonName>> = NAMES

export interface ButtonState {
  readonly id: number
  readonly name: string | undefined
  /** 0 released, 1 pressed, more is an analogue value. */
  readonly state: number
}

export function decodeButtonStates(bytes: Uint8Array): Decoded<readonly ButtonState[]> {
  if (bytes.length === 0) return refused('too-short')
  if (bytes[0] !== BUTTON_STATE) return refused('unknown-kind')
  if (bytes.length % 2 === 0) return refused('odd-pair-list')
  const states: ButtonState[] = []
  for (let at = 1; at < bytes.length; at += 2)
    states.push({ id: bytes[at]!, name: BUTTON_NAMES[bytes[at]!], state: bytes[at + 1]! })
  return decoded(states)
}

export function encodeButtonStates(states: readonly { readonly id: number; readonly state: number }[]): Uint8Array {
  return Uint8Array.of(BUTTON_STATE, ...states.flatMap(({ id, state }) => [id, state]))
}

/** What an analogue value means, by the button that has it; undefined: released, or a value without meaning there. */
export type ButtonValue =
  /** From 1. */
  | { readonly position: number }
  /** 1 is one lever pulled whole, 2 is two of them. */
  | { readonly brake: number }
  /** To the right; negative to the left. */
  | { readonly steerDeg: number }
  | { readonly targetW: number }
  /** A plain press, where the button is one. */
  | { readonly isPressed: true }

export function buttonValue({ id, state }: { readonly id: number; readonly state: number }): ButtonValue | undefined {
  if (state === 0) return undefined
  const name = BUTTON_NAMES[id]
  if (name === 'gear' || name === 'chainring' || name === 'cassette')
    return state === 1 ? undefined : { position: state - 1 }
  if (name === 'brake') return { brake: state === 1 ? 1 : Math.min(state - 1, 200) / 100 }
  if (name === 'steering-angle') return state === 1 || state === 0xff ? undefined : { steerDeg: (state - 0x80) / 2 }
  if (name === 'cruise' && state > 1) return state < 0x0a ? undefined : { targetW: state * 5 }
  return { isPressed: true }
}

export interface ControllerStatus {
  /** Undefined: it has no battery, or does not know. */
  readonly batteryPercent: number | undefined
  readonly isReady: boolean
}

export function decodeControllerStatus(bytes: Uint8Array): Decoded<ControllerStatus> {
  if (bytes.length < 3) return refused('too-short')
  if (bytes[0] !== DEVICE_STATUS) return refused('unknown-kind')
  return decoded({ batteryPercent: bytes[1]! > 100 ? undefined : bytes[1], isReady: bytes[2] !== 0 })
}

export const encodeControllerStatus = ({ batteryPercent, isReady }: ControllerStatus): Uint8Array =>
  Uint8Array.of(DEVICE_STATUS, batteryPercent ?? 0xff, isReady ? 1 : 0)

const PATTERNS = ['none', 'short', 'double', 'triple', 'long', 'success', 'warning', 'error'] as const
export type HapticPattern = (typeof PATTERNS)[number]

/** What a hand is to feel; 0 is the device's own measure. */
export interface Haptic {
  readonly pattern: HapticPattern
  /** Tens of milliseconds on the wire, 2550 at most. */
  readonly durationMs: number
  readonly intensity: number
}

export function decodeHaptic(bytes: Uint8Array): Decoded<Haptic> {
  if (bytes.length < 4) return refused('too-short')
  if (bytes[0] !== HAPTIC) return refused('unknown-kind')
  const pattern = PATTERNS[bytes[1]!]
  if (pattern === undefined) return refused('out-of-range')
  return decoded({ pattern, durationMs: bytes[2]! * 10, intensity: bytes[3]! })
}

export function encodeHaptic({ pattern, durationMs, intensity }: Haptic): Uint8Array {
  const tens = Math.min(Math.max(Math.round(durationMs / 10), 0), 255)
  return Uint8Array.of(HAPTIC, PATTERNS.indexOf(pattern), tens, Math.min(Math.max(Math.round(intensity), 0), 255))
}

/** Who speaks, and which buttons mean something to it; none means all. */
export interface AppInformation {
  readonly kind: 'controller' | 'app'
  readonly id: string
  readonly version: string
  readonly buttonIds: readonly number[]
  readonly hints: readonly { readonly id: number; readonly label: string }[]
}

const FORMAT = 1
const TEXT_BYTES_MAX = 32

export function decodeAppInformation(bytes: Uint8Array): Decoded<AppInformation> {
  if (bytes.length < 3) return refused('too-short')
  if (bytes[0] !== APP_INFORMATION) return refused('unknown-kind')
  if (bytes[1] !== FORMAT || bytes[2] === 0 || bytes[2]! > 2) return refused('out-of-range')
  const r = new TextReader(bytes, 3)
  const id = r.text()
  const version = r.text()
  const buttonIds = [...r.take(r.byte())]
  const hints: { id: number; label: string }[] = []
  for (let left = r.byte(); left > 0 && r.error === undefined; left--) hints.push({ id: r.byte(), label: r.text() })
  if (r.error !== undefined) return refused(r.error)
  return decoded({ kind: bytes[2] === 1 ? 'controller' : 'app', id, version, buttonIds, hints })
}

export function encodeAppInformation({ kind, id, version, buttonIds, hints }: AppInformation): Uint8Array {
  const ids = buttonIds.slice(0, 255)
  const labels = hints.slice(0, 255)
  return Uint8Array.of(
    APP_INFORMATION,
    FORMAT,
    kind === 'controller' ? 1 : 2,
    ...shortText(id),
    ...shortText(version),
    ids.length,
    ...ids,
    labels.length,
    ...labels.flatMap((hint) => [hint.id, ...shortText(hint.label)]),
  )
}

/** Length and bytes; a longer text is cut between two characters. */
function shortText(text: string): number[] {
  let cut = text
  let bytes = bytesOf(cut)
  while (bytes.length > TEXT_BYTES_MAX) {
    cut = [...cut].slice(0, -1).join('')
    bytes = bytesOf(cut)
  }
  return [bytes.length, ...bytes]
}

/** Reads on after an error, and yields nothing: the caller asks for it once, at the end. */
class TextReader {
  readonly #bytes: Uint8Array
  #at: number
  error: 'too-short' | 'out-of-range' | 'bad-text' | undefined

  constructor(bytes: Uint8Array, at: number) {
    this.#bytes = bytes
    this.#at = at
  }

  byte(): number {
    return this.take(1)[0] ?? 0
  }

  take(count: number): Uint8Array {
    const end = this.#at + count
    if (end > this.#bytes.length) this.error ??= 'too-short'
    const taken = this.#bytes.subarray(this.#at, end)
    this.#at = end
    return taken
  }

  text(): string {
    const length = this.byte()
    if (length > TEXT_BYTES_MAX) this.error ??= 'out-of-range'
    if (this.error !== undefined) return ''
    const text = textFrom(this.take(length))
    if (text === undefined) this.error ??= 'bad-text'
    return text ?? ''
  }
}

/** One message of a controller, whichever it is. */
export type ControllerMessage =
  | { readonly type: 'buttons'; readonly states: readonly ButtonState[] }
  | ({ readonly type: 'status' } & ControllerStatus)
  | ({ readonly type: 'haptic' } & Haptic)
  | ({ readonly type: 'app' } & AppInformation)

export function decodeControllerMessage(bytes: Uint8Array): Decoded<ControllerMessage> {
  switch (bytes[0]) {
    case undefined:
      return refused('too-short')
    case BUTTON_STATE: {
      const got = decodeButtonStates(bytes)
      return got.ok ? decoded({ type: 'buttons', states: got.value }) : got
    }
    case DEVICE_STATUS: {
      const got = decodeControllerStatus(bytes)
      return got.ok ? decoded({ type: 'status', ...got.value }) : got
    }
    case HAPTIC: {
      const got = decodeHaptic(bytes)
      return got.ok ? decoded({ type: 'haptic', ...got.value }) : got
    }
    case APP_INFORMATION: {
      const got = decodeAppInformation(bytes)
      return got.ok ? decoded({ type: 'app', ...got.value }) : got
    }
    default:
      return refused('unknown-kind')
  }
}

export function encodeControllerMessage(message: ControllerMessage): Uint8Array {
  if (message.type === 'buttons') return encodeButtonStates(message.states)
  if (message.type === 'status') return encodeControllerStatus(message)
  if (message.type === 'haptic') return encodeHaptic(message)
  return encodeAppInformation(message)
}
