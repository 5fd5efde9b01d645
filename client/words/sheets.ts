import { inLanguage } from './language.ts'
import { en } from './sheets.en.ts'

/** Words of what opens over the ride, of the phone’s page, and of reports: fetched when it is asked for. */
export const sheets = await inLanguage(en, { de: async () => (await import('./sheets.de.ts')).de })
