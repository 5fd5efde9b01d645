import { en } from './film.en.ts'
import { inLanguage } from './language.ts'

/** Of films, and of who looks on. */
export const film = await inLanguage(en, { de: async () => (await import('./film.de.ts')).de })
