import { inLanguage } from './language.ts'
import { en } from './overlay.en.ts'

/** Of the pages one lays over a video. */
export const overlay = await inLanguage(en, { de: async () => (await import('./overlay.de.ts')).de })
