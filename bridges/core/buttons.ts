import type { LegsCommand, Press, TrainerMode } from './devices.ts'
import { BUTTON_NAMES, type ButtonState } from './profiles/open-bike-control.ts'

/**
 * Buttons at the handlebar, whoever carries them, as what a rider asks of the legs. A button counts when it goes down; held
 * down or told again it is one press. (Those of ANT+ are read in bridges/ant/buttons.ts.)
 */
const OBC_SHIFT_UP = 0x01
const OBC_SHIFT_DOWN = 0x02
/** A gear of its own number: 2 is the first. */
const OBC_GEAR = 0x03
const OBC_MORE = 0x30
const OBC_LESS = 0x31
const OBC_MODE = 0x38
/** Watts of one press of "more" or "less". */
const PRESS_W = 5

/** OpenBikeControl: message 01 tells the state of buttons, over BLE and over TCP alike. */
export class OpenBikeButtons {
  readonly #down = new Map<number, number>()

  take(states: readonly ButtonState[]): readonly Press[] {
    const presses: Press[] = []
    for (const { id, state } of states) {
      const before = this.#down.get(id) ?? 0
      this.#down.set(id, state)
      if (state === before) continue
      const isOfLegs = id === OBC_GEAR || pressOf(id) !== undefined
      const name = BUTTON_NAMES[id]
      if (!isOfLegs && name !== undefined) {
        presses.push({ press: 'button', name, isDown: state !== 0, value: state === 0 ? before : state })
        continue
      }
      if (state === 0) continue
      if (id === OBC_GEAR) {
        if (state >= 2) presses.push({ press: 'gear', gear: state - 1, name })
      } else if (before === 0) {
        const press = pressOf(id)
        if (press !== undefined) presses.push({ ...press, name })
      }
    }
    return presses
  }
}

function pressOf(id: number): Exclude<Press, { readonly press: 'button' }> | undefined {
  if (id === OBC_SHIFT_UP) return { press: 'shift', by: 1 }
  if (id === OBC_SHIFT_DOWN) return { press: 'shift', by: -1 }
  if (id === OBC_MORE) return { press: 'watts', by: PRESS_W }
  if (id === OBC_LESS) return { press: 'watts', by: -PRESS_W }
  return id === OBC_MODE ? { press: 'mode' } : undefined
}

/** A press as a command, by what the legs do now. */
export function commandOf(
  press: Exclude<Press, { readonly press: 'button' }>,
  now: { readonly mode: TrainerMode; readonly gear: number; readonly targetW: number },
): LegsCommand {
  switch (press.press) {
    case 'shift':
      // Where watts are held a gear changes nothing: the levers change the watts.
      return now.mode === 'erg'
        ? { ask: 'target', targetW: now.targetW + press.by * PRESS_W }
        : { ask: 'shift', by: press.by }
    case 'gear':
      return { ask: 'shift', by: press.gear - now.gear }
    case 'watts':
      return { ask: 'target', targetW: now.targetW + press.by }
    case 'mode':
      return { ask: 'mode', mode: now.mode === 'erg' ? 'sim' : 'erg' }
  }
}
