import { inLanguage } from './language.ts'
import { en } from './rides.en.ts'

/** Of rides, and of who rode them: summary, list, profile, garage, account. */
export const rides = await inLanguage(en, { de: async () => (await import('./rides.de.ts')).de })
