import { en } from './bench.en.ts'
import { inLanguage } from './language.ts'

/** The page that measures what a computer draws. */
export const benchWords = await inLanguage(en, { de: async () => (await import('./bench.de.ts')).de })
