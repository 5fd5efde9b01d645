import { inLanguage } from './language.ts'
import { en } from './roads.en.ts'

/** The picker of roads, and what this is: what the first page does without. */
export const roadsWords = await inLanguage(en, { de: async () => (await import('./roads.de.ts')).de })
