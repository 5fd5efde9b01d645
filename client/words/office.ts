import { inLanguage } from './language.ts'
import { en } from './office.en.ts'

/** Words of the organiser's page about what riders say. */
export const office = await inLanguage(en, { de: async () => (await import('./office.de.ts')).de })
