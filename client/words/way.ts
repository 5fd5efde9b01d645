import { en } from './way.en.ts'
import { inLanguage } from './language.ts'

/** The way in: landing, picker, what this is, what a secure page is for. */
export const wayWords = await inLanguage(en, { de: async () => (await import('./way.de.ts')).de })
