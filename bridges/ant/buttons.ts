import type { LegsCommand, Press } from '../core/devices.ts'
import { controlCommand, decodeControls } from '../core/pages/controls.ts'
import { decodeShifting } from '../core/pages/shifting.ts'

/** The same command number again so soon is the remote saying it again, not a second press. */
const REPEATED_MS = 1000

/** Buttons of the page rather than of the legs, by the names that handlebars have for them. */
const PAGES = { lap: 'lap', select: 'select', back: 'back', home: 'home', start: 'resume', stop: 'pause' } as const

/** A remote's buttons (page 73): up and down shift, the others are the page's. */
export class ButtonReader {
  #last: { readonly sequence: number; readonly atMs: number } | undefined

  read(bytes: Uint8Array, atMs: number): LegsCommand | Press | undefined {
    const got = decodeControls(bytes)
    if (!got.ok || got.value.page !== 73) return undefined
    const { command, sequence = 0 } = got.value
    const last = this.#last
    this.#last = { sequence, atMs }
    if (last !== undefined && last.sequence === sequence && atMs - last.atMs < REPEATED_MS) return undefined
    const pressed = controlCommand(command)
    if (pressed === 'up') return { ask: 'shift', by: 1 }
    if (pressed === 'down') return { ask: 'shift', by: -1 }
    if (pressed === undefined || !(pressed in PAGES)) return undefined
    return { press: 'button', name: PAGES[pressed as keyof typeof PAGES], isDown: true, value: 1 }
  }
}

/** Whose remote it is: page 73 names it, so that one rider's two remotes are two devices. */
export function remoteSerialOf(bytes: Uint8Array): number | undefined {
  const got = decodeControls(bytes)
  return got.ok && got.value.page === 73 ? (got.value.remoteSerial ?? 0) : undefined
}

/**
 * Electronic gears of the bicycle itself: each shift counts one virtual gear the same way. Gears count from the innermost
 * sprocket and the innermost ring, so more is harder on both.
 */
export class ShiftReader {
  #last: { readonly events: number; readonly rear: number | undefined; readonly front: number | undefined } | undefined

  read(bytes: Uint8Array): LegsCommand | undefined {
    const got = decodeShifting(bytes)
    if (!got.ok || got.value.page !== 1) return undefined
    const { eventCount: events = 0, rearGear: rear, frontGear: front } = got.value
    const last = this.#last
    this.#last = { events, rear, front }
    if (last === undefined || last.events === events) return undefined
    const by = difference(rear, last.rear) + Math.sign(difference(front, last.front))
    return by === 0 ? undefined : { ask: 'shift', by }
  }
}

const difference = (now: number | undefined, before: number | undefined): number =>
  now === undefined || before === undefined ? 0 : now - before
