import { inLanguage } from './language.ts'
import { en } from './sound.en.ts'

/** Sound of a ride: on, off, how loud. */
export const soundWords = await inLanguage(en, { de: async () => (await import('./sound.de.ts')).de })
