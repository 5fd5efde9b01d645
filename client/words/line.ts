import { inLanguage } from './language.ts'
import { en } from './line.en.ts'

/** How the line to the server stands, and why. */
export const line = await inLanguage(en, { de: async () => (await import('./line.de.ts')).de })
