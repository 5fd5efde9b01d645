import type { ClientClock } from './clock.ts'
import { mountFilm } from './pages/film-mount.tsx'

/** The page of `npm run demo`: one film in a folder beside it, and no server. */
const clock: ClientClock = { nowMs: () => performance.now(), wallMs: () => Date.now() }

mountFilm(document.querySelector<HTMLElement>('#app')!, clock, 'film')
