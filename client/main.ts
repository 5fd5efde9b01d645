import type { ClientClock } from './clock.ts'
import { mountPages } from './pages/app.tsx'
import { registerShell } from './shell/register.ts'
import { language } from './words/language.ts'

/** Puts the client together. The ride itself, with the picture and the network, is loaded when somebody rides. */
const clock: ClientClock = { nowMs: () => performance.now(), wallMs: () => Date.now() }

// Before anything is read aloud: which language this is.
document.documentElement.lang = language()
mountPages(document.querySelector<HTMLElement>('#app')!, clock)
registerShell()
