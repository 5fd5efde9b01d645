import { inLanguage } from './language.ts'
import { en } from './ride.en.ts'

/** Words of the page around the instruments: buttons and menu. */
export const ride = await inLanguage(en, { de: async () => (await import('./ride.de.ts')).de })
