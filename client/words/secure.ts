import { inLanguage } from './language.ts'
import { en } from './secure.en.ts'

/** Why a page has no Bluetooth, and what to do. */
export const secureWords = await inLanguage(en, { de: async () => (await import('./secure.de.ts')).de })
