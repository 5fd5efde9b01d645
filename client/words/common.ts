import { en } from './common.en.ts'
import { inLanguage } from './language.ts'

/** Words that more than one room uses. */
export const common = await inLanguage(en, { de: async () => (await import('./common.de.ts')).de })
