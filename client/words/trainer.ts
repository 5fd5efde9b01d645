import { inLanguage } from './language.ts'
import { en } from './trainer.en.ts'

/** What every ride says of its trainer; what only who pairs devices reads is in sensors.ts. */
export const trainerWords = await inLanguage(en, { de: async () => (await import('./trainer.de.ts')).de })
