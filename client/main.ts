import type { ClientClock } from './clock.ts'
import { mountPages } from './pages/app.tsx'

/** Puts the client together. The ride itself, with the picture and the network, is loaded when somebody rides. */
const clock: ClientClock = { nowMs: () => performance.now(), wallMs: () => Date.now() }

mountPages(document.querySelector<HTMLElement>('#app')!, clock)
