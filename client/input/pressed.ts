import { signal } from '@preact/signals'

/** The button at the handlebar that was pressed last: who gives it something to do presses it first. */
export const pressed = signal<{ readonly name: string; readonly device: string } | undefined>(undefined)
