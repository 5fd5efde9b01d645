import type { LegsCommand, Press, TrainerMode } from './devices.ts'
import type { ButtonState } from './profiles/open-bike-control.ts'

/**
 * Buttons at the handlebar, whoever carries them, as what a rider asks of the legs. A button counts when it goes down; held
 * down or told again it is one press.
 */
const OBC_SHIFT_UP = 0x01
const OBC_SHIFT_DOWN = 0x02
/** A gear of its own number: 2 is the first. */
const OBC_GEAR = 0x03
const OBC_MORE = 0x30
const OBC_LESS = 0x31
const OBC_MODE = 0x38
/** Watts of one press of "more" or "less". */
export const PRESS_W = 5

/** OpenBikeControl: message 01 tells the state of buttons, over BLE and over TCP alike. */
export class OpenBikeButtons {
  readonly #down = new Map<number, number>()

  take(states: readonly ButtonState[]): readonly Press[] {
    const presses: Press[] = []
    for (const { id, state } of states) {
      const before = this.#down.get(id) ?? 0
      this.#down.set(id, state)
      if (state === 0 || state === before) continue
      if (id === OBC_GEAR) {
        if (state >= 2) presses.push({ press: 'gear', gear: state - 1 })
      } else if (before === 0) {
        const press = pressOf(id)
        if (press !== undefined) presses.push(press)
      }
    }
    return presses
  }
}

function pressOf(id: number): Press | undefined {
  if (id === OBC_SHIFT_UP) return { press: 'shift', by: 1 }
  if (id === OBC_SHIFT_DOWN) return { press: 'shift', by: -1 }
  if (id === OBC_MORE) return { press: 'watts', by: PRESS_W }
  if (id === OBC_LESS) return { press: 'watts', by: -PRESS_W }
  return id === OBC_MODE ? { press: 'mode' } : undefined
}

/** ANT+ controls (16), page 73: each command counts once by its sequence. Up and down shift; lap changes the mode. */
export class AntControlButtons {
  #sequence: number | undefined

  take(page: { readonly sequence: number; readonly command: number }): readonly Press[] {
    if (page.sequence === this.#sequence) return []
    this.#sequence = page.sequence
    if (page.command === 0) return [{ press: 'shift', by: 1 }]
    if (page.command === 1) return [{ press: 'shift', by: -1 }]
    return page.command === 36 ? [{ press: 'mode' }] : []
  }
}

/**
 * ANT+ shifting (34), page 1: the bicycle's own gears moved. Their change is ours, as steps: one cog behind is one gear,
 * one ring in front is half of the gears behind. What the first page tells is where it begins.
 */
export class AntShifting {
  #eventCount: number | undefined
  #rear = 0
  #front = 0

  take(page: {
    readonly eventCount: number
    readonly rearGear?: number | undefined
    readonly frontGear?: number | undefined
    readonly rearGears?: number | undefined
  }): readonly Press[] {
    const isFirst = this.#eventCount === undefined
    const isSame = page.eventCount === this.#eventCount
    this.#eventCount = page.eventCount
    const rear = page.rearGear ?? this.#rear
    const front = page.frontGear ?? this.#front
    const by = rear - this.#rear + (front - this.#front) * Math.round((page.rearGears ?? 10) / 2)
    this.#rear = rear
    this.#front = front
    return isFirst || isSame || by === 0 ? [] : [{ press: 'shift', by }]
  }
}

/** A press as a command, by what the legs do now. */
export function commandOf(
  press: Press,
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
