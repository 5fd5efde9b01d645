import type { LegsCommand } from '#bridges/core/devices'

/** Gears above A and D, which steer: E is the harder one, Q the easier one, by where they lie on the keyboard. */
const KEYS: Readonly<Record<string, number>> = { KeyE: 1, KeyQ: -1 }

/** Whom to ask for another gear: the page's devices. */
export interface Shifting {
  ask(command: LegsCommand): string | undefined
}

/** Shifts while it listens; a key held down is one shift. The result ends it. */
export function listenForGears(shifting: Shifting): () => void {
  const onDown = (event: KeyboardEvent): void => {
    const by = KEYS[event.code]
    if (by === undefined || event.repeat || event.ctrlKey || event.metaKey || event.altKey) return
    if (event.target instanceof HTMLElement && event.target.closest('input:not([type=range]), select, textarea')) return
    if (document.querySelector('dialog[open]') === null) shifting.ask({ ask: 'shift', by })
  }
  addEventListener('keydown', onDown)
  return () => removeEventListener('keydown', onDown)
}
