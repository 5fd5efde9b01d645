import { en } from './meet.en.ts'
import { inLanguage } from './language.ts'

/** Meet-ups: making one, its page, its bar over the ride. */
export const meetWords = await inLanguage(en, { de: async () => (await import('./meet.de.ts')).de })
