import { type Decoded, decoded, refused } from '../decoded.ts'

/** OpenBikeControl (MIT specification), service d273f680-d548-419d-b9d1-fa0472345229: message 01, then pairs of button and state. */
const BUTTON_STATE = 0x01
const BUTTON_NAMES: Readonly<Record<number, string>> = { 0x01: 'shift-up', 0x02: 'shift-down' }

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
