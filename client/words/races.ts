import { inLanguage } from './language.ts'
import { en } from './races.en.ts'

/** Races: on the first page, on their own, and in the organiser's hands. */
export const racesWords = await inLanguage(en, { de: async () => (await import('./races.de.ts')).de })
